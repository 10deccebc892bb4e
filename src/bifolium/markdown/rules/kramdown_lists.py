"""What stands right below a list's item at the margin, code, a quotation or another kind of list, is part of the item.

And a list goes on though its bullets change (`*`, `+` and `-` are one), a list of definitions after a blank line.
"""

from __future__ import annotations

from typing import Final

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser

ENDED: Final = "ended blocks"
"""The key in a text's env of the lines with a `^`, which end a list."""
_LISTS: Final = {
    "bullet_list_close": "bullet_list_open",
    "ordered_list_close": "ordered_list_open",
    "dl_close": "dl_open",
}
_KINDS: Final = frozenset(("bullet_list_open", "ordered_list_open"))
_ADOPTED: Final = frozenset(("fence", "blockquote_open"))


def use(md: Parser, options: MarkdownOptions) -> None:
    """Add the rule, where kramdown is the flavour."""
    if options.flavour == "kramdown":
        md.core.ruler.before("block_attributes", "kramdown_lists", _join)


def _join(state: StateCore) -> None:
    found = {token.type for token in state.tokens}
    if not found & _LISTS.keys():
        return
    lines, ended = state.src.split("\n"), state.env.get(ENDED, frozenset())
    state.tokens = _Lists(lines, ended, _ADOPTED).joined(state.tokens)
    if found >= _KINDS:  # only now is each a whole
        state.tokens = _Lists(lines, ended, _ADOPTED | _KINDS).joined(state.tokens)


class _Lists:
    """The tokens so far, with their lists joined; `closed` is the opening token of the list that ends with them.

    `adopted` are the blocks that become part of an item.
    """

    def __init__(self, lines: list[str], ended: frozenset[int], adopted: frozenset[str]) -> None:
        self.kept: list[Token] = []
        self._lines = lines
        self._ended = ended
        self._adopted = adopted
        self._open: list[Token] = []
        self._closed: Token | None = None

    def joined(self, tokens: list[Token]) -> list[Token]:
        """Return `tokens` with their lists joined."""
        at = 0
        while at < len(tokens):
            at = self._take(tokens, at)
        return self.kept

    def _take(self, tokens: list[Token], at: int) -> int:
        """Take the token at `at`, or the whole block that it begins; return where the next one is."""
        token, closed = tokens[at], self._closed
        if closed and token.map and token.level == closed.level:
            is_ended = self._is_ended(closed, token.map[0])
            if token.type == closed.type and not is_ended:
                self.kept.pop()
                self._open.append(closed)
                self._closed = None
                return at + 1
            is_right_below = bool(self._lines[token.map[0] - 1].strip(" \t>"))
            if token.type in self._adopted and closed.type != "dl_open" and is_right_below and not is_ended:
                return self._adopt(closed, tokens, at)
        self._closed = None
        if token.type in _LISTS.values():
            self._open.append(token)
        elif token.type in _LISTS:
            self._closed = self._open.pop()
        self.kept.append(token)
        return at + 1

    def _is_ended(self, closed: Token, line: int) -> bool:
        """Return whether a `^` stands between a list and `line`."""
        return bool(self._ended) and any(it in self._ended for it in range(closed.map[1] if closed.map else line, line))

    def _adopt(self, closed: Token, tokens: list[Token], at: int) -> int:
        """Put a block into the last item of the list `closed`."""
        token = tokens[at]
        end = at + 1
        if token.nesting:
            while tokens[end].level != token.level:
                end += 1
            end += 1
        endings = self.kept[-2:]
        del self.kept[-2:]
        for part in _Lists(self._lines, self._ended, self._adopted).joined(tokens[at:end]):
            part.level += 2
            self.kept.append(part)
        self.kept += endings
        if closed.map and token.map:
            closed.map = [closed.map[0], token.map[1]]
        return end
