"""Pictures side by side: a paragraph of nothing but pictures, or a headless table of them, is a row of figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser
from bifolium.markdown.rules.images import figure, is_picture

_BETWEEN = frozenset(("softbreak", "hardbreak"))
_TABLE = frozenset(("tbody_open", "tbody_close", "tr_open", "tr_close", "td_open", "td_close", "inline"))


def use(md: Parser, _: MarkdownOptions) -> None:
    """Add the rule, when all pictures have their attributes."""
    md.core.ruler.after("linked_pictures", "picture_rows", _arrange)


def _arrange(state: StateCore) -> None:
    tokens = state.tokens
    if sum(token.type == "image" for it in tokens if it.children for token in it.children) < 2:
        return
    for opening, inline, closing in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if opening.type == "paragraph_open" and not opening.hidden and _is_row(inline):
            _make_row(opening, inline, closing)
    state.tokens = list(_without_tables(tokens))


def _is_row(inline: Token) -> bool:
    """Tell whether a text is several pictures, each alone or in a link, and nothing else."""
    parts = list(_parts(inline.children or []))
    return len(parts) > 1 and all(map(is_picture, parts))


def _parts(children: Iterable[Token]) -> Iterator[list[Token]]:
    """Yield the elements at the top of a text, without the breaks and blanks between them."""
    part: list[Token] = []
    for child in children:
        if not part and (child.type in _BETWEEN or (child.type == "text" and not child.content.strip())):
            continue
        part.append(child)
        if sum(it.nesting for it in part) == 0:
            yield part
            part = []


def _make_row(opening: Token, inline: Token, closing: Token) -> None:
    opening.tag = closing.tag = "div"
    opening.attrJoin("class", "pictures")
    parts = list(_parts(inline.children or []))
    inline.children = [figure(part, len(parts)) for part in parts]


def _without_tables(tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield `tokens` with rows in place of tables of pictures."""
    waiting: list[Token] = []
    for token in tokens:
        if token.type == "table_open" or waiting:
            waiting.append(token)
        if token.type == "table_close":
            yield from _rows(waiting) if _is_gallery(waiting[1:-1]) else waiting
            waiting = []
        elif not waiting:
            yield token
    yield from waiting


def _is_gallery(inside: Sequence[Token]) -> bool:
    texts = [list(_parts(token.children or [])) for token in inside if token.type == "inline"]
    whole = all(len(parts) == 1 and is_picture(parts[0]) for parts in texts)
    return len(texts) > 1 and whole and all(token.type in _TABLE for token in inside)


def _rows(table: Sequence[Token]) -> Iterator[Token]:
    cells = sum(token.type == "td_open" for token in table) // sum(token.type == "tr_open" for token in table)
    for token in table:
        if token.type in {"tr_open", "tr_close"}:
            opens = token.nesting == 1
            row = Token("row_open" if opens else "row_close", "div", token.nesting, block=True)
            if opens:
                row.attrJoin("class", "pictures")
            yield row
        elif token.type == "inline":
            token.children = [figure(part, cells) for part in _parts(token.children or [])]
            yield token
