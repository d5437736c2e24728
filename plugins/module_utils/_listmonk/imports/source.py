# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the rows come from: a text file or the text file in a ZIP archive, in the encoding it was written in."""

from __future__ import annotations

import codecs
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ..._core.errors import Refusal

ENCODINGS = ("auto", "utf-8", "utf-16", "utf-16-le", "utf-16-be", "cp1250", "cp1252", "latin-1", "iso-8859-15")

_BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_TEXT_SUFFIXES = (".csv", ".tsv", ".txt", ".tab")


@dataclass(frozen=True)
class Source:
    """A file that was opened for reading. ``text`` keeps line ends as they are; ``where`` names it in messages."""

    text: io.TextIOWrapper
    where: str
    encoding: str
    member: str | None


@contextmanager
def opened(path: str, *, file_format: str, member: str | None, encoding: str) -> Iterator[Source]:
    """Open ``path`` as text, or raise ``Refusal``. Bytes that the encoding does not know are refused where they are read."""
    try:
        with Path(path).open("rb") as file:
            is_zip = file.read(4) == b"PK\x03\x04"
            file.seek(0)
            if file_format == "zip" and not is_zip:
                raise Refusal(f"{path} is not a ZIP archive, although format is zip.")
            if is_zip and file_format in ("csv", "tsv"):
                raise Refusal(f"{path} is a ZIP archive, although format is {file_format}; leave format out, or say zip.")
            if member is not None and not is_zip:
                raise Refusal(f"member names a file inside a ZIP archive, but {path} is no ZIP archive.")
            if is_zip:
                with _opened_member(file, path, member) as (inner, name):
                    yield _as_text(inner, f"{name} in {path}", encoding, name)
            else:
                yield _as_text(file, path, encoding, None)
    except UnicodeDecodeError as error:
        raise Refusal(_undecodable(path, file_format, member, error)) from error
    except OSError as error:
        raise Refusal(f"{path} cannot be read: {error.strerror or error}.") from error


@contextmanager
def _opened_member(file: IO[bytes], path: str, wanted: str | None) -> Iterator[tuple[IO[bytes], str]]:
    try:
        with zipfile.ZipFile(file) as archive:
            names = [info.filename for info in archive.infolist() if not info.is_dir() and not info.filename.startswith("__MACOSX/")]
            candidates = [name for name in names if name.lower().endswith(_TEXT_SUFFIXES)] if wanted is None else [wanted]
            if wanted is not None and wanted not in names:
                raise Refusal(f"{path} holds no file named {wanted}; it holds {', '.join(names) or 'nothing'}.")
            if not candidates:
                raise Refusal(f"{path} holds no file ending in {', '.join(_TEXT_SUFFIXES)}; it holds {', '.join(names) or 'nothing'}.")
            if len(candidates) > 1:
                raise Refusal(f"{path} holds {len(candidates)} files; say with member which one is meant: {', '.join(candidates)}.")
            if archive.getinfo(candidates[0]).flag_bits & 1:
                raise Refusal(f"{candidates[0]} in {path} is encrypted; unpack the archive and give the file itself.")
            with archive.open(candidates[0]) as inner:
                yield inner, candidates[0]
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise Refusal(f"{path} is a damaged or unusual ZIP archive ({error}); unpack it and give the file itself.") from error


def _as_text(file: IO[bytes], where: str, encoding: str, member: str | None) -> Source:
    buffered = file if isinstance(file, io.BufferedReader) else io.BufferedReader(file)  # type: ignore[type-var]
    start = buffered.peek(4)[:4]
    return Source(
        text=io.TextIOWrapper(buffered, encoding=_encoding(start, where, encoding), newline=""),
        where=where,
        encoding=_encoding(start, where, encoding),
        member=member,
    )


def _encoding(start: bytes, where: str, wish: str) -> str:
    marked = next((name for mark, name in _BYTE_ORDER_MARKS if start.startswith(mark)), None)
    if wish == "auto":
        if marked is None and b"\0" in start:
            raise Refusal(
                f"{where} looks like UTF-16 without a byte order mark, which cannot be told apart safely; say encoding: utf-16-le "
                "(what Windows writes) or utf-16-be."
            )
        return marked or "utf-8"
    if wish == "utf-16" and marked != "utf-16":
        raise Refusal(f"{where} does not begin with the byte order mark of UTF-16; say utf-16-le or utf-16-be, or leave encoding out.")
    if marked == "utf-8-sig" and wish == "utf-8":
        return marked
    if marked is not None and not wish.startswith(("utf-16", "utf-8")):
        raise Refusal(f"{where} begins with the byte order mark of {marked.removesuffix('-sig').upper()}, but encoding is {wish}.")
    if marked == "utf-16" and wish == {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}[start[:2]]:
        return marked
    return wish


def _undecodable(path: str, file_format: str, member: str | None, error: UnicodeDecodeError) -> str:
    offending = error.object[error.start]
    return (
        f"{path} is not {error.encoding.upper()}: line {_line_of_first_error(path, member, error.encoding)} holds the byte "
        f"0x{offending:02X}. Say with encoding how it was written, for example cp1252 (Windows, western Europe) or latin-1; "
        "it is not guessed, because a wrong guess spoils names without a trace."
    )


def _line_of_first_error(path: str, member: str | None, encoding: str) -> int:
    """Read the file once more, counting lines up to the bytes that cannot be decoded."""
    line = 1
    decoder = codecs.getincrementaldecoder(encoding)()
    with Path(path).open("rb") as file:
        if zipfile.is_zipfile(file):
            with _opened_member(file, path, member) as (inner, _name):
                return _count_lines(inner, decoder)
        file.seek(0)
        line = _count_lines(file, decoder)
    return line


def _count_lines(file: IO[bytes], decoder: codecs.IncrementalDecoder) -> int:
    line = 1
    while chunk := file.read(1 << 16):
        try:
            line += decoder.decode(chunk).count("\n")
        except UnicodeDecodeError as error:
            return line + error.object[: int(error.start)].decode(error.encoding, "ignore").count("\n")
    return line
