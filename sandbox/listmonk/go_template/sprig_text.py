# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""sprig's functions on text (https://masterminds.github.io/sprig/), as listmonk offers them to templates."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import secrets
import string
import textwrap
import zlib
from collections.abc import Callable
from typing import Any

from .errors import FunctionError
from .functions import GoFunction, function_map
from .strings import quote as quoted
from .values import printed


def strings_of(value: Any) -> list[str]:
    """sprig's idea of a list of strings: nil elements vanish, a single value is a list of one."""
    if value is None:
        return []
    items = value if isinstance(value, list | tuple) else [value]
    return [printed(item) for item in items if item is not None]


def abbrev(width: int, text: str) -> str:
    return text if width < 4 or len(text) <= width else text[: width - 3] + "..."


def trunc(length: int, text: str) -> str:
    raw = text.encode()
    if length < 0:
        return raw[length:].decode("utf-8", "replace") if len(raw) + length > 0 else text
    return raw[:length].decode("utf-8", "replace")


def trim(text: str) -> str:
    return text.strip()


def upper(text: str) -> str:
    return text.upper()


def lower(text: str) -> str:
    return text.lower()


def title(text: str) -> str:
    return re.sub(r"(?<!\w)\w", lambda found: found[0].upper(), text)


def untitle(text: str) -> str:
    return re.sub(r"(^|\s)(\S)", lambda found: found[1] + found[2].lower(), text)


def substr(start: int, end: int, text: str) -> str:
    raw = text.encode()
    if start < 0:
        part = raw[:end]
    elif end < 0 or end > len(raw):
        part = raw[start:]
    else:
        part = raw[start:end]
    return part.decode("utf-8", "replace")


def repeat(count: int, text: str) -> str:
    return text * count


def trim_all(characters: str, text: str) -> str:
    return text.strip(characters)


def trim_suffix(suffix: str, text: str) -> str:
    return text.removesuffix(suffix)


def trim_prefix(prefix: str, text: str) -> str:
    return text.removeprefix(prefix)


def nospace(text: str) -> str:
    return "".join(text.split())


def initials(text: str) -> str:
    return "".join(word[0] for word in text.split())


def swapcase(text: str) -> str:
    return text.swapcase()


def shuffle(text: str) -> str:
    return "".join(secrets.SystemRandom().sample(text, len(text)))


def _words(text: str) -> list[str]:
    return re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", text)


def snakecase(text: str) -> str:
    return "_".join(word.lower() for word in _words(text))


def kebabcase(text: str) -> str:
    return "-".join(word.lower() for word in _words(text))


def camelcase(text: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[_\-\s]+", text))


def wrap(width: int, text: str) -> str:
    return wrap_with(width, "\n", text)


def wrap_with(width: int, separator: str, text: str) -> str:
    return separator.join(textwrap.wrap(text, max(width, 1), break_on_hyphens=False))


def contains(part: str, text: str) -> bool:
    return part in text


def has_prefix(part: str, text: str) -> bool:
    return text.startswith(part)


def has_suffix(part: str, text: str) -> bool:
    return text.endswith(part)


def quote(*values: Any) -> str:
    return " ".join(quoted(printed(value)) for value in values if value is not None)


def squote(*values: Any) -> str:
    return " ".join(f"'{printed(value)}'" for value in values if value is not None)


def cat(*values: Any) -> str:
    return " ".join(printed(value) for value in values if value is not None)


def indent(spaces: int, text: str) -> str:
    return " " * spaces + text.replace("\n", "\n" + " " * spaces)


def nindent(spaces: int, text: str) -> str:
    return "\n" + indent(spaces, text)


def replace(old: str, new: str, text: str) -> str:
    return text.replace(old, new)


def plural(one: str, many: str, count: int) -> str:
    return one if count == 1 else many


def to_string(value: Any) -> str:
    return printed(value)


def join(separator: str, values: Any) -> str:
    return separator.join(strings_of(values))


def split_list(separator: str, text: str) -> list:  # type: ignore[type-arg]  # the bare type is the Go signature
    return text.split(separator) if separator else list(text)


def split(separator: str, text: str) -> dict:  # type: ignore[type-arg]
    return {f"_{index}": part for index, part in enumerate(split_list(separator, text))}


def splitn(separator: str, count: int, text: str) -> dict:  # type: ignore[type-arg]
    return {f"_{index}": part for index, part in enumerate(text.split(separator, count - 1) if count else [])}


def b64enc(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def b64dec(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode("utf-8", "replace")
    except binascii.Error:
        return "illegal base64 data at input byte 0"


def b32enc(text: str) -> str:
    return base64.b32encode(text.encode()).decode()


def _digest(name: str) -> Callable[[str], str]:
    def digest(text: str) -> str:
        return hashlib.new(name, text.encode()).hexdigest()

    return digest


def adler32sum(text: str) -> str:
    return str(zlib.adler32(text.encode()))


def _random(alphabet: str) -> Callable[[int], str]:
    def random_text(count: int) -> str:
        return "".join(secrets.choice(alphabet) for _ in range(count))

    return random_text


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise FunctionError(f"error parsing regexp: {error}") from error


def regex_match(pattern: str, text: str) -> bool:
    return _pattern(pattern).search(text) is not None


def regex_find(pattern: str, text: str) -> str:
    found = _pattern(pattern).search(text)
    return found[0] if found else ""


def regex_find_all(pattern: str, text: str, count: int) -> list:  # type: ignore[type-arg]
    found = [match[0] for match in _pattern(pattern).finditer(text)]
    return found if count < 0 else found[:count]


def regex_replace_all(pattern: str, text: str, replacement: str) -> str:
    python = re.sub(r"\$\{?(\w+)\}?", r"\\g<\1>", replacement.replace("\\", "\\\\"))
    return _pattern(pattern).sub(python, text)


def regex_replace_all_literal(pattern: str, text: str, replacement: str) -> str:
    return _pattern(pattern).sub(lambda _: replacement, text)


def regex_split(pattern: str, text: str, count: int) -> list:  # type: ignore[type-arg]
    return _pattern(pattern).split(text, maxsplit=max(count - 1, 0) if count > 0 else 0)


def regex_quote_meta(text: str) -> str:
    return re.sub(r"[\\.+*?()|\[\]{}^$]", lambda found: "\\" + found[0], text)


TEXT: dict[str, GoFunction] = function_map(
    abbrev, trunc, trim, upper, lower, title, untitle, substr, repeat, nospace, initials, swapcase, shuffle, snakecase, kebabcase,
    camelcase, wrap, contains, quote, squote, cat, indent, nindent, replace, plural, join, split, splitn, b64enc, b64dec, b32enc,
    adler32sum, wrapWith=wrap_with, trimAll=trim_all, trimall=trim_all, trimSuffix=trim_suffix, trimPrefix=trim_prefix,
    hasPrefix=has_prefix, hasSuffix=has_suffix, toString=to_string, toStrings=strings_of, splitList=split_list,
    sha1sum=_digest("sha1"), sha256sum=_digest("sha256"), sha512sum=_digest("sha512"),
    randAlphaNum=_random(string.ascii_letters + string.digits), randAlpha=_random(string.ascii_letters),
    randNumeric=_random(string.digits), randAscii=_random(string.printable[:95]),
    regexMatch=regex_match, mustRegexMatch=regex_match, regexFind=regex_find, mustRegexFind=regex_find,
    regexFindAll=regex_find_all, mustRegexFindAll=regex_find_all, regexReplaceAll=regex_replace_all,
    mustRegexReplaceAll=regex_replace_all, regexReplaceAllLiteral=regex_replace_all_literal,
    mustRegexReplaceAllLiteral=regex_replace_all_literal, regexSplit=regex_split, mustRegexSplit=regex_split,
    regexQuoteMeta=regex_quote_meta,
)  # fmt: skip
