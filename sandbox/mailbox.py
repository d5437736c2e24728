# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The mails that the mail catcher kept, for people to read: a table of all, or one in full."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default as modern_policy
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

SHOWN_HEADERS = ("From", "To", "Subject", "Date")


@dataclass(frozen=True)
class KeptMail:
    number: int
    message: EmailMessage

    def header(self, name: str) -> str:
        return str(self.message.get(name, ""))

    @property
    def text(self) -> str:
        part = self.message.get_body(preferencelist=("plain", "html"))
        return str(part.get_content()) if part is not None else ""


def read(directory: Path) -> list[KeptMail]:
    parser = BytesParser(policy=modern_policy)
    return [KeptMail(int(file.stem), parser.parsebytes(file.read_bytes())) for file in sorted(directory.glob("*.eml"))]


def show_all(mails: list[KeptMail], console: Console) -> None:
    table = Table("No.", *SHOWN_HEADERS)
    for mail in mails:
        table.add_row(str(mail.number), *(Text(mail.header(name)) for name in SHOWN_HEADERS))
    console.print(table)


def show(mail: KeptMail, console: Console) -> None:
    for name, value in mail.message.items():
        console.print(Text(f"{name}: {value}"), soft_wrap=True)
    console.print()
    console.print(Text(mail.text), soft_wrap=True)
