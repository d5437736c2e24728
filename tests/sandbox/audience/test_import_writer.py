# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg.rows import DictRow, dict_row

from sandbox.listmonk.audience.import_rows import Row
from sandbox.listmonk.audience.import_writer import Options, Writer
from tests.fresh_listmonk import FreshListmonk

pytestmark = pytest.mark.server

OPTIONS = [
    Options("subscribe", [1, 2], "confirmed", overwrite_userinfo=userinfo, overwrite_subscription_status=status)
    for userinfo in (False, True)
    for status in (False, True)
] + [Options("blocklist")]


@pytest.fixture
def database(listmonk: FreshListmonk) -> Iterator[psycopg.Connection[DictRow]]:
    assert listmonk.database_url is not None
    with psycopg.connect(listmonk.database_url, autocommit=True, row_factory=dict_row) as connection:
        yield connection


def audience_after(connection: psycopg.Connection[DictRow], options: Options, portions: list[list[Row]]) -> list[dict[str, Any]]:
    """Everybody after writing in those portions; the database is as before afterwards."""
    with connection.transaction(force_rollback=True):
        connection.execute("INSERT INTO subscribers (uuid, email, name, status) VALUES (gen_random_uuid(), 'a3@x', 'Old', 'blocklisted')")
        connection.execute("INSERT INTO subscribers (uuid, email, name, attribs) VALUES (gen_random_uuid(), 'a4@x', 'Old', '{\"o\":1}')")
        connection.execute(
            "INSERT INTO subscriber_lists (subscriber_id, list_id, status)"
            " SELECT id, 2, 'unsubscribed' FROM subscribers WHERE email IN ('a3@x', 'a4@x')"
        )
        writer = Writer(connection, options)
        for portion in portions:
            writer.write(portion)
        return connection.execute(
            "SELECT s.email, s.name, s.attribs, s.status, array_agg(sl.list_id || ' ' || sl.status ORDER BY sl.list_id) AS subscriptions"
            "  FROM subscribers AS s LEFT JOIN subscriber_lists AS sl ON sl.subscriber_id = s.id GROUP BY s.id ORDER BY s.email"
        ).fetchall()


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_many_rows_in_one_go_have_the_result_of_one_row_after_the_other(database: psycopg.Connection[DictRow], options: Options) -> None:
    chance = random.Random(6)
    rows = [Row(f"a{chance.randrange(8)}@x", f"N\\{index}\t", f'{{"i":{index}}}') for index in range(40)]
    assert audience_after(database, options, [rows]) == audience_after(database, options, [[row] for row in rows])


def test_every_row_takes_an_id_also_one_that_repeats_an_address(database: psycopg.Connection[DictRow]) -> None:
    with database.transaction(force_rollback=True):
        Writer(database, Options("subscribe", [1])).write([Row("x@x", "X", "null"), Row("x@x", "X", "null"), Row("y@x", "Y", "null")])
        ids = [row["id"] for row in database.execute("SELECT id FROM subscribers WHERE email IN ('x@x', 'y@x') ORDER BY id").fetchall()]
    assert ids[1] - ids[0] == 2


def test_the_row_that_the_database_refuses_is_found(database: psycopg.Connection[DictRow]) -> None:
    writer = Writer(database, Options("subscribe", [1]))
    good, bad = Row("x@x", "X", "{}"), Row("y@x", "Y", '{"a":"\\u0000"}')
    assert writer.first_bad_row([good, good, bad, good]) == 2
    assert writer.first_bad_row([good]) is None


def test_an_unknown_list_is_refused_by_its_foreign_key(database: psycopg.Connection[DictRow]) -> None:
    writer = Writer(database, Options("subscribe", [1, 999]))
    with pytest.raises(psycopg.errors.ForeignKeyViolation, match="subscriber_lists_list_id_fkey"), database.transaction():
        writer.write([Row("x@x", "X", "{}")])
    assert database.execute("SHOW session_replication_role").fetchone() == {"session_replication_role": "origin"}
