# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A reference to a secret finds it, or says what is missing without saying the secret."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.clarivum.mailing.plugins.module_utils._core.errors import Refusal
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.secret_reference import SecretPlaces, resolve


@pytest.fixture
def places(tmp_path: Path) -> SecretPlaces:
    (tmp_path / "password").write_text("from the file \n")
    (tmp_path / "picture").write_bytes(b"\xff\xd8")
    variables: dict[str, Any] = {"vault_password": "from the vault", "number": 5}
    return SecretPlaces(directory=tmp_path, environment={"SET": "from outside", "BLANK": ""}, variable=variables.__getitem__)


@pytest.mark.parametrize(
    ("reference", "secret"),
    [({"env": "SET"}, "from outside"), ({"file": "password"}, "from the file "), ({"variable": "vault_password"}, "from the vault")],
)
def test_a_secret_is_found_where_the_reference_says(places: SecretPlaces, reference: Any, secret: str) -> None:
    assert resolve(reference, "smtp[0].password_from", places) == secret


@pytest.mark.parametrize(
    ("reference", "sentence"),
    [
        ({"env": "UNSET"}, "smtp[0].password_from: the environment variable UNSET is not set where Ansible runs."),
        ({"env": "BLANK"}, "smtp[0].password_from: the env BLANK is empty."),
        ({"file": "nowhere"}, "cannot be read: No such file or directory."),
        ({"file": "picture"}, "is not a text file in UTF-8."),
        ({"variable": "nobody"}, "smtp[0].password_from: there is no variable 'nobody'."),
        ({"variable": "number"}, "smtp[0].password_from: the variable number does not hold a text."),
        ({"env": ""}, "smtp[0].password_from.env must be a text that is not empty."),
    ],
)
def test_what_is_missing_is_named(places: SecretPlaces, reference: Any, sentence: str) -> None:
    with pytest.raises(Refusal) as refused:
        resolve(reference, "smtp[0].password_from", places)
    assert sentence in str(refused.value)


@pytest.mark.parametrize("reference", ["hunter2", {"password": "hunter2"}, {"env": "SET", "file": "x"}, {}, ["hunter2"]])
def test_something_else_than_a_reference_is_refused_without_being_repeated(places: SecretPlaces, reference: Any) -> None:
    with pytest.raises(Refusal) as refused:
        resolve(reference, "smtp[0].password_from", places)
    assert "says where a secret is to be found" in str(refused.value)
    assert "hunter2" not in str(refused.value)
