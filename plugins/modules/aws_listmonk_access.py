#!/usr/bin/python
# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: aws_listmonk_access
short_description: Give automation an API user in listmonk, and keep its token in Secrets Manager
version_added: 0.1.0
author: The clarivum.mailing authors (@clarivum)
description:
  - Sees to a role with certain permissions, an API user in it, and a secret that holds the user's name and token.
  - Whether all is well is asked with the stored token, so that a run that changes nothing neither reads the admin's password nor signs in.
  - listmonk shows a token once. Where the stored one is not valid, for example because a run broke off before it was stored, the API user
    is removed and created anew.
  - The token goes from listmonk's answer to Secrets Manager, over this process's memory only; it is in no output and no log.
options:
  url:
    description: Where listmonk answers. This place must be allowed to reach C(/admin) and C(/api).
    type: str
    required: true
  ca_path:
    description: Certificate authorities to trust for listmonk instead of the usual ones. Its certificate must be valid in any case.
    type: path
  timeout:
    description: Seconds to wait for a connection, and for each answer of listmonk.
    type: float
    default: 30.0
  patience:
    description: Seconds to wait for a listmonk that does not answer yet, as one that was just started. In check mode it is not waited for.
    type: float
    default: 180.0
  username:
    description: Name of the API user.
    type: str
    required: true
  role:
    description: Name of the role of the API user. What it permits is set to O(permissions).
    type: str
    required: true
  permissions:
    description: What the role permits, in listmonk's words. It should be no more than the user's work needs.
    type: list
    elements: str
    required: true
  admin_secret:
    description:
      - Name or ARN of the secret with C(username) and C(password) of an admin who may manage users and has no second factor. It is read only
        if something has to change.
    type: str
    required: true
  token_secret:
    description: Name or ARN of the secret that holds C(username) and C(token). It must exist; its value is replaced by a new version.
    type: str
    required: true
extends_documentation_fragment:
  - clarivum.mailing.aws
  - clarivum.mailing.attributes.aws
seealso:
  - module: clarivum.mailing.aws_listmonk_schema
"""

EXAMPLES = r"""
- name: An API user that may configure listmonk, but neither see users nor send
  clarivum.mailing.aws_listmonk_access:
    url: https://lists.example.com
    username: automation
    role: Automation
    permissions: [settings:get, settings:manage, lists:get_all, lists:manage_all, templates:get, templates:manage]
    admin_secret: arn:aws:secretsmanager:eu-central-1:123456789012:secret:admin-AbCdEf
    token_secret: arn:aws:secretsmanager:eu-central-1:123456789012:secret:api-AbCdEf
"""

RETURN = r"""
renewed:
  description: Whether a new token was made, or in check mode would be.
  returned: success
  type: bool
  sample: false
reasons:
  description: Why something was, or would be, changed.
  returned: success
  type: list
  elements: str
  sample: [no valid token of automation is stored]
"""
