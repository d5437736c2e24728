# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""GenerateSecretString is frozen: CloudFormation makes up a new password, while the old one is in use, whenever a letter of it changes."""

from __future__ import annotations

from tests.stacks_static.stack_roles import STACK_ROLES

FROZEN = {
    "AdminSecret": ('{"username": "admin"}', "password", 32),
    "ApiTokenSecret": ('{"username": "automation"}', "token", 32),
    "DatabaseSecret": ('{"username": "listmonk"}', "password", 40),
    "SmtpSecret": ('{"username": "not-set"}', "password", 44),
}


def test_how_passwords_are_made_up_is_never_edited() -> None:
    (role,) = [role for role in STACK_ROLES if role.name == "aws_secrets"]
    generated = {
        name: dict(resource["Properties"]["GenerateSecretString"])
        for name, resource in role.resources.items()
        if resource["Type"] == "AWS::SecretsManager::Secret"
    }
    assert generated == {
        name: {"SecretStringTemplate": template, "GenerateStringKey": key, "PasswordLength": length, "ExcludePunctuation": True}
        for name, (template, key, length) in FROZEN.items()
    }
