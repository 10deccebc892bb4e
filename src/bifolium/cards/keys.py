"""The names that a post's front matter may use, and what becomes of all others."""

from __future__ import annotations

from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

from bifolium.frontmatter import Field, Fields, Source
from bifolium.problems import Problem, nearest

SYNONYMS = {
    "title": "title",
    "date": "date",
    "updated": "updated lastmod modified last_modified_at last_modified",
    "categories": "categories",
    "category": "category",
    "tags": "tags",
    "tag": "tag",
    "series": "series",
    "slug": "slug",
    "permalink": "permalink url path",
    "aliases": "aliases redirect_from",
    "draft": "draft published",
    "layout": "layout template",
    "description": "description summary excerpt",
    "math": "math mathjax katex",
    "toc": "toc",
    "comments": "comments comment",
    "image": "image cover thumbnail",
    "language": "language lang",
    "weight": "weight order",
    "authors": "authors author",
}
"""What we call a key, and the names that authors give it."""

_KEY_OF = {name: key for key, synonyms in SYNONYMS.items() for name in synonyms.split()}
PAIRS = {"categories": "category", "tags": "tag"}
"""Keys for several names, and what each is called for a single one; a text may have both, as for Jekyll."""

_TAXONOMIES = frozenset({"series", "authors", *PAIRS, *PAIRS.values()})
_FAMILIAR = frozenset({"images", "keywords", "subtitle", "tagline", "authorship", "covers", "timezone", "publishdate"})
"""Names of other programs' that look like ours, and are no mistake."""

_CLOSE = 0.8
_SHORTEST = 4


def twins(key: str) -> tuple[str, ...]:
    """Return `key` and its form for one name or for several: where a text has one, defaults don't add the other."""
    pair = next((pair for pair in PAIRS.items() if key in pair), (key,))
    return tuple(pair)


class Known(NamedTuple):
    """A field with the name that its author chose among the synonyms."""

    name: str
    field: Field


class SortedFields(NamedTuple):
    """The fields under our names, all others (for templates), and what is doubtful about the names."""

    known: dict[str, Known]
    rest: Fields
    problems: tuple[Problem, ...]


def sort(source: Source) -> SortedFields:
    """Return the fields of `source`, known and other ones; Zola's `[taxonomies]` and `[extra]` are opened."""
    known: dict[str, Known] = {}
    rest: Fields = {}
    extra: Fields = {}
    problems: list[Problem] = []
    for name, field in source.fields.items():
        if name == "extra" and isinstance(field.value, dict):
            extra = field.value
        elif name == "taxonomies" and isinstance(field.value, dict):
            others = _taxonomies(source, field.value, known, problems)
            rest |= {name: field._replace(value=others)} if others else {}
        elif not _is_taken(source, name, field, known, problems):
            rest[name] = field
    kept = {name: field for name, field in known.values() if _has_mapping(field)}
    return SortedFields(known, rest | kept | extra, tuple(problems))


def _has_mapping(field: Field) -> bool:
    """Tell whether a value may say more than a card can hold, such as the `alt` beside the `path` of an image."""
    items = field.value if isinstance(field.value, tuple) else (field,)
    return any(isinstance(item.value, dict) for item in items)


def _is_taken(source: Source, name: str, field: Field, known: dict[str, Known], problems: list[Problem]) -> bool:
    """Put the field among the known ones if it is one; a doubtful name is a problem."""
    key = _KEY_OF.get(name)
    if key is None:
        match = near_miss(name)
        problems += [_unknown(source, name, field, match)] if match else []
    elif key in known:
        problems.append(_said_before(source, name, field, known[key]))
    else:
        known[key] = Known(name, field)
        return True
    return False


def _taxonomies(source: Source, table: Fields, known: dict[str, Known], problems: list[Problem]) -> Fields:
    """Put Zola's taxonomies among the known fields; return those that we have no place for."""
    ours = {name: field for name, field in table.items() if _KEY_OF.get(name) in _TAXONOMIES}
    taken = {name for name, field in ours.items() if _is_taken(source, name, field, known, problems)}
    return {name: field for name, field in table.items() if name not in taken}


@lru_cache(maxsize=1024)
def near_miss(name: str) -> str:
    """Return the known name that an unknown one is probably a slip for, or nothing."""
    if len(name) < _SHORTEST or name.casefold() in _FAMILIAR:
        return ""
    match = nearest(name, _KEY_OF) or ""
    swapped = sorted(name.casefold()) == sorted(match)
    return match if swapped or SequenceMatcher(None, name.casefold(), match).ratio() >= _CLOSE else ""


def _unknown(source: Source, name: str, field: Field, match: str) -> Problem:
    found = source.problem(field.key, "unknown-key", f"nobody knows the key `{name}`", f"did you mean `{match}`?")
    return found._replace(severity="warning")


def _said_before(source: Source, name: str, field: Field, first: Known) -> Problem:
    message = f"`{name}` means the same as `{first.name}` on line {first.field.key.line}, which counts"
    return source.problem(field.key, "same-key", message, "delete one of the two")._replace(severity="warning")
