# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether an answer is what listmonk's API answers, and the sentence for everything else.

Success is ``{"data": …}`` as application/json with status 200, refusal is ``{"message": "…"}`` with 400 or more. Whatever does
not look like that says nothing about listmonk's objects: no "not found" may be read from it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from .._core.errors import MailingError
from .transport import Answer

Expected: TypeAlias = "type | tuple[type, ...]"
Secrets: TypeAlias = Callable[[], Sequence[str]]
"""What no message may repeat; collected when there is a message."""

_KIND_OF_JSON: dict[type, str] = {
    dict: "an object",
    list: "a list",
    str: "a text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    type(None): "null",
}


def data_of(answer: Answer, expect: Expected, *, username: str, secrets: Secrets) -> Any:
    """The ``data`` of a successful answer, of the expected type. Raises Rejected, NotTheApi or Uncertain."""
    if answer.status >= 400:
        raise _refusal(answer, username, secrets)
    found = _json_of(answer, secrets)
    if answer.status != 200:
        raise _not_the_api(answer, "a status that listmonk does not use", secrets)
    if not isinstance(found, dict) or "data" not in found:
        raise _not_the_api(answer, f"{_kind(found)} without the key data, instead of the API's answer", secrets)
    data = found["data"]
    if not _is_of(data, expect):
        wanted = " or ".join(_KIND_OF_JSON.get(one, one.__name__) for one in (expect if isinstance(expect, tuple) else (expect,)))
        raise _not_the_api(answer, f"{_kind(data)} where {wanted} is due", secrets)
    return data


def _refusal(answer: Answer, username: str, secrets: Secrets) -> MailingError:
    from .refusals import refusal

    return refusal(answer, username=username, secrets=secrets())


def _not_the_api(answer: Answer, what: str, secrets: Secrets) -> MailingError:
    from .refusals import not_the_api

    return not_the_api(answer, what, secrets())


def _json_of(answer: Answer, secrets: Secrets) -> Any:
    if not answer.body.strip():
        raise _not_the_api(answer, "an empty answer instead of the API's", secrets)
    kind = answer.content_type.partition(";")[0].strip().lower()
    if kind != "application/json":
        what = "a web page" if kind in ("text/html", "application/xhtml+xml") else f"content of the type {kind or '(none)'}"
        raise _not_the_api(answer, f"{what} instead of the API's answer", secrets)
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise _not_the_api(answer, "text that is no JSON, although it is called so", secrets) from error


def _is_of(value: Any, expect: Expected) -> bool:
    kinds = expect if isinstance(expect, tuple) else (expect,)
    if isinstance(value, bool):  # bool is an int to Python, not to JSON
        return bool in kinds or object in kinds
    return isinstance(value, kinds)


def _kind(value: Any) -> str:
    return _KIND_OF_JSON.get(type(value), type(value).__name__)
