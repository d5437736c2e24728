# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which certificate authorities vouch for the server: validate_certs, ca_path and the variables that users of requests know."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from .._core.errors import Refusal

# requests reads the first two; OpenSSL, and with it most other programs, the third. All are read as requests reads its own.
_VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")


class Trust(NamedTuple):
    """``verify`` is what requests takes; ``source`` says in a sentence where it comes from."""

    verify: bool | str
    source: str


def trust(validate_certs: bool, ca_path: str | None) -> Trust:
    """Decide whom to trust. Raises Refusal if the file or directory that was named is not there."""
    if not validate_certs:
        return Trust(False, "validate_certs is false")
    if ca_path:
        return Trust(_existing(ca_path, "the option ca_path"), f"the certificate authorities of ca_path ({ca_path})")
    for variable in _VARIABLES:
        value = os.environ.get(variable)
        if value:
            return Trust(_existing(value, f"the variable {variable}"), f"the certificate authorities of the variable {variable} ({value})")
    return Trust(True, "the usual public certificate authorities")


def _existing(path: str, origin: str) -> str:
    if not Path(path).exists():
        raise Refusal(
            f"There is no {path}, which {origin} names. It must be a file with certificates in PEM form, or a directory of such files"
            " prepared"
            " by c_rehash, on the host that runs the task."
        )
    if not os.access(path, os.R_OK):
        raise Refusal(f"{path}, which {origin} names, cannot be read by the user who runs the task.")
    return path
