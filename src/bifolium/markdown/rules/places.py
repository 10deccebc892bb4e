"""Give every link, picture, formula and problem within a paragraph its line and column in the file."""

from __future__ import annotations

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser
from bifolium.markdown.sheet import Sheet, sheet_of


def use(md: Parser, _: MarkdownOptions) -> None:
    """Add the rule, right after paragraphs are parsed."""
    md.core.ruler.before("text_join", "places", _find)


def _find(state: StateCore) -> None:
    sheet = sheet_of(state.env)
    for inline in state.tokens:
        if inline.type == "inline" and inline.children and any("at" in child.meta for child in inline.children):
            inline.children = _placed(sheet, inline, inline.children)


def _placed(sheet: Sheet, inline: Token, children: list[Token]) -> list[Token]:
    """Return `children` with their places noted; those that stand for a problem are reported and left out."""
    places = sheet.places.of(inline)
    kept = []
    for child in children:
        at = child.meta.get("at")
        if at is not None:
            child.meta["place"] = places.spot(at)
            child.meta["width"] = places.width(at, child.meta.get("width", 1))
        if child.type == "problem":
            sheet.report(child.meta["place"], child.info, child.content, child.markup, width=child.meta["width"])
            continue
        if child.type == "formula" and "\n" in child.content:
            child.content = places.indented(child.content, child.meta["at"])
        kept.append(child)
    return kept
