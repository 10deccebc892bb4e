"""Markdown, as fixtures: each file of tests/markdown holds promises, with a text and what becomes of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it.common.normalize_url import normalizeLink
from markdown_it.common.utils import escapeHtml
from markdown_it.utils import read_fixture_file

from bifolium.markdown import MarkdownOptions, markdown_options, render, toc_html
from bifolium.markdown.dialect import dialect
from bifolium.markdown.liquid import RAW
from bifolium.model import Body, Formula, Fragment, Heading
from bifolium.settings import Settings

FIXTURES = Path(__file__).parent / "markdown"
OPTIONS = MarkdownOptions()
OFF = OPTIONS._replace(
    math=False, dollars=False, double_dollars=False, brackets=False, environments=False, fences=False, in_html=False
)
ALL_OPTIONS = OPTIONS._replace(
    mark=True,
    scripts=True,
    keys=True,
    emoji=True,
    wiki=True,
    link_titles=True,
    line_numbers=True,
    external=(("rel", "noopener"), ("target", "_blank")),
    names=(("note", "注"), ("warning", "警告")),
)


def fixtures(folder: Path) -> list[object]:
    return [
        pytest.param(source, expected, id=f"{path.stem}: {title}")
        for path in sorted(folder.glob("*.md"))
        for _, title, source, expected in read_fixture_file(path)
    ]


@pytest.mark.parametrize(("source", "expected"), fixtures(FIXTURES))
def test_text_becomes(source: str, expected: str) -> None:
    assert show(render(source, 1, OPTIONS)) == expected.rstrip()


@pytest.mark.parametrize(("source", "expected"), fixtures(FIXTURES / "all-options"))
def test_text_with_all_options_on_becomes(source: str, expected: str) -> None:
    assert show(render(source, 1, ALL_OPTIONS)) == expected.rstrip()


def show(body: Body) -> str:
    """Return a Body as a fixture has it: HTML with markers in braces, then what they stand for, then problems."""
    content = body.content
    lines = [readable(content.html).rstrip()]
    lines += [f"L{i} {link.line}:{link.column} {link.target}" for i, link in enumerate(content.links)]
    for i, image in enumerate(content.images):
        attributes = "".join(f' {name}="{value}"' for name, value in image.attributes)
        lone = "lone " if image.lone else ""
        kind = "S" if image.tag else "I"
        lines.append(
            f"{kind}{i} {image.line}:{image.column} {lone}{image.target} {image.alt!r} {image.title!r}{attributes}"
        )
    for i, formula in enumerate(content.formulas):
        kind = "display" if formula.display else "inline"
        lines.append(f"F{i} {formula.line}:{formula.column} {kind} {formula.tex!r}")
    for i, code in enumerate(content.listings):
        shown = f"{code.language!r} {code.title!r} {code.marked} {code.numbered} {code.code!r}"
        compared = " compared" if code.compared else ""
        lines.append(f"C{i} {code.line}:{code.column} {shown}{compared}")
    lines += [f"! {p.line}:{p.column} {p.severity} {p.message} [{p.rule}]" for p in body.problems]
    return "\n".join(lines)


def readable(html: str) -> str:
    return html.replace("\x02", "{").replace("\x03", "}")


def test_links_to_the_site_itself_are_not_dressed_as_those_to_others() -> None:
    options = OPTIONS._replace(external=(("rel", "noopener"),), home="//a.org/b")
    addresses = ("http://a.org/b", "https://a.org/b/c", "//a.org/b#d", "https://a.org/bc", "https://a.org")
    html = "".join(render(f"[x]({address})", 1, options).content.html for address in addresses)
    assert re.findall("<a[^>]*>", readable(html)) == ['<a href="{L0}">'] * 3 + ['<a href="{L0}" rel="noopener">'] * 2


# Laws

SNIPPETS = (
    "$$ $ \\( \\) \\[ \\] ` ``` ~~~ | |-|-| * ** _ ~~ [ ] ( ) ![ ]( { } {: .a} {:toc} [TOC] [^a] <!--more--> "
    "<div> </div> http://a.b www.a.b 中 。 （ ） a \\ > [!NOTE] === --- {#i} &amp; &#2; {1,2} mermaid <b> < \ud7ff "
    "[[a]] [[a|b]] == ++a++ ^2^ ~2~ :+1: ::: {diff} <img/src=a> <a/href='b'> caption=c "
    '\\eqref{a} [@eq:a] \\begin{gather} \\end{gather} \\label{a} {#eq:a} "$x$" \\ref{a}'
).split(" ")
LINES = [
    "\n",
    "\n\n",
    "    ",
    "- ",
    "> ",
    "1. ",
    "# ",
    "[^a]: ",
    "- [ ] ",
    ": ",
    "* toc\n",
    "!!! note\n    ",
    "::: a\n",
    "\n:::\n",
    "https://a.b\n\n",
    "  \n",
    "\t",
    "{::comment}",
    "{::nomarkdown}",
    "{:/}",
    "{:a: .b}\n",
    "{:a}",
    "*[a]: b\n",
    "^\n",
    '<div markdown="1">',
    "<td>",
    "</td>",
    "a | b\n",
    "|---\n",
    "[a](b c)",
    "{% raw %}",
    "{% endraw %}",
    "{{ site.title }}",
    "{% include a %}",
    "{% highlight c %}\n",
    "{% endhighlight %}",
]
CHARACTERS = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=3)
TEXTS = st.lists(st.sampled_from(SNIPPETS) | st.sampled_from(LINES) | CHARACTERS, max_size=30).map("".join)
ANY_OPTIONS = st.builds(
    MarkdownOptions,
    flavour=st.sampled_from(("commonmark", "kramdown")),
    mark=st.booleans(),
    scripts=st.booleans(),
    keys=st.booleans(),
    emoji=st.booleans(),
    wiki=st.booleans(),
    link_titles=st.booleans(),
    summary=st.sampled_from((0, 9, 600)),
    external=st.just(()),
    names=st.just(()),
    nesting=st.sampled_from((2, 20)),
    raw_html=st.booleans(),
    heading_ids=st.booleans(),
    dollars=st.booleans(),
    brackets=st.booleans(),
)


@given(TEXTS, ANY_OPTIONS)
def test_any_text_has_a_body_and_its_markers_are_those_of_its_values(text: str, options: MarkdownOptions) -> None:
    body = render(text, 1, options)
    assert marks(body.content) == values(body.content)
    assert marks(body.summary) == values(body.summary)
    assert render(text, 1, options) == body


def marks(fragment: Fragment) -> set[str]:
    return set(re.findall("\x02(.*?)\x03", "".join([fragment.html, *(image.caption for image in fragment.images)])))


def values(fragment: Fragment) -> set[str]:
    kinds = {
        "F": fragment.formulas,
        "C": fragment.listings,
        "L": fragment.links,
        "R": fragment.refs,
    }
    found = {f"{kind}{number}" for kind, found in kinds.items() for number in range(len(found))}
    return found | {f"{'S' if image.tag else 'I'}{number}" for number, image in enumerate(fragment.images)}


@given(TEXTS, st.sampled_from(("commonmark", "kramdown")))
def test_everything_stands_where_it_is_said_to_stand(text: str, flavour: Literal["commonmark", "kramdown"]) -> None:
    body = render(text, 11, ALL_OPTIONS._replace(flavour=flavour))
    lines = re.split(r"\r\n|\r|\n", text)

    def after(place: tuple[int, int]) -> str:
        return RAW.sub(lambda found: " " * len(found[0]), lines[place[0] - 11][place[1] - 1 :])

    content = body.content
    assert all(after((f.line, f.column)).startswith(f.tex.split("\n")[0]) for f in content.formulas if is_verbatim(f))
    assert all(after((image.line, image.column)).startswith("![") for image in content.images if not image.tag)
    starts = ("[", "<", "http", "www.")
    written = [link for link in content.links if not link.embeds and link.target != "b"]
    assert all(after((link.line, link.column)).startswith(starts) for link in written)
    raw = [link for link in content.links if link.embeds or link.target == "b"]
    assert all(after((link.line, link.column))[: link.width] == link.target for link in raw)
    assert all(after((ref.line, ref.column)).startswith(("\\", "[@")) for ref in content.refs)
    assert [problem.source for problem in body.problems] == [lines[problem.line - 11] for problem in body.problems]


def is_verbatim(formula: Formula) -> bool:
    """Tell whether a formula's TeX is as in the source: without numbers, and neither from HTML nor from a caption."""
    return not (formula.anchors or formula.phrase or "{?}" in formula.tex or formula.tex == "x")


@given(st.text(max_size=40) | st.from_regex(r"(https?://)?[a-zA-Z0-9./?#%&=~_:@-]*", fullmatch=True))
def test_addresses_are_encoded_as_markdown_it_does(url: str) -> None:
    assert dialect(OPTIONS).normalizeLink(url) == normalizeLink(url)


@pytest.mark.parametrize("nesting", [20, 100, 500])
@pytest.mark.parametrize("start", ["> ", "- ", "1. ", "> - "])
def test_text_nested_too_deep_is_reported_and_shown(nesting: int, start: str) -> None:
    deep = start * 600 + "tide\n\nebb"
    body = render(deep, 1, OPTIONS._replace(nesting=nesting))
    assert [(problem.line, problem.severity, problem.rule) for problem in body.problems] == [(1, "error", "nesting")]
    assert "tide" in body.content.html
    assert "ebb" in body.content.html


def test_text_nested_as_deep_as_allowed_is_no_problem() -> None:
    assert render("> " * 100 + "tide", 1, OPTIONS).problems == ()


@pytest.mark.parametrize("piece", ["[", "![", "$ ", "<", "[^", "&", "{", "://", "**", "x| "])
def test_marks_that_nothing_closes_are_text(piece: str) -> None:
    html = render(f"x{piece * 3000}x", 1, OPTIONS).content.html
    assert html == f"<p>x{escapeHtml(piece) * 3000}x</p>\n"


# The rest of a Body


def test_outline_holds_formulas_but_no_links_pictures_and_footnotes() -> None:
    body = render("# [Tides](/t) $h$ ![](m.png)[^1]\n\n## *Ebb*\n{: .no_toc}\n\n[^1]: x\n", 1, OPTIONS)
    assert body.outline == (Heading(1, "tides-h", "Tides \x02F0\x03", "Tides h"),)


def test_contents_nest_relatively() -> None:
    levels = [2, 4, 3, 1, 2]
    outline = [Heading(level, f"h{number}", str(number), "") for number, level in enumerate(levels)]
    assert toc_html(outline) == (
        '<ul><li><a href="#h0">0</a><ul><li><a href="#h1">1</a></li><li><a href="#h2">2</a></li></ul></li>'
        '<li><a href="#h3">3</a><ul><li><a href="#h4">4</a></li></ul></li></ul>'
    )
    assert toc_html(()) == ""


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("# T\n\n![](a.png)\n\nFirst [l](u).[^1]\n\nSecond.\n\n[^1]: note", '<p>First <a href="{L0}">l</a>.</p>'),
        ("* toc\n{:toc}\n\n- a\n\nText.", "<p>Text.</p>"),
        ("One.\n\n## Two {#t}\n\n<!--more-->\n\nThree.", "<p>One.</p>\n<h2>Two</h2>"),
        ("One **two <!-- more --> three** four.", "<p>One <strong>two </strong></p>"),
        ("> - one <!--more--> two", "<blockquote>\n<ul>\n<li>one </li>\n</ul>\n</blockquote>"),
        ("<div>raw\n\n</div>\n\nText <b>bold</b>.", "<p>Text bold.</p>"),
        ("$$x$$\n\n```\ncode\n```\n\n$y$ is small.", "<p>{F0} is small.</p>"),
        ("- [ ] only", ""),
        ("", ""),
    ],
)
def test_summary_is_the_beginning(text: str, summary: str) -> None:
    assert readable(render(text, 1, OPTIONS).summary.html).strip() == summary


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("短。" * 9, "短。" * 5),
        ("One is one. Two is two. Three.", "One is one."),
        ("Longer than the limit is. Then more.", "Longer than the limit is."),
        ("No end of a sentence to be found here", "No end of a sentence to be found here"),
        ("“引用。”然后 **粗。体。** 以后。再来。", "“引用。”"),
        ("Version 1.2 of e.g. this is out. Now!", "Version 1.2 of e.g. this is out."),
        ("短。<!--more-->" + "长" * 99, "短。"),
        ("Short. Text", "Short. Text"),
    ],
)
def test_a_long_first_paragraph_is_cut_after_a_sentence(text: str, summary: str) -> None:
    html = render(text, 1, OPTIONS._replace(summary=20)).summary.html
    assert re.sub("<[^>]*>", "", html).strip() == summary


def test_summary_numbers_its_own_values() -> None:
    summary = render("![](a.png) [x](y) $a$\n\n[z](w)", 1, OPTIONS).summary
    assert (len(summary.images), [link.target for link in summary.links], summary.formulas[0].tex) == (1, ["y"], "a")


@pytest.mark.parametrize(
    ("text", "words", "characters"),
    [
        ("潮汐 and `code` don't", 2, 2),
        ("a-b $x+y$ **c**d", 2, 0),
        ("```\nx\n```", 0, 0),
        ("カナ、한국어 말", 0, 6),
        ("# T\n\nx ![y](z)", 2, 0),
    ],
)
def test_words_and_east_asian_characters_are_counted_apart_without_code_and_formulas(
    text: str, words: int, characters: int
) -> None:
    body = render(text, 1, OPTIONS)
    assert (body.words, body.characters) == (words, characters)


# Options


def test_options_are_those_of_the_settings_and_the_card() -> None:
    assert markdown_options(Settings(), {}) == OPTIONS
    assert markdown_options(Settings(), {}, wanted=False) == OFF


def test_options_can_be_part_of_a_key() -> None:
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(OPTIONS), type=MarkdownOptions) == OPTIONS


def test_without_formulas_dollars_are_text() -> None:
    assert render("$a$ $$b$$\n\n$$c$$", 1, OFF).content.html == "<p>$a$ $$b$$</p>\n<p>$$c$$</p>\n"


def test_without_single_dollars_only_double_ones_are_formulas() -> None:
    html = render("$/GB … $/GBps $a$ $$b$$", 1, OPTIONS._replace(dollars=False)).content.html
    assert readable(html) == "<p>$/GB … $/GBps $a$ {F0}</p>\n"


def test_without_raw_html_tags_are_text_but_the_summary_ends() -> None:
    body = render("<b>x</b>\n\n<!--more-->\n\n<div>\ny\n</div>", 1, OPTIONS._replace(raw_html=False))
    assert body.content.html == "<p>&lt;b&gt;x&lt;/b&gt;</p>\n<p>&lt;div&gt;\ny\n&lt;/div&gt;</p>\n"
    assert body.summary.html == "<p>&lt;b&gt;x&lt;/b&gt;</p>\n"


def test_lines_count_from_the_text_s_first_line_in_its_file() -> None:
    assert render("a\r\n\r\n$$", 7, OPTIONS).problems[0][:3] == ("", 9, 1)
