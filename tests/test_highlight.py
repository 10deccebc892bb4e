"""Code is coloured, marked and numbered; nothing of it is lost, and nothing stalls."""

from __future__ import annotations

import html
import os
import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygments import __version__
from pygments.lexers import get_all_lexers
from pygments.styles import get_all_styles

from bifolium.contrast import CONTRAST, contrast, parse
from bifolium.highlight import highlight, identity, language_of, stylesheet
from bifolium.model import Highlighted, Listing

EXPONENTIAL = '"' + "\\" * 60


def listing(code: str, language: str = "", title: str = "", marked: tuple[int, ...] = (), numbered: int = 0) -> Listing:
    return Listing(code, language, title, marked, numbered, 1, 1)


def html_of(found: Listing) -> str:
    return highlight([found])[0].html


def text_of(code: str) -> str:
    """Return what a reader would copy."""
    inside = re.search(r"<code[^>]*>(.*)</code>", code, re.DOTALL)
    assert inside
    return html.unescape(re.sub("<[^>]*>", "", inside[1]))


def test_code_is_coloured_by_classes() -> None:
    assert html_of(listing('def f(x):\n    return x < "é"\n', "python")) == (
        '<figure class="code"><pre tabindex="0" data-lang="python"><code class="language-python">'
        '<span class="k">def</span> <span class="nf">f</span>(x):\n'
        '    <span class="k">return</span> x <span class="o">&lt;</span> <span class="s2">&quot;é&quot;</span>'
        "</code></pre></figure>"
    ).replace("&quot;", '"')


def test_a_title_is_a_caption() -> None:
    assert html_of(listing("x\n", "text", title="a <b> & c")) == (
        '<figure class="code"><figcaption>a &lt;b&gt; &amp; c</figcaption>'
        '<pre tabindex="0" data-lang="text"><code class="language-text">x</code></pre></figure>'
    )


def test_a_comparison_is_coloured_without_its_signs_and_marked_by_them() -> None:
    compared = listing("-a = 1\n+b = 1\n c\nd\n", "python")._replace(compared=True)
    one = '<span class="o">=</span> <span class="mi">1</span>'
    assert html_of(compared) == (
        '<figure class="code"><pre tabindex="0" data-lang="python"><code class="language-python">'
        f'<del class="line"><span class="sign">-</span>a {one}</del>\n'
        f'<ins class="line"><span class="sign">+</span>b {one}</ins>\n'
        '<span class="sign"> </span>c\n'
        '<span class="sign"> </span>d</code></pre></figure>'
    )


def test_marked_lines_are_elements_and_the_others_are_not() -> None:
    assert html_of(listing("a = 1\n\n# b\n", "python", marked=(2, 3))) == (
        '<figure class="code"><pre tabindex="0" data-lang="python"><code class="language-python">'
        'a <span class="o">=</span> <span class="mi">1</span>\n'
        '<mark class="line"></mark>\n'
        '<mark class="line"><span class="c1"># b</span></mark></code></pre></figure>'
    )


def test_numbered_lines_count_from_their_first_number() -> None:
    assert html_of(listing("a\nb\n", "text", marked=(2,), numbered=9)) == (
        '<figure class="code numbered"><pre tabindex="0" data-lang="text">'
        '<code class="language-text" style="counter-reset:line 8">'
        '<span class="line">a</span>\n<mark class="line">b</mark></code></pre></figure>'
    )


def test_no_element_reaches_over_a_numbered_lines_end() -> None:
    assert html_of(listing('"""a\nb"""\n', "python", numbered=1)) == (
        '<figure class="code numbered"><pre tabindex="0" data-lang="python"><code class="language-python">'
        '<span class="line"><span class="sd">"""a</span></span>\n'
        '<span class="line"><span class="sd">b"""</span></span></code></pre></figure>'
    )


def test_a_mark_beyond_the_end_is_told() -> None:
    found = highlight([listing("a\n", marked=(1, 3))])[0]
    assert found.error == "line 3 is to be marked, but this code ends at line 1"


def test_blank_lines_around_code_stay() -> None:
    assert text_of(html_of(listing("\n\n x\n\n\n", "python"))) == "\n\n x\n\n"


def test_code_without_language_is_plain() -> None:
    expected = '<figure class="code"><pre tabindex="0"><code>a &lt; b</code></pre></figure>'
    assert highlight([listing("a < b\n")]) == [Highlighted(expected)]


def test_an_unknown_language_is_plain_and_told_with_the_nearest_known() -> None:
    assert highlight([listing("x\n", "pyhton")]) == [
        Highlighted(
            '<figure class="code"><pre tabindex="0" data-lang="pyhton">'
            '<code class="language-pyhton">x</code></pre></figure>',
            "unknown language `pyhton`, did you mean `python`?",
        )
    ]


def test_a_language_like_no_other_is_told_too() -> None:
    assert highlight([listing("x\n", "eval_rst")])[0].error == "unknown language `eval_rst`, so it is shown plain"


@pytest.mark.parametrize(
    ("info", "language"),
    [
        ("Python", "python"),
        ("{.python .input}", "python"),
        ("{.input}", "input"),
        ("rust,ignore", "rust"),
        ("rust, no_run", "rust"),
        ("c++", "c++"),
        ("C#", "c#"),
        ("objective-c", "objective-c"),
        ("{}", ""),
        ("  ", ""),
        ('a"><script>', 'a"><script>'),
    ],
)
def test_the_language_is_found_in_other_dialects_info(info: str, language: str) -> None:
    assert language_of(info) == language


def test_a_language_cannot_break_out_of_its_attribute() -> None:
    assert '<code class="language-a&quot;&gt;&lt;script&gt;">' in html_of(listing("x\n", 'a"><script>'))


def test_results_keep_the_order_of_the_listings() -> None:
    found = [listing(str(number), "text") for number in range(5)]
    assert [text_of(made.html) for made in highlight(found)] == ["0", "1", "2", "3", "4"]


def test_the_place_of_a_listing_makes_no_difference() -> None:
    found = listing("a = 1\n", "python")
    assert highlight([found]) == highlight([found._replace(line=99, column=7)])


# hypothesis' gc callback may swallow an alarm, which then rings again
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("language", ["scala", "fish", "tcsh", "rego"])
def test_a_lexer_that_never_ends_is_given_up(language: str) -> None:
    expected = (
        f'<figure class="code"><pre tabindex="0" data-lang="{language}"><code class="language-{language}">'
        f"{EXPONENTIAL}</code></pre></figure>"
    )
    error = f"colouring this `{language}` took more than 0.1 s, so it is shown plain"
    assert highlight([listing(EXPONENTIAL + "\n", language)], 0.1) == [Highlighted(expected, error, lasting=False)]


LANGUAGES = sorted({aliases[0] for _, aliases, _, _ in get_all_lexers(plugins=False) if aliases})
AWKWARD = "\n\t<a href=\"x\">&amp; 'é' $x {{ y }} # 卷积 \\\n%d /* -- */ [1] \f\n\n  \n"


def test_no_lexer_loses_a_character() -> None:
    found = highlight([listing(AWKWARD, language) for language in LANGUAGES], seconds=60)
    changed = "Pygments can't colour this `robotframework` (ValueError), so it is shown plain"
    assert {text_of(made.html) for made in found} == {AWKWARD.removesuffix("\n")}
    assert {made.error for made in found} <= {"", changed}


@given(
    st.text(st.characters(codec="utf-8", exclude_characters="\r\x00\ufeff"), max_size=60),
    st.sampled_from(["python", "html", "tex", "console"]),
)
def test_any_text_comes_out_as_it_went_in(code: str, language: str) -> None:
    made = highlight([listing(code, language, marked=(1,), numbered=1)])[0]
    assert text_of(made.html) == code.removesuffix("\n")


def test_the_identity_names_pygments_and_our_format() -> None:
    assert identity() == f"pygments {__version__}, format 2"


def test_pygments_is_imported_only_for_a_known_language() -> None:
    code = (
        "import sys; from bifolium.highlight import highlight; from bifolium.model import Listing; "
        "highlight([Listing('x', '', '', (), 0, 1, 1)]); print('pygments' in sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("False\n", "")


def test_equal_styles_need_no_variables() -> None:
    css = stylesheet("bw", "bw")
    assert css.splitlines()[:6] == [
        ":root{}",
        "@media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){}}",
        "@media screen{:root[data-theme=dark]{}}",
        ".code{background:#fff;color:#000}",
        ".code mark.line{background:#e6e6e6}",
        ".code.numbered .line::before{color:#666}",
    ]


@pytest.mark.parametrize("name", sorted(get_all_styles()))
def test_every_style_is_readable_by_day_and_by_night(name: str) -> None:
    css = stylesheet(name, name)
    marked = re.search(r"mark\.line\{background:(#\w+)\}", css)
    assert marked
    for rule in re.findall(r"\{([^{}]*\bcolor:#[^{}]*)\}", css):
        colour = re.search(r"\bcolor:(#\w+)", rule)
        ground = re.search(r"background:(#\w+)", rule) or marked
        assert colour
        assert contrast(parse(colour[1]), parse(ground[1])) > CONTRAST - 0.1, rule


def test_the_default_stylesheet_repeats_no_rule() -> None:
    rules = re.findall(
        r"^(\.code :is[^{]*|\.code \.\w+)\{([^}]*)\}", stylesheet("friendly", "github-dark"), re.MULTILINE
    )
    assert len(rules) > 30
    assert len({selector for selector, _ in rules}) == len({body for _, body in rules}) == len(rules)
