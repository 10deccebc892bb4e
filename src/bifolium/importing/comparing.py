"""Compare an old built site with the new one: what is gone, what stands elsewhere, what lost its title or anchors."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from bifolium import urls
from bifolium.audit import PAGES, place
from bifolium.audit.documents import Document

_PAGED = re.compile(r"(.*?)page[-_]?(\d+)(?:/index\.html|\.html)$")
_LOC = re.compile(r"<loc>\s*(?:<!\[CDATA\[)?\s*(.*?)\s*(?:\]\]>)?\s*</loc>", re.DOTALL)
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg", ".bmp")


class Built(NamedTuple):
    """A built site: all of its files, and its pages as they were read."""

    files: frozenset[str]
    pages: Mapping[str, Document]


class Finding(NamedTuple):
    """A difference. `new` is where the page stands now, or what is there instead, or what is missing."""

    kind: Literal["moved", "gone", "case", "title", "anchors", "pictures"]
    old: str
    new: str


def of_sitemap(text: str, base: str) -> Built:
    """Return what a sitemap tells of an old site that stood at `base`: addresses only."""
    folder = urlsplit(base).path.rstrip("/")
    paths = [urlsplit(url).path.removeprefix(folder) for url in _LOC.findall(text)]
    return Built(frozenset(urls.output_path(path) for path in paths), {})


def compare(old: Built, new: Built, base: str) -> list[Finding]:
    """Return every difference that a reader of the old site at `base` could meet."""
    folded = {urls.clash_key(path): path for path in new.files}
    known = Names(_unique(new, lambda page: _titles(page)[0]), _unique(new, lambda page: _last(page.path)))
    found: list[Finding] = []
    for path in sorted(old.files):
        if path in new.files:
            found += _changed(path, old, new, place.base(base))
        elif same := folded.get(urls.clash_key(path)):
            found.append(Finding("case", path, address(same)))
        elif path.lower().endswith(PAGES):
            found.append(_moved(path, old, new, known))
        else:
            found.append(Finding("gone", path, ""))
    return found


def redirects(found: Iterable[Finding]) -> dict[str, str]:
    """Return the lines under `[redirects]` that lead on from pages that stand elsewhere now."""
    return {address(it.old): it.new for it in found if it.kind == "moved"}


def address(path: str) -> str:
    """Return the address of a built page."""
    return place.address(path, place.Base())


class Names(NamedTuple):
    """The new pages that can be told by their title, and those by the last part of their address."""

    titles: Mapping[str, str]
    ends: Mapping[str, str]


def _moved(path: str, old: Built, new: Built, known: Names) -> Finding:
    """Return where an old page stands now, or that it is gone."""
    paged = _PAGED.fullmatch(path)
    if paged and f"{paged[1]}page/{paged[2]}/index.html" in new.files:
        return Finding("moved", path, f"/{paged[1]}page/{paged[2]}/")
    by_title = known.titles.get(_titles(old.pages[path])[0]) if path in old.pages else None
    successor = by_title or known.ends.get(_last(path))
    return Finding("moved", path, address(successor)) if successor else Finding("gone", path, "")


def _titles(page: Document) -> tuple[str, str]:
    """Return by what a page is known: the heading that is in its title, or the title's first part; and the title."""
    title = " ".join(page.titles[0].text.split()) if page.titles else ""
    headings = (" ".join(it.text.split()) for it in page.headings)
    name = next((it for it in headings if it and it in title), re.split(r" [|·—–-] ", title)[0])
    return name.casefold(), title


def _last(path: str) -> str:
    """Return the last part of a page's address, without ending."""
    return posixpath.splitext(posixpath.basename(path.removesuffix("/index.html")))[0].lower()


def _unique(site: Built, name_of: Callable[[Document], str]) -> dict[str, str]:
    """Return the pages by a name of theirs, but for names that several have, and for pages that only lead on."""
    named: dict[str, list[str]] = {}
    for path, page in site.pages.items():
        if not page.redirect:
            named.setdefault(name_of(page), []).append(path)
    return {name: paths[0] for name, paths in named.items() if name and len(paths) == 1}


def _changed(path: str, old: Built, new: Built, at: place.Base) -> Iterator[Finding]:
    """Yield what a page lost that stands where it stood."""
    was, now = old.pages.get(path), new.pages.get(path)
    if not (was and now) or was.redirect or now.redirect:
        return
    (before, _), (name, title) = _titles(was), _titles(now)
    if before not in title.casefold() and name not in _said(was):
        yield Finding("title", path, f"{_titles(was)[1]} → {title}")
    ids = {mark.text for mark in now.ids}
    starts = {(heading.line, heading.column) for heading in was.headings}
    lost = [mark.text for mark in was.ids if (mark.line, mark.column) in starts and mark.text not in ids]
    if lost:
        yield Finding("anchors", path, ", ".join(lost))
    shown = dict.fromkeys(it.url for it in was.references if it.kind == "shown")
    pictures = [it for it in shown if urlsplit(it).path.lower().endswith(_PICTURES)]
    gone = [it for it in pictures if place.find(it, path, at, new.files, was.base).where == "nowhere"]
    if gone:
        yield Finding("pictures", path, ", ".join(gone))


def _said(page: Document) -> str:
    """Return the titles and headings of a page, to look for another one's name."""
    return " ".join((_titles(page)[1], *(" ".join(it.text.split()) for it in page.headings))).casefold()
