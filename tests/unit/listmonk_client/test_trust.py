# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""https: whose certificates count, and what a distrusted one says."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from ansible_collections.clarivum.mailing.plugins.module_utils._core.errors import Refusal
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.errors import NotTheApi, Unreachable

from .conftest import Server, client_of

NOW = datetime.datetime.now(datetime.UTC)
DAY = datetime.timedelta(days=1)


@dataclass
class Authority:
    """A throw-away certificate authority: ``pem`` is what a client trusts."""

    folder: Path
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    pem: Path

    def context(self, address: str = "127.0.0.1", expires: datetime.datetime = NOW + DAY) -> ssl.SSLContext:
        """A server that has a certificate of this authority for ``address``."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = built(address, key, self.certificate.subject, self.key, expires, [x509.IPAddress(ipaddress.ip_address(address))])
        chain = self.folder / f"{address}-{expires.timestamp()}.pem"
        chain.write_bytes(pem_of(key) + certificate.public_bytes(serialization.Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chain)
        return context


def built(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
    issuers_key: ec.EllipticCurvePrivateKey,
    expires: datetime.datetime,
    names: list[x509.GeneralName],
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    builder = x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number(), NOW - 9 * DAY, expires)
    builder = builder.add_extension(x509.BasicConstraints(ca=not names, path_length=None), critical=True)
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    builder = builder.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuers_key.public_key()), critical=False)
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    else:
        usage = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
        builder = builder.add_extension(usage, critical=True)
    return builder.sign(issuers_key, hashes.SHA256())


def pem_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    folder = tmp_path_factory.mktemp("authority")
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Throw-away CA")])
    certificate = built("Throw-away CA", key, subject, key, NOW + DAY, [])
    pem = folder / "ca.pem"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return Authority(folder, key, certificate, pem)


@pytest.fixture
def https(authority: Authority) -> Iterator[Server]:
    with Server(tls=authority.context()) as server:
        yield server


def distrust_of(server: Server, **options: str) -> str:
    with pytest.raises(Unreachable) as error:
        client_of(server.url, **options).post("/api/lists", {})
    assert server.log == []
    return str(error.value)


def test_a_private_authority_in_a_file_is_trusted(https: Server, authority: Authority) -> None:
    assert client_of(https.url, ca_path=str(authority.pem)).get("/api/lists") == {}


def test_a_private_authority_in_a_directory_is_trusted(https: Server, authority: Authority, tmp_path: Path) -> None:
    import subprocess

    hashed = subprocess.run(["openssl", "x509", "-hash", "-noout", "-in", authority.pem], check=True, capture_output=True, text=True)
    (tmp_path / f"{hashed.stdout.strip()}.0").write_bytes(authority.pem.read_bytes())
    assert client_of(https.url, ca_path=str(tmp_path)).get("/api/lists") == {}


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"])
def test_the_variables_that_users_of_requests_know_are_read(
    https: Server, authority: Authority, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, str(authority.pem))
    assert client_of(https.url).get("/api/lists") == {}


def test_validate_certs_false_holds_against_the_variables(https: Server, monkeypatch: pytest.MonkeyPatch, authority: Authority) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority.pem))
    with Server(tls=authority.context("127.0.0.2")) as other:
        assert client_of(other.url, validate_certs=False).get("/api/lists") == {}


def test_an_unknown_authority_is_a_sentence_with_the_way_out_and_nothing_is_sent(https: Server) -> None:
    text = distrust_of(https)
    assert text.startswith(f"The certificate of {https.url} is not trusted: unable to get local issuer certificate.")
    assert "the usual public certificate authorities" in text
    assert "ca_path; validate_certs: false switches the check off" in text


def test_a_certificate_for_another_name_is_a_sentence(authority: Authority) -> None:
    with Server(tls=authority.context("127.0.0.2")) as server:
        assert "IP address mismatch" in distrust_of(server, ca_path=str(authority.pem))


def test_an_expired_certificate_is_a_sentence(authority: Authority) -> None:
    with Server(tls=authority.context(expires=NOW - DAY)) as server:
        assert "certificate has expired" in distrust_of(server, ca_path=str(authority.pem))


def test_a_file_without_certificates_is_a_sentence(https: Server, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("not a certificate", encoding="ascii")
    assert f"No certificate in PEM form is in the certificate authorities of ca_path ({tmp_path}/ca.pem)" in distrust_of(
        https, ca_path=str(tmp_path / "ca.pem")
    )


def test_a_missing_file_is_refused_before_a_connection(https: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refusal, match=r"There is no /nonexistent/ca\.pem, which the option ca_path names"):
        client_of(https.url, ca_path="/nonexistent/ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", "/nonexistent/cert.pem")
    with pytest.raises(Refusal, match=r"which the variable SSL_CERT_FILE names"):
        client_of(https.url)
    assert https.connections == 0


def test_https_to_a_server_that_speaks_http_is_a_sentence_with_the_right_url(server: Server) -> None:
    with pytest.raises(Unreachable, match=rf"does not speak TLS .* write http://127\.0\.0\.1:{server.url.rpartition(':')[2]}"):
        client_of(server.url.replace("http", "https")).get("/api/lists")


def test_http_to_a_server_that_speaks_https_is_a_sentence(https: Server, pauses: list[float]) -> None:
    with pytest.raises((Unreachable, NotTheApi), match="GET /api/lists"):
        client_of(https.url.replace("https", "http")).get("/api/lists")
