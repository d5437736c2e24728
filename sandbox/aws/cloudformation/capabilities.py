# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The capabilities that a template's IAM resources demand."""

from __future__ import annotations

from .errors import CapabilitiesMissing
from .template import Template

# Property that gives a custom name, by type.
IAM_NAMES = {
    "AWS::IAM::AccessKey": None,
    "AWS::IAM::Group": "GroupName",
    "AWS::IAM::InstanceProfile": "InstanceProfileName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::Policy": None,
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::User": "UserName",
    "AWS::IAM::UserToGroupAddition": None,
}


def demand(template: Template, given: tuple[str, ...]) -> None:
    """Check that the caller acknowledged what the template makes.

    Raises:
        CapabilitiesMissing
    """
    iam = [declaration for declaration in template.resources.values() if declaration.type in IAM_NAMES]
    if not iam:
        return
    named = any((name := IAM_NAMES[declaration.type]) and name in declaration.properties for declaration in iam)
    enough = {"CAPABILITY_NAMED_IAM"} if named else {"CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"}
    if not enough & set(given):
        raise CapabilitiesMissing(f"Requires capabilities : [{'CAPABILITY_NAMED_IAM' if named else 'CAPABILITY_IAM'}]")
