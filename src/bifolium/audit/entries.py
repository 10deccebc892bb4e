"""What is wrong with the texts inside feeds, which are shown far from the site, by programs that run no scripts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from bifolium.audit.documents import Document
from bifolium.audit.reader import read
from bifolium.audit.together import Whole

_ATOM = "{http://www.w3.org/2005/Atom}"
_ENCODED = "{http://purl.org/rss/1.0/modules/content/}encoded"
_BASE = "{http://www.w3.org/XML/1998/namespace}base"


class Fault(NamedTuple):
    """What is wrong, and the words of the file where it stands."""

    words: str
    rule: str
    message: str


def of_atom(root: Element) -> Iterator[str]:
    """Yield the texts of an Atom feed as HTML; with an `xml:base` addresses may be relative, and aren't looked at."""
    if any(_BASE in it.attrib for it in root.iter()):
        return
    for name in ("content", "summary"):
        yield from (it.text or "" for it in root.iter(_ATOM + name) if it.get("type") == "html")


def of_rss(channel: Element) -> Iterator[str]:
    """Yield the texts of an RSS feed as HTML."""
    for item in channel.iter("item"):
        yield from (item.findtext(name) or "" for name in ("description", _ENCODED))


def of_json(items: Iterable[Any]) -> Iterator[str]:
    """Yield the texts of a JSON Feed as HTML."""
    yield from (str(it.get("content_html") or "") for it in items)


def complain(path: str, texts: Iterable[str], whole: Whole) -> Iterator[Fault]:
    """Yield what is wrong with the texts of the feed at `path`, each thing once."""
    found = (fault for text in texts for fault in _faults(path, read(path, text), whole))
    yield from dict.fromkeys(found)


def _faults(path: str, text: Document, whole: Whole) -> Iterator[Fault]:
    for it in text.references:
        if not urlsplit(it.url).scheme and not it.url.startswith("//"):
            yield Fault(it.url, "feed", f"`{it.url}` in an entry's text says no host, so it leads nowhere from a feed")
        elif whole.find(it, path).where == "nowhere":
            yield Fault(it.url, "broken-link", f"nothing of this site is at `{it.url}`")
    for mark in text.tex:
        yield Fault(mark.text, "raw-tex", f"readers of the feed see `{mark.text}`, which no formula was made of")
