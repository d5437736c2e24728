#!/usr/bin/python
# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: aws_service_linked_role
short_description: Make the roles that AWS services act with
version_added: 0.1.0
author: The clarivum.mailing authors (@clarivum)
description:
  - Makes service-linked roles that an account does not have yet. AWS makes them by itself when a service is first used, but the first ECS cluster of a
    new account may fail on the way.
  - Roles that exist are left alone, and none is ever removed, because other things in the account may need them.
options:
  services:
    description: The services, by the names with which they appear in policies.
    type: list
    elements: str
    required: true
extends_documentation_fragment:
  - clarivum.mailing.aws
  - clarivum.mailing.attributes.aws
seealso:
  - module: clarivum.mailing.aws_stack
"""

EXAMPLES = r"""
- name: Let a new account run containers behind a load balancer
  clarivum.mailing.aws_service_linked_role:
    services:
      - ecs.amazonaws.com
      - ecs.application-autoscaling.amazonaws.com
      - elasticloadbalancing.amazonaws.com
"""

RETURN = r"""
created:
  description: The services whose role was made, or in check mode would be.
  returned: success
  type: list
  elements: str
  sample: [ecs.amazonaws.com]
"""
