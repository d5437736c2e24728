#!/usr/bin/python
# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: aws_listmonk_idle
short_description: See that a stop of listmonk on ECS disturbs nobody
version_added: 0.1.0
author: The clarivum.mailing authors (@clarivum)
description:
  - Fails while listmonk is sending a campaign, while one begins soon, and during an import, or waits until that is over. To be called before
    something that stops listmonk's core, since that loses mails which it counts as sent, and what an import has read and not yet stored.
  - Where no task of the core runs, and where automation was never given its token, nothing can be disturbed and listmonk is not asked.
  - If a core runs and it cannot be seen what it does, because it does not answer, refuses the token, or the token lacks a permission, the
    task fails, too.
  - It looks at one moment. It cannot keep somebody from starting a campaign right after it. A campaign that was paused a moment ago may still
    be sending what listmonk had fetched for it.
  - In check mode it warns where a real run would fail or wait, and does neither.
options:
  cluster:
    description: Name or ARN of the ECS cluster; empty if there is none yet.
    type: str
    required: true
  service:
    description: Name or ARN of the core's service; empty if there is none yet.
    type: str
    required: true
  token_secret:
    description:
      - Name or ARN of the secret that holds C(username) and C(token), as M(clarivum.mailing.aws_listmonk_access) stores them. The user needs the
        permissions C(campaigns:get_all) and C(subscribers:import).
    type: str
    required: true
  generated_token:
    description:
      - Whether the secret was made with a generated text as its token, which opens nothing, as the role C(aws_secrets) makes it. A secret of
        which there was no other version then says that automation was never given a token.
    type: bool
    default: false
  url:
    description: Where listmonk answers. This place must be allowed to reach C(/api).
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
    description: Seconds to wait for a core that runs and does not answer, as one that was just started. In check mode it is not waited for.
    type: float
    default: 60.0
  soon:
    description: A scheduled campaign that begins within so many seconds counts like one that is being sent.
    type: float
    default: 900.0
  if_busy:
    description: What to do if somebody would be disturbed. With V(fail) the task fails; V(wait) waits until it is done, at most O(busy_timeout).
    type: str
    choices: [fail, wait]
    default: fail
  busy_timeout:
    description: How many seconds O(if_busy=wait) waits at most.
    type: float
    default: 600.0
extends_documentation_fragment:
  - clarivum.mailing.aws
  - clarivum.mailing.attributes.aws_info
attributes:
  check_mode:
    description: Only reads. In check mode it warns where a real run would fail or wait.
    support: full
seealso:
  - module: clarivum.mailing.aws_listmonk_access
  - module: clarivum.mailing.listmonk_settings
"""

EXAMPLES = r"""
- name: Wait up to an hour until listmonk may be stopped
  clarivum.mailing.aws_listmonk_idle:
    cluster: paperboat-production
    service: paperboat-production-core
    url: https://lists.example.com
    token_secret: arn:aws:secretsmanager:eu-central-1:123456789012:secret:api-AbCdEf
    if_busy: wait
    busy_timeout: 3600
"""

RETURN = r"""
idle:
  description: Whether nobody would be disturbed. Also returned when the task fails because somebody would be.
  returned: success
  type: bool
  sample: true
reason:
  description: What is going on, or why nothing can be disturbed.
  returned: success
  type: str
  sample: no campaign is being sent or begins soon, and nothing is imported
running:
  description: Names of the campaigns that are being sent. Also returned when the task fails because of them.
  returned: success
  type: list
  elements: str
  sample: [Weekly]
scheduled:
  description: Campaigns that begin soon. Also returned when the task fails because of them.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Its name.
      type: str
      returned: always
      sample: Weekly
    send_at:
      description: When it begins, as listmonk says it.
      type: str
      returned: always
      sample: '2026-11-25T18:00:00Z'
importing:
  description: Name of the file that is being imported; null if there is none. Also returned when the task fails because of it.
  returned: success
  type: str
  sample: readers.csv
"""
