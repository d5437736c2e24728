# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An AWS of a few operations in memory: SSM parameters with their versions, and an ECS that plays a script."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.clarivum.mailing.plugins.module_utils._aws.errors import AwsError

Operation = Callable[..., dict[str, Any]]


def refusal(code: str) -> AwsError:
    return AwsError(f"AWS refused: {code}.", code=code)


@dataclass
class ScriptedAws:
    """Stands in for Aws. ``calls`` lists what was asked, ``answers`` holds functions by operation."""

    answers: dict[str, Operation] = field(default_factory=dict)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    parameters: dict[str, list[str]] = field(default_factory=dict)
    """Every version of every SSM parameter."""
    before_put: Callable[[], None] | None = None
    """Runs once, right before the next PutParameter: what another run does at that moment."""

    def call(self, service: str, operation: str, /, **parameters: Any) -> dict[str, Any]:
        self.calls.append((operation, parameters))
        if service == "ssm":
            answer: dict[str, Any] = getattr(self, f"_{operation}")(**parameters)
            return answer
        return self.answers[operation](**parameters)

    def pages(self, _service: str, operation: str, key: str, /, **parameters: Any) -> Iterator[Mapping[str, Any]]:
        yield from self.call(_service, operation, **parameters)[key]

    def asked(self, operation: str) -> list[dict[str, Any]]:
        return [parameters for name, parameters in self.calls if name == operation]

    def _get_parameter(self, **asked: Any) -> dict[str, Any]:
        if asked["Name"] not in self.parameters:
            raise refusal("ParameterNotFound")
        versions = self.parameters[asked["Name"]]
        return {"Parameter": {"Value": versions[-1], "Version": len(versions)}}

    def _get_parameter_history(self, **asked: Any) -> dict[str, Any]:
        return {"Parameters": [{"Value": value, "Version": number} for number, value in enumerate(self.parameters[asked["Name"]], 1)]}

    def _put_parameter(self, **asked: Any) -> dict[str, Any]:
        meanwhile, self.before_put = self.before_put, None
        if meanwhile:
            meanwhile()
        if asked["Name"] in self.parameters and not asked["Overwrite"]:
            raise refusal("ParameterAlreadyExists")
        self.parameters.setdefault(asked["Name"], []).append(asked["Value"])
        return {"Version": len(self.parameters[asked["Name"]])}

    def _delete_parameter(self, **asked: Any) -> dict[str, Any]:
        if self.parameters.pop(asked["Name"], None) is None:
            raise refusal("ParameterNotFound")
        return {}
