# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""/api/templates. Recordings templates_*."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, request

from .. import template_store as store
from ..access import needs
from ..answers import Problem, data, html, path_id
from ..audience.refusals import passed_on
from ..body import BOOL, NULL_STRING, STRING, Bound, Struct, bind
from ..go_template import GoFunction, TemplateError
from ..messages import compiled
from ..messages.template_data import DEMO_SUBSCRIBER, campaign_message, transactional_message
from ..messages.template_functions import NOBODY, CampaignFunctions, generic, substituted
from ..state import State

TEMPLATE = Struct("models.Template", name=STRING, type=STRING, subject=STRING, body=STRING, body_source=NULL_STRING, is_default=BOOL)
LONGEST_NAME = 2000  # bytes
FOR_CAMPAIGNS = ("campaign", "campaign_visual")
MISSING = "Template not found"
SAMPLE_CAMPAIGN = {
    "uuid": NOBODY,
    "name": "Dummy campaign",
    "subject": "Dummy campaign subject",
    "from_email": "dummy-campaign@listmonk.app",
}
SAMPLE_CONTENT = """
<p>Hello,</p>
<p>this is where the text of a campaign goes. A paragraph is long enough to show line lengths, spacing and colours of the template
around it, and it says nothing that anybody would miss.</p>
<h3>A heading in the text</h3>
<p>Another paragraph, with <a href="https://listmonk.app" target="_blank">a link</a> in it.</p>
"""


def routes(state: State) -> Blueprint:
    blueprint = Blueprint("templates", __name__)

    @blueprint.get("/api/templates")
    @needs("templates:get")
    def everything() -> Response:
        return _all(state)

    @blueprint.get("/api/templates/<id>")
    @needs("templates:get")
    def one(id: str) -> Response:
        return data(_existing(state, path_id(id), without_body=_without_body()))

    @blueprint.get("/api/templates/<id>/preview")
    @needs("templates:get")
    def stored_preview(id: str) -> Response:
        row = _existing(state, path_id(id))
        return html(_preview(state, row["type"], row.get("body", ""), row["subject"]))

    @blueprint.post("/api/templates/preview")
    @needs("templates:get")
    def preview() -> Response:
        request.max_form_memory_size = None  # designers embed pictures; listmonk has no limit either
        kind, body = _form("template_type") or "campaign", _form("body")
        if kind == "campaign" and not compiled.has_placeholder(body):
            raise _placeholder_missing()
        return html(_preview(state, kind, body, ""))

    @blueprint.post("/api/templates")
    @needs("templates:manage")
    def create() -> Response:
        wish = _checked(state, bind(TEMPLATE))
        with passed_on("Error creating Template"), state.db() as cur:
            number = store.create(cur, wish)
        return data(_existing(state, number))

    @blueprint.put("/api/templates/<id>")
    @needs("templates:manage")
    def change(id: str) -> Response:
        number = path_id(id)
        wish = _checked(state, bind(TEMPLATE))
        with passed_on("Error updating Template"), state.db() as cur:
            found = store.change(cur, number, wish)
        if not found:
            raise Problem(400, MISSING)
        return data(_existing(state, number))

    @blueprint.put("/api/templates/<id>/default")
    @needs("templates:manage")
    def make_default(id: str) -> Response:
        with passed_on("Error updating Template"), state.db() as cur:
            store.make_default(cur, path_id(id))
        return _all(state)

    @blueprint.delete("/api/templates/<id>")
    @needs("templates:manage")
    def delete(id: str) -> Response:
        with passed_on("Error deleting Template"), state.db() as cur:
            if not store.delete(cur, path_id(id)):
                raise Problem(400, "Cannot delete non-existent or default template")
        return data(True)

    return blueprint


def _without_body() -> bool:
    return request.args.get("no_body", "") in ("1", "t", "T", "true", "TRUE", "True")


def _form(name: str) -> str:
    """A field of the form, or of the query when the form has none (Go's FormValue)."""
    return request.form.get(name, request.args.get(name, ""))


def _all(state: State) -> Response:
    with state.db() as cur:
        return data([_shown(row) for row in store.find_all(cur, without_body=_without_body())])


def _existing(state: State, number: int, *, without_body: bool = False) -> dict[str, Any]:
    with passed_on("Error fetching Templates"), state.db() as cur:
        row = store.find(cur, number, without_body=without_body)
    if row is None:
        raise Problem(400, MISSING)
    return _shown(row)


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    """A blank body is left out of the answer."""
    return row if row["body"] else {key: value for key, value in row.items() if key != "body"}


def _placeholder_missing() -> Problem:
    return Problem(400, f"The placeholder {compiled.PLACEHOLDER} should appear exactly once in the template.")


def _checked(state: State, wish: Bound) -> Bound:
    """Validation by the type *in the request*: an unknown one is not refused here (a PUT without it checks nothing but syntax)."""
    if not 1 <= len(wish["name"].encode()) <= LONGEST_NAME:
        raise Problem(500, "Internal Server Error")
    if wish["type"] == "campaign" and not compiled.has_placeholder(wish["body"]):
        raise _placeholder_missing()
    if wish["type"] == "tx" and not wish["subject"].strip():
        raise Problem(400, "Missing field(s): subject")
    functions = generic()
    if wish["type"] in FOR_CAMPAIGNS:
        wish["subject"] = ""
        functions = _campaign_functions(state)
    try:
        compiled.check(wish["body"], wish["subject"], functions)
    except compiled.CompileError as error:
        raise Problem(400, str(error)) from error
    return wish


def _campaign_functions(state: State) -> dict[str, GoFunction]:
    return CampaignFunctions.of(state.settings, lambda url: _registered(state, url)).functions()


def _registered(state: State, url: str) -> str:
    with state.db() as cur:
        return store.link(cur, uuid.uuid4(), url)


def _preview(state: State, kind: str, body: str, subject: str) -> str:
    if kind not in FOR_CAMPAIGNS:
        return _transactional_preview(body, subject)
    try:
        page = compiled.campaign(body, SAMPLE_CONTENT, SAMPLE_CAMPAIGN["subject"], _campaign_functions(state))
        return page.page(campaign_message(SAMPLE_CAMPAIGN, DEMO_SUBSCRIBER))
    except compiled.CompileError as error:
        raise Problem(400, substituted(f"Error compiling template: {error}")) from error
    except TemplateError as error:
        raise Problem(400, substituted(f"Error rendering message: {error}")) from error


def _transactional_preview(body: str, subject: str) -> str:
    message = transactional_message(DEMO_SUBSCRIBER, subject=subject)
    try:
        mail = compiled.transactional(body, subject, generic())
        page = mail.page(message)
        mail.subject_for(message)
    except (compiled.CompileError, TemplateError) as error:
        raise Problem(400, str(error)) from error
    return page
