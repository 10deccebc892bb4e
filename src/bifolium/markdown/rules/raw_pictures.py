"""Pictures and videos that a text's author wrote as HTML get what their tags lack, so that the page doesn't jump."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import unescape
from itertools import pairwise

from markdown_it.token import Token

from bifolium.figures import is_video
from bifolium.markdown.sheet import Holes
from bifolium.markdown.tags import Tag, tags
from bifolium.model import Image, Link

_HOLE = re.compile("\x02H([0-9]+)\x03")
_TAGS = frozenset(("img", "video"))
_VIDEO = re.compile(r"<video\b", re.IGNORECASE)
_SOURCE = re.compile(r"<source\b", re.IGNORECASE)


def completed(html: str, links: Sequence[Link], holes: Holes, beyond: Link | None = None) -> str:
    """Return `html` with a marker at the end of each tag that shows a file of the site, the one of its `links`.

    `beyond`: what the first `<source>` behind `html` shows.
    """
    out, done = [], 0
    for tag, inner in pairwise([*tags(html), None]):
        if tag and tag.name in _TAGS and (link := _shown(tag, inner, html, links, beyond)):
            out += [html[done : tag.end], holes.image(_image(tag, html, link))]
            done = tag.end
    return "".join([*out, html[done:]])


def pair(tokens: Iterable[Token]) -> None:
    """Tell each `<video>` in a line of text what its first `<source>` shows, which is another token."""
    raw = (token for token in tokens if token.type == "html_inline")
    for video, source in pairwise(raw):
        if _VIDEO.match(video.content) and _SOURCE.match(source.content) and "links" in source.meta:
            video.meta["beyond"] = source.meta["links"][0]


def _shown(tag: Tag, inner: Tag | None, html: str, links: Sequence[Link], beyond: Link | None) -> Link | None:
    """Return what a tag shows, a video without an address its first source; None if it isn't the site's own.

    A source that isn't named as a video, such as a playlist, is known to those browsers alone that take it.
    """
    if tag.name != "video" or any(attribute.name == "src" for attribute in tag.attributes):
        return _link(tag, html, links)
    if inner:
        beyond = _link(inner, html, links) if inner.name == "source" else None
    return beyond if beyond and is_video(beyond.target) else None


def _link(tag: Tag, html: str, links: Sequence[Link]) -> Link | None:
    """Return the address of what a tag shows, if it is one of this site."""
    hole = _HOLE.fullmatch(dict(_values(tag, html)).get("src", "").strip())
    return links[int(hole[1])] if hole else None


def _image(tag: Tag, html: str, link: Link) -> Image:
    """Return the picture that a tag shows, with all its attributes."""
    values = dict(_values(tag, html))
    others = tuple((name, unescape(_HOLE.sub("", value))) for name, value in values.items() if name != "src")
    mute = {"role": "presentation"} if values.get("alt") == "" else {}
    words = tuple((word, "") for word in sorted(tag.words))
    alt = unescape(values.get("alt", values.get("aria-label", values.get("title", ""))))
    return Image(
        link.target, alt, "", (*others, *words, *mute.items()), False, link.line, link.column, link.width, tag=tag.name
    )


def _values(tag: Tag, html: str) -> Iterator[tuple[str, str]]:
    """Yield names and values of a tag's attributes; of those that stand there twice, browsers take the first."""
    for attribute in reversed(tag.attributes):
        yield attribute.name, html[slice(*attribute.value)]
