"""Pages that Liquid made of all posts, such as feeds and archives: here they exist by themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bifolium.importing import feeds
from bifolium.importing.config import Config
from bifolium.importing.old import Item, Kind

_LIQUID = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\s+", re.DOTALL)
_BY_NAME: Mapping[str, Kind] = {"404.html": "missing", "sitemap.xml": "sitemap", "robots.txt": "robots"}
_BY_CONTENT: tuple[tuple[str, Kind], ...] = (
    (r"\bpaginator\b", "home"),
    (r"\bsite\.categories\b|categor", "categories"),
    (r"\bsite\.tags\b|\btags?\b", "tags"),
    (r"\bsite\.posts\b|\barchives?\b|\bposts\b", "archive"),
)


def kind_of(item: Item) -> Kind:
    """Return which list a page is; one with a text of its own is none."""
    name = item.url.lstrip("/")
    if name in _BY_NAME:
        return _BY_NAME[name]
    if item.path.endswith((".xml", ".rss", ".atom")):
        return ("rss" if "<rss" in item.text else "feed") if "site.posts" in item.text else ""
    if item.path.endswith((".json", ".js")):
        return "search" if "site.posts" in item.text else ""
    if not (is_bare(item) or "site." in item.text or "paginator" in item.text):
        return ""
    if item.url == "/":
        return "home"
    told = f"{item.text} {item.matter.get('layout', '')}"
    return next((kind for words, kind in _BY_CONTENT if re.search(words, told)), "")


def is_bare(item: Item) -> bool:
    """Tell whether a page has no text of its own: its layout or Liquid made it."""
    return not _LIQUID.sub("", item.text)


def target(item: Item) -> str:
    """Return where a page of jekyll-redirect-from leads to, or nothing."""
    said = item.matter.get("redirect_to") or ""
    return str(said[0] if isinstance(said, list) and said else said)


def addresses(found: Sequence[tuple[Kind, Item]], config: Config) -> tuple[dict[str, Any], dict[str, str]]:
    """Return where our lists are to stand, and what leads to them from old addresses that can't be kept."""
    placed: dict[str, Any] = {}
    redirects: dict[str, str] = {}
    for kind, item in found:
        if kind in {"feed", "rss"}:
            placed.setdefault(kind, item.url)
        elif kind in {"home", "categories", "tags", "archive"} and item.url.endswith("/") and kind not in placed:
            placed[kind] = item.url
    placed |= _archives(config)
    for kind, item in found:
        new = placed.get(kind) or ("/" if kind == "home" else f"/{kind}/")
        if kind in {"home", "categories", "tags", "archive"} and item.url.rstrip("/") != new.rstrip("/"):
            redirects[item.url] = new
    if feed := feeds.whole(config):
        placed["feed"] = feed
    return placed, redirects


def _archives(config: Config) -> dict[str, str]:
    """Return where jekyll-archives puts its lists; ours have their terms below an index."""
    if not config.uses("jekyll-archives"):
        return {}
    said = config.table("jekyll-archives")
    wanted = said.get("enabled") or []
    patterns = {"category": "/category/:name/", "tag": "/tag/:name/", **(said.get("permalinks") or {})}
    return {
        plural: patterns[one].removesuffix(":name/")
        for one, plural in (("category", "categories"), ("tag", "tags"))
        if (wanted == "all" or plural in wanted) and patterns[one].endswith("/:name/")
    }
