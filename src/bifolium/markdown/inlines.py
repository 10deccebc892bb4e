"""The inline parser: rules are chosen by the character at hand; tokens remember the offset at which they start."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.common.utils import isPunctChar, isWhiteSpace
from markdown_it.parser_inline import ParserInline, RuleFuncInlineType
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Scanned
from markdown_it.token import Token
from markdown_it.utils import EnvType

from bifolium.markdown.cjk import is_wide
from bifolium.markdown.tex import Formulas

InlineRules = dict[str, list[RuleFuncInlineType]]

DEEPEST: Final = 50
"""Links in images in links: deeper ones stay text. Four Python frames a level, so the stack has room."""

_BLANK_TARGET = re.compile(r"\]\([^()\n]{0,500}[ \t]")
_BLANK_REFERENCE = re.compile(r"\]\s+\[")
_PLACED: Final = frozenset("[!<")


class InlineState(StateInline):
    """The state of one paragraph, with what rules need to stay linear: `unclosed` is what nothing closes any more.

    `code` is the name of the HTML element whose text is code, if one is open.
    """

    def __init__(self, src: str, md: MarkdownIt, env: EnvType, out: list[Token]) -> None:
        super().__init__(src, md, env, out)
        assert isinstance(md.inline, Inlines)
        self.choices, self.stops = md.inline.choices_for(src)
        self.unclosed: set[str] = set()
        self.code = ""

    @cached_property
    def formulas(self) -> Formulas:
        """The formulas of this text."""
        return Formulas(self.src)

    @cached_property
    def has_blank_targets(self) -> bool:
        """Whether a link's target with a blank in it may stand in this text."""
        return bool(_BLANK_TARGET.search(self.src))

    @cached_property
    def has_blank_references(self) -> bool:
        """Whether two pairs of brackets stand beside each other in this text, with a blank between."""
        return bool(_BLANK_REFERENCE.search(self.src))

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:
        """Return what a run of `*`, `_` or `~` can do, so that `**…。**中文` is bold.

        CommonMark's flanking rule, section 6.2, with the CJK-friendly amendment: full-width punctuation is
        a letter, and a CJK letter beside a run is as good as a blank beyond punctuation.
        """
        marker = self.src[start]
        end = start
        while end < self.posMax and self.src[end] == marker:
            end += 1
        last = self.src[start - 1] if start else " "
        following = self.src[end] if end < self.posMax else " "
        last_blank, next_blank = isWhiteSpace(ord(last)), isWhiteSpace(ord(following))
        last_mark, next_mark = isPunctChar(last), isPunctChar(following)
        last_wide, next_wide = bool(is_wide(last)), bool(is_wide(following))
        left = not next_blank and (not next_mark or next_wide or last_blank or last_mark or last_wide)
        right = not last_blank and (not last_mark or last_wide or next_blank or next_mark or next_wide)
        return Scanned(
            left and (canSplitWord or not right or last_mark),
            right and (canSplitWord or not left or next_mark),
            end - start,
        )


class Inlines(ParserInline):
    """markdown-it's inline parser with its rules sorted by the characters they start with."""

    def __init__(self) -> None:
        super().__init__()
        self._starts = {
            "text": "",
            "newline": "\n",
            "escape": "\\",
            "backticks": "`",
            "strikethrough": "~",
            "emphasis": "*_",
            "link": "[",
            "image": "!",
            "autolink": "<",
            "html_inline": "<",
            "entity": "&",
            "linkify": "",
        }
        self._words: list[str] = []
        self._choices: dict[bool, tuple[InlineRules, re.Pattern[str]]] = {}

    def add(self, name: str, rule: RuleFuncInlineType, starts: str, before: str) -> None:
        """Add a rule before the one named `before`. It is asked where a character of `starts` stands.

        A letter can't be such a character, it would stop the parser too often: `starts` is then a whole word,
        and only texts that hold it pay for it.
        """
        self.ruler.before(before, name, rule)
        self._starts[name] = starts
        if starts[:1].isalpha():
            self._words.append(starts)

    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        """Append the tokens of `src` to `tokens` and return them."""
        state = InlineState(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens

    def tokenize(self, state: StateInline) -> None:
        """Append the tokens of the state's range."""
        assert isinstance(state, InlineState)
        choices, stops, src, end = state.choices, state.stops, state.src, state.posMax
        while state.pos < end:
            pos = state.pos
            rules = choices.get(src[pos])
            if rules is None:
                stop = stops.search(src, pos, end)
                state.pos = stop.start() if stop else end
                state.append_pending(src[pos : state.pos])
            elif state.level >= DEEPEST or not _applied(state, rules, pos):
                state.append_pending(src[pos])
                state.pos = pos + 1
        if state.pending:
            state.pushPending()

    def skipToken(self, state: StateInline) -> None:
        """Move over one token without making it, as the search for a link's closing bracket does."""
        pos = state.pos
        if pos in state.cache:
            state.pos = state.cache[pos]
            return
        assert isinstance(state, InlineState)
        rules = state.choices.get(state.src[pos])
        if rules is None:
            stop = state.stops.search(state.src, pos, state.posMax)
            state.pos = stop.start() if stop else state.posMax
        elif state.level >= DEEPEST:
            state.pos = state.posMax
        else:
            state.level += 1
            if not any(rule(state, True) for rule in rules):
                state.pos = pos + 1
            state.level -= 1
        state.cache[pos] = state.pos

    def choices_for(self, src: str) -> tuple[InlineRules, re.Pattern[str]]:
        """Return which rules to ask at which characters of `src`, and the pattern that finds these characters."""
        worded = any(word in src for word in self._words)
        if worded not in self._choices:
            self._choices[worded] = self._choose(worded)
        return self._choices[worded]

    def _choose(self, worded: bool) -> tuple[InlineRules, re.Pattern[str]]:
        choices: InlineRules = {"]": []}
        words = []
        for name, rule in zip(self.ruler.get_active_rules(), self.ruler.getRules(""), strict=True):
            starts = self._starts[name]
            if not starts[:1].isalpha():
                for char in starts:
                    choices.setdefault(char, []).append(rule)
            elif worded:
                choices.setdefault(starts[0], []).append(rule)
                words.append(re.escape(starts))
        chars = "".join(char for char in choices if not char.isalpha())
        return choices, re.compile("|".join(["[" + re.escape(chars) + "]", *words]))


def _applied(state: StateInline, rules: list[RuleFuncInlineType], pos: int) -> bool:
    count = len(state.tokens)
    for rule in rules:
        if rule(state, False):
            if state.src[pos] in _PLACED:
                _place(state, count, pos)
            return True
    return False


def _place(state: StateInline, count: int, pos: int) -> None:
    """Note `pos` and the width of what stands there in the first new token; text that was pending may stand before."""
    for token in state.tokens[count : count + 2]:
        if token.type != "text":
            token.meta["at"] = pos
            token.meta["width"] = state.pos - pos
            return
