#!/usr/bin/python
# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: listmonk_smtp
short_description: Manage an SMTP server of listmonk
version_added: 0.1.0
author: The clarivum.mailing authors (@clarivum)
description:
  - Creates, changes or removes one of the SMTP servers through which listmonk sends.
  - An option that is missing or null leaves the attribute as it is. An explicit V(false), V(0), an empty text, list or dictionary is
    meant as it stands.
  - SMTP servers are part of listmonk's settings, which are written as one document and restart listmonk. The module writes only if something
    changes, waits for the restart, and reads back what was stored. Servers that no task names are left as they are, with their passwords.
  - Values that listmonk would accept and then not start with, or that can never deliver, are refused before anything is written.
options:
  name:
    description:
      - Name of the server. listmonk keeps small letters, digits and dashes of it and puts C(email-) in front, so that V(Mailgun EU) becomes
        V(email-mailgun-eu); any spelling that comes down to the same finds the same server.
      - With an empty name a server that has none on listmonk is meant, known by its O(host) and, if several share that, its O(smtp_username). That
        is how to remove the two samples of a new installation.
    type: str
    required: true
  state:
    description:
      - V(present) makes sure that the server exists and has the given attributes.
      - V(absent) removes it. listmonk refuses to be without an enabled server, so the last one cannot be removed.
    type: str
    choices: [present, absent]
    default: present
  enabled:
    description:
      - Whether listmonk sends through it. A new server is V(true) unless told otherwise.
      - listmonk spreads mail over all enabled servers. The last enabled one cannot be disabled.
    type: bool
  host:
    description:
      - Host name or IP address, without port, scheme or brackets. Needed to create a server.
    type: str
  port:
    description: Port, V(1) to V(65535). A new server has V(587) unless told otherwise.
    type: int
  auth_protocol:
    description:
      - How to log in. A new server has V(login) unless told otherwise; anything but V(none) needs O(smtp_username).
    type: str
    choices: [none, cram, login, plain]
  smtp_username:
    description:
      - User name with which listmonk logs in there, exactly as given.
      - It is not called O(username), since that is the API user in every module of this collection.
    type: str
  password:
    description:
      - Password, exactly as given; blanks around it stay.
      - listmonk gives no password out, so O(update_password) decides when it is written. A server without one gets it in any case, and V("")
        removes the one there is.
      - Ansible masks a password in all output of the task, wherever the same text occurs. Where a provider uses one token as user name and
        password, the user name is masked, too; a password of a letter or two makes output unreadable.
      - In a loop over servers Ansible itself shows the loop's item with C(-v). Keep passwords out of the items, or set C(no_log).
    type: str
  update_password:
    description:
      - With V(on_create) a password is written when the server has none yet.
      - With V(always) it is written in every run. Nobody can see whether it differs from the stored one, so each run is changed and restarts
        listmonk.
    type: str
    choices: [on_create, always]
    default: on_create
  tls_type:
    description:
      - How the connection is encrypted. V(STARTTLS) is usual on port 587, V(TLS) (implicit TLS) on port 465; the module warns if they do not go
        together. A new server has V(STARTTLS) unless told otherwise.
    type: str
    choices: [none, STARTTLS, TLS]
  tls_skip_verify:
    description: Whether to accept any certificate. A new server has V(false) unless told otherwise.
    type: bool
  hello_hostname:
    description: Host name with which listmonk introduces itself; empty for the one of the machine.
    type: str
  email_headers:
    description:
      - Headers added to every mail through this server, each a dictionary of a name and its text. V([]) removes them.
      - They are stored and shown in clear.
    type: list
    elements: dict
  max_conns:
    description: Connections at the same time, at least V(1). A new server has V(10) unless told otherwise.
    type: int
  max_msg_retries:
    description: How often a failed mail is tried again. A new server has V(2) unless told otherwise.
    type: int
  msg_retry_delay:
    description:
      - Pause before a mail is tried again, as a duration such as V(500ms). A new server has V(10ms) unless told otherwise. Needs listmonk 6.2.
    type: str
  idle_timeout:
    description:
      - How long an unused connection is kept, as a duration such as V(15s) or V(2m); there is no unit for days. A new server has V(15s) unless
        told otherwise.
    type: str
  wait_timeout:
    description:
      - How long to wait for the server, as a duration such as V(5s). A new server has V(5s) unless told otherwise.
    type: str
  from_addresses:
    description:
      - Sender addresses, or their domains, whose mail goes through this server only. listmonk keeps them in small letters; V([]) removes them.
        Needs listmonk 6.2.
    type: list
    elements: str
  test_recipient:
    description:
      - Have listmonk send a mail to this address through the server as the task describes it, before anything is written. If that fails, so does
        the task, with the mail server's words, and nothing is written.
      - It needs O(password) in the task if the server logs in, since listmonk does not look up the stored one for a test.
      - A mail is sent in every run of the task, though not in check mode.
    type: str
extends_documentation_fragment:
  - clarivum.mailing.listmonk
  - clarivum.mailing.settings_write
  - clarivum.mailing.attributes
seealso:
  - module: clarivum.mailing.listmonk_smtp_info
  - module: clarivum.mailing.listmonk_settings
  - name: listmonk's guide to sending mail
    description: What the attributes mean.
    link: https://listmonk.app/docs/configuration/
"""

EXAMPLES = r"""
- name: Send through Amazon SES
  clarivum.mailing.listmonk_smtp:
    url: https://lists.example.com
    username: ansible
    api_token: "{{ listmonk_api_token }}"
    name: ses
    host: email-smtp.eu-central-1.amazonaws.com
    port: 587
    tls_type: STARTTLS
    auth_protocol: login
    smtp_username: "{{ ses_smtp_username }}"
    password: "{{ ses_smtp_password }}"

- name: Replace a password, once it is proven that it works
  clarivum.mailing.listmonk_smtp:
    name: mailgun-eu
    host: smtp.eu.mailgun.org
    port: 465
    tls_type: TLS
    auth_protocol: plain
    smtp_username: postmaster@mg.example.com
    password: "{{ mailgun_password }}"
    update_password: always
    test_recipient: postmaster@example.com
    if_busy: wait

- name: Remove the enabled sample of a new installation
  clarivum.mailing.listmonk_smtp:
    name: ""
    host: smtp.yoursite.com
    state: absent
"""

RETURN = r"""
smtp_server:
  description:
    - The server as it is afterwards, in check mode as it would be; for a removed server, as it was. Null if there is none.
  returned: success
  type: dict
  contains:
    name:
      description: Name as listmonk spells it; empty for one without.
      type: str
      returned: success
      sample: email-ses
    uuid:
      description: UUID; missing in check mode for a server that would be created.
      type: str
      returned: success
      sample: 60081a95-c75a-4473-b5f8-660900ad3984
    enabled:
      description: Whether listmonk sends through it.
      type: bool
      returned: success
      sample: true
    host:
      description: Host name or address.
      type: str
      returned: success
      sample: email-smtp.eu-central-1.amazonaws.com
    port:
      description: Port.
      type: int
      returned: success
      sample: 587
    auth_protocol:
      description: How it logs in.
      type: str
      returned: success
      sample: login
    smtp_username:
      description: User name with which listmonk logs in there.
      type: str
      returned: success
      sample: AKIAEXAMPLEEXAMPLE00
    password_set:
      description: Whether listmonk holds a password for it.
      type: bool
      returned: success
      sample: true
    tls_type:
      description: How the connection is encrypted.
      type: str
      returned: success
      sample: STARTTLS
    tls_skip_verify:
      description: Whether any certificate is accepted.
      type: bool
      returned: success
      sample: false
    hello_hostname:
      description: Host name with which listmonk introduces itself.
      type: str
      returned: success
      sample: ""
    email_headers:
      description: Headers added to every mail.
      type: list
      elements: dict
      returned: success
      sample: [{X-Region: eu}]
    max_conns:
      description: Connections at the same time.
      type: int
      returned: success
      sample: 10
    max_msg_retries:
      description: How often a failed mail is tried again.
      type: int
      returned: success
      sample: 2
    msg_retry_delay:
      description: Pause before a mail is tried again; missing before listmonk 6.2.
      type: str
      returned: success
      sample: 10ms
    idle_timeout:
      description: How long an unused connection is kept.
      type: str
      returned: success
      sample: 15s
    wait_timeout:
      description: How long to wait for the server.
      type: str
      returned: success
      sample: 5s
    from_addresses:
      description: Senders whose mail goes through this server only; missing before listmonk 6.2.
      type: list
      elements: str
      returned: success
      sample: [news@example.com]
restart:
  description:
    - Whether listmonk restarted. V(none) if nothing was written, V(done) if it is back with the new settings, V(deferred) if settings are
      stored, by this task or before it, that take effect with the next restart only, since a campaign was being sent.
  returned: success
  type: str
  sample: done
tested:
  description: Whether a test mail was sent, and taken by the server.
  returned: success
  type: bool
  sample: false
"""

from ansible_collections.clarivum.mailing.plugins.module_utils._edge.listmonk import run
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.resources.smtp import SMTP_STORE


def main() -> None:
    run(SMTP_STORE)


if __name__ == "__main__":
    main()
