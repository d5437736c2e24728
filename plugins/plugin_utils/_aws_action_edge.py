# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks on AWS that run as action plugins: their connection."""

from __future__ import annotations

from typing import Any

from ..module_utils._aws.connection import Aws, connection_of
from ._action_edge import ActionEdge, Call
from ._sign_of_life import HeldLock, SignOfLife, sign_of_life


class AwsActionEdge(ActionEdge):
    """An ActionEdge whose tasks speak to AWS. The run lock, if the play holds one, is where they work."""

    def _call(self, options: dict[str, Any], secrets: set[str], temporary: list[str]) -> Call:
        self._aws = Aws(connection_of(options), check_mode=bool(self._task.check_mode))
        return super()._call(options, secrets, temporary)

    @property
    def aws(self) -> Aws:
        """The account and region of the task's options."""
        return self._aws

    def _sign_of_life(self, held: HeldLock, secrets: set[str]) -> SignOfLife:
        return sign_of_life(held, lambda: self._aws, self._step())
