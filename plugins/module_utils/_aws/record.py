# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Small JSON records in SSM parameters: what one run must tell the next, where no stack is needed and nothing stays on the controller."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from .._core.errors import MailingError
from .connection import Aws
from .errors import AwsError

KEPT_BY = "clarivum.mailing"


class Stored(NamedTuple):
    """A record as it was read; ``version`` counts the writes of its parameter."""

    value: dict[str, Any]
    version: int


class Record:
    """One record. SSM numbers the writes of a parameter without gaps, which makes a compare-and-swap of two calls possible."""

    def __init__(self, aws: Aws, name: str) -> None:
        self.name = name
        self._aws = aws

    def read(self) -> Stored | None:
        """The record, or None if there is none. Raises MailingError if the parameter holds something else."""
        try:
            found = self._aws.call("ssm", "get_parameter", Name=self.name)["Parameter"]
        except AwsError as error:
            if error.code == "ParameterNotFound":
                return None
            raise
        return Stored(self._parsed(found["Value"]), int(found["Version"]))

    def create(self, value: dict[str, Any]) -> bool:
        """Write the record unless there is one; whether it was written. SSM lets only one of two simultaneous writers through."""
        try:
            self._put(value, overwrite=False)
        except AwsError as error:
            if error.code == "ParameterAlreadyExists":
                return False
            raise
        return True

    def write(self, value: dict[str, Any]) -> int:
        """Write the record, whatever there was; the number of this write."""
        return self._put(value, overwrite=True)

    def replace(self, before: Stored, value: dict[str, Any]) -> bool:
        """Write the record if nobody has written it since it was read as ``before``; whether it was written.

        Where somebody has, their record is put back: the write that came in between is the one that counts.
        """
        written = self.write(value)
        if written == before.version + 1:
            return True
        other = self._version(written - 1)
        if other == value:  # our own write, sent twice because the answer to the first was lost
            return True
        if other is not None:
            self.write(other)
        return False

    def remove(self) -> bool:
        """Remove the record; whether there was one."""
        try:
            self._aws.call("ssm", "delete_parameter", Name=self.name)
        except AwsError as error:
            if error.code == "ParameterNotFound":
                return False
            raise
        return True

    def _put(self, value: dict[str, Any], *, overwrite: bool) -> int:
        text = json.dumps(value, sort_keys=True, separators=(",", ":"))
        described = f"Kept by {KEPT_BY}; remove it only when no run needs it any more."
        written = {"Name": self.name, "Value": text, "Type": "String", "Description": described}
        answer = self._aws.call("ssm", "put_parameter", Overwrite=overwrite, **written)
        return int(answer["Version"])

    def _version(self, number: int) -> dict[str, Any] | None:
        for entry in self._aws.pages("ssm", "get_parameter_history", "Parameters", Name=self.name):
            if entry["Version"] == number:
                return self._parsed(entry["Value"])
        return None

    def _parsed(self, text: str) -> dict[str, Any]:
        try:
            value = json.loads(text)
        except ValueError:
            value = None
        if not isinstance(value, dict):
            raise MailingError(
                f"The SSM parameter {self.name} does not hold a record of {KEPT_BY} but {text[:60]!r}. Something else uses that name: "
                "rename it, or choose another name prefix."
            )
        return value
