# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What makes an address acceptable: the verdict listmonk would give, or a stricter one with a reason.

listmonk trims and lower-cases the cell and then demands that Go's ``net/mail`` parser returns it unchanged (6.2.0,
measured). Of all that RFC 5322 allows this leaves a dot-atom, an ``@`` and a dot-atom or an IP address in square brackets;
every character from U+0080 on counts as a letter. Stricter than the server: invisible characters are refused, because nobody
can see why such an address bounces.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata

# What Go's strings.TrimSpace removes; Python's strip() would also remove U+001C to U+001F, which the server refuses.
BLANKS = "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"

_ATOM = r"[^\x00-\x20\x7f()<>\[\]:;@\\,\".]+"
_DOT_ATOM = rf"{_ATOM}(?:\.{_ATOM})*"
_ADDRESS = re.compile(rf"{_DOT_ATOM}@(?:{_DOT_ATOM}|\[([^\[\]\\]+)\])")
# The common case, decided without a function call: an address that the server stores as it stands.
is_plain = re.compile(r"[a-z0-9_+-]{1,64}(?:\.[a-z0-9_+-]{1,64}){0,3}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4}").fullmatch

_SPREADSHEET_ERROR = re.compile(r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|GETTING_DATA|NV|WERT!|BEZUG!)", re.IGNORECASE)

LONGEST = 1000
"""Bytes of an address that listmonk accepts (its importer's own limit)."""


class BadEmailAddress(ValueError):
    """``str(error)`` is the reason, without the address."""


def canonical(cell: str, *, allow_local_domains: bool = True, allow_address_literals: bool = True) -> str:
    """Return the address as listmonk would store it, or raise ``BadEmailAddress`` with the reason."""
    address = cell.strip(BLANKS)
    ascii_only = address.isascii()
    address = address.lower() if ascii_only else _lower_like_the_server(address)
    match = _ADDRESS.fullmatch(address)
    if match is None:
        raise BadEmailAddress(_reason(address))
    if not ascii_only:
        _refuse_invisible_characters(address)
    if len(cell) > LONGEST // 4 and max(len(address.encode()), len(cell.encode())) > LONGEST:
        raise BadEmailAddress(f"longer than {LONGEST} bytes")
    literal = match.group(1)
    if literal is not None:
        _refuse_bad_literal(literal, allow_address_literals)
    elif not allow_local_domains and "." not in address[address.index("@") :]:
        raise BadEmailAddress("the part after @ has no dot, and allow_local_domains is false")
    return address


def _lower_like_the_server(address: str) -> str:
    """Lower-case character by character, as Go does: no final sigma, and U+0130 becomes a plain i."""
    return "".join("i" if character == "\u0130" else character.lower() for character in address)


def _refuse_invisible_characters(address: str) -> None:
    for character in address:
        if character == "\ufffd":
            raise BadEmailAddress("holds U+FFFD, the mark of a character that an earlier conversion lost")
        if unicodedata.category(character) in ("Cc", "Cf", "Zs", "Zl", "Zp"):
            raise BadEmailAddress(f"holds an invisible character (U+{ord(character):04X})")


def _refuse_bad_literal(literal: str, allowed: bool) -> None:
    try:
        if "%" in literal:
            raise ValueError("a zone is no part of an address literal")
        ipaddress.ip_address(literal)
    except ValueError as error:
        raise BadEmailAddress("what stands in the square brackets is not an IP address") from error
    if not allowed:
        raise BadEmailAddress("an IP address stands after the @, and allow_address_literals is false")


def _reason(address: str) -> str:
    """Say what a person would have to correct; the first finding that explains the cell best."""
    for applies, reason in (
        (not address, "the cell is empty"),
        (_SPREADSHEET_ERROR.fullmatch(address), "a spreadsheet's error value instead of an address"),
        (address.startswith("mailto:"), "a mailto: link instead of the address alone"),
        ("<" in address or ">" in address, "a display name stands beside the address; only the address belongs here"),
        (address.count("@") > 1 and re.search(r"[;,\s/|]", address), "more than one address in one cell"),
        ("@" not in address, "there is no @ in it"),
        (address.startswith('"'), "a quoted local part, which listmonk does not accept"),
        (address.count("@") > 1, "more than one @"),
        (address.startswith("@"), "nothing stands before the @"),
        (address.endswith("@"), "nothing stands after the @"),
        (any(character in BLANKS for character in address), "a blank inside the address"),
        ("," in address, "a comma inside the address (a dot was probably meant)"),
        (".." in address, "two dots in a row"),
        (address.endswith("."), "a dot at the end"),
        (".@" in address, "a dot before the @"),
        (address.startswith(".") or "@." in address, "a dot where a name must begin"),
    ):
        if applies:
            return reason
    for character in address:
        if character in '()<>[]:;\\,"':
            return f"the character {character} is not allowed in an address"
        if character < " " or character == "\x7f":
            return f"holds a control character (U+{ord(character):04X})"
    return "not an e-mail address"
