# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a request got no answer: the exceptions of requests, urllib3 and OpenSSL turned into a sentence.

Kept apart from failures.py, because a task compiles all that it imports, and hardly one needs this.
"""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterator

from .address import without_secrets
from .failures import Failure, Target


def explain(error: Exception, method: str, path: str, target: Target) -> Failure:
    """Find what lies at the bottom of an exception that requests raised."""
    from requests import exceptions as requests_errors

    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLError):
            return _tls(cause, target)
    if isinstance(error, requests_errors.SSLError):  # urllib3 1.26 compares the host's name itself, without an error of OpenSSL's
        return _distrusted(f"IP address mismatch or other name: {_words(causes[-1])}", target)
    if isinstance(error, requests_errors.ProxyError):
        return _proxy(causes)
    for cause in causes:
        if isinstance(cause, socket.gaierror):
            return _unknown_name(cause, target)
    if isinstance(error, requests_errors.ConnectTimeout):
        return Failure(
            f"No connection to {target.address.base} came about within {target.timeout:g} s: check host and port of the url, and"
            " whether a"
            " firewall or security group lets the host that runs the task through.",
            sent=False,
            passing=True,
        )
    if isinstance(error, requests_errors.ReadTimeout):
        return target.no_answer(method, path, f"nothing came within {target.timeout:g} s, the option timeout; it may be overloaded")
    if _never_connected(causes):
        return _refused(causes, target)
    if isinstance(error, (requests_errors.InvalidSchema, requests_errors.InvalidProxyURL, requests_errors.InvalidURL)):
        reason = without_secrets(str(error))
        return Failure(f"No request to {target.address.base} is possible, check the proxy variables: {reason}", sent=False, passing=False)
    bottom = causes[-1]
    return target.no_answer(method, path, f"the connection broke ({_words(bottom)})")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The chain from what requests raised to what the operating system said; urllib3 nests by attribute, argument and cause."""
    seen: list[BaseException] = []
    waiting = [error]
    while waiting:
        current = waiting.pop(0)
        if any(current is one for one in seen):
            continue
        seen.append(current)
        yield current
        nested = [getattr(current, "reason", None), *current.args, current.__cause__, current.__context__]
        waiting.extend(one for one in nested if isinstance(one, BaseException))


def _never_connected(causes: list[BaseException]) -> bool:
    from urllib3.exceptions import NewConnectionError

    return any(isinstance(cause, NewConnectionError) for cause in causes)


def _refused(causes: list[BaseException], target: Target) -> Failure:
    codes = [cause.errno for cause in causes if isinstance(cause, OSError) and cause.errno]
    if errno.ECONNREFUSED in codes:
        why = "the connection was refused: nothing listens there. Check that listmonk runs, and host and port of the url"
    elif errno.ENETUNREACH in codes or errno.EHOSTUNREACH in codes:
        why = "no route leads there. Check the network, and host and port of the url"
    else:
        why = f"the connection failed ({_words(causes[-1])}). Check host and port of the url"
    return Failure(f"Cannot reach {target.address.base}: {why}.", sent=False, passing=True)


def _unknown_name(cause: socket.gaierror, target: Target) -> Failure:
    return Failure(
        f"Cannot reach {target.address.base}: the name {target.address.host} is unknown to DNS ({_words(cause)}). Check its spelling,"
        " and the name"
        " resolution of the host that runs the task.",
        sent=False,
        passing=cause.errno == socket.EAI_AGAIN,
    )


def _proxy(causes: list[BaseException]) -> Failure:
    said = next((str(cause) for cause in causes if str(cause).startswith("Tunnel connection failed")), _words(causes[-1]))
    return Failure(
        f"The proxy from the environment (http_proxy, https_proxy, all_proxy) gave no connection: {said}. Check these variables, or"
        " name the host in"
        " no_proxy.",
        sent=False,
        passing=True,
    )


def _distrusted(why: str, target: Target) -> Failure:
    return Failure(
        f"The certificate of {target.address.base} is not trusted: {why}. It was checked against {target.trust.source}. Name the file of a"
        " private certificate authority in ca_path; validate_certs: false switches the check off.",
        sent=False,
        passing=False,
    )


def _tls(cause: ssl.SSLError, target: Target) -> Failure:
    base = target.address.base
    if isinstance(cause, ssl.SSLCertVerificationError):
        return _distrusted(cause.verify_message.rstrip("."), target)
    reason = cause.reason or str(cause)
    if reason in ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG"):
        right = "http" + base.removeprefix("https")
        return Failure(f"{base} does not speak TLS ({reason}). If the server has no https, write {right}", sent=False, passing=False)
    if reason in ("NO_CERTIFICATE_OR_CRL_FOUND", "NO_START_LINE", "PEM_LIB", "BAD_BASE64_DECODE"):
        return Failure(f"No certificate in PEM form is in {target.trust.source} ({reason}).", sent=False, passing=False)
    return Failure(f"The TLS connection to {base} failed ({reason}).", sent=True, passing=isinstance(cause, ssl.SSLEOFError))


def _words(cause: BaseException) -> str:
    if isinstance(cause, OSError) and cause.strerror:
        return cause.strerror
    return without_secrets(str(cause))[:200] or type(cause).__name__
