# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""listmonk_list and listmonk_list_info, as somebody with a playbook meets them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.fresh_listmonk import FreshListmonk
from tests.module_in_process import Tasks

pytestmark = pytest.mark.server
CASES = Path(__file__).parent.parent / "cases"


def a_list(server: FreshListmonk, name: str, **attributes: Any) -> Any:
    return server.api("POST", "/api/lists", json={"name": name, "type": "private", "optin": "single", **attributes})


def named(server: FreshListmonk, name: str) -> list[Any]:
    return [row for row in server.api("GET", "/api/lists?minimal=true")["results"] if row["name"] == name]


def test_a_new_list_is_private_single_and_active_unless_told_otherwise(tasks: Tasks) -> None:
    made = tasks.run("listmonk_list", name="Plain")["list"]
    assert (made["type"], made["optin"], made["tags"], made["description"]) == ("private", "single", [], "")
    assert made.get("status") == ("active" if tasks.server.version >= (6, 0) else None)


def test_a_list_is_archived_where_there_are_archives_and_a_server_before_6_0_is_not_asked_to(tasks: Tasks) -> None:
    if tasks.server.version >= (6, 0):
        a_list(tasks.server, "Old", tags=["a"], description="Text")
        before = named(tasks.server, "Old")[0]
        assert tasks.run("listmonk_list", name="Old", status="archived").changed
        after = named(tasks.server, "Old")[0]
        assert after == {**before, "status": "archived", "updated_at": after["updated_at"]}
    else:
        assert "status exists since listmonk 6.0" in tasks.fails("listmonk_list", name="Old", status="archived").msg


def test_two_lists_of_one_name_fail_with_their_ids_and_an_id_says_which(tasks: Tasks) -> None:
    ids = [a_list(tasks.server, "Double")["id"] for _ in range(2)]
    failed = tasks.fails("listmonk_list", name="Double", tags=["x"])
    assert failed["ids"] == ids
    assert all(str(each) in failed.msg for each in ids)
    tasks.fails("listmonk_list", name="Double", state="absent")
    assert tasks.run("listmonk_list", name="Double", id=ids[1], state="absent").changed
    assert [row["id"] for row in named(tasks.server, "Double")] == ids[:1]


def test_a_list_found_by_id_or_uuid_can_be_renamed(tasks: Tasks) -> None:
    made = a_list(tasks.server, "Old name", tags=["kept"])
    renamed = tasks.run("listmonk_list", uuid=made["uuid"], name="New name")
    assert (renamed["list"]["id"], renamed["list"]["tags"]) == (made["id"], ["kept"])
    assert not tasks.run("listmonk_list", id=made["id"], name="New name").changed


def test_a_rename_never_makes_a_second_list_of_a_name(tasks: Tasks) -> None:
    taken, other = a_list(tasks.server, "Taken"), a_list(tasks.server, "Other")
    assert f"id {taken['id']} has that name already" in tasks.fails("listmonk_list", id=other["id"], name="Taken").msg


def test_an_unknown_id_creates_nothing_and_removes_nothing(tasks: Tasks) -> None:
    assert "no list with id 99999" in tasks.fails("listmonk_list", id=99999, name="Ghost").msg
    assert not tasks.run("listmonk_list", id=99999, name="Ghost", state="absent").changed


def test_a_list_is_not_removed_by_an_id_whose_name_is_another(tasks: Tasks) -> None:
    made = a_list(tasks.server, "Precious")
    assert "is called 'Precious', not 'Trash'" in tasks.fails("listmonk_list", id=made["id"], name="Trash", state="absent").msg


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"name": ""}, "has 1 to 2000 characters; this one has 0"),
        ({"name": "x" * 2001}, "has 1 to 2000 characters; this one has 2001"),
        ({"name": "T", "tags": ["ok", "x" * 101]}, "has 101 characters; listmonk stores 100 at most"),
        ({"name": "T", "type": "temporary"}, "value of type must be one of: private, public"),
    ],
)
def test_what_the_server_would_refuse_or_mangle_is_a_sentence_before_anything_is_written(
    tasks: Tasks, options: dict[str, Any], sentence: str
) -> None:
    assert sentence in tasks.fails("listmonk_list", **options).msg


def test_a_blank_description_is_refused_because_listmonk_would_keep_the_old_one(tasks: Tasks) -> None:
    a_list(tasks.server, "Described", description="weekly")
    assert "cannot be cleared" in tasks.fails("listmonk_list", name="Described", description="").msg
    assert named(tasks.server, "Described")[0]["description"] == "weekly"


def test_changing_one_attribute_keeps_the_others(tasks: Tasks) -> None:
    a_list(tasks.server, "Whole", type="public", optin="double", tags=["a", "b"], description="Text")
    before = named(tasks.server, "Whole")[0]
    assert tasks.run("listmonk_list", name="Whole", tags=["c"]).changed
    after = named(tasks.server, "Whole")[0]
    assert after == {**before, "tags": ["c"], "updated_at": after["updated_at"]}


def test_tags_are_compared_as_the_server_stores_them(tasks: Tasks) -> None:
    wish = {"name": "Tagged", "tags": [" News  letter ", "", "UPPER"]}
    assert tasks.run("listmonk_list", **wish)["list"]["tags"] == ["News-letter", "UPPER"]
    assert not tasks.run("listmonk_list", **wish).changed


def test_info_returns_what_the_module_accepts(tasks: Tasks) -> None:
    tasks.run("listmonk_list", name="Round", type="public", tags=["x"], description="trip")
    (row,) = tasks.run("listmonk_list_info", name="Round")["lists"]
    accepted = {key: row[key] for key in ("name", "type", "optin", "status", "tags", "description", "id", "uuid") if key in row}
    assert not tasks.run("listmonk_list", **accepted).changed
    assert tasks.run("listmonk_list_info", name="round")["lists"] == []


def test_a_server_without_a_single_list_is_read_as_empty(pristine_listmonk: FreshListmonk) -> None:
    tasks = Tasks(pristine_listmonk)
    for row in pristine_listmonk.api("GET", "/api/lists?minimal=true")["results"]:
        pristine_listmonk.api("DELETE", f"/api/lists/{row['id']}")
    assert tasks.run("listmonk_list_info")["lists"] == []
    assert tasks.run("listmonk_list", name="First").changed


def test_explicit_empty_values_are_meant_and_null_leaves_alone(tasks: Tasks) -> None:
    case = CASES / "11-explicit-empty-values"
    for entry in yaml.safe_load((case / "before.yml").read_text())["lists"]:
        tasks.run("listmonk_list", **entry)
    customers, press = yaml.safe_load((case / "vars.yml").read_text())["listmonk_configuration"]["lists"]
    expected = yaml.safe_load((case / "expected.yml").read_text())["lists"]
    given = {key: value for key, value in customers.items() if value is not None}

    assert tasks.run("listmonk_list", **given).changed
    row = named(tasks.server, "Customers")[0]
    assert {key: row[key] for key in expected["Customers"]} == expected["Customers"]
    assert not tasks.run("listmonk_list", **given).changed
    assert "cannot be cleared" in tasks.fails("listmonk_list", **press).msg


def test_names_with_punctuation_are_one_object_each_without_a_walk_per_name(pristine_listmonk: FreshListmonk) -> None:
    tasks = Tasks(pristine_listmonk)
    names = yaml.safe_load((CASES / "10-the-21st-object" / "names.yml").read_text())["names"]
    for name in names:
        made = tasks.run("listmonk_list", name=name, type="private", optin="single", tags=["case10"])
        assert made.changed
        assert len(made.requests) <= 5
    for name in names:
        again = tasks.run("listmonk_list", name=name, type="private", optin="single", tags=["case10"])
        assert not again.changed
        assert again.requests == [("GET", "/api/lists")]
    rows = [row for row in pristine_listmonk.api("GET", "/api/lists?minimal=true")["results"] if row["tags"] == ["case10"]]
    assert sorted(row["name"] for row in rows) == sorted(names)
    assert tasks.run("listmonk_list", name="newsletter", state="absent").changed
    assert (len(named(pristine_listmonk, "Newsletter")), len(named(pristine_listmonk, "newsletter"))) == (1, 0)
