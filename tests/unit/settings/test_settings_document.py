# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The document as a value: bullets never leave, secrets stay, nothing else changes."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, strategies as st

from ansible_collections.clarivum.mailing.plugins.module_utils._core.errors import Refusal
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.settings_document import (
    BULLET,
    Draft,
    is_mask,
    masks,
    refuse_bullets,
)
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.settings_secrets import misplaced_secrets, secret_named, secrets_of

from .documents import VERSIONS, fresh_document

SECRETS_OF_6_2 = [
    "security.captcha.hcaptcha.secret", "security.oidc.client_secret", "upload.s3.aws_secret_access_key", "bounce.sendgrid_key",
    "bounce.azure.shared_secret", "bounce.postmark.password", "bounce.forwardemail.key", "bounce.lettermint.key",
    "bounce.mailboxes.pop.yoursite.com.password",
]  # fmt: skip


@pytest.mark.parametrize("version", VERSIONS)
def test_what_is_read_and_sent_back_differs_only_in_blank_secrets(version: str) -> None:
    document = fresh_document(version)
    body = Draft(document).body()
    assert body == json.loads(json.dumps(document, ensure_ascii=False).replace(BULLET, ""))
    assert not Draft(document).changed


@given(
    st.recursive(
        st.text(alphabet="•ab ") | st.integers() | st.booleans() | st.none(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_no_bullets_leave_whatever_the_server_shows(value: Any) -> None:
    draft = Draft({**fresh_document(), "later.key": value})
    assert not list(masks(draft.body()))


def test_a_setting_that_is_no_secret_and_holds_bullets_stops_the_write_instead_of_being_blanked() -> None:
    draft = Draft({**fresh_document(), "app.site_name": "•••"})
    with pytest.raises(Refusal, match=r"app\.site_name consists only of dots"):
        draft.body()


def test_bullets_that_somebody_copied_are_refused_as_a_wish() -> None:
    with pytest.raises(Refusal, match="Give the secret itself"):
        refuse_bullets([{"password": "••••"}], "messengers")
    refuse_bullets("a •", "x")


def test_a_new_secret_is_sent_and_shown_by_its_length_only() -> None:
    draft = Draft(fresh_document())
    draft.values["bounce.sendgrid_key"] = "kürz"
    assert draft.body()["bounce.sendgrid_key"] == "kürz"
    assert draft.shown()["bounce.sendgrid_key"] == "••••"
    assert draft.changed == ["bounce.sendgrid_key"]


def test_a_write_that_the_server_kept_is_told_from_one_that_it_did_not() -> None:
    draft = Draft(fresh_document())
    draft.values |= {
        "app.site_name": "New",
        "maintenance.db": {"vacuum": True, "vacuum_cron_interval": "0 3 * * *"},
        "bounce.sendgrid_key": "k",
    }
    now = {**fresh_document(), "app.site_name": "New", "bounce.sendgrid_key": "•"}
    assert draft.not_kept(now) == ["maintenance.db"]
    assert draft.not_kept({**now, "maintenance.db": draft.values["maintenance.db"]}) == []


def test_uuids_that_the_server_hands_out_and_blank_passwords_that_it_leaves_out_are_no_difference() -> None:
    draft = Draft(fresh_document())
    draft.values["smtp"] = [*deepcopy(draft.held["smtp"]), {"name": "email-x", "uuid": "mine", "host": "h", "password": ""}]
    now = deepcopy(draft.values)
    now["smtp"][0]["uuid"] = "handed out"
    del now["smtp"][2]["password"]
    assert draft.not_kept(now) == []


def test_entries_without_a_uuid_and_with_different_passwords_stop_the_write() -> None:
    held = fresh_document()
    held["smtp"][0]["password"] = "•••"
    with pytest.raises(Refusal, match="both the password of the last one"):
        Draft(held).body()


def test_every_place_of_a_secret_has_a_name() -> None:
    found = secrets_of(fresh_document())
    assert [secret.name for secret in found] == SECRETS_OF_6_2
    assert [secret.name for secret in found if secret.is_set] == ["bounce.mailboxes.pop.yoursite.com.password"]


def test_secrets_of_entries_are_named_after_them_or_their_position() -> None:
    document = {"messengers": [{"name": "a"}, {"name": "b"}], "bounce.mailboxes": [{"host": "h"}, {"host": "h"}]}
    names = [secret.name for secret in secrets_of(document) if "." in secret.name and secret.name.startswith(("messengers", "bounce"))]
    assert names == ["messengers.a.password", "messengers.b.password", "bounce.mailboxes.0.password", "bounce.mailboxes.1.password"]


def test_an_unknown_secret_is_refused_with_the_nearest() -> None:
    with pytest.raises(Refusal, match=r"did you mean 'bounce\.sendgrid_key'"):
        secret_named(secrets_of(fresh_document()), "bounce.sendgridkey")
    with pytest.raises(Refusal, match="listmonk_smtp"):
        secret_named(secrets_of(fresh_document()), "smtp.ses.password")


def test_secrets_in_the_wrong_option_are_found_so_that_no_message_shows_them() -> None:
    settings = {
        "bounce.sendgrid_key": "s1",
        "bounce.postmark": {"username": "u", "password": "s2"},
        "smtp": [{"password": "s3", "host": "h"}],
        "later": {"api_token": "s4"},
        "app.site_name": "n",
        "upload.s3.aws_secret_access_key": "s5",
    }
    assert set(misplaced_secrets(settings)) == {"s1", "s2", "s3", "s4", "s5"}


@given(st.text(alphabet="•", min_size=1))
def test_a_mask_is_nothing_but_bullets(mask: str) -> None:
    assert is_mask(mask)
    assert not is_mask(mask + "x")
    assert not is_mask("")
