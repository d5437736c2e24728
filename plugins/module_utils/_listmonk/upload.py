# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A multipart form that is read from the disk while it is sent.

requests' own ``files=`` builds the whole body in memory. Its companion requests-toolbelt could stream it, but would be a second
library that every host has to have, for the few lines below.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from typing import BinaryIO

from .._core.errors import MailingError

Progress = Callable[[int, int], None]
_PIECE = 256 * 1024


class MultipartBody:
    """The form fields and one file as a body of known length. ``progress(sent, total)`` is called as the file is read."""

    def __init__(self, fields: Mapping[str, str], file: BinaryIO, filename: str, size: int, progress: Progress | None = None) -> None:
        boundary = os.urandom(16).hex()
        self.content_type = f"multipart/form-data; boundary={boundary}"
        head = b"".join(_field(boundary, name, value) for name, value in fields.items()) + _file_head(boundary, filename)
        tail = f"\r\n--{boundary}--\r\n".encode("ascii")
        self._length = len(head) + size + len(tail)
        self._size = size
        self._filename = filename
        self._progress = progress
        self._waiting = b""
        self._pieces = self._all(head, file, tail)

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[bytes]:
        while piece := self.read(_PIECE):
            yield piece

    def read(self, size: int = -1) -> bytes:
        """Up to ``size`` bytes, b"" at the end; for http.client, which sends what it is given."""
        if not self._waiting:
            self._waiting = next(self._pieces, b"")
        if size < 0:
            return self._waiting + b"".join(self._pieces)
        piece, self._waiting = self._waiting[:size], self._waiting[size:]
        return piece

    def _all(self, head: bytes, file: BinaryIO, tail: bytes) -> Iterator[bytes]:
        yield head
        left = self._size
        while left:
            piece = self._from_disk(file, min(_PIECE, left))
            if not piece:
                raise MailingError(f"The file {self._filename} became shorter while it was uploaded; the upload was broken off.")
            left -= len(piece)
            yield piece
            if self._progress is not None:
                self._progress(self._size - left, self._size)
        yield tail

    def _from_disk(self, file: BinaryIO, size: int) -> bytes:
        try:
            return file.read(size)
        except OSError as error:
            raise MailingError(f"The file {self._filename} could not be read ({error.strerror}); the upload was broken off.") from error


def _field(boundary: str, name: str, value: str) -> bytes:
    return f'--{boundary}\r\nContent-Disposition: form-data; name="{_quoted(name)}"\r\n\r\n{value}\r\n'.encode()


def _file_head(boundary: str, filename: str) -> bytes:
    return (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{_quoted(filename)}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    ).encode()


def _quoted(name: str) -> str:
    """As browsers write a name into the header of a part (WHATWG HTML, multipart/form-data)."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
