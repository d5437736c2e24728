# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An AWS account on this machine: moto's API, our CloudFormation engine inside, and real processes behind it.

``python -m sandbox.aws`` starts one; assumptions.md beside cloudformation/ says what the engine takes for granted about AWS.
"""
