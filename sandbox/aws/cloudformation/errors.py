# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the engine answers instead of a result, and what a resource can fail with."""

from __future__ import annotations


class Refusal(Exception):
    """The API refuses a request; ``code`` is what boto3 shows as the error's code."""

    code = "ValidationError"


class StackMissing(Refusal):
    def __init__(self, name: str) -> None:
        super().__init__(f"Stack with id {name} does not exist")


class StackExists(Refusal):
    code = "AlreadyExistsException"

    def __init__(self, name: str) -> None:
        super().__init__(f"Stack [{name}] already exists")


class ChangeSetExists(Refusal):
    code = "AlreadyExistsException"

    def __init__(self, name: str) -> None:
        super().__init__(f"ChangeSet {name} cannot be created because it already exists")


class CapabilitiesMissing(Refusal):
    code = "InsufficientCapabilitiesException"


class ChangeSetMissing(Refusal):
    code = "ChangeSetNotFound"

    def __init__(self, name: str) -> None:
        super().__init__(f"ChangeSet [{name}] does not exist")


class ChangeSetNotReady(Refusal):
    code = "InvalidChangeSetStatus"


class NotInSandbox(Refusal):
    """AWS can do it, the sandbox cannot (yet): said at once, so that nobody takes silence for success."""

    def __init__(self, what: str) -> None:
        super().__init__(f"The sandbox's CloudFormation cannot do this: {what}")


class ResourceFailed(Exception):
    """Creating, changing or deleting a resource failed; the text is the reason that its event gives."""


class Cancelled(Exception):
    """Another resource of the same operation failed while this one was still getting ready."""


class Abandoned(Exception):
    """The account was emptied while an operation ran."""
