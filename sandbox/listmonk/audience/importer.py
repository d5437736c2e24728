# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The import that runs behind the API: one thread reads the file, one writes it in transactions of 10,000 rows."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import psycopg
from psycopg.rows import DictRow

from ..database import error_text
from ..state import State
from . import import_mail, lists, statistics
from .addresses import DomainRules
from .csv_reader import lines_in
from .import_files import CsvFile
from .import_rows import Row, Unreadable, rows
from .import_status import ImportLog, Progress
from .import_writer import Options, Writer

BATCH = 10_000
# Rows a second of a transaction that is not full. A real server writes 2,800; the sandbox is faster, but not so fast that nobody
# would ever meet a running import of a small file.
PACE = 8_000.0

# What the reader says after its last batch: the file was read to its end (or to the stop), or could not be.
_End = Literal["complete", "broken"]
_GIVEN_UP = "sql: transaction has already been committed or rolled back"


@dataclass
class Importer:
    """One per process."""

    state: State
    progress: Progress = field(default_factory=Progress)
    # A file that breaks off leaves its last transaction open, with the locks of its rows, until the process ends: listmonk's bug
    # (6.2.0), kept because it decides what a client may do after a failed import.
    left_open: list[psycopg.Connection[DictRow]] = field(default_factory=list)

    def start(self, file: CsvFile, delimiter: str, options: Options, log: ImportLog) -> None:
        _Run(self, file, delimiter, options, log).start()


class _Run:
    def __init__(self, importer: Importer, file: CsvFile, delimiter: str, options: Options, log: ImportLog) -> None:
        self._importer = importer
        self._progress = importer.progress
        self._state = importer.state
        self._file = file
        self._delimiter = delimiter
        self._options = options
        self._log = log
        self._batches: queue.Queue[list[Row] | _End] = queue.Queue(maxsize=1)
        self._written = threading.Event()  # nobody takes batches any more

    def start(self) -> None:
        for name, target in (("import reader", self._read), ("import writer", self._write)):
            threading.Thread(target=target, name=name, daemon=True).start()

    def _read(self) -> None:
        end: _End = "broken"
        try:
            for batch in self._batches_of_file():
                self._send(batch)
            end = "complete"
        except Unreadable:
            pass  # the import's log says why
        except OSError as error:
            self._log.add(472, f"error counting lines in '{self._file.path}': '{error}'")
        finally:
            self._file.remove()
            if end == "broken":
                self._progress.end("failed")
            self._send(end)

    def _batches_of_file(self) -> Iterator[list[Row]]:
        """Raises Unreadable when the file breaks off, after the rows before that."""
        total = lines_in(self._file.path)
        if total == 0:
            raise Unreadable
        self._progress.expect(total - 1)
        settings = self._state.settings
        rules = DomainRules.of(settings.get("privacy.domain_blocklist") or (), settings.get("privacy.domain_allowlist") or ())
        batch: list[Row] = []
        with open(self._file.path, encoding="utf-8", errors="surrogateescape", newline="\n") as file:
            try:
                for row in rows(file, str(self._file.path), self._delimiter, rules, self._log, self._progress.take_stop):
                    batch.append(row)
                    if len(batch) == BATCH:
                        yield batch
                        batch = []
            except Unreadable:
                yield batch
                raise
        yield batch

    def _send(self, batch: list[Row] | _End) -> None:
        while batch and not self._written.is_set():
            try:
                self._batches.put(batch, timeout=0.2)
                return
            except queue.Full:
                continue

    def _write(self) -> None:
        try:
            with self._state.pool.connection() as connection:
                self._write_batches(Writer(connection, self._options))
        except psycopg.Error as error:
            self._log.add(289, f"error creating DB transaction: {error_text(error)}")
            self._progress.end("failed")
        finally:
            self._written.set()

    def _write_batches(self, writer: Writer) -> None:
        imported = 0
        while not isinstance(batch := self._batches.get(), str):
            last = self._batches.get() if len(batch) < BATCH else None
            if last == "broken":
                self._leave_open(batch)
                return
            if not self._write_batch(writer, batch):
                return
            imported += len(batch)
            self._progress.add_imported(len(batch))
            if last is not None:
                self._finish(358)
                return
            self._log.add(329, f"imported {imported}")
        if batch == "complete":
            self._finish(339)

    def _write_batch(self, writer: Writer, batch: list[Row]) -> bool:
        begun = time.monotonic()
        try:
            with writer.connection.transaction():
                writer.write(batch)
                if len(batch) < BATCH:
                    time.sleep(max(begun + len(batch) / PACE - time.monotonic(), 0))
        except psycopg.Error as error:
            self._log.add(315, f"error executing insert: {error_text(error)}")
            # Without a row before the bad one in its transaction listmonk takes the import for finished (6.2.0).
            if writer.first_bad_row(batch) == 0:
                self._finish(339)
            else:
                self._log.add(351, f"error committing to DB: {_GIVEN_UP}")
                self._progress.end("failed")
                self._notify("failed")
            return False
        return True

    def _leave_open(self, batch: list[Row]) -> None:
        connection = self._state.pool.connection()
        try:
            writer = Writer(connection, self._options)
            connection.execute("BEGIN")
            writer.write(batch)
        except psycopg.Error as error:
            connection.close()
            self._log.add(315, f"error executing insert: {error_text(error)}")
        else:
            self._importer.left_open.append(connection)

    def _finish(self, source_line: int) -> None:
        self._log.add(source_line, "imported finished")
        self._progress.end("finished")
        with self._state.db() as cur:
            lists.touch(cur, self._options.lists)
        self._notify("finished")

    def _notify(self, status: Literal["finished", "failed"]) -> None:
        with self._state.db() as cur:
            for view in (statistics.DASHBOARD_CHARTS, statistics.DASHBOARD_COUNTS, statistics.LIST_COUNTS):
                statistics.refresh(cur, view, cached=False)
        import_mail.send(self._state, self._progress.snapshot(), status)
