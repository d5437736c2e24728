# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All that our code knows about SMTP servers: named blocks under one key of the settings document."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ..._core.change import Change
from ..._core.errors import Refusal
from ..._core.fields import Field
from ..._core.plan import Plan, plan
from ..._core.resource import Resource
from ..._core.spec import Spec
from .. import settings_write
from ..reconcile import Outcome
from ..session import Session
from ..settings_document import is_mask, refuse_bullets
from ..settings_vocabulary import SMTP, lowered, trimmed, without_blanks
from ..smtp_rules import (
    AUTH_PROTOCOLS,
    SAMPLE_HOST,
    TLS_TYPES,
    Block,
    doubts,
    refuse_incomplete,
    refuse_unusable,
    refuse_unusable_name,
    server_name,
)
from ..smtp_test import send_test
from ..wish import Values, Wish

LOGIN = "smtp_username"
"""What a task calls the block's ``username``: that word is taken, it is the API user of every module."""

SMTP_SERVERS = Resource(
    kind="SMTP server",
    identity=("name",),
    secrets_policy="update_password",
    fields=(
        Field(name="name", type="str", required=True, normalise=server_name),
        Field(name="uuid", type="str", read_only=True),
        Field(name="enabled", type="bool", default=True),
        Field(name="host", type="str", required=True, normalise=trimmed),
        Field(name="port", type="int", default=587),
        Field(name="auth_protocol", type="str", choices=AUTH_PROTOCOLS, default="login"),
        Field(name=LOGIN, type="str", default=""),
        Field(name="password", type="str", secret=True, write_only=True),
        Field(name="password_set", type="bool", read_only=True),
        Field(name="tls_type", type="str", choices=TLS_TYPES, default="STARTTLS"),
        Field(name="tls_skip_verify", type="bool", default=False),
        Field(name="hello_hostname", type="str", default=""),
        Field(name="email_headers", type="list", elements="dict", default=[]),
        Field(name="max_conns", type="int", default=10),
        Field(name="max_msg_retries", type="int", default=2),
        Field(name="msg_retry_delay", type="str", default="10ms", since=(6, 2)),
        Field(name="idle_timeout", type="str", default="15s"),
        Field(name="wait_timeout", type="str", default="5s"),
        Field(
            name="from_addresses",
            type="list",
            elements="str",
            default=[],
            since=(6, 2),
            normalise=lambda addresses: without_blanks([lowered(address) for address in addresses]),
        ),
    ),
)
_KNOWN = frozenset(field.name for field in SMTP_SERVERS if not field.write_only)


@dataclass(frozen=True, kw_only=True)
class SmtpStore:
    """SMTP servers as blocks of the settings document; several wishes make one write."""

    resource: Resource = SMTP_SERVERS
    options: Spec = field(default_factory=lambda: {"test_recipient": {"type": "str"}, **settings_write.OPTIONS})
    stages: bool = True

    def read_all(self, session: Session) -> list[Values]:
        return [_shown(block) for block in _blocks(session)]

    def plan(self, session: Session, wish: Wish) -> Plan:
        block = self._find(session, wish)
        current = None if block is None else _shown(block)
        name = server_name(wish.name) or (f"(unnamed, {block.get('host')})" if block else "")
        if wish.state == "absent":
            return plan(SMTP_SERVERS, None, current, name=name)
        refuse_bullets(wish.values.get("password"), f"SMTP server {name!r}: password")
        values = {key: value for key, value in wish.values.items() if value != "" or key != "name"}
        refuse_unusable(f"SMTP server {name!r}", {**values, **({"host": trimmed(values["host"])} if "host" in values else {})})
        made = plan(SMTP_SERVERS, values, current, name=name, version=session.client.version, write_secrets=_writes_password(wish, current))
        made = _with_password_prediction(made)
        if made.changed:
            refuse_incomplete(made.title, as_block(made.after or {}))
        return made

    def check(self, session: Session, wish: Wish, plan: Plan) -> list[str]:
        warnings = _doubts(session, wish, plan)
        if plan.changed:
            _stage(session, plan)
            warnings += settings_write.admit(session, wish)
            warnings += _sample_left(session, plan)
        else:
            settings_write.warn_of_pending_restart(session)
        if wish.options.get("test_recipient"):
            warnings += send_test(session.client, plan, as_block(plan.after or {}), wish)
        return warnings

    def apply(self, session: Session, wish: Wish, plan: Plan) -> None:
        settings_write.commit_later(session)

    def result(self, session: Session, wish: Wish, plan: Plan) -> Values | None:
        if plan.after is None or not plan.changed:
            return plan.after
        block = _block(settings_write.now(session).get(SMTP) or [], plan.after)
        return plan.after if block is None else _shown(block)

    def facts(self, session: Session, outcome: Outcome) -> dict[str, Any]:
        tested = bool(outcome.wish.options.get("test_recipient")) and not session.client.check_mode
        return {**settings_write.facts_of(session, changed=outcome.changed), "tested": tested}

    def _find(self, session: Session, wish: Wish) -> Block | None:
        blocks = _blocks(session)
        if not wish.name.strip():
            return _unnamed(blocks, wish)
        refuse_unusable_name(wish.name)
        name = server_name(wish.name)
        matches = [block for block in blocks if server_name(str(block.get("name") or "")) == name]
        if len(matches) > 1:
            raise Refusal(
                f"{len(matches)} SMTP servers are called {name!r}, which listmonk itself refuses; rename or remove all but one in its interface."
            )
        return matches[0] if matches else None


def _unnamed(blocks: Sequence[Block], wish: Wish) -> Block | None:
    """A server without a name, such as the two samples of a new installation, is known by its host and username."""
    asked = {key: value for key, value in as_block(wish.values).items() if key in ("host", "username") and value is not None}
    matches = [block for block in blocks if not block.get("name") and all(block.get(key) == value for key, value in asked.items())]
    if "host" in asked and len(matches) == 1:
        return matches[0]
    if "host" in asked and wish.state == "absent" and not matches:
        return None
    there = ", ".join(f"{block.get('username')!r} at {block.get('host')!r}" for block in blocks if not block.get("name")) or "none"
    raise Refusal(
        f"an SMTP server needs a name. Only one that has none on the server can be meant without, by its host and, if needed, its smtp_username; those "
        f"are: {there}."
    )


def _blocks(session: Session) -> list[Block]:
    blocks: list[Block] = settings_write.read_settings(session).get(SMTP) or []
    return blocks


def as_block(values: Values) -> dict[str, Any]:
    """Values under the names that the settings document has for them."""
    return {"username" if key == LOGIN else key: value for key, value in values.items()}


def _shown(block: Block) -> dict[str, Any]:
    """A block as a task returns it: without the password, but with whether there is one."""
    named = {LOGIN if key == "username" else key: value for key, value in block.items()}
    shown = {key: value for key, value in named.items() if key in _KNOWN}
    for key in ("email_headers", "from_addresses"):
        if key in shown:
            shown[key] = shown[key] or []
    return {**shown, "password_set": bool(block.get("password"))}


def _writes_password(wish: Wish, current: Values | None) -> bool:
    """An explicit blank is meant, and where there is none yet a given one is written whatever the policy."""
    given, there = wish.values.get("password"), bool(current and current["password_set"])
    if given == "":
        return there
    return wish.options.get("update_password") == "always" or not there


def _with_password_prediction(made: Plan) -> Plan:
    """Whether there will be a password is a fact that can be shown, unlike the password."""
    if made.after is None or not made.changed:
        return made
    before = bool((made.before or {}).get("password_set"))
    written = (made.writes or {}).get("password")
    after = before if written is None else bool(written)
    change = Change(field=SMTP_SERVERS.field("password_set"), before=before, after=after)
    changes = made.changes if after == before else (*made.changes, change)
    return replace(made, after={**made.after, "password_set": after}, changes=changes)


def _doubts(session: Session, wish: Wish, plan: Plan) -> list[str]:
    if plan.after is None:
        return []
    warnings = doubts(plan.title, as_block(plan.after), has_password=bool(plan.after.get("password_set")))
    given, held = wish.values.get("password"), _block(_blocks(session), plan.before)
    if given and held and "password" not in (plan.writes or {}) and len(given) != len(str(held.get("password"))):
        warnings.append(
            f"{plan.title}: the stored password has another length than the one in the task, and stays: update_password is on_create. Run once "
            "with update_password: always to replace it."
        )
    return warnings


def _sample_left(session: Session, plan: Plan) -> list[str]:
    """A new installation comes with an enabled sample server; listmonk would try it for every other mail."""
    draft = settings_write.staged(session).draft
    samples = [block for block in draft.values.get(SMTP) or [] if block.get("host") == SAMPLE_HOST and block.get("enabled")]
    if plan.action != "create" or not samples or not (plan.after or {}).get("enabled"):
        return []
    return [
        f"The sample server {SAMPLE_HOST} of a new installation is still enabled, and listmonk spreads mail over all enabled servers. Remove it "
        f'with name: "", host: {SAMPLE_HOST}, state: absent.'
    ]


def _block(blocks: Sequence[Block], server: Values | None) -> Block | None:
    """The block of a server in a document."""
    return None if server is None else next((block for block in blocks if _key(block) == _key(server)), None)


def _key(server: Values) -> tuple[str, ...]:
    """What tells one server from another."""
    name = str(server.get("name") or "")
    return (name,) if name else ("", str(server.get("host")), str(server.get("username", server.get(LOGIN))))


def _stage(session: Session, plan: Plan) -> None:
    """Lay the plan over the draft of the document; other blocks stay untouched."""
    draft = settings_write.staged(session).draft
    blocks: list[dict[str, Any]] = list(draft.values.get(SMTP) or [])
    if plan.action == "create":
        # A uuid of our own: a new block without one inherits the password of any stored block that has none either (6.2.0).
        blocks.append({"password": "", **as_block(plan.writes or {}), "uuid": str(uuid.uuid4())})
    else:
        position = [_key(block) for block in blocks].index(_key(plan.before or {}))
        if plan.action == "delete":
            del blocks[position]
        else:
            blocks[position] = _laid_over(blocks[position], as_block(plan.writes or {}))
    draft.values[SMTP] = blocks


def _laid_over(block: Block, writes: Values) -> dict[str, Any]:
    changed = {**block, **writes}
    if writes.get("password") == "" and is_mask(block.get("password")):
        # A blank password means "keep" to listmonk, matched by the uuid: under another one there is nothing to keep.
        changed["uuid"] = str(uuid.uuid4())
    return changed


SMTP_STORE = SmtpStore()


def select_servers(session: Session, asked: dict[str, Any]) -> list[Values]:
    """The servers of a name, in whatever spelling; all of them when none is asked for."""
    rows = SMTP_STORE.read_all(session)
    return [row for row in rows if "name" not in asked or server_name(str(row.get("name") or "")) == server_name(asked["name"])]
