# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""/api/import/subscribers: start, watch and stop the one import that a process can run."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, Response, request

from ..access import current_user, needs
from ..answers import Problem, data
from ..audience.import_files import NotUsable, spooled, unpacked
from ..audience.import_writer import Options
from ..audience.importer import Importer
from ..audience.unmarshalling import UnmarshalError, into_struct
from ..body import BOOL, INTS, STRING
from ..state import State

PARAMS = {
    "filename": STRING,
    "mode": STRING,
    "subscription_status": STRING,
    "overwrite": BOOL,  # the flag of listmonk 5: both of the others
    "overwrite_userinfo": BOOL,
    "overwrite_subscription_status": BOOL,
    "delim": STRING,
    "lists": INTS,
}
_DEFAULT_STATUS = {"subscribe": "unconfirmed", "blocklist": "unsubscribed"}


def routes(state: State) -> Blueprint:
    blueprint = Blueprint("imports", __name__)
    importer = state.importer = Importer(state)
    progress = importer.progress

    @blueprint.get("/api/import/subscribers")
    @needs("subscribers:import")
    def status() -> Response:
        return data(asdict(progress.snapshot()))

    @blueprint.get("/api/import/subscribers/logs")
    @needs("subscribers:import")
    def log() -> Response:
        return data(progress.log_text())

    @blueprint.delete("/api/import/subscribers")
    @needs("subscribers:import")
    def stop() -> Response:
        progress.stop_or_clear()
        return data(asdict(progress.snapshot()))

    @blueprint.post("/api/import/subscribers")
    @needs("subscribers:import")
    def start() -> Response:
        if progress.snapshot().status == "importing":  # "stopping" gets past this, and fails below
            raise Problem(400, "An import is already running. Wait for it to finish or stop it before trying again.")
        options, delimiter = _wish()
        upload = request.files.get("file")
        if upload is None:
            multipart = request.mimetype == "multipart/form-data"
            reason = "http: no such file" if multipart else "request Content-Type isn't multipart/form-data"
            raise Problem(400, f"Invalid file: {reason}")
        name = upload.filename or ""
        file = spooled(upload.stream)
        lines = progress.begin(name)
        if lines is None:
            file.remove()
            raise Problem(500, "Error starting import: an import is already running")
        begun = asdict(progress.snapshot())
        lines.add(193, f"processing '{name}'")
        if not name.lower().endswith(".csv"):
            try:
                file = unpacked(file, lines)
            except NotUsable as error:
                progress.end("failed")
                raise Problem(500, f"Error processing ZIP file: {error}") from None
        importer.start(file, delimiter, options, lines)
        return data(begun)

    return blueprint


def _wish() -> tuple[Options, str]:
    """The options and the delimiter, checked in listmonk's order."""
    try:
        wish = into_struct(request.values.get("params", "").encode(), "subimporter.SessionOpt", PARAMS)
    except UnmarshalError as error:
        raise Problem(400, f"Invalid params: {error}") from None
    asked = wish["lists"]
    assert asked is None or isinstance(asked, list)
    lists = current_user().filter_lists(("manage",), asked or ())
    mode, delimiter = wish["mode"], str(wish["delim"])
    if not lists and mode != "blocklist":
        raise Problem(403, "Permission denied: lists")
    if mode != "subscribe" and mode != "blocklist":
        raise Problem(400, "Invalid mode")
    status = str(wish["subscription_status"]) or _DEFAULT_STATUS[mode]
    if status not in ("unconfirmed", "confirmed", "unsubscribed"):
        raise Problem(400, "Invalid subscription status")
    if len(delimiter.encode()) != 1:
        raise Problem(400, "Delimiter should be a single character.")
    both = bool(wish["overwrite"])
    options = Options(
        mode="blocklist" if mode == "blocklist" else "subscribe",
        lists=lists,
        subscription_status=status,
        overwrite_userinfo=both or bool(wish["overwrite_userinfo"]),
        overwrite_subscription_status=both or bool(wish["overwrite_subscription_status"]),
    )
    return options, delimiter
