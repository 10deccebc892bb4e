"""A line break between two Chinese or Japanese characters is no blank."""

from __future__ import annotations

from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.newline import newline

from bifolium.markdown.cjk import is_east
from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser

_MARKS = "*_~"


def use(md: Parser, options: MarkdownOptions) -> None:
    """Replace the rule for line breaks; in kramdown, two backslashes at a line's end are one."""
    md.inline.ruler.at("newline", _newline)
    if options.flavour == "kramdown":
        md.inline.add("backslashes", _backslashes, "\\", "escape")


def _backslashes(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith("\\\\\n", state.pos):
        return False
    if not silent:
        state.push("hardbreak", "br", 0)
    state.pos += 3
    while state.pos < state.posMax and state.src[state.pos] in " \t":
        state.pos += 1
    return True


def _newline(state: StateInline, silent: bool) -> bool:
    src, pos = state.src, state.pos
    if src[pos] != "\n":
        return False
    if src[pos - 1] == " " and src[pos - 2 : pos - 1] == " ":
        return newline(state, silent)
    after = pos + 1
    while after < state.posMax and src[after] in " \t":
        after += 1
    if not _between_east(src, pos - 1, after):
        return newline(state, silent)
    if not silent and state.pending.endswith(" "):
        state.pending = state.pending[:-1]
    state.pos = after
    return True


def _between_east(src: str, before: int, after: int) -> bool:
    """Return whether both neighbours are East Asian; marks of emphasis don't count."""
    while before >= 0 and src[before] in _MARKS + " ":
        before -= 1
    while after < len(src) and src[after] in _MARKS:
        after += 1
    if before < 0 or after >= len(src):
        return False
    return bool(is_east(src[before]) and is_east(src[after]))
