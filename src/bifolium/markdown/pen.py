"""Tokens written as HTML. Rules add what is special about their tokens with `add_render_rule`."""

from __future__ import annotations

from collections.abc import Sequence

from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict


class Pen(RendererHTML):
    """markdown-it's renderer, with a shorter way for the tokens that are nothing but tags."""

    def renderToken(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Return a token's tag, with the line breaks that CommonMark's examples have."""
        token = tokens[idx]
        if token.hidden:
            return ""
        tag = f"</{token.tag}>" if token.nesting == -1 else f"<{token.tag}{self.renderAttrs(token)}>"
        if not token.block:
            return tag
        before = "\n" if token.nesting != -1 and idx and tokens[idx - 1].hidden else ""
        return before + tag + ("\n" if _breaks_after(tokens, idx) else "")

    @staticmethod
    def renderAttrs(token: Token) -> str:
        """Return a token's attributes, each with a blank before."""
        if not token.attrs:
            return ""
        return "".join(f' {escapeHtml(name)}="{escapeHtml(str(value))}"' for name, value in token.attrs.items())


def _breaks_after(tokens: Sequence[Token], idx: int) -> bool:
    """Return whether a line ends after this block's tag: not before its text, nor in an empty element."""
    token = tokens[idx]
    if token.nesting != 1 or idx + 1 >= len(tokens):
        return True
    following = tokens[idx + 1]
    if following.type == "inline" or following.hidden:
        return False
    return not (following.nesting == -1 and following.tag == token.tag)
