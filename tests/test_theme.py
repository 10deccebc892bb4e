"""The default theme: what its templates, words and files promise to every site that uses them."""

from __future__ import annotations

import gzip
import re
import tomllib
from html.parser import HTMLParser
from pathlib import Path

import pytest
from lab import Lab
from PIL import ImageColor

import bifolium
from bifolium.contrast import contrast, parse
from bifolium.markdown.rules.containers import ADMONITIONS
from bifolium.problems import draw
from bifolium.theming import accent

PACKAGE = Path(bifolium.__file__).parent
THEME = PACKAGE / "theme"
TEMPLATES = {
    path.relative_to(THEME / "templates").as_posix(): path.read_text("utf-8") for path in sorted(THEME.rglob("*.html"))
}
LANGUAGES = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted((THEME / "words").glob("*.toml"))}
CSS, JS = ((THEME / "assets" / name).read_text("utf-8") for name in ("style.css", "script.js"))
# Looked up by a page's kind, in the menu, or in what leads to a page.
KINDS = {"category", "tag", "series", "categories", "tags", "archive", "front"}

SETTINGS = """
title = "Leaves & <b>curves</b>"
tagline = "A tagline"
author = "Ann"
base_url = "https://example.org/blog"
[lists]
per_page = 2
"""

ONE = """---
title: One
category: A & B
tags: [t, u]
series: S
---
Text $x^2$.[^note]

## H

![A picture](/images/leaf.svg "Its caption")

## I

[^note]: A note.
"""

TWO = """---
title: <i>Two</i>
category: A & B
tags: [t]
series: S
lang: zh-CN
updated: 2026-02-01
---
正文。

```python {1}
x = 1
```
"""

EVERYTHING: dict[str, str | bytes] = {
    "bifolium.toml": SETTINGS,
    "images/leaf.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="2" height="1"/>',
    "posts/2026-01-01-one.md": ONE,
    "posts/2026-01-02-two.md": TWO,
    "posts/2026-01-03-three.md": "---\ntitle: Three\naliases: [/old/]\n---\nText.\n",
    "posts/undated.md": "---\ntitle: Undated\n---\nText.\n",
    "drafts/draft.md": "---\ntitle: Draft\ndate: 2026-01-04\n---\nText.\n",
    "pages/about.md": "---\ntitle: About\ndescription: Who I am\n---\nText.\n",
}
"""A site with every kind of page."""

BASE = """{% extends "theme/base.html" %}
{% block footer %}<footer>mine</footer>{% endblock %}
"""


@pytest.fixture(scope="module", params=["en", "zh-CN"])
def pages(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Every page of the site with every kind, by output path."""
    lab = Lab(tmp_path_factory.mktemp("theme"), EVERYTHING, plain=False)
    lab.write({"bifolium.toml": f'language = "{request.param}"\n{SETTINGS}'})
    report = lab.build(drafts=True)
    assert {problem.rule for problem in report.problems} == {"no-date"}
    return {path: data.decode() for path, data in lab.output().items() if path.endswith(".html")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_languages_have_words_of_the_english_ones_and_chinese_has_all(language: str) -> None:
    english = {key: _gaps(text) for key, text in LANGUAGES["en"].items()}
    own = {key: _gaps(text) for key, text in LANGUAGES[language].items()}
    assert own.items() <= english.items()
    assert language not in {"en", "zh"} or own == english
    assert all(text.strip() for text in LANGUAGES[language].values())


def test_words_are_those_that_templates_ask_for() -> None:
    asked = {word for text in TEMPLATES.values() for word in re.findall(r"\bwords\.(\w+)", text)}
    titles = {f"admonition_{kind}" for kind in ADMONITIONS}
    of_labels = {"ref_equation", "ref_figure", "ref_section"}
    of_pictures = {"enlarge"}
    assert asked | KINDS | titles | of_labels | {"months", "short_months"} | of_pictures == LANGUAGES["en"].keys()


def test_no_word_is_hidden_by_a_method_of_dict() -> None:
    assert LANGUAGES["en"].keys() & set(dir(dict)) == set()


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_strict_content_security_policy_is_possible(name: str) -> None:
    assert (
        re.findall(r"<style|\sstyle=|\son\w+=|<script(?![^>]*(?:\ssrc=|ld\+json))|javascript:", TEMPLATES[name]) == []
    )


@pytest.mark.parametrize("text", [*TEMPLATES.values(), CSS, JS], ids=[*TEMPLATES, "style.css", "script.js"])
def test_nothing_is_asked_of_another_host(text: str) -> None:
    assert re.findall(r"https?:|[\"'(]//|url\(|@import|@font-face", text) == []


def test_stylesheet_names_no_variable_that_it_does_not_set() -> None:
    assert set(re.findall(r"var\((--[\w-]+)\)", CSS)) == set(re.findall(r"(--[\w-]+):", CSS))


def test_theme_is_light() -> None:
    assert len(gzip.compress(CSS.encode())) < 6_500
    assert len(gzip.compress(JS.encode())) < 4_000


def test_every_page_is_well_formed(pages: dict[str, str]) -> None:
    assert {path: Outline.of(text).mistakes for path, text in pages.items()} == {path: [] for path in pages}


def test_every_page_has_one_main_heading(pages: dict[str, str]) -> None:
    assert {path: Outline.of(text).tags.count("h1") for path, text in pages.items()} == dict.fromkeys(pages, 1)


def test_texts_of_the_site_are_escaped(pages: dict[str, str]) -> None:
    home = pages["index.html"]
    assert "Leaves &amp; &lt;b&gt;curves&lt;/b&gt;" in home
    assert not re.search(r"<b>curves|<i>Two", "".join(pages.values()))


def test_formulas_bring_their_stylesheet_and_other_pages_do_not(pages: dict[str, str]) -> None:
    with_maths = {path for path, text in pages.items() if 'class="katex"' in text}
    assert with_maths == {path for path, text in pages.items() if "katex.min.css" in text}
    assert with_maths


def test_a_post_in_another_language_says_so(tmp_path: Path) -> None:
    lab = Lab(tmp_path, EVERYTHING, plain=False)
    lab.build()
    post = next(path for path in lab.output() if path.endswith("two.html"))
    page = lab.page(post)
    assert '<html lang="zh-CN">' in page
    assert '<header class="site" lang="en">' in page
    assert '<meta property="og:locale" content="zh_CN">' in page
    assert '<article class="entry" lang="zh-CN">' in lab.page("index.html")
    assert "og:locale" not in lab.page("index.html"), "a language without a place is none for OpenGraph"


def test_a_site_replaces_a_part_and_keeps_the_rest(tmp_path: Path) -> None:
    lab = Lab(tmp_path, EVERYTHING, plain=False)
    lab.write(
        {
            "templates/base.html": BASE,
            "templates/partials/meta.html": "<p>no date</p>",
            "templates/assets/style.css": "body { color: red }",
        }
    )
    lab.build()
    post = lab.page(next(path for path in lab.output() if path.endswith("one.html")))
    assert "<footer>mine</footer>" in post
    assert "<p>no date</p>" in post
    assert "<h1>One</h1>" in post
    assert b"body { color: red }" in lab.output().values()


def test_the_starter_site_has_no_problem(tmp_path: Path) -> None:
    lab = Lab(tmp_path, plain=False)
    starter = PACKAGE / "starter"
    lab.write(
        {path.relative_to(starter).as_posix(): path.read_bytes() for path in starter.rglob("*") if path.is_file()}
    )
    report = lab.build(strict=True)
    assert [draw(problem) for problem in report.problems] == []
    assert report.published


def test_a_colour_is_known_also_after_pillow_was_asked_for_it() -> None:
    ImageColor.getrgb("black")
    assert accent("black") == accent("#000000")


@pytest.mark.parametrize("named", ["#17694b", "gold", "#ffe", "black", "navy", "#f0a"])
def test_links_of_any_colour_can_be_read(named: str) -> None:
    rule, _ = accent(named)
    light, dark = (parse(colour) for colour in re.findall("#[0-9a-f]+", rule))
    grounds = (("#fff", light), ("#f4f5f4", light), ("#15171a", dark), ("#1e2125", dark))
    assert [ground for ground, colour in grounds if contrast(parse(ground), colour) < 4.5] == []


def test_a_colour_too_pale_for_links_is_told(tmp_path: Path) -> None:
    lab = Lab(tmp_path, {"bifolium.toml": '[theme]\naccent = "gold"\n', "posts/2026-01-01-a.md": "A.\n"}, plain=False)
    assert "".join(map(draw, lab.build().problems)) == (
        "bifolium.toml: warning: links in `gold` can't be read on light pages (contrast 1.3), "
        "and are made darker there [accent]\n"
        '      = write `accent = "#826e00"`, or another colour with a contrast of 4.5'
    )
    lab.write({"bifolium.toml": '[theme]\naccent = "golden"\n'})
    assert "".join(map(draw, lab.build().problems)) == (
        "bifolium.toml: error: `golden` is no colour that browsers know by name [accent]\n"
        "      = write one such as `#17694b` or `teal`"
    )


def _gaps(text: str) -> list[str]:
    """Return what is filled in: numbers, and the parts of a date."""
    return sorted(re.findall(r"%[ds]", text))


class Outline(HTMLParser):
    """Reads a page as strictly as a person would: every element that is opened is closed, in order."""

    VOID = frozenset("area br col embed hr img input link meta source track wbr".split())

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.mistakes: list[str] = []

    @classmethod
    def of(cls, text: str) -> Outline:
        outline = cls()
        outline.feed(text)
        outline.close()
        outline.mistakes += [f"<{tag}> is never closed" for tag in outline.open]
        return outline

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        self.mistakes += [f"<{tag}> has {name} twice" for name in set(names) if names.count(name) > 1]
        self.tags.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.mistakes.append(f"</{tag}> closes nothing")


def test_a_page_names_the_posts_that_link_to_it(tmp_path: Path) -> None:
    lab = Lab(tmp_path, {"pages/about.md": "About\n", "posts/2026-01-01-tides.md": "[a](/about/)\n"}, plain=False)
    lab.build()
    named = '<section class="backlinks">.*?href="/2026/01/01/tides.html">'
    assert re.search(named, lab.page("about/index.html"), re.DOTALL)
    lab.write({"posts/2026-01-01-tides.md": "Nothing\n"})
    lab.build()
    assert "backlinks" not in lab.page("about/index.html")
