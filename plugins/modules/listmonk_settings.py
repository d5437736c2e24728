#!/usr/bin/python
# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: listmonk_settings
short_description: Manage the settings of listmonk
version_added: 0.1.0
author: The clarivum.mailing authors (@clarivum)
description:
  - Changes any of listmonk's settings in one write.
  - A key that is missing or null leaves the setting as it is. An explicit V(false), V(0), an empty text or list is meant as it stands.
  - The settings are one document; to write it restarts listmonk. The module writes only if something changes, waits for the restart, and
    reads back what was stored.
  - An unknown key, a value of the wrong type, and values that listmonk would accept and then not start with are refused before anything is
    written.
options:
  settings:
    description:
      - Settings by their dotted keys, for example C(app.site_name). M(clarivum.mailing.listmonk_settings_info) shows all that the server has.
      - Types are taken strictly, since this is a dictionary. V(true) is no text, and V("yes") is neither true nor false.
      - A dictionary, such as C(security.oidc), is merged. Keys in it that are not named stay as they are. In C(security.oidc) a role id of V(0)
        means no role.
      - A list replaces the one there is. In C(messengers) the entries are known by their C(name), in C(bounce.mailboxes) by their C(host) and
        C(username); those that are there already keep what an entry does not name, and their secrets.
      - SMTP servers are managed with M(clarivum.mailing.listmonk_smtp), so C(smtp) is refused here.
      - Which keys there are depends on the version of listmonk. A key that the server lacks is refused.
    type: dict
    default: {}
  secrets:
    description:
      - Secrets in the settings, by dotted names, such as C(upload.s3.aws_secret_access_key), C(bounce.sendgrid_key),
        C(bounce.postmark.password), C(bounce.forwardemail.key), C(bounce.lettermint.key), C(bounce.azure.shared_secret),
        C(security.captcha.hcaptcha.secret) and C(security.oidc.client_secret).
      - The password of a messenger is C(messengers.NAME.password), the one of a bounce mailbox C(bounce.mailboxes.HOST.password), or with its
        position instead of the host if several share that.
      - They are an option of their own so that they can be kept out of all output and logs; in O(settings) they are refused.
      - listmonk cannot be made to forget one through its settings document, so an empty text is refused where there is one.
      - Ansible masks their values in all output of the task, wherever the same text occurs.
    type: dict
    default: {}
  update_password:
    description:
      - With V(on_create) a secret is written where listmonk has none yet.
      - With V(always) each is written in every run. Nobody can see whether it differs from the stored one, so each run is changed and restarts
        listmonk.
    type: str
    choices: [on_create, always]
    default: on_create
extends_documentation_fragment:
  - clarivum.mailing.listmonk
  - clarivum.mailing.settings_write
  - clarivum.mailing.attributes
seealso:
  - module: clarivum.mailing.listmonk_settings_info
  - module: clarivum.mailing.listmonk_smtp
  - name: listmonk's guide to its configuration
    description: What the settings mean.
    link: https://listmonk.app/docs/configuration/
"""

EXAMPLES = r"""
- name: Name the site and keep blocked domains out
  clarivum.mailing.listmonk_settings:
    url: https://lists.example.com
    username: ansible
    api_token: "{{ listmonk_api_token }}"
    settings:
      app.site_name: News from the workshop
      app.root_url: https://lists.example.com
      app.from_email: Workshop <news@example.com>
      app.check_updates: false
      privacy.domain_blocklist: [spam.example]

- name: Keep media on S3
  clarivum.mailing.listmonk_settings:
    settings:
      upload.provider: s3
      upload.s3.bucket: workshop-media
      upload.s3.bucket_type: private
      upload.s3.aws_default_region: eu-central-1
      upload.s3.aws_access_key_id: "{{ media_access_key_id }}"
    secrets:
      upload.s3.aws_secret_access_key: "{{ media_secret_access_key }}"

- name: Block addresses that bounce, even while a campaign is being sent
  clarivum.mailing.listmonk_settings:
    settings:
      bounce.enabled: true
      bounce.webhooks_enabled: true
      bounce.ses_enabled: true
      bounce.actions:
        hard: {count: 1, action: blocklist}
    if_busy: defer
"""

RETURN = r"""
settings:
  description:
    - The settings that the task names, as they are afterwards, in check mode as they would be; without secrets.
  returned: success
  type: dict
  sample:
    app.site_name: News from the workshop
    app.check_updates: false
secrets_set:
  description: Names of the secrets that listmonk holds, as O(secrets) takes them.
  returned: success
  type: list
  elements: str
  sample: [upload.s3.aws_secret_access_key]
restart:
  description:
    - Whether listmonk restarted. V(none) if nothing was written, V(done) if it is back with the new settings, V(deferred) if settings are
      stored, by this task or before it, that take effect with the next restart only, since a campaign was being sent.
  returned: success
  type: str
  sample: done
"""

from ansible_collections.clarivum.mailing.plugins.module_utils._edge.listmonk import run
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.resources.settings import SETTINGS_STORE


def main() -> None:
    run(SETTINGS_STORE, no_log=True)  # no line in the system log: a secret that stands in the wrong option would be in it


if __name__ == "__main__":
    main()
