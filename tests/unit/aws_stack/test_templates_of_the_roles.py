# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The templates of the roles are such that a second run recognises them, and a check can foretell them."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.clarivum.mailing.plugins.module_utils._aws.template import parse_template
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.template_parameters import secret_parameters
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.template_references import dangling_references, names_behind
from tests.fresh_listmonk import ROOT

TEMPLATES = sorted(ROOT.glob("roles/*/files/stack.template"))


def test_there_are_templates_to_look_at() -> None:
    assert len(TEMPLATES) >= 6


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.parts[-3])
def test_a_second_run_needs_no_change_set(path: Path) -> None:
    """What keeps a template from being recognised as the deployed one: docs/decisions/0010."""
    template = parse_template(path.read_text(), path.name)
    assert template.text.isascii(), "CloudFormation gives other characters back as question marks"
    assert template.depends_on_the_outside == ""
    assert not secret_parameters(template)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.parts[-3])
def test_everything_it_refers_to_is_there_and_every_parameter_is_used(path: Path) -> None:
    template = parse_template(path.read_text(), path.name)
    assert dangling_references(template) == []
    used = set()
    for section in ("Resources", "Outputs", "Conditions"):
        used |= names_behind(template, list(template.section(section).values()))
    assert set(template.section("Parameters")) <= used


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.parts[-3])
def test_it_is_small_enough_to_be_sent_along(path: Path) -> None:
    assert parse_template(path.read_text(), path.name).fits_inline
