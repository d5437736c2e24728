# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The body of an answer, read so that a short one is never taken for a whole one."""

from __future__ import annotations

import io
import time
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from requests import Response

_PIECE = 64 * 1024


class AnswerBody(io.RawIOBase):
    """A stream over an answer's body, gunzipped.

    requests checks neither Content-Length (before urllib3 2) nor that a gzip stream came to its end: both would hand out a
    short result as if it were all. ``failure`` turns the reason into the error to raise.
    """

    def __init__(self, response: Response, failure: Callable[[str], Exception], *, seconds: float | None = None) -> None:
        super().__init__()
        self._response = response
        self._failure = failure
        self._raw: Any = response.raw
        # read1 returns what has come; read, all that urllib3 1.26 has, waits for a whole piece before time can be looked at
        self._receive_some: Callable[..., bytes] = getattr(self._raw, "read1", self._raw.read)
        self._expected = _content_length(response)
        self._received = 0
        self._gunzip: Any = zlib.decompressobj(wbits=31) if response.headers.get("Content-Encoding", "").lower() == "gzip" else None
        self._ready = b""
        self._ended = False
        self._deadline = None if seconds is None else time.monotonic() + seconds

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._ready and not self._ended:
            self._ready = self._next()
        count = min(len(buffer), len(self._ready))
        buffer[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count

    def close(self) -> None:
        if not self.closed:
            if not self._ended:
                self._raw.close()
            self._response.close()
        super().close()

    def _next(self) -> bytes:
        piece = self._receive()
        if piece:
            self._received += len(piece)
            return self._decoded(piece)
        self._ended = True
        if self._expected is not None and self._received != self._expected:
            raise self._failure(f"it broke off after {self._received} of {self._expected} bytes")
        if self._gunzip is not None and self._received and not self._gunzip.eof:
            raise self._failure(f"its compressed text broke off after {self._received} bytes")
        return b""

    def _receive(self) -> bytes:
        from urllib3.exceptions import HTTPError

        if self._deadline is not None and time.monotonic() > self._deadline:
            raise self._failure(f"it had not ended in time; {self._received} bytes came")
        try:
            return self._receive_some(_PIECE, decode_content=False)
        except (HTTPError, OSError) as error:
            of_all = "" if self._expected is None else f" of {self._expected}"
            raise self._failure(f"it broke off after {self._raw.tell()}{of_all} bytes ({type(error).__name__})") from error

    def _decoded(self, piece: bytes) -> bytes:
        if self._gunzip is None:
            return piece
        text = b""
        try:
            while piece:
                if self._gunzip.eof:  # a gzip stream may consist of several members
                    self._gunzip = zlib.decompressobj(wbits=31)
                text += self._gunzip.decompress(piece)
                piece = self._gunzip.unused_data
        except zlib.error as error:
            raise self._failure("it says that it is compressed with gzip and is not") from error
        return text


def _content_length(response: Response) -> int | None:
    if "chunked" in response.headers.get("Transfer-Encoding", "").lower() or response.status_code in (204, 304):  # never with a body
        return None
    text = response.headers.get("Content-Length", "")
    return int(text) if text.isascii() and text.isdigit() else None
