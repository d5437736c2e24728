# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What users install: built from what Git holds, without development files, and at work far from this repository."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from dev.stage import stage
from tests.fresh_listmonk import FreshListmonk
from tests.toolchain.project import MODULES

SHIPPED = {"CHANGELOG.md", "CODE_OF_CONDUCT.md", "CONTRIBUTING.md", "LICENSE", "MAINTAINERS", "README.md", "SECURITY.md"}
SHIPPED_FOLDERS = {"changelogs", "docs", "meta", "playbooks", "plugins", "roles"}
NEEDED_FOLDERS = ("meta", "playbooks", "plugins", "roles")


@pytest.fixture(scope="session")
def artefact(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tarball that would be published."""
    work = tmp_path_factory.mktemp("build")
    collection = stage(work / "stage")
    run("ansible-galaxy", "collection", "build", "--output-path", str(work), str(collection), home=work)
    return next(work.glob("clarivum-mailing-*.tar.gz"))


@pytest.fixture(scope="session")
def elsewhere(artefact: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder far from this repository with the artefact installed in collections/, and only what is needed at run time kept."""
    folder = tmp_path_factory.mktemp("elsewhere")
    run("ansible-galaxy", "collection", "install", str(artefact), "-p", "collections", "--offline", "--no-deps", home=folder)
    installed = folder / "collections/ansible_collections/clarivum/mailing"
    for entry in installed.iterdir():
        if entry.is_dir() and entry.name not in NEEDED_FOLDERS:
            shutil.rmtree(entry)
    return folder


def run(*command: str, home: Path, environment: Mapping[str, str] | None = None) -> str:
    """Runs a program of ansible in `home`, where nothing of this repository or of the user's own settings reaches it."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("ANSIBLE_", "LISTMONK_", "PYTHON"))}
    kept |= {"HOME": str(home), "ANSIBLE_HOME": str(home / ".ansible"), "ANSIBLE_COLLECTIONS_PATH": str(home / "collections")}
    kept |= {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", **(environment or {})}
    ended = subprocess.run(command, cwd=home, env=kept, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 0, f"{' '.join(command)}\n{ended.stdout}\n{ended.stderr}"
    return ended.stdout


def test_the_artefact_holds_what_users_need_and_nothing_of_development(artefact: Path) -> None:
    with tarfile.open(artefact) as archive:
        names = [name for name in archive.getnames() if name]
    files = {name for name in names if "/" not in name} - SHIPPED_FOLDERS
    assert files == SHIPPED | {"MANIFEST.json", "FILES.json"}
    assert {name.split("/")[0] for name in names if "/" in name} <= SHIPPED_FOLDERS
    assert not [name for name in names if "__pycache__" in name or name.startswith("changelogs/fragments")]


def test_the_artefact_is_small(artefact: Path) -> None:
    assert artefact.stat().st_size < 1_000_000


def test_ansible_doc_knows_every_module_of_the_installed_artefact(elsewhere: Path) -> None:
    listed = json.loads(run("ansible-doc", "-t", "module", "-l", "-j", "clarivum.mailing", home=elsewhere))
    assert sorted(listed) == [f"clarivum.mailing.{module}" for module in MODULES]
    documented = json.loads(run("ansible-doc", "-t", "module", "-j", *listed, home=elsewhere))
    connects = {"aws": "region", "listmonk": "api_token"}
    for name, entry in documented.items():
        assert connects[name.split(".")[-1].partition("_")[0]] in entry["doc"]["options"], name


def test_a_playbook_elsewhere_changes_a_listmonk_once(elsewhere: Path, listmonk: FreshListmonk) -> None:
    playbook = elsewhere / "site.yml"
    playbook.write_text(
        """
- hosts: localhost
  connection: local
  gather_facts: false
  vars:
    ansible_python_interpreter: "{{ ansible_playbook_python }}"
  tasks:
    - clarivum.mailing.listmonk_list:
        name: From elsewhere
        type: private
        optin: single
      register: made
    - ansible.builtin.assert:
        that: made is changed
    - clarivum.mailing.listmonk_list:
        name: From elsewhere
        type: private
        optin: single
      register: again
    - ansible.builtin.assert:
        that: again is not changed
"""
    )
    run("ansible-playbook", "-i", "localhost,", str(playbook), home=elsewhere, environment=listmonk.environment)
    assert "From elsewhere" in [entry["name"] for entry in listmonk.api("GET", "/api/lists?per_page=all")["results"]]
