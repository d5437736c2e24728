# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sentences of listmonk's answers that clients meet, under the keys of its language packs.

Only what recordings pin is here, in English whatever ``app.lang`` says: this is no copy of listmonk's packs.

>>> say("globals.messages.errorCreating", name="Role", error="pq: …")
'Error creating Role: pq: …'
"""

from __future__ import annotations

import json
from pathlib import Path

LANGUAGES: dict[str, str] = json.loads((Path(__file__).parent / "languages.json").read_text("utf-8"))

SENTENCES = {
    "globals.messages.errorCreating": "Error creating {name}: {error}",
    "globals.messages.errorDeleting": "Error deleting {name}: {error}",
    "globals.messages.errorFetching": "Error fetching {name}: {error}",
    "globals.messages.errorUpdating": "Error updating {name}: {error}",
    "globals.messages.invalidFields": "Invalid fields: {name}",
    "globals.messages.invalidID": "Invalid ID(s)",
    "globals.messages.notFound": "{name} not found",
    "globals.terms.user": "User",
    "globals.terms.users": "Users",
    "users.forgotPassword": "Forgot password?",
    "users.invalidLogin": "Invalid login or password",
    "users.listRole": "List roles",
    "users.login": "Login",
    "users.needSuper": "User(s) couldn't be updated. There has to be at least one active Super Admin user.",
    "users.passwordMismatch": "Passwords don't match",
    "users.resetPassword": "Reset password",
    "users.role": "Role",
    "users.userRole": "User role",
}


def say(key: str, **values: object) -> str:
    return SENTENCES[key].format(**values) if values else SENTENCES[key]


def pack() -> dict[str, str]:
    """What GET /api/lang/:lang answers, for any language: clients need the two names, and the sentences are all we have."""
    return {"_.code": "en", "_.name": LANGUAGES["en"], **SENTENCES}
