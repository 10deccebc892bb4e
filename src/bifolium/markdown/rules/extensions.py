"""kramdown's extensions: `{::comment}`, `{::nomarkdown}`, `{::options … /}`, each with `{:/}` at its end.

https://kramdown.gettalong.org/syntax.html#extensions. A comment is not shown;
options without a meaning here are told.
"""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from bifolium.markdown.blocks import INTERRUPTS, BlockState
from bifolium.markdown.inlines import InlineState
from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser
from bifolium.markdown.sheet import Env, sheet_of

_START = re.compile(r"\{::(comment|nomarkdown|options)((?:[ \t]+[^{}\n]*?)?)(/?)\}")
_STOP = {name: re.compile(rf"\{{:/(?:{name})?\}}") for name in ("comment", "nomarkdown", "options")}
_OPTION = re.compile(r"""([\w-]+)=["']([^"']*)["']""")
NO_IDS = "no heading ids"
"""The key in a text's env that `{::options auto_ids="false" /}` sets."""
IN_HTML = "markdown in html"
"""The key that `{::options parse_block_html="true" /}` sets."""


def use(md: Parser, options: MarkdownOptions) -> None:
    """Add the extensions, where kramdown is the flavour."""
    if options.flavour == "kramdown":
        md.block.add("extension", _block, "attributes", starts="{", ends=INTERRUPTS)
        md.inline.add("extension", _inline, "{", "attributes")


def _block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    assert isinstance(state, BlockState)
    text = state.text(start)
    opening = _START.match(text)
    if not opening or state.is_code_block(start):
        return False
    if opening[3]:
        last, content = start, ""
        if text[opening.end() :].strip():
            return False
    else:
        found = _closing(state, start, end, opening)
        if found is None:
            return False
        last, content = found
    if not silent:
        _push_block(state, start, last, opening, content)
    return True


def _closing(state: BlockState, start: int, end: int, opening: re.Match[str]) -> tuple[int, str] | None:
    """Return the line at whose end the closing tag stands, and what stands between; None if something follows it."""
    if state.unclosed.get(opening[1], state.lineMax) <= start:
        return None
    text = state.text(start)[opening.end() :]
    line = start
    while True:
        stop = _STOP[opening[1]].search(text)
        if stop:
            break
        line += 1
        if line >= end or (not state.isEmpty(line) and state.sCount[line] < state.blkIndent):
            if end == state.lineMax:
                state.unclosed[opening[1]] = start
            return None
        text = state.getLines(line, line + 1, state.blkIndent, False)
    if text[stop.end() :].strip():
        return None
    if line == start:
        return line, text[: stop.start()]
    lines = [state.text(start)[opening.end() :], state.getLines(start + 1, line, state.blkIndent, False)]
    return line, "\n".join([*(part for part in lines if part.strip()), text[: stop.start()]])


def _push_block(state: BlockState, start: int, last: int, opening: re.Match[str], content: str) -> None:
    column = state.bMarks[start] + state.tShift[start] - state.starts[start]
    if opening[1] == "options":
        _set(state.env, opening[2], sheet_of(state.env).places.spot(start, column))
    elif opening[1] == "nomarkdown" and content.strip():
        state.tokens.append(_raw(state, "html_block", content.rstrip() + "\n"))
        state.tokens[-1].map = [start, last + 1]
    state.line = last + 1


def _raw(state: BlockState | StateInline, kind: str, content: str) -> Token:
    """Return the token of what is passed through: HTML where it is let through, else text."""
    if state.md.options["html"]:
        return Token(kind, "", 0, content=content, level=state.level)
    return Token("text", "", 0, content=content, level=state.level)


def _set(env: Env, options: str, spot: tuple[int, int]) -> None:
    for name, value in _OPTION.findall(options):
        if name == "auto_ids":
            env[NO_IDS] = value == "false"
        elif name == "parse_block_html":
            env[IN_HTML] = value == "true"
        else:
            sheet_of(env).report(spot, "kramdown-option", f"kramdown's option `{name}` has no effect here")


def _inline(state: StateInline, silent: bool) -> bool:
    opening = _START.match(state.src, state.pos, state.posMax)
    if not opening or opening[1] == "options":
        return False
    assert isinstance(state, InlineState)
    if not opening[3] and opening[1] in state.unclosed:
        return False
    stop = opening if opening[3] else _STOP[opening[1]].search(state.src, opening.end(), state.posMax)
    if not stop:
        if state.posMax == len(state.src):
            state.unclosed.add(opening[1])
        return False
    if not silent and opening[1] == "nomarkdown" and not opening[3]:
        if state.pending:
            state.pushPending()
        state.tokens.append(_raw(state, "html_inline", state.src[opening.end() : stop.start()]))
    state.pos = stop.end()
    return True
