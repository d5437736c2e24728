# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a hosted zone is delegated; documented in plugins/modules/aws_dns_delegation_info.py."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ansible_collections.clarivum.mailing.plugins.module_utils._aws.connection import warm_up
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.dns_delegation import Answers, PublicDns, plain, problem, read_zone
from ansible_collections.clarivum.mailing.plugins.module_utils._edge.aws import aws_spec
from ansible_collections.clarivum.mailing.plugins.plugin_utils._action_edge import Call
from ansible_collections.clarivum.mailing.plugins.plugin_utils._aws_action_edge import AwsActionEdge

warm_up("route53")


class ActionModule(AwsActionEdge):
    """Route 53 is asked for the zone, public DNS for who is sent there."""

    argument_spec: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        **aws_spec(),
        "zone_id": {"type": "str", "required": True},
        "host_name": {"type": "str", "required": True},
        "name_servers": {"type": "list", "elements": "str", "default": []},
        "port": {"type": "int", "default": 53},
    }

    def perform(self, call: Call) -> dict[str, Any]:
        host_name = plain(call.options["host_name"])
        zone = read_zone(self.aws, call.options["zone_id"])
        found: list[Answers] = []

        def ask() -> Answers:
            found.append(PublicDns(call.options["name_servers"], call.options["port"]).answers(zone, host_name))
            return found[-1]

        why_not = problem(zone, host_name, ask)
        return {
            "ready": not why_not,
            "problem": why_not,
            "zone": {"id": zone.id, "name": zone.name, "private": zone.private, "name_servers": sorted(zone.name_servers)},
            "public": _shown(found[0]) if found else None,
        }


def _shown(answers: Answers) -> dict[str, Any]:
    return {
        "name_servers": sorted(answers.name_servers),
        "zone": answers.enclosing_zone,
        "caa_name": answers.caa.name,
        "caa_issuers": None if answers.caa.issuers is None else list(answers.caa.issuers),
    }
