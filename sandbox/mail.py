# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A mail server that delivers nowhere: it keeps what it gets, for tests and for the rehearsal on one machine.

Every recipient is accepted, except those whose local part begins with ``reject`` (550). AUTH takes any credentials but the
password ``wrong`` (535) and remembers them, so that a test can prove that a stored password was used as it was given.

As its own process: ``python -m sandbox.mail --port 2525 --directory mails`` writes one .eml file per mail.
"""

from __future__ import annotations

import argparse
import asyncio
import hmac
import signal
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default as modern_policy
from pathlib import Path
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

REFUSED_PASSWORD = "wrong"
REFUSED_LOCAL_PART = "reject"


@dataclass(frozen=True)
class Login:
    """One AUTH exchange. CRAM-MD5 shows a digest only, so ``password`` is None there and ``used`` compares digests."""

    mechanism: str
    username: str
    password: str | None = None
    challenge: bytes = b""
    digest: str = ""

    def used(self, password: str) -> bool:
        if self.password is not None:
            return self.password == password
        return hmac.compare_digest(hmac.new(password.encode(), self.challenge, "md5").hexdigest(), self.digest)

    @property
    def accepted(self) -> bool:
        return not self.used(REFUSED_PASSWORD)


@dataclass(frozen=True)
class Mail:
    sender: str
    recipients: tuple[str, ...]
    content: bytes
    login: Login | None

    @property
    def message(self) -> EmailMessage:
        return BytesParser(policy=modern_policy).parsebytes(self.content)

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    def text(self, subtype: str = "html") -> str:
        """The decoded part of that kind, or "" when the mail has none."""
        part = self.message.get_body(preferencelist=(subtype,))
        return str(part.get_content()) if part is not None else ""


class _Handler:
    def __init__(self, keep: Callable[[Mail], None], remember: Callable[[Login], None]) -> None:
        self._keep = keep
        self._remember = remember

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        if address.lstrip("<").startswith(REFUSED_LOCAL_PART):
            return "550 5.1.1 mailbox unavailable"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        login = session.auth_data if isinstance(session.auth_data, Login) else None
        content = envelope.content if isinstance(envelope.content, bytes) else str(envelope.content).encode()
        self._keep(Mail(str(envelope.mail_from), tuple(envelope.rcpt_tos), content, login))
        return "250 2.0.0 kept"

    async def auth_CRAM__MD5(self, server: SMTP, args: list[str]) -> AuthResult:
        """RFC 2195; aiosmtpd brings PLAIN and LOGIN only."""
        challenge = f"<{id(args)}.{threading.get_ident()}@{server.hostname}>".encode()
        answer = await server.challenge_auth(challenge)
        if not isinstance(answer, bytes):
            return AuthResult(success=False, handled=True)
        username, _, digest = answer.decode("utf-8", "replace").rpartition(" ")
        return self._judge(Login("CRAM-MD5", username, challenge=challenge, digest=digest))

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        return self._judge(Login(mechanism, data.login.decode("utf-8", "replace"), data.password.decode("utf-8", "replace")))

    def _judge(self, login: Login) -> AuthResult:
        self._remember(login)
        return AuthResult(success=login.accepted, handled=False, auth_data=login)


class _Smtp(SMTP):
    # Go's clients know these two words only; aiosmtpd's "User Name\0" (the wording of the Internet draft) confuses them.
    AuthLoginUsernameChallenge = "Username:"
    AuthLoginPasswordChallenge = "Password:"


class _Controller(Controller):
    """Takes port 0 ("any free one") and tells which it got."""

    def factory(self) -> SMTP:
        return _Smtp(self.handler, **self.SMTP_kwargs)

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


class MailCatcher:
    """A running mail server in a thread of this process: ``with MailCatcher() as mails: … mails.messages``."""

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        directory: Path | None = None,
        *,
        starttls: ssl.SSLContext | None = None,
        implicit_tls: ssl.SSLContext | None = None,
    ) -> None:
        self.directory = directory
        self.messages: list[Mail] = []
        self.logins: list[Login] = []
        self._kept_before = 0  # the number of the last file: a catcher that starts again goes on after it
        self._arrived = threading.Condition()
        handler = _Handler(self._keep, self._remember)
        self._controller = _Controller(
            handler,
            hostname=host,
            port=port,
            ssl_context=implicit_tls,
            tls_context=starttls,
            # The machine's own name may take a slow DNS question; nobody reads it here.
            server_hostname="mail.sandbox.invalid",
            auth_require_tls=False,
            authenticator=handler.authenticate,
            enable_SMTPUTF8=True,
        )

    @property
    def host(self) -> str:
        return str(self._controller.hostname)

    @property
    def port(self) -> int:
        return int(self._controller.port)

    def start(self) -> Self:
        if self.directory is not None:
            self.directory.mkdir(parents=True, exist_ok=True)
            self._kept_before = max((int(file.stem) for file in self.directory.glob("*.eml")), default=0)
        self._controller.start()
        return self

    def stop(self) -> None:
        self._controller.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def wait_for(self, count: int, timeout: float = 10.0) -> list[Mail]:
        """The messages, as soon as there are ``count`` of them; TimeoutError if they do not come."""
        with self._arrived:
            if not self._arrived.wait_for(lambda: len(self.messages) >= count, timeout):
                raise TimeoutError(f"{len(self.messages)} of {count} mails arrived within {timeout:g} s")
            return list(self.messages)

    def _keep(self, mail: Mail) -> None:
        with self._arrived:
            self.messages.append(mail)
            if self.directory is not None:
                self._kept_before += 1
                (self.directory / f"{self._kept_before:06d}.eml").write_bytes(mail.content)
            self._arrived.notify_all()

    def _remember(self, login: Login) -> None:
        self.logins.append(login)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m sandbox.mail", description="Catch mails instead of delivering them.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=0, help="port to listen on; 0, the default, takes any free one")
    parser.add_argument("--directory", type=Path, help="folder for one .eml file per mail")
    options = parser.parse_args(arguments)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with MailCatcher(options.host, options.port, options.directory) as catcher:
        print(f"catching mails on {catcher.host}:{catcher.port}", flush=True)
        stop.wait()


if __name__ == "__main__":
    main()
