# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The import as people use it: what is protected, what is kept, what is counted, what is refused."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from ansible_collections.clarivum.mailing.plugins.module_utils._core.errors import Refusal
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.client import Client, Connection
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.imports import held
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.imports.options import parse_options
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.imports.run import run_import
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.session import silence
from tests.fresh_listmonk import FreshListmonk
from tests.module_in_process import Tasks
from tests.modules.audience import IMPORT, Audience, audience_on


@pytest.fixture
def audience(listmonk: FreshListmonk, tmp_path: Path) -> Iterator[Audience]:
    made = audience_on(listmonk, tmp_path)
    yield made
    listmonk.api("DELETE", f"/api/lists/{made.list_id}")


@pytest.mark.usefixtures("split_overwrite")
def test_unsubscribed_people_stay_unsubscribed_even_when_statuses_are_overwritten(audience: Audience) -> None:
    audience.person("left@example.com", newsletter="unsubscribed")
    audience.person("waits@example.com", newsletter="unconfirmed")
    src = audience.file("people.csv", "email,name\nleft@example.com,\nwaits@example.com,\nnew@example.com,New\n")
    _checked, done, again = audience.three_times(src=src, subscription_status="confirmed", overwrite_subscription_status=True)
    assert (done["created"], done["updated"], done["protected"]) == (1, 1, 1)
    assert (again["unchanged"], again["protected"], again.changed) == (2, 1, False)
    assert {email: one["newsletter"] for email, one in audience.everybody().items()} == {
        "left@example.com": "unsubscribed",
        "waits@example.com": "confirmed",
        "new@example.com": "confirmed",
    }


@pytest.mark.usefixtures("split_overwrite")
def test_people_who_left_come_back_only_by_the_option_that_says_so(audience: Audience) -> None:
    audience.person("left@example.com", newsletter="unsubscribed")
    src = audience.file("people.csv", "email\nleft@example.com\n")
    loud = {"overwrite_subscription_status": True, "resubscribe_people_who_left": True}
    _checked, done, _again = audience.three_times(src=src, subscription_status="confirmed", **loud)
    assert done["updated"] == 1
    assert audience.newsletter_of("left@example.com") == "confirmed"


@pytest.mark.usefixtures("split_overwrite")
def test_blocklisted_people_are_never_touched_by_subscribing(audience: Audience) -> None:
    person = audience.person("blocked@example.com", name="Blocked", attribs={"a": 1}, newsletter=None)
    audience.server.api("PUT", f"/api/subscribers/{person}/blocklist")
    before = audience.of("blocked@example.com")
    src = audience.file("people.csv", 'email,name,attributes\nblocked@example.com,Other,"{""b"": 2}"\n')
    everything = {"overwrite_userinfo": True, "overwrite_subscription_status": True, "resubscribe_people_who_left": True, "send": "all"}
    _checked, done, _again = audience.three_times(src=src, subscription_status="confirmed", **everything)
    assert (done["protected"], done["sent"]) == (1, 0)
    assert audience.of("blocked@example.com") == before


def test_without_overwriting_nobody_who_is_there_is_touched_even_if_all_rows_are_sent(audience: Audience) -> None:
    audience.person("here@example.com", name="Here", attribs={"a": 1})
    audience.person("left@example.com", name="Left", attribs={"a": 2}, newsletter="unsubscribed")
    blocked = audience.person("blocked@example.com", name="Blocked", attribs={"a": 3})
    audience.server.api("PUT", f"/api/subscribers/{blocked}/blocklist")
    before = audience.everybody()
    rows = "".join(f'{who}@example.com,Other,"{{""b"": 2}}"\n' for who in ("here", "left", "blocked", "new"))
    done = audience.imports(src=audience.file("people.csv", "email,name,attributes\n" + rows), subscription_status="confirmed", send="all")
    assert (done["created"], done["unchanged"], done["protected"]) == (1, 1, 2)
    after = audience.everybody()
    assert after.pop("new@example.com")["newsletter"] == "confirmed"
    assert after == before


def test_disabled_people_are_put_on_no_further_list(audience: Audience) -> None:
    person = audience.person("off@example.com", newsletter=None)
    audience.server.api("PUT", f"/api/subscribers/{person}", json={"email": "off@example.com", "status": "disabled", "lists": []})
    src = audience.file("people.csv", "email\noff@example.com\n")
    _checked, done, _again = audience.three_times(src=src, subscription_status="confirmed")
    assert done["protected"] == 1
    assert audience.of("off@example.com")["newsletter"] == "none"


def test_blocking_ends_every_subscription(audience: Audience) -> None:
    audience.person("erik@example.com")
    src = audience.file("bounced.csv", "email\nErik@Example.com\nnew@example.com\n")
    _checked, done, _again = audience.three_times(src=src, mode="blocklist")
    assert (done["created"], done["updated"]) == (1, 1)
    assert audience.of("erik@example.com") | {"name": ""} == {
        "name": "",
        "status": "blocklisted",
        "attribs": {},
        "newsletter": "unsubscribed",
    }
    assert audience.of("new@example.com")["status"] == "blocklisted"


@pytest.mark.usefixtures("split_overwrite")
def test_names_and_attributes_are_kept_unless_they_are_to_be_overwritten(audience: Audience) -> None:
    audience.person("ann@example.com", name="Ann", attribs={"keep": 1, "town": "Graz"})
    src = audience.file("people.csv", 'email,name,attributes\nann@example.com,Annette,"{""town"": ""Linz""}"\n')
    _checked, done, _again = audience.three_times(src=src)
    assert (done["unchanged"], done["sent"]) == (1, 0)
    _checked, done, _again = audience.three_times(src=src, overwrite_userinfo=True)
    assert done["updated"] == 1
    assert audience.of("ann@example.com")["name"] == "Annette"
    assert audience.of("ann@example.com")["attribs"] == {"keep": 1, "town": "Linz"}
    _checked, done, _again = audience.three_times(src=src, overwrite_userinfo=True, attributes_mode="replace")
    assert audience.of("ann@example.com")["attribs"] == {"town": "Linz"}


@pytest.mark.usefixtures("split_overwrite")
@pytest.mark.parametrize("mode", ["merge", "replace"])
def test_what_the_file_says_nothing_about_is_never_wiped(audience: Audience, mode: str) -> None:
    audience.person("ann@example.com", name="Ann", attribs={"keep": 1})
    audience.person("bob@example.com", name="Bob", attribs={"keep": 2})
    options = {"overwrite_userinfo": True, "attributes_mode": mode}
    audience.three_times(src=audience.file("names.csv", "email,name\nann@example.com,Annette\nbob@example.com,\n"), **options)
    audience.three_times(src=audience.file("empty.csv", "email,name,attributes\nbob@example.com,Robert,\n"), **options)
    assert {email: (one["name"], one["attribs"]) for email, one in audience.everybody().items()} == {
        "ann@example.com": ("Annette", {"keep": 1}),
        "bob@example.com": ("Robert", {"keep": 2}),
    }


@pytest.mark.usefixtures("split_overwrite")
def test_an_explicitly_empty_object_is_obeyed_where_attributes_are_replaced(audience: Audience) -> None:
    audience.person("ann@example.com", attribs={"old": 1})
    src = audience.file("people.csv", "email,attributes\nann@example.com,{}\n")
    _checked, done, _again = audience.three_times(src=src, overwrite_userinfo=True, attributes_mode="replace")
    assert done["updated"] == 1
    assert audience.of("ann@example.com")["attribs"] == {}


def test_everything_that_csv_can_hold_arrives_unharmed(audience: Audience) -> None:
    name = 'Ann "the, quick; fox"\nof\tGraz 日本 🎉'
    quoted = name.replace('"', '""')
    src = audience.file("people.csv", f'email,name,town\r\nann@example.com,"{quoted}","a ""b"", c; \\ <&>"\r\n')
    columns = {"name": "name", "attributes": {"town": "town", "n": {"column": "town", "type": "str"}}}
    audience.three_times(src=src, columns=columns, constants={"source": {"deep": [1, 2.5, None, True]}})
    assert audience.of("ann@example.com")["name"] == name
    assert audience.of("ann@example.com")["attribs"] == {
        "town": 'a "b", c; \\ <&>',
        "n": 'a "b", c; \\ <&>',
        "source": {"deep": [1, 2.5, None, True]},
    }


def test_a_row_that_would_make_the_server_drop_its_neighbours_is_rejected(audience: Audience) -> None:
    rows = [
        "email,name,attributes",
        "a@example.com,A,{}",
        "b@example.com,B\0,{}",
        'c@example.com,C,"{""k"": ""\\u0000""}"',
        "d@example.com,D,{}",
    ]
    _checked, done, _again = audience.three_times(src=audience.file("people.csv", "\n".join(rows)))
    assert [row["line"] for row in done["rejected_rows"]] == [3, 4]
    assert set(audience.everybody()) == {"a@example.com", "d@example.com"}


@pytest.mark.usefixtures("split_overwrite")
def test_subscriptions_to_several_lists_are_compared_one_by_one(audience: Audience) -> None:
    other = audience.server.api("POST", "/api/lists", json={"name": "Other", "type": "private", "optin": "single"})["id"]
    left = audience.person("left@example.com", newsletter="unsubscribed")
    both = {"ids": [left], "action": "add", "target_list_ids": [other], "status": "unconfirmed"}
    audience.server.api("PUT", "/api/subscribers/lists", json=both)
    src = audience.file("people.csv", "email\nleft@example.com\nnew@example.com\n")
    options: dict[str, Any] = {"lists": ["Newsletter", "Other"], "subscription_status": "confirmed", "overwrite_subscription_status": True}
    _checked, done, again = audience.three_times(src=src, **options)
    assert (done["created"], done["updated"], again["protected"]) == (1, 1, 1)
    assert audience.newsletter_of("left@example.com") == "unsubscribed"
    row = audience.server.api("GET", f"/api/subscribers/{left}")
    assert {one["name"]: one["subscription_status"] for one in row["lists"]} == {"Newsletter": "unsubscribed", "Other": "confirmed"}
    audience.server.api("DELETE", f"/api/lists/{other}")


@pytest.mark.usefixtures("split_overwrite")
def test_a_no_in_any_row_of_an_address_counts(audience: Audience) -> None:
    audience.person("ann@example.com")
    src = audience.file("people.csv", "email,mail\nann@example.com,no\nANN@example.com,yes\n")
    _checked, done, _again = audience.three_times(src=src, consent_column="mail", subscription_status="confirmed")
    assert (done["unsubscribed"], done["duplicates"]) == (1, 1)
    assert audience.newsletter_of("ann@example.com") == "unsubscribed"


def test_all_rows_are_sent_on_request_and_nothing_counts_as_changed(audience: Audience) -> None:
    src = audience.file("people.csv", "email,name\nann@example.com,Ann\nbob@example.com,Bob\n")
    audience.imports(src=src)
    again = audience.imports(src=src, send="all")
    assert (again["sent"], again["unchanged"], again.changed) == (2, 2, False)


def test_an_archive_and_a_file_of_another_encoding_are_imported(audience: Audience) -> None:
    path = audience.folder / "people.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("export/members.txt", "email\tname\njuergen@example.com\tJürgen Żółć\n".encode("utf-16"))
    _checked, done, _again = audience.three_times(src=str(path))
    assert (done["member"], done["encoding"], done["delimiter"]) == ("export/members.txt", "utf-16", "\t")
    assert audience.of("juergen@example.com")["name"] == "Jürgen Żółć"


@pytest.mark.parametrize("name", ["R&D: (Beta) | 50% off!", "News", "true", "2024", '"quoted"'])
def test_lists_are_found_by_their_exact_names(audience: Audience, name: str) -> None:
    made = audience.server.api("POST", "/api/lists", json={"name": name, "type": "private", "optin": "single"})["id"]
    done = audience.imports(src=audience.file("people.csv", "email\nann@example.com\n"), lists=[name])
    assert done["created"] == 1
    row = audience.server.api("GET", "/api/subscribers", params={"list_id": made})
    assert row["total"] == 1
    audience.server.api("DELETE", f"/api/lists/{made}")


def test_a_list_that_is_not_there_or_there_twice_is_refused(audience: Audience) -> None:
    src = audience.file("people.csv", "email\nann@example.com\n")
    missing = audience.imports(src=src, lists=["newsletter"])
    assert missing.failed
    assert "'newsletter'" in missing.msg
    assert "'Newsletter'" in missing.msg
    twin = audience.server.api("POST", "/api/lists", json={"name": "Newsletter", "type": "private", "optin": "single"})["id"]
    twice = audience.imports(src=src)
    assert twice.failed
    assert f"{audience.list_id}, {twin}" in twice.msg
    assert not missing.writes + twice.writes
    audience.server.api("DELETE", f"/api/lists/{twin}")


def test_the_servers_domain_rules_are_known_before_anything_is_sent(audience: Audience) -> None:
    settings = audience.server.api("GET", "/api/settings")
    assert settings["privacy.domain_blocklist"] == []
    with_rule(audience, ["spam.example"])
    try:
        src = audience.file("people.csv", "email\nann@spam.example\nbob@example.com\n")
        _checked, done, _again = audience.three_times(src=src)
        assert [(row["line"], "domain_blocklist" in row["reason"]) for row in done["rejected_rows"]] == [(2, True)]
        assert set(audience.everybody()) == {"bob@example.com"}
    finally:
        with_rule(audience, [])


def with_rule(audience: Audience, domains: list[str]) -> None:
    """Change the domain rules, which restarts the server."""
    assert Tasks(audience.server).run("listmonk_settings", settings={"privacy.domain_blocklist": domains})["restart"] == "done"


def test_an_address_in_another_spelling_on_the_server_is_named_instead_of_sinking_its_batch(audience: Audience) -> None:
    psycopg = pytest.importorskip("psycopg")
    if audience.server.database_url is None:
        pytest.skip("this listmonk does not show its database, which alone can hold such an address")
    audience.person("ann@example.com")
    with psycopg.connect(audience.server.database_url, autocommit=True) as database:
        database.execute("UPDATE subscribers SET email = 'Ann@Example.com' WHERE email = 'ann@example.com'")
    src = audience.file("people.csv", "email\nann@example.com\nbob@example.com\n")
    _checked, done, _again = audience.three_times(src=src)
    assert (done["rejected"], done["created"]) == (1, 1)
    assert "Ann@Example.com" in done["rejected_rows"][0]["reason"]


def test_a_running_import_is_not_disturbed(audience: Audience) -> None:
    import json

    rows = "email,name\n" + "".join(f"p{number}@example.com,P\n" for number in range(12_000))
    parameters = {"mode": "subscribe", "subscription_status": "confirmed", "delim": ",", "lists": [audience.list_id]}
    audience.server.api("POST", IMPORT, data={"params": json.dumps(parameters)}, files={"file": ("by-hand.csv", rows)})
    refused = audience.imports(src=audience.file("people.csv", "email\nann@example.com\n"))
    assert refused.failed
    assert "by-hand.csv" in refused.msg
    assert not refused.writes
    audience.waits()  # a stop that came too late for it would end the next test's import


@pytest.mark.usefixtures("split_overwrite")
def test_more_people_than_one_search_can_name_are_compared_through_the_whole_export(audience: Audience) -> None:
    def rows(changed: int) -> str:
        return "email,name\n" + "".join(f"person{n}@example.com,{'New' if n < changed else 'Old'} {n}\n" for n in range(1500))

    audience.three_times(src=audience.file("people.csv", rows(0)), subscription_status="confirmed")
    _checked, done, _again = audience.three_times(
        src=audience.file("people.csv", rows(20)), subscription_status="confirmed", overwrite_userinfo=True
    )
    assert (done["updated"], done["unchanged"], done["sent"]) == (20, 1480, 20)


def test_a_list_that_the_same_run_is_going_to_make_has_nobody_yet(audience: Audience) -> None:
    audience.person("ann@example.com", newsletter=None)
    src = audience.file("people.csv", "email\nann@example.com\nnew@example.com\n")
    options = parse_options({"src": src, "lists": ["Newsletter", "Coming"], "subscription_status": "confirmed"})
    connection = Connection(**audience.server.connection)
    known = {"Newsletter": audience.list_id, "Coming": None}
    checked = run_import(Client(connection, check_mode=True), options, silence, known_lists=known)
    assert (checked["created"], checked["updated"], checked["changed"]) == (1, 1, True)
    with pytest.raises(Refusal, match="has not been made yet"):
        run_import(Client(connection), options, silence, known_lists=known)
    made = audience.server.api("POST", "/api/lists", json={"name": "Coming", "type": "private", "optin": "single"})["id"]
    done = run_import(Client(connection), options, silence, known_lists={**known, "Coming": made})
    assert (done["created"], done["updated"], done["sent"]) == (1, 1, 2)
    audience.server.api("DELETE", f"/api/lists/{made}")


def test_a_big_list_is_read_back_by_a_condition_and_nobody_is_missed(audience: Audience) -> None:
    left = audience.file("left.csv", "email\n" + "".join(f"person{n}@example.com\n" for n in range(300)))
    assert not audience.imports(src=left, subscription_status="unsubscribed").failed
    src = audience.file("people.csv", "email\n" + "".join(f"person{n}@example.com\n" for n in range(700)))
    audience.imports(src=src, subscription_status="confirmed")
    with mock.patch.object(held, "BIG_LIST", 150):
        again = audience.imports(src=src, subscription_status="confirmed")
    assert (again["protected"], again["unchanged"], again["sent"]) == (300, 400, 0)
