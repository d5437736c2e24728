# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Uploaded import files: copied aside under names like the real server's, unpacked, and removed when they have been read."""

from __future__ import annotations

import random
import shutil
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from .import_status import ImportLog

NO_CSV = "no CSV files found in the ZIP"
NO_ZIP = "zip: not a valid zip file"
_MOST_CSV_FILES = 1


class NotUsable(Exception):
    """str(e) is listmonk's reason."""


@dataclass(frozen=True)
class CsvFile:
    path: Path
    directory: Path | None = None  # a directory of its own, to be removed with it

    def remove(self) -> None:
        if self.directory is not None:
            shutil.rmtree(self.directory, ignore_errors=True)
        else:
            self.path.unlink(missing_ok=True)


def spooled(source: IO[bytes]) -> CsvFile:
    path = _unused_path()
    with open(path, "xb") as target:
        shutil.copyfileobj(source, target, 1 << 20)
    return CsvFile(path)


def unpacked(archive: CsvFile, log: ImportLog) -> CsvFile:
    """The first CSV file of a ZIP. Raises NotUsable; the archive is removed."""
    directory = _unused_path()
    try:
        with zipfile.ZipFile(archive.path) as zipped:
            directory.mkdir(0o700)
            names = _extracted(zipped, directory, log)
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as error:
        shutil.rmtree(directory, ignore_errors=True)
        raise NotUsable(NO_ZIP if isinstance(error, zipfile.BadZipFile) else str(error)) from error
    finally:
        archive.remove()
    if not names:
        shutil.rmtree(directory, ignore_errors=True)
        log.add(447, NO_CSV)
        raise NotUsable(NO_CSV)
    return CsvFile(directory / names[0], directory)


def _extracted(zipped: zipfile.ZipFile, directory: Path, log: ImportLog) -> list[str]:
    names: list[str] = []
    for entry in zipped.infolist():
        name = PurePosixPath(entry.filename).name  # the last part only: nothing is written outside of the directory
        if entry.is_dir():
            log.add(405, f"skipping directory '{name}'")
            continue
        if not name.lower().endswith(".csv"):
            log.add(411, f"skipping non .csv file '{name}'")
            continue
        log.add(418, f"extracting '{name}'")
        with zipped.open(entry) as source, open(directory / name, "wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
        log.add(437, f"extracted '{name}'")
        names.append(name)
        if len(names) > _MOST_CSV_FILES:
            log.add(441, f"won't extract any more files. Maximum is {_MOST_CSV_FILES}")
            break
    return names


def _unused_path() -> Path:
    """listmonk and a number, where Go's os.CreateTemp puts it: the log shows it."""
    while True:
        path = Path(tempfile.gettempdir()) / f"listmonk{random.randrange(10**9, 2**32)}"
        if not path.exists():
            return path
