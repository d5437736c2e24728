# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attributes: pairs of key and value that load balancers, target groups and listeners have beside their properties."""

from __future__ import annotations

from collections.abc import Mapping

from ..cloudformation.errors import ResourceFailed
from .kind import Aspect, Handle


def attributes(property_name: str, operation: str, argument: str, defaults: Mapping[str, str]) -> Aspect:
    """The aspect that sets them; one that is no longer given goes back to its default."""

    def step(handle: Handle) -> None:
        before, after = _pairs(handle.before.get(property_name)), _pairs(handle.properties.get(property_name))
        changed = {key: value for key, value in after.items() if before.get(key) != value}
        for key in sorted(set(before) - set(after)):
            if key not in defaults:
                raise ResourceFailed(f"The sandbox does not know the default of the attribute {key}")
            changed[key] = defaults[key]
        if changed:
            pairs = [{"Key": key, "Value": value} for key, value in changed.items()]
            handle.call(operation, **{argument: handle.physical_id, "Attributes": pairs})

    return Aspect((property_name,), step)


def _pairs(given: list[Mapping[str, str]] | None) -> dict[str, str]:
    return {pair["Key"]: str(pair["Value"]) for pair in given or []}
