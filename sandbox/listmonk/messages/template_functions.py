# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that listmonk's templates have besides those of Go and sprig.

``CampaignFunctions`` know the addresses of public pages and whether links are tracked; ``generic()`` alone is what transactional
mails get, so that ``{{ UnsubscribeURL }}`` is an unknown function there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..go_template import FUNCTIONS, GoFunction, Html, Struct, function_map
from ..go_template.dates import ANSIC, formatted
from ..sentences import SENTENCES

_PARAMETER = re.compile(r"\{([a-z0-9-.]+)\}", re.I)
NOBODY = "00000000-0000-0000-0000-000000000000"
"""Stands for the subscriber in tracked addresses unless privacy.individual_tracking is on."""


def date(layout: str) -> str:
    return formatted(datetime.now().astimezone(), layout or ANSIC)


def safe(html: str) -> Html:
    return Html(html)


def translations() -> Struct:
    """``{{ L.T "key" }}``: an unknown key is answered with itself, as in listmonk."""
    return Struct("*i18n.I18n", {}, {"T": translated, "Ts": translated_with, "Tc": translated_count})


def translated(key: str) -> str:
    return SENTENCES.get(key, key).partition("|")[0].strip()


def substituted(sentence: str) -> str:
    """What listmonk's translation does to a sentence with an error in it: ``{end}`` is taken for a parameter, and once more for
    the sentence as a whole, so that "unexpected {{end}}" reaches the client as "unexpected end"."""
    for _ in range(2):
        sentence = _PARAMETER.sub(lambda found: translated(found[1]), sentence)
    return sentence


def translated_with(key: str, *values: str) -> str:
    text = translated(key)
    if len(values) % 2:
        return f"{key}: Invalid arguments"
    for name, value in zip(values[::2], values[1::2], strict=True):
        text = text.replace(f"{{{name}}}", value)
    return text


def translated_count(key: str, count: int) -> str:
    one, _, many = SENTENCES.get(key, key).partition("|")
    return many.strip() if count > 1 and many else one.strip()


def generic() -> dict[str, GoFunction]:
    return {**FUNCTIONS, **function_map(Date=date, Safe=safe, L=translations)}


@dataclass(frozen=True)
class CampaignFunctions:
    """``register_link`` stores an address and returns the uuid by which /link/… finds it again."""

    root_url: str
    register_link: Callable[[str], str]
    disable_tracking: bool = False
    individual_tracking: bool = False

    @classmethod
    def of(cls, settings: Mapping[str, Any], register_link: Callable[[str], str]) -> CampaignFunctions:
        return cls(
            root_url=str(settings["app.root_url"]).removesuffix("/"),
            register_link=register_link,
            disable_tracking=bool(settings.get("privacy.disable_tracking")),
            individual_tracking=bool(settings.get("privacy.individual_tracking")),
        )

    def functions(self) -> dict[str, GoFunction]:
        return generic() | function_map(
            TrackLink=self.track_link,
            TrackView=self.track_view,
            UnsubscribeURL=self.unsubscribe_url,
            ManageURL=self.manage_url,
            OptinURL=self.optin_url,
            MessageURL=self.message_url,
            ArchiveURL=self.archive_url,
            RootURL=self.site_url,
        )

    def track_link(self, url: str, message: Any) -> str:
        if self.disable_tracking:
            return url
        link = self.register_link(url.replace("&amp;", "&"))
        return f"{self.root_url}/link/{link}/{_campaign(message)}/{self._tracked(message)}"

    def track_view(self, message: Any) -> Html:
        if self.disable_tracking:
            return Html("")
        return Html(f'<img src="{self.root_url}/campaign/{_campaign(message)}/{self._tracked(message)}/px.png" alt="" />')

    def unsubscribe_url(self, message: Any) -> str:
        return f"{self.root_url}/subscription/{_campaign(message)}/{_subscriber(message)}"

    def manage_url(self, message: Any) -> str:
        return self.unsubscribe_url(message) + "?manage=true"

    def optin_url(self, message: Any) -> str:
        return f"{self.root_url}/subscription/optin/{_subscriber(message)}?"

    def message_url(self, message: Any) -> str:
        return f"{self.root_url}/campaign/{_campaign(message)}/{_subscriber(message)}"

    def archive_url(self) -> str:
        return f"{self.root_url}/archive"

    def site_url(self) -> str:
        return self.root_url

    def _tracked(self, message: Any) -> str:
        return _subscriber(message) if self.individual_tracking else NOBODY


def _campaign(message: Struct) -> str:
    return str(message.fields["Campaign"].fields["UUID"])


def _subscriber(message: Struct) -> str:
    return str(message.fields["Subscriber"].fields["UUID"])
