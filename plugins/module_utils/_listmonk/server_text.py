# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text that a server wrote, made fit for our messages: short, without markup and without secrets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

PAGE_LIMIT = 300
SENTENCE_LIMIT = 1000
HIDDEN = "(hidden)"

# A NOT NULL violation makes listmonk answer with the whole row, bcrypt hash included (facts of 6.2.0: POST /api/users).
_ROW = re.compile(r"(Failing row contains) \(.*", re.DOTALL)
_SECRET_SHAPES = re.compile(
    r"\$2[abxy]?\$\d\d\$[./A-Za-z0-9]{20,53}"  # bcrypt
    r"|•+"  # the mask of a stored secret: nobody should take it for a value
    r"|(?<![A-Za-z0-9])(?=[A-Za-z]*[0-9])(?=[0-9]*[A-Za-z])[A-Za-z0-9]{32,}(?![A-Za-z0-9])"  # API tokens and their SHA-256
)
# Scripts, styles, comments, tags; each also without its end. (html.parser gives up on pages that are broken in certain ways.)
_MARKUP = re.compile(
    r"<(script|style)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)|<[a-z!/?][^>]*(?:>|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_SECRET_KEYS = re.compile(r"passw|secret|token|api_?key|access_key|credential", re.IGNORECASE)
_ROW_IN_OTHER_LANGUAGES = re.compile(r"\([^()]*\$2[abxy]?\$\d\d\$.*", re.DOTALL)


def server_sentence(text: str, secrets: Iterable[str] = ()) -> str:
    """The server's own sentence: redacted, in one line, at most 1000 characters."""
    return _one_line(redacted(text, secrets), SENTENCE_LIMIT)


def page_text(body: bytes, secrets: Iterable[str] = ()) -> str:
    """What a person would read on a page: its title and text, redacted, at most 300 characters."""
    import html  # its table of names costs every task time that hardly one needs

    text = html.unescape(_MARKUP.sub(" ", body[: 64 * 1024].decode("utf-8", errors="replace")))
    printable = "".join(character if character.isprintable() else " " for character in text)
    return _one_line(redacted(printable, secrets), PAGE_LIMIT)


def redacted(text: str, secrets: Iterable[str] = ()) -> str:
    for secret in sorted(set(secrets), key=len, reverse=True):
        if secret:
            text = text.replace(secret, HIDDEN)
    text = _ROW.sub(r"\1 (…)", text)
    text = _ROW_IN_OTHER_LANGUAGES.sub("(…)", text)
    return _SECRET_SHAPES.sub(HIDDEN, text)


def secrets_in(value: Any, under_secret_key: bool = False) -> Iterator[str]:
    """The strings that stand under a secret's key anywhere in a request's JSON: an error may quote them."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from secrets_in(inner, bool(_SECRET_KEYS.search(str(key))))
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from secrets_in(inner, under_secret_key)
    elif isinstance(value, str) and under_secret_key and len(value) > 2:
        yield value


def _one_line(text: str, limit: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1] + "…"
