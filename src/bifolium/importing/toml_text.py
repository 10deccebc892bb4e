"""Write settings as TOML: options first, then sections, then lists of tables."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

_SHORT = 4  # items of a list on one line
_BARE = re.compile(r"[A-Za-z0-9_-]+")


def written(table: Mapping[str, Any]) -> str:
    """Return `table` as TOML."""
    return "\n".join(_lines(table)).strip("\n") + "\n"


def with_redirects(text: str, redirects: Mapping[str, str]) -> str:
    """Return settings with more redirects in them, everything else as it stands."""
    lines = [f"{_key(old)} = {_value(new)}" for old, new in redirects.items()]
    section = re.search(r"^\[redirects\][^\n]*\n", text, re.MULTILINE)
    if section:
        return text[: section.end()] + "\n".join(lines) + "\n" + text[section.end() :]
    return text.rstrip("\n") + "\n\n[redirects]\n" + "\n".join(lines) + "\n"


def _lines(table: Mapping[str, Any]) -> Iterator[str]:
    sections = {name: value for name, value in table.items() if isinstance(value, dict)}
    arrays = {name: value for name, value in table.items() if _is_tables(value)}
    yield from (f"{_key(name)} = {_value(it)}" for name, it in table.items() if name not in sections | arrays)
    for name, section in sections.items():
        inner = {key: value for key, value in section.items() if isinstance(value, dict)}
        if plain := [f"{_key(key)} = {_value(value)}" for key, value in section.items() if key not in inner]:
            yield from ("", f"[{_key(name)}]", *plain)
        for key, one in inner.items():
            lines = (f"{_key(it)} = {_value(value)}" for it, value in one.items())
            yield from ("", f"[{_key(name)}.{_key(key)}]", *lines)
    for name, items in arrays.items():
        for item in items:
            yield from ("", f"[[{_key(name)}]]", *(f"{_key(key)} = {_value(value)}" for key, value in item.items()))


def _is_tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _value(name)


def _value(value: Any) -> str:
    if isinstance(value, dict):
        inner = ", ".join(f"{_key(str(name))} = {_value(it)}" for name, it in value.items() if it is not None)
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list | tuple) and len(value) > _SHORT:
        return "\n".join(["[", *(f"  {_value(item)}," for item in value), "]"])
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(item) for item in value if item is not None)}]"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return json.dumps(value)
