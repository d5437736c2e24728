# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: aws_secret
short_description: One text of a secret in AWS Secrets Manager
version_added: 0.1.0
author: The clarivum.mailing authors (@clarivum)
description:
  - Reads a secret that holds a JSON object, where it is used, and returns one of its texts.
  - Meant for connection options such as C(api_token) in C(module_defaults), which are never printed. In a variable of its own, the text could
    be printed like any other.
options:
  _terms:
    description: Names or ARNs of secrets.
    required: true
  key:
    description: Which text of the secret is returned.
    type: str
    required: true
  connection:
    description:
      - How AWS is reached, as a dictionary with the connection options of M(clarivum.mailing.aws_stack), such as C(region). What is missing is
        found as for that module.
    type: dict
    default: {}
notes:
  - Credentials are found where the command line of AWS finds them.
seealso:
  - module: clarivum.mailing.aws_listmonk_access
"""

EXAMPLES = r"""
- name: Lists, with the token that the deploy stored
  clarivum.mailing.listmonk_list_info:
    url: https://lists.example.com
    username: automation
    api_token: "{{ lookup('clarivum.mailing.aws_secret', api_token_secret_arn, key='token', connection={'region': 'eu-central-1'}) }}"
"""

RETURN = r"""
_raw:
  description: The text of each secret.
  type: list
  elements: str
"""

from typing import Any

from ansible.errors import AnsibleError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.lookup import LookupBase

from ansible_collections.clarivum.mailing.plugins.module_utils._aws.connection import Aws, connection_of
from ansible_collections.clarivum.mailing.plugins.module_utils._aws.secret import read_secret
from ansible_collections.clarivum.mailing.plugins.module_utils._core.errors import MailingError
from ansible_collections.clarivum.mailing.plugins.module_utils._edge.aws import aws_spec


class LookupModule(LookupBase):  # type: ignore[misc]  # ansible-core is not typed
    """One text of each secret."""

    def run(self, terms: list[str], variables: dict[str, Any] | None = None, **options: Any) -> list[str]:
        self.set_options(var_options=variables, direct=options)
        given = {name: value for name, value in self.get_option("connection").items() if value is not None}
        outcome = ArgumentSpecValidator(aws_spec()).validate(given)
        if outcome.error_messages:
            raise AnsibleError(f"connection: {'; '.join(outcome.error_messages)}")
        try:
            aws = Aws(connection_of(outcome.validated_parameters), check_mode=True)
            return [read_secret(aws, str(term)).text(self.get_option("key")) for term in terms]
        except MailingError as error:
            raise AnsibleError(str(error)) from error
