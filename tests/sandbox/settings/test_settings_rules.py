# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from sandbox.listmonk.answers import Problem
from sandbox.listmonk.body import bind_value
from sandbox.listmonk.preferences.masks import masked
from sandbox.listmonk.preferences.rules import Refused, normalised
from sandbox.listmonk.preferences.shape import SETTINGS, without_blanks

Settings = dict[str, Any]


def written(wish: Settings, stored: Settings) -> Settings:
    numbers = count(1)
    return normalised(wish, stored, lambda: f"uuid-{next(numbers)}")


def with_names(wish: Settings, *names: str) -> Settings:
    sample = wish["smtp"][0]
    wish["smtp"] = [{**sample, "name": name} for name in names]
    return wish


def messenger(name: str) -> Settings:
    return {**dict(bind_value(SETTINGS, b'{"messengers": [{}]}'))["messengers"][0], "name": name}


def test_what_is_missing_in_a_put_becomes_the_zero_value_and_a_missing_list_null(stored: Settings) -> None:
    wish = dict(bind_value(SETTINGS, b'{"smtp": [{"enabled": true}]}'))
    settings = written(wish, stored)
    assert (settings["app.site_name"], settings["app.batch_size"], settings["app.check_updates"]) == ("", 0, False)
    assert (settings["messengers"], settings["app.notify_emails"], settings["privacy.exportable"]) == (None, None, None)
    assert settings["privacy.domain_blocklist"] == [] == settings["security.trusted_urls"]


def test_a_blank_password_follows_the_uuid_of_its_block(stored: Settings, wish: Settings) -> None:
    for index, server in enumerate(stored["smtp"]):
        server.update(uuid=f"u{index}", password=f"secret-{index}")
    wish["smtp"] = [{**wish["smtp"][1], "uuid": "u1"}, {**wish["smtp"][0], "uuid": "u0"}]
    assert [(server["uuid"], server["password"]) for server in written(wish, stored)["smtp"]] == [("u1", "secret-1"), ("u0", "secret-0")]


def test_a_new_block_without_password_inherits_the_one_of_the_last_stored_block_without_uuid(stored: Settings, wish: Settings) -> None:
    stored["smtp"][1]["password"] = "of the last sample"
    added = written(wish, stored)["smtp"][0]
    assert (added["uuid"], added["password"]) == ("uuid-1", "of the last sample")


def test_a_block_with_a_uuid_that_is_not_stored_has_no_password(stored: Settings, wish: Settings) -> None:
    wish["smtp"][0]["uuid"] = "abc"
    assert written(wish, stored)["smtp"][0]["password"] == ""
    assert written(wish, stored)["smtp"][0]["uuid"] == "abc"


def test_scalar_secrets_are_kept_when_blank_and_replaced_when_not(stored: Settings, wish: Settings) -> None:
    stored["bounce.sendgrid_key"], stored["security.oidc"]["client_secret"] = "sg", "oidc"
    wish["security.oidc"]["client_secret"] = "new"
    settings = written(wish, stored)
    assert (settings["bounce.sendgrid_key"], settings["security.oidc"]["client_secret"]) == ("sg", "new")


def test_bullets_are_not_recognised_but_stored_as_the_new_password(stored: Settings, wish: Settings) -> None:
    echoed = masked(stored)
    assert written(echoed, stored)["smtp"][0]["password"] == "••••••••"


def test_texts_are_normalised_as_listmonk_does(stored: Settings, wish: Settings) -> None:
    with_names(wish, "Mailgun EU", "email-b", "")
    wish["smtp"][0].update(host="  smtp.eu ", from_addresses=[" A@Example.org ", ""])
    wish["smtp"][1].update(enabled=False, from_addresses=[" X@Y.org "])
    wish["app.root_url"] = "https://lists.example.org///"
    wish["upload.extensions"] = [".PNG", " txt "]
    wish["messengers"] = [messenger("My Push-1!")]
    settings = written(wish, stored)
    assert [server["name"] for server in settings["smtp"]] == ["email-mailgun-eu", "email-b", ""]
    assert settings["smtp"][0]["host"] == "smtp.eu"
    assert [server["from_addresses"] for server in settings["smtp"]] == [["a@example.org"], [" X@Y.org "], []]
    assert (settings["app.root_url"], settings["upload.extensions"]) == ("https://lists.example.org", ["png", "txt"])
    assert settings["messengers"][0]["name"] == "mypush-1"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"smtp": []}, "At least one SMTP block should be enabled"),
        ({"smtp": None}, "At least one SMTP block should be enabled"),
        ({"messengers": [messenger("email")]}, "Duplicate messenger name: email"),
        ({"messengers": [messenger("Push"), messenger("p u s h")]}, "Duplicate messenger name: push"),
        ({"messengers": [messenger("!!")]}, "Invalid messenger name."),
        ({"security.trusted_urls": ["example.org"]}, "Invalid data: invalid trusted URL: example.org"),
        ({"security.trusted_urls": ["https://example.org:port"]}, "Invalid data: invalid trusted URL: https://example.org:port"),
        (
            {"app.cache_slow_queries": True, "app.cache_slow_queries_interval": "nope"},
            "Invalid data: slow query cron: expected exactly 5 fields, found 1: [nope]",
        ),
    ],
)
def test_bad_documents_are_refused_in_listmonks_words(stored: Settings, wish: Settings, change: Settings, sentence: str) -> None:
    wish.update(change)
    with pytest.raises(Refused) as refused:
        written(wish, stored)
    assert str(refused.value) == sentence


def test_two_smtp_servers_of_one_name_are_refused(stored: Settings, wish: Settings) -> None:
    with pytest.raises(Refused, match="Duplicate messenger name: email-a"):
        written(with_names(wish, "a", "email-A"), stored)


@pytest.mark.parametrize("interval", ["59s", "", "1d", "soon"])
def test_a_mailbox_is_read_every_minute_at_most_even_when_it_is_disabled(stored: Settings, wish: Settings, interval: str) -> None:
    wish["bounce.mailboxes"][0]["scan_interval"] = interval
    with pytest.raises(Refused, match="minimum 1 minute"):
        written(wish, stored)


def test_creating_users_by_oidc_needs_a_role(stored: Settings, wish: Settings) -> None:
    wish["security.oidc"]["auto_create_users"] = True
    with pytest.raises(Refused, match=r"Invalid fields: settings\.security\.OIDCDefaultRole"):
        written(wish, stored)
    wish["security.oidc"]["default_user_role_id"] = 2
    assert written(wish, stored)["security.oidc"]["default_user_role_id"] == 2


def test_values_that_keep_the_next_boot_from_starting_are_accepted(stored: Settings, wish: Settings) -> None:
    wish["app.lang"], wish["upload.provider"] = "", "floppy"
    wish["smtp"][0].update(idle_timeout="1d", max_conns=0, auth_protocol="nosuch")
    settings = written(wish, stored)
    assert (settings["app.lang"], settings["upload.provider"], settings["smtp"][0]["max_conns"]) == ("", "floppy", 0)


def test_masks_have_the_length_of_the_secret_and_blank_passwords_are_left_out(stored: Settings) -> None:
    stored["smtp"][0]["password"], stored["smtp"][1]["password"] = "geheim-ü", ""
    shown = without_blanks(masked(stored))
    assert shown["smtp"][0]["password"] == "•" * 8
    assert "password" not in shown["smtp"][1] and "upload.s3.aws_secret_access_key" not in shown
    assert stored["smtp"][0]["password"] == "geheim-ü"


def test_a_wrong_type_names_the_field(stored: Settings) -> None:
    with pytest.raises(Problem, match=r"expected=int, got=string, field=app\.batch_size"):
        bind_value(SETTINGS, b'{"app.batch_size": "1000"}')
