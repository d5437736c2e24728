# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where an answer of status 3xx may lead: for a read to the same origin, for anything else nowhere.

Following further would hand the token to another host, or turn a write into something else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from .address import Address, without_secrets
from .address_reading import origin_of
from .errors import BadAddress, NotTheApi

if TYPE_CHECKING:
    from requests import Response

    from .transport import Request

REDIRECTS = 3  # steps that are followed
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


def followed(response: Response, address: Address, request: Request, send: Callable[[str], Response], steps: int = REDIRECTS) -> Response:
    """The answer at the end of the way that ``response`` begins. Raises BadAddress or NotTheApi where it must not be gone."""
    target = redirect_target(response)
    if target is None:
        return response
    response.close()
    refusal = refused_redirect(address, request.method, request.path, response.status_code, target)
    if refusal is not None:
        raise refusal
    if steps == 0:
        raise too_many_redirects(request.method, request.path, target, REDIRECTS)
    return followed(send(target), address, request, send, steps - 1)


def redirect_target(response: Response) -> str | None:
    """The absolute URL that the answer points to, or None if it points nowhere."""
    location = response.headers.get("Location")
    if response.status_code not in _REDIRECTS or not location:
        return None
    try:
        return urljoin(response.url, location)
    except ValueError:  # brackets without an address in them
        return location


def refused_redirect(address: Address, method: str, path: str, status: int, target: str) -> BadAddress | NotTheApi | None:
    """Why this redirect is not followed; None if it may be."""
    origin = origin_of(target)
    if method == "GET" and origin == address.origin:
        return None
    shown = without_secrets(target)
    said = f"{address.base} answered {method} {path} with a redirect (status {status}) to {shown}"
    if shown.endswith(path):  # the same thing, elsewhere: a canonical host, https, another prefix
        right = shown.removesuffix(path)
        if right != address.base:
            return BadAddress(f"{said}. The token is not sent there. If that is your listmonk, set url to {right}")
    return NotTheApi(
        f"{said}, which is not followed: a sign-in page or a proxy may stand in front of listmonk. Check the url.",
        status=status,
    )


def too_many_redirects(method: str, path: str, last: str, limit: int) -> NotTheApi:
    return NotTheApi(
        f"{method} {path} was redirected more than {limit} times, the last time to {without_secrets(last)}. Check the url, and the"
        " proxy in front of"
        " listmonk."
    )
