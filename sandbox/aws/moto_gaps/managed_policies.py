# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS's own policies, 1,600 of them: moto 5.2.5 reads them anew for each account and at each reset, which takes longer than a stack.

They are read once; every backend gets copies, because a policy counts what it is attached to.
"""

from __future__ import annotations

import copy

from moto.iam.models import IAMBackend, ManagedPolicy

_read = IAMBackend._init_aws_policies
_POLICIES: list[ManagedPolicy] = []


def close() -> None:
    IAMBackend._init_aws_policies = _copies  # type: ignore[method-assign, assignment]


def _copies(backend: IAMBackend) -> list[ManagedPolicy]:
    if not _POLICIES:
        _POLICIES.extend(_read(backend))
    return [copy.copy(policy) for policy in _POLICIES]
