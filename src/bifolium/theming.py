"""Put the theme together: the package's templates, shadowed by the site's, and the files that pages refer to."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from bifolium import engine, highlight, sources, urls
from bifolium.folders import inside
from bifolium.layout import Template, Theme
from bifolium.problems import SiteError, error
from bifolium.settings import Settings

Content = bytes | Path


class Furnished(NamedTuple):
    """A theme and the content of its files by URL: bytes, or the path of a file to copy."""

    theme: Theme
    files: dict[str, Content]
    math_files: dict[str, Content]


def furnish(site: Path, templates: Iterable[str], settings: Settings) -> Furnished:
    """Return the theme that the site's settings and its own `templates` make."""
    own = {inside(path, settings.folders.templates): path for path in templates}
    files, names = _assets(site, own, settings)
    math_files, stylesheet = _math()
    names["katex.css"] = stylesheet
    return Furnished(Theme(_templates(site, own), names, _words(settings.language)), files, math_files)


def _templates(site: Path, own: Mapping[str, str]) -> dict[str, Template]:
    """Return all templates by name; the theme's own can be reached as `theme/NAME` also when they are shadowed."""
    theirs = {name: Template(f"theme/{name}", data.decode()) for name, data in sources.theme_files("templates").items()}
    ours = {name: Template(path, _text(site, path)) for name, path in own.items() if not name.startswith("assets/")}
    return {f"theme/{name}": found for name, found in theirs.items()} | theirs | ours


def _text(site: Path, path: str) -> str:
    try:
        return sources.read(site, path).decode("utf-8-sig")
    except UnicodeDecodeError as mistake:
        raise SiteError([error(path, 0, 0, "encoding", "this template isn't UTF-8", "save it as UTF-8")]) from mistake


def _assets(site: Path, own: Mapping[str, str], settings: Settings) -> tuple[dict[str, Content], dict[str, str]]:
    """Return the theme's files by URL, and their URLs by name; `templates/assets/NAME` shadows or adds one."""
    contents = sources.theme_files("assets")
    contents["code.css"] = highlight.stylesheet(settings.code.light, settings.code.dark).encode()
    contents |= {
        name.removeprefix("assets/"): sources.read(site, path)
        for name, path in own.items()
        if name.startswith("assets/")
    }
    names = {name: urls.hashed(name, data) for name, data in contents.items()}
    return {names[name]: data for name, data in contents.items()}, names


def _math() -> tuple[dict[str, Content], str]:
    """Return KaTeX's stylesheet and fonts by URL, under a folder named after their digest, and the stylesheet's."""
    folder = urls.of_file(f"assets/katex-{engine.identity()[:10]}")
    files: dict[str, Content] = {f"{folder}/{name}": path for name, path in engine.stylesheet_files().items()}
    return files, f"{folder}/katex.min.css"


def _words(language: str) -> dict[str, str]:
    """Return the interface's words in `language`, in English where that has none."""
    known = sources.theme_files("words")
    chosen = next((name for name in _candidates(language) if f"{name}.toml" in known), "en")
    return {**tomllib.loads(known["en.toml"].decode()), **tomllib.loads(known[f"{chosen}.toml"].decode())}


def _candidates(language: str) -> list[str]:
    """Return `language` and what it falls back to: zh-Hans-CN, zh-Hans, zh."""
    parts = language.lower().split("-")
    return ["-".join(parts[:length]) for length in range(len(parts), 0, -1)]
