# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of a person: the audience's protections, proved over every combination."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.imports.consent import Consent, ConsentRule, UnclearConsent
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.imports.decisions import (
    Decision,
    Fate,
    Rules,
    Sending,
    Status,
    Subscription,
    decide,
)

SUBSCRIPTIONS = [None, *Subscription]
LISTS = 2
RULES = st.builds(
    Rules,
    lists=st.just(LISTS),
    target=st.sampled_from(Subscription),
    overwrite_status=st.booleans(),
    resubscribe=st.just(False),
    send_all=st.booleans(),
)
HELD = st.tuples(st.sampled_from(SUBSCRIPTIONS), st.sampled_from(SUBSCRIPTIONS))


def after(rules: Rules, decision: Decision, held: tuple[Subscription | None, ...], status: Status | None) -> list[Subscription | None]:
    """What listmonk's import makes of the subscriptions (measured on 6.2.0: upsert with and without its overwrite flag)."""
    result = list(held)
    for index in decision.lists:
        if status is Status.BLOCKLISTED or decision.sending is Sending.END:
            result[index] = Subscription.UNSUBSCRIBED
        elif result[index] is None or decision.sending is Sending.CHANGE:
            result[index] = rules.target
    return result


@given(RULES, st.sampled_from(Consent), st.sampled_from(Status), HELD, st.booleans())
def test_nobody_who_unsubscribed_is_subscribed_again(
    rules: Rules, wish: Consent, status: Status, held: tuple[Subscription | None, ...], differs: bool
) -> None:
    decision = decide(rules, wish, status, held, differs)
    for before, then in zip(held, after(rules, decision, held, status), strict=True):
        assert before is not Subscription.UNSUBSCRIBED or then is Subscription.UNSUBSCRIBED


@given(RULES, st.sampled_from(Consent), HELD, st.booleans())
def test_a_blocklisted_person_is_never_touched(rules: Rules, wish: Consent, held: tuple[Subscription | None, ...], differs: bool) -> None:
    assert decide(rules, wish, Status.BLOCKLISTED, held, differs).sending is None


@given(RULES, st.sampled_from(Consent), HELD, st.booleans())
def test_a_disabled_person_is_put_on_no_further_list(
    rules: Rules, wish: Consent, held: tuple[Subscription | None, ...], differs: bool
) -> None:
    decision = decide(rules, wish, Status.DISABLED, held, differs)
    for before, then in zip(held, after(rules, decision, held, Status.DISABLED), strict=True):
        assert then in (before, Subscription.UNSUBSCRIBED)


@given(RULES, st.none() | st.sampled_from(Status), HELD, st.booleans())
def test_a_no_only_ends_and_silence_does_nothing(
    rules: Rules, status: Status | None, held: tuple[Subscription | None, ...], differs: bool
) -> None:
    no = decide(rules, Consent.NO, status, held, differs)
    assert all(held[index] in (Subscription.CONFIRMED, Subscription.UNCONFIRMED) for index in no.lists)
    assert no.sending in (None, Sending.END)
    assert decide(rules, Consent.SILENT, status, held, differs) == Decision(Fate.UNTOUCHED)


@given(RULES, st.sampled_from(Consent), st.none() | st.sampled_from(Status), HELD)
def test_deciding_again_after_the_import_changes_nothing(
    rules: Rules, wish: Consent, status: Status | None, held: tuple[Subscription | None, ...]
) -> None:
    held = held if status is not None else (None, None)
    decision = decide(rules, wish, status, held, False)
    there = status is not None or decision.fate is Fate.CREATED
    again = decide(
        rules, wish, (status or Status.ENABLED) if there else None, tuple(after(rules, decision, held, status)), userinfo_differs=False
    )
    assert again.fate in (Fate.UNCHANGED, Fate.PROTECTED, Fate.UNTOUCHED)


@given(RULES, st.sampled_from(Consent), st.none() | st.sampled_from(Status), HELD, st.booleans())
def test_something_is_sent_exactly_where_something_changes_unless_all_is_to_be_sent(
    rules: Rules, wish: Consent, status: Status | None, held: tuple[Subscription | None, ...], differs: bool
) -> None:
    decision = decide(rules, wish, status, held if status is not None else (None, None), differs)
    changes = decision.fate in (Fate.CREATED, Fate.UPDATED, Fate.UNSUBSCRIBED)
    assert (decision.sending is not None) == (changes or (rules.send_all and decision.fate is Fate.UNCHANGED and bool(decision.lists)))
    assert (decision.sending is None) == (not decision.lists)


def test_people_who_left_come_back_only_by_the_loud_option() -> None:
    held = (Subscription.UNSUBSCRIBED, None)
    quiet = Rules(lists=2, target=Subscription.CONFIRMED, overwrite_status=True)
    assert decide(quiet, Consent.YES, Status.ENABLED, held, False) == Decision(Fate.UPDATED, Sending.ADD, (0, 1))
    loud = Rules(lists=2, target=Subscription.CONFIRMED, overwrite_status=True, resubscribe=True)
    assert decide(loud, Consent.YES, Status.ENABLED, held, False) == Decision(Fate.UPDATED, Sending.CHANGE, (0, 1))


def test_an_overwriting_upload_names_only_the_lists_that_may_be_overwritten() -> None:
    rules = Rules(lists=3, target=Subscription.CONFIRMED, overwrite_status=True)
    held = (Subscription.UNSUBSCRIBED, Subscription.UNCONFIRMED, Subscription.CONFIRMED)
    assert decide(rules, Consent.YES, Status.ENABLED, held, True) == Decision(Fate.UPDATED, Sending.CHANGE, (1,))


def test_blocking_changes_everybody_who_is_not_blocked() -> None:
    rules = Rules(lists=0, blocklist=True)
    for status, fate in ((None, Fate.CREATED), (Status.ENABLED, Fate.UPDATED), (Status.DISABLED, Fate.UPDATED)):
        assert decide(rules, Consent.YES, status, (), False) == Decision(fate, Sending.BLOCK)
    assert decide(rules, Consent.YES, Status.BLOCKLISTED, (), False) == Decision(Fate.UNCHANGED)


@pytest.mark.parametrize(
    ("consent", "deleted", "meaning"),
    [
        (" TRUE ", None, Consent.YES),
        ("Yes", "", Consent.YES),
        ("0", None, Consent.NO),
        ("", None, Consent.SILENT),
        ("true", "2024-06-01", Consent.NO),
        ("", "1", Consent.NO),
        ("maybe", "true", Consent.NO),
        ("true", "false", Consent.YES),
        (None, "", Consent.YES),
        (None, "2024-06-01", Consent.NO),
    ],
)
def test_cells_say_yes_no_or_nothing(consent: str | None, deleted: str | None, meaning: Consent) -> None:
    assert ConsentRule().read(consent, deleted) is meaning


@pytest.mark.parametrize("word", ["maybe", "y", "-", "TRUE!"])
def test_a_word_that_was_not_agreed_on_is_neither(word: str) -> None:
    with pytest.raises(UnclearConsent, match="neither yes"):
        ConsentRule().read(word, None)


def test_every_word_can_be_agreed_on() -> None:
    rule = ConsentRule(["ja", "ÖK"], ["nein"])
    assert [rule.read(word, None) for word in ("JA", "ök", "Nein")] == [Consent.YES, Consent.YES, Consent.NO]
