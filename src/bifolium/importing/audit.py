"""Compare an old built site with the new one: what is gone, what stands elsewhere, what lost its title or anchors."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Literal, NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

from bifolium import urls
from bifolium.importing.seen import Seen

_PAGED = re.compile(r"(.*?)page[-_]?(\d+)(?:/index\.html|\.html)$")
_LOC = re.compile(r"<loc>\s*(?:<!\[CDATA\[)?\s*(.*?)\s*(?:\]\]>)?\s*</loc>", re.DOTALL)


class Built(NamedTuple):
    """A built site: all of its files, and what is seen on its pages."""

    files: frozenset[str]
    pages: Mapping[str, Seen]


class Finding(NamedTuple):
    """A difference. `new` is where the page stands now, or what is there instead."""

    kind: Literal["moved", "gone", "title", "anchors", "pictures"]
    old: str
    new: str


def of_sitemap(text: str, base: str) -> Built:
    """Return what a sitemap tells of an old site that stood at `base`: addresses only."""
    paths = [urlsplit(url).path.removeprefix(urlsplit(base).path.rstrip("/")) for url in _LOC.findall(text)]
    return Built(frozenset(urls.output_path(path) for path in paths), {})


def compare(old: Built, new: Built, base: str) -> list[Finding]:
    """Return every difference that a reader of the old site at `base` could meet."""
    by_title, by_name = _unique(new, _title), _unique(new, _name)
    found: list[Finding] = []
    for path in sorted(old.files):
        if path in new.files:
            if path in old.pages and path in new.pages:
                found += _page(path, old.pages[path], new, base)
        elif not path.lower().endswith((".html", ".htm")):
            found.append(Finding("gone", path, ""))
        else:
            found.append(_moved(path, old, new, by_title, by_name))
    return found


def redirects(found: Iterable[Finding]) -> dict[str, str]:
    """Return the lines under `[redirects]` that lead on from pages that stand elsewhere now."""
    return {address(it.old): it.new for it in found if it.kind == "moved" and address(it.old).rstrip("/") != it.new}


def address(path: str) -> str:
    """Return the address of a built page."""
    return urls.of_file(path).removesuffix("index.html") if path.endswith("index.html") else urls.of_file(path)


def _moved(path: str, old: Built, new: Built, by_title: Mapping[str, str], by_name: Mapping[str, str]) -> Finding:
    paged = _PAGED.fullmatch(path)
    if paged and f"{paged[1]}page/{paged[2]}/index.html" in new.files:
        return Finding("moved", path, f"/{paged[1]}page/{paged[2]}/")
    title = by_title.get(_title(path, old.pages[path]), "") if path in old.pages else ""
    successor = title or by_name.get(_name(path, None), "")
    return Finding("moved", path, address(successor)) if successor else Finding("gone", path, "")


def _title(path: str, seen: Seen | None) -> str:
    """Return by what a page is known: its first heading, or the first part of its title."""
    del path
    if seen is None:
        return ""
    heading = next((it for it in seen.headings if it and it in seen.title), "")
    return heading or re.split(r" [|·—–-] ", seen.title)[0]


def _name(path: str, seen: Seen | None) -> str:
    """Return the last part of a page's address, without ending."""
    del seen
    return posixpath.splitext(posixpath.basename(path.removesuffix("/index.html")))[0].lower()


def _unique(site: Built, name_of: Callable[[str, Seen | None], str]) -> dict[str, str]:
    """Return the pages by a name of theirs, but for names that several have."""
    named: dict[str, list[str]] = {}
    for path, seen in site.pages.items():
        named.setdefault(name_of(path, seen), []).append(path)
    return {name: paths[0] for name, paths in named.items() if name and len(paths) == 1}


def _page(path: str, was: Seen, new: Built, base: str) -> Iterator[Finding]:
    """Yield what a page lost that stands where it stood."""
    now = new.pages[path]
    if was.leads_on or now.leads_on:
        return
    title = _title(path, now).casefold()
    known = " ".join((was.title, *was.headings)).casefold()
    if title not in known and _title(path, was).casefold() not in now.title.casefold():
        yield Finding("title", path, f"{was.title} → {now.title}")
    lost = [anchor for anchor in was.anchors if anchor not in now.ids]
    if lost:
        yield Finding("anchors", path, ", ".join(lost))
    gone = [it for it in was.pictures if not _is_there(it, path, new, base)]
    if gone:
        yield Finding("pictures", path, ", ".join(gone))


def _is_there(target: str, path: str, new: Built, base: str) -> bool:
    """Tell whether a picture's file is there, or elsewhere on the web."""
    top = urlsplit(base)
    parts = urlsplit(urljoin(f"{top.scheme or 'http'}://{top.netloc or 'here'}{top.path.rstrip('/')}/{path}", target))
    if parts.scheme == "data" or parts.netloc != (top.netloc or "here"):
        return True
    return unquote(parts.path.removeprefix(top.path.rstrip("/"))).lstrip("/") in new.files
