# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Import subscribers from a file on the controller; documented in plugins/modules/listmonk_subscriber_import.py."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ansible_collections.clarivum.mailing.plugins.module_utils._edge.listmonk import connection_spec
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.client import Client, Connection
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.connection_options import CONNECTION_OPTIONS
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.imports.options import IMPORT_OPTIONS, parse_options
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.imports.run import run_import
from ansible_collections.clarivum.mailing.plugins.plugin_utils._action_edge import ActionEdge, Call


class ActionModule(ActionEdge):
    """The import as a task."""

    argument_spec: ClassVar[Mapping[str, Mapping[str, Any]]] = {**connection_spec(), **IMPORT_OPTIONS}

    def perform(self, call: Call) -> dict[str, Any]:
        options = parse_options({**call.options, "src": call.local_file(call.options["src"])})
        connection = Connection(**{name: call.options[name] for name in CONNECTION_OPTIONS})
        return run_import(Client(connection, check_mode=call.check_mode), options, call.progress)
