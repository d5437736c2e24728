# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An export as a stream, so that it may be larger than memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from typing import BinaryIO, cast

from .answers import Secrets
from .refusals import not_csv, refusal
from .transport import Answer, Request, Transport


@contextmanager
def csv_stream(transport: Transport, request: Request, *, username: str, secrets: Secrets) -> Iterator[BinaryIO]:
    """The answer's CSV, gunzipped. Raises Rejected or NotTheApi for an answer that is none."""
    response, body = transport.open(request)
    kind = response.headers.get("Content-Type", "")
    with BufferedReader(body, 256 * 1024) as stream:
        if response.status_code != 200 or kind.partition(";")[0].strip().lower() != "text/csv":
            answer = Answer(request, response.url, response.status_code, kind, stream.read(64 * 1024))
            if answer.status >= 400:
                raise refusal(answer, username=username, secrets=secrets())
            raise not_csv(answer, secrets())
        yield cast(BinaryIO, stream)
