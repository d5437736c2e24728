# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the server says: listmonk's envelopes, its errors and its way to write times.

* ``data(value)``       -> 200 ``{"data": value}``
* ``raw_json(value)``   -> the value itself (GET /api/about, the subscriber export, …)
* ``raise Problem(status, sentence)`` -> ``{"message": sentence}``
* ``html(page)``        -> a page; ``sent_to(path)`` -> a redirection
* ``path_id(text)``     -> the ``:id`` of a path, or the 400 that listmonk answers
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask import Response

INT64_MAX = 2**63 - 1


class Problem(Exception):
    """An answer that is an error: its HTTP status and the sentence in ``message``."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def data(value: Any, status: int = 200) -> Response:
    return raw_json({"data": value}, status)


def message(text: str, status: int) -> Response:
    return raw_json({"message": text}, status)


def raw_json(value: Any, status: int = 200, content_type: str = "application/json") -> Response:
    return Response(encode(value) + "\n", status=status, content_type=content_type)


def html(page: str, status: int = 200) -> Response:
    return Response(page, status=status, content_type="text/html; charset=UTF-8")


def sent_to(location: str, status: int = 302) -> Response:
    """A redirection, without a body or a content type."""
    response = Response(status=status)
    response.headers["Location"] = location
    response.autocorrect_location_header = False
    del response.headers["Content-Type"]
    return response


def encode(value: Any) -> str:
    """JSON as Go writes it: compact, UTF-8, with < > & and the line separators escaped."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_encode_other)
    for character in "<>&\u2028\u2029":
        if character in text:
            text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def instant(moment: datetime) -> str:
    """RFC 3339 with as many digits as needed: ``2026-11-25T13:22:35.04781Z``."""
    moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    text = moment.strftime("%Y-%m-%dT%H:%M:%S")
    if moment.microsecond:
        text += f".{moment.microsecond:06d}".rstrip("0")
    return text + "Z"


def path_id(text: str) -> int:
    """The number in a path such as /api/lists/:id. Too large a number is cut to 64 bits, as Go's Atoi does."""
    sign, digits = (text[:1], text[1:]) if text[:1] in ("+", "-") else ("", text)
    if not (digits.isascii() and digits.isdigit()) or sign == "-" or int(digits) < 1:
        raise Problem(400, "invalid ID")
    return min(int(digits), INT64_MAX)


def _encode_other(value: object) -> Any:
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")
