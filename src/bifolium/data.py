"""Read the data files of a site: values for templates, under `site.data.<name>`."""

from __future__ import annotations

import posixpath
import tomllib
from collections.abc import Mapping
from typing import Any, NamedTuple

from bifolium import memo
from bifolium.cards.values import anything
from bifolium.frontmatter import from_json, from_toml, from_yaml
from bifolium.frontmatter.characters import decode
from bifolium.frontmatter.fields import Block, Field
from bifolium.problems import Problem, error

READABLE = (".toml", ".json", ".yaml", ".yml")


class Data(NamedTuple):
    """The values of all data files by name, sub-folders as mappings, and what is wrong with them.

    `digest` is that of the files' bytes: values of different types can have the same digest.
    """

    values: Mapping[str, Any] = {}
    digest: bytes = b""
    problems: tuple[Problem, ...] = ()


def gather(files: Mapping[str, bytes], folder: str) -> Data:
    """Return what the data files in `folder` hold."""
    found: dict[str, Any] = {}
    readable = {path: content for path, content in files.items() if path.lower().endswith(READABLE)}
    problems = [_unread(path) for path in files if path not in readable]
    for path, content in readable.items():
        value = read(path, content)
        names = posixpath.splitext(posixpath.relpath(path, folder))[0].split("/")
        problems += value if isinstance(value, tuple) else _put(found, names, value, path)
    return Data(found, memo.digest(readable), tuple(problems))


def read(path: str, content: bytes) -> Any | tuple[Problem, ...]:
    """Return the value of one data file (never a tuple), or its problems."""
    text = decode(path, content)
    if isinstance(text, tuple):
        return text
    if path.lower().endswith((".yaml", ".yml")):
        field = from_yaml.field(Block(path, text, 1))
        return anything(field) if isinstance(field, Field) else field
    return _toml(path, text) if path.lower().endswith(".toml") else from_json.value(path, text)


def _toml(path: str, text: str) -> Any | tuple[Problem, ...]:
    """Return the values with TOML's own types, which are sure; front matter's reader words the mistakes."""
    read = from_toml.fields(Block(path, text, 1))
    return read if isinstance(read, tuple) else tomllib.loads(text)


def _put(found: dict[str, Any], names: list[str], value: Any, path: str) -> list[Problem]:
    for name in names[:-1]:
        found = found.setdefault(name, {})
        if not isinstance(found, dict):
            return [_clash(path, name)]
    if names[-1] in found:
        return [_clash(path, names[-1])]
    found[names[-1]] = value
    return []


def _unread(path: str) -> Problem:
    hint = f"data are read from {', '.join(f'`{suffix}`' for suffix in READABLE)}; keep other files elsewhere"
    return Problem(path, 0, 0, "data", "nobody reads this file", hint)


def _clash(path: str, name: str) -> Problem:
    hint = "rename one of the files"
    return error(path, 0, 0, "clash", f"another data file or folder is called `{name}` too", hint)
