"""What a `_config.yml` says, with Jekyll's own defaults where it is silent."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any, NamedTuple

from bifolium.cards.values import anything
from bifolium.frontmatter import Source, split
from bifolium.problems import Problem

NAMES = ("_config.yml", "_config.yaml", "_config.toml")
_EXCLUDED = ("Gemfile", "Gemfile.lock", "gemfiles", "node_modules")
_VENDORED = ("vendor/bundle/", "vendor/cache/", "vendor/gems/", "vendor/ruby/")
_STYLES = ("date", "pretty", "ordinal", "weekdate", "none")


class Config(NamedTuple):
    """The settings of a Jekyll site. `values` are all of them, `collections` those that get pages, with their own."""

    values: Mapping[str, Any]
    collections: Mapping[str, Mapping[str, Any]]
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    markdown: tuple[str, ...]
    permalink: str
    style: str
    top: str

    def text(self, *names: str) -> str:
        """Return the first of the options that is a text or number, or nothing."""
        found = (self.values.get(name) for name in names)
        return next((str(value) for value in found if isinstance(value, str | int | float) and str(value)), "")

    def uses(self, plugin: str) -> bool:
        """Tell whether a plugin is run."""
        return any(plugin in (self.values.get(name) or ()) for name in ("plugins", "gems", "whitelist"))

    def table(self, name: str) -> Mapping[str, Any]:
        """Return the option of that name if it is a table, or an empty one."""
        found = self.values.get(name)
        return found if isinstance(found, dict) else {}


def parse(name: str, data: bytes) -> Config | tuple[Problem, ...]:
    """Return the settings in `data`, or what is wrong with them, at its place."""
    if name.endswith(".toml"):
        return configured(tomllib.loads(data.decode("utf-8-sig")))
    opening = b"" if data.lstrip(b"\xef\xbb\xbf").startswith(b"---") else b"---\n"
    found = split(name, opening + data.rstrip() + b"\n---\n")
    if isinstance(found, Source):
        return configured({key: anything(field) for key, field in found.fields.items()})
    return tuple(it._replace(line=max(0, it.line - bool(opening))) for it in found)


def configured(values: Mapping[str, Any]) -> Config:
    """Return the settings that `values` make, with Jekyll's defaults."""
    said = values.get("collections")
    collections = {name: {} for name in said} if isinstance(said, list) else dict(said or {})
    posts = collections.pop("posts", None) or {}
    built = str(values.get("destination") or "").removeprefix("./").strip("/")
    style = str(posts.get("permalink") or values.get("permalink") or "date")
    kinds = str(values.get("markdown_ext") or "markdown,mkdown,mkdn,mkd,md").split(",")
    return Config(
        values,
        {name: it or {} for name, it in collections.items() if (it or {}).get("output")},
        tuple(map(str, values.get("include") or (".htaccess",))),
        (
            *map(str, values.get("exclude") or ()),
            *_EXCLUDED,
            *_VENDORED,
            ".sass-cache",
            ".jekyll-cache",
            f"{built or '_site'}/",
        ),
        tuple(f".{kind.strip().lower()}" for kind in kinds),
        style if style in _STYLES else pattern(style, "posts"),
        str(values.get("permalink") or "date"),
        str(values.get("collections_dir") or "").strip("/"),
    )


def pattern(written: str, collection: str) -> str:
    """Return a pattern of Jekyll's as ours."""
    return "/" + written.replace(":output_ext", ".html").replace(":collection", collection).lstrip("/")


def suffixed(stem: str, style: str) -> str:
    """Return the pattern of pages and documents: it ends as that of posts does (Jekyll's `add_permalink_suffix`)."""
    if style == "pretty" or style.endswith("/"):
        return f"{stem}/"
    return f"{stem}:output_ext" if style in {"date", "ordinal", "none"} or style.endswith(":output_ext") else stem
