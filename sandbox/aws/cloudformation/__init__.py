# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CloudFormation for the sandbox: templates, change sets, stacks that are created, changed, rolled back and deleted.

Resources are made by sandbox.aws.providers through the public API of the same process. assumptions.md lists what is taken for granted
about AWS; a feature that no template or playbook of the collection needs is refused with a sentence (errors.NotInSandbox).
"""
