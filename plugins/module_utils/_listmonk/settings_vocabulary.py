# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All that our code knows about the keys of ``/api/settings``, from listmonk 5.0 to 6.2."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .._core.fields import Version
from . import settings_judgements as must
from .settings_shapes import Blocks, Items, Leaf, Part, Record, Shape


def _switch_hint(value: Any) -> str:
    return ": leave the quotes out" if isinstance(value, str) and value.lower() in ("yes", "no", "true", "false", "on", "off") else ""


def _number_hint(value: Any) -> str:
    return ": leave the quotes out, or add the filter int" if isinstance(value, str) and value.strip().lstrip("-").isdigit() else ""


def _text_hint(value: Any) -> str:
    return ": put it into quotes" if isinstance(value, (bool, int, float)) else ""


def _text(judgement: Any = None, *, normalise: Any = lambda value: value, form: str = "a text") -> Leaf:
    return Leaf(kind="str", form=form, hint=_text_hint, judgement=judgement, normalise=normalise)


def _number(judgement: Any) -> Leaf:
    return Leaf(kind="int", form="a whole number", hint=_number_hint, judgement=judgement)


def without_trailing_slash(address: str) -> str:
    return address.rstrip("/")


def trimmed(text: str) -> str:
    return text.strip()


def lowered(text: str) -> str:
    return text.strip().lower()


def bare_extension(text: str) -> str:
    return text.strip().removeprefix(".").lower()


def without_blanks(items: list[str]) -> list[str]:
    return [item for item in items if item]


def messenger_name(name: str) -> str:
    """As listmonk keeps it: lower case, everything but letters, digits and dashes dropped."""
    return re.sub(r"[^a-z0-9-]", "", name.lower())


SWITCH = Leaf(kind="bool", form="true or false", hint=_switch_hint)
TEXT = _text()
NAME = _text(must.not_blank)
COUNT = _number(must.at_least(1))
SECRET = Part(shape=TEXT, default="", secret=True)
ROLE = Leaf(
    kind="int", form="the id of a role, or 0 for none", hint=_number_hint, judgement=must.at_least(0), normalise=lambda role: role or None
)
DOMAINS = Items(item=_text(normalise=lowered), form="a list of domains", normalise=without_blanks)
TRUSTED = Items(item=_text(must.trusted_url, normalise=trimmed), form="a list of web addresses", normalise=without_blanks)
BOUNCES = Record(parts={"count": COUNT, "action": _text(must.one_of("none", "unsubscribe", "blocklist", "delete"))})

MESSENGER = Record(
    parts={
        "name": _text(normalise=messenger_name),
        "enabled": Part(shape=SWITCH, default=True),
        "root_url": _text(must.web_address),
        "username": Part(shape=TEXT, default=""),
        "password": SECRET,
        "max_conns": Part(shape=COUNT, default=25),
        "timeout": Part(shape=_text(must.duration(above="0s")), default="5s"),
        "max_msg_retries": Part(shape=_number(must.at_least(0)), default=2),
    }
)
MAILBOX = Record(
    parts={
        "host": _text(must.host, normalise=trimmed),
        "enabled": Part(shape=SWITCH, default=True),
        "type": Part(shape=_text(must.one_of("pop")), default="pop"),  # another type: listmonk does not start
        "port": Part(shape=_number(must.between(1, 65535)), default=995),
        "auth_protocol": Part(shape=_text(must.one_of("none", "userpass")), default="userpass"),
        "return_path": Part(shape=TEXT, default=""),
        "username": Part(shape=TEXT, default=""),
        "password": SECRET,
        "tls_enabled": Part(shape=SWITCH, default=True),
        "tls_skip_verify": Part(shape=SWITCH, default=False),
        "scan_interval": Part(shape=_text(must.duration(at_least="1m")), default="15m"),
    }
)


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One key of the document."""

    key: str
    shape: Shape
    since: Version = ()
    until: Version = ()
    """First version that no longer has it."""
    secret: bool = False
    instead: str = ""
    """Where to write what is wanted on servers that lack the key."""

    def exists_in(self, version: Version) -> bool:
        return version >= self.since and (not self.until or version < self.until)


def _switches(*keys: str, since: Version = ()) -> Iterator[Setting]:
    return (Setting(key=key, shape=SWITCH, since=since) for key in keys)


def _texts(*keys: str) -> Iterator[Setting]:
    return (Setting(key=key, shape=TEXT) for key in keys)


_SETTINGS = (
    Setting(key="app.site_name", shape=TEXT),
    Setting(key="app.root_url", shape=_text(must.web_address, normalise=without_trailing_slash)),
    Setting(key="app.logo_url", shape=TEXT),
    Setting(key="app.favicon_url", shape=TEXT),
    Setting(key="app.from_email", shape=_text(must.sender)),
    Setting(key="app.notify_emails", shape=Items(item=_text(must.mail_address), form="a list of e-mail addresses")),
    *_switches("app.enable_public_subscription_page", "app.enable_public_archive", "app.enable_public_archive_rss_content"),
    *_switches("app.show_optin_page", since=(6, 2)),
    *_switches("app.send_optin_confirmation", "app.check_updates"),
    Setting(key="app.lang", shape=NAME),  # blank: listmonk does not start
    Setting(key="app.batch_size", shape=COUNT),
    Setting(key="app.concurrency", shape=COUNT),
    Setting(key="app.max_send_errors", shape=_number(must.at_least(0))),
    Setting(key="app.message_rate", shape=COUNT),
    *_switches("app.cache_slow_queries"),
    Setting(key="app.cache_slow_queries_interval", shape=_text(must.cron)),
    *_switches("app.message_sliding_window"),
    Setting(key="app.message_sliding_window_duration", shape=_text(must.duration(above="0s"))),
    Setting(key="app.message_sliding_window_rate", shape=COUNT),
    *_switches("privacy.individual_tracking"),
    *_switches("privacy.disable_tracking", since=(6, 1)),
    *_switches("privacy.unsubscribe_header", "privacy.allow_blocklist", "privacy.allow_preferences", "privacy.allow_export"),
    *_switches("privacy.allow_wipe"),
    Setting(
        key="privacy.exportable",
        shape=Items(item=_text(must.one_of("profile", "subscriptions", "campaign_views", "link_clicks"))),
    ),
    *_switches("privacy.record_optin_ip"),
    Setting(key="privacy.domain_blocklist", shape=DOMAINS),
    Setting(key="privacy.domain_allowlist", shape=DOMAINS),
    Setting(key="security.enable_captcha", shape=SWITCH, until=(5, 1), instead="security.captcha"),
    Setting(key="security.captcha_key", shape=TEXT, until=(5, 1), instead="security.captcha"),
    Setting(key="security.captcha_secret", shape=TEXT, until=(5, 1), secret=True, instead="security.captcha.hcaptcha.secret"),
    Setting(
        key="security.captcha",
        since=(5, 1),
        instead="security.enable_captcha and security.captcha_key",
        shape=Record(
            parts={
                "altcha": Record(parts={"enabled": SWITCH, "complexity": COUNT}),
                "hcaptcha": Record(parts={"enabled": SWITCH, "key": TEXT, "secret": SECRET}),
            }
        ),
    ),
    Setting(
        key="security.oidc",
        shape=Record(
            parts={
                "enabled": SWITCH,
                "provider_url": _text(must.web_address_or_blank),
                "provider_name": TEXT,
                "client_id": TEXT,
                "client_secret": SECRET,
                "auto_create_users": SWITCH,
                "default_user_role_id": ROLE,
                "default_list_role_id": ROLE,
            },
            whole=must.complete_oidc,
        ),
    ),
    Setting(key="security.cors_origins", shape=TRUSTED, since=(6, 0), until=(6, 2), instead="security.trusted_urls"),
    Setting(key="security.trusted_urls", shape=TRUSTED, since=(6, 2), instead="security.cors_origins"),
    Setting(key="upload.provider", shape=_text(must.one_of("filesystem", "s3"))),  # another: listmonk does not start
    Setting(key="upload.extensions", shape=Items(item=_text(normalise=bare_extension), form="a list of file extensions")),
    Setting(key="upload.filesystem.upload_path", shape=NAME),
    Setting(key="upload.filesystem.upload_uri", shape=_text(must.path_of_its_own)),
    Setting(key="upload.s3.url", shape=_text(must.web_address_or_blank)),
    Setting(key="upload.s3.public_url", shape=_text(must.web_address_or_path)),
    *_texts("upload.s3.aws_access_key_id"),
    Setting(key="upload.s3.aws_secret_access_key", shape=TEXT, secret=True),
    *_texts("upload.s3.aws_default_region", "upload.s3.bucket", "upload.s3.bucket_domain", "upload.s3.bucket_path"),
    Setting(key="upload.s3.bucket_type", shape=_text(must.one_of("private", "public"))),
    Setting(key="upload.s3.expiry", shape=_text(must.duration(above="0s", blank=True))),
    Setting(key="messengers", shape=Blocks(record=MESSENGER, called=("name",))),
    *_switches("bounce.enabled", "bounce.webhooks_enabled"),
    Setting(key="bounce.actions", shape=Record(parts={"soft": BOUNCES, "hard": BOUNCES, "complaint": BOUNCES})),
    *_switches("bounce.ses_enabled", "bounce.sendgrid_enabled"),
    Setting(key="bounce.sendgrid_key", shape=TEXT, secret=True),
    Setting(
        key="bounce.azure",
        shape=Record(parts={"enabled": SWITCH, "shared_secret": SECRET, "shared_secret_header": TEXT}),
        since=(6, 2),
    ),
    Setting(key="bounce.postmark", shape=Record(parts={"enabled": SWITCH, "username": TEXT, "password": SECRET})),
    Setting(key="bounce.forwardemail", shape=Record(parts={"enabled": SWITCH, "key": SECRET})),
    Setting(key="bounce.lettermint", shape=Record(parts={"enabled": SWITCH, "key": SECRET}), since=(6, 1)),
    Setting(key="bounce.mailboxes", shape=Blocks(record=MAILBOX, called=("host", "username"))),
    Setting(
        key="maintenance.db",
        shape=Record(parts={"vacuum": SWITCH, "vacuum_cron_interval": _text(must.cron)}),
        since=(6, 0),
    ),
    *_texts("appearance.admin.custom_css", "appearance.admin.custom_js"),
    *_texts("appearance.public.custom_css", "appearance.public.custom_js"),
)

SMTP = "smtp"
"""The key that listmonk_smtp takes care of."""

VOCABULARY: Mapping[str, Setting] = {setting.key: setting for setting in _SETTINGS}
