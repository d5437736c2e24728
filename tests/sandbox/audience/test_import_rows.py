# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import io

import pytest

from sandbox.listmonk.audience.addresses import DomainRules
from sandbox.listmonk.audience.import_rows import Row, Unreadable, rows
from sandbox.listmonk.audience.import_status import ImportLog


def read(text: str, log: ImportLog, stop_before: int | None = None) -> list[Row]:
    asked = iter(range(10**6))
    return list(rows(io.StringIO(text, newline="\n"), "/tmp/listmonk1", ",", DomainRules(), log, lambda: next(asked) == stop_before))


def said(log: ImportLog) -> list[str]:
    return [line.split(": ", 1)[1] for line in log.text().splitlines()]


def test_what_is_skipped_is_in_the_log_and_the_rest_is_read() -> None:
    log = ImportLog()
    text = 'email,name,attributes\nann@example.org,Ann,{}\nnot-an-email,X,{}\ntwo,fields\nbob.b@example.org,,{broken\nc@example.org,C,"{""x"":1.0}"\n'
    assert read(text, log) == [
        Row("ann@example.org", "Ann", "{}"),
        Row("bob.b@example.org", "Bob B", "null"),
        Row("c@example.org", "C", '{"x": 1}'),
    ]
    assert said(log) == [
        "skipping line 2: Invalid email.: [not-an-email X {}]",
        "skipping line 3. record on line 4: wrong number of fields",
        "skipping invalid attributes JSON on line 4 for 'bob.b@example.org': "
        "invalid character 'b' looking for beginning of object key string",
    ]


def test_a_byte_order_mark_and_unknown_columns_are_no_obstacle() -> None:
    log = ImportLog()
    assert read("\ufeffemail,phone, name \nc@example.org,123,C\n", log) == [Row("c@example.org", "C", "null")]
    assert said(log) == ["ignoring unknown header 'phone'"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Email,name\na@example.org,A\n", "'email' column not found in '/tmp/listmonk1'"),
        ("\n\n", "error reading header from '/tmp/listmonk1': 'EOF'"),
        ('"email,name\n', "error reading header from '/tmp/listmonk1': 'parse error on line 1, column 13: extraneous or missing"),
        ('email\na"b\n', "error reading CSV 'parse error on line 2, column 2: bare"),
    ],
)
def test_a_file_that_makes_no_sense_is_given_up_with_a_reason(text: str, line: str) -> None:
    log = ImportLog()
    with pytest.raises(Unreadable):
        read(text, log)
    assert said(log)[-1].startswith(line)


def test_a_stop_takes_effect_before_the_next_line() -> None:
    log = ImportLog()
    assert read("email\na@example.org\nb@example.org\n", log, stop_before=1) == [Row("a@example.org", "A", "null")]
    assert said(log) == ["stop request received"]
