r"""Number the formulas and pictures that have a label, when all else is read; headings' own ids are labels, too.

Formulas are numbered through the whole text, so the rule sees the tokens in their final order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser
from bifolium.markdown.plain import plain
from bifolium.markdown.sheet import Sheet, sheet_of
from bifolium.math.numbers import Counting, Named, label_in_line, label_name, number, refer
from bifolium.model import Cite, Label, Ref
from bifolium.problems import did_you_mean

FIGURE: Final = "fig:"
_COUNTED: Final = frozenset(("image", "formula", "formula_block"))


@dataclass
class Numbering:
    """Where the numbering stands; `sections` counts the headings of the level at which it begins anew."""

    last: int = 0
    sections: int = 0
    figures: int = 0
    labels: list[tuple[Label, Token | None]] = field(default_factory=list)


def use(md: Parser, options: MarkdownOptions) -> None:
    """Add the rules: headings' own ids are seen before the others get theirs."""
    level = f"h{options.number_within}"

    def count(state: StateCore) -> None:
        _count(state, level, every=options.number_all)

    md.core.ruler.before("inline", "section_labels", _note_sections)
    md.core.ruler.push("labels", count)


def _note_sections(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "heading_open" and token.attrs.get("id"):
            token.meta["label"] = True


def _count(state: StateCore, level: str, every: bool) -> None:
    sheet = sheet_of(state.env)
    taken = {
        str(token.attrs["id"]): 0 for token in state.tokens if token.type == "heading_open" and "id" in token.attrs
    }
    count = Numbering()
    for at, token in enumerate(state.tokens):
        if token.type == "heading_open":
            if token.tag == level:
                count.sections, count.last, count.figures = count.sections + 1, 0, 0
            if token.meta.get("label"):
                count.labels.append((_section(token, state.tokens[at + 1], sheet), None))
        prefix = f"{count.sections}." if level != "h0" else ""
        for part in _parts(token):
            if part.type == "image" and str(part.attrs.get("id", "")).startswith(FIGURE):
                _number_figure(part, count, prefix)
            elif part.type == "formula" and not part.block:
                _refuse_label(part, sheet)
            elif part.type in {"formula_block", "formula"}:
                _number(part, count, Counting(count.last, prefix, every), taken)
    _tell_duplicates(sheet, count)
    cited = _refer(state.tokens, sheet, count)
    sheet.labels = [(label._replace(cited=label.name in cited), formula) for label, formula in count.labels]


def _parts(token: Token) -> Iterator[Token]:
    """Yield the pictures and formulas that a token is or holds."""
    if token.type in _COUNTED:
        yield token
    for child in token.children or ():
        if child.type in _COUNTED or child.children:
            yield from _parts(child)


def _section(opening: Token, inline: Token, sheet: Sheet) -> Label:
    name = str(opening.attrs["id"])
    line = opening.map[0] if opening.map else 0
    place = sheet.places.spot(line, max(sheet.places.line(line).find(f"#{name}"), 0))
    return Label(label_name(name), "section", "", name, plain(inline.children).strip(), *place)


def _number_figure(image: Token, count: Numbering, prefix: str) -> None:
    count.figures += 1
    name = str(image.attrs["id"])
    image.meta["number"] = f"{prefix}{count.figures}"
    text = str(image.attrs.get("title", "")) or plain(image.children)
    place = image.meta.get("place", (0, 0))
    count.labels.append((Label(name, "figure", image.meta["number"], name, text, *place), None))


def _refuse_label(formula: Token, sheet: Sheet) -> None:
    at = label_in_line(formula.content)
    if at >= 0:
        message = "a formula in a line of text can't have a label"
        sheet.report(place_in(formula, at), "label", message, "give the formula a paragraph of its own")


def _number(formula: Token, count: Numbering, counting: Counting, taken: dict[str, int]) -> None:
    names = (label_name(str(formula.attrs["id"])),) if formula.attrs.get("id") else ()
    done = number(formula.content, counting, names)
    labels = [
        Label(it.name, "equation", it.number, _anchor(it.name, taken), "", *place_in(formula, it.offset))
        for it in done.labels
    ]
    formula.content = done.tex
    formula.meta["anchors"] = tuple(label.anchor for label in labels)
    formula.meta["rows"] = tuple(it.row for it in done.labels)
    count.last += done.taken
    count.labels += [(label, formula) for label in labels]


def _anchor(name: str, taken: dict[str, int]) -> str:
    """Return the id of a label: its name, unless a heading or another label has that; `taken` count repeats."""
    anchor = wanted = "-".join(name.split()) or "equation"
    while anchor in taken:
        taken[wanted] = taken.get(wanted, 0) + 1
        anchor = f"{wanted}-{taken[wanted]}"
    taken[anchor] = 0
    return anchor


def place_in(formula: Token, offset: int) -> tuple[int, int]:
    """Return line and column of the file for an offset in a formula, whose later lines keep the file's columns."""
    line, column = formula.meta["place"]
    before = formula.content[:offset]
    lines = before.count("\n")
    return line + lines, (len(before) - before.rfind("\n") if lines else column + offset)


def _tell_duplicates(sheet: Sheet, count: Numbering) -> None:
    first: dict[str, Label] = {}
    for label, _ in count.labels:
        other = first.setdefault(label.name, label)
        if other is not label:
            message = f"the label `{label.name}` stands on line {other.line} already"
            sheet.report((label.line, label.column), "label", message, "give one of them another name")


def _refer(tokens: Sequence[Token], sheet: Sheet, count: Numbering) -> set[str]:
    r"""Write the numbers of `\ref` and `\eqref` inside formulas; return the labels that these name."""
    cited: set[str] = set()
    numbers = {label.name: label.number for label, _ in reversed(count.labels)}
    for token in tokens:
        for part in _parts(token):
            if part.type not in {"formula", "formula_block"} or "ref" not in part.content:
                continue
            tex, named = refer(part.content, numbers)
            for it in named:
                if not it.word and it.name not in numbers:
                    _tell_unknown(sheet, place_in(part, it.offset), it.name, numbers)
            part.meta["cites"] = tuple(_cite(part, it) for it in named if it.word)
            cited |= {it.name for it in named}
            part.content = tex
    return cited


def _cite(formula: Token, named: Named) -> Cite:
    """Return a reference in a formula to another text's label, whose number is known when pages are laid out."""
    return Cite(named.word, Ref(named.name, "number", *place_in(formula, named.offset), linked=False))


def _tell_unknown(sheet: Sheet, place: tuple[int, int], name: str, numbers: dict[str, str]) -> None:
    sheet.report(place, "reference", f"there is no label `{name}` in this text", did_you_mean(name, numbers))
