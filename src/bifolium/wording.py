"""The words of the interface by language: the theme's, and before them the site's own, in `templates/words/fr.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from posixpath import normpath

from bifolium import data, sources
from bifolium.interface import fallbacks
from bifolium.problems import Problem, error
from bifolium.settings import Settings

Words = Mapping[str, str]
Languages = Mapping[str, Words]
_KIND = "admonition_"
_GAP = re.compile("%[ds]")
_SLIP = 0.85  # how alike names are of which one is a slip: `archives` and `archive`, not `mine` and `minutes`
_MONTHS = ("months", "short_months")


def is_own(path: str, settings: Settings) -> bool:
    """Tell whether a file among the templates holds words."""
    return path.startswith(f"{normpath(settings.folders.templates)}/words/") and path.endswith(".toml")


def gather(files: Mapping[str, bytes]) -> tuple[Languages, tuple[Problem, ...]]:
    """Return the words in all languages, the site's own in place of the theme's, and what is wrong with its `files`."""
    if not files:
        return _theirs(), ()
    known, problems = dict(_theirs()), list[Problem]()
    for path, content in files.items():
        read = data.read(path, content)
        if isinstance(read, tuple):
            problems += read
            continue
        wrong = {name: problem for name, value in read.items() if (problem := _oddity(path, name, value))}
        problems += wrong.values()
        language = path.rpartition("/")[2].removesuffix(".toml").lower()
        sound = {name: value for name, value in read.items() if name not in wrong or wrong[name].severity != "error"}
        known[language] = {**words(known, language), **sound}
    return known, tuple(problems)


def words(languages: Languages, language: str) -> Words:
    """Return the words in `language`, in English where that has none."""
    return next((languages[name] for name in fallbacks(language) if name in languages), languages["en"])


def admonitions(languages: Languages, language: str) -> dict[str, str]:
    """Return the titles of admonitions in `language`, by kind."""
    named = words(languages, language).items()
    return {name.removeprefix(_KIND): word for name, word in named if name.startswith(_KIND)}


@cache
def _theirs() -> Languages:
    """Return the theme's words by language, in English where one lacks some."""
    files = sources.theme_files("words")
    known = {name.removesuffix(".toml"): tomllib.loads(content.decode()) for name, content in files.items()}
    return {language: {**known["en"], **own} for language, own in known.items()}


def _oddity(path: str, name: str, value: object) -> Problem | None:
    """Return what is wrong with a word; one that the theme doesn't have may be for the site's own templates."""
    english = _theirs()["en"]
    if not isinstance(value, str):
        return error(path, 0, 0, "words", f"`{name}` is no text", f'write it as `{name} = "…"`')
    if name not in english:
        from difflib import get_close_matches

        meant = get_close_matches(name, english, 1, _SLIP)
        hint = f"did you mean `{meant[0]}`?" if meant else ""
        return Problem(path, 0, 0, "words", f"the theme has no word `{name}`", hint) if meant else None
    if name in _MONTHS and len(value.split()) != len(english[name].split()):
        return error(
            path, 0, 0, "words", f"`{name}` has {len(value.split())} names", "write twelve, with blanks between"
        )
    if not name.endswith("_format") and _GAP.findall(value) != _GAP.findall(english[name]):
        hint = f"`%d` and `%s` stand as in English: `{english[name]}`"
        return error(path, 0, 0, "words", f"`{value}` has other places to be filled than the theme fills", hint)
    return None
