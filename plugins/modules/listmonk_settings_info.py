#!/usr/bin/python
# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: listmonk_settings_info
short_description: Read the settings of listmonk
version_added: 0.1.0
author: The clarivum.mailing authors (@clarivum)
description:
  - Returns the settings in the form in which M(clarivum.mailing.listmonk_settings) takes them, so that what one server has can be given to
    another. Secrets are not returned, only which of them there are.
options:
  keys:
    description: Only these settings, by their dotted keys; all if missing.
    type: list
    elements: str
extends_documentation_fragment:
  - clarivum.mailing.listmonk
  - clarivum.mailing.attributes.info
seealso:
  - module: clarivum.mailing.listmonk_settings
  - module: clarivum.mailing.listmonk_smtp_info
"""

EXAMPLES = r"""
- name: Read all settings
  clarivum.mailing.listmonk_settings_info:
    url: https://lists.example.com
    username: ansible
    api_token: "{{ listmonk_api_token }}"
  register: there

- name: Say how fast campaigns go out
  ansible.builtin.debug:
    msg: "{{ there.settings['app.concurrency'] * there.settings['app.message_rate'] }} a second at most"
"""

RETURN = r"""
settings:
  description: Settings by dotted key, without secrets and without the SMTP servers, which M(clarivum.mailing.listmonk_smtp_info) returns.
  returned: success
  type: dict
  sample:
    app.site_name: Mailing list
    app.concurrency: 10
    bounce.actions:
      soft: {count: 2, action: none}
      hard: {count: 1, action: blocklist}
      complaint: {count: 1, action: blocklist}
secrets_set:
  description: Names of the secrets that listmonk holds, as the option C(secrets) of M(clarivum.mailing.listmonk_settings) takes them.
  returned: success
  type: list
  elements: str
  sample: [bounce.mailboxes.pop.yoursite.com.password]
needs_restart:
  description: Whether settings are stored that take effect only with the next restart.
  returned: success
  type: bool
  sample: false
"""

from ansible_collections.clarivum.mailing.plugins.module_utils._edge.listmonk_info import run_reading
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.resources.settings import read_settings_info


def main() -> None:
    run_reading(read_settings_info, options={"keys": {"type": "list", "elements": "str", "no_log": False}})


if __name__ == "__main__":
    main()
