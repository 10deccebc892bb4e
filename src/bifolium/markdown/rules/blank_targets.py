"""Pictures whose target has blanks, `![tide](high tide.png "At noon")`: by a file's name nothing else can be meant.

Links, too, as kramdown reads them, and those that have a blank before it: `[tide] [high]`.
"""

from __future__ import annotations

import re
from functools import partial

from markdown_it.common.utils import normalizeReference
from markdown_it.rules_inline import StateInline

from bifolium.markdown.inlines import InlineState
from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser
from bifolium.pictures import ENDINGS

_TAG = r"\{\{[^{}\n]*\}\}|\{%[^{}\n]*%\}"
_CHAR = rf"(?:{_TAG}|(?!{_TAG})[^()<>\x22\n])"
_TARGET = re.compile(rf"""\([ \t]*((?=\S){_CHAR}(?:{_CHAR}|\([^()<>"\n]*\))*?)(?:[ \t]+"([^"\n]*)")?[ \t]*\)""")
_REFERENCE = re.compile(r"(?:[ \t]+\n?|\n)[ \t]*\[([^\[\]]{1,300})\](?![(\[])")
_NO_TEXT = frozenset(("", " ", "x", "X"))
"""What stands in the box of a task."""
_LONGEST = 500
_ANY = re.compile("")
_FILE = re.compile(
    rf"(?:{'|'.join(re.escape(ending) for endings in ENDINGS.values() for ending in endings)})(?:[?#]|$)", re.IGNORECASE
)


def use(md: Parser, options: MarkdownOptions) -> None:
    """Add them, to be asked where CommonMark sees no link or picture; the links where kramdown is the flavour."""
    is_kramdown = options.flavour == "kramdown"
    if is_kramdown:
        md.inline.add("blank_reference", _reference, "[", "link")
        md.inline.add("blank_link", _link, "[", "autolink")
    md.inline.add("blank_image", partial(_image, _ANY if is_kramdown else _FILE), "!", "autolink")


def _target(state: StateInline, close: int) -> re.Match[str] | None:
    if close < 0:
        return None
    found = _TARGET.match(state.src, close + 1, min(state.posMax, close + _LONGEST))
    return found if found and " " in found[1] and state.md.validateLink(found[1]) else None


def _link(state: StateInline, silent: bool) -> bool:
    assert isinstance(state, InlineState)
    if not state.has_blank_targets:
        return False
    close = state.md.helpers.parseLinkLabel(state, state.pos, True)
    found = _target(state, close)
    if not found:
        return False
    if not silent:
        _push(state, close, state.md.normalizeLink(found[1]), found[2] or "")
    state.pos = found.end()
    return True


def _reference(state: StateInline, silent: bool) -> bool:
    assert isinstance(state, InlineState)
    if (
        "references" not in state.env
        or not state.has_blank_references
        or state.src[state.pos + 1 : state.pos + 2] in {"^", "@"}
    ):
        return False
    close = state.md.helpers.parseLinkLabel(state, state.pos, True)
    found = _REFERENCE.match(state.src, close + 1, state.posMax) if close >= 0 else None
    if not found or state.src[state.pos + 1 : close] in _NO_TEXT:
        return False
    reference = state.env["references"].get(normalizeReference(found[1]))
    if reference is None:
        return False
    if not silent:
        _push(state, close, reference["href"], reference["title"])
    state.pos = found.end()
    return True


def _push(state: StateInline, close: int, href: str, title: str) -> None:
    """Add a link whose text goes on to the bracket at `close`."""
    end = state.posMax
    token = state.push("link_open", "a", 1)
    token.attrs = {"href": href, "title": title} if title else {"href": href}
    state.pos, state.posMax = state.pos + 1, close
    state.linkLevel += 1
    state.md.inline.tokenize(state)
    state.linkLevel -= 1
    state.push("link_close", "a", -1)
    state.posMax = end


def _image(meant: re.Pattern[str], state: StateInline, silent: bool) -> bool:
    assert isinstance(state, InlineState)
    if not state.has_blank_targets or not state.src.startswith("![", state.pos):
        return False
    close = state.md.helpers.parseLinkLabel(state, state.pos + 1, False)
    found = _target(state, close)
    if not found or not meant.search(found[1]):
        return False
    if not silent:
        content = state.src[state.pos + 2 : close]
        token = state.push("image", "img", 0)
        token.attrs = {"src": state.md.normalizeLink(found[1]), "alt": ""}
        if found[2]:
            token.attrs["title"] = found[2]
        token.content = content
        token.children = state.md.inline.parse(content, state.md, state.env, [])
    state.pos = found.end()
    return True
