# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a call's parameters ask of a stack, checked as far as it can be checked without the stack's resources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from botocore.exceptions import ClientError

from . import capabilities
from .account import Account
from .dynamic_references import read_parameter
from .errors import NotInSandbox, Refusal
from .parameters import Given, as_text, settle, typed
from .plan import Request
from .stack import Stack
from .template import LONGEST_BY_URL, LONGEST_TEXT, parse

MOST_TAGS = 50
# Parameters of CreateChangeSet, CreateStack and UpdateStack that would change what happens and that the sandbox does not know.
REFUSED = (
    "ResourceTypes",
    "RollbackConfiguration",
    "ResourcesToImport",
    "IncludeNestedStacks",
    "ImportExistingResources",
)


def request(account: Account, stack: Stack | None, call: Mapping[str, Any]) -> Request:
    """The template, parameters and tags of a call; what it leaves out is taken from the stack.

    Raises:
        Refusal: it cannot be applied.
    """
    for name in REFUSED:
        if call.get(name):
            raise NotInSandbox(f"the parameter {name}")
    if (call.get("DeploymentConfig") or {}).get("Mode", "STANDARD") != "STANDARD":
        raise NotInSandbox("the deployment mode EXPRESS")
    template = parse(template_text(account, stack, call))
    given_capabilities = tuple(call.get("Capabilities") or ())
    capabilities.demand(template, given_capabilities)
    given = {
        parameter["ParameterKey"]: Given(parameter.get("ParameterValue"), as_text(parameter.get("UsePreviousValue", False)) == "true")
        for parameter in call.get("Parameters") or ()
    }
    parameters = settle(template, given, stack.parameters if stack else {})
    values = typed(template, parameters, lambda name: read_parameter(account.cloud, name))
    return Request(template, parameters, values, _tags(stack, call), given_capabilities)


def template_text(account: Account, stack: Stack | None, call: Mapping[str, Any]) -> str:
    body, url, previous = call.get("TemplateBody"), call.get("TemplateURL"), as_text(call.get("UsePreviousTemplate", False)) == "true"
    if sum((body is not None, url is not None, previous)) != 1:
        raise Refusal("Either Template URL or Template Body must be specified.")
    if previous:
        if stack is None or stack.template is None:
            raise Refusal("UsePreviousTemplate is given, but the stack has no template")
        return stack.template.text
    if body is not None:
        size = len(body.encode())
        if size > LONGEST_TEXT:
            raise Refusal(
                f"1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or "
                f"equal to {LONGEST_TEXT} ({size} given)"
            )
        return str(body)
    return _fetched(account, str(url))


def _fetched(account: Account, url: str) -> str:
    """A template in a bucket; both forms of S3 addresses, and the sandbox's own."""
    parts = urlsplit(url)
    path = unquote(parts.path.lstrip("/"))
    host = parts.hostname or ""
    if host.endswith("amazonaws.com") and not host.startswith(("s3.", "s3-")):
        bucket, key = host.split(".s3", 1)[0], path
    else:
        bucket, _slash, key = path.partition("/")
    try:
        body = account.cloud.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
    except ClientError as error:
        raise Refusal(f"S3 error: {error.response['Error'].get('Message', 'Access Denied')}") from None
    if len(body) > LONGEST_BY_URL:
        raise Refusal(f"Template may not exceed {LONGEST_BY_URL} bytes in size.")
    return str(body.decode())


def _tags(stack: Stack | None, call: Mapping[str, Any]) -> dict[str, str]:
    given: Sequence[Mapping[str, str]] | None = call.get("Tags")
    if given is None:
        return dict(stack.tags) if stack else {}
    if len(given) > MOST_TAGS:
        raise Refusal(f"A stack may have at most {MOST_TAGS} tags")
    return {tag["Key"]: tag["Value"] for tag in given}
