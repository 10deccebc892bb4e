r"""Wiki links: `[[target]]`, `[[target|text]]`, `[[target#heading]]`; what a target means is found at layout.

`[[1]](url)` and `[[1]][ref]` are ordinary links whose text has brackets. In a table the bar is written `\|`.
"""

from __future__ import annotations

import re

from markdown_it.rules_inline import StateInline

from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser

_LINK = re.compile(r"\[\[([^\[\]|\n\\]{1,300})(?:\\?\|([^\[\]\n]{1,300}))?\]\](?![\[(])")


def use(md: Parser, options: MarkdownOptions) -> None:
    """Add wiki links, if they are wanted."""
    if options.wiki:
        md.inline.add("wiki", _link, "[", "link")


def _link(state: StateInline, silent: bool) -> bool:
    found = _LINK.match(state.src, state.pos, state.posMax)
    if not found or state.linkLevel or not found[1].strip(" #"):
        return False
    if not silent:
        target = " ".join(found[1].split())
        token = state.push("link_open", "a", 1)
        token.attrs = {"href": f"[[{target}]]"}
        token.markup = "wiki"
        state.push("text", "", 0).content = (found[2] or target.removeprefix("#")).strip()
        state.push("link_close", "a", -1)
    state.pos = found.end()
    return True
