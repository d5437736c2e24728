# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PostgreSQL's refusals as listmonk passes them on: a 500 with the database's own words, which clients classify by."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from ..answers import Problem
from ..database import error_text


@contextmanager
def passed_on(sentence: str, *, with_detail: bool = True) -> Iterator[None]:
    """``with passed_on("Error creating List"), state.db() as cur: …``"""
    try:
        yield
    except psycopg.Error as error:
        raise Problem(500, f"{sentence}: {detailed(error) if with_detail else error_text(error)}") from error


def detailed(error: psycopg.Error) -> str:
    text = error_text(error)
    return f"{text}. {error.diag.message_detail}" if error.diag.message_detail else text
