# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stub of case 09: a sign-in page that answers everything with status 200."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

STUB = Path(__file__).parent / "cases/09-base-url-shapes/stub.py"


@dataclass(frozen=True)
class SignInPage:
    url: str
    log: Path

    def requests(self) -> list[str]:
        """What was asked so far: method and path."""
        return self.log.read_text(encoding="utf-8").splitlines()


@contextmanager
def sign_in_page(folder: Path) -> Iterator[SignInPage]:
    """The stub, as long as the block lasts; its log is in ``folder``."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    log = folder / "sign-in-page.log"
    log.touch()
    with subprocess.Popen([sys.executable, STUB, str(port), str(log)]) as process:
        _wait_until_it_listens(port)
        yield SignInPage(f"http://127.0.0.1:{port}", log)
        process.terminate()


def _wait_until_it_listens(port: int) -> None:
    for _try in range(100):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("the stub does not listen")
