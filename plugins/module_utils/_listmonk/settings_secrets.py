# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The secrets of the settings document, by names that people can write: ``bounce.postmark.password``, ``messengers.push.password``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .._core.errors import Refusal
from .settings_document import Path, is_mask, is_secret, secrets_in
from .settings_shapes import Blocks, Record, Shape, near
from .settings_vocabulary import SMTP, VOCABULARY

_SOUNDS_SECRET = re.compile(r"passw|secret|token|(?<!access_)key$", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Secret:
    """One place that can hold a secret."""

    name: str
    path: Path
    stands: str
    """A mask, or nothing."""

    @property
    def is_set(self) -> bool:
        return is_mask(self.stands)


def secrets_of(values: Mapping[str, Any]) -> list[Secret]:
    """The secrets that a document has room for, those of SMTP servers left out."""
    stands = dict(secrets_in(values))
    found: list[Secret] = []
    for key, setting in VOCABULARY.items():
        if key == "upload.s3.aws_secret_access_key" or key in values:  # the server leaves that one out while it is blank
            places = [((key,), key)] if setting.secret else _places(setting.shape, values.get(key), (key,), key)
            found += [Secret(name=name, path=path, stands=stands.get(path, "")) for path, name in places]
    return found


def _places(shape: Shape, value: Any, path: Path, name: str) -> Iterator[tuple[Path, str]]:
    if isinstance(shape, Record):
        for key in shape.parts:
            part = shape.part(key)
            if part.secret:
                yield (*path, key), f"{name}.{key}"
            else:
                yield from _places(part.shape, None, (*path, key), f"{name}.{key}")
    elif isinstance(shape, Blocks):
        names = [shape.name_of(block) for block in value or []]
        for position, called in enumerate(names):
            known_by = called if names.count(called) == 1 else str(position)
            yield from _places(shape.record, None, (*path, position), f"{name}.{known_by}")


def secret_named(secrets: list[Secret], name: str) -> Secret:
    """The secret of that name; raises ``Refusal`` with the ones there are."""
    for secret in secrets:
        if secret.name == name:
            return secret
    if name.split(".")[0] == SMTP:
        raise Refusal(f"secrets: {name!r}: the passwords of SMTP servers are set with clarivum.mailing.listmonk_smtp.")
    names = tuple(secret.name for secret in secrets)
    raise Refusal(f"secrets: there is no {name!r} on this server{near(name, names)}; there are {', '.join(names)}.")


def misplaced_secrets(value: Any, path: Path = ()) -> Iterator[str]:
    """Secrets that a task gave in the clear among the settings: they are refused, and must not be shown by the refusal."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from misplaced_secrets(inner, (*path, key))
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from misplaced_secrets(inner, (*path, position))
    elif isinstance(value, str) and value and path and (is_secret(path) or _SOUNDS_SECRET.search(str(path[-1]))):
        yield value
