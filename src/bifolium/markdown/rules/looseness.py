"""Whether the text of a list's item is a paragraph: kramdown decides that item by item, CommonMark for the whole list.

An item that begins with a text and has no blank line right below it holds that text alone, without a paragraph. The
last item does as the others do; what follows the first text of an item is in paragraphs always. For a definition, a
blank line above it counts.
https://kramdown.gettalong.org/syntax.html#lists
"""

from __future__ import annotations

from typing import Final

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser
from bifolium.markdown.rules.kramdown_lists import ENDED

_LISTS: Final = {
    "bullet_list_open": "bullet_list_close",
    "ordered_list_open": "ordered_list_close",
    "dl_open": "dl_close",
}
_ITEMS: Final = frozenset(("list_item_open", "dd_open"))

Item = list[int]
"""An item, as the places of its blocks among the tokens."""


def use(md: Parser, options: MarkdownOptions) -> None:
    """Add the rule, where kramdown is the flavour."""
    if options.flavour == "kramdown":
        md.core.ruler.after("kramdown_lists", "looseness", _decide)


def _decide(state: StateCore) -> None:
    if not any(token.type in _LISTS for token in state.tokens):
        return
    blank = [not line.strip(" \t>") for line in state.src.split("\n")]
    ended: frozenset[int] = state.env.get(ENDED, frozenset())
    for items in _lists(state.tokens):
        if any("pinned" in state.tokens[at].meta for at in items[0]):
            continue  # a snippet's lines are not the text's
        blocks = [[state.tokens[at] for at in item] for item in items]
        if any(item and state.tokens[item[0] - 1].type == "dd_open" for item in items):
            tight = [_is_right_below(item, blank) for item in blocks]
        else:
            tight = _tight(blocks, blank, ended)
        for item, is_tight in zip(items, tight, strict=True):
            _hide(state.tokens, item, is_tight)


def _is_right_below(blocks: list[Token], blank: list[bool]) -> bool:
    """Return whether no blank line stands above a definition."""
    lines = blocks[0].map if blocks else None
    return lines is not None and not blank[lines[0] - 1]


def _tight(items: list[list[Token]], blank: list[bool], ended: frozenset[int]) -> list[bool]:
    """Return which items of a list hold no paragraph; the last one does as the others do."""
    tight = [_is_tight(item, blank, ended, is_last=item is items[-1]) for item in items]
    if len(items) > 1 and not any(map(_holds_no_paragraph, items[:-1], tight)):
        tight[-1] = False
    return tight


def _is_tight(blocks: list[Token], blank: list[bool], ended: frozenset[int], *, is_last: bool) -> bool:
    """Return whether no blank line stands below an item's first text; one below the whole list doesn't count."""
    if not blocks or blocks[0].type != "paragraph_open" or not blocks[0].map:
        return False
    line = blocks[0].map[1]
    if line >= len(blank) or not blank[line]:
        return True
    if not is_last or len(blocks) > 1:
        return False
    while line < len(blank) and blank[line]:
        line += 1
    return line not in ended


def _holds_no_paragraph(blocks: list[Token], is_tight: bool) -> bool:
    return is_tight or not blocks or blocks[0].type != "paragraph_open"


def _hide(tokens: list[Token], item: Item, is_tight: bool) -> None:
    """Hide the tags of an item's first paragraph if it is tight, and show those of the others."""
    for at in item:
        if tokens[at].type == "paragraph_open":
            tokens[at].hidden = tokens[at + 2].hidden = is_tight and at == item[0]


def _lists(tokens: list[Token]) -> list[list[Item]]:
    """Return the items of each list."""
    found: list[list[Item]] = []
    opened: list[list[Item]] = []
    containers: list[str] = []
    for at, token in enumerate(tokens):
        if token.nesting == -1:
            containers.pop()
            if token.type in _LISTS.values():
                found.append(opened.pop())
            continue
        if containers and containers[-1] in _ITEMS and token.type != "attributes":
            opened[-1][-1].append(at)
        if token.nesting == 1:
            containers.append(token.type)
        if token.type in _LISTS:
            opened.append([])
        elif token.type in _ITEMS:
            opened[-1].append([])
    return found
