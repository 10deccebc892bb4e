r"""Wiki links: `[[target]]`, `[[target|text]]`, `[[target#heading]]`; what a target means is found at layout.

`[[1]](url)` and `[[1]][ref]` are ordinary links whose text has brackets. In a table the bar is written `\|`.
`![[map.png]]` is a picture, `![[map.png|300]]` one of that width; another text can't be put in, and is linked to.
"""

from __future__ import annotations

import re

from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser

_LINK = re.compile(r"\[\[([^\[\]|\n\\]{1,300})(?:\\?\|([^\[\]\n]{1,300}))?\]\](?![\[(])")

_PICTURE = re.compile(r"\.(?:apng|avif|bmp|gif|ico|jpe?g|jfif|png|svg|tiff?|webp)\s*\Z", re.IGNORECASE)
_SIZE = re.compile(r"(?P<width>\d{1,5})(?:x(?P<height>\d{1,5}))?")


def use(md: Parser, options: MarkdownOptions) -> None:
    """Add wiki links, if they are wanted."""
    if options.wiki:
        md.inline.add("wiki", _link, "[", "link")
        md.inline.add("wiki_embed", _embed, "!", "image")


def _embed(state: StateInline, silent: bool) -> bool:
    found = _LINK.match(state.src, state.pos + 1, state.posMax) if state.src.startswith("![[", state.pos) else None
    if not found or not found[1].strip(" #"):
        return False
    if not _PICTURE.search(found[1]):
        return _instead(state, found, silent)
    if not silent:
        said = (found[2] or "").strip()
        size = _SIZE.fullmatch(said)
        token = state.push("image", "img", 0)
        token.attrs = {"src": f"[[{found[1].strip()}]]", "alt": ""}
        token.attrs |= {name: value for name, value in size.groupdict().items() if value} if size else {}
        token.children = [Token("text", "", 0, content=said)] if said and not size else []
    state.pos = found.end()
    return True


def _instead(state: StateInline, found: re.Match[str], silent: bool) -> bool:
    """Link to a text that was to be put in."""
    if state.linkLevel:
        return False
    start = state.pos
    if not silent:
        problem = state.push("problem", "", 0)
        problem.meta |= {"at": state.pos, "width": found.end() - state.pos}
        problem.content = f"`{found[1].strip()}` is no picture, so it is linked to and not put in"
        problem.info, problem.markup = "wiki-embed", f"write `{found[0]}`"
    state.pos += 1
    _link(state, silent)
    if not silent:
        state.tokens[-3].meta |= {"at": start + 1, "width": found.end() - start - 1}
    return True


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
