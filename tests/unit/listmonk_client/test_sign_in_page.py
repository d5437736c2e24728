# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Case 09 against its own stub: a sign-in page that answers everything with status 200."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.errors import NotTheApi
from tests.sign_in_page import SignInPage, sign_in_page as start_sign_in_page

from .conftest import client_of


@pytest.fixture
def sign_in_page(tmp_path: Path) -> Iterator[SignInPage]:
    with start_sign_in_page(tmp_path) as page:
        yield page


@pytest.mark.parametrize(
    "request_it",
    [
        lambda client: client.get("/api/lists", {"minimal": True}, expect=(dict, list)),
        lambda client: client.post("/api/lists", {"name": "Newsletter"}),
        lambda client: client.delete("/api/lists/1"),
        lambda client: client.preview("/api/templates/preview", {"body": "x"}),
        lambda client: client.download("/api/subscribers/export").__enter__(),
        lambda client: client.version,
    ],
    ids=["get", "post", "delete", "preview", "download", "version"],
)
def test_behind_a_sign_in_page_every_verb_fails_with_the_cases_sentence(sign_in_page: SignInPage, request_it: Any) -> None:
    with pytest.raises(NotTheApi) as error:
        request_it(client_of(sign_in_page.url))
    text = str(error.value)
    assert "web page" in text or "CSV export" in text
    assert f"{sign_in_page.url} with status 200" in text
    assert "A sign-in page or a proxy may stand in front" in text
    assert len(text) < 600
    assert len(sign_in_page.requests()) == 1
