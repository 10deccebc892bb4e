"""Attributes after a link, a picture, code or emphasis, and on a line of their own for the block before or after.

kramdown's inline attribute lists: https://kramdown.gettalong.org/syntax.html#inline-attribute-lists
"""

from __future__ import annotations

import re
from functools import partial

from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from bifolium.markdown.attributes import Attributes, attach, read_attributes, read_named
from bifolium.markdown.blocks import INTERRUPTS, BlockState
from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser
from bifolium.markdown.sheet import Sheet, sheet_of

_BEFORE = ")]`*_~>"
_WORDS = frozenset(("toc",))
_TAG = re.compile(r"<(/?)([A-Za-z][\w-]*)")
_VOID = frozenset(("br", "img", "input", "wbr"))


def use(md: Parser, options: MarkdownOptions) -> None:
    """Add attributes to blocks and spans; lists of them have names where kramdown is the flavour."""
    named = options.flavour == "kramdown"
    md.block.add("attributes", partial(_line, named=named), "fence", starts="{", ends=INTERRUPTS)
    md.inline.add("attributes", partial(_braces, named=named), "{", "escape")
    if named:
        md.block.add("named_attributes", _definition, "attributes", starts="{", ends=INTERRUPTS)
        md.core.ruler.before("inline", "item_attributes", _take_items)
    md.core.ruler.before("inline", "block_attributes", _attach_blocks)
    md.core.ruler.before("text_join", "span_attributes", _attach_spans)


def _line(state: StateBlock, start: int, _: int, silent: bool, named: bool) -> bool:
    assert isinstance(state, BlockState)
    text = state.text(start).rstrip()
    if not text.endswith("}") or state.is_code_block(start):
        return False
    found = read_attributes(text)
    if found is None or found.end != len(text) or not _is_one(found, text, named):
        return False
    if not silent:
        token = state.push("attributes", "", 0)
        token.hidden = True
        token.map = [start, start + 1]
        column = state.bMarks[start] + state.tShift[start] - state.starts[start]
        token.meta = {"attributes": found, "place": sheet_of(state.env).places.spot(start, column), "width": len(text)}
        behind_html = "<" in state.src[state.starts[start] : state.bMarks[start]]
        token.info = "after" if behind_html or (start and not state.isEmpty(start - 1)) else "before"
        state.line = start + 1
    return True


def _braces(state: StateInline, silent: bool, named: bool) -> bool:
    if not state.pos or state.src[state.pos - 1] not in _BEFORE:
        return False
    found = read_attributes(state.src, state.pos)
    if found is None or found.end > state.posMax or not _is_one(found, state.src[state.pos : found.end], named):
        return False
    if not silent:
        token = state.push("attributes", "", 0)
        token.content = state.src[state.pos : found.end]
        token.meta = {"attributes": found, "at": state.pos, "width": found.end - state.pos}
    state.pos = found.end
    return True


def _is_one(found: Attributes, text: str, named: bool) -> bool:
    """Return whether braces are an attribute list: with names, the colon is needed; without, only `toc` is a word."""
    return text.startswith("{:") if named else found.words <= _WORDS


def _definition(state: StateBlock, start: int, _: int, silent: bool) -> bool:
    assert isinstance(state, BlockState)
    found = read_named(state.text(start))
    if found is None or state.is_code_block(start):
        return False
    if not silent:
        sheet = sheet_of(state.env)
        sheet.attributes[found[0]] = found[1]
        column = state.bMarks[start] + state.tShift[start] - state.starts[start]
        _refuse(found[1], sheet.places.spot(start, column), sheet, len(state.text(start)))
        state.line = start + 1
    return True


def _take_items(state: StateCore) -> None:
    """Give an item or a definition the attributes that its text begins with, as in `* {:.done} water`."""
    for item, _, inline in zip(state.tokens, state.tokens[1:], state.tokens[2:], strict=False):
        if item.type in {"list_item_open", "dd_open"} and inline.content.startswith("{:"):
            found = read_attributes(inline.content)
            if found:
                attach(item, found.values)
                inline.content = inline.content[found.end :].lstrip(" \t")


def _attach_spans(state: StateCore) -> None:
    sheet = sheet_of(state.env)
    for inline in state.tokens:
        if inline.children and any(child.type == "attributes" for child in inline.children):
            _attach_children(inline.children, sheet)


def _attach_children(children: list[Token], sheet: Sheet) -> None:
    """Give attributes to the element that ends right before them; where none does, they are text."""
    openers: list[Token] = []
    tags: list[Token] = []
    ended: Token | None = None
    for child in children:
        if child.type == "attributes":
            if ended is None:
                child.type = "text"
            else:
                _give(ended, child, sheet)
            continue
        if child.type == "html_inline":
            ended = _element(child, tags)
            continue
        if child.type == "text" and not child.content:
            continue  # the second half of a `**`
        if child.nesting == 1:
            openers.append(child)
        closes = child.nesting == -1 and openers
        ended = openers.pop() if closes else child if child.type in {"image", "code_inline"} else None
    children[:] = [child for child in children if child.type != "attributes"]


def _element(tag: Token, opened: list[Token]) -> Token | None:
    """Return the tag that opens the HTML element that ends with `tag`; `opened` are those that may be closed yet."""
    found = _TAG.match(tag.content)
    if not found:
        return None
    if not found[1]:
        opened.append(tag)
        return tag if found[2].lower() in _VOID else None
    while opened:
        opening = opened.pop()
        if opening.content[1 : 1 + len(found[2])].lower() == found[2].lower():
            return opening
    return None


def _attach_blocks(state: StateCore) -> None:
    """Give a line of attributes to the block that ends right before it, else to the next one."""
    if not any(token.type == "attributes" for token in state.tokens):
        return
    sheet = sheet_of(state.env)
    ends = _Ends()
    waiting: list[Token] = []
    for token in state.tokens:
        if token.type == "attributes":
            if token.info == "after" and ends.last is not None:
                _give(ends.last, token, sheet)
            else:
                waiting.append(token)
        elif token.type != "inline":
            if token.nesting >= 0:
                for attributes in waiting:
                    _give(token, attributes, sheet)
                waiting = []
            ends.move_over(token)
    state.tokens = [token for token in state.tokens if token.type != "attributes"]


class _Ends:
    """The blocks around a place among the tokens, and the `last` one, if it ends right there."""

    def __init__(self) -> None:
        self.last: Token | None = None
        self._around: list[Token] = []

    def move_over(self, token: Token) -> None:
        """Go on to behind `token`, which begins a block, ends one, or is one."""
        if token.nesting == 1:
            self._around.append(token)
            self.last = None
            return
        closes = token.nesting == -1 and self._around
        self.last = self._around.pop() if closes else token.meta.get("opening", token)
        if self.last and self.last.hidden and self._around:
            self.last = self._around[-1]


def _give(target: Token, token: Token, sheet: Sheet) -> None:
    found: Attributes = token.meta["attributes"]
    for word in sorted(found.words - _WORDS):
        if word in sheet.attributes:
            attach(target, sheet.attributes[word].values)
        else:
            message, hint = f"no attributes have the name `{word}`", f"define them: `{{:{word}: .class}}`"
            sheet.report(token.meta["place"], "attribute", message, hint)
    attach(target, found.values)
    if "toc" in found.words:
        target.meta["toc"] = True
    _refuse(found, token.meta["place"], sheet, token.meta["width"])


def _refuse(found: Attributes, place: tuple[int, int], sheet: Sheet, width: int) -> None:
    for name in found.refused:
        message = f"the attribute `{name}` is not allowed"
        sheet.report(place, "attribute", message, "take it out", width=width)
