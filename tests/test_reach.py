"""Only texts whose references may lead elsewhere are resolved again, and all lead where a clean build leads them."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bifolium import labels, links
from bifolium.atlas import Atlas
from bifolium.claims import Route
from bifolium.labels import Register
from bifolium.links import Resolution
from bifolium.model import Image, Label, Link, Ref, Spot
from bifolium.reach import reach, touched
from bifolium.recall import Recall

T = TypeVar("T")
PATHS = ("posts/one.md", "posts/Two.md", "pages/two/index.md", "posts/sub/three.md")
FILES = ("images/p.png", "posts/p.png", "static/sub/P.png")
URLS = ("/one/", "/two.html", "/two", "/2026/three/", "/p.png")
TARGETS = (
    *(
        "one.md",
        "posts/one",
        "../one.md#Ebb",
        "Two.md#ebb",
        "@/two",
        "/one/",
        "/one",
        "two.html#ebb",
        "2026/three/#ebb",
    ),
    *("images/p.png", "p.png", "/p.png", "https://a.example/one", "#ebb", "?x", "", "/images/p.png?x#y"),
    *(
        "[[one]]",
        "[[ONE#ebb]]",
        "[[Tides]]",
        "[[two]]",
        "[[sub/three]]",
        "[[P.png]]",
        "[[sub/p.png]]",
        "[[#ebb]]",
        "[[s]]",
    ),
)
REFS = ("e", "one#e", "two#e", "/one/#e", "sub/three#e", "three.md#e", "s#e", "none#e")
NAMES = st.sampled_from(("Tides", "One", "s", "tides"))


class Text(NamedTuple):
    """What a text refers to and what can be referred to in it."""

    links: tuple[Link, ...]
    images: tuple[Image, ...]
    refs: tuple[Ref, ...]
    labels: tuple[Label, ...]


class Site(NamedTuple):
    """What resolving looks at: `lists` are addresses of pages that are no text's."""

    spots: dict[str, Spot]
    titles: dict[str, str]
    texts: dict[str, Text]
    places: dict[str, str]
    ids: dict[str, tuple[str, ...]]
    lists: list[str]

    @property
    def atlas(self) -> Atlas:
        """Where everything is."""
        routes = {url: Route("list", "tag a", 1, "") for url in self.lists}
        routes |= {url: Route("file", path, 1, path) for path, url in self.places.items()}
        routes |= {spot.url: Route("post", path, 1, path) for path, spot in self.spots.items()}
        return Atlas(self.spots, self.places, routes, self.ids, self.titles)


def linking(*targets: str) -> Text:
    """Return a text with links."""
    return Text(tuple(Link(target, 1, 1) for target in targets), (), (), ())


def at(site: Site, path: str, url: str) -> Site:
    """Return the site with a text elsewhere."""
    return site._replace(spots=site.spots | {path: site.spots[path]._replace(url=url)})


def with_label(site: Site, number: str) -> Site:
    """Return the site with a label in the second text."""
    label = Label("e", "equation", number, "a", "", 1, 1)
    return site._replace(texts=site.texts | {TWO: Text((), (), (), (label,))})


def with_id(site: Site) -> Site:
    """Return the site with a heading in the second text."""
    return site._replace(ids=site.ids | {TWO: ("ebb",)})


def several(items: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(items), max_size=9, unique=True)


@st.composite
def texts(draw: st.DrawFn) -> Text:
    return Text(
        tuple(Link(target, 1, 1) for target in draw(several(TARGETS))),
        tuple(Image(target, "", "", (), False, 1, 1) for target in draw(several(TARGETS[9:12]))),
        tuple(Ref(target, "number", 1, 1) for target in draw(several(REFS))),
        tuple(Label(name, "equation", draw(st.sampled_from("12")), "a", "", 1, 1) for name in draw(several(("e",)))),
    )


def by_path(values: st.SearchStrategy[T]) -> st.SearchStrategy[dict[str, T]]:
    return st.fixed_dictionaries(dict.fromkeys(PATHS, values))


@st.composite
def sites(draw: st.DrawFn) -> Site:
    spots = {}
    for path in draw(st.lists(st.sampled_from(PATHS), min_size=1, unique=True)):
        spots[path] = Spot(path, draw(st.sampled_from(URLS)), draw(NAMES), draw(st.sampled_from(("", "p.png"))))
    places = st.dictionaries(st.sampled_from(FILES), st.sampled_from(URLS), max_size=2)
    ids = by_path(st.sampled_from(((), ("ebb",), ("e-bb",))))
    return Site(spots, draw(by_path(NAMES)), draw(by_path(texts())), draw(places), draw(ids), draw(several(URLS)))


def resolved(site: Site, recall: Recall) -> dict[str, Resolution]:
    """Return what `press` resolves."""
    texts = {path: site.texts[path] for path in site.spots}
    register = labels.register(site.spots, texts, recall)
    common: tuple[Atlas, Register] = (site.atlas, register)
    return recall.reaching(links.resolve, (site.spots, texts), common, (reach, touched))


@given(sites(), sites(), st.sampled_from(Site._fields))
def test_what_is_recalled_leads_where_all_anew_would(before: Site, other: Site, changed: str) -> None:
    recall = Recall(kept=True)
    other = other._replace(texts=before.texts | {PATHS[0]: other.texts[PATHS[0]]})
    for site in (before, before._replace(**{changed: getattr(other, changed)})):
        assert resolved(site, recall) == resolved(site, Recall())


@given(sites())
def test_a_new_page_that_nobody_names_resolves_nothing(site: Site) -> None:
    recall = Recall(kept=True)
    before = resolved(site, recall)
    assert resolved(site._replace(lists=[*site.lists, "/tags/new/"]), recall) is before


ONE, TWO = PATHS[:2]
ALONE = Text((), (), (), ())
ELSEWHERE: dict[str, tuple[Text, Callable[[Site], Site]]] = {
    "a file that a wiki link names": (linking("[[P.png]]"), lambda it: it._replace(places={FILES[0]: "/p.png"})),
    "a file that a wiki link names in full": (
        linking("[[sub/P.png]]"),
        lambda it: it._replace(places={FILES[2]: "/p.png"}),
    ),
    "a label of another text": (ALONE._replace(refs=(Ref("Two#e", "number", 1, 1),)), lambda it: with_label(it, "2")),
    "the address of another text": (linking("Two.md"), lambda it: at(it, TWO, "/other/")),
    "its own address": (linking("sibling/"), lambda it: at(it, ONE, "/deep/one/")),
    "a page below its own address": (linking("sibling/"), lambda it: it._replace(lists=["/one/sibling/"])),
    "an id in a text that a path means": (linking("Two#Ebb"), with_id),
    "an id in a text that an address means": (linking("/place/#Ebb"), with_id),
    "an id in a text that a file name means": (linking("[[TWO#Ebb]]"), with_id),
    "an id in a text that a slug means": (linking("[[Second#Ebb]]"), with_id),
    "an id in a text that a title means": (linking("[[Flood#Ebb]]"), with_id),
    "a title": (linking("[[Ebb]]"), lambda it: it._replace(titles={**it.titles, TWO: "Ebb"})),
    "a page without a text": (linking("/tags/new/"), lambda it: it._replace(lists=["/tags/new/"])),
}


@pytest.mark.parametrize("other", ELSEWHERE)
def test_a_reference_follows(other: str) -> None:
    text, changed = ELSEWHERE[other]
    spots = {ONE: Spot(ONE, "/one/", "one", ""), TWO: Spot(TWO, "/place/", "second", "")}
    before = Site(
        spots, {ONE: "One", TWO: "Flood"}, {ONE: text, TWO: ALONE}, {}, {ONE: (), TWO: ()}, ["/deep/one/sibling/"]
    )
    recall, after = Recall(kept=True), changed(before)
    old, new = resolved(before, recall)[ONE], resolved(after, recall)[ONE]
    assert new == resolved(after, Recall())[ONE] != old
