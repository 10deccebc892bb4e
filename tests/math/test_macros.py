import re
from pathlib import Path

import pytest

from bifolium import engine
from bifolium.math import exports, macros
from bifolium.math.definitions import BadDefinition, Lexicon, commands, outliving, read
from bifolium.problems import draw

CASE = re.compile(r"^([^\n.][^\n]*)\n\.\n(.*?)\n\.\n(.*?)\n?\.$", re.MULTILINE | re.DOTALL)
TEXT = Path(__file__).with_name("macros.txt").read_text(encoding="utf-8")
CASES = {title: (given, expected) for title, given, expected in CASE.findall(TEXT)}
ALL = r"""% Shorthands
\newcommand{\E}{\mathbb{E}}
\newcommand{\norm}[2][2]{\lVert #2 \rVert_{#1}}
\DeclareMathOperator*{\esssup}{ess\,sup}
\def\pair#1{\langle #1 \rangle}
\def\interval#1|#2.{(#1, #2)}
\let\eps=\varepsilon
"""


def parse(text: str) -> macros.Macros:
    return macros.parse("macros.tex", text, engine.vocabulary(), engine.built_in())


def needed(tex: str, *definitions: str) -> list[str]:
    lexicon = Lexicon([read(source, 0) for source in definitions])
    return [it.source for it in lexicon.needed(commands(tex))]


@pytest.mark.parametrize("title", CASES)
def test_a_mistake_in_the_macro_file_is_told_at_its_place(title: str) -> None:
    given, expected = CASES[title]
    assert "\n".join(draw(problem) for problem in parse(given).problems) == expected


def test_a_good_macro_file_has_no_problems() -> None:
    found = parse(ALL)
    assert found.problems == ()
    assert [(it.name, it.arity, it.preset) for it in found.definitions] == [
        (r"\E", 0, None),
        (r"\norm", 2, "2"),
        (r"\esssup", 0, None),
        (r"\pair", 1, None),
        (r"\interval", 2, None),
        (r"\eps", 0, None),
    ]


def test_a_formula_needs_the_macros_it_uses_and_those_that_these_use() -> None:
    definitions = (r"\def\a{1}", r"\def\b{\a}", r"\def\c{\b}", r"\def\d{2}")
    assert needed(r"\c + 1", *definitions) == [r"\def\a{1}", r"\def\b{\a}", r"\def\c{\b}"]
    assert needed(r"\d", *definitions) == [r"\def\d{2}"]
    assert needed(r"x", *definitions) == []


def test_the_last_definition_counts_unless_an_earlier_one_was_kept_by_let() -> None:
    assert needed(r"\a", r"\def\a{1}", r"\def\a{2}") == [r"\def\a{2}"]
    kept = (r"\def\a{1}", r"\let\old\a", r"\def\a{\old 2}")
    assert needed(r"\a", *kept) == list(kept)


def test_an_optional_argument_may_hold_a_macro() -> None:
    kept = (r"\def\a{1}", r"\newcommand{\b}[1][\a]{#1}")
    assert needed(r"\b", *kept) == list(kept)


def test_a_definition_outlives_its_formula_unless_it_stands_in_braces() -> None:
    tex = r"\def\a{1} {\def\b{2} \gdef\c{3} \global\def\d{4}} \begin{array}{c}\newcommand{\e}{5}\end{array}"
    assert [it.name for it in outliving(tex)] == [r"\a", r"\c", r"\d", r"\e"]


def test_a_definition_that_is_none_is_left_to_the_engine() -> None:
    assert list(outliving(r"\def\a")) == []
    with pytest.raises(BadDefinition):
        read(r"\def\a", 0)


def test_macros_are_exported_to_vs_code_mathjax_and_json() -> None:
    found = parse(ALL).definitions
    assert exports.export(found, "vscode") == (
        {
            "markdown.math.macros": {
                r"\E": r"\mathbb{E}",
                r"\esssup": r"\operatorname*{ess\,sup}",
                r"\pair": r"\langle #1 \rangle",
                r"\eps": r"\varepsilon",
            }
        },
        [r"\norm", r"\interval"],
    )
    assert exports.export(found, "mathjax") == (
        {
            "tex": {
                "macros": {
                    "E": r"\mathbb{E}",
                    "norm": [r"\lVert #2 \rVert_{#1}", 2, "2"],
                    "esssup": r"\operatorname*{ess\,sup}",
                    "pair": [r"\langle #1 \rangle", 1],
                    "eps": r"\varepsilon",
                }
            }
        },
        [r"\interval"],
    )
    exported, left_out = exports.export(found, "json")
    assert (exported[1], len(exported), left_out) == (
        {"name": r"\norm", "kind": "newcommand", "arguments": 2, "preset": "2", "meaning": r"\lVert #2 \rVert_{#1}"},
        6,
        [],
    )
