# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The keys of listmonk's settings with their types, and which of them are secrets.

A document with this shape is what PUT /api/settings binds and what GET /api/settings reads from the database; the order of the keys
is that of listmonk's answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..body import BOOL, INT, NULL_INT, STRING, STRINGS, Kind, Struct, list_of
from ..json_text import Node


class _MapOf(Kind):
    """A map with any keys and values of one type. Go writes its keys sorted, and errors do not name them."""

    member: Kind | Struct

    def read(self, node: Node, field: str) -> Any:
        if node.kind == "null":
            return None
        if node.kind != "object":
            return super().read(node, field)
        values = {key: self.member.read(value, field) for key, value in node.value}
        return {key: values[key] for key in sorted(values)}


def _map_of(member: Kind | Struct, go: str) -> Kind:
    kind = _MapOf(go, lambda: None, "object", lambda node: node.plain())
    object.__setattr__(kind, "member", member)
    return kind


SMTP_SERVER = Struct(
    "struct",
    name=STRING,
    uuid=STRING,
    enabled=BOOL,
    host=STRING,
    hello_hostname=STRING,
    port=INT,
    auth_protocol=STRING,
    username=STRING,
    password=STRING,
    email_headers=list_of(_map_of(STRING, "map[string]string")),
    max_conns=INT,
    max_msg_retries=INT,
    msg_retry_delay=STRING,
    idle_timeout=STRING,
    wait_timeout=STRING,
    tls_type=STRING,
    tls_skip_verify=BOOL,
    from_addresses=STRINGS,
)
MESSENGER = Struct(
    "struct",
    uuid=STRING,
    enabled=BOOL,
    name=STRING,
    root_url=STRING,
    username=STRING,
    password=STRING,
    max_conns=INT,
    timeout=STRING,
    max_msg_retries=INT,
)
MAILBOX = Struct(
    "struct",
    uuid=STRING,
    enabled=BOOL,
    type=STRING,
    host=STRING,
    port=INT,
    auth_protocol=STRING,
    return_path=STRING,
    username=STRING,
    password=STRING,
    tls_enabled=BOOL,
    tls_skip_verify=BOOL,
    scan_interval=STRING,
)
BOUNCE_ACTION = Struct("struct", count=INT, action=STRING)
OIDC = Struct(
    "struct",
    enabled=BOOL,
    provider_url=STRING,
    provider_name=STRING,
    client_id=STRING,
    client_secret=STRING,
    auto_create_users=BOOL,
    default_user_role_id=NULL_INT,
    default_list_role_id=NULL_INT,
)
CAPTCHA = Struct(
    "struct",
    altcha=Struct("struct", enabled=BOOL, complexity=INT),
    hcaptcha=Struct("struct", enabled=BOOL, key=STRING, secret=STRING),
)

_KEYS: dict[str, Kind | Struct] = {
    "app.site_name": STRING,
    "app.root_url": STRING,
    "app.logo_url": STRING,
    "app.favicon_url": STRING,
    "app.from_email": STRING,
    "app.notify_emails": STRINGS,
    "app.enable_public_subscription_page": BOOL,
    "app.enable_public_archive": BOOL,
    "app.enable_public_archive_rss_content": BOOL,
    "app.show_optin_page": BOOL,
    "app.send_optin_confirmation": BOOL,
    "app.check_updates": BOOL,
    "app.lang": STRING,
    "app.batch_size": INT,
    "app.concurrency": INT,
    "app.max_send_errors": INT,
    "app.message_rate": INT,
    "app.cache_slow_queries": BOOL,
    "app.cache_slow_queries_interval": STRING,
    "app.message_sliding_window": BOOL,
    "app.message_sliding_window_duration": STRING,
    "app.message_sliding_window_rate": INT,
    "privacy.individual_tracking": BOOL,
    "privacy.disable_tracking": BOOL,
    "privacy.unsubscribe_header": BOOL,
    "privacy.allow_blocklist": BOOL,
    "privacy.allow_preferences": BOOL,
    "privacy.allow_export": BOOL,
    "privacy.allow_wipe": BOOL,
    "privacy.exportable": STRINGS,
    "privacy.record_optin_ip": BOOL,
    "privacy.domain_blocklist": STRINGS,
    "privacy.domain_allowlist": STRINGS,
    "security.captcha": CAPTCHA,
    "security.oidc": OIDC,
    "security.trusted_urls": STRINGS,
    "upload.provider": STRING,
    "upload.extensions": STRINGS,
    "upload.filesystem.upload_path": STRING,
    "upload.filesystem.upload_uri": STRING,
    "upload.s3.url": STRING,
    "upload.s3.public_url": STRING,
    "upload.s3.aws_access_key_id": STRING,
    "upload.s3.aws_default_region": STRING,
    "upload.s3.aws_secret_access_key": STRING,
    "upload.s3.bucket": STRING,
    "upload.s3.bucket_domain": STRING,
    "upload.s3.bucket_path": STRING,
    "upload.s3.bucket_type": STRING,
    "upload.s3.expiry": STRING,
    "smtp": list_of(SMTP_SERVER),
    "messengers": list_of(MESSENGER),
    "bounce.enabled": BOOL,
    "bounce.webhooks_enabled": BOOL,
    "bounce.actions": _map_of(BOUNCE_ACTION, "map[string]struct"),
    "bounce.ses_enabled": BOOL,
    "bounce.sendgrid_enabled": BOOL,
    "bounce.sendgrid_key": STRING,
    "bounce.azure": Struct("struct", enabled=BOOL, shared_secret=STRING, shared_secret_header=STRING),
    "bounce.postmark": Struct("struct", enabled=BOOL, username=STRING, password=STRING),
    "bounce.forwardemail": Struct("struct", enabled=BOOL, key=STRING),
    "bounce.lettermint": Struct("struct", enabled=BOOL, key=STRING),
    "bounce.mailboxes": list_of(MAILBOX),
    "maintenance.db": Struct("struct", vacuum=BOOL, vacuum_cron_interval=STRING),
    "appearance.admin.custom_css": STRING,
    "appearance.admin.custom_js": STRING,
    "appearance.public.custom_css": STRING,
    "appearance.public.custom_js": STRING,
}
SETTINGS = Struct("models.Settings", **_KEYS)

BLOCK_LISTS = ("smtp", "bounce.mailboxes", "messengers")
"""Lists of blocks, each with a uuid and a secret ``password``."""


@dataclass(frozen=True)
class Secret:
    """Where a secret is that is no block's password: a key, and the path inside its object."""

    key: str
    path: tuple[str, ...] = ()


SECRETS = (
    Secret("upload.s3.aws_secret_access_key"),
    Secret("bounce.sendgrid_key"),
    Secret("bounce.azure", ("shared_secret",)),
    Secret("bounce.postmark", ("password",)),
    Secret("bounce.forwardemail", ("key",)),
    Secret("bounce.lettermint", ("key",)),
    Secret("security.captcha", ("hcaptcha", "secret")),
    Secret("security.oidc", ("client_secret",)),
)


def places(settings: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str, Secret]]:
    """For each of SECRETS: the object that holds it, and its key there."""
    for secret in SECRETS:
        holder, key = settings, secret.key
        for name in secret.path:
            holder, key = holder[key], name
        yield holder, key, secret


def blocks(settings: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """The blocks under that key; none when the list is null."""
    return settings[key] or []


def without_blanks(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The document as Go writes it: blank passwords of blocks and a blank S3 secret are left out, also when stored."""
    out = {key: value for key, value in settings.items() if value or key != "upload.s3.aws_secret_access_key"}
    for key in BLOCK_LISTS:
        if out[key]:
            out[key] = [{name: value for name, value in block.items() if value or name != "password"} for block in out[key]]
    return out
