#!/usr/bin/python
# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: listmonk_subscriber_import
short_description: Import an audience into listmonk from a file
version_added: 0.1.0
author: The clarivum.mailing authors (@clarivum)
description:
  - Brings the people of a CSV or TSV file, or of one in a ZIP archive, onto lists of listmonk, or onto its blocklist.
  - Every row gets a verdict before anything is sent. Rejected rows are returned with the line an editor shows, the address as it stands
    and the reason.
  - The audience is protected. Nobody who unsubscribed is subscribed again unless O(resubscribe_people_who_left) says so, and nobody
    who is blocklisted is touched by O(mode=subscribe), whatever the file says.
  - Only what differs from the server is sent, so importing the same file twice changes nothing the second time.
  - The task waits for listmonk, shows its progress on standard error, and succeeds only if the numbers agree and people of every batch
    were read back as they were sent. After a failure, or after having been killed, run it again; only what is missing is sent then.
options:
  src:
    description:
      - The file, on the controller. A relative path is looked for as M(ansible.builtin.copy) does it, in C(files/) beside the role or
        the playbook.
      - A file that ansible-vault encrypted is decrypted for the time of the task.
      - The first line that is not blank must be the header.
    type: path
    required: true
  format:
    description:
      - V(auto) recognises a ZIP archive by its contents; everything else is delimited text, whatever its name ends in.
      - V(tsv) means tabs.
    type: str
    choices: [auto, csv, tsv, zip]
    default: auto
  member:
    description: Name of the file inside the ZIP archive. Needed if it holds more than one text file.
    type: str
  delimiter:
    description:
      - The one character between two cells. A tab may be written V('\\t').
      - Without it, the delimiter is recognised from the header line as a comma, a semicolon, a tab or a vertical bar.
    type: str
  encoding:
    description:
      - How the text was written. V(auto) follows a byte order mark and otherwise takes UTF-8; text that is something else is refused with
        the line, because a wrong guess would spoil names without a trace.
    type: str
    choices: [auto, utf-8, utf-16, utf-16-le, utf-16-be, cp1250, cp1252, latin-1, iso-8859-15]
    default: auto
  columns:
    description:
      - Which columns mean what, by their header text. Other columns are ignored. A column that the file does not have is refused.
      - Without this option the columns C(email), C(name) and C(attributes) are used; the latter two may be missing.
    type: dict
    suboptions:
      email:
        description: The column with the e-mail address.
        type: str
        default: email
      name:
        description:
          - The column with the name, or a list of columns that are joined with a blank. Empty parts leave no blank.
          - Where a new person has no name, listmonk derives one from the address; the name of a known one is kept.
        type: raw
      attributes:
        description:
          - A dictionary of attributes and where they come from. Each value is a column, or a dictionary with C(column) and C(type).
          - The types are V(str) (the default), V(int), V(float), V(bool), V(list) (words separated by commas, each quoted or not) and
            V(json). An empty cell is an empty text or an empty list; with the other types it says nothing.
          - Or the name of one column that holds JSON objects. A row whose cell is anything else is rejected.
        type: raw
  constants:
    description: Attributes that every accepted row gets, with their values.
    type: dict
  attributes_mode:
    description:
      - How O(overwrite_userinfo) treats attributes of known people that the file does not mention.
      - V(merge) keeps them; V(replace) removes them. A row whose attributes are empty keeps all of them in either case.
    type: str
    choices: [merge, replace]
    default: merge
  lists:
    description:
      - The lists, by their exact names. Needed with O(mode=subscribe), without meaning with O(mode=blocklist).
    type: list
    elements: str
    default: []
  mode:
    description:
      - V(subscribe) puts people on O(lists). V(blocklist) blocklists them, which also ends all their subscriptions.
    type: str
    choices: [subscribe, blocklist]
    default: subscribe
  subscription_status:
    description:
      - The status of subscriptions that are made, and with O(overwrite_subscription_status) of those that exist.
      - An import never sends confirmation mails.
    type: str
    choices: [unconfirmed, confirmed, unsubscribed]
    default: unconfirmed
  overwrite_userinfo:
    description:
      - Whether names and attributes of known people become what the file says. What it says nothing about is kept.
      - Refused on listmonk before 6.0, where it would overwrite subscription statuses as well.
    type: bool
    default: false
  overwrite_subscription_status:
    description:
      - Whether subscriptions that exist get O(subscription_status). Those that were ended stay ended, see
        O(resubscribe_people_who_left).
      - Needs listmonk 6.0 if a subscription has to change.
    type: bool
    default: false
  resubscribe_people_who_left:
    description:
      - Whether O(overwrite_subscription_status) also revives the subscriptions of people who unsubscribed.
      - In most countries that is lawful only if they have asked for mail again.
    type: bool
    default: false
  consent_column:
    description:
      - A column that says whether the person wants mail.
      - A yes subscribes, and changes nothing for people who unsubscribed here. A no ends a subscription that exists and never makes one.
        An empty cell leaves everything as it is. Anything else is a rejected row.
      - A no in any row of an address counts, whatever its other rows say.
    type: str
  consent_yes:
    description: The words for yes; letter case does not matter.
    type: list
    elements: str
    default: ['true', '1', 'yes']
  consent_no:
    description: The words for no; letter case does not matter.
    type: list
    elements: str
    default: ['false', '0', 'no']
  deleted_column:
    description: A column that is filled for people who were deleted at the source. They are treated as a no, unless it holds a word for no.
    type: str
  max_rejected:
    description:
      - How many rows may be rejected, as a number or as a share of all rows such as V(5%). With more, the task fails before anything is
        sent.
      - Without it, any number may.
    type: str
  allow_local_domains:
    description: Whether addresses whose domain has no dot, such as C(root@localhost), are accepted, as listmonk does.
    type: bool
    default: true
  allow_address_literals:
    description: Whether addresses with an IP address for a domain, such as C(root@[192.0.2.7]), are accepted, as listmonk does.
    type: bool
    default: true
  send:
    description:
      - V(changed) sends only rows that differ from what the server holds. V(all) sends every accepted row whom no protection keeps out.
    type: str
    choices: [changed, all]
    default: changed
  wait_timeout:
    description: How many seconds listmonk may take for one upload. It imports some 3000 rows a second.
    type: int
    default: 7200
extends_documentation_fragment:
  - clarivum.mailing.listmonk
  - clarivum.mailing.attributes
notes:
  - The task always runs on the controller. C(async), and C(delegate_to) another host than localhost, are refused.
  - The API user needs the permissions C(subscribers:import), C(subscribers:get_all), C(lists:get_all) and C(lists:manage_all), and
    C(settings:get) if the server's domain rules are to be known before something is sent. With C(subscribers:sql_query) single people are
    found faster among many, and more of those who were sent are read back; it is worth having from some 100,000 people on.
  - Addresses are personal data. The diff shows numbers only; the result names rejected rows and doubled addresses, up to 100 each. Set
    C(no_log) to keep these out of logs as well.
  - What somebody does on the server between the comparison and the end of the import may be overwritten, but only where an option to
    overwrite is set. For a million people that time is some minutes.
  - An import that somebody stops in listmonk is a failure and is not sent again. listmonk keeps a stop that comes too late for one import
    and ends the next one with it before its first row, which is reported in the same way. Run the task again; the stop is used up then.
seealso:
  - module: clarivum.mailing.listmonk_list
  - name: listmonk's API for imports
    description: The routes behind this module.
    link: https://listmonk.app/docs/apis/import/
"""

EXAMPLES = r"""
- name: Put the people of a file on a list; the connection comes from module_defaults or the environment
  clarivum.mailing.listmonk_subscriber_import:
    src: people.csv
    lists: [Newsletter]
    subscription_status: confirmed
    max_rejected: 1%

- name: Those who asked to leave, first
  clarivum.mailing.listmonk_subscriber_import:
    url: https://lists.example.com
    username: ansible
    api_token: "{{ listmonk_api_token }}"
    src: unsubscribed.csv
    lists: [Newsletter]
    subscription_status: unsubscribed
    overwrite_subscription_status: true
    columns:
      email: E-Mail-Adresse
      name: [Vorname, Nachname]

- name: Addresses that bounced for good
  clarivum.mailing.listmonk_subscriber_import:
    src: cleaned.zip
    mode: blocklist
    columns:
      email: E-Mail-Adresse

- name: Members, with what the membership site says about mail
  clarivum.mailing.listmonk_subscriber_import:
    src: members.csv
    lists: [Newsletter]
    subscription_status: confirmed
    overwrite_userinfo: true
    consent_column: subscribed_to_emails
    deleted_column: deleted_at
    columns:
      name: name
      attributes:
        labels: {column: labels, type: list}
        tier: tiers
    constants:
      source: membership site
  register: members

- name: Say what became of them
  ansible.builtin.debug:
    msg: "{{ members.created }} new, {{ members.unsubscribed }} left, {{ members.rejected }} rows rejected"
"""

RETURN = r"""
rows:
  description: Rows of the file, without the header and blank lines. It is the sum of RV(accepted) and RV(rejected).
  returned: success, and when rows were rejected or sent
  type: int
  sample: 20
accepted:
  description: Rows with an acceptable address, consent and attributes.
  returned: success, and when rows were rejected or sent
  type: int
  sample: 8
rejected:
  description: Rows that are not sent.
  returned: success, and when rows were rejected or sent
  type: int
  sample: 12
rejected_rows:
  description: The first 100 rejected rows.
  returned: success, and when rows were rejected or sent
  type: list
  elements: dict
  contains:
    line:
      description: The line on which the row begins, as an editor counts; the header is line 1.
      type: int
      returned: success
      sample: 10
    address:
      description: The address as it stands in the file.
      type: str
      returned: success
      sample: lee@example,com
    reason:
      description: What is wrong with the row.
      type: str
      returned: success
      sample: a comma inside the address (a dot was probably meant)
rejected_not_listed:
  description: How many rejected rows RV(rejected_rows) does not show.
  returned: success
  type: int
  sample: 0
distinct:
  description:
    - Different addresses among the accepted rows. It is the sum of RV(created), RV(updated), RV(unsubscribed), RV(unchanged),
      RV(protected) and RV(untouched).
  returned: success
  type: int
  sample: 7
duplicates:
  description: Addresses that more than one accepted row has. The last row counts.
  returned: success
  type: int
  sample: 1
duplicate_addresses:
  description: The first 100 of these addresses.
  returned: success
  type: list
  elements: str
  sample: [anna@example.com]
created:
  description: People who were, or in check mode would be, new to the server.
  returned: success
  type: int
  sample: 5
updated:
  description: Known people who got, or in check mode would get, a subscription, another status, name or attributes.
  returned: success
  type: int
  sample: 1
unsubscribed:
  description: People whose subscriptions ended, or in check mode would end, because they said no.
  returned: success
  type: int
  sample: 0
unchanged:
  description: People who are on the server already as the file wants them.
  returned: success
  type: int
  sample: 1
protected:
  description: People who were left as they are because they unsubscribed, are blocklisted or disabled.
  returned: success
  type: int
  sample: 0
untouched:
  description: People whose consent cell is empty, or who said no and have no subscription that could end.
  returned: success
  type: int
  sample: 0
sent:
  description: Rows that were uploaded; 0 in check mode.
  returned: success
  type: int
  sample: 6
uploads:
  description: The uploads, in their order; none in check mode.
  returned: success
  type: list
  elements: dict
  contains:
    purpose:
      description: What the upload was for.
      type: str
      returned: success
      sample: add
    lists:
      description: The lists it named.
      type: list
      elements: str
      returned: success
      sample: [Newsletter]
    rows:
      description: The rows it held.
      type: int
      returned: success
      sample: 6
    imported:
      description: The rows that listmonk reports as imported.
      type: int
      returned: success
      sample: 6
    seconds:
      description: How long listmonk took.
      type: float
      returned: success
      sample: 0.4
delimiter:
  description: The delimiter that was given or recognised.
  returned: success
  type: str
  sample: ";"
encoding:
  description: The encoding that was given or recognised.
  returned: success
  type: str
  sample: utf-8
member:
  description: The file inside the ZIP archive; null without one.
  returned: success
  type: str
  sample: people.csv
seconds:
  description: How long all of it took.
  returned: success
  type: float
  sample: 1.2
phases:
  description: How long each part took, in seconds.
  returned: success
  type: dict
  contains:
    read:
      description: Reading the file and judging its rows.
      type: float
      returned: success
      sample: 0.1
    compare:
      description: Reading back what the server holds, and deciding.
      type: float
      returned: success
      sample: 0.3
    send:
      description: Uploading, and waiting for listmonk.
      type: float
      returned: success
      sample: 0.6
    verify:
      description: Reading people back that were sent.
      type: float
      returned: success
      sample: 0.1
"""
