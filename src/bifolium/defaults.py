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
    return {name: _field(value) for _, it in sorted(ranked, key=lambda it: it[0]) for name, value in it.values.items()}


def _fits(wanted: str, path: str) -> bool:
    """Tell whether `path` is, or lies below, what `wanted` names."""
    folder = wanted.strip("/")
    if "*" in folder:
        return fits(path, folder) or fits(path, f"{folder}/*")
    return not folder or path == folder or path.startswith(f"{folder}/")


def _field(value: Any) -> Field:
    """Return a value of the settings as one of the front matter."""
    if isinstance(value, dict):
        return Field({name: _field(item) for name, item in value.items()}, NOWHERE, NOWHERE)
    if isinstance(value, list):
        return Field(tuple(map(_field, value)), NOWHERE, NOWHERE)
    if isinstance(value, bool):
        return Field(str(value).lower(), NOWHERE, NOWHERE, plain=True)
    return Field(str(value), NOWHERE, NOWHERE, plain=not isinstance(value, str))
