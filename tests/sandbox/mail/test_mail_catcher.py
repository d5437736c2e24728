from __future__ import annotations

import os
import signal
import smtplib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.mail import MailCatcher

MAIL = "Subject: Grüße\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Hi</p>\r\n".encode()


@pytest.fixture
def mails() -> Iterator[MailCatcher]:
    with MailCatcher() as catcher:
        yield catcher


@pytest.fixture
def smtp(mails: MailCatcher) -> Iterator[smtplib.SMTP]:
    with smtplib.SMTP(mails.host, mails.port, local_hostname="test.invalid") as connection:
        connection.ehlo()
        yield connection


def test_any_recipient_is_accepted_and_the_mail_is_kept(mails: MailCatcher, smtp: smtplib.SMTP) -> None:
    smtp.sendmail("a@example.org", ["who@example.net", "else@example.net"], MAIL)
    (mail,) = mails.wait_for(1)
    assert (mail.sender, mail.recipients) == ("a@example.org", ("who@example.net", "else@example.net"))
    assert mail.text().strip() == "<p>Hi</p>"


def test_a_local_part_that_begins_with_reject_is_refused_with_550(mails: MailCatcher, smtp: smtplib.SMTP) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        smtp.sendmail("a@example.org", ["reject-me@example.org"], MAIL)
    assert refused.value.recipients["reject-me@example.org"] == (550, b"5.1.1 mailbox unavailable")
    assert mails.messages == []


@pytest.mark.parametrize("mechanism", ["plain", "login", "cram_md5"])
def test_the_password_that_was_used_can_be_checked(mails: MailCatcher, smtp: smtplib.SMTP, mechanism: str) -> None:
    smtp.user, smtp.password = "news@example.com", " key: 1/2+3== %"
    smtp.auth(mechanism.upper().replace("_", "-"), getattr(smtp, f"auth_{mechanism}"))
    smtp.sendmail("a@example.org", ["b@example.org"], MAIL)
    login = mails.messages[0].login
    assert login is not None and login.username == "news@example.com"
    assert login.used(" key: 1/2+3== %") and not login.used("key: 1/2+3== %")


@pytest.mark.parametrize("mechanism", ["plain", "login", "cram_md5"])
def test_the_password_wrong_is_refused_with_535(mails: MailCatcher, smtp: smtplib.SMTP, mechanism: str) -> None:
    smtp.user, smtp.password = "u", "wrong"
    with pytest.raises(smtplib.SMTPAuthenticationError) as refused:
        smtp.auth(mechanism.upper().replace("_", "-"), getattr(smtp, f"auth_{mechanism}"))
    assert refused.value.smtp_code == 535
    assert [login.accepted for login in mails.logins][-1] is False


def test_a_mail_that_does_not_come_is_a_timeout_and_not_an_empty_list(mails: MailCatcher) -> None:
    with pytest.raises(TimeoutError, match="0 of 1 mails"):
        mails.wait_for(1, timeout=0.05)


def test_as_a_process_of_its_own_it_writes_one_eml_file_per_mail_and_ends_on_sigterm(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sandbox.mail", "--directory", str(tmp_path / "mails")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}) as process:
        assert process.stdout is not None
        host, _, port = process.stdout.readline().split()[-1].rpartition(":")
        with smtplib.SMTP(host, int(port), local_hostname="test.invalid") as connection:
            connection.sendmail("a@example.org", ["b@example.org"], MAIL)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
    assert [file.read_bytes() for file in (tmp_path / "mails").iterdir()] == [MAIL]
