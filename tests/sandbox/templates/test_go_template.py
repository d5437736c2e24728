# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine against Go's own answers.

go_answers.json holds templates and what Go 1.26's text/template and html/template (with sprig 3.3.0) made of them, in UTC: ``mode``
text or html, ``data`` or the message below, ``content`` a second template of that name, ``out`` or ``error`` the result.
"""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sandbox.listmonk.go_template import FUNCTIONS, Html, Struct, TemplateError, function_map, parse
from sandbox.listmonk.go_template.dates import formatted, parsed_duration

ANSWERS = json.loads((Path(__file__).parent / "go_answers.json").read_text("utf-8"))

# Refused by both, in other words: we find the unclosed attribute at the end, Go compares the branches.
OTHER_WORDS = ('{{ if .q }}<a href="{{ end }}',)


def today(layout: str) -> str:
    return formatted(datetime.now(UTC), layout)


def safe(text: str) -> Html:
    return Html(text)


def unsubscribe_url(message: Any) -> str:
    return "http://localhost:9000/subscription/x/y"


WITH_OURS = FUNCTIONS | function_map(Date=today, Safe=safe, UnsubscribeURL=unsubscribe_url)


@pytest.fixture
def message() -> Struct:
    attributes = {"city": "Köln", "age": 30.0, "tags": ["a", "b"], "nothing": None, "html": "<b>x</b>"}
    subscriber = Struct(
        "main.Sub", {"Name": "Anna Maria", "Email": "anna@example.org", "Attribs": attributes}, {"FirstName": lambda: "Anna"}
    )
    return Struct("*main.Message", {"Subscriber": subscriber, "Campaign": Struct("*main.Camp", {"Name": "N", "Subject": "S & s"})})


def as_go_decodes(value: Any) -> Any:
    """Numbers of JSON documents are float64 in Go."""
    if isinstance(value, dict):
        return {key: as_go_decodes(member) for key, member in value.items()}
    if isinstance(value, list):
        return [as_go_decodes(member) for member in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


@pytest.mark.parametrize("case", ANSWERS, ids=lambda case: f"{case['mode']} {case['template']}"[:60])
def test_a_template_renders_or_fails_as_in_go(case: dict[str, Any], message: Struct, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    data = message if case.get("data") is None else as_go_decodes(case["data"])
    try:
        template = parse("base", case["template"], WITH_OURS)
        if case.get("content"):
            template.define("content", case["content"])
        result = {"out": template.text(data) if case["mode"] == "text" else template.html(data)}
    except TemplateError as error:
        result = {"error": str(error)}
    if case["template"] in OTHER_WORDS:
        assert "error" in result
    else:
        assert result == {key: case[key] for key in ("out", "error") if key in case}


def test_a_megabyte_of_html_is_parsed_and_rendered_within_a_second() -> None:
    picture = "A" * 1_200_000
    source = '<html><body>{{ template "content" . }}<img src="data:image/png;base64,' + picture + '"></body></html>\n'
    begun = time.monotonic()
    template = parse("base", source)
    template.define("content", "<p>x</p>")
    page = template.html({})
    assert time.monotonic() - begun < 1
    assert page == source.replace('{{ template "content" . }}', "<p>x</p>")


def test_a_function_of_sprig_that_is_not_built_parses_and_says_so_when_it_is_called() -> None:
    template = parse("base", '{{ if .x }}{{ bcrypt "a" }}{{ end }}ok')
    assert template.text({"x": False}) == "ok"
    with pytest.raises(TemplateError, match="the sandbox does not have sprig's bcrypt"):
        template.text({"x": True})


@pytest.mark.parametrize(
    ("text", "seconds"), [("1h30m", 5400), ("-1.5s", -1.5), ("10ms", 0.01), ("0", 0), ("1d", None), ("", None), ("5", None)]
)
def test_durations_are_read_as_go_reads_them(text: str, seconds: float | None) -> None:
    duration = parsed_duration(text)
    assert (duration.total_seconds() if duration is not None else None) == seconds
