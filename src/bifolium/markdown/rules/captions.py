"""Captions of tables: `{: caption="Tides of *February*"}` under a table. Pictures have theirs as titles, code too."""

from __future__ import annotations

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser


def use(md: Parser, _: MarkdownOptions) -> None:
    """Add the rule, after blocks have their attributes and before their texts are read."""
    md.core.ruler.before("inline", "captions", _caption)


def _caption(state: StateCore) -> None:
    if not any("caption" in token.attrs for token in state.tokens):
        return
    kept: list[Token] = []
    for token in state.tokens:
        kept.append(token)
        caption = str(token.attrs.pop("caption", ""))
        if caption and token.type == "table_open":
            line = token.map[1] if token.map else 0
            inline = Token("inline", "", 0, content=caption, map=[line, line + 1], children=[], block=True)
            kept += [
                Token("caption_open", "caption", 1, block=True), inline,
                Token("caption_close", "caption", -1, block=True),
            ]  # fmt: skip
    state.tokens = kept
