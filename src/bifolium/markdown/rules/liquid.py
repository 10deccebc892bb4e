"""Jekyll's Liquid in a text, where kramdown is the flavour: values, links and snippets are put in, code is highlighted.

Tags are tokens, not replaced in the source, so that whatever follows them keeps its place. In code and formulas
nothing is filled in, but `{% raw %}` vanishes there, too. A tag that is not known is told and stays as it is.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import partial
from typing import Any
from urllib.parse import quote, unquote

from markdown_it.common.utils import escapeHtml
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from bifolium.markdown import liquid
from bifolium.markdown.inlines import InlineState
from bifolium.markdown.liquid import EITHER, OUTPUT, RAW, TAG, Liquid, LiquidError
from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser
from bifolium.markdown.rules.displayed import taken_apart
from bifolium.markdown.rules.html_elements import begins_block
from bifolium.markdown.sheet import Env, holes_of, sheet_of
from bifolium.markdown.snippets import BEGINS, expand
from bifolium.model import Link

Spot = tuple[int, int]
ENDS = {name: re.compile(rf"\{{%-?[ \t]*end{name}[ \t]*-?%\}}") for name in ("highlight", "comment")}
_QUOTED = re.compile(r"%7B(?:%7B|%25).*?(?:%7D|%25)%7D")
_LOGIC = frozenset("if unless elsif else case when for capture cycle increment decrement tablerow".split())
_BLOCK = "block"
"""What is noted of a snippet that no paragraph can hold."""
_HINT = "write `{% raw %}` before and `{% endraw %}` after it if it is to be shown"


def use(md: Parser, options: MarkdownOptions) -> None:
    """Add Liquid, where kramdown is the flavour."""
    if options.flavour != "kramdown":
        return
    md.inline.add("liquid", _inline, "{", "attributes")
    md.core.ruler.after("places", "liquid", partial(_fill, parser=md))
    md.add_render_rule("liquid_link", _write_link)


def _inline(state: StateInline, silent: bool) -> bool:
    assert isinstance(state, InlineState)
    found = EITHER.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    end = found.end()
    if found[1] == "comment" and "comment" not in state.unclosed:
        closing = ENDS["comment"].search(state.src, end, state.posMax)
        if not closing:
            state.unclosed.add("comment")
        end = closing.end() if closing else end
    if not silent:
        token = state.push("liquid", "", 0)
        token.content = state.src[state.pos : end]
        token.meta["at"] = state.pos
    state.pos = end
    return True


def _fill(state: StateCore, parser: Parser) -> None:
    """Put values and links in the place of tags."""
    if "{{" not in state.src and "{%" not in state.src:
        return
    filler = _Filler(state, parser)
    has_blocks = False
    for token in state.tokens:
        line = token.map[0] if token.map else 0
        if "pinned" in token.meta:
            token.children = _as_text(token.children) if token.children else token.children
        elif token.type == "liquid":
            filler.tag(token, filler.sheet.places.spot(line, 0))
        elif token.children:
            token.children = filler.children(token.children, filler.sheet.places.spot(line, 0))
            has_blocks = has_blocks or any(map(_is_block, token.children))
        else:
            filler.token(token, filler.sheet.places.spot(line, 0))
    state.tokens = taken_apart(state.tokens, _is_block) if has_blocks else state.tokens


def _is_block(token: Token) -> bool:
    """Tell whether a token is a snippet that no paragraph can hold."""
    return _BLOCK in token.meta


def _as_text(children: Sequence[Token]) -> list[Token]:
    """Return the tokens of a snippet's text: what looks like a tag in it is none any more."""
    return [
        Token("text", "", 0, content=child.content, level=child.level) if child.type == "liquid" else child
        for child in children
    ]


class _Filler:
    """Fills the tokens of one text."""

    def __init__(self, state: StateCore, parser: Parser) -> None:
        self.sheet = sheet_of(state.env)
        self.env = state.env
        self.src = state.src
        self.parser = parser
        self.liquid = values_of(state.env)
        self.values = dict(self.liquid.values)
        self.own = self.values | {"site.baseurl": "", "site.url": ""}
        self.starts = [0]
        for line in state.src.split("\n"):
            self.starts.append(self.starts[-1] + len(line) + 1)

    def children(self, children: Sequence[Token], spot: Spot) -> list[Token]:
        """Return the tokens of a paragraph with its tags replaced."""
        out: list[Token] = []
        for child in children:
            place = child.meta.get("place", spot)
            if child.type == "liquid":
                out += self.tag(child, place)
            else:
                self.token(child, place)
                if child.children:
                    child.children = self.children(child.children, place)
                out.append(child)
        return out

    def token(self, token: Token, spot: Spot) -> None:
        """Fill what a token's attributes or HTML name; take `{% raw %}` out of code and formulas."""
        match token.type:
            case "link_open":
                self.attribute(token, "href", spot)
            case "image":
                self.attribute(token, "src", spot)
            case "html_block" | "html_inline" if "{" in token.content:
                token.content = EITHER.sub(lambda found: self.in_html(found, spot), token.content)
            case "fence" | "code_block" | "code_inline" if "{%" in token.content:
                token.content = RAW.sub("", token.content)
            case "formula" | "formula_block" if "{%" in token.content:
                _blank_out(token)

    def in_html(self, found: re.Match[str], spot: Spot) -> str:
        """Return what a tag in HTML stands for; what an attribute begins with leads somewhere in the site."""
        begins = bool(BEGINS.search(found.string, max(found.start() - 120, 0), found.start()))
        return self.filled(found[0], spot, html=True, values=self.own if begins else None)

    def attribute(self, token: Token, name: str, spot: Spot) -> None:
        """Fill the tags of a target, which are percent-encoded there; a site's own address is its top."""
        target = str(token.attrs.get(name, ""))
        if "%7B" not in target:
            return

        def fill(found: re.Match[str]) -> str:
            return quote(self.filled(unquote(found[0]), spot, values=self.own), safe="/:?#%&=+,;@~()*!'")

        token.attrs[name] = _QUOTED.sub(fill, target) or "/"

    def tag(self, token: Token, spot: Spot) -> list[Token]:
        """Return the tokens that stand for a tag in a paragraph."""
        text = token.content
        tag = TAG.match(text)
        if RAW.fullmatch(text) or (tag and tag[1] == "comment" and ENDS["comment"].search(text)):
            return []
        if tag and not self.is_raw(spot):
            path = liquid.path_of(tag, self.liquid.posts)
            if path:
                return [Token("liquid_link", "", 0, content=path, meta={"place": spot})]
            if tag[1] == "include":
                return self.included(tag, token, spot)
            if tag[1] == "assign":
                return self.assigned(tag, token, spot)
        return [Token("text", "", 0, content=self.filled(text, spot), level=token.level)]

    def included(self, tag: re.Match[str], token: Token, spot: Spot) -> list[Token]:
        """Return the tokens of a snippet within a paragraph."""
        try:
            text = self.expanded(tag[2], spot, token.content)
        except LiquidError as wrong:
            self.report(spot, wrong, token.content)
            return [Token("text", "", 0, content=token.content)]
        if begins_block(text):
            column = (self.sheet.places.index(spot[0]), spot[1] - 1)
            meta = {"place": spot, "pinned": column, _BLOCK: True}
            return [Token("html_inline", "", 0, content=f"{text.strip()}\n", level=token.level, meta=meta)]
        children = self.parser.inline.parse(text.strip(), self.parser, self.env, [])
        for child in children:
            child.meta |= {"place": spot, "pinned": True}
        return _as_text([child for child in children if child.type != "problem"])

    def expanded(self, rest: str, spot: Spot, text: str) -> str:
        """Return a snippet's text, and tell what is wrong in it; raises LiquidError."""
        filled = expand(rest, self.liquid._replace(values=tuple(self.values.items())))
        for wrong in filled.wrong:
            self.report(spot, wrong, text)
        return filled.text

    def assigned(self, tag: re.Match[str], token: Token, spot: Spot) -> list[Token]:
        """Take up the value that a tag assigns, for the rest of the text."""
        try:
            self.values = liquid.assign(tag[2], self.values)
            self.own = liquid.assign(tag[2], self.own)
        except LiquidError as wrong:
            self.report(spot, wrong, token.content)
            return [Token("text", "", 0, content=token.content)]
        return []

    def filled(self, text: str, spot: Spot, *, html: bool = False, values: dict[str, str] | None = None) -> str:
        """Return what a tag stands for, or the tag itself, and a problem if it is not known."""
        if self.is_raw(spot) or RAW.fullmatch(text):
            return "" if RAW.fullmatch(text) else text
        tag, output = TAG.fullmatch(text), OUTPUT.fullmatch(text)
        try:
            if output:
                said = liquid.evaluate(output, self.values if values is None else values)
                return text if said is None else escapeHtml(said) if html else said
            if tag:
                return self.from_tag(tag, spot, html=html)
        except LiquidError as wrong:
            self.report(spot, wrong, text)
        return text

    def from_tag(self, tag: re.Match[str], spot: Spot, *, html: bool) -> str:
        """Return what a tag in HTML or in a target stands for; raises LiquidError."""
        if path := liquid.path_of(tag, self.liquid.posts):
            return path
        if tag[1] == "include" and html:
            return self.expanded(tag[2], spot, tag[0])
        if tag[1].removeprefix("end") in _LOGIC:
            raise LiquidError(f"the tag `{tag[1]}` is not run in a text", "write out what it would give")
        raise LiquidError(f"the tag `{tag[1]}` is not known", _HINT)

    def report(self, spot: Spot, wrong: LiquidError, text: str) -> None:
        """Note what is wrong with the tag `text` at `spot`, or where it stands in that line."""
        message, hint = wrong.args
        line = self.sheet.places.line_at(spot)
        column = spot[1] if line.startswith(text, spot[1] - 1) else line.find(text) + 1 or spot[1]
        self.sheet.report((spot[0], column), "liquid", message, hint)

    def is_raw(self, spot: Spot) -> bool:
        """Return whether `spot` is within `{% raw %}` and `{% endraw %}`."""
        at = self.sheet.places.index(spot[0])
        return is_raw(self.env, self.src, self.starts[min(at, len(self.starts) - 1)] + spot[1] - 1)


def _blank_out(token: Token) -> None:
    """Take `{% raw %}` out of a formula; all the rest keeps its columns."""
    tex = RAW.sub(lambda found: " " * len(found[0]), token.content)
    token.content = tex.strip()
    line, column = token.meta["place"]
    before = tex[: len(tex) - len(tex.lstrip())]
    breaks = before.count("\n")
    column = len(before) - before.rfind("\n") if breaks else column + len(before)
    token.meta["place"] = (line + breaks, column)


def values_of(env: Env) -> Liquid:
    """Return what may be put into the text."""
    found = env.get("liquid")
    return found if isinstance(found, Liquid) else Liquid()


def is_raw(env: Env, src: str, at: int) -> bool:
    """Return whether the offset `at` of the text `src` is within `{% raw %}` and `{% endraw %}`."""
    if "raw spans" not in env:
        env["raw spans"] = liquid.raw_spans(src)
    spans: list[tuple[int, int]] = env["raw spans"]
    number = bisect_right(spans, (at, len(src))) - 1
    return number >= 0 and at < spans[number][1]


def _write_link(_: Any, tokens: Sequence[Token], idx: int, __: Any, env: Env) -> str:
    return holes_of(env).link(Link(tokens[idx].content, *tokens[idx].meta["place"]))
