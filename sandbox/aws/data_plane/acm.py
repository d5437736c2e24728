# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ACM: a certificate is issued at once, by the sandbox's certificate authority. Nobody asks for its DNS record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.acm.models import CertBundle

from .certificates import Authority
from .replacements import Replacements


def attach(authority: Authority, replacements: Replacements) -> None:
    replacements.put(CertBundle, "generate_cert", classmethod(_generate(authority)))


def _generate(authority: Authority) -> Callable[..., CertBundle]:
    def generate_cert(
        cls: type[CertBundle],
        domain_name: str,
        account_id: str,
        region: str,
        sans: list[str] | None = None,
        cert_authority_arn: str | None = None,
    ) -> CertBundle:
        issued = authority.issue([domain_name, *(sans or [])])
        given: dict[str, Any] = {"account_id": account_id, "region": region, "cert_authority_arn": cert_authority_arn}
        kind = "PRIVATE" if cert_authority_arn is not None else "AMAZON_ISSUED"
        return cls(
            certificate=issued.certificate, private_key=issued.key, chain=issued.chain, cert_type=kind, cert_status="ISSUED", **given
        )

    return generate_cert
