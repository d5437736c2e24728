# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A container as a process: what to run, with which environment, from a task definition and a call's overrides."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .cannot_start import CannotStart
from .image import SYSTEM_PATH, Image, image_named
from .place import HOME_VARIABLE, Place
from .secret_values import secret_value

DEFAULT_STOP_TIMEOUT_S = 30.0  # Fargate's
_HERE = r"0\.0\.0\.0|127\.0\.0\.1|localhost"  # how a program in a container names its own addresses


@dataclass(frozen=True)
class Container:
    name: str
    command: tuple[str, ...] = field(repr=False)
    environment: Mapping[str, str] = field(repr=False)
    directory: Path
    port: int | None
    stop_timeout: float


def container(
    definition: Mapping[str, Any], task: Mapping[str, Any], overrides: Mapping[str, Any], address: str, place: Place
) -> Container:
    """``task`` is {"id", "volumes", "region"}. Makes the working directory. Raises CannotStart."""
    image = image_named(str(definition["image"]))
    directory = place.tasks / str(task["id"])
    override = _override(definition, overrides)
    ports = [int(mapping["containerPort"]) for mapping in definition.get("portMappings") or []]
    environment = {
        **{pair["name"]: pair["value"] for pair in definition.get("environment") or []},
        **{pair["name"]: secret_value(pair["valueFrom"], place.account, str(task["region"])) for pair in definition.get("secrets") or []},
        **{pair["name"]: pair["value"] for pair in override.get("environment") or []},
    }
    _fill(directory, image)
    mounts = _mount(definition, task, directory, image, place)
    words = [*(definition.get("entryPoint") or []), *(override.get("command") or definition.get("command") or image.command)]

    def here(text: str) -> str:
        return at_address(_moved(text, mounts), ports, address)

    return Container(
        name=str(definition["name"]),
        command=tuple(here(word) for word in words),
        environment={
            **_surroundings(image, directory, place, str(task["region"])),
            **{name: here(value) for name, value in environment.items()},
            HOME_VARIABLE: str(place.home),
        },
        directory=directory,
        port=ports[0] if ports else None,
        stop_timeout=float(definition.get("stopTimeout") or DEFAULT_STOP_TIMEOUT_S),
    )


def at_address(text: str, ports: list[int], address: str) -> str:
    """Name the task's own address where its program would listen on, or ask, its ports: the machine has them once only."""
    for port in ports:
        text = re.sub(rf"(?<![\w.])({_HERE}):{port}(?!\d)", f"{address}:{port}", text)
    return text


def _override(definition: Mapping[str, Any], overrides: Mapping[str, Any]) -> Mapping[str, Any]:
    found: list[Mapping[str, Any]] = [one for one in overrides.get("containerOverrides") or [] if one.get("name") == definition["name"]]
    return found[0] if found else {}


def _surroundings(image: Image, directory: Path, place: Place, region: str) -> dict[str, str]:
    """What a container finds in its environment besides what its definition says."""
    temporary = directory / "tmp"
    temporary.mkdir()
    return {
        "PATH": ":".join([str(directory), *(str(one) for one in image.path), SYSTEM_PATH]),
        "HOME": str(directory),
        "TMPDIR": str(temporary),
        "LANG": "C.UTF-8",
        "AWS_ENDPOINT_URL": place.endpoint_url,
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_ACCESS_KEY_ID": "task",  # the sandbox checks no credentials; on AWS they come from the task role
        "AWS_SECRET_ACCESS_KEY": "task",
        **image.environment,
    }


def _fill(directory: Path, image: Image) -> None:
    directory.mkdir(parents=True)
    for name, target in image.files.items():
        if not target.exists():
            raise CannotStart(f"CannotPullContainerError: {target}, which stands for the image, does not exist")
        _mirror(target, directory / name)


def _mirror(source: Path, target: Path) -> None:
    """Directories are made and files are linked: listmonk, when it walks through its own, does not follow links to directories."""
    if not source.is_dir():
        target.symlink_to(source)
        return
    target.mkdir()
    for entry in source.iterdir():
        _mirror(entry, target / entry.name)


def _mount(definition: Mapping[str, Any], task: Mapping[str, Any], directory: Path, image: Image, place: Place) -> dict[str, str]:
    """Make the volumes' directories. One below the image's working directory is linked there; of others, the path to use instead."""
    volumes = {volume["name"]: volume for volume in task["volumes"]}
    instead = {}
    for point in definition.get("mountPoints") or []:
        volume = volumes.get(point["sourceVolume"])
        if volume is None:
            raise CannotStart(f"the mount point {point['containerPath']} names the volume {point['sourceVolume']}, which is not defined")
        source = _volume_directory(volume, task, place)
        source.mkdir(parents=True, exist_ok=True)
        path = str(point["containerPath"]).rstrip("/")
        root = image.workdir.rstrip("/") + "/"
        if image.workdir != "/" and path.startswith(root):
            link = directory / path.removeprefix(root)
            link.parent.mkdir(parents=True, exist_ok=True)
            if link.is_dir() and not link.is_symlink():
                shutil.rmtree(link)  # a mount hides what the image has there
            link.symlink_to(source)
        instead[path] = str(source)
    return instead


def _volume_directory(volume: Mapping[str, Any], task: Mapping[str, Any], place: Place) -> Path:
    """A file system is one for all tasks that mount it; a bind mount lives and dies with the task."""
    shared = volume.get("efsVolumeConfiguration")
    if not shared:
        return place.tasks / str(task["id"]) / "volumes" / str(volume["name"])
    access_point = (shared.get("authorizationConfig") or {}).get("accessPointId")
    root = access_point or str(shared.get("rootDirectory", "/")).strip("/") or "root"
    return place.volumes / str(shared["fileSystemId"]) / root


def _moved(text: str, mounts: Mapping[str, str]) -> str:
    for path, instead in mounts.items():
        if text == path or text.startswith(path + "/"):
            text = instead + text.removeprefix(path)
    return text
