"""Say what is wrong with a block that is no YAML: in our words, at the character that the author should change."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from yaml import Mark, MarkedYAMLError

from bifolium.frontmatter.fields import Block
from bifolium.problems import Place, Problem

_PAIR = re.compile(r"(?P<lead>[ \t]*(?:- +)*)(?P<key>[^\s:#'\"\[\]{}][^:]*?)[ \t]*:[ \t]+(?P<value>\S.*?)[ \t]*$")
_NO_BLANK = re.compile(r"(?P<key>[\w-]+):(?P<value>[^\s:/].*?)[ \t]*$")
_FULL_WIDTH = re.compile(r"(?P<key>[\w-]+)[ \t]*：[ \t]*(?P<value>.*?)[ \t]*$")
_SIGN = re.compile(r"""'[^'\n]*'|"(?:[^"\\\n]|\\.)*"|(?:^|\s)\#[^\n]*|[\[\]{}]""")
_BETWEEN = {"sequence": ("list", "[", "]"), "mapping": ("mapping", "{", "}")}


class _Fault(NamedTuple):
    """The parser's two marks (that of the construct it was in, if any, and that of the offence), and the block."""

    block: Block
    start: Mark | None
    end: Mark

    def end_place(self) -> Place:
        return self.place(self.end)

    def start_place(self) -> Place:
        return self.place(self.start or self.end)

    def place(self, mark: Mark) -> Place:
        return Place(mark.line + self.block.first_line, mark.column + 1)

    def say(self, place: Place, message: str, hint: str = "") -> Problem:
        return self.block.problem(place, "yaml", message, hint)


def syntax_problem(mistake: MarkedYAMLError, block: Block) -> Problem:
    """Return the problem for a mistake that the YAML parser found in `block`; it stops at the first one."""
    end = mistake.problem_mark or mistake.context_mark
    said = f"{mistake.context or ''}: {mistake.problem or ''}"
    if end is None:
        return block.problem(Place(1, 1, 3), "yaml", f"the front matter is not YAML: {said}")
    fault = _Fault(block, mistake.context_mark, end)
    for pattern, explain in _EXPLANATIONS:
        if re.search(pattern, said):
            return explain(fault)
    return fault.say(fault.end_place(), f"this is not YAML: {said.strip(': ')}")


def quoted(value: str) -> str:
    """Return `value` as YAML between quotes."""
    return "'" + value.replace("'", "''") + "'" if '"' in value or "\\" in value else f'"{value}"'


def _second_colon(fault: _Fault) -> Problem:
    """Explain a colon where none can be: in a value, after a line without one, or in a line that is too far right."""
    place = fault.end_place()
    line = fault.block.line(place.line)
    above = fault.block.line(place.line - 1)
    if _NO_BLANK.fullmatch(above):
        return nameless(fault.block, place.line - 1)
    pair = _PAIR.match(line)
    if pair and place.column > len(pair["lead"]) + len(pair["key"]) + 1:
        hint = f"put quotes around the value: `{pair['key']}: {quoted(pair['value'])}`"
        return fault.say(place, f"a second `:` in the value of `{pair['key']}`", hint)
    if line[:1] == " " and above.strip():
        indent = len(line) - len(line.lstrip())
        return fault.say(
            Place(place.line, 1, indent),
            "this line is indented, the one above has a value already",
            "remove the blanks before it",
        )
    return fault.say(place, "a `:` where none is expected", "put quotes around the value")


def nameless(block: Block, number: int) -> Problem:
    """Return the problem for a line that is no `name: value`, often for want of a blank or of a narrow colon."""
    line = block.line(number)
    found = _NO_BLANK.fullmatch(line) or _FULL_WIDTH.fullmatch(line)
    if not found:
        place = Place(number, 1, max(1, len(line.rstrip())))
        return block.problem(place, "yaml", "expected `name: value`", "a text of several lines needs quotes")
    colon = re.search("[:：]", line[found.end("key") :])
    at = found.end("key") + (colon.start() if colon else 0)
    message = "no blank after the colon" if line[at] == ":" else "a full-width colon"
    return block.problem(Place(number, at + 1), "yaml", message, f"write `{found['key']}: {found['value']}`")


def _simple_key(fault: _Fault) -> Problem:
    return nameless(fault.block, fault.start_place().line)


def _bad_start(fault: _Fault) -> Problem:
    """Explain a character that can't begin anything: a tab, or one that YAML keeps for itself."""
    place = fault.start_place()
    line = fault.block.line(place.line)
    char = line[place.column - 1 : place.column]
    if char == "\t":
        return _tab(fault)
    if not char:
        return _missing_end(fault)
    shown = "a backtick" if char == "`" else f"`{char}`"
    return fault.say(place, f"a value can't begin with {shown}", _quote_hint(line))


def _missing_end(fault: _Fault) -> Problem:
    """Explain a text that ends where a value was expected, mostly in a bracket."""
    opened: list[re.Match[str]] = []
    for sign in _SIGN.finditer(fault.block.text):
        if sign[0] in "[{":
            opened.append(sign)
        elif sign[0] in "]}" and opened:
            opened.pop()
    if not opened:
        return fault.say(fault.end_place(), "a value is missing here")
    before = fault.block.text[: opened[-1].start()]
    place = Place(fault.block.first_line + before.count("\n"), len(before) - before.rfind("\n"))
    return _not_closed(fault, place, "sequence" if opened[-1][0] == "[" else "mapping")


def _not_closed(fault: _Fault, place: Place, kind: str) -> Problem:
    noun, opening, closing = _BETWEEN[kind]
    hint = f"end it with `{closing}`, and put a comma between its items"
    return fault.say(place, f"the {noun} that `{opening}` begins is not closed", hint)


def _tab(fault: _Fault) -> Problem:
    place = fault.end_place()
    line = fault.block.line(place.line)
    width = max(1, len(line) - len(line.lstrip("\t")))
    return fault.say(
        Place(place.line, place.column, width),
        "a tab in the indentation",
        "YAML wants blanks there: replace each tab by two",
    )


def _open_bracket(kind: str) -> Callable[[_Fault], Problem]:
    return lambda fault: _not_closed(fault, fault.start_place(), kind)


def _open_quote(fault: _Fault) -> Problem:
    place = fault.start_place()
    quote = fault.block.line(place.line)[place.column - 1 : place.column]
    return fault.say(place, f"the quote {quote} is never closed", f"end the value with {quote}")


def _escape(fault: _Fault) -> Problem:
    """Explain an escape that doesn't exist, mostly the backslash of a TeX command."""
    place = fault.end_place()
    line = fault.block.line(place.line)
    at = line.rfind("\\", 0, place.column)
    found = re.match(r"\\(?:[uUx][0-9a-fA-F]*|.)?", line[at:]) if at >= 0 else None
    escape = found[0] if found else "\\"
    place = Place(place.line, max(at, 0) + 1, len(escape))
    if re.match(r"\\u[dD][89a-fA-F]", escape):
        return fault.say(place, f"`{escape}` is half of a character", "type the character itself")
    hint = "put the text between single quotes, or write `\\\\` for a backslash"
    return fault.say(place, f"`{escape}` means nothing between double quotes", hint)


def _after_value(fault: _Fault) -> Problem:
    """Explain what follows a closed quote or bracket, or a line that is indented neither here nor there."""
    place = fault.end_place()
    line = fault.block.line(place.line)
    before = line[: place.column - 1]
    if not before.strip(" -"):
        return fault.say(
            Place(place.line, 1, max(1, len(before))),
            "this line is indented differently from those above",
            "names of one mapping stand right below one another",
        )
    return fault.say(place, "something follows after the end of the value", _quote_hint(line))


def _quote_hint(line: str) -> str:
    """Return the hint to put the value of a line between quotes, spelt out if the line is simple."""
    pair = _PAIR.match(line)
    return (
        f"put quotes around the value: `{pair['key']}: {quoted(pair['value'])}`"
        if pair
        else "put quotes around the value"
    )


def _dash(fault: _Fault) -> Problem:
    return fault.say(
        fault.end_place(), "a list can't begin here", "put each `- item` on a line of its own, or write `[item, item]`"
    )


_EXPLANATIONS: tuple[tuple[str, Callable[[_Fault], Problem]], ...] = (
    ("mapping values are not allowed", _second_colon),
    ("could not find expected ':'", _simple_key),
    ("tab character", _tab),
    ("cannot start any token", _bad_start),
    ("flow sequence: .*expected ',' or ']'", _open_bracket("sequence")),
    ("flow mapping: .*expected ',' or '}'", _open_bracket("mapping")),
    ("quoted scalar: found unexpected", _open_quote),
    ("escape|hexa?decimal|Unicode character", _escape),
    ("block mapping: ", _after_value),
    ("block collection: ", _after_value),
    ("sequence entries are not allowed", _dash),
    (
        "scanning an (alias|anchor)|scanning a (tag|block scalar|directive)|node content|keys are not allowed",
        _bad_start,
    ),
)
"""What the parsers (both of them) say, and who explains it."""
