# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What may not be replaced or removed, because it holds data."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from .._core.errors import Refusal
from .stack_changes import Change, PropertyChange
from .stack_wish import StackWish
from .template import Template


class Protected(Refusal):
    """A change that would cost data; nothing was done."""


def protected_ids(wish: StackWish, *templates: Template) -> dict[str, str]:
    """The protected resources and why they are: as the task says, or what the deletion policies mark, now or as deployed.

    Raises Refusal for a name that no template has: misspelt, it would protect nothing.
    """
    if wish.protected is not None:
        known = {logical_id for template in templates for logical_id in template.section("Resources")}
        if wish.protected - known:
            raise Refusal(
                f"Stack {wish.name}: protected names {', '.join(sorted(wish.protected - known))}, and there is no such resource. There are "
                f"{', '.join(sorted(known))}."
            )
        return dict.fromkeys(wish.protected, "the task protects it")
    found: dict[str, str] = {}
    for template in templates:
        for logical_id, policy in template.holding_data.items():
            found.setdefault(logical_id, f"its deletion policy is {policy}, so it holds data")
    return found


def refuse_losses(wish: StackWish, changes: Sequence[Change], protected: Mapping[str, str]) -> None:
    """Raise Protected if a protected resource would be removed or could be replaced, and the task does not allow it."""
    at_risk = [change for change in changes if change.logical_id in protected and change.logical_id not in wish.allow_replacement]
    sentences = [
        f"{change.logical_id} ({change.type}) {danger}; {protected[change.logical_id]}"
        for change in at_risk
        if (danger := _danger(change, changes))
    ]
    if sentences:
        raise Protected(
            f"Stack {wish.name}: {'. '.join(sentences)}. Nothing was done. If it is really wanted, name it in allow_replacement.",
            changes=[change.facts() for change in changes],
        )


def _danger(change: Change, changes: Sequence[Change]) -> str:
    if change.action == "remove":
        return "would be removed from the stack"
    if change.replacement == "always":
        return f"would be replaced by a new, empty one, because of {_named(change.properties) or 'the change'}"
    if change.replacement == "conditional" and (reasons := _real_reasons(change, changes)):
        return f"could be replaced by a new, empty one, because of {_named(reasons)}"
    return ""


def _real_reasons(change: Change, changes: Sequence[Change]) -> list[PropertyChange]:
    """The properties that can force a replacement.

    AWS also calls a replacement conditional when a property refers to a resource that merely changes in place (a bucket and the key whose policy
    changes). Its id and ARN stay then, so that alone is no danger.
    """
    fates = {each.logical_id: each for each in changes}

    def harmless(each: PropertyChange) -> bool:
        cause = fates.get(each.because_of.partition(".")[0])
        return each.evaluation == "dynamic" and cause is not None and not cause.may_replace and cause.action == "modify"

    demanding = [each for each in change.properties if each.recreation != "never"]
    return [each for each in demanding if not harmless(each)] if demanding else list(change.properties)


def _named(properties: Collection[PropertyChange]) -> str:
    demanding = [each for each in properties if each.recreation != "never"] or list(properties)
    return ", ".join(f"{each.path} ({_short(each.before)} → {_short(each.after)})" for each in demanding)


def _short(value: object) -> str:
    text = "nothing" if value is None else str(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
