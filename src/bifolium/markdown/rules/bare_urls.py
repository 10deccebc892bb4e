"""Bare URLs become links. A scheme or `www.` is required: `setup.py` and `.NET` are no addresses.

A URL that is its whole line is taken whole. In prose it stops at the first Chinese, Japanese or full-width
character. Punctuation at its end and a closing bracket without its partner are not part of it.
"""

from __future__ import annotations

import re

from markdown_it.common.utils import unescapeAll
from markdown_it.rules_inline import StateInline

from bifolium.markdown.cjk import EAST, HANGUL
from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser

_STOP = r"\s<>\"`{}|\\^“”‘’…—"
_PROSE = re.compile(rf"(?:://)?[^{_STOP}{EAST}{HANGUL}]+")
_WHOLE = re.compile(r"(?:://)?[^\s<>\"`{}|\\^]+(?=[ \t]*(?:\n|$))")
_HOST = re.compile(r"(?:://|www\.)(?:\[[0-9a-fA-F:.]+\]|\w[\w.-]*)")
_SCHEME = re.compile(r"(?<![A-Za-z0-9+.-])(?<![A-Za-z0-9_]_)(?:https?|HTTPS?)$")
_LONGEST_SCHEME = 6
_ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,31}|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});\Z")
_TRAILING = "?!.,:;*_~'\"，。、；：！？…"
_PAIRS = {")": "(", "]": "[", "）": "（", "】": "【", "》": "《", "」": "「", "』": "『"}


def use(md: Parser, _: MarkdownOptions) -> None:
    """Add the rule where `://` or `www.` stands."""
    md.inline.add("bare_url", _with_scheme, ":", "escape")
    md.inline.add("bare_www", _with_www, "www.", "escape")


def _with_scheme(state: StateInline, silent: bool) -> bool:
    pos = state.pos
    if silent or state.linkLevel or not state.src.startswith("://", pos):
        return False
    scheme = _SCHEME.search(state.src, max(pos - _LONGEST_SCHEME, 0), pos)
    if not scheme or not state.pending.endswith(scheme[0]):
        return False
    url = _url(state.src, scheme.start(), pos, state.posMax)
    if not url:
        return False
    state.pending = state.pending[: -len(scheme[0])]
    return _push(state, scheme.start(), url, url)


def _with_www(state: StateInline, silent: bool) -> bool:
    pos = state.pos
    if silent or state.linkLevel or not state.src.startswith("www.", pos):
        return False
    if pos and (state.src[pos - 1] in "_/.-@" or (state.src[pos - 1].isascii() and state.src[pos - 1].isalnum())):
        return False
    url = _url(state.src, pos, pos, state.posMax)
    return bool(url) and "." in url[4:] and _push(state, pos, url, f"http://{url}")


def _push(state: StateInline, start: int, text: str, url: str) -> bool:
    href = state.md.normalizeLink(unescapeAll(url))
    token = state.push("link_open", "a", 1)
    token.attrs = {"href": href}
    token.markup, token.info = "linkify", "auto"
    token.meta |= {"at": start, "width": len(text)}
    state.push("text", "", 0).content = unescapeAll(text)
    token = state.push("link_close", "a", -1)
    token.markup, token.info = "linkify", "auto"
    state.pos = start + len(text)
    return True


def _url(src: str, start: int, pos: int, end: int) -> str:
    """Return the URL that starts at `start`, or nothing; `pos` is that of its `://` or `www.`."""
    if not _HOST.match(src, pos, end):
        return ""
    whole = _WHOLE.match(src, pos, end) if start == 0 or src[start - 1] == "\n" else None
    if whole and src.find("://", whole.start() + 1, whole.end()) >= 0:
        whole = None  # two addresses with a full-width comma between them
    found = whole or _PROSE.match(src, pos, end)
    url = _trimmed(src[start : found.end()]) if found else ""
    return url if _HOST.search(url) else ""


def _trimmed(url: str) -> str:
    """Return `url` without the punctuation at its end and without closing brackets that nothing in it opens."""
    end = len(url)
    surplus = {closing: url.count(closing) - url.count(opening) for closing, opening in _PAIRS.items()}
    while end and (url[end - 1] in _TRAILING or surplus.get(url[end - 1], 0) > 0):
        if url[end - 1] == ";" and (entity := _ENTITY.search(url, max(end - 34, 0), end)):
            end = entity.start()
            continue
        end -= 1
        if url[end] in surplus:
            surplus[url[end]] -= 1
    return url[:end]
