# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses: the server's verdict, or a stricter one with a reason."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.imports.email_address import (
    BLANKS,
    BadEmailAddress,
    canonical,
    is_plain,
)

# Printable ASCII without the specials of RFC 5322, and a few letters beyond ASCII.
ATOM = st.text(st.sampled_from("abcxyzABC019!#$%&'*+-/=?^_`{|}~éßüж日"), min_size=1, max_size=8)
DOT_ATOM = st.lists(ATOM, min_size=1, max_size=3).map(".".join)
SPECIALS = st.sampled_from(list('()<>[]:;@\\,"\t \x00\x1f\x7f'))


@given(DOT_ATOM, DOT_ATOM, st.text(st.sampled_from(list(BLANKS)), max_size=2))
def test_a_dot_atom_on_each_side_is_accepted_trimmed_and_lower_cased(local: str, domain: str, blanks: str) -> None:
    assert canonical(f"{blanks}{local}@{domain}{blanks}") == f"{local}@{domain}".lower()


@given(DOT_ATOM, DOT_ATOM)
def test_what_is_accepted_is_stored_as_it_is_when_it_comes_back(local: str, domain: str) -> None:
    once = canonical(f"{local}@{domain}")
    assert canonical(once) == once


@given(DOT_ATOM, DOT_ATOM, SPECIALS, st.integers(0, 20))
def test_a_special_character_anywhere_inside_is_refused(local: str, domain: str, special: str, place: int) -> None:
    address = f"{local}@{domain}"
    place = 1 + place % (len(address) - 1)
    with pytest.raises(BadEmailAddress):
        canonical(address[:place] + special + address[place:])


@given(st.from_regex(r"[a-z0-9_+.@-]{3,30}", fullmatch=True))
def test_a_plain_address_is_one_that_is_stored_as_it_stands(cell: str) -> None:
    if is_plain(cell):
        assert canonical(cell, allow_local_domains=False, allow_address_literals=False) == cell


def verdict(cell: str) -> str:
    try:
        return canonical(cell)
    except BadEmailAddress as refusal:
        return f"refused: {refusal}"


@given(st.text(max_size=40))
def test_anything_at_all_gets_a_verdict_with_a_reason(cell: str) -> None:
    assert "@" in verdict(cell) or len(verdict(cell)) > len("refused: ")


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("", "empty"),
        ("#N/A", "spreadsheet"),
        ("#REF!", "spreadsheet"),
        ("Jane Doe <jane@example.com>", "display name"),
        ("<jane@example.com>", "display name"),
        ("mailto:kim@example.com", "mailto"),
        ("max@example.com;nora@example.com", "more than one address"),
        ("max@example.com, nora@example.com", "more than one address"),
        ("lee@example,com", "comma"),
        ("lee.example.com", "no @"),
        ("qa@@example.com", "more than one @"),
        ("@example.com", "before the @"),
        ("ann@", "after the @"),
        ("rita @example.com", "blank"),
        ("sam@example..com", "two dots"),
        ("paul@example.com.", "dot at the end"),
        ("uma.@example.com", "dot before the @"),
        (".uma@example.com", "name must begin"),
        ('"john doe"@example.com', "quoted"),
        ("ann(work)@example.com", "character ("),
        ("ann\x1c@example.com", "U+001C"),
        ("ann\u200b@example.com", "U+200B"),
        ("ann\u00a0b@example.com", "U+00A0"),
        ("m\ufffdller@example.com", "U+FFFD"),
        ("ann@[example]", "not an IP address"),
        ("ann@[192.0.2.07]", "not an IP address"),
        ("ann@[fe80::1%eth0]", "not an IP address"),
        ("a" * 995 + "@x.com", "longer than 1000"),
        ("ü" * 500 + "@x.com", "longer than 1000"),
    ],
)
def test_the_reason_says_what_to_correct(cell: str, reason: str) -> None:
    with pytest.raises(BadEmailAddress, match=r".*") as refusal:
        canonical(cell)
    assert reason in str(refusal.value)


@pytest.mark.parametrize(
    ("cell", "stored"),
    [
        ("olga@localhost", "olga@localhost"),
        ("tom@[192.0.2.7]", "tom@[192.0.2.7]"),
        ("tom@[2001:DB8::1]", "tom@[2001:db8::1]"),
        ("o'brien+news@example.com", "o'brien+news@example.com"),
        ("İ@example.com", "i@example.com"),
        ("ΟΔΟΣ@example.com", "οδοσ@example.com"),
        ("a" * 994 + "@x.com", "a" * 994 + "@x.com"),
    ],
)
def test_unusual_addresses_are_stored_as_the_server_stores_them(cell: str, stored: str) -> None:
    assert canonical(cell) == stored


def test_local_domains_and_address_literals_are_refused_only_on_request() -> None:
    with pytest.raises(BadEmailAddress, match="allow_local_domains"):
        canonical("olga@localhost", allow_local_domains=False)
    with pytest.raises(BadEmailAddress, match="allow_address_literals"):
        canonical("tom@[192.0.2.7]", allow_address_literals=False)
    assert canonical("tom@[192.0.2.7]", allow_local_domains=False) == "tom@[192.0.2.7]"
