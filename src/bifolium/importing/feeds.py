"""Where the feeds of jekyll-feed stood: that of all posts, those of categories and those of tags."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

from bifolium import urls
from bifolium.importing.config import Config
from bifolium.importing.old import Note

PLUGIN = "jekyll-feed"
_SIMPLE = re.compile(r"[a-zA-Z0-9_]+")
"""Tags that get a feed: jekyll-feed passes over all others."""


class Wanted(NamedTuple):
    """A feed of a category or tag: the name, the index above its list (`categories`, `tags`), and its address."""

    name: str
    above: str
    url: str


def whole(config: Config) -> str:
    """Return where the feed of all posts stood, or nothing without the plugin."""
    if not config.uses(PLUGIN):
        return ""
    return "/" + str(_posts(config).get("path") or config.table("feed").get("path") or "feed.xml").lstrip("/")


def wanted(config: Config, tags: Sequence[str]) -> Iterator[Wanted]:
    """Yield the feeds of categories, and of those `tags` of posts that the settings want."""
    if not config.uses(PLUGIN):
        return
    said = config.table("feed")
    for name in _names(_posts(config).get("categories") or said.get("categories")):
        yield Wanted(name, "categories", _address("/feed/", name))
    if not said.get("tags"):
        return
    of_tags = said["tags"] if isinstance(said["tags"], dict) else {}
    chosen = _names(of_tags.get("only")) or tags
    for name in chosen:
        if name not in _names(of_tags.get("except")) and _SIMPLE.fullmatch(name):
            yield Wanted(name, "tags", _address(str(of_tags.get("path") or "/feed/by_tag/"), name))


def placed(found: Iterable[Wanted], indexes: Mapping[str, str], known: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return the feeds by the address of their list; `known` are the names that posts have, by index."""
    return {
        urls.term_url(indexes.get(it.above) or f"/{it.above}/", it.name): it.url
        for it in found
        if it.name in known[it.above]
    }


def tell(config: Config) -> Iterator[Note]:
    """Yield what can't be had."""
    if not config.uses(PLUGIN):
        return
    said = config.table("feed")
    for name in _names(said.get("collections")):
        if name != "posts":
            yield Note("todo", f"feed.collections: {name}", "only posts, their categories and tags have feeds")
    if said.get("excerpt_only"):
        yield Note("todo", "feed.excerpt_only", "feeds hold whole texts")


def _posts(config: Config) -> Mapping[str, Any]:
    """Return what is said of the collection of posts, which may be said without naming it, too."""
    said = config.table("feed").get("collections")
    own = said.get("posts") if isinstance(said, dict) else None
    return own if isinstance(own, dict) else {}


def _names(said: object) -> list[str]:
    return [str(it) for it in said] if isinstance(said, list | dict) else []


def _address(folder: str, name: str) -> str:
    return "/" + quote(f"{folder}{name}.xml", safe=urls.PATH_SAFE).lstrip("/")
