# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from sandbox.listmonk.audience.import_status import Progress, Status


def test_only_one_import_runs_at_a_time() -> None:
    progress = Progress()
    assert progress.begin("a.csv") is not None
    assert progress.begin("b.csv") is None
    progress.stop_or_clear()
    assert progress.snapshot() == Status("a.csv", status="stopping")
    assert progress.begin("b.csv") is None


def test_a_delete_forgets_an_import_that_has_ended_with_its_log() -> None:
    progress = Progress()
    log = progress.begin("a.csv")
    assert log is not None
    log.add(193, "processing 'a.csv'")
    assert progress.log_text().endswith(" importer.go:193: processing 'a.csv'\n")
    progress.end("finished")
    progress.stop_or_clear()
    assert progress.snapshot() == Status()
    assert progress.log_text() == ""


def test_a_stop_that_nobody_took_ends_the_next_import() -> None:
    progress = Progress()
    progress.begin("a.csv")
    progress.stop_or_clear()
    progress.end("finished")  # the file was read before the signal came
    progress.begin("b.csv")
    assert progress.take_stop()
    assert not progress.take_stop()
