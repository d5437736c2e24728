# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a module in this process, through its edge, as Ansible would: options in, the JSON that Ansible reads out."""

from __future__ import annotations

import importlib
import io
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

import pytest
import requests
from ansible.module_utils import _internal
from ansible.module_utils.common import warnings
from ansible.module_utils.testing import patch_module_args

from tests.fresh_listmonk import FreshListmonk

MODULES = "ansible_collections.clarivum.mailing.plugins.modules"
READS = ("GET", "HEAD")
PREVIEW = "/api/templates/preview"


@dataclass(frozen=True)
class Result:
    """What a task ended with, and what it sent."""

    values: Mapping[str, Any]
    requests: list[tuple[str, str]]
    output: str = field(repr=False)

    def __getitem__(self, key: str) -> Any:
        return self.values[key]

    def get(self, key: str, default: Any = None) -> Any:
        return self.values.get(key, default)

    @property
    def failed(self) -> bool:
        return bool(self.values.get("failed"))

    @property
    def changed(self) -> bool:
        assert not self.failed, self.msg
        return bool(self.values["changed"])

    @property
    def msg(self) -> str:
        return str(self.values.get("msg", ""))

    @property
    def warnings(self) -> str:
        """All warnings in one text."""
        return "\n".join(warning["event"]["msg"] for warning in self.values.get("warnings", []))

    @property
    def writes(self) -> list[tuple[str, str]]:
        """Requests that could change something; the preview of a template stores nothing."""
        return [(method, path) for method, path in self.requests if method not in READS and path != PREVIEW]


@dataclass(frozen=True)
class Tasks:
    """Tasks against one server."""

    server: FreshListmonk

    def run(self, module: str, *, check: bool = False, **options: Any) -> Result:
        return run_module(module, {**self.server.connection, **options}, check=check)

    def fails(self, module: str, **options: Any) -> Result:
        """A task that must fail without writing anything, in check mode and for real."""
        for check in (True, False):
            result = self.run(module, check=check, **options)
            assert result.failed, f"expected a failure, got {result.values}"
            assert not result.writes, f"wrote {result.writes} before it failed: {result.msg}"
            assert "Traceback" not in result.output
        return result


def run_module(module: str, options: Mapping[str, Any], *, check: bool = False, diff: bool = True) -> Result:
    """Run ``module`` to its end; what it prints is read as Ansible reads it."""
    arguments = {
        **options,
        "_ansible_check_mode": check,
        "_ansible_diff": diff,
        "_ansible_remote_tmp": "/tmp",
        "_ansible_keep_remote_files": False,
    }
    program = importlib.import_module(f"{MODULES}.{module}")
    printed = io.StringIO()
    with requests_noted() as sent, _warnings_of_its_own(), patch_module_args(arguments), redirect_stdout(printed):
        try:
            program.main()
        except SystemExit:
            pass
        else:
            pytest.fail(f"{module} ended without a result")
    return Result(json.loads(printed.getvalue()), sent, printed.getvalue())


@contextmanager
def _warnings_of_its_own() -> Iterator[None]:
    """Ansible keeps a module's warnings in its process, where the next module would repeat them; and in a process that has also
    loaded the controller, as tests of actions do, it prints them instead of returning them.
    """
    with mock.patch.dict(warnings._global_warnings, clear=True), mock.patch.object(_internal, "is_controller", False):
        yield


@contextmanager
def requests_noted() -> Iterator[list[tuple[str, str]]]:
    sent: list[tuple[str, str]] = []
    send = requests.adapters.HTTPAdapter.send

    def noting(self: requests.adapters.HTTPAdapter, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        sent.append((str(request.method), request.path_url.partition("?")[0]))
        return send(self, request, *args, **kwargs)

    with mock.patch.object(requests.adapters.HTTPAdapter, "send", noting):
        yield sent
