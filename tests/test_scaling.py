"""Work grows with the number of posts, files and mistakes, and not with its square. Work is counted, not timed."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType

import pytest

from bifolium import labels, links
from bifolium.atlas import Atlas, spot_of
from bifolium.cut import cut
from bifolium.known import FEW, Known
from bifolium.ledger import Gist
from bifolium.model import Card, Image, Link, Ref
from bifolium.plan import Plan, arrange
from bifolium.problems import nearest
from bifolium.settings import Settings

GIST = Gist(b"", b"", (), (), (), math=False, diagrams=False, problems=())


def card(number: int, title: str = "", slug: str = "", series: str = "") -> Card:
    path = f"posts/post-{number:05}.md"
    date = f"2026-01-01T00:00:{number % 60:02}+00:00"
    title = title or f"Post {number}"
    return Card((0, -number, 0, path), path, "post", f"/{number:05}/", title, date, slug=slug, series=series)


def plan_of(cards: list[Card], files: int = 0) -> Plan:
    return arrange(
        {it.path: it for it in cards}, [f"images/{number:05}-{number % 7}.png" for number in range(files)], Settings()
    )[0]


def atlas_of(plan: Plan) -> Atlas:
    titles = {card.path: card.title for card in plan.posts}
    return Atlas({card.path: spot_of(card) for card in plan.posts}, plan.files, plan.routes, {}, titles)


def missing_pictures(n: int) -> None:
    images = tuple(Image(f"/images/{number:05}-x.png", "", "", (), False, 1, 1) for number in range(n))
    complain(plan_of([card(0)], n), GIST._replace(images=images))


def broken_links(n: int) -> None:
    targets = tuple(Link(f"/{number:05}/x/", 1, 1) for number in range(n))
    complain(plan_of([card(number) for number in range(n)]), GIST._replace(links=targets))


def links_to_missing_texts(n: int) -> None:
    targets = tuple(Link(f"pots-{number:05}.md", 1, 1) for number in range(n))
    complain(plan_of([card(number) for number in range(n)]), GIST._replace(links=targets))


def wiki_links_to_nothing(n: int) -> None:
    targets = tuple(Link(f"[[Pots {number}]]", 1, 1) for number in range(n))
    complain(plan_of([card(number) for number in range(n)]), GIST._replace(links=targets))


def complain(plan: Plan, gist: Gist) -> None:
    atlas, first = atlas_of(plan), spot_of(plan.posts[0])
    every = labels.register({first.path: first}, {first.path: gist})
    resolution = links.resolve(first, gist, atlas, every)
    assert len(list(links.missing(plan.posts[0], resolution, gist, atlas, {}))) == len(gist.links + gist.images)


def a_series(n: int) -> None:
    plan = plan_of([card(number, series="Parts") for number in range(n)])
    for number in range(n):
        assert cut(plan, f"/{number:05}/", Settings())


def equal_titles(n: int) -> None:
    assert len(atlas_of(plan_of([card(number, title="Notes") for number in range(n)])).names[1]["notes"]) == n


def equal_slugs(n: int) -> None:
    cards = [card(number, slug="notes") for number in range(n)]
    refs = (Ref("notes#x", "number", 1, 1),)
    gists = {it.path: GIST._replace(refs=refs) for it in cards}
    assert len(labels.register({it.path: spot_of(it) for it in cards}, gists).sources["notes"]) == n


def references_to_unknown_texts(n: int) -> None:
    refs = tuple(Ref(f"pots-{number:05}#x", "number", 1, 1) for number in range(n))
    cards = [card(number) for number in range(n)]
    gists = {it.path: GIST for it in cards} | {cards[0].path: GIST._replace(refs=refs)}
    every = labels.register({it.path: spot_of(it) for it in cards}, gists)
    assert len(list(labels.complain(cards[0], gists[cards[0].path], every, ()))) == n


SITES: tuple[Callable[[int], None], ...] = (
    missing_pictures,
    broken_links,
    links_to_missing_texts,
    wiki_links_to_nothing,
    references_to_unknown_texts,
    a_series,
    equal_titles,
    equal_slugs,
)


@pytest.mark.parametrize("site", SITES, ids=lambda it: it.__name__)
def test_twice_the_site_is_twice_the_work(site: Callable[[int], None]) -> None:
    site(5)
    assert work(site, 800) / work(site, 400) < 2.5


def work(site: Callable[[int], None], size: int) -> int:
    """Return how many calls it takes to do all with a site of this size."""
    calls = 0

    def count(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        site(size)
    finally:
        sys.setprofile(before)
    return calls


def test_among_many_names_the_same_is_meant_as_among_few() -> None:
    names = [f"images/{place}-{number}.png" for place in ("harbour", "mountain", "river") for number in range(200)]
    wrong = ["images/harbor-17.png", "images/Mountain-150.PNG", "images/rivers-3.png", "images/riber-199.jpg"]
    assert [Known(tuple(names)).nearest(it) for it in wrong] == [nearest(it, names) for it in wrong]
    assert Known(tuple(names)).nearest("zzz") is None
    assert Known(tuple(names[:FEW])).nearest("images/harbor-7.png") == nearest("images/harbor-7.png", names[:FEW])


def test_a_part_of_a_long_series_shows_those_near_it() -> None:
    plan = plan_of([card(number, series="Parts") for number in range(120)])
    found = {}
    for number in (0, 60, 119):
        page = cut(plan, f"/{number:05}/", Settings())
        series = page.series  # type: ignore[union-attr]
        shown = [it.url for it in series.parts]  # type: ignore[union-attr]
        found[number] = (series.number, series.first, len(shown), shown.index(f"/{number:05}/"))  # type: ignore[union-attr]
    assert found == {0: (1, 1, 50, 0), 60: (61, 36, 50, 25), 119: (120, 71, 50, 49)}
