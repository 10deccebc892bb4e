"""Read a site's settings: bifolium.toml, or [tool.bifolium] in pyproject.toml.

Every mistake is found at once and stands at its line and column.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from bifolium.config.checks import check
from bifolium.config.convert import Fault, convert, describe
from bifolium.config.syntax import syntax_problem
from bifolium.problems import Place, Problem, SiteError, error
from bifolium.settings import Settings
from bifolium.toml_places import KeyPlaces, Keys, place_of, places

NAME = "bifolium.toml"
SHARED = "pyproject.toml"
ROOT = ("tool", "bifolium")


class Loaded(NamedTuple):
    """The settings, the name of the file they are from (empty if there is none), and what is wrong with them."""

    settings: Settings
    path: str = ""
    problems: tuple[Problem, ...] = ()


def find(start: Path) -> Path | None:
    """Return the nearest folder that holds settings: `start` or one above it."""
    here = start.resolve()
    return next((folder for folder in (here, *here.parents) if _source(folder)), None)


def load(folder: Path, *, missing_ok: bool = False) -> Settings:
    """Return the settings of the site in `folder`; raise SiteError with every mistake.

    A folder without settings is a mistake, too, unless `missing_ok`: then the defaults are returned.
    """
    loaded = examine(folder)
    if not loaded.path and not missing_ok:
        hint = "run `bifolium init` to make a site, or add an empty file of this name"
        raise SiteError([error(NAME, 0, 0, "no-settings", "there are no settings in this folder", hint)])
    if any(problem.severity == "error" for problem in loaded.problems):
        raise SiteError(loaded.problems)
    return loaded.settings


def examine(folder: Path) -> Loaded:
    """Return the settings of the site in `folder`, defaults in place of what is wrong, and every problem."""
    name = _source(folder)
    if not name:
        return Loaded(Settings())
    text, wrong = _read(folder, name)
    if wrong:
        return Loaded(Settings(), name, (wrong,))
    loaded = _parse(text, name, ROOT if name == SHARED else ())
    if name == NAME and _has_table(folder):
        return loaded._replace(problems=(*loaded.problems, _unread(folder)))
    return loaded


def faults(table: dict[str, Any]) -> tuple[Fault, ...]:
    """Return what would be wrong with settings that say what `table` does."""
    return _convert(table, ())[1]


def placed(folder: Path, found: Sequence[Fault]) -> tuple[Problem, ...]:
    """Return faults of the settings of the site in `folder`, which are valid, at their places."""
    name = _source(folder) if found else ""
    if not name:
        return tuple(error(NAME, 0, 0, it.rule, it.message, it.hint) for it in found)
    text, _ = _read(folder, name)
    root, spots = ROOT if name == SHARED else (), places(text)
    return tuple(_problem(fault, spots, root, text.split("\n"))._replace(path=name) for fault in found)


def schema() -> str:
    """Return the JSON Schema of the settings, with descriptions and defaults, for editors."""
    from msgspec.json import schema as schema_of

    sections = schema_of(Settings)["$defs"]
    top = {"$schema": "https://json-schema.org/draft/2020-12/schema", **sections.pop("Settings")}
    return json.dumps({**top, "title": "bifolium settings", "$defs": sections}, indent=2, ensure_ascii=False) + "\n"


def _source(folder: Path) -> str:
    """Return the name of the file in `folder` that holds the settings, or nothing."""
    if (folder / NAME).exists() or (folder / NAME).is_symlink():
        return NAME
    return SHARED if _has_table(folder) else ""


def _has_table(folder: Path) -> bool:
    """Tell whether pyproject.toml has our table; one that is no TOML has it if it seems so."""
    text, _ = _read(folder, SHARED)
    if "bifolium" not in text:
        return False
    try:
        tool = tomllib.loads(text).get("tool")
    except (tomllib.TOMLDecodeError, RecursionError):
        return ".".join(ROOT) in text
    return isinstance(tool, dict) and "bifolium" in tool


def _read(folder: Path, name: str) -> tuple[str, Problem | None]:
    """Return the text of a regular file, or what is wrong with it."""
    path = folder / name
    if not path.is_file():
        return "", error(name, 0, 0, "unreadable", "this is no regular file")
    try:
        content = path.read_bytes()
    except OSError as mistake:
        return "", error(name, 0, 0, "unreadable", f"can't read this file: {str(mistake.strerror).lower()}")
    try:
        return content.decode("utf-8-sig"), None
    except UnicodeDecodeError as mistake:
        before = content[: mistake.start].decode("utf-8-sig")
        at = place_of(before, len(before))
        byte = f"`0x{content[mistake.start]:02x}`"
        return "", error(
            name, at.line, at.column, "encoding", f"the byte {byte} is not UTF-8", "save this file as UTF-8"
        )


def _parse(text: str, name: str, root: tuple[str, ...]) -> Loaded:
    """Return the settings in the table `root` of `text`, and every problem in the order of the lines."""
    try:
        table: Any = tomllib.loads(text)
        spots = places(text)
    except tomllib.TOMLDecodeError as mistake:
        return Loaded(Settings(), name, (syntax_problem(mistake, text, name),))
    except RecursionError:
        return Loaded(Settings(), name, (error(name, 0, 0, "syntax", "this file is nested too deeply"),))
    for key in root:
        table = table[key]
    settings, faults = _convert(table, root)
    lines = text.split("\n")
    found = (_problem(fault, spots, root, lines)._replace(path=name) for fault in faults)
    return Loaded(settings, name, tuple(sorted(found)))


def _convert(table: Any, root: tuple[str, ...]) -> tuple[Settings, tuple[Fault, ...]]:
    if not isinstance(table, dict):
        message = f"`{root[-1]}` is {describe(table)}, expected a table"
        return Settings(), (Fault((), "bad-value", message, f"write `[{'.'.join(root)}]`"),)
    settings, faults = convert(table, ".".join(root))
    return settings, (*faults, *check(settings))


def _problem(fault: Fault, spots: dict[Keys, KeyPlaces], root: Keys, lines: list[str]) -> Problem:
    """Return `fault` at its place; what isn't written in the file stands at the section it is missing from."""
    keys = (*root, *fault.keys)
    while keys and keys not in spots:
        keys = keys[:-1]
    spot = spots.get(keys, KeyPlaces(Place(0, 0), Place(0, 0)))
    place = spot.key if fault.at == "key" else spot.value
    source = lines[place.line - 1].rstrip("\r") if place.line else ""
    found = error("", place.line, place.column, fault.rule, fault.message, fault.hint, source)
    return found._replace(width=place.width)


def _unread(folder: Path) -> Problem:
    """Return the warning that the table in pyproject.toml is not read."""
    text, _ = _read(folder, SHARED)
    message = f"`[{'.'.join(ROOT)}]` is not read, since there is {NAME}, too"
    hint = f"keep one of the two; only {NAME} counts"
    try:
        place = places(text)[ROOT].key
    except (KeyError, IndexError, RecursionError):
        return Problem(SHARED, 0, 0, "two-settings", message, hint)
    source = text.split("\n")[place.line - 1].rstrip("\r")
    return Problem(SHARED, place.line, place.column, "two-settings", message, hint, source=source, width=place.width)
