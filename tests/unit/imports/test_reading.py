# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading: encodings, archives, delimiters, and the line that an editor shows."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from ansible_collections.clarivum.mailing.plugins.module_utils._core.errors import Refusal
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.imports.reader import LONGEST_CELL, Record, Table
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.imports.source import opened

CELLS = st.text(st.sampled_from('ab ,;"\n\u00fc'), max_size=6)


def read(
    path: Path, *, file_format: str = "auto", member: str | None = None, encoding: str = "auto", delimiter: str | None = None
) -> tuple[str, tuple[str, ...], list[Record]]:
    """The delimiter, the header and the records of a file."""
    with opened(str(path), file_format=file_format, member=member, encoding=encoding) as source:
        table = Table(source, delimiter=delimiter, wanted=frozenset({"email"}))
        return table.delimiter, table.header, list(table.records())


def refused(path: Path, **how: str) -> str:
    with pytest.raises(Refusal) as refusal:
        read(path, **how)  # type: ignore[arg-type]
    return str(refusal.value)


def written(folder: Path, content: str | bytes, name: str = "people.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@given(
    rows=st.lists(st.tuples(CELLS, CELLS), max_size=8),
    gaps=st.lists(st.integers(0, 2), min_size=10, max_size=10),
    line_end=st.sampled_from(["\n", "\r\n"]),
    last=st.booleans(),
)
def test_every_record_carries_the_line_on_which_an_editor_shows_its_beginning(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]], gaps: list[int], line_end: str, last: bool
) -> None:
    text, expected = "email,name" + line_end, []
    for (one, other), gap in zip(rows, gaps, strict=False):
        text += line_end * gap
        expected.append((text.count("\n") + 1, [one, other]))
        made = io.StringIO()
        csv.writer(made, quoting=csv.QUOTE_ALL, lineterminator="").writerow([one, other])
        text += made.getvalue() + line_end
    text = text if last else text.removesuffix(line_end)
    path = written(tmp_path_factory.mktemp("rows"), text)
    assert read(path, delimiter=",")[2] == expected


def test_blank_lines_before_the_header_count_and_a_last_line_without_its_end_is_a_row(tmp_path: Path) -> None:
    _delimiter, header, records = read(written(tmp_path, "\n\nemail,name\n\na@x.com,A\nb@x.com,B"))
    assert header == ("email", "name")
    assert records == [(5, ["a@x.com", "A"]), (6, ["b@x.com", "B"])]


def test_the_line_by_which_spreadsheets_name_their_delimiter_is_understood(tmp_path: Path) -> None:
    delimiter, header, records = read(written(tmp_path, "sep=;\r\nemail;name\r\na@x.com;A, B\r\n"))
    assert (delimiter, header, records) == (";", ("email", "name"), [(3, ["a@x.com", "A, B"])])


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_recognised_by_the_columns_that_are_wanted(tmp_path: Path, delimiter: str) -> None:
    path = written(tmp_path, delimiter.join(["a.b:c", "email", "x y"]) + "\n" + delimiter.join(["1", "a@x.com", "2"]) + "\n")
    assert read(path)[0] == delimiter


def test_another_delimiter_inside_a_header_text_does_not_mislead(tmp_path: Path) -> None:
    delimiter, header, _records = read(written(tmp_path, "email;city, street, house;name\n"))
    assert (delimiter, header) == (";", ("email", "city, street, house", "name"))


@pytest.mark.parametrize(
    ("encoded", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
    ],
)
def test_unicode_is_recognised(tmp_path: Path, encoded: str, name: str) -> None:
    path = written(tmp_path, "email,name\na@x.com,Jürgen Żółć\n".encode(encoded))
    with opened(str(path), file_format="auto", member=None, encoding="auto") as source:
        assert source.encoding == name
    assert read(path)[1:] == (("email", "name"), [(2, ["a@x.com", "Jürgen Żółć"])])


def test_big_endian_utf_16_with_its_mark_is_recognised(tmp_path: Path) -> None:
    assert read(written(tmp_path, b"\xfe\xff" + "email\na@x.com\n".encode("utf-16-be")))[2] == [(2, ["a@x.com"])]


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "iso-8859-15", "cp1250"])
def test_older_encodings_are_read_when_named_and_refused_with_the_line_when_not(tmp_path: Path, encoding: str) -> None:
    path = written(tmp_path, "email,name\na@x.com,Ann\nb@x.com,Jürgen\n".encode(encoding))
    assert read(path, encoding=encoding)[2][1] == (3, ["b@x.com", "Jürgen"])
    message = refused(path)
    assert "line 3" in message
    assert "0xFC" in message
    assert "cp1252" in message


def test_the_line_of_a_wrong_byte_is_found_far_into_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, b"email,name\n" + b"a@x.com,Ann\n" * 30_000 + b"b@x.com,J\xfcrgen\n")
    assert "line 30002" in refused(path)


def test_utf_16_without_a_mark_is_not_guessed(tmp_path: Path) -> None:
    path = written(tmp_path, "email\na@x.com\n".encode("utf-16-le"))
    assert "utf-16-le" in refused(path)
    assert read(path, encoding="utf-16-le")[2] == [(2, ["a@x.com"])]


def test_a_byte_order_mark_that_contradicts_the_named_encoding_is_refused(tmp_path: Path) -> None:
    assert "UTF-16" in refused(written(tmp_path, "email\n".encode("utf-16")), encoding="cp1252")
    assert "byte order mark" in refused(written(tmp_path, b"email\n"), encoding="utf-16")


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n\r\n\n"])
def test_a_file_without_a_header_is_empty(tmp_path: Path, content: bytes) -> None:
    assert "the file is empty" in refused(written(tmp_path, content))


@pytest.mark.parametrize(
    ("content", "finding"),
    [
        ('email,name\na@x.com,"never closed\nb@x.com,B\n', "never closed"),
        ('email,name\na@x.com,"A"B\n', "doubled"),
        ('email,name\na@x.com,"' + "x" * (LONGEST_CELL + 1) + '"\n', "longer"),
    ],
)
def test_broken_quoting_is_refused_with_its_line(tmp_path: Path, content: str, finding: str) -> None:
    message = refused(written(tmp_path, content))
    assert "line 2" in message
    assert finding in message


def archive(folder: Path, **files: str) -> Path:
    path = folder / "people.zip"
    with zipfile.ZipFile(path, "w") as made:
        for name, content in files.items():
            made.writestr(name.replace("__", "/").replace("_csv", ".csv").replace("_txt", ".txt"), content)
    return path


def test_the_one_text_file_of_an_archive_is_read(tmp_path: Path) -> None:
    path = archive(tmp_path, folder__people_csv="email\na@x.com\n", readme="hello")
    assert read(path)[2] == [(2, ["a@x.com"])]
    assert read(path, file_format="zip")[2] == [(2, ["a@x.com"])]


def test_several_text_files_in_an_archive_need_to_be_told_apart(tmp_path: Path) -> None:
    path = archive(tmp_path, one_csv="email\na@x.com\n", two_txt="email\nb@x.com\n")
    assert "one.csv, two.txt" in refused(path)
    assert read(path, member="two.txt")[2] == [(2, ["b@x.com"])]
    assert "one.csv, two.txt" in refused(path, member="three.csv")


@pytest.mark.parametrize(
    ("how", "part"),
    [
        ({"file_format": "zip"}, "not a ZIP archive"),
        ({"member": "x.csv"}, "no ZIP archive"),
    ],
)
def test_a_text_file_is_no_archive(tmp_path: Path, how: dict[str, str], part: str) -> None:
    assert part in refused(written(tmp_path, "email\n"), **how)


def test_an_archive_is_no_text_file_and_may_be_damaged_or_without_text(tmp_path: Path) -> None:
    path = archive(tmp_path, people_csv="email\n")
    assert "is a ZIP archive" in refused(path, file_format="csv")
    path.write_bytes(path.read_bytes()[:30])
    assert "damaged" in refused(path)
    assert "holds no file ending in" in refused(archive(tmp_path, picture="x"))


def test_a_missing_file_is_a_sentence(tmp_path: Path) -> None:
    assert "cannot be read" in refused(tmp_path / "none.csv")
