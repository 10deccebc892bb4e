"""Work grows with the length of a text and not with its square, whatever stands in it. Work is counted, not timed.

The first shapes are those of cmark's own test for pathological input, https://github.com/commonmark/cmark.
"""

from __future__ import annotations

import cProfile
from collections.abc import Callable

import pytest

from bifolium.markdown import MarkdownOptions, render

Shape = Callable[[int], str]
FLAVOURS = (MarkdownOptions(wiki=True), MarkdownOptions(flavour="kramdown", wiki=True))

SHAPES: dict[str, Shape] = {
    "nested strong emphasis": lambda n: "*a **a " * n + "b" + " a** a*" * n,
    "closers of emphasis without openers": lambda n: "a_ " * n,
    "openers of emphasis without closers": lambda n: "_a " * n,
    "closing brackets without openers": lambda n: "a]" * n,
    "opening brackets without closers": lambda n: "[a" * n,
    "mismatched openers and closers": lambda n: "*a_ " * n,
    "closers by rule of three": lambda n: "a**b" + "c* " * n,
    "links with emphasis": lambda n: "[ a_" * n,
    "pictures in pictures": lambda n: "![[]()" * n,
    "hard breaks and emphasis": lambda n: "**x [a*b**c*](d)" * n,
    "nested brackets": lambda n: "[" * n + "a" + "]" * n,
    "nested quotes": lambda n: "> " * min(n, 90) + "a\n\n" * n,
    "lists in lists": lambda n: "".join("  " * min(x, 40) + f"* a{x}\n" for x in range(n)),
    "empty lines in nested lists": lambda n: "- " * 40 + "x" + "\n" * n,
    "runs of backticks": lambda n: "".join("e" + "`" * x for x in range(int(n**0.5) * 4)),
    "unclosed links": lambda n: "[a](<b" * n,
    "unclosed plain links": lambda n: "[a](b" * n,
    "unclosed scripts": lambda n: "<script>\n\n" * n,
    "unclosed scripts in quotes": lambda n: "> <script>\n\n" * n + "</script>",
    "unclosed scripts in a line": lambda n: "a <script> " * n,
    "scripts": lambda n: "<script></script> " * n,
    "blocks of comments": lambda n: "<!-- a\n\n" * n,
    "comments in a line": lambda n: "[a <!-- b " * n,
    "unclosed comments": lambda n: "</" + "<!--" * n,
    "unclosed processing instructions": lambda n: "<?" * n,
    "unclosed declarations": lambda n: "<!A " * n,
    "unclosed CDATA": lambda n: "<![CDATA[" * n,
    "tables of bars": lambda n: "|" * n + "\n" + "|" * n,
    "tables of many columns": lambda n: "| " * n + "\n" + "|-" * n + "|\n",
    "many references": lambda n: "\n\n".join(f"[{x}]: u" for x in range(n)) + "\n\n" + "[0] " * n,
    "definitions in a row": lambda n: "[a]: u\n" * n,
    "reference titles": lambda n: "[a]: u 'x\n" * n,
    "quote and lazy lines": lambda n: "> a\n" + "b\n" * n,
    "equal headings": lambda n: "# a\n\n" * n,
    "underlined headings": lambda n: "a\n-\n\n" * n,
    "headings with attributes": lambda n: "# a {#b}\n\n" * n,
    "tasks": lambda n: "- [ ] a\n" * n,
    "environments": lambda n: "\\begin{a}\n" * n,
    "environments in a line": lambda n: "\\begin{a} " * n,
    "quotation marks": lambda n: "\"a' " * n,
    "dollars": lambda n: "$a " * n,
    "dollars and braces": lambda n: "$a{ " * n,
    "double dollars": lambda n: "$$a $$ b" * n,
    "lines of open formulas": lambda n: "$$a\n" * n,
    "blocks of open formulas": lambda n: "$$\na\n\n" * n + "$$",
    "brackets of formulas": lambda n: "\\[a\n" * n,
    "parentheses of formulas": lambda n: "\\(a " * n,
    "brackets of doubled backslashes": lambda n: "\\\\(a " * n + "\\\\[b " * n,
    "footnotes": lambda n: "".join(f"[^{x}]" for x in range(n)) + "\n\n" + "".join(f"[^{x}]: a\n" for x in range(n)),
    "one footnote, used often": lambda n: "[^a] " * n + "\n\n[^a]: a\n",
    "braces": lambda n: "*a*{" * n,
    "attributes": lambda n: "*a*{.b} " * n,
    "lines of attributes": lambda n: "{: .a}\n" * n,
    "bare addresses": lambda n: "http://a.b/(c " * n,
    "schemes": lambda n: "http://" * n,
    "www": lambda n: "www." * n,
    "admonitions": lambda n: "!!! note\n" * n,
    "definition lists": lambda n: "a\n: b\n\n" * n,
    "colons": lambda n: ": a\n" * n,
    "tags": lambda n: "<b>" * n,
    "closed tags": lambda n: "<a " * n + "/>",
    "full-width punctuation": lambda n: "**。" * n,
    "lines of CJK": lambda n: "潮\n" * n,
    "entities": lambda n: "&a" * n,
    "escapes": lambda n: "\\" * n,
    "tabs": lambda n: "\t" * n + "a",
    "more": lambda n: "<!--more-->\n" * n,
    "contents": lambda n: "* toc\n{:toc}\n\n" * n,
    "pipes in a paragraph": lambda n: "a | b\n" * n,
    "open elements": lambda n: "<div>\n\n" * n,
    "elements": lambda n: "<div>\n</div>\n\n" * n,
    "nested elements": lambda n: "<div>\n" * n + "</div>\n" * n,
    "open extensions": lambda n: "{::comment}\n\n" * n,
    "open extensions in a line": lambda n: "a {::comment} " * n,
    "abbreviations": lambda n: "".join(f"*[w{x}]: y\n" for x in range(n)) + "w1 " * n,
    "names of attributes": lambda n: "{:a: .b}\n" * n + "x\n{:a}\n\n" * n,
    "targets with blanks": lambda n: "[a](b c) " * n,
    "references with blanks": lambda n: "[a]: u\n\n" + "[b] [a] " * n,
    "nested references with blanks": lambda n: "[a]: u\n\n" + "[" * n + "] [" * n + "a]" * n,
    "open targets with blanks": lambda n: "[a](b c " * n,
    "lists and quotes": lambda n: "1. a\n> b\n" * n,
    "open tags of Liquid": lambda n: "{% a " * n,
    "open values of Liquid": lambda n: "{{ site.a | " * n,
    "values of Liquid": lambda n: "{{ site.a }} " * n,
    "Liquid in targets": lambda n: "[a]({{ site.a }}" * n + " b",
    "raw Liquid": lambda n: "a {% raw %} {{ site.a }} {% endraw %} b\n\n" * n,
    "lines of raw Liquid": lambda n: "{% raw %}\n{% endraw %}\n" * n,
    "open highlighting": lambda n: "{% highlight a %}\n\n" * n,
    "open comments of Liquid": lambda n: "a {% comment %} " * n,
    "conditions of Liquid": lambda n: "{% if a %} " * n + "{% endif %} " * n,
    "assigned values": lambda n: "{% assign a = 'b' %}\n\n{{ a }}\n\n" * n,
    "tags in a line": lambda n: "{% include a %} " * n + "b",
    "definitions with Liquid": lambda n: "[a]: {% link a %}\n" * n,
    "attributes of HTML": lambda n: "<b>x</b>{: .a} " * n,
    "open tags with attributes": lambda n: "<b>{: .a} " * n + "</b>{: .a}" * n,
    "bullets that change": lambda n: "- a\n+ b\n" * n,
    "lists of two kinds": lambda n: "1. a\n- b\n" * n,
    "lists of two kinds in each other": lambda n: (
        "".join("   " * min(x, 30) + "1. a\n" for x in range(n)) + "- b\n" * n
    ),
    "escaped dollars": lambda n: "\\$$ a $$ " * n,
    "code below items": lambda n: "- a\n```\nb\n```\n" * n,
    "quotes below items": lambda n: "- a\n> b\n" * n,
    "ended lists": lambda n: "- a\n^\n" * n,
    "terms of definitions": lambda n: "a\n" * n + ": b",
    "lines and colons": lambda n: "a\nb\n- c\n: d\n\n" * n,
    "backslashes at ends": lambda n: "a \\\\\n" * n,
    "rules of HTML": lambda n: "<hr> a\n" * n,
    "embedded notes": lambda n: "![[a]] " * n,
    "unclosed notes": lambda n: "![[a" * n,
    "bullets in numbers": lambda n: "1. a\n  * b\n" * n,
    "tables without rulers": lambda n: "| a | b |\n" * n + "x",
    "rows of bars": lambda n: "a | b\n\n" * n,
}


@pytest.mark.parametrize("options", FLAVOURS, ids=lambda it: it.flavour)
@pytest.mark.parametrize("shape", SHAPES)
def test_twice_the_text_is_twice_the_work(shape: str, options: MarkdownOptions) -> None:
    render("x", 1, options)
    once, twice = (work(SHAPES[shape](n), options) for n in (150, 300))
    assert twice / once < 2.5


def work(text: str, options: MarkdownOptions) -> int:
    """Return how many calls rendering takes."""
    profile = cProfile.Profile()
    profile.runcall(render, text, 1, options)
    return sum(entry.callcount for entry in profile.getstats())
