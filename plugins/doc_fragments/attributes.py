# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations


class ModuleDocFragment:
    """What a module promises. A module that promises less overrides the attribute's C(support) and says why in C(details)."""

    DOCUMENTATION = r"""
attributes:
  check_mode:
    description: Predicts what would change, and writes nothing to the server, in check mode.
    support: full
  diff_mode:
    description: Shows what changed, or in check mode would change, in diff mode. Secrets are masked.
    support: full
  idempotent:
    description: Run again without a change in between, it changes nothing and says so.
    support: full
  platform:
    description: The platforms on which the task can run.
    platforms: posix
    support: full
  action_group:
    description: Defaults for all modules of the group can be set once, with C(group/clarivum.mailing.listmonk) in C(module_defaults).
    support: full
    membership:
      - clarivum.mailing.listmonk
"""

    # For the read-only twins (`*_info`): clarivum.mailing.attributes.info
    INFO = r"""
attributes:
  check_mode:
    description: Only reads, so it does the same in check mode.
    support: full
  diff_mode:
    description: Shows what changed, or in check mode would change, in diff mode. Secrets are masked.
    support: N/A
    details: It changes nothing.
  idempotent:
    description: Run again without a change in between, it changes nothing and says so.
    support: full
  platform:
    description: The platforms on which the task can run.
    platforms: posix
    support: full
  action_group:
    description: Defaults for all modules of the group can be set once, with C(group/clarivum.mailing.listmonk) in C(module_defaults).
    support: full
    membership:
      - clarivum.mailing.listmonk
"""

    # For tasks that change something on AWS: clarivum.mailing.attributes.aws
    AWS = r"""
attributes:
  check_mode:
    description: Predicts what would change, and writes nothing to AWS, in check mode.
    support: full
  diff_mode:
    description: Shows what changed, or in check mode would change, in diff mode. Secrets are masked.
    support: full
  idempotent:
    description: Run again without a change in between, it changes nothing and says so.
    support: full
  platform:
    description: The platforms on which the task can run.
    platforms: posix
    support: full
  action_group:
    description: Defaults for all modules of the group can be set once, with C(group/clarivum.mailing.aws) in C(module_defaults).
    support: full
    membership:
      - clarivum.mailing.aws
"""

    # For their read-only twins: clarivum.mailing.attributes.aws_info
    AWS_INFO = r"""
attributes:
  check_mode:
    description: Only reads, so it does the same in check mode.
    support: full
  diff_mode:
    description: Shows what changed, or in check mode would change, in diff mode. Secrets are masked.
    support: N/A
    details: It changes nothing.
  idempotent:
    description: Run again without a change in between, it changes nothing and says so.
    support: full
  platform:
    description: The platforms on which the task can run.
    platforms: posix
    support: full
  action_group:
    description: Defaults for all modules of the group can be set once, with C(group/clarivum.mailing.aws) in C(module_defaults).
    support: full
    membership:
      - clarivum.mailing.aws
"""
