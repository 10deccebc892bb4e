"""Definition lists, read by mdit-py-plugins; only `:` begins a definition: `~ 5 km` in prose does not."""

from __future__ import annotations

from functools import partial

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin

from bifolium.markdown.blocks import Blocks, BlockState
from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser

_reader = MarkdownIt().use(deflist_plugin).block.ruler
_deflist = _reader.getRules("")[_reader.get_active_rules().index("deflist")]


def use(md: Parser, options: MarkdownOptions) -> None:
    """Add definition lists; in kramdown, several lines before a definition are as many terms."""
    rule = partial(_block, several=options.flavour == "kramdown")
    md.block.add("deflist", rule, "paragraph", ends=("paragraph", "reference", "blockquote"), contains=True)


def _block(state: StateBlock, start: int, end: int, silent: bool, several: bool) -> bool:
    assert isinstance(state, BlockState)
    if not state.has_definitions:
        return False
    if silent:
        return state.ddIndent >= 0 and _is_definition(state, start) and _deflist(state, start, end, silent)
    last = _last_term(state, start, end) if several else start
    line = last + 1
    if line < end and state.isEmpty(line):
        line += 1
    if line >= end or not _is_definition(state, line):
        return False
    before = len(state.tokens)
    if not _deflist(state, last, end, silent):
        return False
    opening, *term = state.tokens[before : before + 4]
    if last > start and opening.map:
        opening.map = [start, opening.map[1]]
        more = [token for line in range(start, last) for token in _term(state, line, term)]
        state.tokens[before + 1 : before + 1] = more
    return True


def _last_term(state: BlockState, start: int, end: int) -> int:
    """Return the last line of text above a definition if only lines of plain text stand between, else `start`."""
    line = start + 1
    while line < end and not state.isEmpty(line) and not state.is_code_block(line):
        if _is_definition(state, line):
            return line - 1
        if state.sCount[line] < state.blkIndent or _begins_other(state, line, end):
            return start
        line += 1
    return line - 1 if line + 1 < end and state.isEmpty(line) and _is_definition(state, line + 1) else start


def _begins_other(state: BlockState, line: int, end: int) -> bool:
    """Return whether `line` begins another kind of block."""
    outer, state.parentType = state.parentType, "paragraph"
    assert isinstance(state.md.block, Blocks)
    begins = state.md.block.interrupts(state, line, end)
    state.parentType = outer
    return begins


def _term(state: BlockState, line: int, tokens: list[Token]) -> list[Token]:
    """Return the tokens of the term on `line`, made like those of another one."""
    inline = tokens[1].copy(content=state.text(line).strip(), map=[line, line + 1], children=[])
    return [tokens[0].copy(map=[line, line + 1]), inline, tokens[2].copy()]


def _is_definition(state: BlockState, line: int) -> bool:
    pos = state.bMarks[line] + state.tShift[line]
    return state.src.startswith(":", pos) and state.src[pos + 1 : pos + 2].isspace()
