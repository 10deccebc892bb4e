"""Formulas in finished pages: in titles, captions and lists, beside punctuation; references and the index."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lab import Lab

from bifolium.problems import draw

SETTINGS = 'title = "Blog"\nbase_url = "https://example.org"\n[math]\noutput = "mathml"\n'
POSTS = {
    "bifolium.toml": SETTINGS,
    "posts/2026-01-01-tides.md": r"""---
title: On $h^2$ for \$5 & more
description: Why $h \to 0$
---
So（$a$）， see \eqref{eq:a}, [@eq:a], \ref{eq:a}, [@fig:low], \ref{fig:low}, [@sec:ebb] and \ref{sec:ebb}.

$$ a $$ {#eq:a}

![$h$ low](low.svg "At $h$"){#fig:low}

## Ebb {#sec:ebb}
""",
    "posts/2026-01-02-zh.md": "---\ntitle: 潮\nlang: zh\n---\n见 [@tides#eq:a]、[@2026-01-01-tides.md#fig:low]。",
    "posts/low.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="3" height="2"/>',
    "images/low.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="3" height="2"/>',
}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    lab = Lab(tmp_path_factory.mktemp("formulas"), POSTS, plain=False)
    assert [draw(problem) for problem in lab.build().problems] == []
    return lab


def short(html: str) -> str:
    """Return `html` with TeX between dollars in the place of each formula."""
    tex = r'<span class="katex">.*?<annotation encoding="application/x-tex">(.*?)</annotation>.*?</math></span>'
    return re.sub(tex, r"$\1$", html, flags=re.DOTALL)


def test_a_title_is_typeset_in_the_page_and_readable_elsewhere(lab: Lab) -> None:
    page = short(lab.page("2026/01/01/tides.html"))
    assert "<h1>On $h^2$ for $5 &amp; more</h1>" in page
    assert "<title>On h² for $5 &amp; more · Blog</title>" in page
    assert '<meta name="description" content="Why h → 0">' in page
    assert 'tides.html">On $h^2$ for $5 &amp; more</a>' in short(lab.page("index.html"))
    feed = lab.page("feed.xml")
    assert "<title>On h² for $5 &amp; more</title>" in feed
    assert "<summary>Why h → 0</summary>" in feed


def test_references_read_as_their_kind_and_language_say(lab: Lab) -> None:
    page = lab.page("2026/01/01/tides.html")
    assert re.findall(r'<a class="ref" href="([^"]*)">(.*?)</a>', page) == [
        ("#eq:a", "(1)"),
        ("#eq:a", "Equation (1)"),
        ("#eq:a", "1"),
        ("#fig:low", "Figure 1"),
        ("#fig:low", "1"),
        ("#sec:ebb", "Section “Ebb”"),
        ("#sec:ebb", "Ebb"),
    ]
    assert re.findall(r'<a class="ref" href="([^"]*)">(.*?)</a>', lab.page("2026/01/02/zh.html")) == [
        ("/2026/01/01/tides.html#eq:a", "式 (1)"),
        ("/2026/01/01/tides.html#fig:low", "图 1"),
    ]


def test_references_in_lists_and_feeds_lead_to_the_page(lab: Lab) -> None:
    assert 'href="/2026/01/01/tides.html#eq:a">(1)</a>' in lab.page("index.html")
    assert 'href="https://example.org/2026/01/01/tides.html#eq:a"&gt;(1)' in lab.page("feed.xml")


def test_what_is_labelled_has_an_id_and_a_figure_its_number(lab: Lab) -> None:
    page = short(lab.page("2026/01/01/tides.html"))
    assert '<div class="math" id="eq:a">' in page
    assert '<figure id="fig:low"><img src="/posts/low.svg" alt="h low"' in page
    assert '<figcaption><span class="number">Figure 1</span> At $h$</figcaption></figure>' in page


def test_a_formula_is_glued_to_the_punctuation_around_it(lab: Lab) -> None:
    assert 'So<span class="glued">（$a$），</span> see' in short(lab.page("2026/01/01/tides.html"))


def test_the_index_of_equations_names_who_cites_them(lab: Lab) -> None:
    page = short(lab.page("equations/index.html"))
    assert '<h2><a href="/2026/01/01/tides.html">On $h^2$ for $5 &amp; more</a></h2>' in page
    assert '<li><a href="/2026/01/01/tides.html#eq:a">(1)</a> <code>eq:a</code>' in page
    assert re.findall(r'^<a href="([^"]*)">', page.split("cited by")[1].split("</main>")[0], re.MULTILINE) == [
        "/2026/01/02/zh.html",
        "/2026/01/01/tides.html",
    ]
    assert 'id="eq:a"' not in page


def test_every_numbered_row_has_its_number_in_mathml(tmp_path: Path) -> None:
    text = "\\begin{align}\na \\label{a} \\\\\nb \\\\\nc \\tag*{$\\ast$} \\\\\nd \\label{d}\n\\end{align}\n"
    lab = Lab(tmp_path, {"bifolium.toml": SETTINGS, "pages/a.md": text})
    lab.build()
    cells = re.findall(r'<mtd class ="mml-eqn-num">(.*?)</mtd>', lab.page("a/index.html"))
    assert cells == ["<mtext>(1)</mtext>", "<mtext>∗</mtext>", "<mtext>(2)</mtext>"]


def test_only_pages_with_formulas_load_their_files(lab: Lab) -> None:
    loading = {path for path, data in lab.output().items() if path.endswith(".html") and b"katex.min.css" in data}
    assert loading == {
        "index.html",
        "archive/index.html",
        "equations/index.html",
        "2026/01/01/tides.html",
        "2026/01/02/zh.html",
    }


def test_fonts_are_preloaded_only_where_they_are_drawn(lab: Lab, tmp_path: Path) -> None:
    assert 'rel="preload"' not in lab.page("2026/01/01/tides.html")
    drawn = Lab(tmp_path, {**POSTS, "bifolium.toml": SETTINGS.replace("mathml", "both")}, plain=False)
    drawn.build()
    preloads = re.findall(r'rel="preload" href="/([^"]*)"', drawn.page("2026/01/01/tides.html"))
    assert [path.rpartition("_")[2] for path in preloads] == ["Main-Regular.woff2", "Math-Italic.woff2"]
    assert set(preloads) <= drawn.output().keys()


def test_no_index_where_none_is_wanted(tmp_path: Path) -> None:
    lab = Lab(tmp_path, {**POSTS, "bifolium.toml": SETTINGS + "index = false\n"})
    lab.build()
    assert not (tmp_path / "public/equations").exists()


def test_a_page_of_the_site_s_own_may_stand_where_the_index_would(tmp_path: Path) -> None:
    lab = Lab(tmp_path, {**POSTS, "pages/equations.md": "Mine."})
    assert lab.build().problems == ()
    assert "Mine." in lab.page("equations/index.html")


def test_each_delimiter_can_be_switched_off(tmp_path: Path) -> None:
    text = "$a$ \\(b_1\\) $$c$$\n\n\\begin{align} d \\end{align}\n\n```math\ne\n```\n\n<div>\\(f\\)</div>\n"
    off = "".join(f"{name} = false\n" for name in "dollars double_dollars brackets environments fences in_html".split())
    lab = Lab(tmp_path, {"bifolium.toml": f"[math]\n{off}", "pages/a.md": text})
    lab.build()
    assert "katex" not in lab.page("a/index.html")
    lab.write({"bifolium.toml": "", "pages/a.md": text})
    lab.build()
    assert lab.page("a/index.html").count('class="katex"') == 6
    lab.write({"pages/a.md": f"---\nmath: false\n---\n{text}"})
    lab.build()
    assert "katex" not in lab.page("a/index.html")
