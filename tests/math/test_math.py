import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bifolium import engine
from bifolium.math import hint, original, prepare

CASE = re.compile(r"^([^\n.][^\n]*)\n\.\n(.*?)\n\.\n(.*?)\n\.$", re.MULTILINE | re.DOTALL)


def cases(name: str) -> dict[str, tuple[str, str]]:
    """Return what a fixture file holds: title → (input, expected), each ended by a line with a single dot."""
    text = Path(__file__).with_name(name).read_text(encoding="utf-8").replace("<ZWSP>", "\u200b")
    return {title: (given, expected) for title, given, expected in CASE.findall(text)}


REWRITES = cases("prepare.txt")
HINTS = cases("hints.txt")
SNIPPETS = ["a", "&", "\\\\", "{", "}", "\u200b", "%", "\n", " ", "\\begin{array}", "\\end{array}", "[t]", "{lc}"]
TEX = st.lists(st.sampled_from([*SNIPPETS, "\\begin{eqnarray}", "\\end{eqnarray}", "\\begin{align}", "𝒳"])).map("".join)


@pytest.mark.parametrize("title", REWRITES)
def test_tex_is_prepared_as_its_author_meant(title: str) -> None:
    tex, expected = REWRITES[title]
    assert prepare(tex) == expected


@pytest.mark.parametrize("title", HINTS)
def test_a_mistake_is_named_and_the_hint_says_what_to_type(title: str) -> None:
    tex, expected = HINTS[title]
    error = engine.typeset([engine.FormulaJob(prepare(tex), display=True)])[0].error
    assert "; ".join(filter(None, [error, hint(error, tex, engine.vocabulary())])) == expected


@given(TEX)
def test_every_offset_in_prepared_tex_leads_to_the_same_character_or_to_what_was_replaced(tex: str) -> None:
    prepared = prepare(tex)
    places = [original(tex, offset) for offset in range(len(prepared) + 1)]
    assert places == sorted(places)
    assert places[-1] == len(tex)
    kept = [offset for offset, place in enumerate(places[:-1]) if places[offset + 1] > place]
    assert all(place in range(len(tex) + 1) for place in places)
    assert [prepared[offset] for offset in kept if prepared[offset] in "%𝒳"] == [c for c in tex if c in "%𝒳"]


def test_an_error_without_a_place_keeps_having_none() -> None:
    assert original("a\u200bb", -1) == -1


def test_the_place_of_an_error_in_prepared_tex_is_its_place_in_the_source() -> None:
    tex = "\u200b\\begin{eqnarray} a &=& \\foo \\end{eqnarray}"
    offset = engine.typeset([engine.FormulaJob(prepare(tex), display=True)])[0].offset
    assert tex[original(tex, offset) :].startswith("\\foo")
