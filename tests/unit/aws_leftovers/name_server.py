# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A name server on the loopback address that answers what a test tells it: the public DNS of the test."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

Records = Mapping[tuple[str, str], list[str]]
"""(name, type) to the records' texts, names without the last dot."""


@contextmanager
def name_server(records: Records) -> Iterator[int]:
    """The port on which it answers over UDP."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        threading.Thread(target=_serve, args=(server, records), daemon=True).start()
        yield server.getsockname()[1]


def _serve(server: socket.socket, records: Records) -> None:
    while True:
        try:
            packet, client = server.recvfrom(4096)
            server.sendto(_answer(dns.message.from_wire(packet), records).to_wire(), client)
        except OSError:  # the test is over, and the socket closed
            return


def _answer(query: dns.message.Message, records: Records) -> dns.message.Message:
    answer = dns.message.make_response(query)
    answer.flags |= dns.flags.RA | dns.flags.AA
    question = query.question[0]
    name = question.name.to_text(omit_final_dot=True)
    texts = records.get((name, question.rdtype.name))
    if texts:
        answer.answer.append(dns.rrset.from_text_list(question.name, 60, "IN", question.rdtype.name, texts))
    elif not any(known == name or known.endswith(f".{name}") for known, _type in records):
        answer.set_rcode(dns.rcode.NXDOMAIN)
    return answer
