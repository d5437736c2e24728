# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets and their resource policies."""

from __future__ import annotations

import json
import secrets
import string

from botocore.exceptions import ClientError

from .calls import given, removed_tags, tag_list
from .kind import Aspect, Handle, Kind, Properties, is_true

PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"


def _create(handle: Handle) -> None:
    answer = handle.call(
        "secretsmanager.create_secret",
        Name=handle.name(handle.get("Name"), longest=512),
        SecretString=_value(handle.properties) if _has_value(handle.properties) else None,
        Tags=tag_list(handle) or None,
        **given(handle, ("Description", "KmsKeyId")),
    )
    handle.physical_id = handle.attributes["Id"] = answer["ARN"]


def _update(handle: Handle) -> None:
    if handle.changed("Description", "KmsKeyId"):
        description = handle.get("Description", "")
        handle.call("secretsmanager.update_secret", SecretId=handle.physical_id, Description=description, KmsKeyId=handle.get("KmsKeyId"))
    if handle.changed("SecretString", "GenerateSecretString") and _has_value(handle.properties):
        # Any change of the recipe makes a new value, the old one is still in use elsewhere: that is how AWS does it (facts of the schema).
        handle.call("secretsmanager.put_secret_value", SecretId=handle.physical_id, SecretString=_value(handle.properties))


def _has_value(properties: Properties) -> bool:
    """A secret may be made without a value."""
    return "SecretString" in properties or "GenerateSecretString" in properties


def _value(properties: Properties) -> str:
    recipe = properties.get("GenerateSecretString")
    if recipe is None:
        return str(properties.get("SecretString", ""))
    password = _password(recipe)
    if "SecretStringTemplate" not in recipe:
        return password
    return json.dumps({**json.loads(recipe["SecretStringTemplate"]), recipe["GenerateStringKey"]: password})


def _password(recipe: Properties) -> str:
    kinds = {
        "ExcludeLowercase": string.ascii_lowercase,
        "ExcludeUppercase": string.ascii_uppercase,
        "ExcludeNumbers": string.digits,
        "ExcludePunctuation": PUNCTUATION,
    }
    excluded = recipe.get("ExcludeCharacters", "")
    alphabets = ["".join(set(characters) - set(excluded)) for flag, characters in kinds.items() if not is_true(recipe.get(flag, False))]
    if is_true(recipe.get("IncludeSpace", False)):
        alphabets.append(" ")
    length = int(recipe.get("PasswordLength", 32))
    every = "".join(alphabets)
    must = [secrets.choice(alphabet) for alphabet in alphabets if is_true(recipe.get("RequireEachIncludedType", True)) and alphabet]
    characters = must + [secrets.choice(every) for _ in range(length - len(must))]
    secrets.SystemRandom().shuffle(characters)
    return "".join(characters[:length])


def _retag(handle: Handle) -> None:
    if handle.before and removed_tags(handle):
        handle.call("secretsmanager.untag_resource", SecretId=handle.physical_id, TagKeys=removed_tags(handle))
    if handle.before and tag_list(handle):
        handle.call("secretsmanager.tag_resource", SecretId=handle.physical_id, Tags=tag_list(handle))


def _delete(handle: Handle) -> None:
    """CloudFormation leaves no recovery window (coverage roadmap, issue 1999)."""
    handle.call("secretsmanager.delete_secret", SecretId=handle.physical_id, ForceDeleteWithoutRecovery=True)


def _exists(handle: Handle) -> bool:
    if not handle.get("Name"):
        return False
    try:
        handle.call("secretsmanager.describe_secret", SecretId=handle.get("Name"))
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        return False
    return True


def _read(handle: Handle) -> Properties | None:
    secret = handle.call("secretsmanager.describe_secret", SecretId=handle.physical_id)
    if "DeletedDate" in secret:
        return None
    seen = {"Name": secret["Name"], "Description": secret.get("Description", ""), "Tags": secret.get("Tags", [])}
    return seen | ({"KmsKeyId": secret["KmsKeyId"]} if "KmsKeyId" in secret else {})


def _put_policy(handle: Handle) -> None:
    arguments = given(handle, ("SecretId", "ResourcePolicy", "BlockPublicPolicy"))
    handle.call("secretsmanager.put_resource_policy", **arguments)
    handle.physical_id = handle.attributes["Id"] = handle.get("SecretId")


def _delete_policy(handle: Handle) -> None:
    handle.call("secretsmanager.delete_resource_policy", SecretId=handle.get("SecretId"))


def _read_policy(handle: Handle) -> Properties | None:
    text = handle.call("secretsmanager.get_resource_policy", SecretId=handle.get("SecretId")).get("ResourcePolicy")
    return {"ResourcePolicy": json.loads(text)} if text else None


SECRET = Kind(
    "AWS::SecretsManager::Secret",
    takes=("Name", "Description", "KmsKeyId", "SecretString", "GenerateSecretString"),
    create=_create,
    update=_update,
    aspects=(Aspect(("Tags",), _retag),),
    delete=_delete,
    read=_read,
    exists=_exists,
)
RESOURCE_POLICY = Kind(
    "AWS::SecretsManager::ResourcePolicy",
    takes=("SecretId", "ResourcePolicy", "BlockPublicPolicy"),
    create=_put_policy,
    update=_put_policy,
    delete=_delete_policy,
    read=_read_policy,
)
KINDS = (SECRET, RESOURCE_POLICY)
