# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One step on one resource through its provider, with the failure texts that CloudFormation makes of it."""

from __future__ import annotations

import sys
import time
import traceback
import uuid
from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ..cloud import Unplaced
from ..providers.kind import Handle, Kind
from .account import Account
from .dynamic_references import resolved
from .errors import Abandoned, Cancelled, Refusal, ResourceFailed
from .stack import Resource, Stack

POLL_S = 0.1
LONGEST_WAIT_S = 600.0  # AWS's handlers wait for hours; whatever takes longer here will never be ready
# How handlers name an error in HandlerErrorCode, by a part of the service's own code.
HANDLER_CODES = (
    (("AlreadyExists", "AlreadyOwned", "Duplicate", "InUse", "EntityAlready"), "AlreadyExists"),
    (("NotFound", "NoSuch", "DoesNotExist", "NonExistent"), "NotFound"),
    (("AccessDenied", "Unauthorized"), "AccessDenied"),
    (("Throttl", "LimitExceeded", "TooManyRequests"), "Throttling"),
    (("Invalid", "Validation", "Malformed"), "InvalidRequest"),
)
GONE = HANDLER_CODES[1][0]


def handle_of(account: Account, stack: Stack, resource: Resource, wanted: dict[str, Any], before: dict[str, Any]) -> Handle:
    """What a provider gets.

    Raises:
        ResourceFailed: a dynamic reference does not resolve.
    """
    try:
        properties, former = resolved(account.cloud, wanted), resolved(account.cloud, before)
    except Refusal as error:
        raise ResourceFailed(str(error)) from error
    return Handle(
        cloud=account.cloud,
        stack=stack.name,
        logical_id=resource.logical_id,
        properties=properties,
        before=former,
        physical_id=resource.physical_id,
        attributes=dict(resource.attributes),
    )


def attempt(step: Callable[[], None], handle: Handle, kind: Kind) -> None:
    """Run one step of a provider.

    Raises:
        ResourceFailed: with the reason for the event.
    """
    try:
        step()
    except (ResourceFailed, Abandoned, Cancelled):
        raise
    except ClientError as error:
        raise ResourceFailed(_as_handlers_say_it(error, handle.token)) from error
    except Refusal as error:
        raise ResourceFailed(str(error)) from error
    except Unplaced as error:
        raise ResourceFailed(f"The sandbox has no place for a part of {handle.logical_id} ({kind.type}): {error}") from error
    except BotoCoreError as error:
        raise ResourceFailed(f"Resource handler returned message: {error}") from error
    except Exception as error:  # a mistake in a provider: shown as what it is, with its traceback in the server's log
        traceback.print_exc(file=sys.stderr)
        raise ResourceFailed(f"The sandbox's provider of {kind.type} broke off: {type(error).__name__}: {error}") from error


def settle(account: Account, handle: Handle, kind: Kind, ready: Callable[[Handle], bool] | None, cancelled: Callable[[], bool]) -> None:
    """Wait until the provider says that the resource is ready.

    Raises:
        ResourceFailed: it never will be, or not in time.
        Cancelled: another resource of the operation failed meanwhile.
    """
    if ready is None:
        return
    done: list[bool] = []
    deadline = time.monotonic() + LONGEST_WAIT_S
    while not done:
        attempt(lambda: done.append(True) if ready(handle) else None, handle, kind)
        if done:
            return
        if cancelled():
            raise Cancelled
        if time.monotonic() > deadline:
            raise ResourceFailed("Exceeded attempts to wait (HandlerErrorCode: NotStabilized)")
        account.pause(POLL_S)


def is_gone(error: ClientError) -> bool:
    """The service does not know it (any more)."""
    return any(part in error.response["Error"]["Code"] for part in GONE)


def _as_handlers_say_it(error: ClientError, token: str) -> str:
    code, text = error.response["Error"]["Code"], error.response["Error"]["Message"]
    if text.lstrip().startswith("<!doctype html>"):
        return f"The sandbox's moto broke off in {error.operation_name}; the traceback is in the server's log"
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 400)
    handler_code = next((name for parts, name in HANDLER_CODES if any(part in code for part in parts)), "GeneralServiceException")
    return (
        f'Resource handler returned message: "{text} (Service: {error.operation_name}, Error Code: {code}, Status Code: {status}, '
        f'Request ID: {uuid.uuid4()})" (RequestToken: {token}, HandlerErrorCode: {handler_code})'
    )
