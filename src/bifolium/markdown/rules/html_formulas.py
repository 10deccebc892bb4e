r"""Formulas in raw HTML: `$…$`, `$$…$$`, `\(…\)` and `\[…\]` in its text, never in a tag, a comment, code or a script.

As elsewhere `$$` is displayed if it has its line, or the whole element, for itself. No formula holds a tag.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Final

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser
from bifolium.markdown.places import margin
from bifolium.markdown.sheet import Sheet, sheet_of

_OPAQUE: Final = "script|style|pre|code|textarea|kbd|samp|svg|math|template|title"
_TEXT: Final = re.compile(
    rf"""
      <!--.*?(?:-->|\Z)
    | <(?P<name>{_OPAQUE})\b(?:[^<>"']|"[^"]*"|'[^']*')*>.*?(?:</(?P=name)\s*>|\Z)
    | <[A-Za-z/!?](?:[^<>"']|"[^"]*"|'[^']*')*>
    | (?P<double>   (?<![\\$])\$\$ (?!\$) (?P<tex2>(?:(?!\$\$|<[A-Za-z/!]).)+?) \$\$ )
    | (?P<single>   (?<![\\$])\$ (?![\s$])  (?P<tex4>(?:[^$\\<\n]|\\[^\n]|<(?![A-Za-z/!]))+?) (?<!\s)\$ (?![\d$]) )
    | (?P<round>    (?<!\\)\\\(          (?P<tex1>(?:(?!\\\(|<[A-Za-z/!]).)+?) \\\) )
    | (?P<square>   (?<!\\)\\\[          (?P<tex3>(?:(?!\\\[|<[A-Za-z/!]).)+?) (?<!\\)\\\] )
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_ALONE_BEFORE: Final = re.compile(r"(?:\A|\n|<[A-Za-z][^<>]*>)[ \t]*\Z")
_ALONE_AFTER: Final = re.compile(r"[ \t]*(?:\Z|\n|</|<br\b)")
_FEW: Final = 200


def use(md: Parser, options: MarkdownOptions) -> None:
    """Add the rule, when HTML is known."""
    if not (options.in_html and options.raw_html):
        return

    def find(state: StateCore) -> None:
        for token in state.tokens:
            if token.type == "html_block" and ("$" in token.content or "\\" in token.content):
                _take(token, sheet_of(state.env), options)

    md.core.ruler.before("raw_links", "html_formulas", find)


def _take(block: Token, sheet: Sheet, options: MarkdownOptions) -> None:
    """Give an HTML block children where it holds formulas: its HTML and they in turn."""
    html = block.content
    done = 0
    parts: list[Token] = []
    for found in _formulas(html, options):
        parts.append(Token("html_inline", "", 0, content=html[done : found.start()], meta={"at": done}))
        parts.append(_formula(block, found, sheet))
        done = found.end()
    if parts:
        parts[0].attrs = block.attrs
        block.children = [*parts, Token("html_inline", "", 0, content=html[done:], meta={"at": done})]


def _formulas(html: str, options: MarkdownOptions) -> Iterator[re.Match[str]]:
    for found in _TEXT.finditer(html):
        kind = found.lastgroup
        brackets = options.brackets
        wanted = {"double": options.double_dollars, "single": options.dollars, "round": brackets, "square": brackets}
        if kind and wanted.get(kind) and _tex(found).strip():
            yield found


def _tex(found: re.Match[str]) -> str:
    return found["tex1"] or found["tex2"] or found["tex3"] or found["tex4"] or ""


def _formula(block: Token, found: re.Match[str], sheet: Sheet) -> Token:
    tex = _tex(found)
    start = found.start() + (1 if found["single"] else 2) + len(tex) - len(tex.lstrip())
    displayed = bool(found["square"]) or (bool(found["double"]) and _is_alone(found))
    token = Token("formula_block" if displayed else "formula", "", 0, block=displayed)
    token.content = unescape(_indented(block, found.string, start, tex.strip(), sheet))
    token.meta = {"place": _spot(block, found.string, start, sheet), "phrase": True}
    return token


def _is_alone(found: re.Match[str]) -> bool:
    """Tell whether nothing else stands on the formula's line, or in its element."""
    before = found.string[max(0, found.start() - _FEW) : found.start()]
    return bool(_ALONE_BEFORE.search(before) and _ALONE_AFTER.match(found.string, found.end()))


def _spot(block: Token, html: str, offset: int, sheet: Sheet) -> tuple[int, int]:
    if "pinned" in block.meta:
        return sheet.places.spot(*block.meta["pinned"])
    number = html.count("\n", 0, offset)
    begun = html.rfind("\n", 0, offset) + 1
    return sheet.places.spot(_line(block) + number, _margin(block, html, number, sheet) + offset - begun)


def _indented(block: Token, html: str, start: int, tex: str, sheet: Sheet) -> str:
    """Return `tex` with blanks before its later lines, so that their columns are the file's."""
    if "pinned" in block.meta:
        return tex
    first, *others = tex.split("\n")
    number = html.count("\n", 0, start) + 1
    return "\n".join([first, *(" " * _margin(block, html, number + n, sheet) + it for n, it in enumerate(others))])


def _margin(block: Token, html: str, number: int, sheet: Sheet) -> int:
    return margin(sheet.places.line(_line(block) + number), html.split("\n")[number])


def _line(block: Token) -> int:
    return block.map[0] if block.map else 0
