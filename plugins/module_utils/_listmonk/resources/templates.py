# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All that our code knows about templates."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from ..._core.errors import Refusal
from ..._core.fields import Compare, Field
from ..._core.plan import Plan
from ..._core.resource import Resource
from ..._core.spec import Spec
from ..errors import Rejected
from ..rest_store import ID_OPTIONS, RestStore
from ..session import Session
from ..wish import Values, Wish

NAME_LIMIT = 2000
PLACEHOLDER = '{{ template "content" . }}'
_PLACEHOLDER = re.compile(r'\{\{-?\s*template\s+"content"\s*\.\s*-?\}\}')

TEMPLATES = Resource(
    kind="template",
    # listmonk has neither uuids for templates nor unique names; a campaign and a tx template may well share one.
    identity=("name", "type"),
    fields=(
        Field(name="id", type="int", read_only=True),
        Field(name="name", type="str", required=True),
        Field(name="type", type="str", choices=("campaign", "campaign_visual", "tx"), default="campaign", immutable=True),
        Field(name="subject", type="str", default="", clearable=False),
        Field(name="body", type="str", required=True, compare=Compare.TEXT, clearable=False),
        Field(name="body_source", type="str", default="", compare=Compare.TEXT, clearable=False),
        Field(name="is_default", type="bool", default=False),
        Field(name="created_at", type="str", read_only=True),
        Field(name="updated_at", type="str", read_only=True),
    ),
)

OPTIONS: Spec = {**ID_OPTIONS, "body_file": {"type": "path"}, "body_source_file": {"type": "path"}}

_KNOWN = frozenset(field.name for field in TEMPLATES)


def read_templates(session: Session) -> list[Values]:
    """Every template without its body, which may be a megabyte."""
    rows: list[Values] = session.client.get("/api/templates", {"no_body": "true"}, expect=list)
    return rows


def _complete(session: Session, row: Values) -> Values:
    """The template with its body; a blank body is left out by the server, a missing body_source is null."""
    whole = session.client.get(f"/api/templates/{row['id']}", expect=dict)
    known = {key: value for key, value in whole.items() if key in _KNOWN}
    # The subject of a campaign template is a left-over: PUT overwrites it with the template's former name (6.2.0).
    subject = whole.get("subject") or "" if whole.get("type") == "tx" else ""
    return {**known, "subject": subject, "body": whole.get("body") or "", "body_source": whole.get("body_source") or ""}


def _wanted(session: Session, wish: Wish) -> Values:
    values = dict(wish.values)
    name = str(values.get("name", ""))
    if not 0 < len(name) <= NAME_LIMIT:
        raise Refusal(f"a template's name has 1 to {NAME_LIMIT} characters; this one has {len(name)}.")
    for field, option in (("body", "body_file"), ("body_source", "body_source_file")):
        path = wish.options.get(option)
        if path is not None:
            if values.get(field) is not None:
                raise Refusal(f"template {name!r}: give {field} or {option}, not both.")
            values[field] = read_text_file(Path(path), f"template {name!r}: {option}")
    kind = values.get("type") or _type_there(session, wish) or "campaign"
    _refuse_unfit(name, kind, values)
    if kind != "tx":
        values.pop("subject", None)
    return values


def read_text_file(path: Path, whose: str) -> str:
    """The file's text byte for byte, its line endings included; raises ``Refusal`` when it cannot be."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Refusal(f"{whose} {str(path)!r} cannot be read: {error.strerror}. Paths are relative to the playbook's folder.") from error
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise Refusal(
            f"{whose} {str(path)!r} is not UTF-8: byte {error.start + 1} is 0x{data[error.start]:02x}. Save the file as UTF-8."
        ) from error


def _type_there(session: Session, wish: Wish) -> str | None:
    rows = session.once("all templates", lambda: read_templates(session))
    key, value = ("id", wish.options["id"]) if wish.options.get("id") is not None else ("name", wish.values.get("name"))
    types = {row["type"] for row in rows if row.get(key) == value}
    return types.pop() if len(types) == 1 else None


def _refuse_unfit(name: str, kind: str, values: Values) -> None:
    body = values.get("body")
    if "\0" in f"{body}{values.get('body_source')}{name}{values.get('subject')}":
        raise Refusal(f"template {name!r}: a NUL character cannot be stored.")
    if body == "":
        raise Refusal(f"template {name!r}: the body is empty. Give the HTML in body, or its file in body_file.")
    if kind == "campaign" and body is not None and not _PLACEHOLDER.search(body):
        raise Refusal(
            f"template {name!r}: the content placeholder is missing: a campaign template must contain {PLACEHOLDER} where a campaign's "
            "text goes. If the text had it, Ansible's own templating has eaten it: use body_file, which is never rendered, or mark the "
            "string with !unsafe."
        )
    if kind == "tx" and values.get("subject") is not None and not values["subject"].strip():
        raise Refusal(f"template {name!r}: a tx template needs a subject; it cannot be blank.")
    if kind != "tx" and values.get("subject"):
        raise Refusal(
            f"template {name!r}: only a tx template has a subject; a {kind} template's mails take theirs from the campaign. Leave "
            "subject out, or set type to tx."
        )
    if kind != "campaign_visual" and values.get("body_source"):
        raise Refusal(f"template {name!r}: body_source belongs to the visual editor; only type campaign_visual has it, not {kind}.")
    if values.get("is_default") and kind != "campaign":
        # The server would clear the present default and set none (6.2.0, measured).
        raise Refusal(f"template {name!r}: only a template of type campaign can be the default, not {kind}.")


def _verify(session: Session, wish: Wish, plan: Plan) -> list[str]:
    if plan.action == "delete":
        return _verify_removal(session, plan)
    after, before = plan.after or {}, plan.before or {}
    if plan.action == "create" and after.get("type") == "tx" and not after.get("subject"):
        raise Refusal(f"{plan.title} does not exist yet, and a tx template needs a subject.")
    if plan.action == "update" and before.get("is_default") and after.get("is_default") is False:
        raise Refusal(
            f"{plan.title} is the default template and listmonk always has one: set is_default: true on the template that is to take its "
            "place."
        )
    if any(change.field.name in ("body", "subject") for change in plan.changes):
        return _compiled(session, plan, str(after.get("type")), str(after.get("body", "")))
    return []


def _verify_removal(session: Session, plan: Plan) -> list[str]:
    before = plan.before or {}
    if before.get("is_default"):
        raise Refusal(f"{plan.title} is the default template and cannot be removed: make another one the default first.")
    if len(session.once("all templates", lambda: read_templates(session))) == 1:
        raise Refusal(f"{plan.title} is the only template, and listmonk refuses to be without one.")
    return []


def _compiled(session: Session, plan: Plan, kind: str, body: str) -> list[str]:
    """Let the server compile the body without storing it."""
    try:
        session.client.preview("/api/templates/preview", {"template_type": kind, "body": body})
    except Rejected as error:
        if error.status != 400:
            raise
        if "executing " in error.sentence:
            # It compiles; the preview's sample person just lacks what the template asks for, as any tx data.
            return [f"{plan.title} compiles, but the server's preview with sample data says: {error.sentence}"]
        raise Refusal(f"{plan.title}: the server cannot compile the body: {error.sentence} Nothing was written.") from error
    return []


def _body(_session: Session, plan: Plan) -> Values:
    """The whole template: PUT validates by the type that it is sent, although it never changes it."""
    after = plan.after or {}
    sent = {key: after[key] for key in ("name", "type", "subject", "body") if after.get(key) is not None}
    if after.get("body_source"):
        sent["body_source"] = after["body_source"]
    return sent


def _finish(session: Session, _wish: Wish, plan: Plan, row: Values) -> None:
    if any(change.field.name == "is_default" and change.after for change in plan.changes):
        session.client.put(f"/api/templates/{row['id']}/default", {}, expect=list)


TEMPLATE_STORE = RestStore(
    resource=TEMPLATES,
    path="/api/templates",
    read=read_templates,
    complete=_complete,
    body=_body,
    options=OPTIONS,
    wanted=_wanted,
    verify=_verify,
    finish=_finish,
)


def select_templates(session: Session, asked: dict[str, Any]) -> list[Values]:
    """Templates that match, with their bodies unless those are not wanted."""
    wanted = {key: value for key, value in asked.items() if key in _KNOWN}
    if asked.get("include_body", True):
        return TEMPLATE_STORE.select(session, wanted)
    rows = [row for row in read_templates(session) if all(row.get(key) == value for key, value in wanted.items())]
    return [{key: value for key, value in row.items() if key in _KNOWN and key not in ("body", "body_source")} for row in rows]
