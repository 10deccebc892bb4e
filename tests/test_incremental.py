"""Law 1: any sequence of edits and builds leaves the bytes of one clean build; what isn't asked for isn't done."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lab import Lab, made

from bifolium import corpus, ledger, texts, workshop
from bifolium.ledger import Ledger, Standing
from bifolium.onlooker import unseen
from bifolium.plan import arrange
from bifolium.pool import Crew


def png(width: int, height: int) -> bytes:
    """Return a black picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes((width + 1) * height))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


PNG, OTHER_PNG = png(3, 2), png(5, 4)


def post(title: str, text: str, **fields: str) -> str:
    lines = [f"{name}: {value}" for name, value in fields.items()]
    return "\n".join(["---", f"title: {title}", *lines, "---", "", text, ""])


BLOG: dict[str, str | bytes] = {
    "bifolium.toml": 'title = "Blog"\nbase_url = "https://example.org"\nlists = { per_page = 2, feed = 2 }\n'
    "links.wiki = true\n",
    "posts/2026-01-01-one.md": post("One", "First.\n\nMore of one.", category="Sea", tags="[a]"),
    "posts/2026-01-02-two.md": post(
        "Two", "Second $x^2$.\n\nSee [one](2026-01-01-one.md).", category="Sea", tags="[a, b]"
    ),
    "posts/2026-01-03-three.md": post("Three", "Third.\n\n```python\nprint(1)\n```", category="Land", tags="[b]"),
    "posts/2026-01-04-four/index.md": post("Four", "Fourth.\n\n![dot](dot.png)", series="Parts"),
    "posts/2026-01-04-four/dot.png": PNG,
    "posts/2026-01-05-five.md": post("Five", "Fifth.", series="Parts", category="Land"),
    "pages/about.md": post("About", "About $$y$$ me."),
    "static/robots.txt": "User-agent: *\n",
    "images/dot.png": PNG,
}


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    lab = Lab(tmp_path, BLOG)
    assert lab.build().problems == ()
    return lab


def test_a_second_build_of_an_unchanged_site_does_nothing(lab: Lab) -> None:
    before = lab.output()
    report = lab.build()
    assert (report.made, report.written, report.deleted, sum(report.done.values())) == ({}, (), (), 0)
    assert lab.output() == before


def test_body_edit_rebuilds_one_page(lab: Lab) -> None:
    lab.write({"posts/2026-01-01-one.md": post("One", "First.\n\nMuch more of one.", category="Sea", tags="[a]")})
    report = lab.build()
    assert report.made == {"/sea/2026/01/01/one.html": "a text it shows changed"}
    assert report.done == {"render_texts": 1, "typeset": 0, "highlight": 0, "encode": 0}


def test_body_edit_of_a_new_post_rebuilds_its_page_and_the_feed(lab: Lab) -> None:
    lab.write({"posts/2026-01-05-five.md": post("Five", "Fifth.\n\nMore.", series="Parts", category="Land")})
    assert made(lab.build()) == {"/land/2026/01/05/five.html", "/feed.xml"}


def test_summary_edit_rebuilds_the_page_and_the_lists_that_show_it(lab: Lab) -> None:
    lab.write({"posts/2026-01-01-one.md": post("One", "The first.\n\nMore of one.", category="Sea", tags="[a]")})
    assert made(lab.build()) == {"/sea/2026/01/01/one.html", "/categories/sea/", "/tags/a/", "/page/3/"}


def test_title_edit_rebuilds_what_shows_the_title(lab: Lab) -> None:
    lab.write({"posts/2026-01-01-one.md": post("Uno", "First.\n\nMore of one.", category="Sea", tags="[a]")})
    assert made(lab.build()) == {
        "/sea/2026/01/01/one.html",
        "/sea/2026/01/02/two.html",
        "/categories/sea/",
        "/tags/a/",
        "/page/3/",
        "/archive/",
    }


def test_template_edit_rebuilds_the_pages_that_use_it(lab: Lab) -> None:
    lab.write({"templates/terms.html": "changed"})
    assert made(lab.build()) == {"/categories/", "/tags/", "/series/"}


def test_changed_paragraph_typesets_no_formula_again(lab: Lab) -> None:
    lab.write(
        {"posts/2026-01-02-two.md": post("Two", "Second: $x^2$.\n\nAnother: $x^3$.", category="Sea", tags="[a, b]")}
    )
    assert lab.build().done == {"render_texts": 1, "typeset": 1, "highlight": 0, "encode": 0}


def test_a_moved_post_takes_the_links_to_it_along(lab: Lab) -> None:
    lab.write({"posts/2026-01-01-one.md": post("One", "First.\n\nMore of one.", category="Lake", tags="[a]")})
    report = lab.build()
    assert report.made["/sea/2026/01/02/two.html"].endswith(
        "something it links to or shows moved, or another post links to it"
    )
    assert 'href="/lake/2026/01/01/one.html"' in lab.page("sea/2026/01/02/two.html")
    assert not (lab.folder / "public/sea/2026/01/01").exists()


def test_a_new_link_shows_in_the_post_that_it_leads_to(lab: Lab) -> None:
    lab.write({"posts/2026-01-03-three.md": post("Three", "See [[one]].", category="Land", tags="[b]")})
    report = lab.build()
    assert (
        report.made["/sea/2026/01/01/one.html"] == "something it links to or shows moved, or another post links to it"
    )
    assert 'from <a href="/land/2026/01/03/three.html">Three</a>' in lab.page("sea/2026/01/01/one.html")
    lab.write({"posts/2026-01-03-three.md": BLOG["posts/2026-01-03-three.md"]})
    assert "/sea/2026/01/01/one.html" in lab.build().made
    assert "three.html" not in lab.page("sea/2026/01/01/one.html")


def test_another_word_beside_a_link_leaves_the_post_that_it_leads_to_alone(lab: Lab) -> None:
    text = "Second $x^2$.\n\nSee now [one](2026-01-01-one.md)."
    lab.write({"posts/2026-01-02-two.md": post("Two", text, category="Sea", tags="[a, b]")})
    assert made(lab.build()) == {"/sea/2026/01/02/two.html"}


def test_a_heading_that_is_gone_is_told_although_the_text_that_links_to_it_is_as_it_was(lab: Lab) -> None:
    lab.write({"posts/2026-01-01-one.md": post("One", "# Ebb", category="Sea")})
    lab.write({"posts/2026-01-02-two.md": post("Two", "[ebb](2026-01-01-one.md#ebb)", category="Sea")})
    assert lab.build().problems == ()
    lab.write({"posts/2026-01-01-one.md": post("One", "# Flow", category="Sea")})
    assert [problem.message for problem in lab.build().problems] == [
        "`posts/2026-01-01-one.md` has no heading or id `ebb`"
    ]


NUMBERED = post("Two", "Second.\n\n$$y \\label{eq:y}$$\n\nBy \\eqref{eq:y}.", category="Sea", tags="[a, b]")
REFERRING = post("One", "First: \\eqref{two#eq:y}.\n\nMore of one.", category="Sea", tags="[a]")
RENUMBERED = NUMBERED.replace("$$y", "$$x \\label{eq:x}$$\n\n\\eqref{eq:x}\n\n$$y")


def test_a_renumbered_equation_takes_the_references_to_it_along(lab: Lab) -> None:
    lab.write({"posts/2026-01-02-two.md": NUMBERED, "posts/2026-01-01-one.md": REFERRING})
    assert lab.build().problems == ()
    assert '<a class="ref" href="/sea/2026/01/02/two.html#eq:y">(1)</a>' in lab.page("sea/2026/01/01/one.html")
    lab.write({"posts/2026-01-02-two.md": RENUMBERED})
    report = lab.build()
    assert report.done == {"render_texts": 1, "typeset": 2, "highlight": 0, "encode": 0}
    assert report.made["/sea/2026/01/01/one.html"].startswith("something it links to or shows moved")
    assert '<a class="ref" href="/sea/2026/01/02/two.html#eq:y">(2)</a>' in lab.page("sea/2026/01/01/one.html")
    assert '#eq:y">(2)</a>' in lab.page("page/3/index.html")
    assert "/page/3/" in made(report)


def test_a_reference_inside_a_formula_shows_the_number_that_another_text_gives(lab: Lab) -> None:
    rows = "$$\\begin{gather} a \\label{eq:a} \\\\ b \\label{eq:b} \\end{gather}$$\n\n\\eqref{eq:a}\n"
    citing = "First: $x + \\eqref{two#eq:b}$ and $\\ref{two#eq:c}$."
    lab.write({"posts/2026-01-02-two.md": post("Two", rows, category="Sea")})
    lab.write({"posts/2026-01-01-one.md": post("One", citing, category="Sea")})
    assert [it.message for it in lab.build().problems] == ["there is no label `eq:c` in `posts/2026-01-02-two.md`"]
    assert "x + {(\\text{2})}" in lab.page("sea/2026/01/01/one.html")
    assert "<mtext>?</mtext>" in lab.page("sea/2026/01/01/one.html")
    assert '<span class="row" id="eq:b" style="--down:1.5"></span>' in lab.page("sea/2026/01/02/two.html")
    lab.write({"posts/2026-01-02-two.md": post("Two", "$$c \\label{eq:c}$$\n\n" + rows, category="Sea")})
    report = lab.build()
    assert report.problems == ()
    assert report.done["typeset"] == 2
    assert "x + {(\\text{3})}" in lab.page("sea/2026/01/01/one.html")
    assert "<mtext>3</mtext>" in lab.page("page/3/index.html")


def test_an_edit_that_renumbers_nothing_leaves_the_references_alone(lab: Lab) -> None:
    lab.write({"posts/2026-01-02-two.md": NUMBERED, "posts/2026-01-01-one.md": REFERRING})
    lab.build()
    lab.write({"posts/2026-01-02-two.md": NUMBERED.replace("By", "Thus by")})
    assert made(lab.build()) == {"/sea/2026/01/02/two.html", "/equations/"}


def test_the_index_of_equations_comes_and_goes_with_them(lab: Lab) -> None:
    before = lab.output()
    lab.write({"posts/2026-01-02-two.md": NUMBERED, "posts/2026-01-01-one.md": REFERRING})
    assert {"/equations/", "/sitemap.xml"} <= made(lab.build())
    assert '<a href="/sea/2026/01/01/one.html">One</a>' in lab.page("equations/index.html")
    lab.write({"posts/2026-01-01-one.md": REFERRING.replace("title: One", "title: Uno")})
    assert "/equations/" in made(lab.build())
    lab.write({path: BLOG[path] for path in ("posts/2026-01-01-one.md", "posts/2026-01-02-two.md")})
    lab.build()
    assert lab.output() == before


def test_a_title_s_formula_is_typeset_once(lab: Lab) -> None:
    lab.write({"posts/2026-01-01-one.md": post("On $z^2$", "First.", category="Sea", tags="[a]")})
    assert lab.build().done["typeset"] == 1
    lab.write({"posts/2026-01-01-one.md": post("On $z^2$", "Edited.", category="Sea", tags="[a]")})
    assert lab.build().done["typeset"] == 0


def test_another_order_of_data_rebuilds_what_shows_it(lab: Lab) -> None:
    lab.write({"templates/404.html": "{{ site.data.m.items() | list }}", "data/m.yaml": "a: 1\nb: 2\n"})
    lab.build()
    lab.write({"data/m.yaml": "b: 2\na: 1\n"})
    lab.build()
    assert lab.page("404.html").startswith("[(&#39;b&#39;, 2)")


def test_a_touched_output_file_is_mended(lab: Lab) -> None:
    good = lab.output()
    (lab.folder / "public/index.html").write_text("spoilt")
    (lab.folder / "public/archive/index.html").unlink()
    assert made(lab.build()) == {"/", "/archive/"}
    assert lab.output() == good


def test_files_that_bifolium_never_wrote_survive(lab: Lab) -> None:
    lab.write({"public/CNAME": "example.org", "public/old/page.html": "mine"})
    lab.remove("posts/2026-01-05-five.md")
    lab.build()
    assert lab.page("CNAME") == "example.org"
    assert lab.page("old/page.html") == "mine"
    assert not (lab.folder / "public/land/2026/01/05").exists()


def test_a_failed_build_leaves_the_old_site_untouched(lab: Lab) -> None:
    before = lab.output()
    lab.write({"posts/2026-01-06-six.md": "---\ndate: 2026-02-30\n---\n", "posts/2026-01-01-one.md": "Changed."})
    report = lab.build()
    assert not report.published
    assert lab.output() == before


def test_state_can_be_deleted_at_any_time(lab: Lab) -> None:
    before = lab.output()
    lab.remove(".bifolium", "posts/2026-01-05-five.md")
    lab.build()
    lab.write({"posts/2026-01-05-five.md": BLOG["posts/2026-01-05-five.md"]})
    lab.remove(".bifolium")
    lab.build()
    assert lab.output() == before


@pytest.mark.parametrize("name", ["ledger", "memo.sqlite"])
def test_damaged_state_means_a_silent_rebuild(lab: Lab, name: str) -> None:
    before = lab.output()
    (lab.folder / ".bifolium" / name).write_bytes(b"\x00garbage" * 100)
    lab.write({"posts/2026-01-01-one.md": post("One", "Edited.", category="Sea", tags="[a]")})
    assert lab.build().problems == ()
    lab.write({"posts/2026-01-01-one.md": BLOG["posts/2026-01-01-one.md"]})
    lab.build()
    assert lab.output() == before


def test_what_nobody_needs_is_forgotten_and_nothing_else(lab: Lab) -> None:
    lab.write({"posts/2026-01-01-one.md": post("One", "First, $z$.", category="Sea", tags="[a]")})
    site = lab.site()
    with workshop.opened(site.state, Crew(1), unseen) as shop:
        before = Standing(Ledger(shop.epoch + site.digest), {}, ())
        source = corpus.gather(site, corpus.scan(site), before)
        cards = corpus.by_path(source.cards)
        plan, _ = arrange(cards, [], site.settings)
        rendered = texts.render(site, shop, cards, source.read, source.stock)
        shop.store.put_many({b"old": bytes(1000)})
        texts.tidy(site, shop, rendered, plan, list, room=0)
        assert shop.store.get_many([b"old"]) == {}
    lab.remove(".bifolium/ledger")
    assert lab.build().done == {"render_texts": 0, "typeset": 0, "highlight": 0, "encode": 0}


MATHS = {
    "macros.tex": "\\newcommand{\\E}{\\mathbb{E}}\n\\newcommand{\\mean}[1]{\\E[#1]}\n\\newcommand{\\other}{x}\n",
    "posts/2026-02-01-mean.md": post("Mean", "The mean $\\mean{X}$ and $y$."),
    "posts/2026-02-02-other.md": post("Other", "Long.\n\nAnd $\\other$."),
    "posts/2026-02-03-none.md": post("None", "None: $z$."),
}


def test_macro_edit_typesets_and_rebuilds_only_what_uses_it(lab: Lab) -> None:
    lab.write(MATHS)
    lab.build()
    lab.write({"macros.tex": MATHS["macros.tex"].replace("mathbb", "mathrm")})
    report = lab.build()
    assert (report.done, report.problems) == ({"render_texts": 0, "typeset": 1, "highlight": 0, "encode": 0}, ())
    assert made(report) == {"/2026/02/01/mean.html", "/page/2/"}
    lab.write({"macros.tex": "% " + MATHS["macros.tex"]})
    assert [problem.message for problem in lab.build().problems] == [r"unknown command `\E`"] * 2


def test_macro_edit_rebuilds_what_shows_a_title_with_it(lab: Lab) -> None:
    lab.write({"macros.tex": r"\newcommand{\E}{a}", "posts/2026-02-01-e.md": post(r"'On $\E$'", "Text.")})
    lab.write({"templates/list.html": "{% for entry in page.entries %}{{ entry.heading }}{% endfor %}"})
    lab.build()
    lab.write({"macros.tex": r"\newcommand{\E}{b}"})
    report = lab.build()
    assert report.done == {"render_texts": 0, "typeset": 1, "highlight": 0, "encode": 0}
    assert {"/2026/02/01/e.html", "/archive/", "/"} <= made(report)
    assert "<mi>b</mi>" in lab.page("index.html")


def test_a_macro_is_seen_where_it_is_shown_and_gone_when_its_file_is(lab: Lab) -> None:
    lab.write(MATHS)
    lab.build()
    assert '<mi mathvariant="double-struck">E</mi>' in lab.page("2026/02/01/mean.html")
    lab.remove("macros.tex")
    assert [problem.message for problem in lab.build().problems] == [
        r"unknown command `\mean`",
        r"unknown command `\other`",
    ]
    lab.write({"macros.tex": MATHS["macros.tex"]})
    assert lab.build().problems == ()


def test_a_definition_is_seen_by_the_later_formulas_of_its_post_only(lab: Lab) -> None:
    text = r"""$\foo$

$$\newcommand{\foo}{a}$$

$\foo$ {$\foo + {\def\bar{b}\bar}$} $\bar b$

$\gdef\foo{c}$ $\foo$"""
    lab.write({"posts/2026-02-01-a.md": post("A", text), "posts/2026-02-02-b.md": post("B", "See $\\foo$.")})
    report = lab.build()
    assert [(problem.path[-4:], problem.line, problem.message) for problem in report.problems] == [
        ("a.md", 5, r"unknown command `\foo`"),
        ("b.md", 5, r"unknown command `\foo`"),
    ]
    page = lab.page("2026/02/01/a.html")
    assert [page.count(f"<mi>{letter}</mi>") for letter in "ac"] == [2, 1]


def test_a_text_that_changes_its_definitions_typesets_only_the_formulas_that_use_them(lab: Lab) -> None:
    text = "$\\def\\foo{a}$ $\\foo$ $\\foo^2$ $x + 1$ $x + 2$"
    lab.write({"posts/2026-02-01-a.md": post("A", text)})
    lab.build()
    lab.write({"posts/2026-02-01-a.md": post("A", text.replace("{a}", "{b}"))})
    assert lab.build().done == {"render_texts": 1, "typeset": 3, "highlight": 0, "encode": 0}


def test_warnings_are_said_again_by_a_build_that_does_nothing(lab: Lab) -> None:
    lab.write({"posts/2026-01-01-one.md": post("One", "![gone](gone.png) $\\frac{1$", category="Sea", tags="[a]")})
    first = lab.build()
    assert [problem.rule for problem in first.problems] == ["missing-picture", "tex"]
    assert lab.build().problems == first.problems
    assert not lab.build(strict=True).published


def test_two_bundles_that_swap_their_addresses_swap_their_pictures(lab: Lab) -> None:
    lab.write(
        {"posts/2026-01-04-six/index.md": post("Six", "Six ![](dot.png)"), "posts/2026-01-04-six/dot.png": OTHER_PNG}
    )
    lab.build()
    lab.write({"posts/2026-01-04-six/index.md": post("Six", "Six ![](dot.png)", slug="four")})
    lab.write(
        {"posts/2026-01-04-four/index.md": post("Four", "Fourth.\n\n![dot](dot.png)", series="Parts", slug="six")}
    )
    lab.build()
    output = lab.output()
    assert output["2026/01/04/four/dot.png"] == OTHER_PNG
    assert output["2026/01/04/six/dot.png"] == PNG


def test_a_future_post_appears_when_its_time_has_come(lab: Lab) -> None:
    lab.write({"posts/2026-12-01-later.md": post("Later", "Later.")})
    assert "/2026/12/01/later.html" not in made(lab.build())
    assert made(lab.build()) == set()
    assert "/2026/12/01/later.html" in made(lab.build(now="2026-12-02T00:00:00+00:00"))


def test_drafts_stay_out_of_everything(lab: Lab) -> None:
    before = lab.output()
    lab.write(
        {
            "drafts/secret.md": post("Secret", "x", category="New", tags="[hidden]"),
            "drafts/b/index.md": "y",
            "drafts/b/c.txt": "z",
            "drafts/loose.txt": "z",
        }
    )
    lab.build()
    assert lab.output() == before
    lab.build(drafts=True)
    assert {"/new/secret.html"} <= {"/" + path for path in lab.output()}
    lab.build()
    assert lab.output() == before


def test_any_number_of_workers_gives_the_same_bytes(tmp_path: Path) -> None:
    posts = {
        f"posts/2026-01-{day:02}-{n}.md": post(f"P{n}", f"Text $x_{{{n}}}$ `{day}`")
        for day in range(1, 29)
        for n in range(4)
    }
    one, many = Lab(tmp_path / "one", {**BLOG, **posts}), Lab(tmp_path / "many", {**BLOG, **posts})
    one.build(jobs=1)
    command = [sys.executable, "-m", "bifolium", "-C", str(many.folder), "build", "-q", "-j", "2"]
    subprocess.run(command, env=os.environ | {"SOURCE_DATE_EPOCH": "1795435200"}, check=True)  # it may fork
    assert one.output() == many.output()
    many.remove("public", ".bifolium")
    many.build(jobs=2)
    assert one.output() == many.output()


TEXTS = [
    "Plain.",
    "Math $a$.",
    "Macros $\\E$ $\\def\\E{g}\\E$ $\\E$.",
    "Link [one](2026-01-01-one.md).",
    "![dot](/images/dot.png)",
    "Long.\n\n# Head\n\n* toc\n{:toc}",
    "```c\nint x;\n```",
    "[[one]], [[Two|2]], [[三#head]] and [[nothing]].",
    "[there](/posts/2026-01-01-one.md#HEAD), [gone](2026-01-07-new.md#no).",
    '<img src="/images/dot.png"> <a href="/posts/2026-01-02-two.md">two</a>',
    "```mermaid\ngraph TD; A-->B\n```",
    "$$a \\label{eq:a}$$\n\nBy \\eqref{eq:a}.",
    "$$b \\label{eq:b}$$\n\n$$a \\label{eq:a}$$\n\n![dot](/images/dot.png){#fig:a}",
    "In $\\eqref{new#eq:a} + \\ref{one#eq:a}$.",
    "See \\eqref{new#eq:a}, [@2026-01-01-one#fig:a], \\ref{about#eq:b} and \\eqref{eq:a}.",
]
PATHS = [
    "posts/2026-01-01-one.md",
    "posts/2026-01-07-new.md",
    "posts/2026-01-04-four/index.md",
    "pages/about.md",
    "drafts/d.md",
]
write = st.builds(
    lambda path, title, text, category: ("write", {path: post(title, text, category=category)}),
    st.sampled_from(PATHS),
    st.sampled_from(["One", "Two", "三", "On $x^2$", r"On $\E$"]),
    st.sampled_from(TEXTS),
    st.sampled_from(["Sea", "sea", "Land", "C++"]),
)
COUNTING = {
    "templates/count.html": "{% set seen = namespace(number=0) %}"
    "{% macro next() %}{% set seen.number = seen.number + 1 %}{{ seen.number }}{% endmacro %}",
    "templates/post.html": '{% import "count.html" as count %}{{ count.next() }} {{ page.title }} {{ page.content }}'
    "{% for name, value in site.data|dictsort %}{{ value }} {{ value.d is string }}{% endfor %}",
}
other = st.sampled_from(
    [
        ("remove", ["posts/2026-01-02-two.md"]),
        ("remove", ["images/dot.png"]),
        ("remove", ["posts/2026-01-04-four"]),
        ("remove", [".bifolium"]),
        ("remove", ["public"]),
        ("remove", ["static"]),
        ("write", {"images/dot.png": OTHER_PNG}),
        ("write", {"templates/entry.html": "", "templates/list.html": "{{ page.title }}!"}),
        (
            "write",
            {"bifolium.toml": 'title = "Blog"\nbase_url = "https://example.org/b"\n[urls]\npermalink = "pretty"\n'},
        ),
        ("write", {"data/a.toml": "b = 1\n"}),
        ("write", {"macros.tex": "\\newcommand{\\E}{e}"}),
        ("write", {"macros.tex": "\\newcommand{\\E}{f} \\def\\unused{\\E}"}),
        ("remove", ["macros.tex"]),
        ("write", {"posts/broken.md": "---\ntitle: [\n---\n"}),
        ("remove", ["posts/broken.md"]),
        ("remove", ["public/.bifolium.json"]),
        ("write", {"data/k.toml": "d = 2026-01-01"}),
        ("write", {"data/k.toml": 'd = "2026-01-01"'}),
        ("write", COUNTING),
        ("wish", {"drafts": True}),
        ("wish", {"now": "2026-01-03T12:00:00+00:00"}),
        ("wish", {"now": "2027-01-01T12:00:00+00:00", "future": True}),
    ]
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=st.lists(st.one_of(write, other), min_size=1, max_size=5), settled=st.sampled_from([0, ledger.SETTLED]))
def test_incremental_equals_clean(
    edits: list[tuple[str, Any]], settled: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    lab = Lab(tmp_path_factory.mktemp("edited"), BLOG)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger, "SETTLED", settled)  # 0: a file is at rest once it is written
        assert edited(lab, edits) == clean(lab, tmp_path_factory.mktemp("clean"))


def edited(lab: Lab, edits: list[tuple[str, Any]]) -> dict[str, bytes]:
    """Return what a site gives that is built, edited and built again, and at last without what is broken in it."""
    lab.build()
    for kind, what in edits:
        apply(lab, kind, what)
        lab.build(**(what if kind == "wish" else {}))
    lab.remove(*[name for name in ("posts/broken.md",) if (lab.folder / name).exists()])
    lab.build()
    return lab.output()


def clean(lab: Lab, folder: Path) -> dict[str, bytes]:
    """Return what the sources of a site give where it was never built."""
    other = Lab(folder, plain=False)
    shutil.copytree(lab.folder, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("public", ".bifolium"))
    other.build()
    return other.output()


def apply(lab: Lab, kind: str, what: Any) -> None:
    """Do one edit; removing what is gone already changes nothing."""
    if kind == "write":
        lab.write(what)
    elif kind == "remove":
        lab.remove(*[name for name in what if (lab.folder / name).exists()])


KRAMDOWN = {
    "bifolium.toml": 'title = "Tides"\n[markdown]\nflavour = "kramdown"\n',
    "_includes/moon.html": "<b>{{ include.phase }}</b>",
    "posts/2026-01-01-one.md": post("One", '{% include moon.html phase="full" %}'),
    "posts/2026-01-02-two.md": post("Two", "{{ site.title }} and [one]({% post_url 2026-01-01-one %})."),
}


def test_a_snippet_s_edit_rebuilds_the_pages_that_include_one(tmp_path: Path) -> None:
    lab = Lab(tmp_path, KRAMDOWN)
    assert lab.build().problems == ()
    assert "<b>full</b>" in lab.page("2026/01/01/one.html")
    assert 'Tides and <a href="/2026/01/01/one.html">one</a>.' in lab.page("2026/01/02/two.html")
    lab.write({"_includes/moon.html": "<i>{{ include.phase }}</i>"})
    report = lab.build()
    assert report.done["render_texts"] == 1
    assert "/2026/01/02/two.html" not in report.made
    assert "<i>full</i>" in lab.page("2026/01/01/one.html")


def test_snippets_come_and_go_as_in_a_clean_build(tmp_path: Path) -> None:
    lab = Lab(tmp_path, KRAMDOWN)
    lab.build()
    lab.remove("_includes/moon.html")
    assert [(problem.line, problem.rule) for problem in lab.build().problems] == [(5, "liquid")]
    lab.write({"_includes/moon.html": KRAMDOWN["_includes/moon.html"]})
    assert lab.build().problems == ()
    assert "<b>full</b>" in lab.page("2026/01/01/one.html")
    assert not any("_includes" in path for path in lab.output())
