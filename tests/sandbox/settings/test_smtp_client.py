# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import datetime
import ipaddress
import ssl
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from sandbox.listmonk.smtp_client import Refusal, SmtpError, UnknownAuthProtocol, deliver
from sandbox.mail import MailCatcher

# Blanks, signs and umlauts of real providers' passwords.
PASSWORDS = ["p#ss: wörd, 100%", " leading and trailing ", "BAbc/def+GHI=jkl==", "abcd efgh"]


@pytest.fixture
def mails() -> Iterator[MailCatcher]:
    with MailCatcher() as catcher:
        yield catcher


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that nobody trusts, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.test.invalid")])
    now = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "certificate.pem"
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(secret + signed.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def block(mails: MailCatcher, **more: object) -> dict[str, object]:
    return {"host": mails.host, "port": mails.port, "auth_protocol": "none", "tls_type": "none", **more}


def mail(recipient: str = "me@example.org") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "listmonk <noreply@example.org>", recipient, "Grüße"
    message.set_content("<p>Hi</p>", subtype="html")
    return message


@pytest.mark.parametrize("protocol", ["plain", "login", "cram"])
@pytest.mark.parametrize("password", PASSWORDS)
def test_the_password_arrives_as_it_was_given(mails: MailCatcher, protocol: str, password: str) -> None:
    deliver(block(mails, auth_protocol=protocol, username="user with space", password=password), mail())
    login = mails.messages[0].login
    assert login is not None and login.username == "user with space" and login.used(password)


def test_a_mail_arrives_with_the_bare_addresses_in_its_envelope(mails: MailCatcher) -> None:
    deliver(block(mails), mail("Me <me@example.org>"))
    assert (mails.messages[0].sender, mails.messages[0].recipients) == ("noreply@example.org", ("me@example.org",))
    assert mails.messages[0].subject == "Grüße" and "<p>Hi</p>" in mails.messages[0].text()


def test_everybody_in_the_headers_gets_the_mail(mails: MailCatcher) -> None:
    deliver(block(mails), mail("Me <me@example.org>, you@example.org"))
    assert mails.messages[0].recipients == ("me@example.org", "you@example.org")


def test_starttls_and_tls_reach_a_server_whose_certificate_is_not_verified(tls: ssl.SSLContext) -> None:
    with MailCatcher(starttls=tls) as later, MailCatcher(implicit_tls=tls) as at_once:
        deliver(block(later, tls_type="STARTTLS", tls_skip_verify=True), mail())
        deliver(block(at_once, tls_type="TLS", tls_skip_verify=True), mail())
        assert len(later.messages) == len(at_once.messages) == 1


def test_a_certificate_that_nobody_trusts_is_refused(tls: ssl.SSLContext) -> None:
    with MailCatcher(implicit_tls=tls) as mails, pytest.raises(SmtpError, match="x509: certificate signed by unknown authority"):
        deliver(block(mails, tls_type="TLS"), mail())


def test_tls_on_a_plain_port_is_no_tls_handshake(mails: MailCatcher) -> None:
    with pytest.raises(SmtpError, match="first record does not look like a TLS handshake"):
        deliver(block(mails, tls_type="TLS"), mail())


@pytest.mark.parametrize(
    ("change", "recipient", "sentence"),
    [
        ({"tls_type": "STARTTLS"}, "me@example.org", "SMTP STARTTLS extension not found"),
        (
            {"auth_protocol": "plain", "username": "u", "password": "wrong"},
            "me@example.org",
            '535 "5.7.8 Authentication credentials invalid"',
        ),
        ({}, "reject@example.org", '550 "5.1.1 mailbox unavailable"'),
        ({}, "nope", "mail: missing '@' or angle-addr"),
        ({}, "Me <me", "mail: missing @ in addr-spec"),
        ({}, "a@x.org, b@x.org", 'mail: expected single address, got ", b@x.org"'),
        ({"port": 99999}, "me@example.org", "dial tcp: address 99999: invalid port"),
        ({"port": 1}, "me@example.org", "dial tcp 127.0.0.1:1: connect: connection refused"),
        ({"host": "nosuch.invalid"}, "me@example.org", "dial tcp: lookup nosuch.invalid: no such host"),
        ({"host": "::1"}, "me@example.org", "too many colons in address"),
    ],
)
def test_failures_are_told_in_the_words_of_the_real_server(
    mails: MailCatcher, change: dict[str, object], recipient: str, sentence: str
) -> None:
    with pytest.raises(SmtpError) as failed:
        deliver({**block(mails), **change}, mail(), recipient=recipient)
    assert sentence in str(failed.value)
    assert mails.messages == []


def test_only_a_servers_own_no_is_a_refusal(mails: MailCatcher) -> None:
    with pytest.raises(Refusal):
        deliver(block(mails), mail(), recipient="reject@example.org")
    with pytest.raises(SmtpError) as failed:
        deliver(block(mails, port=1), mail())
    assert not isinstance(failed.value, Refusal)


def test_an_unknown_auth_protocol_is_found_before_anybody_is_called() -> None:
    with pytest.raises(UnknownAuthProtocol, match="unknown SMTP auth type 'nosuch'"):
        deliver({"host": "nosuch.invalid", "port": 1, "auth_protocol": "nosuch"}, mail())
