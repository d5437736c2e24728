# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole listmonk in one task; documented in plugins/modules/listmonk_config.py."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.clarivum.mailing.plugins.module_utils._core.errors import Refusal
from ansible_collections.clarivum.mailing.plugins.module_utils._core.spec import Spec
from ansible_collections.clarivum.mailing.plugins.module_utils._edge.listmonk import connection_spec
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk import configuration_report
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.client import Client, Connection
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.configuration import (
    EVERYWHERE,
    SECTIONS,
    Entry,
    Section,
    Surroundings,
    entries_of,
    wishes_of,
)
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.connection_options import CONNECTION_OPTIONS
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.reconcile import diff_of, reconcile
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.secret_reference import SecretPlaces
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.session import Session
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.wish import Wish
from ansible_collections.clarivum.mailing.plugins.plugin_utils._action_edge import ActionEdge, Call
from ansible_collections.clarivum.mailing.plugins.plugin_utils._template_directory import templates_in


class ActionModule(ActionEdge):
    """The configuration as a task."""

    argument_spec: ClassVar[Spec] = {
        **connection_spec(),
        **{section.option: {"type": "raw"} for section in SECTIONS},
        "settings_secrets": {"type": "dict", "no_log": False},
        "templates_directory": {"type": "str"},
        "directory": {"type": "path"},
        "only": {"type": "list", "elements": "str", "choices": [section.option for section in SECTIONS]},
        **EVERYWHERE,
    }

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        self._variables = task_vars or {}
        return super().run(tmp, task_vars)

    def perform(self, call: Call) -> dict[str, Any]:
        directory = Path(call.options["directory"] or ".").expanduser().absolute()
        secrets = SecretPlaces(directory=directory, variable=self._variable)
        around = Surroundings(
            directory=directory, secrets=secrets, coerce=coerced, defaults={name: call.options[name] for name in EVERYWHERE}
        )
        wishes: list[Wish] = []
        for section in SECTIONS:
            if call.options["only"] is None or section.option in call.options["only"]:
                found, looked_up = wishes_of(section, _entries(section, call.options, directory), around)
                wishes += found
                call.secrets.update(looked_up)
        client = Client(Connection(**{name: call.options[name] for name in CONNECTION_OPTIONS}), check_mode=call.check_mode)
        session = Session(client, call.progress)
        outcomes = reconcile(session, wishes)
        return {
            "changed": any(outcome.changed for outcome in outcomes),
            "results": configuration_report.results(session, outcomes),
            "counts": configuration_report.counts(outcomes),
            "summary": configuration_report.lines(outcomes, check_mode=call.check_mode),
            "warnings": [*(warning for outcome in outcomes for warning in outcome.warnings), *session.warnings],
            "diff": diff_of(outcomes),
        }

    def _variable(self, name: str) -> Any:
        """A variable as the task would see it, rendered where it holds a template."""
        return self._templar.template(self._variables[name])


def _entries(section: Section, options: dict[str, Any], directory: Path) -> list[Entry]:
    entries = entries_of(section, options[section.option], options["settings_secrets"] if section.single else None)
    if section.option == "templates" and options["templates_directory"]:
        entries += templates_in(directory / Path(options["templates_directory"]).expanduser())
    return entries


def coerced(spec: Spec, values: dict[str, Any], where: str) -> dict[str, Any]:
    """Values of the types that their options have, as a task of the kind's own module would see them."""
    outcome = ArgumentSpecValidator(spec).validate(values)
    if outcome.error_messages:
        raise Refusal(f"{where}: {'; '.join(outcome.error_messages)}.")
    return dict(outcome.validated_parameters)
