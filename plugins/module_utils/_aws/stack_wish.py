# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task says about a stack."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .._core.errors import Refusal
from .template import BUCKET_LIMIT, Template, parse_template
from .template_parameters import given_parameters

STACK_OPTIONS: dict[str, dict[str, Any]] = {
    "name": {"type": "str", "required": True, "aliases": ["stack_name"]},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "template": {"type": "path"},
    "template_body": {"type": "raw"},
    "template_bucket": {"type": "str"},
    "parameters": {"type": "dict", "default": {}},
    "tags": {"type": "dict"},
    "capabilities": {
        "type": "list",
        "elements": "str",
        "choices": ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
        "default": [],
    },
    "role_arn": {"type": "str"},
    "protected": {"type": "list", "elements": "str"},
    "allow_replacement": {"type": "list", "elements": "str", "default": []},
    "termination_protection": {"type": "bool"},
    "on_failure": {"type": "str", "choices": ["rollback", "delete", "do_nothing"], "default": "rollback"},
    "drift": {"type": "str", "choices": ["ignore", "report", "revert"], "default": "ignore"},
    "timeout": {"type": "float", "default": 3600.0},
}
STACK_CONSTRAINTS: dict[str, Any] = {
    "mutually_exclusive": [["template", "template_body"]],
    "required_if": [["state", "present", ["template", "template_body"], True]],
}
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,127}")


@dataclass(frozen=True)
class StackWish:
    """``protected``, ``tags`` and ``termination_protection`` are None where the task says nothing."""

    name: str
    state: str = "present"
    template: Template | None = None
    template_bucket: str | None = None
    parameters: Mapping[str, str] | None = None
    tags: Mapping[str, str] | None = None
    capabilities: tuple[str, ...] = ()
    role_arn: str | None = None
    protected: frozenset[str] | None = None
    allow_replacement: frozenset[str] = frozenset()
    termination_protection: bool | None = None
    on_failure: str = "rollback"
    drift: str = "ignore"
    timeout: float = 3600.0


def wish_of(options: Mapping[str, Any], local_file: Callable[[str], str]) -> StackWish:
    """The wish behind a task's validated options; raises Refusal for what no AWS would take."""
    name = options["name"]
    if not _NAME.fullmatch(name):
        raise Refusal(f"{name!r} is no name of a stack: it begins with a letter and holds letters, digits and hyphens, 128 at most.")
    if not (math.isfinite(options["timeout"]) and options["timeout"] > 0):
        raise Refusal(f"The timeout is {options['timeout']}. It must be a number of seconds above 0.")
    present = options["state"] == "present"
    template = _template(options, local_file) if present else None
    protected = options["protected"]
    if template is not None:
        _refuse_malformed_ids(template, [*(protected or ()), *options["allow_replacement"]])
    return StackWish(
        name=name,
        state=options["state"],
        template=template,
        template_bucket=options["template_bucket"],
        parameters=given_parameters(options["parameters"]) if present else None,
        tags=_tags(options["tags"]),
        capabilities=tuple(options["capabilities"]),
        role_arn=options["role_arn"],
        protected=None if protected is None else frozenset(protected),
        allow_replacement=frozenset(options["allow_replacement"]),
        termination_protection=options["termination_protection"],
        on_failure=options["on_failure"],
        drift=options["drift"],
        timeout=float(options["timeout"]),
    )


def _template(options: Mapping[str, Any], local_file: Callable[[str], str]) -> Template:
    if options["template"] is not None:
        path = local_file(options["template"])
        try:
            text = Path(path).read_bytes().decode()
        except UnicodeDecodeError as error:
            raise Refusal(f"{options['template']}: a template is UTF-8 text; byte {error.start} is none.") from error
        where = str(options["template"])
    else:
        body = options["template_body"]
        text, where = body if isinstance(body, str) else json.dumps(body, default=str), "template_body"
    template = parse_template(text, where)
    if template.size > BUCKET_LIMIT:
        raise Refusal(f"{where} has {template.size} bytes; CloudFormation takes {BUCKET_LIMIT} at most. Split it into several stacks.")
    if not template.fits_inline and not options["template_bucket"]:
        raise Refusal(
            f"{where} has {template.size} bytes; CloudFormation takes 51200 of them directly and larger templates only from a bucket. Name one in "
            "template_bucket."
        )
    return template


def _tags(tags: Mapping[str, Any] | None) -> dict[str, str] | None:
    if tags is None:
        return None
    if len(tags) > 50:
        raise Refusal(f"There are {len(tags)} tags; a stack takes 50.")
    wrong = [key for key, value in tags.items() if isinstance(value, (dict, list))]
    if wrong:
        raise Refusal(f"The tag {wrong[0]} must be a text.")
    return {str(key): "true" if value is True else "false" if value is False else str(value) for key, value in tags.items()}


def _refuse_malformed_ids(template: Template, ids: list[str]) -> None:
    for logical_id in ids:
        if not re.fullmatch(r"[A-Za-z0-9]{1,255}", logical_id):
            raise Refusal(f"{logical_id!r} is no logical id of a resource of {template.where}: those are letters and digits.")
