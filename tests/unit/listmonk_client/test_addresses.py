# SPDX-FileCopyrightText: 2026 the clarivum.mailing authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The url option: what reaches the server, what is refused, and what a refusal says."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from hypothesis import given, strategies as st

from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.address import Address, parse_address, without_secrets
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.address_reading import read_address
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.client import Client, Connection
from ansible_collections.clarivum.mailing.plugins.module_utils._listmonk.errors import BadAddress
from tests.faults.scripted_answers import data

from .conftest import Server, client_of

CASE = Path(__file__).parents[2] / "cases/09-base-url-shapes"
SHAPES: dict[str, Any] = yaml.safe_load((CASE / "urls.yml").read_text(encoding="utf-8"))


def to_port(url: str, port: int) -> str:
    return url.replace(":9000", f":{port}")


def refusal_of(url: str) -> str:
    with pytest.raises(BadAddress) as refused:
        parse_address(url)
    return str(refused.value)


@pytest.mark.parametrize("shape", SHAPES["good"], ids=lambda shape: shape["url"])
def test_every_good_form_of_the_case_sends_the_request_where_the_case_says(shape: dict[str, str]) -> None:
    wanted = urlsplit(shape["get"])
    with Server(host=wanted.hostname or "") as server:
        server.answers[f"GET {wanted.path}"] = data([{"id": 7}])
        port = urlsplit(server.url).port
        found = client_of(to_port(shape["url"], port or 0)).get("/api/lists", expect=list)
    assert found == [{"id": 7}]
    assert server.log == [f"GET {wanted.path}"]


@pytest.mark.parametrize("url", SHAPES["forgiven_or_refused_with_the_right_form"])
def test_an_address_with_something_too_much_is_refused_with_the_corrected_one(url: str) -> None:
    assert refusal_of(url).endswith(" http://127.0.0.1:9000")


@pytest.mark.parametrize("shape", SHAPES["refused"], ids=lambda shape: shape["url"] or "empty")
def test_the_refused_forms_of_the_case_are_refused_with_the_cases_words_before_a_connection_is_opened(
    shape: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", None)
    monkeypatch.setattr(socket, "create_connection", None)
    with pytest.raises(BadAddress) as refused:
        Client(Connection(shape["url"], "ansible", "token")).get("/api/lists")
    assert shape["message"] in str(refused.value)
    assert shape.get("never_printed", "\0") not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://", "host is missing"),
        ("https:///mail", "host is missing"),
        ("http://:9000", "host is missing"),
        ("http:/mail.example.com", "http://mail.example.com or https://mail.example.com"),
        ("http:mail.example.com", "http://mail.example.com or https://mail.example.com"),
        ("mail.example.com", "http://mail.example.com or https://mail.example.com"),
        ("//mail.example.com", "http://mail.example.com or https://mail.example.com"),
        ("http://mail.example.com:", "The port '' "),
        ("http://mail.example.com:0", "from 1 to 65535"),
        ("http://mail.example.com:65536", "from 1 to 65535"),
        ("http://mail.example.com:99999999999", "from 1 to 65535"),
        ("http://mail.example.com:9o00", "from 1 to 65535"),
        ("http://mail.example.com:-1", "from 1 to 65535"),
        ("http://mail.example.com:٩٠٠٠", "from 1 to 65535"),
        ("http://mail example.com", "http://mailexample.com"),
        ("http://mail.example.com\n", "http://mail.example.com"),
        ("http://mail\texample.com", "blanks or line breaks"),
        ("http://mail.example.com\u00a0", "blanks or line breaks"),
        ("http:\\\\mail.example.com", "http://mail.example.com"),
        ("http://mail.example.com/?page=1", "Write http://mail.example.com"),
        ("http://mail.example.com?", "without a query"),
        ("http://mail.example.com/x#top", "Write http://mail.example.com/x"),
        ("http://bücher.example", "xn--bcher-kva.example"),
        ("http://mail..example.com", "is no host name"),
        ("http://-mail.example.com", "is no host name"),
        ("http://" + "a" * 64 + ".example.com", "is no host name"),
        ("http://" + "a." * 130 + "example", "is no host name"),
        ("http://mail,example.com", "is no host name"),
        ("http://300.1.1.1", "is no IPv4 address"),
        ("http://[::1", "square brackets"),
        ("http://[mail.example.com]", "square brackets"),
        ("http://[::1]9000", "square brackets"),
        ("http://fe80::1", "http://[fe80::1]"),
        ("http://mail.example.com/a/../b", "must not hold '..'"),
        ("http://mail.example.com/post/büro", "http://mail.example.com/post/b%C3%BCro"),
        ("http://mail.example.com/post/admin", "http://mail.example.com/post"),
        ("http://mail.example.com/post/admin/settings/smtp", "http://mail.example.com/post"),
        ("https://mail.example.com/api/health", "https://mail.example.com"),
        ("HTTPS://mail.example.com/API/", "https://mail.example.com"),
        ("javascript:alert(1)", "scheme is missing"),
        ("file:///etc/passwd", "http or https"),
    ],
)
def test_a_wrong_address_is_answered_with_what_would_be_right(url: str, words: str) -> None:
    assert words in refusal_of(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://someone:hush-hush@mail.example.com",
        "http://hush-hush@mail.example.com/api",
        "http://someone:hush-hush@mail.example.com:bad",
        "http://someone:hush-hush@mail.example.com/?token=hush-hush#hush-hush",
        "someone:hush-hush@mail.example.com",
        " http://someone:hush-hush@mail.example.com",
        "http://someone:hush-hush@[::1",
        "http://someone:1/hush-hush@mail.example.com",
        "http://someone:1?hush-hush@mail.example.com",
        "hush-hush://hush-hush@mail.example.com",
        "ftp://someone:hush-hush@mail.example.com",
        "http://mail.example.com/?token=hush-hush",
        "mail.example.com?token=hush-hush",
        "http://mail.example.com/ ?token=hush-hush",
        "ftp://mail.example.com?token=hush-hush",
        "http://mail.example.com\\?token=hush-hush",
    ],
)
def test_a_password_typed_into_the_address_is_never_repeated(url: str) -> None:
    assert "hush" not in refusal_of(url)
    assert "hush" not in without_secrets(url)


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("https://Mail.Example.COM/", "https://mail.example.com"),
        ("https://mail.example.com:443", "https://mail.example.com:443"),
        ("http://h//mail///x/", "http://h/mail/x"),
        ("http://listmonk_app:9000", "http://listmonk_app:9000"),
        ("http://mail.example.com./", "http://mail.example.com."),
        ("http://[FE80::1]/m", "http://[fe80::1]/m"),
        ("http://[::ffff:10.0.0.1]:80", "http://[::ffff:10.0.0.1]:80"),
        ("https://example.com/admin/mail", "https://example.com/admin/mail"),
        ("https://example.com/api-gateway", "https://example.com/api-gateway"),
        ("https://example.com/b%C3%BCro", "https://example.com/b%C3%BCro"),
    ],
)
def test_an_unusual_but_right_address_is_kept(url: str, base: str) -> None:
    assert parse_address(url).base == base


LABEL = st.from_regex(r"[a-z0-9-]{1,4}|[0-9]{1,3}|[a-z]{60,70}", fullmatch=True)
PORT = st.none() | st.integers(0, 70000).map(str) | st.from_regex(r"0{0,4}[0-9]{0,6}", fullmatch=True)


def what_comes_of(read: Callable[[str], Address], url: str) -> Address | str:
    try:
        return read(url)
    except BadAddress as refused:
        return str(refused)


@given(st.sampled_from(["http", "https"]), st.lists(LABEL, min_size=1, max_size=5), PORT, st.sampled_from(["", "/"]))
def test_an_address_of_the_usual_form_is_read_as_the_rules_for_all_forms_read_it(
    scheme: str, labels: list[str], port: str | None, end: str
) -> None:
    url = f"{scheme}://{'.'.join(labels)}{'' if port is None else ':' + port}{end}"
    assert what_comes_of(parse_address, url) == what_comes_of(read_address, url)
