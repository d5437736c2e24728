#!/usr/bin/python
# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: aws_stack
short_description: Bring about a CloudFormation stack, always through a change set
version_added: 0.1.0
author: The clarivum.mailing authors (@clarivum)
description:
  - Creates, updates or removes one stack. Every change is a change set first. It is returned and shown as a diff, refused if it would
    replace or remove what holds data, and then executed, with a line of progress for whoever watches.
  - In check mode it predicts the same, and returns the outputs too, so that later tasks can be checked. A stack that exists is previewed by a
    change set that is removed again; one that does not is predicted from its template without a writing call. Values that AWS will only make
    up then are the text V(known after apply (<stack>.<output>\)). Given to another stack in check mode, they show what they possibly change.
  - A stack that is certainly as declared costs three short requests. Change sets that killed runs left behind are removed.
  - Every state of a stack is known. A first attempt that was rolled back and kept nothing is removed and created again. A stack that
    somebody else works on is waited for. What AWS cannot go on with by itself is explained, never guessed away.
  - A failure leads with the resource and the reason that started it, and says what to do.
options:
  name:
    description: Name of the stack.
    type: str
    required: true
    aliases: [stack_name]
  state:
    description:
      - Whether the stack shall be there.
      - With V(absent), resources whose deletion policy keeps them stay, and are returned as RV(kept).
    type: str
    choices: [present, absent]
    default: present
  template:
    description:
      - The template, YAML or JSON, as a file on the controller. A relative path is looked for as M(ansible.builtin.copy) does it, in C(files/)
        beside the role or the playbook. Needed with O(state=present), unless O(template_body) is given.
    type: path
  template_body:
    description: The template as text, or as a dictionary.
    type: raw
  template_bucket:
    description:
      - An S3 bucket in the same region, for templates over 51,200 bytes; CloudFormation takes no larger ones directly. The template is stored
        under a name made of its contents and stays there.
      - In check mode nothing is uploaded; unless the template is already there, what would change is read from the two templates.
    type: str
  parameters:
    description:
      - Parameters of the template. Values can be texts, numbers, true or false, or lists, which are joined by commas.
      - Null leaves the parameter out, so that the template's default counts.
      - They are judged by what the template declares before AWS is asked.
    type: dict
    default: {}
  tags:
    description: Tags of the stack and of all its resources. Without the option they are left as they are; an empty dictionary removes them.
    type: dict
  capabilities:
    description: What the template may do that AWS wants to be acknowledged, such as making IAM roles.
    type: list
    elements: str
    choices: [CAPABILITY_IAM, CAPABILITY_NAMED_IAM, CAPABILITY_AUTO_EXPAND]
    default: []
  role_arn:
    description: A service role that CloudFormation works with. Once given, AWS uses it for everything that is done to the stack.
    type: str
  protected:
    description:
      - Logical ids of resources that may be neither replaced nor removed.
      - Without the option these are the resources that the new or the deployed template marks as holding data, by the deletion policies C(Retain),
        C(RetainExceptOnCreate) and C(Snapshot).
      - With O(state=absent), a resource named here whose deletion policy would remove it makes the task fail.
    type: list
    elements: str
  allow_replacement:
    description: Logical ids of protected resources that this task may replace or remove all the same.
    type: list
    elements: str
    default: []
  termination_protection:
    description:
      - Whether AWS shall refuse to delete the stack. Without the option it is left as it is.
      - With O(state=absent), V(false) switches it off first; otherwise a protected stack is not removed.
    type: bool
  on_failure:
    description:
      - What AWS does when it cannot finish.
      - V(rollback) puts everything back; a stack that is new keeps nothing then, whatever its deletion policies say, since names that stay
        would block the next attempt. V(delete) also removes a new stack; an existing one is rolled back.
      - V(do_nothing) leaves everything as it is, for somebody to look at; the next run must say V(do_nothing), too.
    type: str
    choices: [rollback, delete, do_nothing]
    default: rollback
  drift:
    description:
      - What to do about resources that somebody changed outside of CloudFormation.
      - V(report) looks for them, which takes AWS up to some minutes, warns, and returns them as RV(drift). V(revert) puts them back to what the
        template says, by a drift-aware change set.
    type: str
    choices: [ignore, report, revert]
    default: ignore
  timeout:
    description: How many seconds the task may take in all. When they are over, it fails and says where AWS is; AWS goes on.
    type: float
    default: 3600
extends_documentation_fragment:
  - clarivum.mailing.aws
  - clarivum.mailing.attributes.aws
notes:
  - It runs on the controller and shows its progress on standard error.
  - Values of properties whose names say that they are secret are not shown; those of parameters with C(NoEcho) AWS masks itself.
seealso:
  - module: clarivum.mailing.aws_stack_info
"""

EXAMPLES = r"""
- name: Apply the network
  clarivum.mailing.aws_stack:
    name: paperboat-network
    template: network.yml
    parameters:
      Cidr: 10.0.0.0/16
      ZoneCount: 2
      Zones: [eu-central-1a, eu-central-1b]
    tags:
      project: paperboat
    termination_protection: true
    region: eu-central-1
  register: network

- name: Apply what stands in it
  clarivum.mailing.aws_stack:
    name: paperboat-database
    template: database.yml
    parameters:
      Subnets: "{{ network.outputs.DatabaseSubnetIds }}"
    capabilities: [CAPABILITY_IAM]
    region: eu-central-1

- name: Put back what was changed by hand
  clarivum.mailing.aws_stack:
    name: paperboat-network
    template: network.yml
    drift: revert
    region: eu-central-1

- name: Remove a stack and say what stays
  clarivum.mailing.aws_stack:
    name: paperboat-storage
    state: absent
    termination_protection: false
    region: eu-central-1
  register: removed
"""

RETURN = r"""
action:
  description:
    - What was, or in check mode would be, done. C(none), C(create), C(update), C(delete), or C(recreate) for a stack whose first attempt had
      failed.
  returned: success
  type: str
  sample: update
stack_name:
  description: Name of the stack.
  returned: success
  type: str
  sample: paperboat-network
stack_id:
  description: Its ARN; null if there is none.
  returned: success
  type: str
  sample: arn:aws:cloudformation:eu-central-1:123456789012:stack/paperboat-network/c0ffee00-0000-4000-8000-000000000000
stack_status:
  description: Its state at the end; null if there is none. In check mode the present one.
  returned: success
  type: str
  sample: UPDATE_COMPLETE
outputs:
  description: Its outputs; in check mode as they would be, with V(known after apply (<stack>.<output>\)) for values that nobody knows yet.
  returned: success
  type: dict
  sample:
    VpcId: vpc-0a1b2c3d
    PublicSubnetIds: known after apply (paperboat-network.PublicSubnetIds)
changes:
  description: What was, or would be, done to each resource. Also returned when the task fails because something is protected.
  returned: success
  type: list
  elements: dict
  contains:
    action:
      description: C(add), C(modify), C(remove), C(import), C(sync), or C(dynamic) if AWS decides when it is applied.
      type: str
      returned: always
      sample: modify
    logical_id:
      description: Its name in the template.
      type: str
      returned: always
      sample: Instance
    type:
      description: Its type.
      type: str
      returned: always
      sample: AWS::RDS::DBInstance
    physical_id:
      description: Its name in AWS, empty if it has none yet.
      type: str
      returned: always
      sample: paperboat-database-instance-1x2y3z
    replacement:
      description: Whether it is made anew. C(never), C(conditional) if AWS decides when it is applied, or C(always).
      type: str
      returned: always
      sample: never
    possible:
      description: Whether it happens only if a value makes it that is not known yet.
      type: bool
      returned: always
      sample: false
    policy:
      description: What becomes of what is removed or replaced, as AWS says it, such as C(delete), C(retain) or C(replace_and_snapshot).
      type: str
      returned: always
      sample: ''
    scope:
      description: What of it changes, such as C(Properties) or C(Tags).
      type: list
      elements: str
      returned: always
      sample: [Properties]
    properties:
      description:
        - Its properties that change. C(path), C(before), C(after); C(recreation) (C(never), C(conditionally), C(always)) says whether the change
          forces a replacement; C(evaluation) is C(static) if it is certain and C(dynamic) if it depends on another resource; C(because_of)
          names that resource or parameter.
      type: list
      elements: dict
      returned: always
      sample:
        - path: BackupRetentionPeriod
          before: '7'
          after: '14'
          recreation: never
          evaluation: static
          because_of: BackupDays
kept:
  description: Resources that stay, or in check mode would stay, after the stack was removed.
  returned: success
  type: list
  elements: dict
  sample:
    - logical_id: Backups
      type: AWS::S3::Bucket
      physical_id: paperboat-storage-backups-1x2y3z
drift:
  description: Resources that differ from the template, with the properties as expected and as they are.
  returned: O(drift) is not V(ignore)
  type: list
  elements: dict
  sample: []
summary:
  description: The outcome in one line.
  returned: success
  type: str
  sample: "stack paperboat-network updated: 2 changed, 1 replaced"
failed_resources:
  description: The resources that failed of themselves, the one that started it first, with C(logical_id), C(type), C(status) and C(reason).
  returned: when AWS could not finish
  type: list
  elements: dict
  sample: []
"""
