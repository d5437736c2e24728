# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sandbox.listmonk.go_template import GoFunction
from sandbox.listmonk.messages import compiled
from sandbox.listmonk.messages.template_data import DEMO_SUBSCRIBER, campaign_message, transactional_message
from sandbox.listmonk.messages.template_functions import NOBODY, CampaignFunctions, generic, substituted

DESIGNERS = Path(__file__).parents[2] / "cases" / "06-template-from-the-designer"
CAMPAIGN = {"uuid": "c0ffee00-0000-4000-8000-000000000000", "name": "May", "subject": "News & more"}
PERSON: dict[str, Any] = {**DEMO_SUBSCRIBER, "uuid": "5ub00000-0000-4000-8000-000000000000"}


def functions(**settings: object) -> dict[str, GoFunction]:
    known = {"app.root_url": "https://lists.example.org/", **settings}
    return CampaignFunctions.of(known, lambda url: f"link-to-{url}").functions()


def page(template: str, content: str = "<p>text</p>", **settings: object) -> str:
    return compiled.campaign(template, content, "s", functions(**settings)).page(campaign_message(CAMPAIGN, PERSON))


@pytest.mark.parametrize("name", ["newsletter-lf.html", "newsletter-crlf.html"])
def test_the_designers_newsletter_keeps_its_css_its_line_ends_and_its_signs(name: str) -> None:
    source = (DESIGNERS / name).read_bytes().decode()
    shown = page(source)
    assert "<style>@media print{#footer{display:none}} .x{color:#c00}</style>" in shown
    assert "<p>Grüße, Demo 🎉 — “schön”" in shown
    assert "not for Jinja" not in shown  # html/template drops comments
    assert f'href="https://lists.example.org/subscription/{CAMPAIGN["uuid"]}/{PERSON["uuid"]}"' in shown
    assert shown.count("\r\n") == source.count("\r\n")


def test_urls_may_be_written_without_the_dot() -> None:
    short = page('{{ template "content" . }}{{ MessageURL }} {{OptinURL}} {{ ManageURL }} {{ TrackLink "https://x.org" }}')
    full = page('{{ template "content" . }}{{ MessageURL . }} {{ OptinURL . }} {{ ManageURL . }} {{ TrackLink "https://x.org" . }}')
    assert short == full
    assert f"/campaign/{CAMPAIGN['uuid']}/{PERSON['uuid']}" in short


def test_the_track_link_spelling_of_visual_editors_becomes_a_tracked_link() -> None:
    assert f'href="https://lists.example.org/link/link-to-https://x.org/a/{CAMPAIGN["uuid"]}/{NOBODY}"' in page(
        '{{ template "content" . }}', '<a href="https://x.org/a@TrackLink">x</a>'
    )


def test_tracking_names_the_subscriber_only_when_it_is_individual_and_vanishes_when_it_is_disabled() -> None:
    source = '{{ template "content" . }}{{ TrackView }}'
    assert f"/{CAMPAIGN['uuid']}/{NOBODY}/px.png" in page(source)
    assert f"/{CAMPAIGN['uuid']}/{PERSON['uuid']}/px.png" in page(source, **{"privacy.individual_tracking": True})
    assert "px.png" not in page(source, **{"privacy.disable_tracking": True})


def test_a_campaign_without_a_template_is_its_content() -> None:
    assert page("", "<p>Hi {{ .Subscriber.FirstName }}</p>") == "<p>Hi Demo</p>"


def test_values_of_subscribers_are_escaped_where_they_land() -> None:
    person = {**PERSON, "name": '<b>"A"</b>', "attribs": {"site": "javascript:x", "n": 30}}
    mail = compiled.campaign(
        "", '<a title="{{ .Subscriber.Name }}" href="{{ .Subscriber.Attribs.site }}">{{ .Subscriber.Attribs.n }}</a>', "s", functions()
    )
    assert mail.page(campaign_message(CAMPAIGN, person)) == '<a title="&lt;b&gt;&#34;A&#34;&lt;/b&gt;" href="#ZgotmplZ">30</a>'


def test_a_subject_is_a_template_only_with_a_complete_expression() -> None:
    message = transactional_message(PERSON, values={"n": 1})
    assert (
        compiled.transactional("b", "Hi {{ .Subscriber.Name }} {{ .Tx.Data.n }}", generic()).subject_for(message) == "Hi Demo Subscriber 1"
    )
    assert compiled.transactional("b", "{{ .Tx", generic()).subject_for(message) == "{{ .Tx"


@pytest.mark.parametrize(
    ("template", "content", "subject", "sentence"),
    [
        ("{{ if }}", "x", "s", "error compiling base template: template: base:1: missing value for if"),
        ("", "{{ nosuch 1 }}", "s", 'error compiling message: template: content:1: function "nosuch" not defined'),
        ("", "x", "{{ if }}", "error compiling subject: template: content:1: missing value for if"),
    ],
)
def test_each_part_that_does_not_compile_is_named(template: str, content: str, subject: str, sentence: str) -> None:
    with pytest.raises(compiled.CompileError) as failed:
        compiled.campaign(template, content, subject, functions())
    assert str(failed.value) == sentence


def test_public_urls_are_unknown_to_transactional_templates() -> None:
    with pytest.raises(compiled.CompileError, match='function "UnsubscribeURL" not defined'):
        compiled.check("{{ UnsubscribeURL }}", "s", generic())


@pytest.mark.parametrize(
    ("body", "has"),
    [
        ('{{ template "content" . }}', True),
        ('{{template "content" .}}', True),
        ('{{- template "content" . -}}', False),
        ("{{ template content . }}", False),
        ("<p>content</p>", False),
    ],
)
def test_the_placeholder_is_looked_for_by_its_spelling(body: str, has: bool) -> None:
    assert compiled.has_placeholder(body) is has


def test_the_translation_eats_braces_in_errors_as_on_the_real_server() -> None:
    assert substituted("Error compiling template: unexpected {{end}}") == "Error compiling template: unexpected end"
