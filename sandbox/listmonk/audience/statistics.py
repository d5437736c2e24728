# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts that listmonk keeps in materialised views, and when it counts anew."""

from __future__ import annotations

from ..database import Cursor

LIST_COUNTS = "mat_list_subscriber_stats"
DASHBOARD_COUNTS = "mat_dashboard_counts"
DASHBOARD_CHARTS = "mat_dashboard_charts"


def refresh(cur: Cursor, view: str, *, cached: bool) -> None:
    """Count anew, unless the setting app.cache_slow_queries leaves that to a schedule."""
    if not cached:
        cur.execute(f"REFRESH MATERIALIZED VIEW {view}")
