#!/usr/bin/python
# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: aws_roll_service
short_description: Start the tasks of an ECS service anew
version_added: 0.1.0
author: The clarivum.mailing authors (@clarivum)
description:
  - Makes ECS replace every task of a service without any other change, in the service's own way of rolling, and waits until the new ones have
    taken over.
  - Each process of listmonk lives on its own copy of settings, templates and users. The one through which they were changed knows; passive
    ones that serve the public pages need to be started anew.
  - Use it where something else has changed, with C(when); by itself it rolls each time.
options:
  cluster:
    description: Name or ARN of the ECS cluster.
    type: str
    required: true
  service:
    description: Name or ARN of the service.
    type: str
    required: true
  timeout:
    description: Seconds to wait for the new tasks to take over.
    type: float
    default: 900.0
extends_documentation_fragment:
  - clarivum.mailing.aws
  - clarivum.mailing.attributes.aws
attributes:
  diff_mode:
    description: Shows what changed, or in check mode would change, in diff mode. Secrets are masked.
    support: none
    details: Nothing differs afterwards but the tasks.
  idempotent:
    description: Run again without a change in between, it changes nothing and says so.
    support: none
    details: It rolls each time that it runs.
seealso:
  - module: clarivum.mailing.aws_run_task
"""

EXAMPLES = r"""
- name: Let the public pages see the new settings
  clarivum.mailing.aws_roll_service:
    cluster: paperboat-production
    service: paperboat-production-public
  when: listmonk_config_result is changed
"""

RETURN = r"""
tasks:
  description: How many tasks were started anew, or in check mode would be; V(0) where the service has none.
  returned: success
  type: int
  sample: 2
deployment:
  description: The deployment of ECS that did it; null in check mode and where there was nothing to do.
  returned: success
  type: str
  sample: ecs-svc/0123456789012345678
seconds:
  description: How long it took.
  returned: success
  type: float
  sample: 74.2
"""
