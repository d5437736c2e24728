# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of an import, the log it is judged by, the searches it makes, and its documentation."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, strategies as st

from ansible_collections.clarivum.mailing.plugins.module_utils._core.errors import Refusal
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.connection_options import CONNECTION_OPTIONS
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.imports.domains import DomainRules
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.imports.email_address import BadEmailAddress
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.imports.finding import (
    LONGEST_CONDITION,
    as_literal,
    as_query,
    as_search,
    conditions_of,
)
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.imports.options import IMPORT_OPTIONS, Limit, parse_options
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.imports.receipt import Receipt, Stopwatch
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.imports.sending import judge_log
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.imports.verdicts import Verdicts

ROOT = Path(__file__).resolve().parents[3]
MODULE = ROOT / "plugins" / "modules" / "listmonk_subscriber_import.py"


def documentation(name: str) -> Any:
    text = MODULE.read_text(encoding="utf-8")
    found = re.search(rf'^{name} = r"""\n(.*?)^"""', text, re.DOTALL | re.MULTILINE)
    assert found
    return yaml.safe_load(found.group(1))


def refusal_of(**options: Any) -> str:
    with pytest.raises(Refusal) as refusal:
        parse_options({"src": "people.csv", "lists": ["Newsletter"], **options})
    return str(refusal.value)


@pytest.mark.parametrize(
    ("options", "part"),
    [
        ({"src": ""}, "src is missing"),
        ({"lists": []}, "lists is missing"),
        ({"mode": "blocklist"}, "lists has no meaning"),
        ({"mode": "blocklist", "lists": [], "consent_column": "ok"}, "mode subscribe"),
        ({"mode": "blocklist", "lists": [], "overwrite_userinfo": True}, "no effect"),
        ({"delimiter": "||"}, "one character"),
        ({"delimiter": "a"}, "one character"),
        ({"delimiter": '"'}, "one character"),
        ({"delimiter": "§"}, "one character"),
        ({"delimiter": ";", "format": "tsv"}, "tabs"),
        ({"max_rejected": "many"}, "a number of rows such as 3"),
        ({"max_rejected": "-1"}, "a number of rows such as 3"),
        ({"max_rejected": "101%"}, "a share of the rows"),
        ({"wait_timeout": 0}, "above 0"),
        ({"resubscribe_people_who_left": True}, "needs overwrite_subscription_status"),
        ({"consent_column": "ok", "subscription_status": "unsubscribed"}, "confirmed or unconfirmed"),
        ({"consent_column": "ok", "consent_yes": ["Ja", "1"], "consent_no": ["ja"]}, "ja stands in both"),
    ],
)
def test_an_impossible_wish_is_refused_with_what_would_be_right(options: dict[str, Any], part: str) -> None:
    assert part in refusal_of(**options)


@pytest.mark.parametrize(
    ("given_delimiter", "meant"),
    [(None, None), ("", None), ("auto", None), (";", ";"), ("\\t", "\t"), ("\t", "\t"), ("|", "|")],
)
def test_a_delimiter_is_one_character_or_recognised(given_delimiter: str | None, meant: str | None) -> None:
    assert parse_options({"src": "x", "lists": ["a"], "delimiter": given_delimiter}).delimiter == meant


@pytest.mark.parametrize(
    ("wish", "rejected", "rows", "allowed"),
    [
        (None, 99, 100, True),
        ("3", 3, 20, True),
        (3, 4, 20, False),
        ("5%", 1, 20, True),
        ("5 %", 2, 20, False),
        ("0", 0, 0, True),
        ("0%", 0, 0, True),
    ],
)
def test_rows_may_be_rejected_up_to_a_number_or_a_share(wish: object, rejected: int, rows: int, allowed: bool) -> None:
    assert parse_options({"src": "x", "lists": ["a"], "max_rejected": wish}).limit.allows(rejected, rows) is allowed
    assert str(Limit(percent=5.0)) == "5%"


def test_the_documentation_and_the_options_agree() -> None:
    documented = documentation("DOCUMENTATION")["options"]
    assert set(documented) == set(IMPORT_OPTIONS)
    for name, option in IMPORT_OPTIONS.items():
        for key in ("type", "elements", "choices", "default", "required"):
            assert documented[name].get(key) == option.get(key), f"{name}.{key}"
    inner = documented["columns"]["suboptions"]
    assert {name: (one["type"], one.get("default")) for name, one in inner.items()} == {
        name: (one["type"], one.get("default")) for name, one in IMPORT_OPTIONS["columns"]["options"].items()
    }


def test_the_examples_use_options_that_exist_and_are_possible() -> None:
    known = {*IMPORT_OPTIONS, *CONNECTION_OPTIONS}
    tasks = [
        task["clarivum.mailing.listmonk_subscriber_import"]
        for task in documentation("EXAMPLES")
        if len(task) and any("import" in key for key in task)
    ]
    assert len(tasks) >= 4
    for options in tasks:
        assert set(options) <= known
        parse_options(options)


def test_the_documented_result_is_the_result() -> None:
    result = {"changed", *Receipt(Verdicts(",", "utf-8", None, manages_attributes=False)).as_facts(Stopwatch())}
    assert set(documentation("RETURN")) | {"changed"} == result


BEGAN = "2026/11/25 15:00:00.000000 importer.go:193: processing 'x.csv'\n"


def test_a_log_names_a_stop_errors_and_skipped_rows() -> None:
    log = BEGAN + (
        "2026/11/25 15:00:00.000100 importer.go:564: skipping line 6: Invalid email.: [a: [b] Person 6]\n"
        "2026/11/25 15:00:00.000200 importer.go:553: skipping line 9. column count (1) does not match minimum header count (2)\n"
        "2026/11/25 15:00:00.000300 importer.go:315: error executing insert: pq: invalid byte sequence\n"
        "2026/11/25 15:00:00.000400 importer.go:580: skipping invalid attributes JSON on line 3 for 'ann@example.com': unexpected end\n"
        "2026/11/25 15:00:00.500000 importer.go:520: stop request received\n"
        "not a line of the log\n"
        "2026/11/25 15:00:01.000000 importer.go:339: imported finished\n"
    )
    errors, skipped = judge_log(log, 0)
    assert skipped == {6: "Invalid email.", 9: "column count (1) does not match minimum header count (2)"}
    assert errors == (
        "a stop request ended it",
        "error executing insert: pq: invalid byte sequence",
        "skipping invalid attributes JSON on line 3",
    )


STOPPED = BEGAN + "2026/11/25 15:00:00.000100 importer.go:524: stop request received\n"


def test_a_stop_after_people_were_imported_is_somebodys_however_early_it_came() -> None:
    assert judge_log(STOPPED, 3215) == (("a stop request ended it",), {})


def test_a_stop_before_the_first_row_may_have_been_meant_for_an_earlier_import() -> None:
    (reason,), _skipped = judge_log(STOPPED, 0)
    assert "before its first row" in reason
    assert "an earlier import" in reason


ADDRESSES = st.lists(st.from_regex(r"[a-z+.*?'{}|^$/-]{1,30}@[a-zü]{1,30}\.com", fullmatch=True), max_size=200)


@given(ADDRESSES)
def test_searches_find_exactly_their_addresses_and_fit_into_a_request_line(addresses: list[str]) -> None:
    found: list[str] = []
    for parameter, expression in conditions_of(addresses, as_search):
        assert parameter == "search"
        assert len(expression) <= LONGEST_CONDITION
        compiled = re.compile(expression)
        found += [address for address in addresses if compiled.search(address)]
        assert not compiled.search("!" + addresses[0])
    assert set(found) == set(addresses)


@given(ADDRESSES)
def test_queries_name_each_address_once_as_a_quoted_literal(addresses: list[str]) -> None:
    queries = [query for parameter, query in conditions_of(addresses, as_query) if parameter == "query"]
    assert all(query.startswith("LOWER(subscribers.email) IN ('") and query.endswith("')") for query in queries)
    assert sum(query.count("'") for query in queries) == sum(as_literal(address).count("'") for address in addresses)
    assert all(query.count("'") % 2 == 0 and len(query) <= LONGEST_CONDITION for query in queries)


def test_domain_rules_are_the_servers() -> None:
    blocked = DomainRules(blocked=["spam.example", "*.bad.example"])
    for address in ("a@spam.example", "a@bad.example", "a@x.bad.example"):
        with pytest.raises(BadEmailAddress, match="domain_blocklist"):
            blocked.judge(address)
    for address in ("a@x.spam.example", "a@y.x.bad.example", "a@example"):
        blocked.judge(address)
    allowed = DomainRules(blocked=["good.example"], allowed=["good.example"])
    allowed.judge("a@good.example")
    with pytest.raises(BadEmailAddress, match="domain_allowlist"):
        allowed.judge("a@other.example")
