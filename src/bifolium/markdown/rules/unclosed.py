"""HTML that would hide the rest of the page, because nothing closes it, is shown as text and told: `x <script> y`.

Browsers take all that follows such a tag, or a `<!--`, for its content. CommonMark lets a block of it go on to the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Final, NamedTuple

from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.html_block import html_block
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from bifolium.markdown.blocks import INTERRUPTS, BlockState
from bifolium.markdown.inlines import InlineState
from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser
from bifolium.markdown.sheet import Sheet, sheet_of

TEXTUAL: Final = "script|style|textarea|title|xmp|iframe|noscript|noembed|noframes"
"""Elements in which browsers see no tags but their own end."""
_HIDING: Final = f"{TEXTUAL}|template|select"
_COMMENT: Final = "<!--"
_MAY_HIDE: Final = re.compile(rf"<(?:!--|(?:{_HIDING})[\s/>])", re.IGNORECASE)
_OPENING: Final = re.compile(
    r"""<(?:!--|([a-z][a-z0-9-]*)(?=[\s/>])(?:[^<>"'\0]|"[^"\0]*"|'[^'\0]*')*>)""", re.IGNORECASE
)
_CLOSING: Final = re.compile(rf"</({_HIDING})(?=[\s/>])|-->", re.IGNORECASE)
_BLOCK: Final = re.compile(r"<(?:!--|(script|style|textarea)(?=[\s>]|\Z))", re.IGNORECASE)
_LAST: Final = "last ends of HTML"
_IN_A_LINE: Final = re.compile(
    r"</?(?:a|abbr|acronym|b|bdo|big|br|button|cite|code|del|dfn|em|font|i|img|input|ins|kbd|label|mark|q|ruby|samp|"
    r"select|small|span|strong|sub|sup|time|tt|u|var)(?=[\s/>])",
    re.IGNORECASE,
)


class _Piece(NamedTuple):
    """A token with HTML, the line of the block that it stands in, and where it begins in the HTML of its `_Stretch`."""

    token: Token
    line: int
    start: int


_Stretch = list[_Piece]
"""The pieces among which an element's two tags must stand: those of one paragraph, or all blocks of HTML."""


def use(md: Parser, options: MarkdownOptions) -> None:
    """Add the rules where HTML is let through."""
    if options.raw_html:
        in_a_line = _IN_A_LINE if options.flavour == "kramdown" else None
        md.block.ruler.at("html_block", partial(_block, in_a_line=in_a_line), {"alt": list(INTERRUPTS)})
        md.inline.add("unclosed_comment", _comment, "<", "html_inline")
        md.core.ruler.before("html_formulas" if options.in_html else "raw_links", "unclosed", _show)


def _block(state: StateBlock, start: int, end: int, silent: bool, *, in_a_line: re.Pattern[str] | None) -> bool:
    """Read what CommonMark calls a block of HTML, unless nothing closes it, or in kramdown it belongs into a line."""
    assert isinstance(state, BlockState)
    text = state.text(start)
    if in_a_line and in_a_line.match(text):
        return False
    opening = _BLOCK.match(text)
    if opening and state.bMarks[start] > _last_ends(state).get(_name(opening), -1):
        return False
    return html_block(state, start, end, silent)


def _last_ends(state: BlockState) -> dict[str, int]:
    """Return where each element ends for the last time."""
    if state.env.get(_LAST, ("", {}))[0] is not state.src:
        state.env[_LAST] = (state.src, _ends(state.src))
    ends: dict[str, int] = state.env[_LAST][1]
    return ends


def _ends(html: str) -> dict[str, int]:
    return {_name(found): found.start() for found in _CLOSING.finditer(html)}


def _name(found: re.Match[str]) -> str:
    """Return the name of the element that a tag belongs to; comments have none."""
    return (found[1] or "").lower()


def _comment(state: StateInline, silent: bool) -> bool:
    """Tell of a `<!--` in a text that nothing closes."""
    assert isinstance(state, InlineState)
    if not state.src.startswith(_COMMENT, state.pos):
        return False
    if _COMMENT not in state.unclosed and state.src.find("-->", state.pos + 2) >= 0:
        return False
    state.unclosed.add(_COMMENT)
    if not silent:
        token = state.push("problem", "", 0)
        token.meta = {"at": state.pos, "width": len(_COMMENT)}
        token.info, (token.content, token.markup) = "unclosed-html", _told("")
        state.append_pending(_COMMENT)
    state.pos += len(_COMMENT)
    return True


def _show(state: StateCore) -> None:
    """Turn opening tags that nothing closes into text."""
    if not _MAY_HIDE.search(state.src):
        return
    sheet = sheet_of(state.env)
    for pieces in _stretches(state.tokens):
        html = "\0".join(piece.token.content for piece in pieces)
        at = len(pieces) - 1
        for found in reversed(list(_unclosed(html))):
            while pieces[at].start > found.start():
                at -= 1
            _tell(pieces[at], found, sheet)


def _stretches(tokens: list[Token]) -> Iterator[_Stretch]:
    yield _stretch((token, token.map) for token in tokens if token.type == "html_block")
    for inline in tokens:
        if inline.children:
            yield _stretch((child, inline.map) for child in inline.children if child.type == "html_inline")


def _stretch(tokens: Iterable[tuple[Token, list[int] | None]]) -> _Stretch:
    pieces: _Stretch = []
    start = 0
    for token, lines in tokens:
        pieces.append(_Piece(token, lines[0] if lines else 0, start))
        start += len(token.content) + 1
    return pieces


def _unclosed(html: str) -> Iterator[re.Match[str]]:
    """Yield the opening tags that hide what follows them to the end."""
    last, at = _ends(html), 0
    while found := _OPENING.search(html, at):
        at, name = found.end(), _name(found)
        if (name and not _MAY_HIDE.match(found[0])) or found[0].endswith("/>"):
            continue
        begins = at - len("--")  # `<!-->` is a whole comment
        if last.get(name, -1) < begins:
            yield found
        elif name not in {"template", "select"}:
            at = next(end.end() for end in _CLOSING.finditer(html, begins) if _name(end) == name)


def _tell(piece: _Piece, found: re.Match[str], sheet: Sheet) -> None:
    """Make an opening tag text, and tell so at its place."""
    token, offset = piece.token, found.start() - piece.start
    if token.type == "html_block":
        spot = sheet.places.of(token).spot(offset)
        token.content = f"{token.content[:offset]}&lt;{token.content[offset + 1 :]}"
    else:
        spot = token.meta.get("place") or sheet.places.spot(piece.line, 0)
        token.type = "text"
    sheet.report(spot, "unclosed-html", *_told(_name(found)), width=len(found[0].split("\n")[0]))


def _told(name: str) -> tuple[str, str]:
    """Return what is wrong with an opening tag, and what to do."""
    if not name:
        return "nothing closes this comment: it is shown as text", "close it with `-->`"
    return f"nothing closes `<{name}>`: it is shown as text", f"close it with `</{name}>`, or write `` `<{name}>` ``"
