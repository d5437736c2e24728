# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations


class ModuleDocFragment:
    """How a module reaches listmonk: the options every C(listmonk_*) module has."""

    DOCUMENTATION = r"""
requirements:
  - requests >= 2.28
options:
  url:
    description:
      - Where listmonk answers, as a browser would be given it, for example V(https://lists.example.com).
      - A path prefix that a proxy adds belongs to it, for example V(https://example.com/listmonk).
      - If the option is missing, the environment variable E(LISTMONK_URL) is used.
    type: str
    required: true
  username:
    description:
      - Name of the API user, made in listmonk under I(Admin → Users) with the type I(API).
      - If the option is missing, the first of the environment variables E(LISTMONK_USERNAME), E(LISTMONK_API_USER) and
        E(LISTMONK_USER) that is set is used.
    type: str
    required: true
  api_token:
    description:
      - Token of the API user O(username). listmonk shows it once, when the user is made.
      - If the option is missing, the first of the environment variables E(LISTMONK_API_TOKEN) and E(LISTMONK_TOKEN) that is set
        is used.
    type: str
    required: true
  validate_certs:
    description:
      - Whether the server's TLS certificate must be valid.
      - Leave this V(true) unless the server is a throw-away one; for a private certificate authority set O(ca_path).
    type: bool
    default: true
  ca_path:
    description:
      - A PEM file, or a directory prepared by C(openssl rehash), with the certificate authorities to trust instead of the usual
        ones.
      - It is read where the task runs.
    type: path
  timeout:
    description:
      - How many seconds to wait for a connection, and then for each next part of an answer.
    type: float
    default: 30
"""
