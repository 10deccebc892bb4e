"""kramdown's abbreviations: `*[HTML]: Hypertext Markup Language`, and each HTML of the text is explained."""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from bifolium.markdown.blocks import BlockState
from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser

_DEFINITION = re.compile(r"\*\[([^\[\]\n]{1,60})\]:[ \t]*(.*)")
_START = re.compile(r"(?<![A-Za-z0-9_])\S")  # letters of other scripts end no word, as in Ruby
_LETTER = re.compile(r"[A-Za-z0-9_]")
_KEY = "abbreviations"


def use(md: Parser, options: MarkdownOptions) -> None:
    """Add abbreviations, where kramdown is the flavour."""
    if options.flavour == "kramdown":
        md.block.add("abbreviation", _definition, "list", starts="*", ends=("paragraph", "reference"))
        md.core.ruler.push("abbreviations", _explain)


def _definition(state: StateBlock, start: int, _: int, silent: bool) -> bool:
    assert isinstance(state, BlockState)
    found = _DEFINITION.fullmatch(state.text(start))
    if not found or state.is_code_block(start):
        return False
    if not silent:
        state.env.setdefault(_KEY, {})[found[1]] = found[2].strip()
        state.line = start + 1
    return True


def _explain(state: StateCore) -> None:
    known: dict[str, str] = state.env.get(_KEY, {})
    if not known:
        return
    lengths = sorted({len(word) for word in known}, reverse=True)
    for inline in state.tokens:
        if inline.children:
            inline.children = [part for child in inline.children for part in _parts(child, known, lengths)]


def _parts(token: Token, known: dict[str, str], lengths: list[int]) -> list[Token]:
    """Return a text's parts with its abbreviations as elements; the longest one that fits is taken."""
    if token.type != "text":
        return [token]
    text, parts, done, at = token.content, [], 0, 0
    while begin := _START.search(text, at):
        at = begin.start() + 1
        word = next((text[at - 1 : at - 1 + size] for size in lengths if _is_word(text, at - 1, size, known)), "")
        if word:
            parts += [token.copy(content=text[done : at - 1]), *_element(word, known[word])]
            done = at = at - 1 + len(word)
    return [*parts, token.copy(content=text[done:])] if parts else [token]


def _is_word(text: str, at: int, size: int, known: dict[str, str]) -> bool:
    return text[at : at + size] in known and not _LETTER.match(text, at + size)


def _element(word: str, meaning: str) -> list[Token]:
    opening = Token("abbr_open", "abbr", 1, attrs={"title": meaning} if meaning else {})
    return [opening, Token("text", "", 0, content=word), Token("abbr_close", "abbr", -1)]
