# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""listmonk's 403 answers in words: it uses the one status for missing credentials, wrong ones and missing permissions."""

from __future__ import annotations

import re

_PERMISSION = re.compile(r"permission denied: ([a-z_]+:[a-z_]+)$", re.IGNORECASE)


def why_forbidden(sentence: str, username: str) -> str:
    """What a 403 means and what to do; begins with a blank. Empty for a sentence that is not known (they are localised)."""
    if sentence == "invalid session":
        return " No credentials reached listmonk: a proxy in front may remove the Authorization header, or add a cookie."
    if sentence == "invalid API credentials":
        return (
            f" There is no enabled API user {username} with this token. Check username and api_token (a user of the web pages does not"
            " work);"
            " each listmonk process knows only the API users that there were when it started or that were made through it."
        )
    if sentence.startswith("code=400"):
        return " The Authorization header arrived damaged; a proxy in front may rewrite it."
    permission = _PERMISSION.search(sentence)
    if permission:
        return f" The role of the API user {username} lacks the permission {permission[1]} (of several that would do, listmonk names one)."
    if sentence == "permission denied":
        return f" The role of the API user {username} does not give access to this list; lists:get_all and lists:manage_all give it to all."
    return f" The role of the API user {username} does not permit this."
