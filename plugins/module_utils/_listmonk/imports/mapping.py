# Copyright: (c) 2026, the clarivum.mailing authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which column becomes what: the wish (``Columns``) and what it means for one file (``Mapping``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping as AbstractMapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from ..._core.errors import Refusal
from .attributes import BadAttributes, key_order, parse_object, refuse_unstorable, string_to_text, to_text
from .email_address import BLANKS
from .flat_objects import FlatObjects
from .reader import Table
from .values import CONVERTERS

TextOfRow: TypeAlias = "Callable[[list[str]], str | None]"
"""Attributes of a row as JSON text, or None where the row says nothing about them; raises ``BadAttributes``."""


@dataclass(frozen=True)
class AttributeColumn:
    key: str
    column: str
    type: str


@dataclass(frozen=True)
class Columns:
    """Columns by header text. ``optional`` ones are taken if the file has them: those nobody asked for by name."""

    email: str
    name: tuple[str, ...]
    attributes: tuple[AttributeColumn, ...]
    object_column: str | None
    constants: AbstractMapping[str, Any]
    consent: str | None
    deleted: str | None
    optional: frozenset[str]

    @property
    def wanted(self) -> frozenset[str]:
        """Every header text that means something; the delimiter is recognised by them."""
        columns = (self.email, *self.name, *(attribute.column for attribute in self.attributes))
        return frozenset({*columns, *(column for column in (self.object_column, self.consent, self.deleted) if column)})


@dataclass(frozen=True)
class Mapping:
    """Positions in the rows of one file."""

    width: int
    email: int
    name: tuple[int, ...]
    attributes: TextOfRow
    consent: int | None
    deleted: int | None
    manages_attributes: bool


def parse_columns(
    wish: AbstractMapping[str, Any] | None, constants: AbstractMapping[str, Any] | None, consent: str | None, deleted: str | None
) -> Columns:
    """Return what the options ``columns`` and ``constants`` ask for, or raise ``Refusal``. Without ``columns``, listmonk's own header names."""
    fixed = dict(constants or {})
    try:
        refuse_unstorable(fixed)
    except BadAttributes as error:
        raise Refusal(f"constants {error}.") from error
    if wish is None:
        optional = frozenset({"name", "attributes"})
        return Columns("email", ("name",), (), "attributes", fixed, consent, deleted, optional)
    unknown = sorted(set(wish) - {"email", "name", "attributes"})
    if unknown:
        raise Refusal(f"columns knows email, name and attributes, not {', '.join(unknown)}; other columns belong under attributes.")
    name = wish.get("name")
    names = tuple(str(part) for part in name) if isinstance(name, list | tuple) else () if name is None else (str(name),)
    attributes = wish.get("attributes")
    if attributes is None or isinstance(attributes, str):
        return Columns(str(wish.get("email") or "email"), names, (), attributes, fixed, consent, deleted, frozenset())
    if not isinstance(attributes, AbstractMapping):
        raise Refusal(
            "columns.attributes must be a dictionary of attribute names and columns, or the header of a column with JSON objects."
        )
    parsed = tuple(_attribute(str(key), value) for key, value in attributes.items())
    twice = sorted({attribute.key for attribute in parsed} & set(fixed))
    if twice:
        raise Refusal(f"{', '.join(twice)} stands in both columns.attributes and constants.")
    return Columns(str(wish.get("email") or "email"), names, parsed, None, fixed, consent, deleted, frozenset())


def _attribute(key: str, wish: object) -> AttributeColumn:
    if isinstance(wish, AbstractMapping):
        unknown = sorted(set(wish) - {"column", "type"})
        kind = str(wish.get("type") or "str")
        if unknown or not wish.get("column"):
            raise Refusal(
                f"columns.attributes.{key} must hold column, and may hold type; it holds {', '.join(map(str, wish)) or 'nothing'}."
            )
        if kind not in CONVERTERS:
            raise Refusal(f"columns.attributes.{key}.type must be one of {', '.join(CONVERTERS)}, not {kind}.")
        return AttributeColumn(key, str(wish["column"]), kind)
    if wish is None or isinstance(wish, list):
        raise Refusal(f"columns.attributes.{key} must be the header of a column, or a dictionary with column and type.")
    return AttributeColumn(key, str(wish), "str")


def resolve(columns: Columns, table: Table, *, comparable: bool = True) -> Mapping:
    """Find the columns in the header of ``table``; a missing one is refused with what is there.

    ``comparable``: write JSON objects in the server's spelling. It takes time, and only who overwrites attributes compares them.
    """

    def place(name: str | None, purpose: str) -> int | None:
        if name is None or (name in columns.optional and name not in table.header):
            return None
        return table.column(name, purpose)

    names = tuple(found for name in columns.name if (found := place(name, "the name")) is not None)
    object_column = place(columns.object_column, "the attributes")
    fields = [(table.column(attribute.column, f"the attribute {attribute.key}"), attribute) for attribute in columns.attributes]
    return Mapping(
        width=len(table.header),
        email=table.column(columns.email, "the e-mail address"),
        name=names,
        attributes=_attributes_of(object_column, fields, columns.constants, comparable=comparable),
        consent=place(columns.consent, "the consent"),
        deleted=place(columns.deleted, "the deletion"),
        manages_attributes=bool(object_column is not None or fields or columns.constants),
    )


def _attributes_of(
    object_column: int | None,
    fields: list[tuple[int, AttributeColumn]],
    constants: AbstractMapping[str, Any],
    *,
    comparable: bool,
) -> TextOfRow:
    if object_column is not None:
        if constants:
            return lambda row: _with_constants(row[object_column], constants)
        objects = FlatObjects()
        read = objects.respelled if comparable else objects.checked
        return lambda row: read(cell) if (cell := row[object_column]).strip(BLANKS) else None
    if not fields:
        fixed = to_text(dict(constants)) if constants else None
        return lambda _row: fixed
    pieces: list[tuple[tuple[int, bytes], str, int | None, Callable[[str], str | None] | None]] = [
        (key_order(attribute.key), attribute.key, place, CONVERTERS[attribute.type]) for place, attribute in fields
    ]
    pieces += [(key_order(key), key, None, None) for key in constants]
    prepared = [
        (f"{string_to_text(key)}: ", key, place, convert, "" if convert else f"{string_to_text(key)}: {to_text(constants[key])}")
        for _order, key, place, convert in sorted(pieces)
    ]

    def of(row: list[str]) -> str | None:
        members = []
        for prefix, key, place, convert, whole in prepared:
            if place is None or convert is None:
                members.append(whole)
                continue
            try:
                text = convert(row[place])
            except BadAttributes as error:
                raise BadAttributes(f"attribute {key}: {error}") from error
            if text is not None:
                members.append(prefix + text)
        return "{" + ", ".join(members) + "}" if members else None

    return of


def _with_constants(cell: str, constants: AbstractMapping[str, Any]) -> str:
    given = parse_object(cell) if cell.strip(BLANKS) else {}
    return to_text({**given, **constants})
