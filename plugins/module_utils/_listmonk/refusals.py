# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an answer that is no success means, as an error with its sentence.

Kept apart from what reads a success, because a task compiles all that it imports, and hardly one needs this.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from .errors import NotTheApi, Rejected, Uncertain
from .permissions import why_forbidden
from .server_text import page_text, server_sentence
from .transport import PASSING, Answer

_MAY_STAND = "A sign-in page or a proxy may stand in front of listmonk, or the url leads elsewhere"


def refusal(answer: Answer, *, username: str, secrets: Sequence[str]) -> Rejected | NotTheApi | Uncertain:
    """The error for a status of 400 or more."""
    request = answer.request
    said = _message_of(answer)
    asked = f"{request.method} {request.path}"
    if said is None and request.writes and answer.status >= 500:
        return Uncertain(
            f"Something in front of listmonk answered {asked} to {_place(answer)} with status {answer.status}:"
            f" {_came(answer, secrets)}. The change may or"
            " may not have happened. Run the task again: it reads the state first and does only what is missing."
        )
    if said is None and answer.status not in PASSING:
        return not_the_api(answer, _hint(answer.status), secrets)
    sentence = server_sentence(said, secrets) if said is not None else page_text(answer.body, secrets)
    unknown = answer.status == 404 and "unknown endpoint" in sentence
    explanation = why_forbidden(sentence, username) if answer.status == 403 else _advice(answer, unknown)
    text = f"listmonk refused {asked} (status {answer.status}): {sentence or 'no text came with it'}"
    return Rejected(
        f"{text.rstrip('.')}.{explanation}",
        method=request.method,
        path=request.path,
        status=answer.status,
        sentence=sentence,
        endpoint_unknown=unknown,
    )


def not_csv(answer: Answer, secrets: Sequence[str]) -> NotTheApi:
    what = "a web page" if answer.content_type.lower().startswith("text/html") else "something else"
    return not_the_api(answer, f"{what} instead of the CSV export", secrets)


def _message_of(answer: Answer) -> str | None:
    """The message of listmonk's error envelope; None if the answer is no such thing."""
    if answer.content_type.partition(";")[0].strip().lower() != "application/json":
        return None
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        return None
    message = found.get("message") if isinstance(found, dict) else None
    return message if isinstance(message, str) else None


def not_the_api(answer: Answer, what: str, secrets: Sequence[str]) -> NotTheApi:
    request = answer.request
    maybe_done = request.writes and answer.status < 400
    doubt = " Whether the change was made cannot be told from that; look before you run again." if maybe_done else ""
    return NotTheApi(
        f"{request.method} {request.path} was answered by {_place(answer)} with status {answer.status} and {what}:"
        f" {_came(answer, secrets)}."
        f" {_MAY_STAND}: check the url.{doubt}",
        status=answer.status,
    )


def _place(answer: Answer) -> str:
    return answer.url.partition("?")[0].removesuffix(answer.request.path) or answer.url


def _came(answer: Answer, secrets: Sequence[str]) -> str:
    text = page_text(answer.body, secrets)
    return f"\u201c{text}\u201d" if text else "no text"


def _hint(status: int) -> str:
    if status == 400:
        return "no error of listmonk's (an https server that is spoken to by http answers so)"
    if status in (401, 407):
        return "a demand for another sign-in than listmonk's"
    if status == 403:
        return "a refusal that is not listmonk's; a firewall may stand in front"
    if status == 413:
        return "a refusal that is not listmonk's; a proxy in front limits the size of requests"
    return "an error that is not listmonk's"


def _advice(answer: Answer, endpoint_unknown: bool) -> str:
    wait = f" It asks to wait: Retry-After {answer.retry_after[:40]}." if answer.retry_after else ""
    if answer.status == 429:
        return f" A proxy in front of listmonk wants fewer requests; nothing was changed.{wait}"
    if answer.status in PASSING:
        return f" listmonk does not answer behind its proxy.{wait}"
    if endpoint_unknown:
        return " This listmonk does not have that endpoint: it may be older than what the option needs, or the url has a wrong path."
    return ""
