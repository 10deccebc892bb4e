"""The menu of an old blog, wherever its theme wanted it: a data file, the settings, or a list of pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bifolium.cards.values import anything
from bifolium.frontmatter import Source, split
from bifolium.importing.config import Config
from bifolium.importing.old import Item, Old

_FILES = ("navigation", "nav", "menu", "navbar")
_SECTIONS = ("main", "header", "top", "items", "links")
_TITLES = ("title", "name", "text", "label")
_URLS = ("url", "link", "href", "path", "page")


def entries(old: Old, config: Config, taken: Iterable[Item]) -> list[dict[str, str]]:
    """Return the entries of the menu; none if nothing says what they are."""
    folder = config.text("data_dir") or "_data"
    files = (f"{folder}/{name}{ending}" for name in _FILES for ending in (".yml", ".yaml"))
    said: list[Any] = [_read(path, old.texts[path]) for path in files if path in old.texts]
    said += [config.values.get(name) for name in (*_FILES, "navbar-links", "nav_links")]
    found = next((it for it in map(list, map(_entries, said)) if it), [])
    return found or list(_pages(config.values.get("header_pages"), taken))


def _read(path: str, data: bytes) -> Any:
    """Return what a data file says: a table, or a list."""
    text = data.lstrip(b"\xef\xbb\xbf").strip().removeprefix(b"---").strip()
    opening = b"items:\n" if text.startswith(b"-") else b""
    found = split(path, b"---\n" + opening + text + b"\n---\n")
    return {key: anything(field) for key, field in found.fields.items()} if isinstance(found, Source) else None


def _entries(said: Any) -> Iterator[dict[str, str]]:
    """Yield the entries of a list of tables, of a table of addresses by title, or of a section of a table."""
    if isinstance(said, dict):
        inner = next((said[name] for name in _SECTIONS if isinstance(said.get(name), list)), None)
        said = inner or [{"title": title, "url": url} for title, url in said.items() if isinstance(url, str)]
    for it in said if isinstance(said, list) else ():
        title, url = (_first(it, names) for names in (_TITLES, _URLS)) if isinstance(it, dict) else ("", "")
        if title and url:
            yield {"title": title, "url": url if "://" in url or url.startswith(("/", "#")) else f"/{url}"}


def _first(said: Mapping[str, Any], names: Iterable[str]) -> str:
    return next((str(said[name]) for name in names if said.get(name)), "")


def _pages(paths: object, taken: Iterable[Item]) -> Iterator[dict[str, str]]:
    """Yield the pages that minima's `header_pages` names; those without a title aren't shown there."""
    pages = {it.path: it for it in taken}
    for path in paths if isinstance(paths, list) else ():
        page = pages.get(str(path))
        if page and page.url and page.matter.get("title"):
            yield {"title": str(page.matter["title"]), "url": page.url}
