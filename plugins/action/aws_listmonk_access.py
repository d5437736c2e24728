# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An API user of listmonk and its token in Secrets Manager; documented in plugins/modules/aws_listmonk_access.py."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from typing import Any, ClassVar

from ansible_collections.clarivum.mailing.plugins.module_utils._aws.connection import warm_up
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.known_after_apply import is_known_after_apply
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.secret import admin_credentials, find_secret, read_secret, write_secret
from ansible_collections.clarivum.mailing.plugins.module_utils._edge.aws import aws_spec
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.api_access import ApiUser, Finding, Listmonk, examine, grant
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.errors import Rejected, Unreachable
from ansible_collections.clarivum.mailing.plugins.plugin_utils._action_edge import Call
from ansible_collections.clarivum.mailing.plugins.plugin_utils._aws_action_edge import AwsActionEdge

warm_up("secretsmanager", "ssm")

NOT_YET = (502, 503, 504)
"""What a load balancer answers while it finds no healthy task; it takes a moment to find those that were just started."""


class ActionModule(AwsActionEdge):
    """The API user as a task."""

    argument_spec: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        **aws_spec(),
        "url": {"type": "str", "required": True},
        "ca_path": {"type": "path"},
        "timeout": {"type": "float", "default": 30.0},
        "patience": {"type": "float", "default": 180.0},
        "username": {"type": "str", "required": True},
        "role": {"type": "str", "required": True},
        "permissions": {"type": "list", "elements": "str", "required": True},
        "admin_secret": {"type": "str", "required": True, "no_log": False},
        "token_secret": {"type": "str", "required": True, "no_log": False},
    }

    def perform(self, call: Call) -> dict[str, Any]:
        options = call.options
        wanted = ApiUser(options["username"], options["role"], frozenset(options["permissions"]))
        listmonk = Listmonk(options["url"], options["ca_path"], options["timeout"])
        finding = self._examined(call, listmonk, wanted)
        if finding.changed and not call.check_mode:
            admin = admin_credentials(read_secret(self.aws, options["admin_secret"]))
            call.secrets.add(admin[1])
            call.progress(f"signing in to listmonk, because {', '.join(finding.why)}")
            grant(listmonk, wanted, finding, admin, lambda token: self._keep(call, wanted.username, token))
        return {
            "changed": finding.changed,
            "renewed": finding.renew,
            "reasons": list(finding.why),
            "diff": _diff(wanted, finding),
        }

    def _examined(self, call: Call, listmonk: Listmonk, wanted: ApiUser) -> Finding:
        name = call.options["token_secret"]
        stored = None if is_known_after_apply([name, listmonk.url]) else find_secret(self.aws, name)
        values = stored.values if stored else {}
        token = values.get("token", "")
        call.secrets.update(filter(None, [token]))
        deadline = time.monotonic() + (0.0 if call.check_mode else call.options["patience"])
        while True:
            try:
                return examine(listmonk, wanted, values.get("username", ""), token, check_mode=call.check_mode)
            except (Unreachable, Rejected) as error:
                passing = isinstance(error, Unreachable) or error.status in NOT_YET
                if not passing or time.monotonic() >= deadline:
                    raise
                call.progress(f"listmonk does not answer yet: {error}")
                time.sleep(1.0)

    def _keep(self, call: Call, username: str, token: str) -> None:
        call.secrets.add(token)
        write_secret(self.aws, call.options["token_secret"], {"username": username, "token": token}, secrets.token_hex(16))


def _diff(wanted: ApiUser, finding: Finding) -> dict[str, str]:
    def lines(values: Mapping[str, Any]) -> str:
        return "".join(f"{key}: {value}\n" for key, value in values.items())

    before = {"username": wanted.username, **finding.before} if finding.before else {}
    after = {"username": wanted.username, "role": wanted.role, "permissions": sorted(wanted.permissions)}
    if finding.renew:
        after |= {"token": "(written; not shown)"}
    return {"before": lines(before), "after": lines(after)} if finding.changed else {"before": "", "after": ""}
