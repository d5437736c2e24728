#!/usr/bin/python
# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: listmonk_smtp_info
short_description: Read the SMTP servers of listmonk
version_added: 0.1.0
author: The clarivum.mailing authors (@clarivum)
description:
  - Returns every SMTP server, or those that match, with the attributes that M(clarivum.mailing.listmonk_smtp) takes. Passwords are not
    returned, only whether there is one.
options:
  name:
    description:
      - Only the server of this name, in any spelling that comes down to the same in listmonk. An empty name finds servers that have none.
    type: str
extends_documentation_fragment:
  - clarivum.mailing.listmonk
  - clarivum.mailing.attributes.info
seealso:
  - module: clarivum.mailing.listmonk_smtp
"""

EXAMPLES = r"""
- name: Read all SMTP servers
  clarivum.mailing.listmonk_smtp_info:
    url: https://lists.example.com
    username: ansible
    api_token: "{{ listmonk_api_token }}"
  register: there

- name: Say through which mail goes
  ansible.builtin.debug:
    msg: "{{ there.smtp_servers | selectattr('enabled') | map(attribute='host') | list }}"
"""

RETURN = r"""
smtp_servers:
  description: The servers, ordered as listmonk holds them; empty if none matches.
  returned: success
  type: list
  elements: dict
  sample:
    - name: email-ses
      uuid: 60081a95-c75a-4473-b5f8-660900ad3984
      enabled: true
      host: email-smtp.eu-central-1.amazonaws.com
      port: 587
      auth_protocol: login
      smtp_username: AKIAEXAMPLEEXAMPLE00
      password_set: true
      tls_type: STARTTLS
      tls_skip_verify: false
      hello_hostname: ""
      email_headers: []
      max_conns: 10
      max_msg_retries: 2
      msg_retry_delay: 10ms
      idle_timeout: 15s
      wait_timeout: 5s
      from_addresses: []
"""

from ansible_collections.clarivum.mailing.plugins.module_utils._edge.listmonk_info import run_info
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.resources.smtp import SMTP_STORE, select_servers


def main() -> None:
    run_info(SMTP_STORE, options={"name": {"type": "str"}}, read=select_servers)


if __name__ == "__main__":
    main()
