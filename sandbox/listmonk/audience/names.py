# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The name of a subscriber whose address is all that is known: jane.doe@example.com is "Jane Doe"."""

from __future__ import annotations

import re
import unicodedata

from .addresses import SPACES, lowered

_PLAIN_WORD = re.compile(r"[a-z]+")
_BLANKS = re.compile(f"[{SPACES}]+")

# Where golang.org/x/text/cases (v0.35.0) sees no end of a word: these, between two characters of a word. Scripts that are written
# without blanks end one with every character.
_JOINERS = frozenset("'.:\u00b7\u0387\u055f\u05f4\u2018\u2019\u2024\u2027\ufe13\ufe52\ufe55\uff07\uff0e\uff1a")
_WITHOUT_BLANKS = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")


def name_of(name: str, address: str) -> str:
    """`name` trimmed or, if nothing is left of it, the capitalised local part of `address`."""
    trimmed = name.strip(SPACES)
    if trimmed:
        return trimmed
    words = _BLANKS.split(lowered(address.partition("@")[0]).replace(".", " ").strip(SPACES))
    return " ".join(capitalised(word) for word in words if word)


def capitalised(text: str) -> str:
    """The first cased character of every word in title case, as golang.org/x/text does for an unknown language."""
    if _PLAIN_WORD.fullmatch(text):
        return text.capitalize()
    out = []
    waiting = True
    for index, character in enumerate(text):
        if _of_a_word(character):
            if waiting and character.lower() != character.upper():
                character, waiting = character.title(), False
        elif not (character in _JOINERS and _of_a_word(text[index - 1 : index]) and _of_a_word(text[index + 1 : index + 2])):
            waiting = True
        out.append(character)
    return "".join(out)


def _of_a_word(character: str) -> bool:
    """Whether it is a letter, mark, digit or connector, and belongs to the word beside it."""
    if not character:
        return False
    category = unicodedata.category(character)
    if category == "Lo":
        return not unicodedata.name(character, "").startswith(_WITHOUT_BLANKS)
    return category[0] in "LNM" or category in ("Pc", "Cf")
