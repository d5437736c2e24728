#!/usr/bin/python
# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: aws_log_group
short_description: Give log groups a retention and a key
version_added: 0.1.0
author: The clarivum.mailing authors (@clarivum)
description:
  - Sets for how long CloudWatch Logs keeps groups that AWS services make by themselves, and with which key it encrypts them. RDS, for
    example, makes those of exported logs without either.
  - A group that does not exist yet is created; the service then writes to it.
options:
  names:
    description:
      - The groups. In check mode a name may hold a value that is known only after a stack has been applied; such a group is not there
        yet, so the task then predicts that it will be created.
    type: list
    elements: str
    required: true
  retention_days:
    description: Days for which the groups keep what is written. Without it that is left alone.
    type: int
    choices: [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653]
  key_arn:
    description:
      - ARN of the KMS key, whose policy must let CloudWatch Logs use it. It holds for what is written from then on. Without it the key is
        left alone.
    type: str
  tags:
    description: Tags for groups that the task creates.
    type: dict
extends_documentation_fragment:
  - clarivum.mailing.aws
  - clarivum.mailing.attributes.aws
seealso:
  - module: clarivum.mailing.aws_stack
"""

EXAMPLES = r"""
- name: Let the logs of a database expire
  clarivum.mailing.aws_log_group:
    region: eu-central-1
    names:
      - /aws/rds/instance/paperboat-production-database/postgresql
    retention_days: 90
    key_arn: arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab
"""

RETURN = r"""
log_groups:
  description: The groups as they are now, or in check mode would be.
  returned: success
  type: list
  elements: dict
  sample:
    - name: /aws/rds/instance/paperboat-production-database/postgresql
      retention_days: 90
      key_arn: arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab
"""
