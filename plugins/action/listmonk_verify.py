# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a listmonk answers as it must; documented in plugins/modules/listmonk_verify.py."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ansible_collections.clarivum.mailing.plugins.module_utils._edge.listmonk import connection_spec
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.client import Connection
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.connection_options import CONNECTION_OPTIONS
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.edge_probe import Place, verify
from ansible_collections.clarivum.mailing.plugins.plugin_utils._action_edge import ActionEdge, Call


class ActionModule(ActionEdge):
    """The probes as a task."""

    argument_spec: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        **connection_spec(),
        "outside_headers": {"type": "dict", "default": {}},
        "patience": {"type": "float", "default": 120.0},
    }

    def perform(self, call: Call) -> dict[str, Any]:
        connection = Connection(**{name: call.options[name] for name in CONNECTION_OPTIONS})
        headers = {str(name): str(value) for name, value in call.options["outside_headers"].items()}
        seen = verify(Place(connection, headers), call.options["patience"], call.progress)
        return {"changed": False, "probes": [vars(one) for one in seen], "from_outside": bool(headers)}
