#!/usr/bin/python
# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: listmonk_list
short_description: Manage a mailing list of listmonk
version_added: 0.1.0
author: The clarivum.mailing authors (@clarivum)
description:
  - Creates, changes, renames or removes one mailing list.
  - An option that is missing or null leaves the attribute as it is. An explicit V(false), V(0), an empty text, list or dictionary is
    meant as it stands.
options:
  name:
    description:
      - The list's name, up to 2000 characters. It is matched exactly, including letter case and blanks.
      - listmonk does not keep names unique. If two lists have the name, the task fails and names their ids; say which one is meant with
        O(id) or O(uuid).
    type: str
    required: true
  id:
    description:
      - Id of the list, instead of finding it by name. With another O(name) the list is renamed.
      - With O(state=absent) the name must be the list's own, as a safeguard.
    type: int
  uuid:
    description: UUID of the list, to be used as O(id) is.
    type: str
  state:
    description:
      - V(present) makes sure that the list exists and has the given attributes.
      - V(absent) removes it. Its subscribers stay, without the subscription; campaigns lose it as a target.
    type: str
    choices: [present, absent]
    default: present
  type:
    description:
      - V(public) lists appear on public subscription pages.
      - A new list is V(private) unless told otherwise.
    type: str
    choices: [private, public]
  optin:
    description:
      - With V(double) only people who confirmed by mail get campaigns.
      - A new list has V(single) unless told otherwise.
    type: str
    choices: [single, double]
  status:
    description:
      - V(archived) hides the list from public pages; the API still uses it.
      - A new list is V(active) unless told otherwise. Needs listmonk 6.0.
    type: str
    choices: [active, archived]
  tags:
    description:
      - The list's tags, replacing the present ones; V([]) removes all.
      - As listmonk does, each is trimmed, blanks inside become hyphens, empty ones are dropped. Up to 100 characters each.
    type: list
    elements: str
  description:
    description:
      - What the list is about. listmonk cannot blank an existing description; asking for that fails.
    type: str
extends_documentation_fragment:
  - clarivum.mailing.listmonk
  - clarivum.mailing.attributes
seealso:
  - module: clarivum.mailing.listmonk_list_info
  - name: listmonk's API for lists
    description: The routes behind this module.
    link: https://listmonk.app/docs/apis/lists/
"""

EXAMPLES = r"""
- name: A public newsletter that people confirm by mail
  clarivum.mailing.listmonk_list:
    url: https://lists.example.com
    username: ansible
    api_token: "{{ listmonk_api_token }}"
    name: Newsletter
    type: public
    optin: double
    tags: [newsletter, monthly]
    description: News from the workshop, once a month

- name: Rename a list; the connection comes from module_defaults or the environment
  clarivum.mailing.listmonk_list:
    id: 7
    name: Newsletter (2026)

- name: Remove a list
  clarivum.mailing.listmonk_list:
    name: Trial
    state: absent
"""

RETURN = r"""
list:
  description:
    - The list as it is afterwards, in check mode as it would be; for a removed list, as it was. Null if there is none.
  returned: success
  type: dict
  contains:
    id:
      description: Id; missing in check mode for a list that would be created.
      type: int
      returned: success
      sample: 3
    uuid:
      description: UUID; missing in check mode for a list that would be created.
      type: str
      returned: success
      sample: afa5b050-531d-43f1-a7af-f5659e58d189
    name:
      description: Name.
      type: str
      returned: success
      sample: Newsletter
    type:
      description: Either V(private) or V(public).
      type: str
      returned: success
      sample: public
    optin:
      description: Either V(single) or V(double).
      type: str
      returned: success
      sample: double
    status:
      description: Either V(active) or V(archived); missing before listmonk 6.0.
      type: str
      returned: success
      sample: active
    tags:
      description: Tags as listmonk stores them.
      type: list
      elements: str
      returned: success
      sample: [newsletter, monthly]
    description:
      description: What the list is about.
      type: str
      returned: success
      sample: News from the workshop, once a month
    created_at:
      description: When it was created, RFC 3339.
      type: str
      returned: success
      sample: "2026-11-25T13:49:50.011054Z"
    updated_at:
      description: When it was last changed, RFC 3339.
      type: str
      returned: success
      sample: "2026-11-25T13:49:50.011054Z"
"""

from ansible_collections.clarivum.mailing.plugins.module_utils._edge.listmonk import run
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.resources.lists import LIST_STORE


def main() -> None:
    run(LIST_STORE)


if __name__ == "__main__":
    main()
