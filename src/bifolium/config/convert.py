"""Turn a TOML table into Settings, option by option, so that all mistakes are found and not only the first.

msgspec decides what fits; the words for what doesn't are ours.
"""

from __future__ import annotations

import datetime
import json
import types
from collections.abc import Iterator
from itertools import chain
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

import msgspec
from msgspec import UNSET, inspect
from msgspec.structs import fields

from bifolium.problems import did_you_mean, nearest
from bifolium.sections import Section
from bifolium.settings import Settings
from bifolium.toml_places import Keys

Table = dict[str, Any]

SYNONYMS = {
    "url": "base_url",
    "site_url": "base_url",
    "description": "tagline",
    "subtitle": "tagline",
    "lang": "language",
    "paginate": "lists.per_page",
    "destination": "folders.output",
    "theme_dir": "folders.templates",
}
"""What other generators call an option, and what it is called here."""

_TRUE, _FALSE = {"true", "yes", "on"}, {"false", "no", "off"}


class Fault(NamedTuple):
    """A mistake in the settings, at a key or at its value; the place is found later."""

    keys: Keys
    rule: str
    message: str
    hint: str = ""
    at: Literal["key", "value"] = "value"


class _Home(NamedTuple):
    """A section: how its name is written, and its options."""

    title: str
    options: tuple[str, ...]


def convert(table: Table, root: str = "") -> tuple[Settings, tuple[Fault, ...]]:
    """Return the settings in `table`, defaults in place of what is wrong, and all that is wrong.

    `root` is the name of the table in its file (`tool.bifolium`), for the hints.
    """
    settings, faults = _struct(Settings, table, ())
    homes = dict(_homes(Settings, (), root)) if faults else {}
    hinted = (
        fault._replace(hint=_guess(fault.keys, homes)) if fault.at == "key" and not fault.hint else fault
        for fault in faults
    )
    return settings, tuple(hinted)


def _struct(kind: type[Section], table: Table, keys: Keys) -> tuple[Any, tuple[Fault, ...]]:
    known = {field.encode_name: field for field in fields(kind)}
    taken = {name: _value(known[name].type, table[name], (*keys, name)) for name in table if name in known}
    faults = (
        *(_unknown(name, table[name], keys) for name in table if name not in known),
        *(_missing(name, keys) for name in known if known[name].required and name not in table),
        *chain.from_iterable(found for _, found in taken.values()),
    )
    good = {name: value for name, (value, _) in taken.items() if value is not UNSET}
    complete = all(name in good for name in known if known[name].required)
    return (kind(**good) if complete else UNSET), faults


def _value(kind: Any, value: Any, keys: Keys) -> tuple[Any, tuple[Fault, ...]]:
    """Return `value` as `kind`, or UNSET, and what is wrong with it; sections and lists are walked."""
    bare = _bare(kind)
    if isinstance(value, dict) and isinstance(bare, type) and issubclass(bare, Section):
        return _struct(bare, value, keys)
    if isinstance(value, list) and get_origin(bare) is tuple:
        items = [_value(get_args(bare)[0], item, (*keys, number)) for number, item in enumerate(value)]
        faults = tuple(chain.from_iterable(found for _, found in items))
        return (UNSET if faults else tuple(item for item, _ in items)), faults
    return _leaf(kind, value, keys)


def _leaf(kind: Any, value: Any, keys: Keys) -> tuple[Any, tuple[Fault, ...]]:
    name = _name(keys)
    if isinstance(value, str) and (bad := next((char for char in value if ord(char) < 32 and char not in "\n\t"), "")):
        return UNSET, (Fault(keys, "bad-value", f"`{name}` holds the control character U+{ord(bad):04X}"),)
    try:
        return msgspec.convert(value, kind), ()
    except msgspec.ValidationError:
        shape = _shape(kind)
        message = f"`{name}` is {describe(value)}, expected {_expected(shape)}"
        return UNSET, (Fault(keys, "bad-value", message, _repair(shape, value, name)),)


def _bare(kind: Any) -> Any:
    """Return a type without its description and without `None` as an alternative."""
    if get_origin(kind) is Annotated:
        return _bare(get_args(kind)[0])
    if get_origin(kind) in {Union, types.UnionType}:
        return _bare(next(part for part in get_args(kind) if part is not types.NoneType))
    return kind


def _shape(kind: Any) -> inspect.Type:
    """Return what msgspec knows of a type, without description and `None`."""
    shape = inspect.type_info(kind)
    while isinstance(shape, inspect.Metadata | inspect.UnionType):
        shape = shape.type if isinstance(shape, inspect.Metadata) else shape.types[0]
    return shape


def _expected(shape: inspect.Type) -> str:
    """Return in words what fits."""
    match shape:
        case inspect.BoolType():
            return "`true` or `false`"
        case inspect.IntType(ge=int(low), le=int(high)):
            return f"a whole number from {low} to {high}"
        case inspect.IntType():
            return "a whole number"
        case inspect.LiteralType(values=values):
            return " or ".join(f'`"{value}"`' for value in values)
        case inspect.StructType():
            return "a table"
        case inspect.DictType(value_type=inspect.StrType()):
            return "a table of texts"
        case inspect.DictType():
            return "a table"
        case inspect.VarTupleType(item_type=inspect.StructType()):
            return "a list of tables"
        case inspect.VarTupleType():
            return "a list"
        case _:
            return "text"


def describe(value: object) -> str:
    """Return in words what was found: `text "ten"`, `a list`."""
    match value:
        case bool():
            return f"`{str(value).lower()}`"
        case int() | float():
            return f"the number `{value}`"
        case str():
            shown = value if len(value) <= 40 else value[:39] + "…"
            return f"text `{json.dumps(shown, ensure_ascii=False)}`"
        case list():
            return "a list"
        case dict():
            return "a table"
        case datetime.time():
            return f"the time `{value}`"
        case _:
            return f"the date `{value}`"


def _repair(shape: inspect.Type, value: object, name: str) -> str:
    """Return what to type instead, where that can be guessed."""
    match shape, value:
        case inspect.BoolType(), str() if value.casefold() in _TRUE | _FALSE:
            return f"write `{name} = {str(value.casefold() in _TRUE).lower()}`"
        case inspect.IntType(), str() if value.strip().isdecimal():
            return f"write `{name} = {int(value)}`, without quotes"
        case inspect.LiteralType(values=values), str():
            return did_you_mean(value, map(str, values))
        case inspect.StructType(cls=kind), bool() if any(field.name == "enabled" for field in fields(kind)):
            return f"write `{name}.enabled = {str(value).lower()}`"
        case inspect.StructType(cls=kind), _:
            return f"its options are {_quoted(field.encode_name for field in fields(kind))}"
        case inspect.StrType(), int() | float() | datetime.date() | datetime.time() if not isinstance(value, bool):
            return f'put it into quotes: `{name} = "{value}"`'
        case _:
            return ""


def _unknown(name: str, value: object, keys: Keys) -> Fault:
    what = "section" if isinstance(value, dict) else "option"
    return Fault((*keys, name), "unknown-option", f"unknown {what} `{name}`", at="key")


def _missing(name: str, keys: Keys) -> Fault:
    return Fault(keys, "missing-option", f"`{name}` is missing here", f'add `{name} = "…"`', at="key")


def _guess(keys: Keys, homes: dict[Keys, _Home]) -> str:
    """Return what may have been meant by the unknown option `keys`."""
    *above, name = (key for key in keys if isinstance(key, str))
    here = homes[tuple(above)]
    if synonym := SYNONYMS.get(name.casefold().replace("-", "_")):
        return f"here it is called `{synonym}`"
    if elsewhere := [home.title for home in homes.values() if name in home.options and home != here]:
        return "it belongs to " + " or ".join(elsewhere)
    if hint := did_you_mean(name, here.options):
        return hint
    for home in homes.values():
        options = [option for option in home.options if (option,) not in homes]
        if (near := nearest(name, options)) and near[0] == name[0].lower():
            return f"did you mean `{near}`, which belongs to {home.title}?"
    return f"the options here are {_quoted(here.options)}"


def _homes(
    kind: type[Section], keys: Keys, root: str, brackets: tuple[str, str] = ("[", "]")
) -> Iterator[tuple[Keys, _Home]]:
    """Yield every section's keys, with its title and the names of its options."""
    name = ".".join(filter(None, (root, *map(str, keys))))
    title = f"`{brackets[0]}{name}{brackets[1]}`" if name else "the top of the file, before the first `[section]`"
    yield keys, _Home(title, tuple(field.encode_name for field in fields(kind)))
    for field in fields(kind):
        bare = _bare(field.type)
        many = get_origin(bare) is tuple
        inner = get_args(bare)[0] if many else bare
        if isinstance(inner, type) and issubclass(inner, Section):
            yield from _homes(inner, (*keys, field.encode_name), root, ("[[", "]]") if many else ("[", "]"))


def _name(keys: Keys) -> str:
    """Return the last name on the way to a value; an item of a list goes by its list's name."""
    return next((key for key in reversed(keys) if isinstance(key, str)), "")


def _quoted(names: Any) -> str:
    return ", ".join(f"`{name}`" for name in names)
