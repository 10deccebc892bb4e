"""Pictures and videos that a text's author wrote as HTML get what their tags lack, so that the page doesn't jump."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import unescape

from bifolium.markdown.sheet import Holes
from bifolium.markdown.tags import Tag, tags
from bifolium.model import Image, Link

_HOLE = re.compile("\x02H([0-9]+)\x03")
_TAGS = frozenset(("img", "video"))


def completed(html: str, links: Sequence[Link], holes: Holes) -> str:
    """Return `html` with a marker at the end of each tag that shows a file of the site, the one of its `links`."""
    out, done = [], 0
    for tag in tags(html):
        if tag.name in _TAGS and (image := _image(tag, html, links)):
            out += [html[done : tag.end], holes.image(image)]
            done = tag.end
    return "".join([*out, html[done:]])


def _image(tag: Tag, html: str, links: Sequence[Link]) -> Image | None:
    """Return the picture that a tag shows, with all its attributes; None if it isn't the site's own."""
    values = dict(_values(tag, html))
    source = _HOLE.fullmatch(values.get("src", "").strip())
    if not source:
        return None
    link = links[int(source[1])]
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
