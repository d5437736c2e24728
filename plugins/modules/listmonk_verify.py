#!/usr/bin/python
# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: listmonk_verify
short_description: See whether a listmonk answers as it must
version_added: 0.1.0
author: The clarivum.mailing authors (@clarivum)
description:
  - Asks listmonk through all that stands in front of it - certificate, health, the pages for the public, the API, and its database by way
    of the API - and fails if something does not hold within O(patience).
  - With O(outside_headers), it also asks as somebody from outside would, who may reach the public pages and must be kept out of C(/admin) and
    C(/api).
options:
  outside_headers:
    description:
      - Headers that make a request count as one from outside. Only a rehearsal has something that understands them; AWS looks at the address
        that connects, and without this option nothing is asked from outside.
    type: dict
    default: {}
  patience:
    description: Seconds until everything must hold; a load balancer takes a moment to find new tasks healthy.
    type: float
    default: 120.0
extends_documentation_fragment:
  - clarivum.mailing.listmonk
  - clarivum.mailing.attributes.info
seealso:
  - module: clarivum.mailing.listmonk_settings_info
"""

EXAMPLES = r"""
- name: See whether listmonk answers as it must
  clarivum.mailing.listmonk_verify:
    url: https://lists.example.com
    username: automation
    api_token: "{{ lookup('ansible.builtin.env', 'LISTMONK_API_TOKEN') }}"
"""

RETURN = r"""
probes:
  description: What was asked, and what came of it.
  returned: always, except where the options are refused
  type: list
  elements: dict
  contains:
    name:
      description: What was asked.
      type: str
      returned: always
      sample: API, inside
    passed:
      description: Whether it holds.
      type: bool
      returned: always
      sample: true
    found:
      description: What was found.
      type: str
      returned: always
      sample: status 403, application/json
from_outside:
  description: Whether it was also asked as somebody from outside would.
  returned: success
  type: bool
  sample: false
"""
