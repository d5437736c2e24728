# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings as a resource: any of the document's keys, and the secrets in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, cast

from ..._core.change import Change
from ..._core.compare import equal
from ..._core.errors import Refusal
from ..._core.fields import Field, OptionType
from ..._core.plan import Plan
from ..._core.resource import Resource
from ..._core.spec import Spec
from .. import settings_write
from ..reconcile import Outcome
from ..session import Session
from ..settings_document import comparable, refuse_bullets
from ..settings_overlay import laid_over, refuse_unknown_key
from ..settings_secrets import Secret, misplaced_secrets, secret_named, secrets_of
from ..settings_vocabulary import VOCABULARY, Setting
from ..wish import Values, Wish


def _field(setting: Setting) -> Field:
    kind = cast(OptionType, setting.shape.option_type)
    return Field(
        name=setting.key,
        type=kind,
        elements="raw" if kind == "list" else None,
        since=setting.since,
        until=setting.until,
        secret=setting.secret,
        write_only=setting.secret,
    )


SETTINGS = Resource(
    kind="settings",
    plural="settings",
    document=True,
    secrets_policy="update_password",
    fields=tuple(map(_field, VOCABULARY.values())),
)

OPTIONS: Spec = {
    "settings": {"type": "dict", "default": {}},
    "secrets": {"type": "dict", "default": {}, "no_log": True},
    **settings_write.OPTIONS,
}


@dataclass(frozen=True, kw_only=True)
class SettingsStore:
    """The settings document; what the wishes of a run change in it is written at once."""

    resource: Resource = SETTINGS
    options: Spec = field(default_factory=lambda: OPTIONS)
    stages: bool = True

    def hidden(self, options: Values) -> Iterator[str]:
        """Values of options that must not be shown, although the option as a whole may."""
        return misplaced_secrets(options.get("settings") or {})

    def read_all(self, session: Session) -> list[Values]:
        return [visible(settings_write.read_settings(session))]

    def plan(self, session: Session, wish: Wish) -> Plan:
        draft = settings_write.staged(session).draft
        before = dict(draft.values)
        wanted = {key: value for key, value in (wish.options.get("settings") or {}).items() if value is not None}
        for key, value in wanted.items():
            refuse_unknown_key(key, before, session.client.version)
            refuse_bullets(value, f"settings: {key}")
        after = {**before, **{key: laid_over(key, value, before.get(key)) for key, value in wanted.items()}}
        _refuse_unknown_language(session, before, after)
        changed = [key for key in wanted if not equal(comparable(key, after[key]), comparable(key, before.get(key)))]
        after = {**before, **{key: after[key] for key in changed}}
        written = _write_secrets(after, wish)
        changes = [Change(field=SETTINGS.field(key), before=visible(before).get(key), after=visible(after).get(key)) for key in changed] + [
            Change(field=Field(name=name, type="str", secret=True, write_only=True), before=None, after=None) for name in written
        ]
        managed = set(wanted)
        return Plan(
            resource=SETTINGS,
            name="listmonk",
            action="update" if changes else "none",
            before={key: value for key, value in visible(before).items() if key in managed},
            after={key: value for key, value in visible(after).items() if key in managed},
            changes=tuple(changes),
            writes={**{key: after[key] for key in changed}, **written, _DOCUMENT: after},
        )

    def check(self, session: Session, wish: Wish, plan: Plan) -> list[str]:
        if not plan.changed:
            settings_write.warn_of_pending_restart(session)
            return []
        settings_write.staged(session).draft.values = dict((plan.writes or {})[_DOCUMENT])
        return settings_write.admit(session, wish)

    def apply(self, session: Session, wish: Wish, plan: Plan) -> None:
        settings_write.commit_later(session)

    def result(self, session: Session, wish: Wish, plan: Plan) -> Values | None:
        shown = visible(settings_write.now(session)) if plan.changed else dict(plan.after or {})
        return {key: value for key, value in shown.items() if key in (plan.after or {})}

    def facts(self, session: Session, outcome: Outcome) -> dict[str, Any]:
        now = settings_write.now(session)
        return {
            **settings_write.facts_of(session, changed=outcome.changed),
            "secrets_set": [secret.name for secret in secrets_of(now) if secret.is_set],
        }


_DOCUMENT = "(document)"


def visible(values: Mapping[str, Any]) -> dict[str, Any]:
    """The settings in the form in which the module takes them: without secrets, uuids, SMTP servers and keys that we do not know."""
    shown = {key: comparable(key, deepcopy(value)) for key, value in values.items() if key in VOCABULARY and not VOCABULARY[key].secret}
    for secret in secrets_of(shown):
        _remove(shown, secret.path)
    return shown


def _remove(values: dict[str, Any], path: tuple[Any, ...]) -> None:
    place: Any = values
    for step in path[:-1]:
        if isinstance(place, Mapping) and step not in place:
            return
        place = place[step]
    if isinstance(place, dict):
        place.pop(path[-1], None)


def _write_secrets(values: dict[str, Any], wish: Wish) -> dict[str, str]:
    """Put the given secrets into the document where the policy wants them written; returns those, by name."""
    written: dict[str, str] = {}
    given: Mapping[str, Any] = wish.options.get("secrets") or {}
    there = secrets_of(values) if given else []
    for name, value in given.items():
        if value is None:
            continue
        secret = secret_named(there, name)
        _refuse_unfit_secret(secret, value)
        if value == "" or (secret.is_set and wish.options.get("update_password") != "always"):
            continue
        written[name] = value
        _put(values, secret.path, value)
    return written


def _refuse_unfit_secret(secret: Secret, value: Any) -> None:
    if not isinstance(value, str):
        raise Refusal(f"secrets: {secret.name} must be a text, not a {type(value).__name__}: put it into quotes.")
    refuse_bullets(value, f"secrets: {secret.name}")
    if value == "" and secret.is_set:
        raise Refusal(
            f"secrets: {secret.name} cannot be cleared: listmonk keeps the stored secret when it is given a blank one. Give another one, or switch "
            "off what uses it and leave the secret out."
        )


def _put(values: dict[str, Any], path: tuple[Any, ...], secret: str) -> None:
    key, *rest = path
    if not rest:
        values[key] = secret
        return
    values[key] = place = deepcopy(values[key])
    for step in rest[:-1]:
        place = place[step]
    place[rest[-1]] = secret


def _refuse_unknown_language(session: Session, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """A language that the server has no texts for: it starts, and shows English or the names of texts."""
    if after.get("app.lang") == before.get("app.lang"):
        return
    codes = sorted(str(language.get("code")) for language in session.client.config().get("langs") or [])
    if codes and after.get("app.lang") not in codes:
        raise Refusal(f"settings: app.lang must be a language of this server, not {after.get('app.lang')!r}; there are {', '.join(codes)}.")


SETTINGS_STORE = SettingsStore()


def read_settings_info(session: Session, asked: dict[str, Any]) -> dict[str, Any]:
    """The settings that are asked for, or all, and which secrets there are."""
    document = settings_write.read_settings(session)
    for key in asked.get("keys", ()):
        refuse_unknown_key(key, document, session.client.version)
    shown = visible(document)
    return {
        "settings": {key: value for key, value in shown.items() if key in asked.get("keys", shown)},
        "secrets_set": [secret.name for secret in secrets_of(document) if secret.is_set],
        "needs_restart": bool(session.client.config().get("needs_restart")),
    }
