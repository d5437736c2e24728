# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The audience of the sample publisher, in files as people really have them; all persons are invented.

`python -m dev.sample_audience` writes mailing/audience anew. The same seed gives the same bytes, and a test compares them.
"""

from __future__ import annotations

import csv
import io
import random
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

AUDIENCE = Path(__file__).resolve().parent.parent / "mailing" / "audience"

FIRST_NAMES = (
    "Ada Anna Björn Carla Céline Chiara Daan David Elif Emil Émile Fatma Finn Giulia Hanna Håkon Inês Jan Jonas José Käthe Klára Lars Léa "
    "Lena Luca Maja Małgorzata Marie Mehmet Mónica Nadia Niels Noah Oskar Paula Peter Priya René Rosa Sanne Sofia Søren Theo Ulla Vera "
    "Willem Yara Zoë"
).split()
LAST_NAMES = (
    "Almeida Andersson Bauer Becker Bernard Bianchi Brânză Costa De-Vries Dubois Eriksen Fischer García Groß Haas Hansen Hoffmann Jensen "
    "Kaya Keller Kowalski Krüger Lambert Lehmann Lindqvist López Müller Nagy Novák O’Brien Öztürk Petit Richter Romano Rossi Sánchez "
    "Schäfer Schröder Silva Svensson Tóth Van-Dijk Vogel Weiß Yılmaz Zieliński"
).split()
DOMAINS = ("example.com", "example.net", "example.org", "mail.example", "post.example", "studio.example")
COUNTRIES = ("Österreich", "Deutschland", "Schweiz", "Frankreich", "Niederlande", "Dänemark")
GENRES = ("crime", "essay", "history", "poetry", "science", "travel")
START = datetime(2023, 3, 1, 8, 0, 0)
LETTERS = str.maketrans({"ø": "o", "ł": "l", "ß": "ss", "ı": "i", "’": "", "-": ""})


@dataclass(frozen=True)
class Person:
    first: str
    last: str
    email: str


def people(dice: random.Random) -> Iterator[Person]:
    """Invented people without end, no two with the same address."""
    taken: set[str] = set()
    while True:
        first, last = dice.choice(FIRST_NAMES), dice.choice(LAST_NAMES).replace("-", " ")
        local = f"{_ascii(first)}.{_ascii(last)}"
        email = f"{local}@{dice.choice(DOMAINS)}"
        while email in taken:
            email = f"{local}{dice.randint(2, 99)}@{dice.choice(DOMAINS)}"
        taken.add(email)
        yield Person(first, last, email)


def files() -> dict[str, bytes]:
    """Every file's bytes by its name."""
    dice = random.Random(20261125)
    everyone = people(dice)

    def take(count: int) -> list[Person]:
        return [next(everyone) for _ in range(count)]

    subscribed, left, bounced, buyers, club = take(240), take(36), take(12), take(260), take(180)
    # Somebody left on one day and is still in the export of the day before; some readers also bought a book.
    subscribed += left[:3]
    buyers += subscribed[:40]
    return {
        "customers.csv": _spreadsheet(dice, buyers),
        "newsletter_subscribed.csv": _newsletter_export(dice, subscribed),
        "newsletter_unsubscribed.csv": _newsletter_export(dice, left),
        "newsletter_cleaned.csv": _newsletter_export(dice, bounced),
        "readers_club.csv": _membership_export(dice, club + subscribed[40:60]),
    }


def _spreadsheet(dice: random.Random, buyers: Sequence[Person]) -> bytes:
    """Saved by a spreadsheet in Central Europe: semicolons, decimal commas, Windows-1252, CRLF; some typing errors."""
    rows = []
    for number, person in enumerate(buyers):
        email = person.email.title().replace("Example", "example") if number % 17 == 3 else person.email
        email = email + " " if number % 23 == 5 else email
        spent = f"{dice.randint(299, 24999) / 100:.2f}".replace(".", ",")
        rows.append(
            [email, person.first, person.last, dice.choice(COUNTRIES), _day(dice).strftime("%d.%m.%Y"), str(dice.randint(1, 24)), spent]
        )
    rows[11][0] = "lena.vogel(at)example.com"
    rows[87][0] = "jonas.keller@@example.net"
    rows[203][0] = ""
    header = ["E-Mail", "Vorname", "Nachname", "Land", "Letzte Bestellung", "Bestellungen", "Umsatz"]
    # Letters that Windows-1252 lacks have become question marks, as the spreadsheet does it.
    return _csv([header, *rows], delimiter=";", line_end="\r\n").encode("cp1252", errors="replace")


def _newsletter_export(dice: random.Random, readers: Sequence[Person]) -> bytes:
    """As a hosted newsletter service hands an audience over: many technical columns, tags as a quoted list in one cell."""
    header = "Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,GMTOFF,DSTOFF,CC,REGION,LEID,EUID,TAGS"
    rows = []
    for reader in readers:
        optin = _day(dice)
        address = f"192.0.2.{dice.randint(1, 254)}"
        tags = ",".join(f'"{tag}"' for tag in sorted(dice.sample(GENRES, dice.randint(0, 2))))
        named = dice.random() > 0.1
        rows.append(
            [
                reader.email,
                reader.first if named else "",
                reader.last if named else "",
                str(dice.randint(1, 5)),
                f"{optin:%Y-%m-%d %H:%M:%S}",
                address,
                f"{optin + timedelta(minutes=dice.randint(1, 90)):%Y-%m-%d %H:%M:%S}",
                address,
                "1",
                "2",
                dice.choice(("at", "ch", "de", "fr", "nl")),
                "",
                str(dice.randint(100000000, 999999999)),
                f"{dice.getrandbits(40):010x}",
                tags,
            ]
        )
    return _csv([header.split(","), *rows], delimiter=",", line_end="\n").encode()


def _membership_export(dice: random.Random, members: Sequence[Person]) -> bytes:
    """Everybody of a membership site, with a column that says who wants mail; a BOM in front."""
    rows = []
    for member in members:
        wants = dice.choices(("yes", "no", ""), weights=(75, 15, 10))[0]
        deleted = f"{_day(dice):%Y-%m-%d}" if dice.random() < 0.04 else ""
        genres = "|".join(sorted(dice.sample(GENRES, dice.randint(1, 3))))
        rows.append([f"{member.first} {member.last}", member.email, wants, deleted, genres, f"{_day(dice):%Y-%m-%d}"])
    return (
        b"\xef\xbb\xbf"
        + _csv([["name", "email", "wants_mail", "deleted_at", "genres", "member_since"], *rows], delimiter=",", line_end="\n").encode()
    )


def _csv(rows: Iterable[Sequence[str]], *, delimiter: str, line_end: str) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=line_end).writerows(rows)
    return text.getvalue()


def _day(dice: random.Random) -> datetime:
    return START + timedelta(seconds=dice.randint(0, 1300 * 86400))


def _ascii(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.lower().translate(LETTERS))
    return "".join(character for character in plain if character.isascii() and character.isalnum())


def main() -> None:
    AUDIENCE.mkdir(parents=True, exist_ok=True)
    for name, content in files().items():
        (AUDIENCE / name).write_bytes(content)


if __name__ == "__main__":
    main()
