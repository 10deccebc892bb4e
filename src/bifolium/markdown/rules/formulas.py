"""Formulas. `$$…$$` is displayed if and only if it is a whole block, as in kramdown; nothing in a formula is Markdown.

In CommonMark, a line that holds `$$` alone, up to another one, is a block wherever it stands: it may end a paragraph.
In kramdown that is so only for what TeX can't set in a line. https://kramdown.gettalong.org/syntax.html#math-blocks
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from typing import Any

from markdown_it.parser_inline import RuleFuncInlineType
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from bifolium.markdown.attributes import attach, read_attributes
from bifolium.markdown.blocks import INTERRUPTS, Blocks, BlockState
from bifolium.markdown.inlines import InlineState
from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser
from bifolium.markdown.rules.code import enclosed
from bifolium.markdown.sheet import Env, holes_of, sheet_of
from bifolium.markdown.tex import Span
from bifolium.math.numbers import is_for_display

_DOLLARS = re.compile(r"\$+")


def use(md: Parser, options: MarkdownOptions) -> None:
    """Add formulas with the delimiters that `options` names."""
    if not options.math:
        return
    starts = "$" * options.double_dollars + "\\" * options.brackets
    if starts:
        whole = options.flavour == "kramdown"
        md.block.add("formula_block", partial(_block, whole=whole), "fence", starts=starts, ends=INTERRUPTS)
    if options.dollars or options.double_dollars:
        rule = _dollars if options.double_dollars else _single
        md.inline.add("formula", _outside_code(rule if options.dollars else _doubled), "$", "escape")
    if options.brackets:
        md.inline.add("formula_brackets", _outside_code(_brackets), "\\", "escape")
    md.add_render_rule("formula", _write)
    md.add_render_rule("formula_block", _write_block)


def _outside_code(rule: RuleFuncInlineType) -> RuleFuncInlineType:
    """Return a rule that finds nothing in `<code>` and its like."""

    def guarded(state: StateInline, silent: bool) -> bool:
        assert isinstance(state, InlineState)
        return not state.code and rule(state, silent)

    return guarded


def _doubled(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith("$$", state.pos):
        return False
    assert isinstance(state, InlineState)
    span = state.formulas.doubled(state.pos, state.posMax)
    if span is not None or silent:
        return _take(state, span, silent)
    run = _DOLLARS.match(state.src, state.pos, state.posMax)
    assert run
    if len(run[0]) == 2 and state.src.find("$$", run.end(), state.posMax) < 0:
        _complain(state)
    state.append_pending(run[0])
    state.pos = run.end()
    return True


def _dollars(state: StateInline, silent: bool) -> bool:
    if state.src.startswith("$$", state.pos):
        return _doubled(state, silent)
    assert isinstance(state, InlineState)
    return _take(state, state.formulas.single(state.pos, state.posMax), silent)


def _single(state: StateInline, silent: bool) -> bool:
    if state.src.startswith("$$", state.pos):
        return False
    assert isinstance(state, InlineState)
    return _take(state, state.formulas.single(state.pos, state.posMax), silent)


def _brackets(state: StateInline, silent: bool) -> bool:
    opening = state.src[state.pos : state.pos + 2]
    if opening not in {"\\(", "\\["}:
        return False
    assert isinstance(state, InlineState)
    return _take(state, state.formulas.bracketed(state.pos, state.posMax), silent, opening)


def _take(state: StateInline, span: Span | None, silent: bool, markup: str = "$") -> bool:
    if span is None:
        return False
    if not silent:
        token = state.push("formula", "", 0)
        token.content = state.src[span.start : span.stop]
        token.markup = "\\[" if state.src[state.pos + 1] == "$" and is_for_display(token.content) else markup
        token.meta["at"] = span.start
    state.pos = span.end
    return True


def _complain(state: StateInline) -> None:
    """Report a `$$` that nothing closes, unless the author has escaped one before."""
    if state.src.find("\\$$", 0, state.pos) >= 0:
        return
    token = state.push("problem", "", 0)
    token.meta |= {"at": state.pos, "width": len("$$")}
    token.content = "`$$` opens a formula that nothing closes"
    token.info = "unclosed-formula"
    token.markup = "close it with `$$`, or write `\\$\\$` for two dollars"


def _block(state: StateBlock, start: int, end: int, silent: bool, *, whole: bool) -> bool:
    """Read a displayed formula; `whole`: one with `$$` must be all of its block."""
    assert isinstance(state, BlockState)
    text = state.text(start)
    opening = text[:2]
    if opening not in {"$$", "\\["} or text.startswith("$$$") or state.is_code_block(start):
        return False
    found = _closing(state, start, end, "$$" if opening == "$$" else "\\]")
    if found is None:
        return False
    last, stop = found
    values = trailing(state.src[stop + 2 : state.eMarks[last]])
    tex = tex_between(state, start, last, (state.bMarks[start] + state.tShift[start] + 2, stop))
    if values is None or not tex.strip():
        return False
    interrupting = opening == "\\[" or (not text[2:].strip() and not (whole and not is_for_display(tex)))
    if not interrupting and (silent or not _ends_block(state, last + 1, end)):
        return False
    if not silent:
        push(state, start, last, tex, values)
    return True


def trailing(text: str) -> dict[str, str] | None:
    """Return the attributes that may stand behind a displayed formula, such as `{#eq:x}`; None if it's other text."""
    bare = text.strip()
    if not bare:
        return {}
    found = read_attributes(bare)
    return found.values if found and found.end == len(bare) and not found.refused else None


def _closing(state: BlockState, start: int, end: int, closing: str) -> tuple[int, int] | None:
    """Return the line and the offset of the first closing delimiter, or None if the container ends before."""
    pos = state.bMarks[start] + state.tShift[start] + 2
    for line in range(start, end):
        if line > start and not _goes_on(state, line, closing):
            return None
        stop = _find(state.src, closing, pos, state.eMarks[line])
        if stop >= 0:
            return line, stop
        pos = state.bMarks[line + 1]
    return None


def _goes_on(state: BlockState, line: int, closing: str) -> bool:
    r"""Return whether `line` can be in a formula. `\[…\]` neither nests nor holds blank lines, so this stays linear."""
    if state.isEmpty(line):
        return closing == "$$"
    if state.sCount[line] < state.blkIndent:
        return False
    return closing == "$$" or not state.text(line).startswith("\\[")


def _find(src: str, closing: str, pos: int, end: int) -> int:
    r"""Return where `closing` stands; the `\\]` of a line break before a bracket is none."""
    stop = src.find(closing, pos, end)
    while closing != "$$" and stop > pos and src[stop - 1] == "\\":
        stop = src.find(closing, stop + 1, end)
    return stop


def _ends_block(state: BlockState, line: int, end: int) -> bool:
    """Return whether a paragraph could not go on with `line`."""
    if line >= end or state.isEmpty(line):
        return True
    outer, state.parentType = state.parentType, "paragraph"
    assert isinstance(state.md.block, Blocks)
    ends = state.md.block.interrupts(state, line, end)
    state.parentType = outer
    return ends


def tex_between(state: BlockState, start: int, last: int, offsets: tuple[int, int]) -> str:
    """Return what stands between two offsets, with blanks for what is before it: columns are then the file's."""
    lines = []
    for line in range(start, last + 1):
        begin = offsets[0] if line == start else state.bMarks[line]
        end = offsets[1] if line == last else state.eMarks[line]
        lines.append(" " * (begin - state.starts[line]) + state.src[begin:end])
    return "\n".join(lines)


def push(state: BlockState, start: int, last: int, tex: str, values: dict[str, str]) -> None:
    """Add the displayed formula `tex`, which `tex_between` gave, with its attributes."""
    token = state.push("formula_block", "", 0)
    token.map = [start, last + 1]
    token.content = tex.strip()
    before = tex[: len(tex) - len(tex.lstrip())]
    column = len(before) - before.rfind("\n") - 1
    token.meta["place"] = sheet_of(state.env).places.spot(start + before.count("\n"), column)
    attach(token, values)
    state.line = last + 1


def _write(_: Any, tokens: Sequence[Token], idx: int, __: Any, env: Env) -> str:
    return holes_of(env).formula(tokens[idx])


def _write_block(_: Any, tokens: Sequence[Token], idx: int, __: Any, env: Env) -> str:
    return enclosed(tokens[idx], holes_of(env).formula(tokens[idx]), without="id") + "\n"
