# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors whose text is the whole sentence that the person at the terminal reads."""

from __future__ import annotations

from collections.abc import Mapping


class MailingError(Exception):
    """Something that ends a task; ``str(error)`` says what was wrong, where, and what would be right.

    ``facts`` are returned beside the message so that a playbook can act on them (a status, ids, rejected rows).
    """

    def __init__(self, sentence: str, **facts: object) -> None:
        super().__init__(sentence)
        self.facts: Mapping[str, object] = facts


class Refusal(MailingError):
    """The wish itself cannot be fulfilled; found before anything was written."""


class ImpossibleDeclaration(Exception):
    """A declaration contradicts itself: a mistake in our code, found when it is imported."""
