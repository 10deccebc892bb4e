"""Makes what all views are made of: texts and titles with their holes filled, links, addresses."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from markupsafe import Markup, escape

from bifolium import figures
from bifolium.atlas import Target
from bifolium.dress import Around, Insets, dress
from bifolium.figures import Shown
from bifolium.links import Resolution
from bifolium.markdown import MarkdownOptions, is_plain, markdown_options, plain_title, title_fragment
from bifolium.model import Body, Entry, FeedPage, Fragment, Term
from bifolium.pictures import Picture
from bifolium.settings import Settings
from bifolium.views import EntryView, LinkView

WORDS_A_MINUTE = 230
CHARACTERS_A_MINUTE = 400  # of Chinese, Japanese and Korean


class Material(NamedTuple):
    """What pages are made of beside the Plan, by source path."""

    bodies: Mapping[str, Body]
    resolutions: Mapping[str, Resolution]
    insets: Insets
    pictures: Mapping[str, Picture]


class Emblem(NamedTuple):
    """A picture that stands for a text: its address, and what is known of it."""

    url: str
    picture: Picture


class Presenter(NamedTuple):
    """Presents one site; `at` gives the final address of a URL of the site.

    `shown` keeps posts as others show them, since ten pages show each. `simple`: for readers of feeds, which know
    little HTML.
    """

    settings: Settings
    material: Material
    at: Callable[[str], str]
    words: Callable[[str], Mapping[str, str]]
    shown: dict[tuple[Entry, bool, bool], EntryView]
    simple: bool = False

    def options(self, math: bool) -> MarkdownOptions:
        """Return how titles are read; `math` is the card's own switch for formulas."""
        return markdown_options(self.settings, {}, wanted=math)

    def title(self, title: str, math: bool) -> Markup:
        """Return a title or description as HTML with its formulas typeset."""
        if is_plain(title):
            return escape(title)
        around = Around(Resolution({}, {}), {}, Shown(self.settings.images, self.at), {})
        filled = dress(title_fragment(title, self.options(math)), self.material.insets, around)
        return Markup(filled)  # noqa: S704 (escaped, but for the formulas)

    def plain(self, title: str, math: bool) -> str:
        """Return a title or description as plain text, its formulas as readable as that can be."""
        return title if is_plain(title) else plain_title(title, self.options(math))

    def plainly(self, page: FeedPage) -> FeedPage:
        """Return the feed with plain text for the formulas in titles and descriptions."""
        cards = (
            card._replace(title=self.plain(card.title, card.math), description=self.plain(card.description, card.math))
            for card in page.cards
        )
        return page._replace(cards=tuple(cards))

    def link(self, term: Term) -> LinkView:
        """Return a term as a link."""
        return LinkView(term.name, self.at(term.url), term.number)

    def text(self, path: str, fragment: Fragment, url: str = "") -> Markup:
        """Return a fragment of the text at `path` with all its holes filled.

        Where it is shown elsewhere than on its own page, `url` is that page's, for links such as `#note`.
        """
        material = self.material
        resolution = material.resolutions[path]
        words = self.words(resolution.language or self.settings.language)
        shown = Shown(self.settings.images, self._from(url), self.simple)
        filled = dress(fragment, material.insets, Around(resolution, material.pictures, shown, words))
        return Markup(filled)  # noqa: S704 (rendered by us; raw HTML in it is the author's, openly)

    def emblem(self, path: str, image: str, body: Body, kinds: Collection[str] = figures.STILL) -> Emblem | None:
        """Return the picture that stands for a text: the one that front matter names, else the first of `kinds`."""
        known, found = self.material.pictures, self.material.resolutions[path].images
        if image:
            chosen = found.get(image)
            return _emblem(chosen, known) if chosen else None
        places = (place for it in body.summary.images if (place := found.get(it.target)))
        every = (_emblem(place, known) for place in places)
        return next((it for it in every if it.picture.kind in kinds), None)

    def absolute(self, url: str) -> str:
        """Return the whole address of a URL of the site; empty if nobody said where the site will stand."""
        return self.settings.base_url.rstrip("/") + url if self.settings.base_url else ""

    def _from(self, page: str) -> Callable[[str], str]:
        """Return what makes final addresses in a text of `page` that is shown elsewhere."""
        return (lambda url: self.at(page + url if url.startswith("#") else url)) if page else self.at

    def trail(self, *links: LinkView) -> tuple[LinkView, ...]:
        """Return the front page and the `links` that lead from it to a page."""
        return (LinkView(self.words(self.settings.language)["front"], self.at(self.settings.urls.home)), *links)

    def heads(self, url: str, title: str) -> tuple[str, str, str, str, str]:
        """Return address, whole address, title, no description and the language of a page without a text."""
        return self.at(url), self.absolute(url), title, "", self.settings.language


def _emblem(found: Target, known: Mapping[str, Picture]) -> Emblem:
    picture = known.get(found.path, Picture())
    return Emblem(figures.source(found.url, found.path, picture), picture)


def moment(date: str) -> datetime | None:
    """Return the datetime that a card's date stands for."""
    return datetime.fromisoformat(date) if date else None


def has_math(shown: Iterable[str]) -> bool:
    """Tell whether there are formulas in finished HTML."""
    return any('class="katex' in html for html in shown)


def minutes(body: Body) -> int:
    """Return how many minutes reading takes, at least one."""
    return max(1, round(body.words / WORDS_A_MINUTE + body.characters / CHARACTERS_A_MINUTE))
