# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one edge between the tasks that speak to AWS and Ansible: options in, result or failure out."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

from ansible.module_utils.basic import AnsibleModule, env_fallback, missing_required_lib

from .._aws.connection import Aws, connection_of
from .._aws.connection_options import AWS_OPTIONS
from .._core.errors import MailingError

LIBRARY = "botocore (it comes with boto3)"
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


def run(work: Callable[[Aws, dict[str, Any]], dict[str, Any]], options: Spec | None = None, **constraints: Any) -> None:
    """A module: ``work`` is given the connection and the options, and returns the result, with ``changed`` if it can change anything."""
    module = AnsibleModule(argument_spec={**aws_spec(), **(options or {})}, supports_check_mode=True, **constraints)
    try:
        result = work(Aws(connection_of(module.params), check_mode=module.check_mode), module.params)
    except MailingError as error:
        module.fail_json(msg=str(error), **dict(error.facts))
    except ImportError as error:
        if error.name is None or error.name.partition(".")[0] not in {"botocore", "boto3"}:
            raise
        module.fail_json(msg=missing_required_lib(LIBRARY), exception=traceback.format_exc())
    else:
        module.exit_json(**{"changed": False, **result})
