# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings as one value: what the server shows, what is laid over it, and what is sent back.

``GET /api/settings`` shows a secret as that many bullets, and ``PUT /api/settings`` replaces everything: a bullet that is sent back is
stored as the password (facts: a blank one keeps what is stored, matched by the block's uuid). So bullets never leave this module.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from typing import Any

from .._core.compare import equal
from .._core.errors import Refusal
from .settings_shapes import Blocks, Record, Shape
from .settings_vocabulary import SMTP, VOCABULARY

BULLET = "•"
Path = tuple[Any, ...]


def is_mask(value: Any) -> bool:
    """Whether a value is what listmonk shows in place of a secret."""
    return isinstance(value, str) and value != "" and not value.strip(BULLET)


def refuse_bullets(value: Any, where: str) -> None:
    """Raise ``Refusal`` for a wish that was copied from what listmonk shows in place of a secret."""
    for path, _mask in masks(value):
        place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
        raise Refusal(
            f"{where}{place} consists only of the dots that listmonk shows in place of a secret. Give the secret itself, or leave it out: "
            "then the stored one stays."
        )


def masks(value: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Where in a value there are masks."""
    if is_mask(value):
        yield path, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from masks(inner, (*path, key))
    elif isinstance(value, (list, tuple)):
        for position, inner in enumerate(value):
            yield from masks(inner, (*path, position))


def without_masks(value: Any) -> Any:
    """A value fit to be printed: even how long a secret is stays unsaid."""
    return _replaced(value, lambda _path, text: "<secret>" if is_mask(text) else text)


def is_secret(path: Path) -> bool:
    """Whether listmonk shows bullets for what is there."""
    key, *rest = path
    if key == SMTP:
        return bool(rest) and rest[-1] == "password"
    return key in VOCABULARY and (VOCABULARY[key].secret or _is_secret_part(VOCABULARY[key].shape, rest))


def may_be_secret(path: Path) -> bool:
    """Of a key that we do not know, of a newer listmonk, anything may be a secret."""
    return is_secret(path) or path[0] not in (SMTP, *VOCABULARY)


def _is_secret_part(shape: Shape, path: list[Any]) -> bool:
    if isinstance(shape, Blocks):
        return len(path) > 1 and _is_secret_part(shape.record, path[1:])
    if isinstance(shape, Record) and path and path[0] in shape.parts:
        part = shape.part(path[0])
        return part.secret or _is_secret_part(part.shape, path[1:])
    return False


def secrets_in(values: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """Every place of the document that holds a secret, and what stands there: a mask, a new secret, or nothing."""

    def walk(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
        if isinstance(value, str):
            if is_secret(path):
                yield path, value
        elif isinstance(value, Mapping):
            for key, inner in value.items():
                yield from walk(inner, (*path, key))
        elif isinstance(value, list):
            for position, inner in enumerate(value):
                yield from walk(inner, (*path, position))

    for key, value in values.items():
        yield from walk(value, (key,))


class Draft:
    """One change of the document, put together from several wishes and sent once.

    In ``values`` a mask stands for the secret that stays, a text for one that is to be written, and "" for none.
    """

    def __init__(self, held: Mapping[str, Any]) -> None:
        self.held = held
        self.values: dict[str, Any] = deepcopy(dict(held))

    @property
    def changed(self) -> list[str]:
        """Keys that are not as the server holds them."""
        return [key for key, value in self.values.items() if not equal(value, self.held.get(key))]

    def body(self) -> dict[str, Any]:
        """What to send: the whole document, with a blank for each secret that stays. Raises ``Refusal`` rather than send a bullet."""
        self._refuse_mixed_up_passwords()
        body: dict[str, Any] = _replaced(self.values, lambda path, value: "" if is_mask(value) and may_be_secret(path) else value)
        for path, _mask in masks(body):
            raise Refusal(
                f"the setting {_dotted(path)} consists only of dots on the server. Nothing is written, since dots in place of a secret would "
                "become the secret: give the setting another value in listmonk first."
            )
        return body

    def shown(self) -> dict[str, Any]:
        """The document as the server will show it once it has stored the draft."""
        shown: dict[str, Any] = _replaced(self.values, lambda path, value: BULLET * len(value) if is_secret(path) else value)
        return shown

    def not_kept(self, now: Mapping[str, Any]) -> list[str]:
        """The changed keys for which the server shows something else than what was sent."""
        shown = self.shown()
        return [key for key in self.changed if not equal(comparable(key, shown[key]), comparable(key, now.get(key)))]

    def _refuse_mixed_up_passwords(self) -> None:
        """Blocks without a uuid all inherit the password of the last such block that is stored (measured on 6.2.0)."""
        for key in (SMTP, *(key for key, setting in VOCABULARY.items() if isinstance(setting.shape, Blocks))):
            stored = [block.get("password", "") for block in self.held.get(key) or [] if not block.get("uuid")]
            for block in self.values.get(key) or []:
                password = block.get("password", "")
                keeps = not password or is_mask(password)
                if stored and not block.get("uuid") and keeps and password != stored[-1]:
                    raise Refusal(
                        f"two entries of {key} have no uuid yet and different passwords (one is {block.get('host')!r}); on the next write listmonk "
                        "would give both the password of the last one. Give each a uuid in the database first: row "
                        f"{key!r} of the table settings."
                    )


def comparable(key: str, value: Any) -> Any:
    """A setting in a form in which two readings can be compared: normalised, without what the server adds or leaves out."""
    setting = VOCABULARY.get(key)
    if setting is not None:
        value = setting.shape.normal(value)
    if isinstance(value, list) and (key == SMTP or (setting is not None and isinstance(setting.shape, Blocks))):
        return [{name: inner for name, inner in block.items() if name != "uuid" and (name != "password" or inner)} for block in value]
    return "" if value is None and setting is not None and setting.secret else value


def _replaced(value: Any, by: Callable[[Path, str], str], path: Path = ()) -> Any:
    if isinstance(value, str):
        return by(path, value)
    if isinstance(value, Mapping):
        return {key: _replaced(inner, by, (*path, key)) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_replaced(inner, by, (*path, position)) for position, inner in enumerate(value)]
    return value


def _dotted(path: Path) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")
