# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Uploads read from the disk while they are sent, downloads read while they arrive: flat in memory, whole or an error."""

from __future__ import annotations

import csv
import email.parser
import email.policy
import gzip
import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.clarivum.mailing.plugins.module_utils._core.errors import MailingError
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.client import Client
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.errors import NotTheApi, Rejected, Uncertain, Unreachable
from tests.faults.scripted_answers import Reply, Seen, as_csv, as_page, data, message

from .conftest import TOKEN, Server, client_of

IMPORT = "/api/import/subscribers"
EXPORT = "/api/subscribers/export"
ROWS = b"uuid,email\n" + b"".join(b"%d,person%d@example.com\n" % (number, number) for number in range(50_000))


def parts_of(seen: Seen) -> dict[str, Any]:
    head = f"Content-Type: {seen.headers['Content-Type']}\r\n\r\n".encode()
    form: Any = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + seen.body)
    return {part.get_param("name", header="content-disposition"): part for part in form.iter_parts()}


def upload(client: Client, content: bytes, *, size: int | None = None, filename: str = "people.csv", **details: Any) -> Any:
    fields = {"params": '{"mode": "subscribe", "name": "Übung"}'}
    length = len(content) if size is None else size
    return client.upload(IMPORT, fields=fields, file=io.BytesIO(content), filename=filename, size=length, **details)


@pytest.mark.parametrize(
    "content", [b"", b"x", b"email,name\r\na@example.com,\xff\x00\r\n", ROWS], ids=["empty", "one byte", "bytes", "a million"]
)
def test_a_form_arrives_with_its_fields_and_the_file_byte_for_byte(client: Client, server: Server, content: bytes) -> None:
    server.answers[f"POST {IMPORT}"] = data({"status": "importing"})
    assert upload(client, content) == {"status": "importing"}
    parts = parts_of(server.seen[0])
    assert parts["params"].get_payload(decode=True).decode() == '{"mode": "subscribe", "name": "Übung"}'
    assert parts["file"].get_filename() == "people.csv"
    assert server.seen[0].body.count(content) >= 1
    assert server.seen[0].length == len(server.seen[0].body)
    assert "Transfer-Encoding" not in server.seen[0].headers


def test_only_the_size_that_was_named_is_sent(client: Client, server: Server) -> None:
    upload(client, b"12345" + b"later", size=5)
    assert b"12345\r\n--" in server.seen[0].body


def test_a_file_name_cannot_break_out_of_its_header(client: Client, server: Server) -> None:
    upload(client, b"x", filename='a"; name="params\r\nX: y.csv')
    assert list(parts_of(server.seen[0])) == ["params", "file"]


def test_progress_is_told_in_bytes_of_the_file(client: Client) -> None:
    told: list[tuple[int, int]] = []
    upload(client, ROWS, progress=lambda sent, total: told.append((sent, total)))
    assert [sent for sent, _total in told] == sorted(sent for sent, _total in told)
    assert len(told) > 3
    assert told[-1] == (len(ROWS), len(ROWS))


def test_a_file_that_became_shorter_is_a_sentence(client: Client) -> None:
    with pytest.raises(MailingError, match=r"The file people\.csv became shorter while it was uploaded"):
        upload(client, b"12345", size=500_000)


def test_a_file_that_cannot_be_read_on_is_a_sentence(client: Client) -> None:
    class Damaged(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError(5, "Input/output error")

    with pytest.raises(MailingError, match=r"The file a\.csv could not be read \(Input/output error\)"):
        client.upload(IMPORT, fields={}, file=Damaged(), filename="a.csv", size=10)


def test_an_upload_whose_answer_was_lost_is_uncertain_and_sent_once(client: Client, server: Server) -> None:
    server.fail(1, "reset_after", times=9)
    with pytest.raises(Uncertain, match="may or may not have happened"):
        upload(client, ROWS)
    assert len(server.log) == 1


def test_a_refused_upload_begins_again_with_the_whole_file(server: Server) -> None:
    server.fail(1, "refused", seconds=0.2)
    upload(client_of(server.url), b"all of it")
    assert b"all of it" in server.seen[0].body


def test_a_refused_import_keeps_the_servers_sentence(client: Client, server: Server) -> None:
    server.answers[f"POST {IMPORT}"] = message(400, "An import is already running.")
    with pytest.raises(Rejected, match="An import is already running"):
        upload(client, b"x")


def test_a_proxys_limit_on_the_size_is_named_as_such(client: Client, server: Server) -> None:
    server.answers[f"POST {IMPORT}"] = as_page("<h1>Request Entity Too Large</h1>", 413)
    with pytest.raises(NotTheApi, match="a proxy in front limits the size of requests"):
        upload(client, b"x")


@pytest.mark.parametrize("chunked", [True, False], ids=["chunked", "with a length"])
@pytest.mark.parametrize("packed", [True, False], ids=["gzip", "plain"])
def test_a_download_arrives_byte_for_byte(client: Client, server: Server, chunked: bool, packed: bool) -> None:
    headers = (("Content-Encoding", "gzip"),) if packed else ()
    server.answers[f"GET {EXPORT}"] = as_csv(gzip.compress(ROWS) if packed else ROWS, headers=headers, chunked=chunked)
    with client.download(EXPORT, {"list_id": 3}) as stream:
        assert stream.read() == ROWS
    assert server.seen[0].path == f"{EXPORT}?list_id=3"
    client.get("/api/lists")
    assert server.connections == 1


def test_a_download_reads_as_csv_row_by_row(client: Client, server: Server) -> None:
    server.answers[f"GET {EXPORT}"] = as_csv(ROWS)
    with client.download(EXPORT) as stream:
        rows = csv.reader(io.TextIOWrapper(stream, encoding="utf-8", newline=""))
        assert (next(rows), next(rows)) == (["uuid", "email"], ["0", "person0@example.com"])


def test_an_export_of_nobody_is_empty(client: Client, server: Server) -> None:
    server.answers[f"GET {EXPORT}"] = as_csv(b"")
    with client.download(EXPORT) as stream:
        assert stream.read() == b""


def test_a_gzip_of_several_members_is_read_to_its_end(client: Client, server: Server) -> None:
    server.answers[f"GET {EXPORT}"] = as_csv(gzip.compress(b"a\n") + gzip.compress(b"b\n"), headers=(("Content-Encoding", "gzip"),))
    with client.download(EXPORT) as stream:
        assert stream.read() == b"a\nb\n"


PACKED = gzip.compress(ROWS)
GZIP = (("Content-Encoding", "gzip"),)


@pytest.mark.parametrize(
    "reply",
    [
        as_csv(ROWS[:-1], length=len(ROWS)),
        as_csv(ROWS[:10], length=len(ROWS)),
        as_csv(b"", length=5),
        as_csv(PACKED[:-1], headers=GZIP),
        as_csv(PACKED[: len(PACKED) // 2], headers=GZIP),
        as_csv(PACKED[: len(PACKED) // 2], headers=GZIP, chunked=True),
        as_csv(PACKED[:-1], headers=GZIP, length=len(PACKED)),
        as_csv(PACKED + b"garbage", headers=GZIP),
    ],
    ids=["a byte", "most", "all", "gzip's last byte", "half of gzip", "half of gzip, chunked", "gzip and length", "garbage after gzip"],
)
def test_a_download_that_is_not_whole_never_ends_like_a_whole_one(client: Client, server: Server, reply: Reply) -> None:
    server.answers[f"GET {EXPORT}"] = reply
    with pytest.raises(Unreachable, match=rf"gave no whole answer to GET {EXPORT}: it"), client.download(EXPORT) as stream:
        for _line in stream:
            pass


@pytest.mark.parametrize("packed", [True, False])
def test_chunks_without_their_end_are_a_broken_download(client: Client, server: Server, packed: bool) -> None:
    body = gzip.compress(ROWS) if packed else ROWS
    server.answers[f"GET {EXPORT}"] = as_csv(body, headers=GZIP if packed else (), chunked=True)
    server.fail(f"GET {EXPORT}", "truncated")
    with pytest.raises(Unreachable, match="it broke off"), client.download(EXPORT) as stream:
        stream.read()


def test_a_download_that_fails_to_begin_is_tried_again(client: Client, server: Server) -> None:
    server.answers[f"GET {EXPORT}"] = as_csv(ROWS)
    server.fail(1, "502", times=2)
    with client.download(EXPORT) as stream:
        assert len(stream.read()) == len(ROWS)


def test_a_sign_in_page_is_no_export(client: Client, server: Server) -> None:
    server.fail(1, "html")
    with pytest.raises(NotTheApi, match="a web page instead of the CSV export: “Sign in"), client.download(EXPORT):
        pass


def test_a_forbidden_export_is_a_rejection(client: Client, server: Server) -> None:
    server.answers[f"GET {EXPORT}"] = message(403, "permission denied: subscribers:get")
    with pytest.raises(Rejected, match="lacks the permission subscribers:get"), client.download(EXPORT):
        pass


def test_a_download_left_early_does_not_spoil_the_next_request(client: Client, server: Server) -> None:
    server.answers[f"GET {EXPORT}"] = as_csv(ROWS * 5)
    with client.download(EXPORT) as stream:
        stream.readline()
    assert client.get("/api/lists") == {}


MEASURE = """
import io, resource, sys
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.client import Client, Connection

class Zeros(io.RawIOBase):
    def readable(self): return True
    def readinto(self, buffer): buffer[:] = bytes(len(buffer)); return len(buffer)

client = Client(Connection(sys.argv[1], "ansible", sys.argv[2]))
client.get("/api/lists")
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
client.upload("/api/import/subscribers", fields={}, file=io.BufferedReader(Zeros()), filename="a.csv", size=int(sys.argv[3]))
with client.download("/api/subscribers/export") as stream:
    while stream.read(1 << 16):
        pass
sys.stdout.write(str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before))
"""


def test_memory_stays_flat_however_large_the_file(server: Server) -> None:
    server.keep = 0
    server.answers[f"GET {EXPORT}"] = as_csv(bytes(100_000_000))
    command = [sys.executable, "-c", MEASURE, server.url, TOKEN, "200000000"]
    environment = {"PYTHONPATH": str(Path(__file__).parents[3] / ".ansible/collections")}
    grown = int(subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout)
    assert server.seen[1].length > 200_000_000
    assert grown < 8_000  # KiB
