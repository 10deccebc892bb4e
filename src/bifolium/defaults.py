"""Front matter that the settings give many texts at once, as Jekyll's `defaults` do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from bifolium.folders import Kind
from bifolium.frontmatter import Field, Fields
from bifolium.names import fits
from bifolium.problems import Place
from bifolium.sections import Defaults

NOWHERE = Place(0, 0)
"""The place of a field that stands in the settings."""


class Given(Struct, frozen=True):
    """The defaults for one kind of texts: those of single files by path, and all others, each with its rank."""

    files: Mapping[str, tuple[tuple[int, Defaults], ...]] = {}
    others: tuple[tuple[int, Defaults], ...] = ()


def given(kind: Kind, every: Sequence[Defaults]) -> Given:
    """Return the defaults for texts of one kind."""
    files: dict[str, tuple[tuple[int, Defaults], ...]] = {}
    others = []
    for ranked in enumerate(every):
        wanted = ranked[1]
        if wanted.kind not in {"any", kind}:
            continue
        if "." in wanted.path.rpartition("/")[2] and "*" not in wanted.path:
            files[wanted.path] = (*files.get(wanted.path, ()), ranked)
        else:
            others.append(ranked)
    return Given(files, tuple(others))


def fields(path: str, known: Given) -> Fields:
    """Return the front matter that the text at `path` gets by default; of equal names the last counts."""
    ranked = [*known.files.get(path, ()), *(it for it in known.others if _fits(it[1].path, path))]
    return {name: field(value) for _, it in sorted(ranked, key=lambda it: it[0]) for name, value in it.values.items()}


def _fits(wanted: str, path: str) -> bool:
    """Tell whether `path` is, or lies below, what `wanted` names."""
    folder = wanted.strip("/")
    if "*" in folder:
        return fits(path, folder) or fits(path, f"{folder}/*")
    return not folder or path == folder or path.startswith(f"{folder}/")


def field(value: Any, place: Place = NOWHERE) -> Field:
    """Return a value of the settings as one of the front matter, as if it stood at `place`."""
    if isinstance(value, dict):
        return Field({name: field(item, place) for name, item in value.items()}, place, place)
    if isinstance(value, list):
        return Field(tuple(field(item, place) for item in value), place, place)
    if isinstance(value, bool):
        return Field(str(value).lower(), place, place, plain=True)
    return Field(str(value), place, place, plain=not isinstance(value, str))
