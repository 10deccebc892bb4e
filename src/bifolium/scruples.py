"""What a check tells and a build doesn't: it breaks nothing, but readers, search engines or the author may stumble."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from bifolium import cards, sources
from bifolium.atlas import told
from bifolium.build import Proof
from bifolium.frontmatter import Source, split
from bifolium.model import Card, Heading, Image, Link
from bifolium.problems import Problem, cells
from bifolium.site import Site

LONGEST_TITLE = 70  # cells; search engines show about 60
UNUSED_PICTURE = "nothing of the site leads to this picture"


def scruples(site: Site, proof: Proof) -> Iterator[Problem]:
    """Yield them all: of each text, of keys that no template reads, of pictures that nobody uses."""
    for card in proof.corpus.cards:
        yield from _long_title(site, card)
        yield from _disorder(site, card, proof)
        yield from _unencrypted(site, card, proof)
    yield from _unread_keys(site, proof)
    yield from (Problem(path, 0, 0, "unused-picture", UNUSED_PICTURE, severity="note") for path in proof.press.unused)


def _long_title(site: Site, card: Card) -> Iterator[Problem]:
    if (width := cells(card.title)) > LONGEST_TITLE:
        place = cards.values_at(card.path, _text(site, card)).get("title", Problem(card.path, 0, 0, "", ""))
        message = f"the title is {width} letters wide, and search engines show about 60"
        yield place._replace(rule="long-title", message=message, severity="note")


def _disorder(site: Site, card: Card, proof: Proof) -> Iterator[Problem]:
    """Yield the headings that skip a level; a text's own begin below that of its title, which is of level 1."""
    body = proof.rendered.bodies.get(card.path)
    level = 1
    for number, heading in enumerate(body.outline if body else ()):
        if heading.level > level + 1:
            message = f"the heading `{heading.text}` of level {heading.level} follows one of level {level}"
            line, source = _place(card.path, _text(site, card), number, body.outline if body else ())
            hint = f"begin it with `{'#' * (level + 1)}`"
            yield Problem(card.path, line, 0, "heading-order", message, hint, source=source)
        level = heading.level


def _place(path: str, text: str, number: int, outline: Sequence[Heading]) -> tuple[int, str]:
    """Return the line of a text's heading of that number, and its words.

    It is 0 if the specification sees other headings in the text than its flavour does.
    """
    lines = list(_headings(path, text))
    at = lines[number] if len(lines) == len(outline) else 0
    return at, text.split("\n")[at - 1] if at else ""


def _headings(path: str, text: str) -> Iterator[int]:
    """Yield the lines of a text's headings; those in HTML are in no outline."""
    from markdown_it import MarkdownIt

    found = split(path, text.encode())
    if not isinstance(found, Source):
        return
    tokens = MarkdownIt("commonmark").parse(found.text)
    yield from (it.map[0] + found.first_line for it in tokens if it.map and it.type == "heading_open")


def _unencrypted(site: Site, card: Card, proof: Proof) -> Iterator[Problem]:
    if site.settings.base_url.startswith("http:"):
        return
    gist = proof.press.gists[card.path]
    shown: list[Link | Image] = [*gist.images, *(link for link in gist.links if link.embeds)]
    for found in shown:
        if found.target.lower().startswith("http:"):
            message = f"`{found.target}` comes unencrypted, which browsers refuse or warn of in an encrypted page"
            yield told(card, found, "mixed-content", message, "write `https:`")


def _unread_keys(site: Site, proof: Proof) -> Iterator[Problem]:
    """Yield a note of each key of front matter that no template reads, at the first text that has it."""
    texts: dict[str, list[Card]] = {}
    for card in proof.corpus.cards:
        for key in card.extra:
            texts.setdefault(key, []).append(card)
    read = _words(it.text for it in proof.press.furnished.theme.templates.values())
    for key, found in texts.items():
        place = cards.keys_at(found[0].path, _text(site, found[0])).get(key) if key not in read else None
        if place:
            also = f"; {len(found) - 1} more texts have it" if len(found) > 1 else ""
            yield place._replace(rule="unread-key", message=f"no template reads the key `{key}`{also}")


def _words(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(word for text in texts for word in re.findall(r"[\w-]+|\w+", text))


def _text(site: Site, card: Card) -> str:
    return "\n".join(sources.lines(site.folder, card.path))
