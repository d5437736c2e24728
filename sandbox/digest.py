# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Have the sandbox's sources changed? (A process that imported the old ones must then not be used any more.)"""

from __future__ import annotations

import hashlib
from pathlib import Path


def digest_of_sources() -> str:
    """Changes whenever a file of the sandbox does. Cheap: names, sizes and times, no contents."""
    root = Path(__file__).parent
    files = sorted(path for path in root.rglob("*") if path.suffix in (".py", ".sql", ".json"))
    facts = [f"{path.relative_to(root)} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in files]
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()
