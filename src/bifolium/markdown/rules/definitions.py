"""Definition lists, read by mdit-py-plugins; only `:` begins a definition: `~ 5 km` in prose does not."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from mdit_py_plugins.deflist import deflist_plugin

from bifolium.markdown.blocks import BlockState
from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser

_reader = MarkdownIt().use(deflist_plugin).block.ruler
_deflist = _reader.getRules("")[_reader.get_active_rules().index("deflist")]


def use(md: Parser, _: MarkdownOptions) -> None:
    """Add definition lists."""
    md.block.add("deflist", _block, "paragraph", ends=("paragraph", "reference", "blockquote"), contains=True)


def _block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    assert isinstance(state, BlockState)
    if silent:
        return state.ddIndent >= 0 and _is_definition(state, start) and _deflist(state, start, end, silent)
    line = start + 1
    if line < end and state.isEmpty(line):
        line += 1
    return line < end and _is_definition(state, line) and _deflist(state, start, end, silent)


def _is_definition(state: BlockState, line: int) -> bool:
    return state.src.startswith(":", state.bMarks[line] + state.tShift[line])
