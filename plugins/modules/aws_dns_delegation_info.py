#!/usr/bin/python
# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: aws_dns_delegation_info
short_description: See whether a certificate can be validated in a hosted zone
version_added: 0.1.0
author: The clarivum.mailing authors (@clarivum)
description:
  - Compares a hosted zone of Route 53 with what the public DNS says - whether people are sent to the zone's name servers, whether the host name is
    looked for in this zone, and whether a CAA record lets Amazon issue a certificate.
  - If one of these is not so, ACM never validates the certificate, and CloudFormation waits for hours.
  - It does not fail for that; see RV(ready) and RV(problem).
options:
  zone_id:
    description: The hosted zone, such as V(Z0123456789ABCDEFGHIJ).
    type: str
    required: true
  host_name:
    description: The name for which there shall be a certificate.
    type: str
    required: true
  name_servers:
    description: Addresses of name servers to ask instead of the resolver that this machine is set up for.
    type: list
    elements: str
    default: []
  port:
    description: Port on which they answer.
    type: int
    default: 53
requirements:
  - dnspython >= 2.6 (on the controller)
extends_documentation_fragment:
  - clarivum.mailing.aws
  - clarivum.mailing.attributes.aws_info
seealso:
  - module: clarivum.mailing.aws_stack
"""

EXAMPLES = r"""
- name: Ask whether the zone is in use
  clarivum.mailing.aws_dns_delegation_info:
    zone_id: Z0123456789ABCDEFGHIJ
    host_name: lists.example.com
  register: delegation

- name: Refuse to wait for what cannot come
  ansible.builtin.assert:
    that: delegation.ready
    fail_msg: "{{ delegation.problem }}"
"""

RETURN = r"""
ready:
  description: Whether ACM can validate a certificate for the name in this zone.
  returned: success
  type: bool
  sample: true
problem:
  description: Why it cannot, and what to do; empty if it can.
  returned: success
  type: str
  sample: ""
zone:
  description: The zone as Route 53 has it.
  returned: success
  type: dict
  sample:
    id: Z0123456789ABCDEFGHIJ
    name: example.com
    private: false
    name_servers: [ns-1.awsdns-01.org, ns-2.awsdns-02.net]
public:
  description: What public DNS says; null if it was not asked, because the zone itself will not do.
  returned: success
  type: dict
  sample:
    name_servers: [ns-1.awsdns-01.org, ns-2.awsdns-02.net]
    zone: example.com
    caa_name: example.com
    caa_issuers: [amazon.com]
"""
