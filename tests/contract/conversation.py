# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Having a recorded conversation with a server: sends its requests, keeps its cookies and captured variables."""

from __future__ import annotations

import base64
import datetime
import io
import json
import re
import time
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests

from .paths import MISSING, look_up
from .recording import Recording, Step

COMPARED_HEADERS = ("location", "content-disposition", "allow", "x-robots-tag", "access-control-allow-origin", "www-authenticate")
NOT_BUILT = 501  # the sandbox's answer for what it lacks, which no waiting changes
RESTARTED_AFTER_S = 1.0
RESTART_TIMEOUT_S = 20.0


@dataclass(frozen=True)
class Target:
    """The server to talk to, and the mail server that its settings are given in the conversation."""

    base_url: str
    api_user: str
    api_token: str
    smtp_host: str
    smtp_port: int


class NoAnswer(Exception):
    """The server said nothing, or did not come back; the rest of the conversation is lost."""


class Conversation:
    def __init__(self, recording: Recording, target: Target) -> None:
        self._recording = recording
        self._target = target
        self._cookies: dict[str, dict[str, str]] = {}
        self.variables = _known_variables(target)

    def step(self, step: Step) -> dict[str, Any]:
        """Send the step's request (again and again, if it polls) and give the answer in the form of recordings."""
        deadline = time.monotonic() + (step.poll.timeout_s if step.poll else 0)
        try:
            answer = _shape(self._send(step.request))
            while step.poll and look_up(answer.get("json"), step.poll.path) not in step.poll.values and time.monotonic() < deadline:
                if answer["status"] == NOT_BUILT:
                    break
                time.sleep(step.poll.interval_s)
                answer = _shape(self._send(step.request))
        except requests.RequestException as error:
            raise NoAnswer(str(error)) from error
        self._capture(step, answer)
        if step.restarts:
            self._wait_for_restart()
        time.sleep(step.pause_s)
        return answer

    def filled_in(self, value: Any) -> Any:
        """The value with its variables; a string that is just one variable becomes the variable's value, of whatever type."""
        if isinstance(value, str):
            whole = re.fullmatch(r"\$\{(\w+)\}", value)
            if whole and whole.group(1) in self.variables:
                return self.variables[whole.group(1)]
            return re.sub(r"\$\{(\w+)\}", lambda match: str(self.variables.get(match.group(1), match.group())), value)
        if isinstance(value, list):
            return [self.filled_in(item) for item in value]
        if isinstance(value, dict):
            return {self.filled_in(key): self.filled_in(item) for key, item in value.items()}
        return value

    def _capture(self, step: Step, answer: Mapping[str, Any]) -> None:
        for name, path in step.capture.items():
            if path.startswith("$location:"):
                match = re.search(path.removeprefix("$location:"), answer.get("headers", {}).get("location", ""))
                value: Any = match.group(1) if match else MISSING
            else:
                value = look_up(answer.get("json"), path)
            if value is not MISSING:
                self.variables[name] = value

    def _send(self, recorded: Mapping[str, Any]) -> requests.Response:
        request = self.filled_in(dict(recorded))
        headers, cookies = self._credentials(request)
        body, files = _body(request, headers)
        response = requests.request(
            request["method"],
            self._target.base_url + request["path"],
            params=[tuple(pair) for pair in request.get("query") or ()],
            data=body,
            files=files,
            headers=headers,
            allow_redirects=False,
            timeout=60,
        )
        if cookies is not None:
            cookies.update(response.cookies.items())
        return response

    def _credentials(self, request: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, str] | None]:
        headers = dict(request.get("headers") or {})
        auth = request.get("auth", "api")
        if auth == "api":
            headers["Authorization"] = f"token {self.variables['api_user']}:{self.variables['api_token']}"
        elif auth.startswith("limited:"):
            user = self.filled_in(dict(self._recording.auths[auth]))
            headers["Authorization"] = f"token {user['username']}:{user['token']}"
        elif auth.startswith("session"):
            cookies = self._cookies.setdefault(auth, {})
            if cookies:
                headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
            return headers, cookies
        return headers, None

    def _wait_for_restart(self) -> None:
        time.sleep(RESTARTED_AFTER_S)
        deadline = time.monotonic() + RESTART_TIMEOUT_S
        while time.monotonic() < deadline:
            try:
                if requests.get(self._target.base_url + "/health", timeout=1).status_code == 200:
                    return
            except requests.RequestException:
                pass  # not back yet
            time.sleep(0.05)
        raise NoAnswer(f"the server did not come back within {RESTART_TIMEOUT_S:g} s of a restart")


def _known_variables(target: Target) -> dict[str, Any]:
    now = datetime.datetime.now(datetime.UTC)

    def moment(**ahead: float) -> str:
        return (now + datetime.timedelta(**ahead)).strftime("%Y-%m-%dT%H:%M:%SZ")

    return {
        "api_user": target.api_user,
        "api_token": target.api_token,
        "api_basic": base64.b64encode(f"{target.api_user}:{target.api_token}".encode()).decode(),
        "admin_user": "admin",
        "admin_password": "adminpass1",
        "smtp_host": target.smtp_host,
        "smtp_port": target.smtp_port,
        "closed_port": 1,
        "future": moment(days=2),
        "past": moment(days=-2),
        "soon": moment(seconds=4),
        "nil_uuid": "00000000-0000-0000-0000-000000000000",
    }


def _body(request: Mapping[str, Any], headers: dict[str, str]) -> tuple[Any, Any]:
    """The request's body and its multipart parts, as requests takes them."""
    if "json" in request:
        headers.setdefault("Content-Type", "application/json")
        return json.dumps(request["json"]).encode(), None
    if "raw" in request:
        return request["raw"].encode(), None
    if "form" in request:
        return [tuple(pair) for pair in request["form"]], None
    if "multipart" in request:
        parts: list[tuple[str, tuple[Any, ...]]] = [(name, (None, value)) for name, value in request["multipart"].get("fields", ())]
        for file in request["multipart"].get("files", ()):
            parts.append((file["field"], (file["filename"], _content(file), file.get("content_type", "application/octet-stream"))))
        return None, parts
    return None, None


def _content(file: Mapping[str, Any]) -> bytes:
    if "zip_entries" in file:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for entry in file["zip_entries"]:
                archive.writestr(entry["name"], entry["text"])
        return buffer.getvalue()
    if "csv_rows" in file:
        rows = file["csv_rows"]
        lines = [rows["header"], *(rows["row"].replace("{i}", str(i)) for i in range(1, rows["count"] + 1))]
        return ("\n".join(lines) + "\n").encode()
    if "base64" in file:
        return base64.b64decode(file["base64"])
    return str(file["text"]).encode()


def _shape(response: requests.Response) -> dict[str, Any]:
    content_type = response.headers.get("Content-Type", "")
    shape: dict[str, Any] = {"status": response.status_code, "content_type": content_type}
    headers = {name: response.headers[name] for name in COMPARED_HEADERS if name in response.headers}
    if "Set-Cookie" in response.headers:
        cookie = re.sub(r"=[^;]*", "=<value>", response.headers["Set-Cookie"], count=1)
        headers["set-cookie"] = re.sub(r"(?i)(expires|max-age)=[^;]*", r"\1=<value>", cookie)
    if headers:
        shape["headers"] = headers
    if content_type.startswith("application/json"):
        try:
            return {**shape, "json": response.json()}
        except ValueError:
            pass  # compared as text
    if content_type.startswith("text/html"):
        title = re.search(r"<title>(.*?)</title>", response.text, re.DOTALL)
        return {**shape, "html_title": " ".join(title.group(1).split()) if title else None, "html": response.text}
    if content_type.startswith(("image/", "application/octet")):
        return {**shape, "bytes": len(response.content)}
    return {**shape, "text": response.content.decode("utf-8", "replace")}
