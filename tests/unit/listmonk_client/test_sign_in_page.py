# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Case 09 against its own stub: a sign-in page that answers everything with status 200."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.errors import NotTheApi

from .conftest import client_of

STUB = Path(__file__).parents[2] / "cases/09-base-url-shapes/stub.py"


@dataclass(frozen=True)
class SignInPage:
    url: str
    log: Path


@pytest.fixture
def sign_in_page(tmp_path: Path) -> Iterator[SignInPage]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    log = tmp_path / "log"
    log.touch()
    with subprocess.Popen([sys.executable, STUB, str(port), str(log)]) as process:
        wait_until_it_listens(port)
        yield SignInPage(f"http://127.0.0.1:{port}", log)
        process.terminate()


def wait_until_it_listens(port: int) -> None:
    for _try in range(100):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("the stub does not listen")


@pytest.mark.parametrize(
    "request_it",
    [
        lambda client: client.get("/api/lists", {"minimal": True}, expect=(dict, list)),
        lambda client: client.post("/api/lists", {"name": "Newsletter"}),
        lambda client: client.delete("/api/lists/1"),
        lambda client: client.preview("/api/templates/preview", {"body": "x"}),
        lambda client: client.download("/api/subscribers/export").__enter__(),
        lambda client: client.version,
    ],
    ids=["get", "post", "delete", "preview", "download", "version"],
)
def test_behind_a_sign_in_page_every_verb_fails_with_the_cases_sentence(sign_in_page: SignInPage, request_it: Any) -> None:
    with pytest.raises(NotTheApi) as error:
        request_it(client_of(sign_in_page.url))
    text = str(error.value)
    assert "web page" in text or "CSV export" in text
    assert f"{sign_in_page.url} with status 200" in text
    assert "A sign-in page or a proxy may stand in front" in text
    assert len(text) < 600
    assert len(sign_in_page.log.read_text(encoding="utf-8").splitlines()) == 1
