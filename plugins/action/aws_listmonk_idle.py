# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a stop of listmonk's core would disturb somebody; documented in plugins/modules/aws_listmonk_idle.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from ansible_collections.clarivum.mailing.plugins.module_utils._aws.connection import warm_up
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.deadline import Deadline
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.ecs_service import find_service, tasks_at_work
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.known_after_apply import is_known_after_apply
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.secret import find_secret, is_as_created
from ansible_collections.clarivum.mailing.plugins.module_utils._core.errors import MailingError, Refusal
from ansible_collections.clarivum.mailing.plugins.module_utils._edge.aws import aws_spec
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.api_access import Listmonk
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.busy import Busy, look
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.errors import Rejected, Unreachable
from ansible_collections.clarivum.mailing.plugins.plugin_utils._action_edge import Call
from ansible_collections.clarivum.mailing.plugins.plugin_utils._aws_action_edge import AwsActionEdge

warm_up("ecs", "secretsmanager", "ssm")

NOT_YET = (502, 503, 504)
"""What a load balancer answers while it finds no healthy task."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 2.0, 15.0


class NotKnown(MailingError):
    """Whether somebody would be disturbed cannot be seen."""

    def __init__(self, why: object) -> None:
        super().__init__(
            f"It is not known whether listmonk is sending a campaign or importing, so it must not be stopped: {str(why).rstrip('.')}. Put that "
            "right and run again. If it certainly does neither, because it crashes again and again, say, go on without this task; in the "
            "playbooks deploy and teardown that is -e deploy_if_busy=ignore."
        )


@dataclass(frozen=True)
class Finding:
    """``busy`` is what listmonk said; None where there was nobody to ask, for the reason."""

    reason: str
    busy: Busy | None = None

    @property
    def idle(self) -> bool:
        return self.busy is None or self.busy.idle

    def facts(self) -> dict[str, Any]:
        busy = self.busy
        return {
            "idle": self.idle,
            "reason": self.reason,
            "running": list(busy.names) if busy else [],
            "scheduled": [{"name": each.name, "send_at": each.send_at} for each in busy.scheduled] if busy else [],
            "importing": (busy.importing or None) if busy else None,
        }


class ActionModule(AwsActionEdge):
    """The look, or the wait, as a task. It changes nothing."""

    _read: tuple[str, str] | None = None

    argument_spec: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        **aws_spec(),
        "cluster": {"type": "str", "required": True},
        "service": {"type": "str", "required": True},
        "token_secret": {"type": "str", "required": True, "no_log": False},
        "generated_token": {"type": "bool", "default": False, "no_log": False},
        "url": {"type": "str", "required": True},
        "ca_path": {"type": "path"},
        "timeout": {"type": "float", "default": 30.0},
        "patience": {"type": "float", "default": 60.0},
        "soon": {"type": "float", "default": 900.0},
        "if_busy": {"type": "str", "choices": ["fail", "wait"], "default": "fail"},
        "busy_timeout": {"type": "float", "default": 600.0},
    }

    def perform(self, call: Call) -> dict[str, Any]:
        try:
            finding = self._awaited(call)
        except NotKnown as error:
            if not call.check_mode:
                raise
            unknown = {"idle": False, "reason": str(error), "running": [], "scheduled": [], "importing": None}
            return {"changed": False, **unknown, "warnings": [f"{error} A real run would fail here."]}
        result = {"changed": False, **finding.facts()}
        if finding.idle:
            return result
        if call.check_mode:
            return {**result, "warnings": [f"At this moment {finding.reason}. {_outlook(call.options)}"]}
        raise Refusal(_refusal(finding, call.options), **result)

    def _awaited(self, call: Call) -> Finding:
        """What is found in the end: at once, or, if a busy listmonk is to be waited for, when it is idle or the time is over."""
        waits = call.options["if_busy"] == "wait" and not call.check_mode
        for _seconds in Deadline(call.options["busy_timeout"] if waits else 0.0).looks(FIRST_PAUSE_S, LONGEST_PAUSE_S):
            finding = self._found(call)
            if finding.idle:
                break
            call.progress(f"waiting until listmonk may be stopped: {finding.reason}")
        return finding

    def _found(self, call: Call) -> Finding:
        """One look, which waits only for a listmonk that does not answer yet, as long as its core is there. Raises NotKnown."""
        silence: MailingError | None = None
        for _seconds in Deadline(0.0 if call.check_mode else call.options["patience"]).looks(FIRST_PAUSE_S, LONGEST_PAUSE_S):
            try:
                return self._seen(call)
            except (Unreachable, Rejected) as error:
                if isinstance(error, Rejected) and error.status not in NOT_YET:
                    raise NotKnown(error) from error
                silence = error
            except (NotKnown, Refusal):
                raise
            except MailingError as error:
                raise NotKnown(error) from error
            call.progress(f"listmonk does not answer: {silence}")
        raise NotKnown(silence)

    def _seen(self, call: Call) -> Finding:
        options = call.options
        cluster, service = options["cluster"], options["service"]
        core = find_service(self.aws, cluster, service) if cluster and service else None
        if core is None:
            return Finding("there is no service of listmonk's core")
        if not tasks_at_work(core):
            return Finding(f"no task of {service} runs")
        username, token = self._credentials(call)
        if not token:
            return Finding("automation was never given its token, so listmonk has not been set up yet")
        listmonk = Listmonk(options["url"], options["ca_path"], options["timeout"])
        client = listmonk.client(username, token, check_mode=call.check_mode)
        client.get("/api/profile")  # needs no permission, so a token that is refused is told apart from one that may not see something
        busy = look(client, counts_are_fresh=False, soon=options["soon"])
        if busy.unseen:
            raise NotKnown(busy.unseen)
        return Finding(str(busy) or "no campaign is being sent or begins soon, and nothing is imported", busy)

    def _credentials(self, call: Call) -> tuple[str, str]:
        """User name and token, read once; the token is empty if there never was a real one."""
        if self._read is None:
            name = call.options["token_secret"]
            if not name or is_known_after_apply(name):
                raise NotKnown("there is no secret yet with the token to ask it with")
            secret = find_secret(self.aws, name)
            values = secret.values if secret else {}
            call.secrets.update(filter(None, [values.get("token")]))
            unused = secret is None or (call.options["generated_token"] and is_as_created(self.aws, name))
            self._read = (values.get("username", ""), "" if unused else values.get("token", ""))
        return self._read


def _outlook(options: Mapping[str, Any]) -> str:
    if options["if_busy"] == "wait":
        return f"A real run would wait up to {options['busy_timeout']:g} s until listmonk may be stopped."
    return "A real run would fail here, since listmonk must not be stopped then (if_busy is fail)."


def _refusal(finding: Finding, options: Mapping[str, Any]) -> str:
    what_is_lost = "To stop it now would lose mails that it counts as sent, or what an import has read and not yet stored."
    if options["if_busy"] == "wait":
        return (
            f"After {options['busy_timeout']:g} s of waiting {finding.reason}. {what_is_lost} Run again later, or raise busy_timeout "
            "(deploy_busy_timeout)."
        )
    return (
        f"At this moment {finding.reason}. {what_is_lost} Run again when it is done, pause the campaign, or set if_busy to wait "
        "(-e deploy_if_busy=wait in the playbooks)."
    )
