"""The words of a text without their markup: for alternative texts, ids and the outline."""

from __future__ import annotations

from collections.abc import Sequence

from markdown_it.token import Token

from bifolium.math.readable import readable


def spoken(tokens: Sequence[Token] | None) -> str:
    """Return the text of inline tokens for readers who see no formulas, as in alternative texts."""
    formulas = (token.type == "formula" for token in tokens or ())
    return plain([_spoken(token) for token in tokens or ()] if any(formulas) else tokens)


def _spoken(token: Token) -> Token:
    return token.copy(content=readable(token.content)) if token.type == "formula" else token


def plain(tokens: Sequence[Token] | None) -> str:
    """Return the text of inline tokens; a formula is its TeX, a picture its alternative text."""
    out: list[str] = []
    for token in tokens or ():
        match token.type:
            case "text" | "text_special" | "code_inline" | "formula" | "reference":
                out.append(token.content)
            case "softbreak" | "hardbreak":
                out.append(" ")
            case "image":
                out.append(plain(token.children))
    return "".join(out)


def prose(tokens: Sequence[Token] | None) -> str:
    """Return the text of inline tokens without code, formulas and pictures: what a reader reads."""
    return "".join(
        token.content if token.type == "text" else " "
        for token in tokens or ()
        if token.type in {"text", "softbreak", "hardbreak", "code_inline", "formula"}
    )
