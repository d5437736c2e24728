# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The API: moto parses requests and writes answers by botocore's models, the operations are the mixins'."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from botocore import xform_name
from botocore.session import get_session
from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, BaseResponse, EmptyResult

from .account import Account
from .api_change_sets import ChangeSetOperations
from .api_drift import DriftOperations
from .api_stacks import StackOperations
from .errors import NotInSandbox, Refusal

Accounts = Callable[[str], Account]  # by region


class ErrorAnswer(ServiceException):
    """A class of our own: moto takes the service from the second part of the module of an exception, if the first is moto."""


class CloudFormation(StackOperations, ChangeSetOperations, DriftOperations, BaseResponse):
    """One request. moto finds the method by the operation's name in snake case."""

    accounts: Accounts

    def __init__(self) -> None:
        super().__init__(service_name="cloudformation")
        self.automated_parameter_parsing = True

    def setup_class(self, request: Any, full_url: str | None = None, headers: Any = None, use_raw_body: bool | None = None) -> None:
        super().setup_class(request, full_url, headers, use_raw_body)
        self.account, self.given = type(self).accounts(self.region), self._get_params()


def operation_names() -> list[str]:
    return [
        name
        for mixin in (StackOperations, ChangeSetOperations, DriftOperations)
        for name in vars(mixin)
        if not name.startswith("_") and callable(getattr(mixin, name))
    ]


def response_class(accounts: Accounts) -> type[CloudFormation]:
    """The class for moto's routes, with every operation made to answer refusals as errors."""
    members = {name: _answering(getattr(CloudFormation, name)) for name in operation_names()}
    return type("SandboxCloudFormation", (CloudFormation,), {"accounts": staticmethod(accounts), **members, **_absent(set(members))})


def _answering(method: Callable[[Any], dict[str, Any] | None]) -> Callable[[Any], ActionResult]:
    @functools.wraps(method)
    def answer(self: Any) -> ActionResult:
        try:
            result = method(self)
        except Refusal as refusal:
            raise ErrorAnswer(refusal.code, str(refusal)) from None
        return EmptyResult() if result is None else ActionResult(result)

    return answer


def _absent(present: set[str]) -> dict[str, Callable[[Any], Any]]:
    """Operations that AWS has and the sandbox has not answer with a sentence."""
    names = {xform_name(name): name for name in get_session().get_service_model("cloudformation").operation_names}

    def refuse(name: str) -> Callable[[Any], Any]:
        def method(_self: Any) -> Any:
            raise NotInSandbox(f"the operation {name}")

        return _answering(method)

    return {method: refuse(name) for method, name in names.items() if method not in present}
