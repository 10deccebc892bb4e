"""Jekyll's address of each text: the rules of its UrlDrop, URL, Page and Document, whatever ours are."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from typing import Any
from urllib.parse import quote, unquote

from bifolium import dates, defaults
from bifolium.cards.values import anything
from bifolium.importing.config import Config, suffixed
from bifolium.importing.old import Item
from bifolium.placeholders import PRESETS
from bifolium.urls import PATH_SAFE, calendar

_NAME = re.compile(r"(\d{2,4}-\d{1,2}-\d{1,2})-(.*)")
_PRETTY = "._~!$&'()+,;=@"


def addressed(item: Item, config: Config, zone: tzinfo, given: defaults.Given) -> Item:
    """Return `item` with its front matter completed and its address; it has none if Jekyll can't make one."""
    if item.role in {"file", "stray"}:
        return item._replace(url=_file_url(item)) if item.role == "file" else item
    known = {name: anything(field) for name, field in defaults.fields(item.path, given).items()}
    matter = {**known, **item.matter}
    made = item._replace(matter=matter)
    if item.role in {"post", "draft"} or item.whose:
        return made._replace(url=_document_url(made, known, config, zone))
    return made._replace(url=_page_url(made, config))


def output_of(url: str) -> str:
    """Return the file that Jekyll writes for an address of HTML."""
    path = unquote(url).lstrip("/")
    if url.endswith("/"):
        return f"{path}index.html"
    return path if path.endswith((".html", ".xml", ".json", ".txt", ".css", ".js")) else f"{path}.html"


def categories_of(item: Item, known: Mapping[str, Any]) -> list[str]:
    """Return a post's categories: of its folders, of the defaults, its own `categories`, then its `category`."""
    own = item.matter.get("category")
    found = [*filter(None, item.whose.split("/")), *_words(known.get("categories"))]
    found += _words(item.matter.get("categories"))
    found += [str(it) for it in (own if isinstance(own, list) else [own] if own else []) if it is not None]
    return list(dict.fromkeys(found))


def slugify(text: str, also: str = "") -> str:
    """Return Jekyll's slug: letters, marks and decimal digits, and the characters of `also`, stay."""
    kept = (char if char in also or _stays(unicodedata.category(char)) else "\0" for char in text)
    return re.sub("^-|-$", "", re.sub("\0+", "-", "".join(kept)))


def _stays(category: str) -> bool:
    return category[0] in "LM" or category == "Nd"


def _words(value: object) -> list[str]:
    if isinstance(value, list):
        return [str(item) for item in value if item is not None]
    return [] if value is None else str(value).split()


def _file_url(item: Item) -> str:
    path = item.path.removeprefix("_") if item.whose else item.path
    return "/" + quote(path, safe=PATH_SAFE)


def _document_url(item: Item, known: Mapping[str, Any], config: Config, zone: tzinfo) -> str:
    """Return the address of a post or of a collection's document."""
    written = str(item.matter.get("permalink") or "")
    template = written or (config.permalink if not item.whose or item.role in {"post", "draft"} else "")
    if not template:
        own = config.collections[item.whose].get("permalink")
        template = str(own or suffixed("/:collection/:path", config.style))
    stem = posixpath.splitext(posixpath.basename(item.path))[0]
    dated = _NAME.fullmatch(stem)
    slug = str(item.matter.get("slug") or (dated[2] if dated else stem).rstrip("."))
    values = {
        "title": slugify(slug, _PRETTY),
        "slug": slugify(slug).lower(),
        "name": slugify(stem).lower(),
        "categories": "/".join(dict.fromkeys(name.lower() for name in categories_of(item, known))),
        "slugified_categories": "/".join(dict.fromkeys(slugify(it).lower() for it in categories_of(item, known))),
        "collection": item.whose if item.role in {"document", "template"} else "posts",
        "path": _inner(item, config),
        "output_ext": ".html" if item.path.lower().endswith(config.markdown) else posixpath.splitext(item.path)[1],
        **(calendar(moment) if (moment := date_of(item, zone)) else {}),
    }
    return _filled(PRESETS.get(template, template), values)


def _inner(item: Item, config: Config) -> str:
    """Return what `:path` stands for: a document's path inside its collection."""
    path = item.path.removeprefix(f"{config.top}/") if config.top else item.path
    folder = f"_{item.whose}" if item.role in {"document", "template"} else "_posts"
    return posixpath.splitext(path.replace(folder, "", 1))[0].rstrip(".")


def date_of(item: Item, zone: tzinfo) -> datetime | None:
    """Return the moment of a post: that of the front matter, or of the file's name."""
    dated = _NAME.fullmatch(posixpath.splitext(posixpath.basename(item.path))[0])
    found = dates.parse(str(item.matter.get("date") or (dated[1] if dated else "")).strip(), zone)
    return found.astimezone(zone) if isinstance(found, datetime) else None


def _page_url(item: Item, config: Config) -> str:
    stem, ending = posixpath.splitext(item.path)
    folder, name = posixpath.split(stem)
    kind = ".html" if item.role == "page" else {".scss": ".css", ".sass": ".css"}.get(ending, ending)
    template = "/:path/:basename:output_ext"
    if kind.lower() in {".html", ".htm", ".xhtml"}:
        template = "/:path/" if name == "index" else suffixed("/:path/:basename", config.style)
    written = str(item.matter.get("permalink") or template)
    return _filled(written, {"path": folder, "basename": name.rstrip("."), "output_ext": kind})


def _filled(template: str, values: Mapping[str, str]) -> str:
    """Return the address that a template makes (Jekyll's `generate_url` and `sanitize_url`)."""

    def value(found: re.Match[str]) -> str:
        name = found[1] if found[1] in values else found[1].rstrip("_")
        rest = found[1][len(name) :]
        return quote(values[name], safe=PATH_SAFE) + rest if name in values else found[0]

    url = "/" + re.sub(":([a-z_]+)", value, template)
    return re.sub("/+", "/", url.replace("..", "/").replace("./", ""))


def terms(items: Iterable[Item], key: str) -> list[str]:
    """Return all categories or tags of posts, each once."""
    found = (categories_of(it, {}) if key == "categories" else _tags(it) for it in items if it.role == "post")
    return list(dict.fromkeys(name for of_one in found for name in of_one))


def _tags(item: Item) -> list[str]:
    own = item.matter.get("tag")
    return [str(own)] if own else _words(item.matter.get("tags"))
