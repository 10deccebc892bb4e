"""Read the data files of a site: values for templates, under `site.data.<name>`."""

from __future__ import annotations

import json
import posixpath
import tomllib
from collections.abc import Iterable
from typing import Any

from bifolium.cards.values import anything
from bifolium.frontmatter import from_yaml
from bifolium.frontmatter.characters import decode
from bifolium.frontmatter.fields import Block
from bifolium.problems import Problem, error

READABLE = (".toml", ".json", ".yaml", ".yml")


def gather(files: Iterable[tuple[str, bytes]], folder: str) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """Return the values of all data files by name, sub-folders as mappings, and what is wrong with them."""
    found: dict[str, Any] = {}
    problems: list[Problem] = []
    for path, content in files:
        if path.lower().endswith(READABLE):
            value = read(path, content)
            if isinstance(value, tuple):
                problems += value
            else:
                _put(found, posixpath.splitext(posixpath.relpath(path, folder))[0].split("/"), value)
    return found, tuple(problems)


def read(path: str, content: bytes) -> Any | tuple[Problem, ...]:
    """Return the value of one data file (never a tuple), or its problems."""
    text = decode(path, content)
    if isinstance(text, tuple):
        return text
    if path.lower().endswith((".yaml", ".yml")):
        field = from_yaml.field(Block(path, text, 1))
        return field if isinstance(field, tuple) and not hasattr(field, "place") else anything(field)
    try:
        return tomllib.loads(text) if path.lower().endswith(".toml") else json.loads(text)
    except json.JSONDecodeError as wrong:
        return (error(path, wrong.lineno, wrong.colno, "data", f"this isn't JSON: {wrong.msg.lower()}"),)
    except (tomllib.TOMLDecodeError, RecursionError) as wrong:
        return (error(path, 0, 0, "data", f"this can't be read: {wrong}"),)


def _put(found: dict[str, Any], names: list[str], value: Any) -> None:
    for name in names[:-1]:
        found = found.setdefault(name, {})
    found[names[-1]] = value
