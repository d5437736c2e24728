# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What `make test` does: every check of the project, two at a time, and one answer at the end."""
