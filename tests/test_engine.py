import json
import os
import re
import subprocess
import sys
import threading
from typing import Literal

import pytest

from bifolium import engine
from bifolium.engine import FormulaJob, Manner, katex, quickjs, running, typesetting, v8
from bifolium.math import prepare
from bifolium.model import Typeset

DEFAULT = Manner()


def one(tex: str, manner: Manner = DEFAULT, definitions: tuple[str, ...] = ()) -> Typeset:
    return engine.typeset([FormulaJob(tex, True, definitions)], manner)[0]


def errors(*formulas: str) -> list[str]:
    return [made.error for made in engine.typeset([FormulaJob(tex, True) for tex in formulas])]


def in_new_process(code: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_inline_and_displayed_formulas_are_typeset_with_their_tex_inside() -> None:
    inline, displayed = engine.typeset([FormulaJob("x^2", display=False), FormulaJob("x^2", display=True)])
    assert inline.html.startswith('<span class="katex"><span class="katex-mathml"><math')
    assert displayed.html.startswith('<span class="katex-display"><span class="katex"><span class="katex-mathml"><math')
    tex = '<annotation encoding="application/x-tex">x^2</annotation>'
    assert [tex in made.html for made in (inline, displayed)] == [True, True]


def test_output_is_html_or_mathml_or_both() -> None:
    made = {output: one("x", Manner(output=output)).html for output in ("both", "html", "mathml")}
    assert {output: ("katex-html" in html, "<math" in html) for output, html in made.items()} == {
        "both": (True, True),
        "html": (True, False),
        "mathml": (False, True),
    }


def test_chinese_stands_in_formulas_with_and_without_text() -> None:
    made = engine.typeset([FormulaJob("中文", display=False), FormulaJob(r"\text{中文}", display=False)])
    assert ["中文" in it.html for it in made] == [True, True]


def test_an_error_has_our_words_and_its_offset_in_characters() -> None:
    assert one(r"x + \foo") == Typeset("", r"unknown command `\foo`", 4, 4)
    assert one(r"\text{𝒳😀中} \foo") == Typeset("", r"unknown command `\foo`", 11, 4)


def test_an_error_inside_a_macro_has_no_false_place() -> None:
    assert one(r"xxxxxxxxxx + \R", definitions=(r"\def\R{\mathbb{\foo}}",)) == Typeset(
        "", r"unknown command `\foo`", -1
    )


def test_an_error_without_a_place_is_found_by_the_command_that_it_names() -> None:
    assert one(r"a + \hline") == Typeset("", r"`\hline` works between the rows of an environment only", 4, 6)


def test_definitions_travel_with_their_formula() -> None:
    definitions = (r"\def\R{\mathbb{R}}", r"\newcommand{\pair}[2][0]{(#1,#2)}", r"\DeclareMathOperator*{\am}{arg\,min}")
    made = one(r"\am_{x \in \R} \pair[a]{b} \pair c", definitions=definitions)
    plain = one(r"\operatorname*{arg\,min}_{x \in \mathbb{R}} (a,b) (0,c)")
    unannotated = [re.sub("<annotation.*?</annotation>", "", it.html) for it in (made, plain)]
    assert unannotated == unannotated[1:] * 2


def test_a_definition_stays_in_its_formula() -> None:
    assert errors(r"\gdef\foo{1}\foo", r"\foo", r"\global\let\frac\sqrt", r"\frac{1}{2}") == [
        "",
        r"unknown command `\foo`",
        "",
        "",
    ]
    assert errors(r"\foo") == [r"unknown command `\foo`"]


def test_what_mathjax_knows_and_katex_does_not_is_accepted() -> None:
    assert errors(r"\mbox{if } x \hfill y", r"\require{mhchem} \ce{2H2O}", r"\label{eq:x} x", r"\pu{1 m}") == [""] * 4


def test_a_label_shows_nothing() -> None:
    assert "eq:x" not in re.sub("<annotation.*?</annotation>", "", one(r"x \label{eq:x}").html)


def test_order_is_kept_over_many_chunks_and_refused_formulas() -> None:
    formulas = [
        FormulaJob("x" * (typesetting.LONGEST + 1) if n % 50 == 7 else rf"\text{{no.{n}}}", display=False)
        for n in range(180)
    ]
    made = engine.typeset(formulas, Manner(output="mathml"))
    expected = ["" if n % 50 == 7 else f"no.{n}" for n in range(180)]
    assert ["".join(re.findall(r"<mtext>(.*?)</mtext>", formula.html)) for formula in made] == expected


def test_hostile_tex_is_an_error_and_the_engine_goes_on() -> None:
    hostile = {
        r"\def\a{\a\a}\a": "a macro calls itself, or macros unfold into too much",
        "{" * 9_999 + "}" * 9_999: "the formula is nested too deeply",
        "{" * 10_000: "the formula ends where `}` was expected",
        "x" * 100_000: "the formula has 100,000 characters, more than 20,000",
        r"\href{javascript:alert(1)}{x}": r"`\href` is not allowed in a formula",
        r"\url{javascript:alert(1)}": r"`\url` is not allowed in a formula",
        r"\href{}{x}": r"`\href` is not allowed in a formula",
        r"\htmlData{a=b}{x}": r"`\htmlData` is not allowed in a formula",
        r"\htmlStyle{color:red}{x}": r"`\htmlStyle` is not allowed in a formula",
        r"\includegraphics{x.png}": r"`\includegraphics` is not allowed in a formula",
        "a\ud83d": "half a character: a lone surrogate, U+D83D",
        "x": "",
    }
    assert dict(zip(hostile, errors(*hostile), strict=True)) == hostile


@pytest.mark.parametrize(
    "bomb",
    [
        r"\def\a#1{#1#1}\a{\a{\a{\a{\a{\a{\a{\a{\a{\a{\a{\a{\a{\a{\a{\a{\a{\a{\a{\a{x}}}}}}}}}}}}}}}}}}}}",
        r"\kern 999999em \hspace{-99999em} \mkern 99999mu \raisebox{9999em}{x} x",
        r"\left(" * 400 + "x" + r"\right)" * 400,
        r"\begin{matrix}" * 200 + "x" + r"\end{matrix}" * 200,
        r"\frac{1}{" * 500 + "x" + "}" * 500,
        r"\sqrt{" * 500 + "x" + "}" * 500,
        "x" + "^{x" * 800 + "}" * 800,
        r"\overbrace{" * 300 + "x" + "}" * 300,
        r"\begin{array}{*{99}{c}}" + "&" * 9_000 + r"\end{array}",
        r"\text{" * 500 + "x" + "}" * 500,
        r"\ce{" + "A^{2+}" * 400 + "}",
        r"\newcommand{\a}[1][\a]{\a}\a",
        r"\let\a\def \a\b{\b\b}\b",
        r"\htmlClass{x}{y} \htmlId{x}{y} \htmlStyle{x:y}{z}",
        "\x00\x01\x1b[31m",
        "\\" * 9_999,
        "%" * 9_999,
        "&" * 9_999,
        "$" * 9_999,
        "#" * 9_999,
    ],
)
def test_a_bomb_is_drawn_or_refused_in_bounded_space(bomb: str) -> None:
    made = one(bomb)
    assert len(made.html) < 20_000_000
    assert bool(made.html) != bool(made.error) or "is longer than" in made.error
    assert "javascript" not in made.html
    assert max(map(float, re.findall(r"(?:width|height|margin[a-z-]*):(-?[\d.]+)em", made.html)), default=0) < 2_000
    assert one("x").error == ""


@pytest.mark.parametrize("output", ["html", "mathml"])
def test_a_length_is_cut_to_size_in_every_output(output: Literal["html", "mathml"]) -> None:
    html = one(r"\rule{99999em}{99999em}\kern99999em x\hspace{99999em}", Manner(output)).html
    html = re.sub("<annotation.*?</annotation>", "", html)
    assert max(map(float, re.findall(r"([\d.]+)em", html))) == 50


def test_a_site_macro_that_calls_itself_is_an_error_of_its_formula() -> None:
    definitions = (r"\newcommand{\a}{\b\b}", r"\newcommand{\b}{\a\a}")
    assert one(r"x + \a", definitions=definitions).error == "a macro calls itself, or macros unfold into too much"
    long = (r"\newcommand{\a}{" + "x" * 30_000 + "}",)
    said = "the formula has 30,019 characters, its macros included, more than 20,000"
    assert one(r"\a", definitions=long).error == said


def test_a_formula_that_only_defines_shows_nothing() -> None:
    tex = [r"\newcommand{\a}{x}", r" \def\a#1{#1} \let\b\a", r"\def\a{x} \a"]
    for manner in (Manner("both"), Manner("html"), Manner("mathml")):
        made = engine.typeset([FormulaJob(it, display) for it in tex for display in (True, False)], manner)
        assert [bool(it.html) for it in made] == [False, False, False, False, True, True]


def test_strictness_is_a_warning_or_an_error() -> None:
    said = r"`中` is text, and stands in maths without `\text`"
    ignored, warned, failed = (one("x + 中", Manner(strict=it)) for it in ("ignore", "warn", "error"))
    assert (ignored.error, bool(ignored.html)) == ("", True)
    assert (warned.error, warned.offset, warned.html) == (said, 4, ignored.html)
    assert (failed.error, failed.offset, failed.html) == (said, 4, "")


def listed_formulas(request: pytest.FixtureRequest) -> list[FormulaJob]:
    folder = request.config.rootpath / "tests" / "math"
    texts = [(folder / name).read_text(encoding="utf-8") for name in ("gallery.txt", "mathjax.txt", "errors.txt")]
    lines = [line for text in texts for line in text.splitlines() if line and not line.startswith((" ", "%"))]
    return [FormulaJob(prepare(tex), display) for tex in lines for display in (True, False)]


def test_our_way_to_write_elements_gives_the_bytes_of_katex_but_for_heights_below_nothing(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = listed_formulas(request)
    ours = typesetting.typeset_chunk(jobs, Manner("html"), quickjs.QuickJS())
    scripts = [text for text in katex.scripts() if "toMarkup = function" not in text or "KaTeX parse error" in text]
    assert len(scripts) == len(katex.scripts()) - 1
    monkeypatch.setattr(quickjs, "scripts", lambda: scripts)
    theirs = quickjs.QuickJS()
    made = [
        it for at in range(0, len(jobs), 50) for it in typesetting.call(jobs[at : at + 50], Manner("html"), theirs, 10)
    ]
    void = re.compile(r' style="height:-[\d.]+em;"|(?<=[";])height:-[\d.]+em;')
    assert ours == [it._replace(html=void.sub("", it.html)) for it in made]


def test_mathml_is_what_html_allows(request: pytest.FixtureRequest) -> None:
    made = [it.html for it in typesetting.typeset_chunk(listed_formulas(request), Manner("mathml"), quickjs.engine())]
    wrong = re.compile(r'<(?:mi|mn|mo|mtext)(?: [^<>]*)?><[^/]|<mtd [^<>]*\bwidth=|<m[^<>]*=""')
    assert [found[0] for html in made for found in wrong.finditer(html)] == []
    word = typesetting.typeset([FormulaJob(r"\mathop{\mathrm{arg}} \overset{!}{=}", display=False)], Manner("mathml"))
    assert "<mrow><mi>arg</mi><mrow><mover><mrow><mo>=</mo></mrow>" in word[0].html
    placed = typesetting.typeset([FormulaJob(r"x_{\lim} \ne y", display=False)], Manner("mathml"))
    assert (
        '<msub><mi>x</mi><mrow><mi>lim</mi><mo>\u2061</mo></mrow></msub><mo mathvariant="normal">\u2260</mo>'
        in placed[0].html
    )


needs_v8 = pytest.mark.skipif(not v8.is_here(), reason="mini-racer is not installed")


@needs_v8
def test_v8_gives_the_bytes_of_quickjs(request: pytest.FixtureRequest) -> None:
    jobs = listed_formulas(request)
    for manner in (Manner(), Manner("mathml", "error"), Manner("html", "warn")):
        quickly, swiftly = (typesetting.typeset_chunk(jobs, manner, it) for it in (quickjs.engine(), v8.engine()))
        assert swiftly == quickly


@needs_v8
def test_v8_is_used_for_many_formulas_and_ends_with_the_process() -> None:
    code = """
from bifolium import engine
from bifolium.engine import FormulaJob, v8
engine.typeset([FormulaJob("x", False)] * 99)
print(v8.is_running())
engine.typeset([FormulaJob("x", False)] * 200)
print(v8.is_running())
"""
    assert in_new_process(code) == ["False", "True"]


@needs_v8
@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_v8_is_never_used_after_a_fork() -> None:
    code = """
import os
from bifolium import engine
from bifolium.engine import FormulaJob, v8
before = engine.typeset([FormulaJob("x", False)] * 200)
child = os.fork()
if not child:
    os._exit(0 if engine.typeset([FormulaJob("x", False)] * 200) == before and not v8.is_here() else 1)
print(os.waitpid(child, 0)[1])
"""
    assert in_new_process(code) == ["0"]


@needs_v8
@pytest.mark.usefixtures("hurried")
def test_what_v8_breaks_on_is_left_to_quickjs() -> None:
    deep = "{" * 2_500 + "x" + "}" * 2_500
    endless = r"\def\a{" + "x" * 15_000 + "}" + r"\a" * 900
    made = typesetting.typeset_chunk(
        [FormulaJob("x", True), FormulaJob(endless, True), FormulaJob("y", True)], DEFAULT, v8.engine()
    )
    assert [it.error for it in made] == ["", "typesetting takes more than 0.2 seconds", ""]
    made = typesetting.typeset_chunk([FormulaJob(deep, True), FormulaJob("y", True)], DEFAULT, v8.engine())
    assert [it.error for it in made] == ["", ""]


def test_a_giant_rule_is_cut_to_size() -> None:
    html = one(r"\rule{99999em}{99999em}", Manner(output="html")).html
    assert max(map(float, re.findall(r"([\d.]+)em", html))) == 50


def test_nothing_in_a_formula_becomes_markup() -> None:
    html = one(r"""\text{<script>alert(1)</script>" onclick='x'} <b> \color{red"onclick="x}y""").html
    assert re.findall(r"<(?!/?(?:span|math|semantics|mrow|mtext|mo|mi|mstyle|annotation)\b)[^>]*>", html) == []
    assert re.findall(r"<[^>]*onclick[^>]*>", html) == []


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting, "CHUNK_SECONDS", 0.3)
    monkeypatch.setattr(typesetting, "FORMULA_SECONDS", 0.2)


@pytest.mark.usefixtures("hurried")
def test_a_formula_that_takes_too_long_fails_alone_and_for_now() -> None:
    endless = r"\def\a{" + "x" * 15_000 + "}" + r"\a" * 900
    slow, quick = engine.typeset([FormulaJob(endless, display=True), FormulaJob("x", display=True)])
    assert (slow.error, slow.lasting) == ("typesetting takes more than 0.2 seconds", False)
    assert quick == one("x")


def test_a_formula_that_takes_too_much_memory_fails_alone_and_for_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "MEMORY", 24 << 20)
    quickjs.engine.cache_clear()
    greedy = r"\def\a{" + "x" * 10_000 + "}" + r"\a" * 90
    try:
        large, small = engine.typeset([FormulaJob(greedy, display=True), FormulaJob("x", display=True)])
    finally:
        quickjs.engine.cache_clear()
    assert (large.error, large.lasting) == ("typesetting takes more than 24 MB of memory", False)
    assert small == one("x")


def test_the_engine_starts_for_formulas_only() -> None:
    code = """
import sys, threading
from bifolium import engine
from bifolium.engine import FormulaJob
engine.identity(), engine.stylesheet_files(), engine.vocabulary(), engine.typeset([])
print("_quickjs" in sys.modules, threading.active_count())
engine.typeset([FormulaJob("x", False)])
print("_quickjs" in sys.modules, threading.active_count())
"""
    assert in_new_process(code) == ["False", "1", "True", "2"]


def test_the_engine_may_be_called_from_any_thread() -> None:
    made: list[Typeset] = []
    threads = [threading.Thread(target=lambda: made.append(one("x^2"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [one("x^2")] * 4


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_forked_child_has_an_engine_of_its_own() -> None:
    code = """
import os
from bifolium import engine
from bifolium.engine import FormulaJob
before = engine.typeset([FormulaJob("x", False)])
child = os.fork()
if not child:
    os._exit(0 if engine.typeset([FormulaJob("x", False)]) == before else 1)
print(os.waitpid(child, 0)[1])
"""
    assert in_new_process(code) == ["0"]


def test_identity_is_the_same_in_every_process() -> None:
    code = "from bifolium import engine; print(engine.identity())"
    assert in_new_process(code) == [engine.identity()]


def test_the_stylesheet_names_exactly_the_fonts_that_are_published_with_it() -> None:
    files = engine.stylesheet_files()
    css = files["katex.min.css"].read_text(encoding="utf-8")
    assert set(re.findall(r"url\(([^)]+)\)", css)) == set(files) - {"katex.min.css"}
    assert all(path.is_file() for path in files.values())


def test_katex_is_the_one_that_the_lock_file_pins(request: pytest.FixtureRequest) -> None:
    lock = json.loads((request.config.rootpath / "package-lock.json").read_text(encoding="utf-8"))
    version = lock["packages"]["node_modules/katex"]["version"]
    assert f'version:"{version}"' in (engine.KATEX / "katex.min.js").read_text(encoding="utf-8")


def test_every_command_of_the_vocabulary_is_known_in_mathematics_or_text() -> None:
    commands = [word for word in sorted(engine.vocabulary()) if word.startswith("\\")]
    found = zip(commands, errors(*commands), errors(*(rf"\text{{{word}{{a}}}}" for word in commands)), strict=True)
    assert [word for word, *said in found if all(error.startswith("unknown") for error in said)] == []
