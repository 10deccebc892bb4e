"""Lists of formulas, one a line, each followed by what becomes of it: `rendered`, or the problem and the text it marks.

errors.txt has a formula for each thing that KaTeX refuses, mathjax.txt what MathJax reads, gallery.txt what it draws.
To accept what comes out now: `BIFOLIUM_ACCEPT=1 pytest tests/math/test_lists.py`, then read the difference.
"""

import os
import re
from pathlib import Path

import pytest

from bifolium import engine
from bifolium.engine import FormulaJob
from bifolium.math import hint, original, prepare
from bifolium.model import Typeset

HERE = Path(__file__).parent
ACCEPT = bool(os.environ.get("BIFOLIUM_ACCEPT"))
OUTCOME = "    "


def outcome(tex: str, made: Typeset) -> list[str]:
    if not made.error:
        return [f"{OUTCOME}rendered" if made.html else f"{OUTCOME}nothing to see"]
    start = original(tex, made.offset)
    marked = tex[start : original(tex, made.offset + made.width)] if made.offset >= 0 else "?"
    advice = hint(made.error, tex, engine.vocabulary())
    return [f"{OUTCOME}{made.error} [{marked}]", *([f"{OUTCOME}= {advice}"] if advice else [])]


@pytest.mark.parametrize("name", ["errors.txt", "mathjax.txt", "gallery.txt"])
def test_what_becomes_of_formulas(name: str) -> None:
    text = (HERE / name).read_text(encoding="utf-8")
    formulas = [line for line in text.splitlines() if line and not line.startswith((OUTCOME, "%"))]
    made = dict(
        zip(formulas, engine.typeset([FormulaJob(prepare(tex), display=True) for tex in formulas]), strict=True)
    )
    lines = [line for line in text.splitlines() if not line.startswith(OUTCOME)]
    found = "\n".join(out for line in lines for out in [line, *(outcome(line, made[line]) if line in made else [])])
    if ACCEPT:
        (HERE / name).write_text(found + "\n", encoding="utf-8")
    assert found + "\n" == text


def test_every_error_of_katex_has_words_of_ours_and_a_hint() -> None:
    lines = (HERE / "errors.txt").read_text(encoding="utf-8").splitlines()
    formulas = [line for line in lines if line and not line.startswith((OUTCOME, "%"))]
    made = engine.typeset([FormulaJob(prepare(tex), display=True) for tex in formulas])
    said = {it.error: hint(it.error, tex, engine.vocabulary()) for tex, it in zip(formulas, made, strict=True)}
    assert [error for error in said if error[:1].isupper() or re.search(r"(?<![a-z`\\])'|'(?![a-z`])", error)] == []
    assert {error for error, advice in said.items() if error and not advice} == {
        r"unknown command `\foo`",
        r"unknown command `\arraystretch`",
        "unknown environment `foo`",
        "unknown environment `x`",
        r"expected `\endgroup`, found `}`",
    }
