# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The version that a listmonk says it has."""

from __future__ import annotations

import re

from .errors import NotTheApi

# "v6.2.0", "6.2.0", and what builds between two releases say: "v6.2.0-3-gabc1234", "v6.3.0-nightly.20260101", "v6.2.0 (#ef0a7587 …)".
_VERSION = re.compile(r"v?([0-9]{1,4})\.([0-9]{1,4})(?:\.([0-9]{1,4}))?(?![0-9.])")


def parse_version(text: object, base: str) -> tuple[int, int, int]:
    """(major, minor, patch). Raises NotTheApi for a text that begins with no version."""
    found = _VERSION.match(text.strip()) if isinstance(text, str) else None
    if found is None:
        raise NotTheApi(
            f"{base} says that its version is {text!r}, from which no release can be told. Supported are listmonk 5.0 and later, which"
            " say so in the"
            " form v6.2.0; a build of your own needs a version set when it is built."
        )
    return int(found[1]), int(found[2]), int(found[3] or 0)
