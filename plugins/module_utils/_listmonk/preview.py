# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A rendered template: the POST that writes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from .answers import Secrets
from .errors import WriteInCheckMode
from .refusals import not_the_api, refusal
from .transport import Answer, Request

# The POSTs that write nothing (listmonk 6.2.0, cmd/templates.go): all that is sent as a POST in check mode.
PREVIEWS = frozenset({"/api/templates/preview"})


def preview_request(path: str, form: Mapping[str, str]) -> Request:
    """The form as a request that may be sent in check mode, too. Raises WriteInCheckMode for a path that may write."""
    if path not in PREVIEWS:
        raise WriteInCheckMode(f"POST {path} is not known to write nothing; it is not sent as a preview.")
    body = urlencode(form).encode("ascii")
    return Request("POST", path, writes=False, body=body, headers={"Content-Type": "application/x-www-form-urlencoded"})


def page_of(answer: Answer, *, username: str, secrets: Secrets) -> str:
    """The text of a rendered preview. A page cannot be told from a sign-in page: prove the API by another request first."""
    if answer.status >= 400:
        raise refusal(answer, username=username, secrets=secrets())
    if answer.status != 200 or not answer.content_type.lower().startswith("text/html"):
        raise not_the_api(answer, "something else than the rendered page", secrets())
    return answer.body.decode("utf-8", errors="replace")
