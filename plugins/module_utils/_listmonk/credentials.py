# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Authorization header that listmonk understands, and what may stand in it."""

from __future__ import annotations

from .errors import BadCredentials


def authorization(username: str, api_token: str) -> str:
    """The header's value. Raises BadCredentials for what listmonk could not read back; the token is never in the sentence.

    listmonk splits at the first colon and compares byte for byte (internal/auth of 6.2.0).
    """
    _check("username", "name of an API user", username)
    _check("api_token", "token of the API user", api_token)
    return f"token {username}:{api_token}"


def _check(option: str, what: str, value: str) -> None:
    if not value:
        raise BadCredentials(f"The option {option} is empty. It must hold the {what} (Admin, Users, type API).")
    if value != value.strip():
        raise BadCredentials(
            f"The option {option} begins or ends with a blank or a line break. It must hold the {what} alone; a value read from a file"
            " needs"
            " the filter trim."
        )
    if ":" in value:
        raise BadCredentials(
            f"The option {option} holds a colon. It must hold the {what} alone: name and token go into the two options username and"
            " api_token."
        )
    if not all("!" <= character <= "~" for character in value):
        raise BadCredentials(
            f"The option {option} holds a blank, a line break or a character outside ASCII. It must hold the {what} as listmonk shows"
            " it once."
        )
