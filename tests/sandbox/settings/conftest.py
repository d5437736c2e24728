# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sandbox import listmonk
from sandbox.listmonk.body import bind_value
from sandbox.listmonk.preferences.shape import SETTINGS

DEFAULTS = Path(listmonk.__file__).parent / "schema" / "settings.json"


@pytest.fixture
def stored() -> dict[str, Any]:
    """The settings of a fresh installation: two sample SMTP servers and a sample mailbox, all without a uuid."""
    return dict(bind_value(SETTINGS, DEFAULTS.read_bytes()))


@pytest.fixture
def wish() -> dict[str, Any]:
    """The same document as a client sends it back, with its secrets blanked."""
    settings = dict(bind_value(SETTINGS, DEFAULTS.read_bytes()))
    for block in (*settings["smtp"], *settings["bounce.mailboxes"]):
        block["password"] = ""
    return settings
