#!/usr/bin/python
# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: aws_run_task
short_description: Run a one-off ECS task to its end
version_added: 0.1.0
author: The clarivum.mailing authors (@clarivum)
description:
  - Starts one task of a task definition, waits until it has stopped, and judges it by the exit code of one of its containers. Anything
    but an expected exit code fails, with AWS's reason and the last lines of the container's log.
  - It is never started twice. A request whose answer was lost is repeated with the same client token, which ECS answers with the task
    that the first request started; and a task that an earlier run started with the same wish, and that still runs, is waited for.
  - With O(once), a record in an SSM parameter says that the task has succeeded with certain inputs, and the task is not run again.
  - It runs on the controller and shows its progress on standard error.
options:
  cluster:
    description: Name or ARN of the ECS cluster.
    type: str
    required: true
  task_definition:
    description: Family, family and revision, or ARN of the task definition.
    type: str
    required: true
  container:
    description: The container that O(command) and O(environment) are for, and whose exit code and log count.
    type: str
    required: true
  command:
    description: The command instead of the one in the task definition. It can be read by whoever may describe tasks, so no secret belongs here.
    type: list
    elements: str
  environment:
    description:
      - Environment variables in addition to those of the task definition. They can be read by whoever may describe tasks; a secret is given
        to the container by the task definition's C(secrets).
    type: dict
  subnets:
    description: The subnets to run in; needed if the task definition uses awsvpc networking, as on Fargate.
    type: list
    elements: str
  security_groups:
    description: The security groups of the task.
    type: list
    elements: str
  assign_public_ip:
    description: Whether the task gets a public address. In a subnet without NAT it needs one to pull its image.
    type: bool
    default: false
  launch_type:
    description: What the task runs on.
    type: str
    choices: [FARGATE, EC2]
    default: FARGATE
  expected_exit_code:
    description: The exit code, or a list of those, with which the task has succeeded.
    type: list
    elements: int
    default: [0]
  timeout:
    description:
      - Seconds to wait for the task to stop. A task that takes longer is not stopped, since it may be in the middle of a migration; a further
        run waits for it.
    type: float
    default: 1800.0
  once:
    description: A record of the task's success, kept by AWS, so that a later run knows that there is nothing to do.
    type: dict
    suboptions:
      parameter:
        description: Name of the SSM parameter that holds the record.
        type: str
        required: true
      value:
        description:
          - What the record says. While the parameter holds exactly this, the task is not run; otherwise it is run, and this is written once
            it has ended with an expected exit code.
          - Put in whatever the outcome depends on, for example the identity of the database and the version of the schema.
        type: dict
        required: true
extends_documentation_fragment:
  - clarivum.mailing.aws
  - clarivum.mailing.attributes
attributes:
  check_mode:
    description: Predicts what would change, and writes nothing to the server, in check mode.
    support: full
    details: The task definition is looked at; nothing is run.
  diff_mode:
    description: Shows what changed, or in check mode would change, in diff mode. Secrets are masked.
    support: none
    details: What the task does inside its container is not known here.
  idempotent:
    description: Run again without a change in between, it changes nothing and says so.
    support: partial
    details: With O(once). Without, the task is run each time.
  action_group:
    description: Defaults for all modules of the group can be set once, with C(group/clarivum.mailing.aws) in C(module_defaults).
    support: full
    membership:
      - clarivum.mailing.aws
seealso:
  - module: clarivum.mailing.aws_run_lock
  - module: clarivum.mailing.aws_stack
"""

EXAMPLES = r"""
- name: Bring the schema of the database to this version
  clarivum.mailing.aws_run_task:
    cluster: paperboat-production
    task_definition: paperboat-production-schema
    container: listmonk
    command: [./listmonk, --config, "", --upgrade, "--yes"]
    subnets: [subnet-0a1b2c3d]
    security_groups: [sg-0a1b2c3d]

- name: Create what the application needs in its database, once for each database
  clarivum.mailing.aws_run_task:
    cluster: paperboat-production
    task_definition: paperboat-production-tools
    container: tools
    command: [psql, --file, /sql/roles.sql]
    subnets: [subnet-0a1b2c3d]
    security_groups: [sg-0a1b2c3d]
    once:
      parameter: /paperboat-production/roles
      value:
        database: db-ABCDEFGHIJKL
"""

RETURN = r"""
ran:
  description: Whether a task was run; V(false) in check mode, and where the record of O(once) says that there is nothing to do.
  returned: success
  type: bool
  sample: true
adopted:
  description: Whether the task was started by an earlier run, and only waited for.
  returned: when a task was run
  type: bool
  sample: false
exit_code:
  description: Exit code of the container; null if it never ran.
  returned: always
  type: int
  sample: 0
reason:
  description: Why the container did not run or did not end by itself, in AWS's words; empty otherwise.
  returned: always
  type: str
  sample: ""
log:
  description: The last lines of the container's log, at most 50. What looks like a password, a token or a hash is replaced.
  returned: always
  type: list
  elements: str
  sample: [upgrade complete]
task_arn:
  description: The task.
  returned: always
  type: str
  sample: arn:aws:ecs:eu-central-1:123456789012:task/paperboat-production/0123456789abcdef0123456789abcdef
seconds:
  description: How long it took.
  returned: always
  type: float
  sample: 41.5
"""
