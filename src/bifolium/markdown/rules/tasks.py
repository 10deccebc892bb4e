"""Task lists: `- [x] done`. markdown-it's own rule finds them; here each box gets its text as a label."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser


def use(md: Parser, _: MarkdownOptions) -> None:
    """Switch task lists on."""
    md.options["tasklists"] = True
    md.core.ruler.push("tasks", _label)
    md.add_render_rule("list_item_open", _write_item)
    md.add_render_rule("task", _write_box)


def _label(state: StateCore) -> None:
    tokens = state.tokens
    for item, _, inline in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if item.type != "list_item_open" or "checked" not in item.meta:
            continue
        box = Token("task", "", 0, meta=item.meta)
        if inline.type == "inline":
            label = [Token("label_open", "label", 1), box, *(inline.children or ()), Token("label_close", "label", -1)]
            inline.children = label
        else:
            item.children = [box]


def _write_item(pen: Any, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
    """Write a list item's tag; a box that no text of its own follows is written right here."""
    html: str = pen.renderToken(tokens, idx, options, env)
    return html + pen.renderInline(tokens[idx].children, options, env) if tokens[idx].children else html


def _write_box(_: Any, tokens: Sequence[Token], idx: int, __: Any, ___: Any) -> str:
    return f'<input type="checkbox" disabled{" checked" if tokens[idx].meta["checked"] else ""}> '
