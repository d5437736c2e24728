# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""sprig's functions on lists, dictionaries, JSON, paths and URLs; and those of sprig that this engine has not."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Callable
from copy import deepcopy
from typing import Any
from urllib.parse import urlsplit

from .errors import FunctionError
from .functions import GoFunction, function_map
from .json_encoding import encoded
from .sprig_numbers import NUMBERS
from .sprig_text import TEXT, strings_of
from .values import type_name

# The bare list and dict in the signatures are Go types, see functions.GO_TYPES.
# mypy: disable-error-code="type-arg"


def list_(*values: Any) -> list:
    return list(values)


def dict_(*values: Any) -> dict:
    pairs = [*values, *([""] if len(values) % 2 else [])]
    return {str(key): value for key, value in zip(pairs[::2], pairs[1::2], strict=True)}


def get(values: dict, key: str) -> Any:
    return values.get(key, "")


def set_(values: dict, key: str, value: Any) -> dict:
    values[key] = value
    return values


def unset(values: dict, key: str) -> dict:
    values.pop(key, None)
    return values


def has_key(values: dict, key: str) -> bool:
    return key in values


def keys(*values: dict) -> list:
    return [key for one in values for key in one]


def values_(values: dict) -> list:
    return list(values.values())


def pluck(key: str, *values: dict) -> list:
    return [one[key] for one in values if key in one]


def pick(values: dict, *names: str) -> dict:
    return {name: values[name] for name in names if name in values}


def omit(values: dict, *names: str) -> dict:
    return {name: value for name, value in values.items() if name not in names}


def merge(target: dict, *others: dict) -> dict:
    for other in others:
        for key, value in other.items():
            if isinstance(target.get(key), dict) and isinstance(value, dict):
                merge(target[key], value)
            elif not target.get(key):
                target[key] = value
    return target


def merge_overwrite(target: dict, *others: dict) -> dict:
    for other in others:
        for key, value in other.items():
            if isinstance(target.get(key), dict) and isinstance(value, dict):
                merge_overwrite(target[key], value)
            elif value:
                target[key] = value
    return target


def dig(*parts: Any) -> Any:
    if len(parts) < 3:
        raise FunctionError(f"dig needs at least three arguments, got {len(parts)}")
    *path, fallback, value = parts
    for key in path:
        if not isinstance(value, dict) or key not in value:
            return fallback
        value = value[key]
    return value


def _items(value: Any, name: str) -> list:
    if isinstance(value, list | tuple):
        return list(value)
    raise FunctionError(f"Cannot {name} on type {'<nil>' if value is None else kind(value)}")


def kind(value: Any) -> str:
    return "map" if isinstance(value, dict) else type_name(value)


def first(values: Any) -> Any:
    return next(iter(_items(values, "find first")), None)


def last(values: Any) -> Any:
    return (_items(values, "find last") or [None])[-1]


def rest(values: Any) -> list:
    return _items(values, "find rest")[1:]


def initial(values: Any) -> list:
    return _items(values, "find initial")[:-1]


def append(values: Any, value: Any) -> list:
    return [*_items(values, "push"), value]


def prepend(values: Any, value: Any) -> list:
    return [value, *_items(values, "prepend")]


def reverse(values: Any) -> list:
    return _items(values, "find reverse")[::-1]


def uniq(values: Any) -> list:
    found: list[Any] = []
    for value in _items(values, "find uniq"):
        if value not in found:
            found.append(value)
    return found


def without(values: Any, *unwanted: Any) -> list:
    return [value for value in _items(values, "find without") if value not in unwanted]


def has(wanted: Any, values: Any) -> bool:
    return values is not None and wanted in _items(values, "find has")


def compact(values: Any) -> list:
    return [value for value in _items(values, "compact") if value]


def slice_(values: Any, *bounds: Any) -> list:
    start, end = (*bounds, None, None)[:2]
    if not isinstance(values, list | tuple):
        raise FunctionError(f"list should be type of slice or array but {kind(values)}")
    return list(values[start or 0 : end])


def concat(*values: Any) -> list:
    return [item for value in values for item in _items(value, "concat")]


def chunk(size: int, values: Any) -> list:
    items = _items(values, "chunk")
    return [items[start : start + size] for start in range(0, len(items), size)]


def sort_alpha(values: Any) -> list:
    return sorted(strings_of(values)) if isinstance(values, list | tuple) else strings_of(values)


def deep_copy(value: Any) -> Any:
    return deepcopy(value)


def to_json(value: Any) -> str:
    return encoded(value)


def to_raw_json(value: Any) -> str:
    return encoded(value, html=False)


def to_pretty_json(value: Any) -> str:
    return encoded(value, indent=2)


def from_json(text: str) -> Any:
    try:
        return json.loads(text, parse_int=float)
    except ValueError:
        return None


def must_from_json(text: str) -> Any:
    try:
        return json.loads(text, parse_int=float)
    except ValueError as error:
        raise FunctionError(str(error)) from error


def base(path: str) -> str:
    return posixpath.basename(path.rstrip("/")) or ("/" if path else ".")


def dir_(path: str) -> str:
    return posixpath.normpath(posixpath.dirname(path) or ".")


def clean(path: str) -> str:
    return posixpath.normpath(path or ".")


def ext(path: str) -> str:
    name = path.rpartition("/")[2]
    return "." + name.rpartition(".")[2] if "." in name else ""


def is_abs(path: str) -> bool:
    return path.startswith("/")


def url_parse(url: str) -> dict:
    parts = urlsplit(url)
    user = parts.netloc.rpartition("@")[0]
    return {
        "scheme": parts.scheme,
        "host": parts.netloc.rpartition("@")[2],
        "hostname": parts.hostname or "",
        "path": parts.path,
        "query": parts.query,
        "opaque": "",
        "fragment": parts.fragment,
        "userinfo": user,
    }


def url_join(parts: dict) -> str:
    host = (f"{parts['userinfo']}@" if parts.get("userinfo") else "") + str(parts.get("host", ""))
    url = (f"{parts['scheme']}:" if parts.get("scheme") else "") + (f"//{host}" if host else "") + str(parts.get("path", ""))
    return url + (f"?{parts['query']}" if parts.get("query") else "") + (f"#{parts['fragment']}" if parts.get("fragment") else "")


_DATA = function_map(
    list_, dict_, get, set_, unset, keys, values_, pluck, pick, omit, merge, dig, first, last, rest, initial, append, prepend,
    reverse, uniq, without, has, compact, slice_, concat, chunk, base, dir_, clean, ext, tuple=list_, push=append, hasKey=has_key,
    mergeOverwrite=merge_overwrite, mustMerge=merge, mustMergeOverwrite=merge_overwrite, mustFirst=first, mustLast=last,
    mustRest=rest, mustInitial=initial, mustAppend=append, mustPush=append, mustPrepend=prepend, mustReverse=reverse,
    mustUniq=uniq, mustWithout=without, mustHas=has, mustCompact=compact, mustSlice=slice_, mustChunk=chunk, sortAlpha=sort_alpha,
    deepCopy=deep_copy, mustDeepCopy=deep_copy, toJson=to_json, mustToJson=to_json, toRawJson=to_raw_json, mustToRawJson=to_raw_json,
    toPrettyJson=to_pretty_json, mustToPrettyJson=to_pretty_json, fromJson=from_json, mustFromJson=must_from_json, isAbs=is_abs,
    osBase=base, osClean=clean, osDir=dir_, osExt=ext, osIsAbs=is_abs, urlParse=url_parse, urlJoin=url_join,
)  # fmt: skip

# They parse, as on the real server, and say so when a template really calls them.
_NOT_BUILT = (
    "abbrevboth", "b32dec", "bcrypt", "buildCustomCert", "decryptAES", "derivePassword", "durationRound", "encryptAES", "genCA",
    "genCAWithKey", "genPrivateKey", "genSelfSignedCert", "genSelfSignedCertWithKey", "genSignedCert", "genSignedCertWithKey",
    "htpasswd", "mustToDate", "randBytes", "semver", "semverCompare", "toDate", "toDecimal",
)  # fmt: skip


def _not_built(name: str) -> Callable[..., Any]:
    def refuse(*values: Any) -> Any:
        raise FunctionError(f"the sandbox does not have sprig's {name}")

    return refuse


SPRIG: dict[str, GoFunction] = TEXT | NUMBERS | _DATA | function_map(**{name: _not_built(name) for name in _NOT_BUILT})
