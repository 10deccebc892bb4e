r"""Numbers, labels and references: each file of tests/labels holds promises, with a text and what becomes of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it.utils import read_fixture_file

from bifolium.markdown import MarkdownOptions, render
from bifolium.math.numbers import Counting, number
from bifolium.math.readable import readable
from bifolium.model import Body

FIXTURES = Path(__file__).parent / "labels"
ACCEPT = bool(os.environ.get("BIFOLIUM_ACCEPT"))


def options(path: Path) -> MarkdownOptions:
    """Return what the file's name says: `all` numbers all rows, `within` begins anew in each section."""
    return MarkdownOptions(number_all="all" in path.stem, number_within=2 if "within" in path.stem else 0)


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*.md")), ids=lambda path: path.stem)
def test_text_becomes(path: Path) -> None:
    cases = [(title, source, show(render(source, 1, options(path)))) for _, title, source, _ in read_fixture_file(path)]
    text = "\n".join(f"{title}\n.\n{source}.\n{shown}\n.\n" for title, source, shown in cases)
    if ACCEPT:
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def show(body: Body) -> str:
    """Return a Body's HTML with markers in braces, its formulas with their anchors, references, labels, problems."""
    content = body.content
    lines = [content.html.replace("\x02", "{").replace("\x03", "}").rstrip()]
    for i, it in enumerate(content.formulas):
        kind = ("display" if it.display else "inline") + (" phrase" if it.phrase else "")
        anchors = "".join(f" #{anchor}" for anchor in it.anchors)
        lines.append(f"F{i} {it.line}:{it.column} {kind} {it.tex!r}{anchors}")
    lines += [
        f"R{i} {it.line}:{it.column} {it.style} {it.target!r}{'' if it.linked else ' unlinked'}"
        for i, it in enumerate(content.refs)
    ]
    for label in body.labels:
        formula = f" F{label.formula}" if label.formula >= 0 else ""
        said = f" {label.text!r}" if label.text else ""
        cited = " cited" if label.cited else ""
        lines.append(f"= {label.line}:{label.column} {label.kind} {label.name} {label.number}{formula}{said}{cited}")
    lines += [f"! {p.line}:{p.column} {p.message} [{p.rule}]{f' {p.hint}' if p.hint else ''}" for p in body.problems]
    return "\n".join(lines)


ENVIRONMENTS = ["align", "align*", "gather", "equation", "eqnarray", "subequations", "multline", "aligned"]
PIECES = [
    "a",
    "&",
    "\\\\",
    "{",
    "}",
    "%",
    "\n",
    " ",
    "\\label{x}",
    "\\label{eq:long}",
    "\\tag{7}",
    "\\notag",
    "\\ref{x}",
]
TEX = st.lists(
    st.sampled_from([*PIECES, *(f"\\{end}{{{name}}}" for name in ENVIRONMENTS for end in ("begin", "end"))])
).map("".join)


@given(TEX, st.booleans())
def test_numbering_changes_numbers_only(tex: str, every: bool) -> None:
    numbered = number(tex, Counting(3, "2.", every=every))
    assert len(numbered.labels) <= tex.count("\\label")
    assert all(tex.startswith("\\label", label.offset) for label in numbered.labels)
    assert numbered.tex.count("\n") >= tex.count("\n")
    assert numbered.tex.count("\\notag") == tex.count("\\notag")


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"x^2 + y_{ij}", "x² + yᵢⱼ"),
        (r"\alpha\to\infty", "α→∞"),
        (r"\mathbb{R}^n", "ℝⁿ"),
        (r"\mathcal{L}", "ℒ"),
        (r"\frac{a+b}{c}", "(a+b)/c"),
        (r"\sqrt{x}\,\sqrt{ab}", "√x √ab"),
        (r"O(n\log n)", "O(n log n)"),
        (r"\lVert x\rVert \le 1", "‖x‖ ≤ 1"),
        (r"e^{i\pi} = -1", "e^iπ = −1"),
        (r"\hat\beta \in \text{a set}", "β̂ ∈ a set"),
        (r"\left\{a \right\}", "{a }"),
        (r"\foo{x}{y} z", r"\foo{x}{y} z"),
        (r"x^{**}", "x^(**)"),
        ("a{b", "ab"),
        ("\\", "\\"),
    ],
)
def test_tex_is_readable_as_plain_text(tex: str, text: str) -> None:
    assert readable(tex) == text
