# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from sandbox.listmonk.audience.addresses import DOMAIN_BLOCKED, BadAddress, DomainRules, sanitised

# Verdicts of a real 6.2.0.
ACCEPTED = {
    " Anna@Example.COM ": "anna@example.com",
    "o'brien+news@example.com": "o'brien+news@example.com",
    "müller@bücher.example": "müller@bücher.example",
    "mueller@xn--bcher-kva.example": "mueller@xn--bcher-kva.example",
    "straße@example.com": "straße@example.com",
    "olga@localhost": "olga@localhost",
    "tom@[192.0.2.7]": "tom@[192.0.2.7]",
    "tom@[2001:db8::1]": "tom@[2001:db8::1]",
    "İΣ@example.com": "iσ@example.com",
    "m\udcfcller@example.com": "m\ufffdller@example.com",
    "\u3000pad@example.com\u2003": "pad@example.com",
}
REJECTED = (
    '"john doe"@example.com',
    "Jane Doe <jane@example.com>",
    "mailto:kim@example.com",
    "lee@example,com",
    "max@example.com;nora@example.com",
    "a@example.com,b@example.com",
    "paul@example.com.",
    "qa@@example.com",
    "rita @example.com",
    "sam@example..com",
    ".sam@example.com",
    "uma.@example.com",
    "x@",
    "@example.com",
    "",
    "#N/A",
    "tom@[192.0.2.300]",
    "tom@[fe80::1%eth0]",
    "tom@example.com (home)",
    "tom@ example.com",
    "\x1ctom@example.com",
    "a" * 990 + "@example.com",
)


@pytest.mark.parametrize(("given", "stored"), ACCEPTED.items())
def test_a_bare_address_is_stored_trimmed_and_lowered(given: str, stored: str) -> None:
    assert sanitised(given) == stored


@pytest.mark.parametrize("given", REJECTED)
def test_what_is_more_or_less_than_a_bare_address_is_refused(given: str) -> None:
    with pytest.raises(BadAddress, match=r"^Invalid email\.$"):
        sanitised(given)


@pytest.mark.parametrize(
    ("domain", "refused"),
    [("spam.example", True), ("mail.wild.example", True), ("wild.example", True), ("a.b.wild.example", False), ("good.example", False)],
)
def test_a_domain_on_the_blocklist_is_refused_and_a_wildcard_stands_for_one_level(domain: str, refused: bool) -> None:
    rules = DomainRules.of(["spam.example", "*.wild.example"], [])
    if refused:
        with pytest.raises(BadAddress, match=DOMAIN_BLOCKED):
            sanitised(f"a@{domain}", rules)
    else:
        assert sanitised(f"a@{domain}", rules) == f"a@{domain}"


def test_an_allowlist_makes_the_blocklist_moot() -> None:
    rules = DomainRules.of(["good.example"], ["good.example"])
    assert sanitised("a@good.example", rules) == "a@good.example"
    with pytest.raises(BadAddress):
        sanitised("a@other.example", rules)
