#!/usr/bin/python
# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: listmonk_config
short_description: Put a whole listmonk into the declared state
version_added: 0.1.0
author: The clarivum.mailing authors (@clarivum)
description:
  - Takes the declarations of many objects and makes one plan of them. Everything is read, compared and checked before the first change
    is written, so a mistake in the last entry leaves the server untouched.
  - Hundreds of objects cost one task and one reading of each kind, where a loop would cost a second for each object.
  - What is not declared is left alone. In every entry, an option that is missing or null leaves the attribute as it is; an explicit
    V(false), V(0), an empty text, list or dictionary is meant as it stands.
  - Changes are written in this order. Settings and SMTP servers come first, as one write with one restart of listmonk, because a restart
    would end an import, and an import obeys the settings as they were when listmonk started. Lists, templates and imports follow.
  - If the run is interrupted or fails midway, run it again. What is done already is found as declared, and the rest follows.
  - The task runs on the controller and shows its progress on standard error.
options:
  settings:
    description:
      - Settings by their dotted keys, as in the option O(clarivum.mailing.listmonk_settings#module:settings).
    type: raw
  settings_secrets:
    description:
      - Secrets of the settings, by the names that O(clarivum.mailing.listmonk_settings#module:secrets) takes. Instead of the secret, each
        says where it is to be found, as described for O(smtp).
    type: dict
  smtp:
    description:
      - A list of SMTP servers, each a dictionary of the options of M(clarivum.mailing.listmonk_smtp).
      - "In place of C(password) stands C(password_from), which says where the password is to be found. It is a dictionary with one
        key: C(env) with the name of an environment variable, C(file) with the path of a file that holds nothing else, or C(variable)
        with the name of an Ansible variable, which may well be a lookup or encrypted by ansible-vault."
      - So that no secret gets into arguments, logs or Git, a C(password) itself is refused.
    type: raw
  lists:
    description: A list of mailing lists, each a dictionary of the options of M(clarivum.mailing.listmonk_list).
    type: raw
  templates:
    description: A list of templates, each a dictionary of the options of M(clarivum.mailing.listmonk_template).
    type: raw
  templates_directory:
    description:
      - A folder of which each C(.html) file is a template. A relative path starts at O(directory).
      - Without more, C(welcome.html) is a template of type V(campaign) with the name V(welcome).
      - A file C(welcome.yml) beside it says more, in the options of M(clarivum.mailing.listmonk_template), such as C(name), C(type),
        C(subject) or C(is_default). Ansible never renders it, so a subject may hold the curly braces of Go's templates.
      - A file C(welcome.json) beside it holds the source of a template from the visual editor; its type is V(campaign_visual).
    type: str
  imports:
    description:
      - A list of audience files, each a dictionary of the options of M(clarivum.mailing.listmonk_subscriber_import).
      - They are imported one after the other, in this order. Put those who left before those who are still there.
    type: raw
  directory:
    description:
      - Where relative paths of O(templates_directory), of templates, of audience files and of files with secrets start.
      - Without it they start at the folder in which Ansible was called.
    type: path
  only:
    description: Look only at these options, as if the others were missing.
    type: list
    elements: str
    choices: [settings, smtp, lists, templates, imports]
  update_password:
    description:
      - V(on_create) writes passwords and secrets that are not set on the server yet; V(always) writes all, and is a change every time.
      - An entry may say otherwise.
    type: str
    choices: [on_create, always]
    default: on_create
  if_busy:
    description:
      - What to do if settings or SMTP servers have to change while listmonk sends a campaign or runs an import, which its restart would
        disturb.
      - V(fail) fails before anything is written, V(wait) waits until it is idle, V(defer) writes, and leaves the restart to listmonk.
    type: str
    choices: [fail, wait, defer]
    default: fail
  busy_timeout:
    description: How many seconds to wait with O(if_busy=wait).
    type: float
    default: 600
  restart_timeout:
    description: How many seconds listmonk may need for its restart.
    type: float
    default: 60
extends_documentation_fragment:
  - clarivum.mailing.listmonk
  - clarivum.mailing.attributes
seealso:
  - module: clarivum.mailing.listmonk_settings
  - module: clarivum.mailing.listmonk_smtp
  - module: clarivum.mailing.listmonk_list
  - module: clarivum.mailing.listmonk_template
  - module: clarivum.mailing.listmonk_subscriber_import
"""

EXAMPLES = r"""
- name: Lists and templates of a small publisher
  clarivum.mailing.listmonk_config:
    url: https://lists.example.com
    username: ansible
    api_token: "{{ listmonk_api_token }}"
    directory: "{{ playbook_dir }}/mailing"
    lists:
      - name: Newsletter
        type: public
        optin: double
        description: News from the workshop, once a month
      - name: Customers
        tags: [customers]
      - name: Trial
        state: absent
    templates_directory: templates

- name: Where mails go out; the password stays where it is
  clarivum.mailing.listmonk_config:
    settings:
      app.from_email: Paper Boat Books <hello@books.example.com>
      app.concurrency: 4
    smtp:
      - name: ses
        host: email-smtp.eu-central-1.amazonaws.com
        smtp_username: AKIAIOSFODNN7EXAMPLE
        password_from:
          env: SES_SMTP_PASSWORD

- name: Only the audience
  clarivum.mailing.listmonk_config:
    only: [imports]
    imports:
      - src: audience/unsubscribed.csv
        lists: [Newsletter]
        subscription_status: unsubscribed
        overwrite_subscription_status: true
      - src: audience/subscribed.csv
        lists: [Newsletter]
        subscription_status: confirmed
"""

RETURN = r"""
results:
  description: One entry for each declaration, in the order in which they are written. After a failure, those that were fulfilled before.
  returned: success, and on failures after the first write
  type: list
  elements: dict
  contains:
    declared_at:
      description: Where the declaration stands; entries count from 0.
      type: str
      returned: success
      sample: lists[0]
    kind:
      description: Kind of the object.
      type: str
      returned: always
      sample: list
    name:
      description: Name of the object.
      type: str
      returned: always
      sample: Newsletter
    action:
      description: What was done, or in check mode would be done. One of V(create), V(update), V(delete), V(none).
      type: str
      returned: always
      sample: update
    changed:
      description: Whether something was, or would be, done.
      type: bool
      returned: always
      sample: true
    changes:
      description: Names of the attributes that changed or would change.
      type: list
      elements: str
      returned: always
      sample: [description]
    details:
      description: What else the kind's own module returns, such as the receipt of an import.
      type: dict
      returned: success
      sample: {}
counts:
  description: For each kind the number of objects by action.
  returned: success
  type: dict
  sample:
    list: {create: 1, update: 0, delete: 0, none: 2}
summary:
  description: The changes and the counts in words, a line each.
  returned: success
  type: list
  elements: str
  sample:
    - 1 list created (Newsletter)
    - 2 lists as declared
"""
