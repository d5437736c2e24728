# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can go wrong between us and a listmonk; each error's text is the whole sentence for the user."""

from __future__ import annotations

from .._core.errors import MailingError, Refusal


class BadAddress(Refusal):
    """The url option is not an address that requests can go to; found before a connection is opened."""


class BadCredentials(Refusal):
    """The user name or token cannot be put into an Authorization header; found before a connection is opened."""


class LibraryMissing(MailingError):
    """A Python library that the client needs is not installed where the module runs."""

    def __init__(self, library: str) -> None:
        super().__init__(f"The Python library {library} is needed on the host that runs the task and is not installed there.")
        self.library = library


class Unreachable(MailingError):
    """No connection came about, or a request that changes nothing got no answer: nothing was written."""


class Uncertain(MailingError):
    """A write was sent and its answer was lost: it may or may not have happened. Running again finds out."""


class NotTheApi(MailingError):
    """Something answered, but not as listmonk's API does. Never to be read as "there is no such object"."""


class Rejected(MailingError):
    """The API answered with a status of 400 or more.

    ``sentence`` is the server's own, redacted. It is localised by the server's settings: classify by status, or by the parts
    that PostgreSQL wrote.
    """

    def __init__(self, text: str, *, method: str, path: str, status: int, sentence: str, endpoint_unknown: bool = False) -> None:
        super().__init__(text, status=status)
        self.method = method
        self.path = path
        self.status = status
        self.sentence = sentence
        self.endpoint_unknown = endpoint_unknown


class WriteInCheckMode(MailingError):
    """A request that writes was about to be sent in check mode; not a byte of it was."""
