# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""listmonk_settings and listmonk_settings_info, as somebody with a playbook meets them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.module_in_process import Tasks
from tests.settings_table import SettingsTable

pytestmark = pytest.mark.server
CASE = Path(__file__).parent.parent / "cases" / "11-explicit-empty-values"
BEFORE = yaml.safe_load((CASE / "before.yml").read_text(encoding="utf-8"))["settings"]
WANTED = yaml.safe_load((CASE / "vars.yml").read_text(encoding="utf-8"))["listmonk_configuration"]["settings"]
EXPECTED = yaml.safe_load((CASE / "expected.yml").read_text(encoding="utf-8"))


def settings(tasks: Tasks, *keys: str) -> dict[str, Any]:
    return dict(tasks.run("listmonk_settings_info", keys=list(keys))["settings"])


def test_false_zero_and_nothing_arrive_and_null_leaves_alone(tasks: Tasks) -> None:
    assert tasks.run("listmonk_settings", settings=BEFORE).changed
    predicted = tasks.run("listmonk_settings", check=True, settings=WANTED)
    assert not predicted.writes
    done = tasks.run("listmonk_settings", settings=WANTED)
    assert done.writes == [("PUT", "/api/settings")]
    assert done["restart"] == "done"
    assert predicted["settings"] == done["settings"]
    assert predicted["diff"] == done["diff"]
    assert settings(tasks, *EXPECTED["settings"]) == EXPECTED["settings"]
    again = tasks.run("listmonk_settings", settings=WANTED)
    assert not again.changed
    assert not again.writes
    assert not tasks.run("listmonk_settings", settings={}).changed
    assert settings(tasks, *EXPECTED["settings"]) == EXPECTED["settings"]


def test_what_info_returns_can_be_given_back_and_writes_nothing(tasks: Tasks) -> None:
    shown = tasks.run("listmonk_settings_info")
    assert "smtp" not in shown["settings"]
    assert shown["needs_restart"] is False
    again = tasks.run("listmonk_settings", settings=shown["settings"])
    assert not again.changed
    assert not again.writes


def test_values_in_another_spelling_than_the_servers_are_no_eternal_change(tasks: Tasks) -> None:
    wanted = {
        "app.root_url": "https://lists.example.com///",
        "privacy.domain_allowlist": [" Good.Example ", ""],
        "upload.extensions": [".PNG", " jpg "],
        "messengers": [{"name": "Push 1!", "root_url": "https://push.example.com", "enabled": False}],
    }
    assert tasks.run("listmonk_settings", settings=wanted)["settings"]["app.root_url"] == "https://lists.example.com"
    assert not tasks.run("listmonk_settings", settings=wanted).changed


def test_secrets_are_written_once_kept_and_replaced_on_demand(tasks: Tasks) -> None:
    stored = SettingsTable.of(tasks.server)
    said = {
        "settings": {"messengers": [{"name": "hook", "root_url": "https://hook.example.com"}], "bounce.postmark": {"username": "pm"}},
        "secrets": {"messengers.hook.password": "hook-pass", "bounce.postmark.password": "pm-pass", "bounce.sendgrid_key": "sg-key"},
    }
    made = tasks.run("listmonk_settings", **said)
    assert set(said["secrets"]) <= set(made["secrets_set"])
    assert "pass" not in made["diff"][0]["after"].replace("password", "")
    assert (stored["messengers"][0]["password"], stored["bounce.postmark"]["password"], stored["bounce.sendgrid_key"]) == (
        "hook-pass",
        "pm-pass",
        "sg-key",
    )
    assert not tasks.run("listmonk_settings", **said).writes
    assert tasks.run("listmonk_settings", settings={"bounce.postmark": {"username": "other"}}).changed
    assert stored["bounce.postmark"] == {"enabled": False, "username": "other", "password": "pm-pass"}
    assert not tasks.run("listmonk_settings", secrets={"bounce.sendgrid_key": "new"}).changed
    assert tasks.run("listmonk_settings", secrets={"bounce.sendgrid_key": "new"}, update_password="always").changed
    assert stored["bounce.sendgrid_key"] == "new"
    assert "cannot be cleared" in tasks.fails("listmonk_settings", secrets={"bounce.sendgrid_key": ""}).msg


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"settings": {"app.sitename": "x"}}, "did you mean 'app.site_name'"),
        ({"settings": {"app.check_updates": "yes"}}, "true or false"),
        ({"settings": {"app.lang": ""}}, "not blank"),
        ({"settings": {"app.lang": "klingon"}}, "there are"),
        ({"settings": {"upload.provider": "gcs"}}, "filesystem, s3"),
        ({"settings": {"bounce.mailboxes": [{"host": "pop.example.com", "type": "imap"}]}}, "one of pop"),
        ({"settings": {"smtp": []}}, "listmonk_smtp"),
        ({"secrets": {"bounce.sendgrid": "x"}}, "did you mean 'bounce.sendgrid_key'"),
        ({"secrets": {"bounce.sendgrid_key": 1}}, "quotes"),
        ({"secrets": {"bounce.sendgrid_key": "•••"}}, "the secret itself"),
    ],
)
def test_what_is_wrong_is_refused_with_the_right_form_before_anything_is_written(tasks: Tasks, said: dict[str, Any], words: str) -> None:
    assert words in tasks.fails("listmonk_settings", **said).msg


def test_a_secret_in_the_wrong_option_is_refused_and_shown_nowhere(tasks: Tasks) -> None:
    failed = tasks.fails("listmonk_settings", settings={"bounce.postmark": {"password": "do-not-show"}, "app.site_name": "do-not-show me"})
    assert "under secrets" in failed.msg
    assert "do-not-show" not in failed.output


def test_a_server_before_6_0_is_not_asked_to_vacuum_its_database(tasks: Tasks) -> None:
    said = {"settings": {"maintenance.db": {"vacuum": True, "vacuum_cron_interval": "0 3 * * *"}}}
    if tasks.server.version >= (6, 0):
        assert tasks.run("listmonk_settings", check=True, **said).changed
    else:
        assert "maintenance.db exists since listmonk 6.0" in tasks.fails("listmonk_settings", **said).msg


def test_a_row_that_the_database_lacks_is_found_on_reading_back(pristine_tasks: Tasks) -> None:
    rows = SettingsTable.of(pristine_tasks.server)
    del rows["bounce.postmark"]
    lost = pristine_tasks.run("listmonk_settings", settings={"bounce.postmark": {"enabled": True, "username": "pm"}})
    assert lost.failed
    assert "nothing has changed" in lost.msg
    assert "INSERT INTO settings (key, value) VALUES ('bounce.postmark', '{\"enabled\": true" in lost.msg


def test_a_value_that_somebody_left_behind_and_that_would_keep_it_from_starting_stops_every_write(pristine_tasks: Tasks) -> None:
    rows = SettingsTable.of(pristine_tasks.server)
    rows["upload.provider"] = "gcs"
    failed = pristine_tasks.fails("listmonk_settings", settings={"app.site_name": "x"})
    assert "would not start again" in failed.msg
    assert "upload.provider is 'gcs'" in failed.msg
    assert pristine_tasks.run("listmonk_settings", settings={"upload.provider": "filesystem"})["restart"] == "done"
