#!/usr/bin/python
# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: listmonk_template
short_description: Manage a template of listmonk
version_added: 0.1.0
author: The clarivum.mailing authors (@clarivum)
description:
  - Creates, changes, renames or removes one template for campaigns or transactional mails.
  - The server compiles a new body before anything is written, in check mode, too.
  - An option that is missing or null leaves the attribute as it is.
options:
  name:
    description:
      - The template's name, up to 2000 characters, matched exactly.
      - listmonk does not keep names unique; name and O(type) together say which template is meant. If several match, the task fails and
        names their ids.
    type: str
    required: true
  id:
    description:
      - Id of the template, instead of finding it by name. With another O(name) the template is renamed.
      - With O(state=absent) the name must be the template's own, as a safeguard.
    type: int
  state:
    description:
      - V(present) makes sure that the template exists and has the given attributes.
      - V(absent) removes it; campaigns that used it get the default template. The default template itself cannot be removed.
    type: str
    choices: [present, absent]
    default: present
  type:
    description:
      - V(campaign) templates frame the text of a campaign, V(campaign_visual) ones come from the visual editor, V(tx) ones are
        transactional mails.
      - A new template is V(campaign) unless told otherwise. The type of an existing template cannot change.
    type: str
    choices: [campaign, campaign_visual, tx]
  subject:
    description:
      - Subject of the mails of a V(tx) template, for which it is required. Other types have none.
    type: str
  body:
    description:
      - The template's HTML, in the syntax of Go's templates, stored byte for byte.
      - Ansible renders what looks like Jinja in a string; prefer O(body_file), or mark the string with C(!unsafe).
      - A V(campaign) template must contain the placeholder for the campaign's text, which is C(template "content" .) in double curly
        braces.
    type: str
  body_file:
    description:
      - File with the template's HTML, UTF-8, read byte for byte where the task runs and never rendered by Ansible.
      - A relative path starts at the playbook's folder.
    type: path
  body_source:
    description: Source of a V(campaign_visual) template, the JSON text of the visual editor.
    type: str
  body_source_file:
    description: File with O(body_source).
    type: path
  is_default:
    description:
      - V(true) makes it the template that new campaigns get. Only type V(campaign) can be.
      - There always is a default; V(false) on the present default fails. Choose another one instead.
    type: bool
extends_documentation_fragment:
  - clarivum.mailing.listmonk
  - clarivum.mailing.attributes
seealso:
  - module: clarivum.mailing.listmonk_template_info
  - name: listmonk's templating
    description: Functions and variables of templates.
    link: https://listmonk.app/docs/templating/
"""

EXAMPLES = r"""
- name: The designer's file as the default template
  clarivum.mailing.listmonk_template:
    url: https://lists.example.com
    username: ansible
    api_token: "{{ listmonk_api_token }}"
    name: Newsletter
    body_file: mailing/templates/newsletter.html
    is_default: true

- name: A transactional mail, its body in the playbook
  clarivum.mailing.listmonk_template:
    name: E-book order
    type: tx
    subject: !unsafe 'Your book, {{ .Subscriber.FirstName }}'
    body: !unsafe '<p>Download: <a href="{{ .Tx.Data.link }}">{{ .Tx.Data.title }}</a></p>'

- name: Remove a template
  clarivum.mailing.listmonk_template:
    name: Trial
    state: absent
"""

RETURN = r"""
template:
  description:
    - The template as it is afterwards, in check mode as it would be; for a removed template, as it was. Null if there is none.
    - Bodies are long, so size and checksum stand in for them; M(clarivum.mailing.listmonk_template_info) returns them whole.
  returned: success
  type: dict
  contains:
    id:
      description: Id; missing in check mode for a template that would be created.
      type: int
      returned: success
      sample: 5
    name:
      description: Name.
      type: str
      returned: success
      sample: Newsletter
    type:
      description: One of V(campaign), V(campaign_visual), V(tx).
      type: str
      returned: success
      sample: campaign
    subject:
      description: Subject of a V(tx) template; otherwise empty.
      type: str
      returned: success
      sample: ""
    is_default:
      description: Whether new campaigns get this template.
      type: bool
      returned: success
      sample: true
    body_bytes:
      description: Size of the body in bytes.
      type: int
      returned: success
      sample: 389
    body_sha256:
      description: SHA-256 of the body, hexadecimal.
      type: str
      returned: success
      sample: 68360b769d23942b968d9d0071f50b8a5af9f2e0a63376dc525ca4530b9cd2bf
    body_source_bytes:
      description: Size of the visual editor's source in bytes.
      type: int
      returned: success
      sample: 0
    body_source_sha256:
      description: SHA-256 of the visual editor's source, hexadecimal.
      type: str
      returned: success
      sample: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
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
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.resources.templates import TEMPLATE_STORE


def main() -> None:
    run(TEMPLATE_STORE, mutually_exclusive=[("body", "body_file"), ("body_source", "body_source_file")])


if __name__ == "__main__":
    main()
