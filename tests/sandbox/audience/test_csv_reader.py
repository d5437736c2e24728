# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import io
from pathlib import Path

import pytest

from sandbox.listmonk.audience.csv_reader import Malformed, Reader, lines_in


def read(text: str, delimiter: str = ",") -> list[list[str] | str]:
    records = Reader(io.StringIO(text, newline="\n"), delimiter)
    return [record if isinstance(record, list) else str(record) for record in records]


def test_blank_lines_crlf_and_a_missing_last_line_end_do_not_matter() -> None:
    assert read("a,b\r\n\r\n1,2\n\n3,4") == [["a", "b"], ["1", "2"], ["3", "4"]]


def test_quotes_may_hold_delimiters_line_ends_and_doubled_quotes() -> None:
    assert read('a,b\n"x, ""y""","1\r\n2"\n') == [["a", "b"], ['x, "y"', "1\n2"]]


def test_the_first_record_sets_the_number_of_fields_and_others_are_named_by_their_line() -> None:
    assert read("a,b\n1\n\n1,2,3\n1,2\n") == [
        ["a", "b"],
        "record on line 2: wrong number of fields",
        "record on line 4: wrong number of fields",
        ["1", "2"],
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('a,b\n1,x"y\n', 'parse error on line 2, column 4: bare " in non-quoted-field'),
        ('é,x"y\n', 'parse error on line 1, column 5: bare " in non-quoted-field'),
        ('\ufeff"email",b\n', 'parse error on line 1, column 4: bare " in non-quoted-field'),
        ('a,"b"c\n', 'parse error on line 1, column 5: extraneous or missing " in quoted-field'),
        ('a,b\n1,"2\n3\n', 'record on line 2; parse error on line 3, column 3: extraneous or missing " in quoted-field'),
        ('a,"b\nc"d\n', 'record on line 1; parse error on line 2, column 2: extraneous or missing " in quoted-field'),
    ],
)
def test_bad_quoting_ends_the_file_with_the_place_in_bytes(text: str, message: str) -> None:
    with pytest.raises(Malformed) as raised:
        read(text)
    assert str(raised.value) == message


@pytest.mark.parametrize("delimiter", ['"', "\n", "\r", "\0"])
def test_some_characters_cannot_delimit(delimiter: str) -> None:
    with pytest.raises(Malformed, match="invalid field or comment delimiter"):
        read("a\n", delimiter)


@pytest.mark.parametrize(("content", "lines"), [(b"", 0), (b"a", 1), (b"a\n", 1), (b"a\n\nb", 3), (b'"a\nb"\n', 2)])
def test_lines_are_counted_without_a_look_at_what_they_hold(tmp_path: Path, content: bytes, lines: int) -> None:
    (tmp_path / "file.csv").write_bytes(content)
    assert lines_in(tmp_path / "file.csv") == lines
