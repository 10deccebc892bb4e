"""Put the theme together: the package's templates, shadowed by the site's, and the files that pages refer to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from posixpath import normpath
from typing import NamedTuple

from bifolium import diagrams, engine, highlight, sources, urls
from bifolium.claims import SETTINGS
from bifolium.contrast import Colour, contrast, mix, parse, readable, written
from bifolium.folders import inside
from bifolium.frontmatter.characters import decode
from bifolium.layout import Template, Theme
from bifolium.problems import Problem, error
from bifolium.settings import Settings
from bifolium.wording import Languages, words

Asset = bytes | Path
_PAPER, _NIGHT = parse("#f4f5f4"), parse("#1e2125")  # what the theme has behind links at worst: its --tint
_FOR_PEOPLE = re.compile(rb"^[ \t]*(?://.*\n|/\*(?:[^*]|\*(?!/))*\*/[ \t]*\n)?[ \t]*", re.MULTILINE)
MATH_SCRIPT = "math.js"
MAIN_FONTS = ("Main-Regular.woff2", "Math-Italic.woff2")
"""Fonts that nearly every formula needs: when they are there at once, lines don't break anew (a shift of 0.11 in
Chromium; with them none while a font takes up to 100 ms, 0.04 at 400 ms)."""


class Furnished(NamedTuple):
    """A theme and the content of its files by URL: bytes, or the path of a file to copy.

    Those of formulas and of diagrams are published only if a page has some.
    """

    theme: Theme
    files: dict[str, Asset]
    math_files: dict[str, Asset]
    diagram_files: dict[str, Asset]


def furnish(
    contents: Mapping[str, bytes], settings: Settings, languages: Languages
) -> tuple[Furnished, tuple[Problem, ...]]:
    """Return the theme that the settings and the site's own templates make, by path, and what is wrong with those."""
    own = {inside(path, settings.folders.templates): path for path in contents}
    texts, garbled = _decoded(path for path in contents.items() if not path[0].startswith(_own_assets(settings)))
    files, names = _assets({name: contents[path] for name, path in own.items()}, settings)
    math_files, names["katex.css"] = _math()
    math_files[names[MATH_SCRIPT]] = files.pop(names[MATH_SCRIPT])
    drawing: dict[str, Asset] = {names["diagrams.js"]: files.pop(names["diagrams.js"])}
    names["mermaid.js"] = urls.of_file(f"assets/mermaid-{diagrams.identity()[:10]}.js")
    drawing[names["mermaid.js"]] = diagrams.MERMAID
    drawn = settings.math.output != "mathml"
    fonts = [url for url in math_files if drawn and url.endswith(MAIN_FONTS)]
    ours = {name: Template(path, texts[path]) for name, path in own.items() if path in texts}
    at = urls.placed_at(settings.base_url)
    assets = {name: at(url) for name, url in names.items()}
    spoken = words(languages, settings.language)
    theme = Theme(_templates(ours), assets, spoken, languages, tuple(map(at, fonts)))
    return Furnished(theme, files, math_files, drawing), (*garbled, *accent(settings.theme.accent)[1])


def _templates(ours: Mapping[str, Template]) -> dict[str, Template]:
    """Return all templates by name; the theme's own can be reached as `theme/NAME` also when they are shadowed."""
    theirs = {name: Template(f"theme/{name}", data.decode()) for name, data in sources.theme_files("templates").items()}
    return {**{f"theme/{name}": found for name, found in theirs.items()}, **theirs, **ours}


def _decoded(files: Iterable[tuple[str, bytes]]) -> tuple[dict[str, str], list[Problem]]:
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for path, content in files:
        text = decode(path, content)
        if isinstance(text, str):
            texts[path] = text
        else:
            problems += text if path.endswith(".html") else [_no_template(path)]
    return texts, problems


def _no_template(path: str) -> Problem:
    hint = "a file that templates refer to, such as a picture, belongs into the folder `assets` there"
    return Problem(path, 0, 0, "template", "this is no text, so it's no template, and nobody reads it", hint)


def _own_assets(settings: Settings) -> str:
    return f"{normpath(settings.folders.templates)}/assets/"


def _assets(own: Mapping[str, bytes], settings: Settings) -> tuple[dict[str, Asset], dict[str, str]]:
    """Return the theme's files by URL, and their URLs by name; `templates/assets/NAME` shadows or adds one."""
    contents = {name: lean(data) for name, data in sources.theme_files("assets").items()}
    contents["code.css"] = highlight.stylesheet(settings.code.light, settings.code.dark).encode()
    contents |= {name.removeprefix("assets/"): data for name, data in own.items() if name.startswith("assets/")}
    contents["style.css"] += accent(settings.theme.accent)[0].encode()
    if settings.comments.service == "none":
        contents.pop("comments.js")
    if not settings.search.enabled:
        contents.pop("search.js")
        contents.pop("search.css")
    names = {name: urls.hashed(name, data) for name, data in contents.items()}
    return {names[name]: data for name, data in contents.items()}, names


def lean(text: bytes) -> bytes:
    """Return a file of the theme without indents and the lines that speak to who reads its source, a fifth of it."""
    return _FOR_PEOPLE.sub(b"", text)


def accent(named: str) -> tuple[str, tuple[Problem, ...]]:
    """Return the rule that gives a site its own accent, readable on light and dark pages, and if it had to change."""
    if not named:
        return "", ()
    if not (colour := _colour(named)):
        hint = "write one such as `#17694b` or `teal`"
        return "", (error(SETTINGS, 0, 0, "accent", f"`{named}` is no colour that browsers know by name", hint),)
    light = readable(colour, _PAPER)
    dark = readable(mix(colour, (1.0, 1.0, 1.0), 0.5), _NIGHT)
    rule = f":root {{ --accent: light-dark({written(light)}, {written(dark)}) }}\n"
    return rule, () if light == colour else (_pale(named, contrast(colour, _PAPER), written(light)),)


def _colour(named: str) -> Colour | None:
    """Return the colour that CSS calls so, if it does."""
    if named.startswith("#"):
        return parse(named)
    from PIL import ImageColor

    if named.lower() not in ImageColor.colormap:
        return None
    # not from the table itself, in which Pillow puts numbers for each colour that somebody asked for
    red, green, blue, *_ = ImageColor.getrgb(named)
    return parse(f"#{red:02x}{green:02x}{blue:02x}")


def _pale(named: str, ratio: float, darker: str) -> Problem:
    message = f"links in `{named}` can't be read on light pages (contrast {ratio:.1f}), and are made darker there"
    hint = f'write `accent = "{darker}"`, or another colour with a contrast of 4.5'
    return Problem(SETTINGS, 0, 0, "accent", message, hint)


def _math() -> tuple[dict[str, Asset], str]:
    """Return KaTeX's stylesheet and fonts by URL, under a folder named after their digest, and the stylesheet's."""
    folder = urls.of_file(f"assets/katex-{engine.identity()[:10]}")
    files: dict[str, Asset] = {f"{folder}/{name}": path for name, path in engine.stylesheet_files().items()}
    return files, f"{folder}/katex.min.css"
