#!/usr/bin/python
# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: aws_default_security_group
short_description: Close the default security group of a VPC
version_added: 0.1.0
author: The clarivum.mailing authors (@clarivum)
description:
  - Takes every rule out of the security group that AWS makes with each VPC, so that nothing can be reached or reach out because somebody
    forgot to name a group. No CloudFormation template can do that.
options:
  vpc_id:
    description:
      - The VPC. In check mode it may be a value that is known only after a stack has been applied; the group of a new VPC is open, so
        the task then predicts a change.
    type: str
    required: true
extends_documentation_fragment:
  - clarivum.mailing.aws
  - clarivum.mailing.attributes.aws
seealso:
  - module: clarivum.mailing.aws_stack
"""

EXAMPLES = r"""
- name: Close the default security group
  clarivum.mailing.aws_default_security_group:
    region: eu-central-1
    vpc_id: vpc-0a1b2c3d4e5f60718
"""

RETURN = r"""
group_id:
  description: The group.
  returned: success
  type: str
  sample: sg-0a1b2c3d4e5f60718
"""
