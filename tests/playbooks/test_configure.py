# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook configure on an empty listmonk: what it predicts, does, leaves alone, refuses and survives."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.mail import MailCatcher
from tests.faults.scripted_server import FaultProxy
from tests.fresh_listmonk import FreshListmonk
from tests.playbooks.publisher import Publisher, changed, kill_at_write, publisher_of, summary_of

pytestmark = pytest.mark.server

KILLS = random.Random(20261125).sample([(number, kind) for number in range(1, 19) for kind in ("reset_before", "reset_after")], 2)


@pytest.fixture(scope="module")
def mail() -> Iterator[MailCatcher]:
    with MailCatcher() as catcher:
        yield catcher


@pytest.fixture(scope="module")
def publisher(listmonk: FreshListmonk, tmp_path_factory: pytest.TempPathFactory, mail: MailCatcher) -> Publisher:
    return publisher_of(listmonk, tmp_path_factory.mktemp("publisher"), mail)


@pytest.fixture(scope="module")
def before(publisher: Publisher) -> dict[str, Any]:
    """The empty server."""
    return publisher.state()


@pytest.fixture(scope="module")
def predicted(publisher: Publisher, before: dict[str, Any], mail: MailCatcher) -> list[str]:
    """What the very first run says with --check, when nothing is there that imports refer to."""
    run = publisher.configure("--check", "--diff")
    assert changed(run) == 1
    assert '+description: "News from the quay, on the first Sunday of the month"' in run.stdout
    assert publisher.state() == before
    assert mail.messages == []
    return summary_of(run)


@pytest.fixture(scope="module")
def configured(publisher: Publisher, predicted: list[str]) -> dict[str, Any]:
    """The server as the playbook left it."""
    run = publisher.configure()
    assert changed(run) == 1
    assert "6 lists created (Newsletter, New releases, Readers' club, Customers, Lifecycle, Press)" in summary_of(run)
    return publisher.state()


def test_the_check_of_the_first_run_names_everything_that_will_be_made(predicted: list[str]) -> None:
    assert "1 SMTP server to create (email-outgoing)" in predicted
    assert "6 lists to create (Newsletter, New releases, Readers' club, Customers, Lifecycle, Press)" in predicted
    assert "4 templates to create (Paper Boat newsletter, Order fulfilment, Author spotlight, Welcome to the readers' club)" in predicted
    assert "import 'customers.csv' to change (297 created, 3 rejected)" in predicted


def test_what_was_declared_is_there(configured: dict[str, Any]) -> None:
    assert configured["settings"]["app.site_name"] == "Paper Boat Books (sandbox)"
    assert [block["host"] for block in configured["settings"]["smtp"] if block["enabled"]] == ["127.0.0.1"]
    assert [one["name"] for one in configured["templates"] if one["is_default"]] == ["Paper Boat newsletter"]
    fulfilment = next(one for one in configured["templates"] if one["name"] == "Order fulfilment")
    assert fulfilment["subject"] == "Your books are ready (order {{ .Tx.Data.order_number }})"
    assert len(configured["people"]) > 600


def test_each_run_proves_that_mails_get_out(configured: dict[str, Any], mail: MailCatcher) -> None:
    assert mail.messages[0].recipients == ("ops@books.example.com",)


def test_somebody_who_left_stays_unsubscribed_although_an_older_export_still_has_them(configured: dict[str, Any]) -> None:
    statuses = [person["lists"].get("Newsletter") for person in configured["people"].values()]
    assert statuses.count("unsubscribed") == 36
    assert sum(person["status"] == "blocklisted" for person in configured["people"].values()) == 12


@pytest.mark.parametrize("arguments", [(), ("--check", "--diff")], ids=["for real", "checked"])
def test_a_second_run_changes_nothing(publisher: Publisher, configured: dict[str, Any], arguments: tuple[str, ...]) -> None:
    run = publisher.configure(*arguments)
    assert changed(run) == 0
    assert summary_of(run) == [
        "settings as declared",
        "2 SMTP servers as declared",
        "6 lists as declared",
        "4 templates as declared",
        "5 imports as declared",
    ]
    assert publisher.state() == configured


def test_one_changed_value_is_one_change_and_a_tag_limits_a_run_to_one_kind(publisher: Publisher, configured: dict[str, Any]) -> None:
    only_this = {"settings": {"app.message_rate": 6}}
    checked, done = publisher.configure("--check", **only_this), publisher.configure(**only_this)
    assert summary_of(checked)[0] == "settings to change (app.message_rate)"
    assert summary_of(done)[0] == "settings changed (app.message_rate)"
    assert publisher.state() == {**configured, "settings": {**configured["settings"], "app.message_rate": 6}}
    limited = publisher.configure("--tags", "listmonk_config_settings")
    assert summary_of(limited) == ["settings changed (app.message_rate)"]
    assert publisher.state() == configured


@pytest.mark.slow
@pytest.mark.parametrize(("number", "kind"), KILLS, ids=[f"write {number}, {kind}" for number, kind in KILLS])
def test_a_run_that_is_killed_midway_is_completed_by_the_next(
    pristine_listmonk: FreshListmonk, configured: dict[str, Any], tmp_path: Path, mail: MailCatcher, number: int, kind: Any
) -> None:
    with FaultProxy(pristine_listmonk.base_url) as proxy:
        publisher = publisher_of(pristine_listmonk, tmp_path / "state", mail, proxy.url)
        processes: list[subprocess.Popen[str]] = []
        proxy.fail(kill_at_write(lambda: processes[0], number), kind)
        processes.append(publisher.start())
        output, _ = processes[0].communicate(timeout=120)
        assert processes[0].returncode == -9, output
        proxy.well_again()
        assert changed(publisher.configure()) == 1
        assert publisher.state() == configured
