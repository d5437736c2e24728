#!/usr/bin/python
# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: aws_stack_info
short_description: Read CloudFormation stacks
version_added: 0.1.0
author: The clarivum.mailing authors (@clarivum)
description:
  - Returns one stack, or all of a region, with outputs, parameters and tags as dictionaries.
options:
  name:
    description: Only the stack of this name, or with this ARN. It is no failure if there is none.
    type: str
    aliases: [stack_name]
  resources:
    description: Whether to return the resources of each stack as well; one more request a stack.
    type: bool
    default: false
extends_documentation_fragment:
  - clarivum.mailing.aws
  - clarivum.mailing.attributes.aws_info
notes:
  - It runs on the controller.
seealso:
  - module: clarivum.mailing.aws_stack
"""

EXAMPLES = r"""
- name: Read one stack
  clarivum.mailing.aws_stack_info:
    name: paperboat-network
    region: eu-central-1
  register: network

- name: Say where it is
  ansible.builtin.debug:
    msg: "{{ network.outputs.VpcId if network.stacks else 'There is no network yet.' }}"

- name: Read all stacks of the region
  clarivum.mailing.aws_stack_info:
    region: eu-central-1
"""

RETURN = r"""
stacks:
  description: The stacks that there are; those that were deleted are not among them.
  returned: success
  type: list
  elements: dict
  sample:
    - name: paperboat-network
      stack_id: arn:aws:cloudformation:eu-central-1:123456789012:stack/paperboat-network/c0ffee00-0000-4000-8000-000000000000
      status: UPDATE_COMPLETE
      status_reason: ''
      outputs: {VpcId: vpc-0a1b2c3d}
      parameters: {Cidr: 10.0.0.0/16}
      tags: {project: paperboat}
      role_arn: null
      termination_protection: true
outputs:
  description: The outputs of the one stack that O(name) asks for; empty if there is none.
  returned: O(name) is given
  type: dict
  sample: {VpcId: vpc-0a1b2c3d}
parameters:
  description: Its parameters; CloudFormation shows asterisks for those that are secret.
  returned: O(name) is given
  type: dict
  sample: {Cidr: 10.0.0.0/16}
tags:
  description: Its tags.
  returned: O(name) is given
  type: dict
  sample: {project: paperboat}
"""
