# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a server's base address may look like, and the sentence for each way to get it wrong."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from .address import DEFAULT_PORTS, Address, without_secrets
from .errors import BadAddress

# What people copy from the browser's bar or from the API's documentation behind the address itself.
_PAGE = re.compile(
    "about|analytics|api|bounces|campaigns|config|dashboard|forms|health|import|lang|lists|login|logs|maintenance|media|profile|public|roles"
    "|settings|subscribers|templates|tx|users"
)
_LABEL = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")


def read_address(url: str) -> Address:
    """Check the url option. Raises BadAddress with what is wrong and, where it can be known, the right form."""
    if not url or not url.strip():
        raise BadAddress("The url is empty. It must be the address of listmonk, for example https://listmonk.example.com.")
    if "@" in url:
        raise BadAddress(
            f"There must be no credentials in the URL (and no @). Write {without_secrets(url).strip()} and give the name and the token"
            " of the API user"
            " in the options username and api_token."
        )
    _refuse_blanks(url)
    scheme, rest = _split_scheme(url)
    _refuse_query(url)
    authority, _slash, path = rest.partition("/")
    host, port = _split_authority(scheme, authority, url)
    prefix = _prefix(scheme, authority, path, url)
    shown_host = f"[{host}]" if ":" in host else host
    shown_port = "" if port is None else f":{port}"
    return Address(f"{scheme}://{shown_host}{shown_port}{prefix}", scheme, host, port or DEFAULT_PORTS[scheme])


def _refuse_blanks(url: str) -> None:
    if any(character.isspace() or ord(character) < 0x20 or ord(character) == 0x7F for character in url):
        right = "".join(character for character in url if not character.isspace() and ord(character) >= 0x20 and ord(character) != 0x7F)
        raise BadAddress(f"The url {without_secrets(url)!r} holds blanks or line breaks. Write it without: {without_secrets(right)}")
    if "\\" in url:
        raise BadAddress(f"The url {without_secrets(url)} holds a backslash. Write slashes: {without_secrets(url).replace(chr(92), '/')}")


def _split_scheme(url: str) -> tuple[str, str]:
    scheme, mark, rest = url.partition("://")
    if not mark or "/" in scheme:
        shown = without_secrets(url)
        bare = re.sub(r"^(https?)?:?/*", "", shown, flags=re.IGNORECASE) or "listmonk.example.com"
        raise BadAddress(f"The scheme is missing in the url {shown}. Write http://{bare} or https://{bare}.")
    if scheme.lower() not in DEFAULT_PORTS:
        raise BadAddress(f"The url {without_secrets(url)} must begin with http or https, not with {scheme}.")
    return scheme.lower(), rest


def _refuse_query(url: str) -> None:
    if "?" in url or "#" in url:
        raise BadAddress(
            "The url must be the address of listmonk alone, without a query (?) or a fragment (#). Write"
            f" {without_secrets(url).rstrip('/')}"
        )


def _split_authority(scheme: str, authority: str, url: str) -> tuple[str, int | None]:
    if authority.startswith("["):
        host, bracket, after = authority[1:].partition("]")
        if not bracket or not _is_ipv6(host) or (after and not after.startswith(":")):
            raise BadAddress(f"The url {url} has no IPv6 address in its square brackets. The right form is {scheme}://[::1]:9000.")
        return host.lower(), _port(after[1:], url) if after else None
    if authority.count(":") > 1:
        host, _colon, port = authority.rpartition(":")
        right = f"[{host}]:{port}" if _is_ipv6(host) and port.isascii() and port.isdigit() else f"[{authority}]"
        raise BadAddress(f"In the url {url} an IPv6 address needs square brackets, as in {scheme}://{right}.")
    host, colon, port = authority.partition(":")
    _check_host(scheme, host, url)
    return host.lower(), _port(port, url) if colon else None


def _is_ipv6(host: str) -> bool:
    import ipaddress

    try:
        ipaddress.IPv6Address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def _check_host(scheme: str, host: str, url: str) -> None:
    if not host:
        raise BadAddress(f"The host is missing in the url {url}. The right form is {scheme}://listmonk.example.com.")
    if not host.isascii():
        try:
            right = f" Write its ASCII form: {host.encode('idna').decode('ascii')}"
        except UnicodeError:
            right = " Write its ASCII form, which begins with xn--."
        raise BadAddress(f"The host {host} in the url has letters outside ASCII.{right}")
    if not all(_LABEL.fullmatch(label) for label in host.removesuffix(".").split(".")) or len(host) > 253:
        raise BadAddress(f"The host {host} in the url {url} is no host name: letters, digits and dashes between dots, 63 at most.")
    if re.fullmatch(r"\d+\.\d+\.\d+\.\d+", host) and any(int(part) > 255 for part in host.split(".")):
        raise BadAddress(f"The host {host} in the url {url} is no IPv4 address: each of its numbers must be 0 to 255.")


def _port(text: str, url: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 6 or not 1 <= int(text) <= 65535:
        raise BadAddress(f"The port {text!r} in the url {url} must be a number from 1 to 65535, or be left out together with its colon.")
    return int(text)


def _prefix(scheme: str, authority: str, path: str, url: str) -> str:
    segments = [segment for segment in path.split("/") if segment]
    for position, segment in enumerate(segments):
        following = segments[position + 1 : position + 2]
        if segment.lower() in ("api", "admin") and (not following or _PAGE.fullmatch(following[0].lower())):
            right = "/".join([f"{scheme}://{authority}", *segments[:position]])
            raise BadAddress(f"The url {url} names a page inside listmonk. Write the address in front of it: {right}")
        if segment in (".", ".."):
            raise BadAddress(f"The path of the url {url} must not hold {segment!r}. Write the path that it leads to.")
        if not segment.isascii():
            right = "/".join([f"{scheme}://{authority}", *(quote(part, safe="%") for part in segments)])
            raise BadAddress(f"The path of the url {url} has letters outside ASCII. Write {right}")
    return "".join(f"/{segment}" for segment in segments)


def origin_of(url: str) -> tuple[str, str, int] | None:
    """Scheme, host and port of any URL that a server names, in the form of :attr:`Address.origin`; None if it has no such thing."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    scheme = parts.scheme.lower()
    if scheme not in DEFAULT_PORTS or not parts.hostname:
        return None
    return (scheme, parts.hostname.lower(), port or DEFAULT_PORTS[scheme])
