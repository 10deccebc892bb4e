"""Headings get the ids that kramdown gives them, so that links to an old blog's sections live on.

The id is the heading's text (a formula's TeX) in lower case without punctuation, blanks as `-`; a repeated one
gets `-1`, `-2`. `# Tides {#tides}` says its own.
"""

from __future__ import annotations

import re
import unicodedata

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from bifolium.markdown.attributes import attach, read_attributes
from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser
from bifolium.markdown.places import margin
from bifolium.markdown.plain import plain
from bifolium.markdown.rules.extensions import NO_IDS
from bifolium.markdown.sheet import sheet_of

_TAIL = re.compile(r"(?:^|[ \t])(\{[^{}\n]{1,1000}\})$")
_NO_WORD = re.compile(r"[^\w\- \t]")
_BLANK = re.compile(r"[ \t]")


def use(md: Parser, options: MarkdownOptions) -> None:
    """Add attributes at a heading's end, and ids."""
    md.core.ruler.before("inline", "heading_attributes", _take_attributes)
    if options.heading_ids:
        md.core.ruler.push("heading_ids", _identify)


def slug(text: str) -> str:
    """Return the id of a heading whose text is `text`, never empty; letters' combining marks stay."""
    kept = _NO_WORD.sub(lambda match: match[0] if unicodedata.combining(match[0]) else "", text.strip().lower())
    return _BLANK.sub("-", kept) or "section"


def _take_attributes(state: StateCore) -> None:
    sheet = sheet_of(state.env)
    for opening, inline in zip(state.tokens, state.tokens[1:], strict=False):
        if opening.type != "heading_open" or not inline.content.endswith("}"):
            continue
        tail = _TAIL.search(inline.content)
        found = read_attributes(tail[1]) if tail else None
        if not tail or not found or found.words:
            continue
        attach(opening, found.values)
        line = inline.map[0] if inline.map else 0
        source = sheet.places.line(line)
        if "\n" not in inline.content:
            inline.meta["column"] = margin(source, inline.content)
        for name in found.refused:
            place = sheet.places.spot(line, source.rfind(tail[1]))
            message = f"the attribute `{name}` is not allowed"
            sheet.report(place, "attribute", message, "take it out", width=len(tail[1]))
        inline.content = inline.content[: tail.start()].rstrip()


def _identify(state: StateCore) -> None:
    if state.env.get(NO_IDS):
        return
    headings = [
        (opening, inline)
        for opening, inline in zip(state.tokens, state.tokens[1:], strict=False)
        if opening.type == "heading_open"
    ]
    taken = {str(opening.attrs["id"]) for opening, _ in headings if opening.attrs.get("id")}
    repeats: dict[str, int] = {}
    for opening, inline in headings:
        if not opening.attrs.get("id"):
            _name(opening, slug(_text(inline)), taken, repeats)


def _text(inline: Token) -> str:
    """Return a heading's text; pictures count only where there is nothing else."""
    words = plain([child for child in inline.children or () if child.type != "image"])
    return words if words.strip() else plain(inline.children)


def _name(opening: Token, wanted: str, taken: set[str], repeats: dict[str, int]) -> None:
    number = repeats.get(wanted, -1) + 1
    while (name := f"{wanted}-{number}" if number else wanted) in taken:
        number += 1
    repeats[wanted] = number
    taken.add(name)
    opening.attrs["id"] = name
