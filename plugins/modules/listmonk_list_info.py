#!/usr/bin/python
# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: listmonk_list_info
short_description: Read the mailing lists of listmonk
version_added: 0.1.0
author: The clarivum.mailing authors (@clarivum)
description:
  - Returns every mailing list, or those that match, with the attributes that M(clarivum.mailing.listmonk_list) takes.
options:
  name:
    description: Only lists of exactly this name; there may be several.
    type: str
  id:
    description: Only the list with this id.
    type: int
  uuid:
    description: Only the list with this UUID.
    type: str
extends_documentation_fragment:
  - clarivum.mailing.listmonk
  - clarivum.mailing.attributes.info
seealso:
  - module: clarivum.mailing.listmonk_list
"""

EXAMPLES = r"""
- name: Read all lists
  clarivum.mailing.listmonk_list_info:
    url: https://lists.example.com
    username: ansible
    api_token: "{{ listmonk_api_token }}"
  register: there

- name: Say which are public
  ansible.builtin.debug:
    msg: "{{ there.lists | selectattr('type', 'equalto', 'public') | map(attribute='name') | list }}"
"""

RETURN = r"""
lists:
  description: The lists, ordered as the server gives them; empty if none matches.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 3
      uuid: afa5b050-531d-43f1-a7af-f5659e58d189
      name: Newsletter
      type: public
      optin: double
      status: active
      tags: [newsletter, monthly]
      description: News from the workshop, once a month
      created_at: "2026-11-25T13:49:50.011054Z"
      updated_at: "2026-11-25T13:49:50.011054Z"
"""

from ansible_collections.clarivum.mailing.plugins.module_utils._edge.listmonk_info import run_info
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.resources.lists import LIST_STORE


def main() -> None:
    run_info(LIST_STORE, options={"name": {"type": "str"}, "id": {"type": "int"}, "uuid": {"type": "str"}})


if __name__ == "__main__":
    main()
