# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The edge between Ansible and the tasks that speak to AWS: their options. All of them run on the controller, so the rest of it is in
plugin_utils/_aws_action_edge.py.
"""

from __future__ import annotations

from typing import Any

from ansible.module_utils.basic import env_fallback

from .._aws.connection_options import AWS_OPTIONS

Spec = dict[str, dict[str, Any]]


def aws_spec() -> Spec:
    """The options of every task that speaks to AWS, with Ansible's way to fall back on the environment."""
    return {
        name: {
            **{key: value for key, value in option.items() if key != "env"},
            **({"fallback": (env_fallback, option["env"])} if "env" in option else {}),
        }
        for name, option in AWS_OPTIONS.items()
    }
