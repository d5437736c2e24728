#!/usr/bin/python
# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: aws_run_lock
short_description: Let one run at a time work on an environment
version_added: 0.1.0
author: The clarivum.mailing authors (@clarivum)
description:
  - Takes, touches or gives back the run lock of an environment, which is an SSM parameter, so that it needs no stack and works from
    wherever Ansible runs.
  - A lock that another run holds is taken over, and that is said in a warning, once the process that holds it is gone (on the same
    machine), or has given no sign of life for 15 minutes. Otherwise the task fails and says who holds it and where that run is.
  - While it is held, every task of this collection on AWS that sees the variable in RV(environment) gives a sign of life when it
    begins and while it waits, and fails if the lock was taken over. So do M(clarivum.mailing.listmonk_config),
    M(clarivum.mailing.listmonk_subscriber_import) and M(clarivum.mailing.listmonk_verify), which find AWS by what C(module_defaults) say for
    this module or for its group, and by the environment. If AWS does not answer, these three warn and go on.
  - In check mode nothing is taken; a warning says if another run is at work.
options:
  name:
    description: Name of the SSM parameter; one for each environment.
    type: str
    required: true
  state:
    description: Whether this run should hold the lock.
    type: str
    choices: [held, released]
    default: held
  run:
    description:
      - The run that holds the lock, as RV(run) said when it was taken. With O(state=held) the lock is touched then, and not taken.
      - Needed with O(state=released).
    type: str
  step:
    description: What the run is about to do; whoever finds the lock is told.
    type: str
  pending:
    description:
      - What the run has begun and the next one must finish if this one does not. It is kept in the lock, also when that is released, and
        replaces what was pending before. Given with O(run) only.
    type: list
    elements: str
extends_documentation_fragment:
  - clarivum.mailing.aws
  - clarivum.mailing.attributes
attributes:
  check_mode:
    description: Predicts what would change, and writes nothing to the server, in check mode.
    support: full
    details: Whether another run holds the lock is said; the lock is not taken.
  diff_mode:
    description: Shows what changed, or in check mode would change, in diff mode. Secrets are masked.
    support: none
    details: The lock is no part of what is managed.
  idempotent:
    description: Run again without a change in between, it changes nothing and says so.
    support: N/A
    details: A lock that is held cannot be taken again. Taking it and giving it back do not count as changes.
  action_group:
    description: Defaults for all modules of the group can be set once, with C(group/clarivum.mailing.aws) in C(module_defaults).
    support: full
    membership:
      - clarivum.mailing.aws
seealso:
  - module: clarivum.mailing.aws_run_task
  - module: clarivum.mailing.aws_stack
"""

EXAMPLES = r"""
- name: Take the run lock
  clarivum.mailing.aws_run_lock:
    name: /paperboat-production/run-lock
  register: lock

- name: Apply a stack, and keep the lock alive meanwhile
  clarivum.mailing.aws_stack:
    name: paperboat-production-network
    template: network.yml
  environment: "{{ lock.environment }}"

- name: Give the run lock back (best in the always section of a block, so that it is given back after a failure, too)
  clarivum.mailing.aws_run_lock:
    name: /paperboat-production/run-lock
    run: "{{ lock.run }}"
    state: released
"""

RETURN = r"""
run:
  description: The run that holds the lock now; null in check mode and after a release.
  returned: success
  type: str
  sample: 0a1b2c3d4e5f
pending:
  description: What an earlier run has begun and this one must finish, or what was left over at the release.
  returned: success
  type: list
  elements: str
  sample: []
taken_over:
  description: Whether the lock was taken over from a run that did not end well.
  returned: success
  type: bool
  sample: false
previous:
  description: The record of the run that the lock was taken over from; null without one.
  returned: success
  type: dict
  sample: {step: Apply the stack of the database, user: deploy}
environment:
  description: The environment variable that keeps the lock alive; empty if this run does not hold it.
  returned: success
  type: dict
  sample: {CLARIVUM_MAILING_RUN_LOCK: "/paperboat-production/run-lock@0a1b2c3d4e5f"}
"""
