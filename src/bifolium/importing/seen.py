"""What a visitor of a built page finds: its title, its headings with their ids, its pictures."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import NamedTuple

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


class Seen(NamedTuple):
    """A page as it is seen, or one that leads on. `anchors` are the ids of headings, `pictures` addresses."""

    title: str
    headings: tuple[str, ...]
    anchors: tuple[str, ...]
    ids: frozenset[str]
    pictures: tuple[str, ...]
    leads_on: bool = False


def look(html: str) -> Seen:
    """Return what is to be seen on a page."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    headings = tuple(" ".join("".join(words).split()) for words in reader.headings)
    title = " ".join("".join(reader.title).split())
    return Seen(title, headings, tuple(reader.anchors), frozenset(reader.ids), tuple(reader.pictures), reader.leads_on)


class _Reader(HTMLParser):
    """Notes what it passes."""

    def __init__(self) -> None:
        super().__init__()
        self.title: list[str] = []
        self.headings: list[list[str]] = []
        self.anchors: list[str] = []
        self.ids: set[str] = set()
        self.pictures: list[str] = []
        self.leads_on = False
        self._words: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        self.ids |= {said[name] for name in ("id", "name") if name in said and (name == "id" or tag == "a")}
        if tag in _HEADINGS:
            self.headings.append([])
            self._words = self.headings[-1]
            self.anchors += [said["id"]] if said.get("id") else []
        elif tag == "title" and not self.title:
            self._words = self.title
        elif tag == "meta" and said.get("http-equiv", "").lower() == "refresh":
            self.leads_on = True
        elif tag == "img" and said.get("src"):
            self.pictures.append(said["src"])

    def handle_endtag(self, tag: str) -> None:
        if tag in _HEADINGS or tag == "title":
            self._words = None

    def handle_data(self, data: str) -> None:
        if self._words is not None:
            self._words.append(data)
