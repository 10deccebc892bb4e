"""On which line each block of a text stands, for a preview whose reader points to one."""

from __future__ import annotations

import re
from typing import NamedTuple

from markdown_it.token import Token

from bifolium.markdown.dialect import dialect
from bifolium.markdown.liquid import Liquid
from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.places import Places
from bifolium.markdown.sheet import Env, Holes, Sheet

_OTHERS = re.compile(r"\W+")


class Block(NamedTuple):
    """A block: the line of the file that it begins on, and its words."""

    line: int
    words: str


def blocks(text: str, first_line: int, options: MarkdownOptions, liquid: Liquid) -> list[Block]:
    """Return the blocks of `text` that hold words, code or formulas, in order."""
    parser = dialect(options)
    env: Env = {"sheet": Sheet(Places(text, first_line)), "holes": Holes(), "liquid": liquid}
    tokens = (token for token in parser.parse(text, env) if token.map)
    shown = ((token, _seen(token)) for token in tokens)
    return [Block(first_line + token.map[0], words) for token, words in shown if token.map and words.strip()]


def line_of(words: str, found: list[Block]) -> int | None:
    """Return the line of the block whose words are most like `words`, as a reader sees them; None if none is."""
    wanted = _letters(words)
    ranked = sorted(found, key=lambda block: _likeness(_letters(block.words), wanted), reverse=True)
    return ranked[0].line if ranked and _likeness(_letters(ranked[0].words), wanted)[0] else None


def _seen(token: Token) -> str:
    """Return what a page shows of a token in letters: formulas are drawn."""
    parts = token.children or (token,)
    return "".join(part.content for part in parts if part.type in {"text", "text_special", "code_inline", "fence"})


def _letters(words: str) -> str:
    return _OTHERS.sub("", words)


def _likeness(one: str, other: str) -> tuple[int, int]:
    """Return how much two texts have in common from their beginnings; the nearer in length, the more alike."""
    common = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return common, -abs(len(one) - len(other))
