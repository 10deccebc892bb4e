"""Whatever surrounds a link, a formula, a picture or raw HTML: its place is that of its characters in the file."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bifolium.markdown import MarkdownOptions, render
from bifolium.problems import Problem, caret, cells

OPTIONS = MarkdownOptions(wiki=True, mark=True)

BEFORE = st.sampled_from(
    ["", "words ", "中文，", "*强。*", "`code` ", "👩‍💻 ", "á ", "\\* ", "&amp; ", "[ok](#a) ", "$x$ "]
)
AFTER = st.sampled_from(["", " words", "。中文", "\nnext line", " `code`"])
ALL_BROKEN = (
    *("[gone](gone.md)", "![gone](gone.png)", "$\\gone$", "<img src='gone.png'>", "https://gone.org", "[[gone]]"),
    *("[a *b*](gone)", "[![x](y)](gone)", "<https://gone.org>", "[gone][]"),
)
ONE_LINE = (
    "# {}",
    "## {} ##",
    "Title {}\n===",
    "| a | b |\n|---|---|\n| 中 | {} |",
    "| {} |\n|---|\n",
    '!!! note "{}"\n    x',
)
CONTAINERS = ("> ", "- ", "1. ", "10. ", "- [ ] ", "[^n]: ", "word\n: ", "!!! note\n    ", "> [!TIP]\n> ", "::: box\n")


@st.composite
def texts(draw: st.DrawFn) -> tuple[str, str]:
    """Return a text, and what is in it, once."""
    broken = draw(st.sampled_from(ALL_BROKEN))
    line = draw(BEFORE) + broken + draw(AFTER)
    if "\n" not in line and draw(st.booleans()):
        line = draw(st.sampled_from(ONE_LINE)).format(line)
    for number, container in enumerate(draw(st.lists(st.sampled_from(CONTAINERS), max_size=4))):
        line = inside(container.replace("[^n]", f"[^{number}]"), line)
    return draw(
        st.sampled_from(["", "First.\n\n", "中文。\n\n* a\n\n"])
    ) + line + "\n\nUsed[^0][^1][^2][^3].\n\n[gone]: gone\n", broken


def inside(container: str, text: str) -> str:
    """Return `text` as the content of a container that begins with `container`."""
    first, _, marker = container.rpartition("\n")
    lines = text.split("\n")
    if container.startswith(":::"):
        return f"{container}{text}\n:::"
    if marker == "> ":
        return "\n".join([*([first] if first else []), *(f"> {line}".rstrip() for line in lines)])
    indent = " " * (4 if container.startswith(("[^", "!!!")) else 2 if "[ ]" in container else len(marker))
    rest = "".join(f"\n{indent}{line}".rstrip(" ") for line in lines[1:])
    return f"{container}{lines[0]}{rest}"


@given(texts())
def test_places_are_right_in_any_nesting(case: tuple[str, str]) -> None:
    text, broken = case
    found = places(text)
    assume(found)  # in some nestings it is indented code
    assert found == {place_of(broken, text)}


@pytest.mark.parametrize("broken", ALL_BROKEN)
@pytest.mark.parametrize("container", CONTAINERS)
def test_places_are_right_in_each_container(container: str, broken: str) -> None:
    text = inside(container, f"中文 {broken}") + "\n\nUsed[^n].\n\n[gone]: gone\n"
    assert places(text) == {place_of(broken, text)}


def places(text: str) -> set[tuple[int, int]]:
    content = render(text, 7, OPTIONS).content
    links = {(it.line, it.column) for it in content.links if "gone" in it.target}
    images = {(it.line, it.column) for it in content.images if "gone" in it.target}
    formulas = {(it.line, it.column) for it in content.formulas if it.tex == "\\gone"}
    return links | images | formulas


def place_of(broken: str, text: str) -> tuple[int, int]:
    at, line = next((number, line) for number, line in enumerate(text.split("\n")) if broken in line)
    start = len("<img src='") if broken.startswith("<img") else int(broken.startswith("$"))
    return 7 + at, line.index(broken) + start + 1


def test_a_caret_stands_right_under_wide_characters() -> None:
    source = "中文👍👩‍💻é: [潮汐](gone.md) end"
    problem = Problem("a.md", 1, source.index("[") + 1, "x", "x", source=source, width=len("[潮汐](gone.md)"))
    assert caret(problem) == " " * cells("中文👍👩‍💻é: ") + "^" * cells("[潮汐](gone.md)")
    assert cells("中文👍é: ") == 9
