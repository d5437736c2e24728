#!/usr/bin/python
# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: listmonk_template_info
short_description: Read the templates of listmonk
version_added: 0.1.0
author: The clarivum.mailing authors (@clarivum)
description:
  - Returns every template, or those that match, with the attributes that M(clarivum.mailing.listmonk_template) takes.
options:
  name:
    description: Only templates of exactly this name; there may be several.
    type: str
  id:
    description: Only the template with this id.
    type: int
  type:
    description: Only templates of this type.
    type: str
    choices: [campaign, campaign_visual, tx]
  include_body:
    description:
      - Whether to return the bodies, too, each of which costs a request and may be a megabyte.
    type: bool
    default: true
extends_documentation_fragment:
  - clarivum.mailing.listmonk
  - clarivum.mailing.attributes.info
seealso:
  - module: clarivum.mailing.listmonk_template
"""

EXAMPLES = r"""
- name: Read the transactional templates
  clarivum.mailing.listmonk_template_info:
    url: https://lists.example.com
    username: ansible
    api_token: "{{ listmonk_api_token }}"
    type: tx
    include_body: false
  register: there

- name: Say what they are called
  ansible.builtin.debug:
    msg: "{{ there.templates | map(attribute='name') | list }}"
"""

RETURN = r"""
templates:
  description: The templates in the order of their creation; empty if none matches.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 5
      name: E-book order
      type: tx
      subject: Your book
      body: "<p>Here it is.</p>"
      body_source: ""
      is_default: false
      created_at: "2026-11-25T13:49:50.011054Z"
      updated_at: "2026-11-25T13:49:50.011054Z"
"""

from ansible_collections.clarivum.mailing.plugins.module_utils._edge.listmonk_info import run_info
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.resources.templates import (
    TEMPLATE_STORE,
    TEMPLATES,
    select_templates,
)


def main() -> None:
    run_info(
        TEMPLATE_STORE,
        options={
            "name": {"type": "str"},
            "id": {"type": "int"},
            "type": {"type": "str", "choices": list(TEMPLATES.field("type").choices)},
            "include_body": {"type": "bool", "default": True},
        },
        read=select_templates,
    )


if __name__ == "__main__":
    main()
