# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Passwords as listmonk's database keeps them: bcrypt with the cost and prefix of PostgreSQL's pgcrypto (``$2a$06$…``)."""

from __future__ import annotations

import bcrypt

_COST = 6
_USED_BYTES = 72  # pgcrypto ignores what follows


def password_hash(password: str) -> str:
    return bcrypt.hashpw(password.encode()[:_USED_BYTES], bcrypt.gensalt(_COST, prefix=b"2a")).decode()


def is_password(password: str, stored: str) -> bool:
    try:
        return bcrypt.checkpw(password.encode()[:_USED_BYTES], stored.encode())
    except ValueError:  # an API user's token hash, or nothing
        return False
