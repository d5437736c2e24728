# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The few HTML pages that clients meet: our own, plain ones, with the titles that listmonk's have."""

from __future__ import annotations

from html import escape

from .state import State


def page(state: State, title: str, body: str) -> str:
    site = state.settings.get("app.site_name") or "Mailing list"
    return bare(f"{title} - {site}", body)


def bare(title: str, body: str) -> str:
    return f'<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>{escape(title)}</title></head>\n<body>\n{body}\n</body>\n</html>\n'


def notice(state: State, title: str, text: str = "") -> str:
    return page(state, title, f"<h1>{escape(title)}</h1>\n<p>{escape(text)}</p>")
