"""Raw HTML: `<a name="x"/>` is closed, because HTML knows no such tag and would swallow the rest of the page.

What stands in `<code>` and its like in a paragraph is noted as code, which holds no formulas.
"""

from __future__ import annotations

import re

from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.html_inline import html_inline

from bifolium.markdown.inlines import InlineState
from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser
from bifolium.markdown.rules.unclosed import TEXTUAL

_SELF_CLOSED = re.compile(
    rf"<(a|span|div|p|i|b|em|strong|video|audio|template|select|{TEXTUAL})((?:\s[^<>]*?)?)\s*/>", re.IGNORECASE
)
_CODE = re.compile(r"<(?P<end>/?)(?P<name>code|kbd|pre|samp|script|style|textarea)\b", re.IGNORECASE)
_KEPT = re.compile(r"\s*<(?:!--|(?:script|style|pre|textarea)\b(?![^<>]*/>))", re.IGNORECASE)


def use(md: Parser, options: MarkdownOptions) -> None:
    """Close the tags that only look closed."""
    md.inline.ruler.at("html_inline", _unless_quoted if options.flavour == "kramdown" else _inline)
    md.core.ruler.push("raw_html", _close_blocks)


def _unless_quoted(state: StateInline, silent: bool) -> bool:
    """Read a tag; `<<word>>` is a word between quotation marks in kramdown."""
    return not state.src.startswith("<<", state.pos - 1) and _inline(state, silent)


def _inline(state: StateInline, silent: bool) -> bool:
    level = state.linkLevel
    if not html_inline(state, silent):
        return False
    if not silent:
        _note_code(state)
        if state.tokens[-1].content.endswith("/>"):
            state.linkLevel = level
            state.tokens[-1].content = _closed(state.tokens[-1].content)
    return True


def _note_code(state: StateInline) -> None:
    """Note that a tag opens or closes what holds code."""
    assert isinstance(state, InlineState)
    tag = _CODE.match(state.tokens[-1].content)
    if tag and not state.code and not tag["end"] and not tag.string.endswith("/>"):
        state.code = tag["name"].lower()
    elif tag and tag["end"] and tag["name"].lower() == state.code:
        state.code = ""


def _close_blocks(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "html_block" and "/>" in token.content and not _KEPT.match(token.content):
            for part in token.children or [token]:
                part.content = part.content if part.type.startswith("formula") else _closed(part.content)


def _closed(html: str) -> str:
    return _SELF_CLOSED.sub(r"<\1\2></\1>", html)
