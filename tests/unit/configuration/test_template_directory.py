# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A folder of HTML files is a list of templates."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.clarivum.mailing.plugins.module_utils._core.errors import Refusal
from ansible_collections.clarivum.mailing.plugins.plugin_utils._template_directory import templates_in


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "plain.html").write_text('{{ template "content" . }}')
    return tmp_path


def test_an_html_file_alone_is_a_template_called_as_the_file_is(folder: Path) -> None:
    (entry,) = templates_in(folder)
    assert entry.where == "templates_directory/plain.html"
    assert entry.values == {"name": "plain", "body_file": str(folder / "plain.html")}


def test_a_yaml_file_beside_it_says_more_and_keeps_curly_braces(folder: Path) -> None:
    (folder / "plain.yml").write_text("name: Order\ntype: tx\nsubject: Order {{ .Tx.Data.id }}\nis_default:\n")
    (entry,) = templates_in(folder)
    assert entry.values == {"name": "Order", "type": "tx", "subject": "Order {{ .Tx.Data.id }}", "body_file": str(folder / "plain.html")}


def test_a_json_file_beside_it_makes_it_a_visual_template(folder: Path) -> None:
    (folder / "plain.json").write_text("{}")
    (entry,) = templates_in(folder)
    assert entry.values["type"] == "campaign_visual"
    assert entry.values["body_source_file"] == str(folder / "plain.json")


def test_templates_come_in_the_order_of_their_file_names(folder: Path) -> None:
    for name in ("b", "a"):
        (folder / f"{name}.html").write_text("x")
    assert [entry.values["name"] for entry in templates_in(folder)] == ["a", "b", "plain"]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("missing.yml", "name: Lonely", "missing.yml describes a template, but there is no missing.html beside it"),
        ("old.htm", "x", "old.htm would be overlooked: name it old.html"),
        ("plain.yaml", "name: x", "plain.yaml would be overlooked: name it plain.yml"),
        ("plain.yml", "- a list", "plain.yml beside it must hold a dictionary"),
        ("plain.yml", "name: [", "plain.yml beside it is not YAML"),
        ("plain.yml", "body: hello", "plain.yml says body, but the body is plain.html itself"),
    ],
)
def test_a_file_that_would_be_overlooked_or_misread_is_named(folder: Path, name: str, content: str, sentence: str) -> None:
    (folder / name).write_text(content)
    with pytest.raises(Refusal) as refused:
        list(templates_in(folder))
    assert sentence in str(refused.value)


def test_a_folder_without_templates_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"holds no \.html file"):
        list(templates_in(tmp_path))
    with pytest.raises(Refusal, match="there is no folder"):
        list(templates_in(tmp_path / "nowhere"))
