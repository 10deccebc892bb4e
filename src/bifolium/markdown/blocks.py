"""The block parser: rules are chosen by the first character of a line, and nothing is dropped however deep it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.parser_block import ParserBlock, RuleFuncBlockType
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token
from markdown_it.utils import EnvType

BlockRules = dict[str, list[RuleFuncBlockType]]

_OTHER: Final = ""
"""The key of the rules for a line that starts with a character no rule asks for."""

_LEAVES: Final = "leaves"
"""The chain of rules that are asked where nothing may nest any more."""

_CODE: Final = "    "
"""The key of the rules for an indented line."""

_DEFINITION: Final = re.compile(r"\n[ \t>*+\d.)-]*:\s")
"""What every text with a definition list has: a line that begins with a colon, in whatever containers."""

INTERRUPTS: Final = ("paragraph", "reference", "blockquote", "list")
"""The blocks that most rules may end without a blank line between."""


class BlockState(StateBlock):
    """The state of one text: `starts` are its lines' true beginnings, `depth` counts the containers around.

    `trimmed`: some lines end before their line break.
    `unclosed` are the lines from which on nothing closes what a rule names, so that nobody looks for it again.
    """

    def __init__(self, src: str, md: MarkdownIt, env: EnvType, out: list[Token]) -> None:
        super().__init__(src, md, env, out)
        self.starts = list(self.bMarks)
        self.depth = 0
        self.trimmed = False
        self.unclosed: dict[str, int] = {}
        self.has_dollars = "$$" in src
        self.has_definitions = bool(_DEFINITION.search(src))

    def text(self, line: int) -> str:
        """Return what stands on `line`, inside the containers around it."""
        return self.src[self.bMarks[line] + self.tShift[line] : self.eMarks[line]]

    def getLines(self, begin: int, end: int, indent: int, keepLastLF: bool) -> str:
        """Return the lines without the containers' indentation."""
        if not self.trimmed or begin >= end:
            return super().getLines(begin, end, indent, keepLastLF)
        lines = [super(BlockState, self).getLines(line, line + 1, indent, False) for line in range(begin, end)]
        return "\n".join(lines) + ("\n" if keepLastLF else "")


class Blocks(ParserBlock):
    """markdown-it's block parser with its rules sorted by the characters they start with.

    Beyond `nesting` containers only rules that contain no others are asked, and a problem is reported:
    markdown-it would drop the text there. What is in `prepare` may move the marks of lines before they are read.
    """

    def __init__(self, nesting: int) -> None:
        super().__init__()
        self._nesting = nesting
        self._containers = {"blockquote", "list"}
        self._starts = {
            "fence": "`~",
            "blockquote": ">",
            "hr": "*-_",
            "list": "*+-0123456789",
            "reference": "[",
            "html_block": "<",
            "heading": "#",
        }
        self._choices: dict[str, BlockRules] = {}
        self.prepare: list[Callable[[BlockState], None]] = []

    def add(
        self,
        name: str,
        rule: RuleFuncBlockType,
        before: str,
        *,
        starts: str = "",
        ends: tuple[str, ...] = (),
        contains: bool = False,
    ) -> None:
        """Add a rule before the one named `before`, asked for where a character of `starts` stands (none: any).

        `ends` are the kinds of blocks that it may end; `contains`: other blocks can stand in it.
        """
        self.ruler.before(before, name, rule, {"alt": list(ends)})
        if starts:
            self._starts[name] = starts
        if contains:
            self._containers.add(name)

    def parse(self, src: str, md: MarkdownIt, env: EnvType, outTokens: list[Token]) -> list[Token] | None:
        """Append the block tokens of `src` to `outTokens` and return them."""
        if not src:
            return None
        state = BlockState(src, md, env, outTokens)
        for prepare in self.prepare:
            prepare(state)
        self.tokenize(state, 0, state.lineMax)
        return state.tokens

    def tokenize(self, state: StateBlock, startLine: int, endLine: int) -> None:
        """Append the tokens of a range of lines."""
        assert isinstance(state, BlockState)
        state.depth += 1
        cut = state.depth > self._nesting
        blank_before = False
        line = startLine
        while True:
            state.line = line = state.skipEmptyLines(line)
            if line >= endLine or state.sCount[line] < state.blkIndent:
                break
            if cut and self._report_cut(state, line, endLine):
                cut = False
            # no function of its own: each Python frame counts where containers nest
            for rule in self._rules(state, line, "" if state.depth <= self._nesting else _LEAVES):
                if rule(state, line, endLine, False):
                    break
            # a list is tight if no blank line stands before the last block of its items
            state.tight = not blank_before
            line = state.line
            if line - 1 < endLine and state.isEmpty(line - 1):
                blank_before = True
            if line < endLine and state.isEmpty(line):
                blank_before = True
                line += 1
                state.line = line
        state.depth -= 1

    def interrupts(self, state: StateBlock, line: int, end: int, chain: str = "paragraph") -> bool:
        """Return whether another block starts on `line` and may end one of the kind `chain`."""
        return any(rule(state, line, end, True) for rule in self._rules(state, line, chain))

    def _rules(self, state: StateBlock, line: int, chain: str) -> list[RuleFuncBlockType]:
        choices = self._choices.get(chain) or self._choose(chain)
        if state.is_code_block(line) and chain != "paragraph":
            return choices[_CODE]
        first = state.src[state.bMarks[line] + state.tShift[line]]
        return choices.get(first) or choices[_OTHER]

    def _choose(self, chain: str) -> BlockRules:
        names = self._names(chain)
        chars = set("".join(self._starts.get(name, "") for name, _ in names))
        choices = {char: [rule for name, rule in names if char in self._starts.get(name, char)] for char in chars}
        choices[_OTHER] = [rule for name, rule in names if name not in self._starts]
        choices[_CODE] = [rule for name, rule in names if name in {"code", "paragraph"}]
        self._choices[chain] = choices
        return choices

    def _names(self, chain: str) -> list[tuple[str, RuleFuncBlockType]]:
        """Return the rules that may end a block of the kind `chain`, or all (none), or those that nest nothing."""
        named = zip(self.ruler.get_active_rules(), self.ruler.getRules(""), strict=True)
        if chain == _LEAVES:
            return [(name, rule) for name, rule in named if name not in self._containers]
        kept = set(map(id, self.ruler.getRules(chain)))
        return [(name, rule) for name, rule in named if id(rule) in kept]

    def _report_cut(self, state: BlockState, line: int, end: int) -> bool:
        names = self._names("")
        if not any(rule(state, line, end, True) for name, rule in names if name in self._containers):
            return False
        sheet = state.env.get("sheet")
        if sheet is not None:
            sheet.report(
                sheet.places.spot(line, state.bMarks[line] + state.tShift[line] - state.starts[line]),
                "nesting",
                f"quotes and lists are nested more than {self._nesting} deep",
                "set markdown.nesting higher, or take them apart",
                "error",
            )
        return True
