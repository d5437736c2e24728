# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The vocabulary knows each version's keys, and every wrong value gets the right form."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from ansible_collections.clarivum.mailing.plugins.module_utils._core.errors import Refusal
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.resources.settings import visible
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.settings_document import comparable
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.settings_overlay import laid_over, refuse_unknown_key
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.settings_shapes import Items
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.settings_vocabulary import SMTP, VOCABULARY

from .documents import VERSIONS, fresh_document, numbers

LEFT_OUT_WHILE_BLANK = {"upload.s3.aws_secret_access_key"}


@pytest.mark.parametrize("version", VERSIONS)
def test_the_keys_of_a_version_are_those_that_its_server_has(version: str) -> None:
    known = {key for key, setting in VOCABULARY.items() if setting.exists_in(numbers(version))}
    assert known - LEFT_OUT_WHILE_BLANK == set(fresh_document(version)) - {SMTP}


@pytest.mark.parametrize("version", VERSIONS)
def test_what_a_fresh_server_shows_can_be_given_back_and_changes_nothing(version: str) -> None:
    document = fresh_document(version)
    for key, value in visible(document).items():
        refuse_unknown_key(key, document, numbers(version))
        assert comparable(key, laid_over(key, value, document[key])) == comparable(key, document[key])


@pytest.mark.parametrize(
    ("key", "wrong", "right"),
    [
        ("app.check_updates", "yes", "true or false"),
        ("app.check_updates", 1, "true or false"),
        ("app.batch_size", "12", "filter int"),
        ("app.batch_size", True, "a whole number"),
        ("app.batch_size", 0, "at least 1"),
        ("app.max_send_errors", -1, "at least 0"),
        ("app.site_name", 2026, "put it into quotes"),
        ("app.lang", " ", "not blank"),
        ("app.root_url", "lists.example.com", "http:// or https://"),
        ("app.from_email", "News", "news@example.com"),
        ("app.notify_emails", "ops@example.com", "write [ops@example.com]"),
        ("app.notify_emails", ["ops"], "ops@example.com"),
        ("app.message_sliding_window_duration", "1d", "write 24h"),
        ("app.cache_slow_queries_interval", "0 3 * *", "five fields"),
        ("privacy.exportable", ["profile", "secrets"], "link_clicks"),
        ("security.trusted_urls", ["example.org"], "or *"),
        ("upload.provider", "gcs", "filesystem, s3"),
        ("upload.filesystem.upload_uri", "uploads", "begins with /"),
        ("upload.s3.expiry", "7d", "write 24h"),
        ("bounce.actions", {"hard": {"action": "explode"}}, "none, unsubscribe, blocklist, delete"),
        ("bounce.actions", {"sof": {"count": 1}}, "did you mean 'soft'"),
        ("bounce.actions", {}, "name the keys"),
        ("security.oidc", {"enabled": True}, "provider_url and client_id"),
        ("security.oidc", {"auto_create_users": True}, "default_user_role_id"),
        ("security.oidc", {"client_secret": "x"}, "under secrets"),
        ("messengers", [{"root_url": "http://x"}], "needs a name"),
        ("messengers", [{"name": "push"}], "needs root_url"),
        ("messengers", [{"name": "push", "root_url": "http://x", "timeout": "1d"}], "write 24h"),
        ("messengers", [{"name": "P u s h", "root_url": "http://x"}, {"name": "push", "root_url": "http://x"}], "two are called push"),
        ("messengers", [{"name": "E-Mail".replace("-", ""), "root_url": "http://x"}], "taken by SMTP"),
        ("bounce.mailboxes", [{"host": "pop.example.com", "type": "imap"}], "one of pop"),
        ("bounce.mailboxes", [{"host": "pop.example.com", "scan_interval": "10s"}], "at least 1m"),
        ("maintenance.db", {"vacuum_cron_interval": "nope"}, "five fields"),
    ],
)
def test_a_wrong_value_is_refused_with_the_right_form(key: str, wrong: Any, right: str) -> None:
    with pytest.raises(Refusal) as refusal:
        laid_over(key, wrong, fresh_document()[key])
    assert key in str(refusal.value)
    assert right in str(refusal.value)


@pytest.mark.parametrize(
    ("key", "version", "hint"),
    [
        ("security.trusted_urls", "6.1.0", "Use security.cors_origins instead"),
        ("security.cors_origins", "6.2.0", "Use security.trusted_urls instead"),
        ("app.show_optin_page", "6.1.0", "exists since listmonk 6.2; this server is 6.1.0"),
        ("privacy.disable_tracking", "6.0.0", "exists since listmonk 6.1"),
        ("maintenance.db", "5.1.0", "exists since listmonk 6.0"),
        ("security.captcha", "5.0.0", "Use security.enable_captcha"),
        ("security.enable_captcha", "6.2.0", "existed before listmonk 5.1"),
        ("smtp", "6.2.0", "listmonk_smtp"),
        ("app.sitename", "6.2.0", "did you mean 'app.site_name'"),
        ("batch_size", "6.2.0", "did you mean 'app.batch_size'"),
        ("bounce.sendgrid_key", "6.2.0", "under secrets"),
    ],
)
def test_a_key_that_the_server_lacks_is_refused_with_what_to_use(key: str, version: str, hint: str) -> None:
    with pytest.raises(Refusal) as refusal:
        refuse_unknown_key(key, fresh_document(version), numbers(version))
    assert hint in str(refusal.value)


def test_a_part_that_an_older_server_would_drop_is_refused() -> None:
    with pytest.raises(Refusal, match=r"security.oidc.auto_create_users does not exist on this server"):
        laid_over("security.oidc", {"auto_create_users": False}, fresh_document("5.0.0")["security.oidc"])


def test_a_value_that_the_server_holds_already_is_not_judged() -> None:
    held = {"soft": {"count": 0, "action": "explode"}, "hard": {"count": 1, "action": "none"}, "complaint": {"count": 1, "action": "none"}}
    changed = laid_over("bounce.actions", {"hard": {"count": 3}}, held)
    assert changed == {**held, "hard": {"count": 3, "action": "none"}}


def test_null_leaves_alone_and_explicit_emptiness_is_meant() -> None:
    oidc = {**fresh_document()["security.oidc"], "provider_name": "x", "default_list_role_id": 4}
    changed = laid_over("security.oidc", {"provider_name": "", "client_id": None, "default_list_role_id": 0}, oidc)
    assert changed == {**oidc, "provider_name": "", "default_list_role_id": None}


def test_a_block_that_is_there_keeps_its_uuid_and_what_is_not_named() -> None:
    held = [{"uuid": "u1", "name": "push", "enabled": True, "root_url": "http://x", "password": "••••", "timeout": "9s"}]
    (changed,) = laid_over("messengers", [{"name": "PUSH", "root_url": "http://y"}], held)
    assert changed == {**held[0], "root_url": "http://y"}


def test_a_new_block_brings_a_uuid_of_its_own_so_that_it_inherits_nobodys_secret() -> None:
    held = fresh_document()["bounce.mailboxes"]
    old, new = laid_over("bounce.mailboxes", [{"host": held[0]["host"]}, {"host": "pop.example.com"}], held)
    assert old["password"] == held[0]["password"]
    assert (len(new["uuid"]), new["password"]) == (36, "")


@pytest.mark.parametrize(
    ("key", "given_value", "stored"),
    [
        ("app.root_url", "http://localhost:9000///", "http://localhost:9000"),
        ("privacy.domain_blocklist", [" Bad.Example ", ""], ["bad.example"]),
        ("security.trusted_urls", [" https://Example.org/ ", "*"], ["https://Example.org/", "*"]),
        ("upload.extensions", [".PNG", " txt ", "*"], ["png", "txt", "*"]),
    ],
)
def test_values_are_normalised_as_the_server_was_seen_to(key: str, given_value: Any, stored: Any) -> None:
    assert laid_over(key, given_value, fresh_document()[key]) == stored


@given(st.sampled_from(sorted(key for key, setting in VOCABULARY.items() if isinstance(setting.shape, Items))), st.lists(st.text()))
def test_what_is_normalised_stays_as_it_is(key: str, texts: list[str]) -> None:
    once = VOCABULARY[key].shape.normal(texts)
    if key != "upload.extensions":  # the server takes one dot away each time
        assert VOCABULARY[key].shape.normal(once) == once
