"""The kramdown flavour, and Jekyll's Liquid in it, as fixtures: the files of tests/kramdown."""

from __future__ import annotations

from pathlib import Path

import pytest
from markdown_it.utils import read_fixture_file
from test_markdown import show

from bifolium.markdown import MarkdownOptions, gather, render
from bifolium.markdown.liquid import LONGEST

OPTIONS = MarkdownOptions(flavour="kramdown")
VALUES = {
    "site.title": "Tides & moons",
    "site.url": "https://example.org",
    "site.baseurl": "/blog",
    "page.title": "The *sea*",
    "page.date": "2026-01-02T03:04:05+08:00",
}
SNIPPETS = {
    "note.html": '<p class="note">\n{{ include.text }} of {{ site.title }}\n</p>',
    "list.md": "- {{ include.a }}\n- [moon](moon.md)",
    "word.html": "<b>{{ include.a }}</b>",
    "outer.html": "{% include word.html a=include.b %}!",
    "circle.html": "{% include circle.html %}",
    "loop.html": "<b>{% for x in site.posts %}x{% endfor %}{% if %}</b>",
    "figure.html": (
        '{%- assign wide = include.width | default: "9" -%}\n<figure{% if wide > 5 and include.class %} '
        'class="{{ include.class }}"{% endif %}>\n'
        '<img src="{{ site.baseurl }}/{{ include.src }}" width="{{ wide }}">\n'
        "{% if include.caption contains 'sea' %}<b>{{ include.caption }}</b>{% elsif include.caption == 'none' %}"
        "{% else %}<i>{{ include.caption }}{{ include.more }}</i>{% endif %}\n"
        "{% unless include.plain %}<a href='{% post_url a %}'></a>{% endunless %}\n</figure>"
    ),
    "stars.html": (
        "<b>{% for n in (1..5) %}{% if n <= include.of %}★{% else %}☆{% endif %}{% endfor %}</b>"
        "{% case include.kind %}x{% when 'note', 'tip' %} (a note){% when 'bad' %} (bad){% else %} (other){% endcase %}"
    ),
    "gallery.html": (
        "{% assign files = include.files | split: ',' %}{% capture end %}<b>{{ files | size }}</b>{% endcapture -%}\n"
        "<div>{% for it in files reversed limit:3 %}<a href='{{ site.baseurl }}/{{ it | strip }}'>{{ forloop.index }}"
        "{% unless forloop.last %},{% endunless %}</a>{% else %}none{% endfor %}{{ end }}"
        "{{ include.files | replace: ',', ';' }}</div>"
    ),
    "raw.html": "<b>{% raw %}{{ site.title }}{% if %}{% endraw %}{{ site.title }}</b>{% comment %}x{% endcomment %}",
}


def fixtures() -> list[object]:
    return [
        pytest.param(source, expected, id=f"{path.stem}: {title}")
        for path in sorted((Path(__file__).parent / "kramdown").glob("*.md"))
        for _, title, source, expected in read_fixture_file(path)
    ]


@pytest.mark.parametrize(("source", "expected"), fixtures())
def test_text_becomes(source: str, expected: str) -> None:
    liquid = gather(source, VALUES, SNIPPETS, "_posts")
    assert show(render(source, 1, OPTIONS, liquid)) == expected.rstrip()


def test_a_body_knows_only_what_its_text_names() -> None:
    liquid = gather("{{ site.title }} {% include outer.html %}", VALUES, SNIPPETS, "_posts")
    assert liquid == (
        (("site.title", "Tides & moons"),),
        (("outer.html", SNIPPETS["outer.html"]), ("word.html", SNIPPETS["word.html"])),
        "_posts",
    )


def test_what_a_snippet_makes_is_bounded() -> None:
    bomb = (
        "{% assign a = 'x' %}{% for n in (1..400) %}{% for m in (1..400) %}{% assign a = a | append: a %}{% endfor %}"
    )
    text = "{% include bomb.html %}"
    body = render(text, 1, OPTIONS, gather(text, {}, {"bomb.html": bomb + "{{ a }}{% endfor %}"}, "_posts"))
    assert [problem.message for problem in body.problems] == [
        "`a` becomes too long (in the snippet `bomb.html`)",
        "the loop over `m` goes on for too long (in the snippet `bomb.html`)",
        "the loop over `n` goes on for too long (in the snippet `bomb.html`)",
    ]
    assert len(body.content.html) < 2 * LONGEST


def test_conditions_in_conditions_are_bounded() -> None:
    text = "{% include deep.html %}"
    body = render(text, 1, OPTIONS, gather(text, {}, {"deep.html": "{% if true %}" * 5000 + "x"}, "_posts"))
    assert [problem.message for problem in body.problems] == [
        "`{% if %}` has no end (in the snippet `deep.html`)",
        "`{% if %}` stands in 50 others (in the snippet `deep.html`)",
    ]


def test_in_the_other_flavour_none_of_this_means_anything() -> None:
    text = "{{ site.title }} {% include word.html %} {::comment}x{:/}\n\n*[a]: b\n\na | b\nc | d\n"
    liquid = gather(text, VALUES, SNIPPETS, "_posts")
    html = "<p>{{ site.title }} {% include word.html %} {::comment}x{:/}</p>\n<p>*[a]: b</p>\n<p>a | b\nc | d</p>\n"
    assert render(text, 1, MarkdownOptions(), liquid).content.html == html
