"""HTML as kramdown reads it: an element ends at its own closing tag, and blank lines in it mean nothing.

https://kramdown.gettalong.org/syntax.html#html-blocks. Inside it all is HTML, unless it says `markdown="1"`
(blocks, or text in elements such as `<p>`), `"block"` or `"span"`. What follows the closing tag is Markdown again.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import Final, NamedTuple

from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from bifolium.markdown.blocks import INTERRUPTS, BlockState
from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser
from bifolium.markdown.rules.extensions import IN_HTML

_OF_TEXT: Final = frozenset("address caption center dd dt figcaption h1 h2 h3 h4 h5 h6 legend p summary td th".split())
_OF_BLOCKS: Final = frozenset(
    "article aside audio blockquote canvas colgroup details div dl fieldset figure footer form header hgroup iframe "
    "li main menu nav object ol section select svg table tbody tfoot thead tr ul video".split()
)
_NAMES: Final = "|".join(sorted(_OF_TEXT | _OF_BLOCKS))
_TAG = re.compile(rf"""<(/?)({_NAMES})(?=[\s/>])((?:[^<>"']|"[^"]*"|'[^']*')*)>""", re.IGNORECASE)
_RULE: Final = re.compile(r"<hr(?=[\s/>])[^<>]*>", re.IGNORECASE)
_MARKDOWN = re.compile(r"""\s+markdown=["']?(0|1|block|span)["']?""")
_BEGINS_BLOCK: Final = re.compile(rf"\s*(?:<!--.*?-->\s*)*<(?:{_NAMES}|hr|pre)(?=[\s/>])", re.IGNORECASE | re.DOTALL)
_ELEMENTS: Final = "elements"


class Element(NamedTuple):
    """Where an element's content stands, and where its closing tag ends."""

    start: int
    stop: int
    end: int


def use(md: Parser, options: MarkdownOptions) -> None:
    """Add elements, where kramdown is the flavour and HTML is let through."""
    if options.flavour == "kramdown" and options.raw_html:
        md.block.add("html_element", _block, "html_block", starts="<", ends=INTERRUPTS, contains=True)
        md.block.add("html_rule", _rule, "html_block", starts="<", ends=INTERRUPTS)
        md.core.ruler.before("text_join", "html_spans", _clean_spans)


def begins_block(html: str) -> bool:
    """Return whether `html` begins with an element that can't stand in a paragraph."""
    return bool(_BEGINS_BLOCK.match(html))


def _rule(state: StateBlock, start: int, _: int, silent: bool) -> bool:
    """Read `<hr>`: what stands behind it is Markdown."""
    assert isinstance(state, BlockState)
    tag = _RULE.match(state.text(start))
    if not tag or state.is_code_block(start):
        return False
    if not silent:
        _push(state, tag[0], start, start)
        _go_on(state, start, state.bMarks[start] + state.tShift[start] + tag.end())
    return True


def _clean_spans(state: StateCore) -> None:
    """Take `markdown="1"` out of tags within a text: it is Markdown there anyway."""
    if "markdown=" not in state.src:
        return
    for token in state.tokens:
        for child in token.children or ():
            if child.type == "html_inline":
                child.content = _MARKDOWN.sub("", child.content)


def elements_of(src: str) -> dict[int, Element]:
    """Return the elements of `src` that have a closing tag, by the offset of their opening tag."""
    found: dict[int, Element] = {}
    opened: dict[str, list[re.Match[str]]] = {}
    for tag in _TAG.finditer(src):
        name = tag[2].lower()
        if not tag[1] and not tag[3].endswith("/"):
            opened.setdefault(name, []).append(tag)
        elif tag[1] and opened.get(name):
            opening = opened[name].pop()
            found[opening.start()] = Element(opening.end(), tag.start(), tag.end())
    return found


def _block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    assert isinstance(state, BlockState)
    if state.is_code_block(start):
        return False
    if state.env.get(_ELEMENTS, ("", {}))[0] is not state.src:
        state.env[_ELEMENTS] = (state.src, elements_of(state.src))
    pos = state.bMarks[start] + state.tShift[start]
    element: Element | None = state.env[_ELEMENTS][1].get(pos)
    last = bisect_left(state.eMarks, element.end, start) if element else end
    if element is None or last >= end or not _is_one_block(state, start, last):
        return False
    if silent:
        return True
    tag = state.src[pos : element.start]
    mode = _mode(tag, parent=bool(state.env.get(IN_HTML)))
    if mode == "raw":
        _push(state, _text(state, start, last, element.end), start, last)
    else:
        opening = _push(state, _MARKDOWN.sub("", tag), start, last)
        _read(state, start, last, element, mode)
        _push(state, state.src[element.stop : element.end], last, last).meta["opening"] = opening
    _go_on(state, last, element.end)
    return True


def _is_one_block(state: BlockState, start: int, last: int) -> bool:
    """Return whether all lines are in the container that holds the first one."""
    return all(state.isEmpty(line) or state.sCount[line] >= state.blkIndent for line in range(start, last + 1))


def _mode(tag: str, *, parent: bool) -> str:
    """Return how the content of an element is read: raw, block or span."""
    found = _MARKDOWN.search(tag)
    said = found[1] if found else "1" if parent else "0"
    name = re.match(r"<(\w+)", tag)
    if said == "1":
        return "span" if name and name[1].lower() in _OF_TEXT else "block"
    return "raw" if said == "0" else said


def _text(state: BlockState, start: int, last: int, end: int) -> str:
    """Return the lines up to the offset `end`, without the containers' indentation."""
    lines = state.getLines(start, last + 1, state.blkIndent, False)
    return lines[: len(lines) - (state.eMarks[last] - end)]


def _push(state: BlockState, html: str, start: int, last: int) -> Token:
    token = state.push("html_block", "", 0)
    token.content, token.map = html.rstrip("\n") + "\n", [start, last + 1]
    return token


def _read(state: BlockState, start: int, last: int, element: Element, mode: str) -> None:
    """Read an element's content; for that time its lines begin after the opening tag and end before the closing one."""
    first = bisect_left(state.eMarks, element.start, start)
    kept = [(line, _marks(state, line)) for line in {first, last}]
    _begin(state, first, element.start)
    state.eMarks[last] = max(element.stop, state.bMarks[last])
    state.trimmed = True
    if mode == "block":
        state.md.block.tokenize(state, first, last + 1)
    else:
        inline = state.push("inline", "", 0)
        inline.content = state.getLines(first, last + 1, state.blkIndent, False).strip()
        inline.map = [first, last + 1]
        inline.children = []
    for line, marks in kept:
        state.bMarks[line], state.eMarks[line], state.tShift[line], state.sCount[line] = marks


def _marks(state: BlockState, line: int) -> tuple[int, int, int, int]:
    return state.bMarks[line], state.eMarks[line], state.tShift[line], state.sCount[line]


def _begin(state: BlockState, line: int, pos: int) -> None:
    """Let `line` begin at `pos`."""
    blanks = state.skipSpaces(pos) - pos
    state.bMarks[line], state.tShift[line], state.sCount[line] = (
        pos,
        min(blanks, state.eMarks[line] - pos),
        state.blkIndent,
    )


def _go_on(state: BlockState, last: int, end: int) -> None:
    """Go on after an element; what stands behind it on its line begins a block of its own."""
    state.line = last + 1
    if state.src[end : state.eMarks[last]].strip():
        _begin(state, last, end)
        state.line = last
