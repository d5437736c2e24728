# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lay what is wanted of one key over what the document holds."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from .._core.compare import equal
from .._core.errors import Refusal
from .._core.fields import Version
from .settings_document import comparable
from .settings_shapes import Blocks, Record, near
from .settings_vocabulary import SMTP, VOCABULARY, Setting


def refuse_unknown_key(key: str, held: Mapping[str, Any], version: Version) -> None:
    """Raise ``Refusal`` for a key that nobody, or not this server, knows."""
    if key == SMTP:
        raise Refusal(
            "settings: SMTP servers are managed with clarivum.mailing.listmonk_smtp, one task or entry for each; leave smtp out here."
        )
    setting = VOCABULARY.get(key)
    if setting is None:
        raise Refusal(f"settings: there is no {key!r}{_nearest(key)}.")
    if setting.secret:
        raise Refusal(f"settings: {key} is a secret: write it under secrets instead, where it is kept out of all output.")
    if not setting.exists_in(version) or key not in held:
        raise Refusal(f"settings: {key} {_lifetime(setting)}; this server is {_dotted(version)}.{_alternative(setting, held)}")


def laid_over(key: str, wanted: Any, held: Any) -> Any:
    """The key's value as it would be: in the server's spelling, and with what is not spoken of left as it is. Raises ``Refusal``."""
    shape = VOCABULARY[key].shape
    where = f"settings: {key}"
    shape.typed(wanted, where)
    if isinstance(shape, Record):
        _refuse_missing_parts(where, wanted, held or {})
        value: Any = shape.over(wanted, held or {})
    elif isinstance(shape, Blocks):
        value = _blocks(where, shape, wanted, held or [])
    else:
        value = shape.normal(wanted)
    if not equal(comparable(key, value), comparable(key, held)):
        shape.judge(value, held, where)
    return value


def _blocks(where: str, shape: Blocks, wanted: list[Any], held: list[Any]) -> list[dict[str, Any]]:
    left = list(held)
    made: list[dict[str, Any]] = []
    for position, wish in enumerate(wanted):
        at = f"{where}[{position}]"
        wish = shape.record.normal({name: value for name, value in wish.items() if value is not None})
        if not wish[shape.called[0]]:
            raise Refusal(f"{at}: of its {shape.called[0]} nothing is left in listmonk's spelling; use letters and digits.")
        block = _same_block(shape, wish, left)
        if block is not None:
            left.remove(block)
            made.append(shape.record.over(wish, block))
        else:
            # A uuid of our own: a block without one inherits the secret of any stored block that has none either.
            made.append({**_new_block(at, shape, wish), "uuid": str(uuid.uuid4())})
    if shape.called == ("name",):
        _refuse_taken_names(where, [str(block["name"]) for block in made])
    return made


def _same_block(shape: Blocks, wish: Mapping[str, Any], left: list[Any]) -> Any:
    """The stored block that is meant: all that it is known by agrees, or at least its name when only one has that."""
    name = shape.called[0]
    exact = [block for block in left if all(block.get(key) == wish.get(key, block.get(key)) for key in shape.called)]
    loose = [block for block in left if block.get(name) == wish[name]]
    return exact[0] if exact else loose[0] if len(loose) == 1 else None


def _new_block(where: str, shape: Blocks, wish: Mapping[str, Any]) -> dict[str, Any]:
    block: dict[str, Any] = {}
    for name in shape.record.parts:
        part = shape.record.part(name)
        if name in wish:
            block[name] = wish[name]
        elif part.default is None:
            raise Refusal(f"{where} is new, so it needs {name}.")
        else:
            block[name] = part.default
    return block


def _refuse_taken_names(where: str, names: list[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice or "email" in names:
        raise Refusal(
            f"{where}: two are called {', '.join(twice)} in listmonk's spelling." if twice else f"{where}: the name email is taken by SMTP."
        )


def _refuse_missing_parts(where: str, wanted: Mapping[str, Any], held: Mapping[str, Any]) -> None:
    """Older servers lack some parts of an object, and drop them without a word."""
    for name, value in wanted.items():
        if name not in held and value is not None:
            raise Refusal(f"{where}.{name} does not exist on this server; it has {', '.join(held)}. Leave it out, or upgrade listmonk.")
        if isinstance(value, Mapping) and isinstance(held.get(name), Mapping):
            _refuse_missing_parts(f"{where}.{name}", value, held[name])


def _nearest(key: str) -> str:
    """Other keys that were perhaps meant, also when only their last part was given."""
    hint = near(key, (*VOCABULARY, SMTP))
    ending = [known for known in VOCABULARY if known.split(".")[-1] == key.split(".")[-1]]
    return hint or (
        f" (did you mean {' or '.join(map(repr, ending[:3]))}?)" if ending else "; listmonk_settings_info lists all keys of a server"
    )


def _lifetime(setting: Setting) -> str:
    if setting.since and setting.until:
        return f"exists from listmonk {_dotted(setting.since)} to before {_dotted(setting.until)}"
    if setting.until:
        return f"existed before listmonk {_dotted(setting.until)}"
    return f"exists since listmonk {_dotted(setting.since)}" if setting.since else "is not among this server's settings"


def _alternative(setting: Setting, held: Mapping[str, Any]) -> str:
    there = setting.instead and setting.instead.split(" ")[0].removesuffix(".hcaptcha.secret") in held
    return f" Use {setting.instead} instead." if there else " Leave it out."


def _dotted(version: Version) -> str:
    return ".".join(map(str, version))
