# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""listmonk's command line: --install, --upgrade, --version, or the server. Exit codes and last lines are listmonk's."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

import psycopg

from . import BUILD, configuration, install, migrations
from .boot import Unbootable
from .database import connect
from .log import Log


class Fatal(Exception):
    """A start that cannot go on: the last line of the log, and exit status 1."""


def main(arguments: Sequence[str]) -> int:
    options = _parser().parse_args(arguments)
    if options.version:
        sys.stdout.write(BUILD + "\n")
        return 0
    if options.new_config:
        sys.stderr.write("--new-config is not offered by the sandbox's listmonk: it is configured by LISTMONK_* variables alone\n")
        return 1
    log = Log()
    log(BUILD)
    try:
        return _run(options, log)
    except (Fatal, Unbootable, ValueError, install.Refused) as error:
        log(str(error))
        return 1


def _run(options: argparse.Namespace, log: Log) -> int:
    if any(options.config):
        raise Fatal(f"configuration files are not supported (--config {options.config[0]}); use --config '' and LISTMONK_* variables")
    settings = configuration.read()
    database = settings.database
    log(f"connecting to db: {database.host}:{database.port}/{database.database}")
    try:
        connection = connect(database)
    except psycopg.Error as error:
        raise Fatal(_connection_error(database.host, database.port, error)) from error
    with connection:
        if options.install:
            if not options.yes and not _confirmed("continue (y/N)?  "):
                sys.stdout.write("install cancelled.\n")
                return 0
            install.run(connection, settings, log, idempotent=options.idempotent)
            return 0
        if not migrations.installed(connection):
            raise Fatal("the database does not appear to be setup. Run --install.")
        if options.upgrade:
            log("running upgrade...")
            if not options.yes and not _confirmed("continue (y/n)?  "):
                sys.stdout.write("upgrade cancelled\n")
                return 0
            migrations.upgrade(connection, log)
            return 0
        pending = migrations.pending(connection)
        if pending:
            raise Fatal(
                f"there are {len(pending)} pending database upgrade(s): [{' '.join(pending)}]. "
                f"The last upgrade was {migrations.last(connection)}. Backup the database and run listmonk --upgrade"
            )
    if options.passive:
        log("--passive: campaigns are not processed (the sandbox's listmonk has no campaign engine yet, passive or not)")
    from . import server  # the web framework, which only the server needs

    return server.serve(settings, log)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="listmonk", description="A listmonk for the sandbox.", allow_abbrev=False)
    parser.add_argument("--config", action="append", default=[], help="must be '' (settings come from LISTMONK_* variables)")
    parser.add_argument("--install", action="store_true", help="set up the database (wipes what listmonk tables it has)")
    parser.add_argument("--idempotent", action="store_true", help="make --install leave a database alone that is set up")
    parser.add_argument("--upgrade", action="store_true", help="bring the database to this version")
    parser.add_argument("--yes", action="store_true", help="answer prompts with yes")
    parser.add_argument("--passive", action="store_true", help="run without processing campaigns")
    parser.add_argument("--version", action="store_true", help="print the version")
    parser.add_argument("--new-config", action="store_true", help="not offered here")
    return parser


def _confirmed(question: str) -> bool:
    sys.stdout.write(question)
    sys.stdout.flush()
    return sys.stdin.readline().strip().lower() == "y"


def _connection_error(host: str, port: int, error: psycopg.Error) -> str:
    text = str(error)
    if "Connection refused" in text:
        address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        return f"error connecting to DB: dial tcp {address}: connect: connection refused"
    reason = text.strip().splitlines()[-1].rpartition("FATAL:")[2].strip()
    return f"error connecting to DB: pq: {reason}"
