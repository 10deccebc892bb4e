"""Read a finished page, with the standard library's parser: it tells where each tag stands, and reads 7 MB a second."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from bifolium.audit.documents import Document, Heading, Kind, Mark, Reference
from bifolium.audit.tex import Words

Attributes = dict[str, str]

SHOWN = {
    ("img", "src"), ("script", "src"), ("iframe", "src"), ("embed", "src"), ("object", "data"), ("source", "src"),
    ("video", "src"), ("video", "poster"), ("audio", "src"), ("track", "src"), ("input", "src"), ("use", "href"),
    ("use", "xlink:href"), ("image", "href"), ("image", "xlink:href"),
}  # fmt: skip
"""What a browser loads to show a page: element and attribute."""

_SHOWN_OF = {tag: tuple(name for of, name in sorted(SHOWN) if of == tag) for tag, _ in SHOWN}
_LOADED = frozenset("stylesheet icon shortcut apple-touch-icon preload modulepreload manifest mask-icon".split())
_NAMED = frozenset("alternate next prev amphtml license author help search".split())
_FEEDS = frozenset(("application/atom+xml", "application/rss+xml", "application/feed+json"))
_PICTURED = frozenset(("og:image", "og:video", "og:audio", "twitter:image"))
_HEADING = re.compile(r"h[1-6]")
_CANDIDATE = re.compile(r"\s*([^\s,]\S*[^\s,])(?:\s[^,]*)?(?:,|$)")
_REFRESH = re.compile(r"[\d.\s]*[;,]?\s*(?:url\s*=)?\s*['\"]?([^'\"]*)", re.IGNORECASE)


def read(path: str, text: str) -> Document:
    """Return what a check must know of the page at `path`."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader.document(path)


class _Reader(HTMLParser):
    """Collects while the parser walks; the finished document is handed out once."""

    def __init__(self) -> None:
        super().__init__()
        self.titles: list[Mark] = []
        self.ids: list[Mark] = []
        self.references: list[Reference] = []
        self.headings: list[Heading] = []
        self.about: dict[str, Mark] = {}
        self.mute: list[Mark] = []
        self.feeds: list[str] = []
        self.redirect: Reference | None = None
        self.base = ""
        self.within = ""  # the title or heading whose words are being read
        self.words = Words()

    def document(self, path: str) -> Document:
        """Return the page, now that all of it is read."""
        return Document(
            path,
            tuple(self.titles),
            tuple(self.ids),
            tuple(self.references),
            tuple(self.headings),
            self.about,
            tuple(self.mute),
            self.words.found(),
            self.redirect,
            self.base,
            tuple(self.feeds),
        )

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element is, shows and refers to."""
        values = {name: value or "" for name, value in reversed(attrs)}  # the first of equals counts
        self.words.opened(tag, values)
        if name := values.get("id"):
            self.ids.append(self._mark(name))
        if attrs:
            self._refer(tag, values)
        if tag == "img" and "alt" not in values:
            self.mute.append(self._mark(values.get("src", "")))
        if tag == "title" and not self.words.in_drawing:
            self.titles.append(self._mark(""))
            self.within = tag
        elif _HEADING.fullmatch(tag):
            line, column = self._place()
            self.headings.append(Heading(int(tag[1]), "", line, column))
            self.within = tag

    def handle_endtag(self, tag: str) -> None:
        """Note that an element ends."""
        self.words.closed(tag)
        if tag == self.within:
            self.within = ""

    def handle_data(self, data: str) -> None:
        """Note words: of the title, of a heading, of the text."""
        if self.within == "title":
            self.titles[-1] = self.titles[-1]._replace(text=self.titles[-1].text + data)
        elif self.within:
            self.headings[-1] = self.headings[-1]._replace(text=self.headings[-1].text + data)
        self.words.said(data, *self._place())

    def _refer(self, tag: str, values: Attributes) -> None:
        """Note the addresses in an element."""
        match tag:
            case "a" | "area" if "href" in values:
                self._note(values["href"], "link")
            case "a" if name := values.get("name"):
                if name != values.get("id"):
                    self.ids.append(self._mark(name))
            case "link":
                self._linked(values)
            case "meta":
                self._told(values)
            case "base":
                self.base = self.base or values.get("href", "")
            case _:
                self._load(tag, values)

    def _load(self, tag: str, values: Attributes) -> None:
        for name in _SHOWN_OF.get(tag, ()):
            if name in values and not values[name].startswith("#"):
                self._note(values[name], "shown")
                self.words.loads(tag, values[name])
        if "srcset" in values:
            for found in _CANDIDATE.finditer(values["srcset"]):
                self._note(found[1], "shown")

    def _linked(self, values: Attributes) -> None:
        url, rels = values.get("href", ""), {*values.get("rel", "").lower().split()}
        if "canonical" in rels:
            self.about.setdefault("canonical", self._mark(url))
            self._note(url, "named")
        if "alternate" in rels and values.get("type") in _FEEDS:
            self.feeds.append(url)
        if rels & (_LOADED | _NAMED):
            self._note(url, "shown" if rels & _LOADED and "alternate" not in rels else "named")

    def _told(self, values: Attributes) -> None:
        name, content = (values.get("property") or values.get("name") or "").lower(), values.get("content", "")
        if name:
            self.about.setdefault(name, self._mark(content))
        if name in _PICTURED:
            self._note(content, "named")
        found = _REFRESH.fullmatch(content) if values.get("http-equiv", "").lower() == "refresh" else None
        if found and found[1]:
            self.redirect = Reference(found[1].strip(), "link", *self._place())
            self.references.append(self.redirect)

    def _note(self, url: str, kind: Kind) -> None:
        self.references.append(Reference(url.strip(), kind, *self._place()))

    def _mark(self, text: str) -> Mark:
        return Mark(text, *self._place())

    def _place(self) -> tuple[int, int]:
        line, offset = self.getpos()
        return line, offset + 1
