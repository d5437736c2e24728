#!/usr/bin/python
# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: aws_listmonk_schema
short_description: Give listmonk its roles, its tables and its first admin in a database on AWS
version_added: 0.1.0
author: The clarivum.mailing authors (@clarivum)
description:
  - Runs one-off ECS tasks inside the network. The first creates an owner role that cannot sign in, a login role that acts as it, the
    extension and the grants, and looks at what the database holds. Only if that is nothing of listmonk, the second one installs listmonk
    with the first admin, and a third one proves that a person can sign in.
  - Nothing is ever installed over tables of listmonk, since its installation would wipe them.
  - The credentials come from Secrets Manager to the containers, and are judged before anything runs, because listmonk wipes its tables before
    it refuses an admin's password. They are in no command, no output and no log; the database sees a SCRAM verifier of the login role's
    password.
  - An SSM parameter records for which database and which version of the login role's secret all of this has been done. While it says so,
    nothing is run.
options:
  state:
    description:
      - Whether listmonk should have its place in the database. V(absent) forgets what has been done, as is right when an environment is
        removed; the database itself is not touched.
    type: str
    choices: [present, absent]
    default: present
  cluster:
    description: Name or ARN of the ECS cluster. Needed unless O(only_look).
    type: str
    default: ""
  tools_task_definition:
    description:
      - The task definition whose container C(tools) has sh and the client programs of PostgreSQL, and gets C(PGHOST), C(PGPORT),
        C(PGDATABASE), the master's C(PGUSER) and C(PGPASSWORD), and C(LISTMONK_LOGIN_NAME) and C(LISTMONK_LOGIN_PASSWORD) of O(login_secret).
      - Needed unless O(only_look).
    type: str
    default: ""
  schema_task_definition:
    description:
      - The task definition whose container C(listmonk) is listmonk with its database as the login role, and gets C(LISTMONK_ADMIN_USER) and
        C(LISTMONK_ADMIN_PASSWORD) of O(admin_secret).
      - Needed unless O(only_look).
    type: str
    default: ""
  subnets:
    description: The subnets to run the tasks in. Needed unless O(only_look).
    type: list
    elements: str
    default: []
  security_groups:
    description: The security groups of the tasks. Needed unless O(only_look).
    type: list
    elements: str
    default: []
  assign_public_ip:
    description: Whether the tasks get a public address. In a subnet without NAT they need one to pull their images.
    type: bool
    default: false
  database:
    description:
      - The identity of the database, for the record, such as the resource id of an RDS instance. Another one is another database.
      - Needed with O(state=present).
    type: str
    default: ""
  owner:
    description: The role that owns listmonk's tables. Nobody can sign in as it.
    type: str
    default: listmonk_owner
  admin_secret:
    description:
      - Name or ARN of the secret with C(username) and C(password) of the first admin.
      - Needed with O(state=present).
    type: str
    default: ""
  login_secret:
    description:
      - Name or ARN of the secret with C(username) and C(password) of the role as which listmonk signs in to the database.
      - Needed with O(state=present).
    type: str
    default: ""
  record:
    description: Name of the SSM parameter that records what has been done.
    type: str
    required: true
  timeout:
    description: Seconds to wait for each of the tasks.
    type: float
    default: 900.0
  only_look:
    description: Only say whether everything has been done, RV(ready), and do nothing.
    type: bool
    default: false
extends_documentation_fragment:
  - clarivum.mailing.aws
  - clarivum.mailing.attributes.aws
seealso:
  - module: clarivum.mailing.aws_listmonk_access
  - module: clarivum.mailing.aws_run_task
"""

EXAMPLES = r"""
- name: Give listmonk its place in the database
  clarivum.mailing.aws_listmonk_schema:
    cluster: paperboat-production
    tools_task_definition: paperboat-production-tools
    schema_task_definition: paperboat-production-schema
    subnets: [subnet-0a1b2c3d]
    security_groups: [sg-0a1b2c3d]
    database: db-ABCDEFGHIJKLMNOPQRSTUVWXYZ
    admin_secret: arn:aws:secretsmanager:eu-central-1:123456789012:secret:admin-AbCdEf
    login_secret: arn:aws:secretsmanager:eu-central-1:123456789012:secret:database-AbCdEf
    record: /paperboat-production/schema
"""

RETURN = r"""
ready:
  description: Whether everything had been done before.
  returned: success
  type: bool
  sample: false
same_database:
  description: Whether everything had been done for this database before, perhaps with another version of the login role's secret.
  returned: success
  type: bool
  sample: false
installed:
  description: Whether listmonk was installed now; V(false) if the database held one, and in check mode.
  returned: success
  type: bool
  sample: true
reasons:
  description: Why something was, or would be, done.
  returned: success
  type: list
  elements: str
  sample: [it is another database]
log:
  description: The last lines of the tasks' logs. What looks like a password, a token or a hash is replaced.
  returned: always
  type: list
  elements: str
  sample: [role listmonk acts as listmonk_owner]
"""
