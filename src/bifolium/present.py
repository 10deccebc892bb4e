"""Make the view of a page: its values resolved, its texts dressed, its addresses final."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from html import unescape
from itertools import groupby
from typing import NamedTuple

from markupsafe import Markup, escape

from bifolium import urls
from bifolium.dress import Around, Insets, dress, plain_number
from bifolium.layout import View
from bifolium.links import Resolution
from bifolium.markdown import (
    MarkdownOptions,
    has_diagram,
    is_plain,
    markdown_options,
    plain_title,
    title_fragment,
    toc_html,
)
from bifolium.model import (
    Body,
    Entry,
    Equation,
    EquationsPage,
    FeedPage,
    Fragment,
    Heading,
    ListPage,
    NotFoundPage,
    Page,
    PostPage,
    RedirectPage,
    Term,
    TermsPage,
    mark,
)
from bifolium.plan import Plan
from bifolium.settings import Settings
from bifolium.views import (
    CitationView,
    EntryView,
    EquationsView,
    EquationView,
    LinkView,
    ListView,
    NumberedView,
    NumberView,
    PlainView,
    PostView,
    SeriesView,
    SiteView,
    TermsView,
    YearView,
)

WORDS_A_MINUTE = 230
CHARACTERS_A_MINUTE = 400  # of Chinese, Japanese and Korean
_FIRST_HEADING = re.compile(r"<h1[^>]*>.*?</h1>\n?", re.DOTALL)


class Material(NamedTuple):
    """What pages are made of beside the Plan, by source path."""

    bodies: Mapping[str, Body]
    resolutions: Mapping[str, Resolution]
    insets: Insets
    sizes: Mapping[str, tuple[int, int]]


class Parted(NamedTuple):
    """A text without its title: `anchor` is the id that the title has as the text's first heading."""

    heading: Fragment
    anchor: str
    content: Fragment
    outline: tuple[Heading, ...]


class Presenter(NamedTuple):
    """Makes views for one site; `at` gives the final address of a URL of the site."""

    settings: Settings
    material: Material
    at: Callable[[str], str]
    words: Callable[[str], Mapping[str, str]]

    def view(self, page: Page) -> View:
        """Return what the template of `page` sees."""
        match page:
            case PostPage():
                return self.post(page)
            case ListPage():
                return self.listing(page)
            case TermsPage():
                return TermsView(
                    page.kind, *self._heads(page.url, ""), math=False, terms=tuple(map(self.link, page.terms))
                )
            case EquationsPage():
                heads = self._heads(page.url, "")
                return EquationsView("equations", *heads, math=True, texts=tuple(self.numbered(page)))
            case RedirectPage():
                return PlainView(
                    "redirect", *self._heads(page.target, page.target), math=False, target=self.at(page.target)
                )
            case NotFoundPage():
                return PlainView("404", *self._heads(page.url, ""), math=False)
        raise TypeError(page)

    def post(self, page: PostPage) -> PostView:
        """Return the view of a post or a plain page."""
        card, body = page.card, self.material.bodies[page.card.path]
        parted = part(body, title_fragment(card.title, self.options(card.math)))
        newer, older = (self.entry(it) if it else None for it in (page.newer, page.older))
        related, series = tuple(map(self.entry, page.related)), self.series(page)
        wants_toc = self.settings.toc if card.toc is None else card.toc
        heading = self.text(card.path, parted.heading)
        others = [it.heading for it in (newer, older, *related, *(series.parts if series else ())) if it]
        return PostView(
            kind=card.kind,
            url=self.at(page.url),
            canonical=self.absolute(page.url),
            title=self.plain(card.title, card.math),
            description=self.plain(card.description, card.math),
            language=card.language or self.settings.language,
            authors=card.authors or ((self.settings.author,) if self.settings.author else ()),
            date=moment(card.date),
            updated=moment(card.updated),
            heading=heading,
            anchor=parted.anchor,
            content=self.text(card.path, parted.content),
            toc=self.toc(card.path, parted) if wants_toc else Markup(),
            words=body.words + body.characters,
            minutes=minutes(body),
            math=bool(body.content.formulas) or has_math([heading, *others]),
            diagrams=has_diagram(body.content),
            categories=tuple(map(self.link, page.categories)),
            tags=tuple(map(self.link, page.tags)),
            newer=newer,
            older=older,
            related=related,
            series=series,
            backlinks=tuple(map(self.entry, page.backlinks)),
            image=self.image(page),
            draft=card.draft,
            extra=card.extra,
        )

    def listing(self, page: ListPage) -> ListView:
        """Return the view of one page of a list, its entries also by year."""
        full = page.kind != "archive"
        entries = tuple(self.entry(entry, summary=full) for entry in page.entries)
        years = groupby(entries, key=lambda entry: str(entry.date.year) if entry.date else "")
        return ListView(
            page.kind,
            *self._heads(page.url, page.name),
            math=has_math(part for entry in entries for part in (entry.heading, entry.summary)),
            entries=entries,
            years=tuple(YearView(name, tuple(of_year)) for name, of_year in years),
            number=page.pager.number,
            total=page.pager.total,
            newer=self.at(page.pager.newer) if page.pager.newer else "",
            older=self.at(page.pager.older) if page.pager.older else "",
        )

    def entry(self, entry: Entry, *, summary: bool = False) -> EntryView:
        """Return a post as others show it; with its summary only where a list asks for it."""
        body = self.material.bodies[entry.path] if summary else None
        text = self.text(entry.path, body.summary, entry.url) if body else Markup()
        if body and not text:
            text = self.title(entry.description, entry.math)
        return EntryView(
            url=self.at(entry.url),
            title=self.plain(entry.title, entry.math),
            date=moment(entry.date),
            description=self.plain(entry.description, entry.math),
            summary=text,
            categories=tuple(map(self.link, entry.categories)),
            language=entry.language,
            draft=entry.draft,
            minutes=minutes(body) if body else 0,
            heading=self.title(entry.title, entry.math),
        )

    def numbered(self, page: EquationsPage) -> Iterator[NumberedView]:
        """Yield the labelled equations of each text."""
        for path, of_text in groupby(page.equations, key=lambda it: it.path):
            found = [(number, list(labels)) for number, labels in groupby(of_text, key=lambda it: it.formula)]
            first = found[0][1][0]
            language = self.material.resolutions[path].language
            equations = tuple(self.equation(labels) for _, labels in found)
            yield NumberedView(self.at(first.url), self.title(first.title, first.math), language, equations)

    def equation(self, labels: Sequence[Equation]) -> EquationView:
        """Return a formula with all its labels."""
        first = labels[0]
        content = self.material.bodies[first.path].content
        formula = content.formulas[first.formula]._replace(anchors=())
        shown = Fragment(mark("F", 0), formulas=(formula,), definitions=content.definitions)
        numbers = (
            NumberView(
                it.name,
                plain_number(it.number),
                self.at(first.url + urls.fragment(it.anchor)),
                tuple(CitationView(self.at(by.url), self.title(by.title, by.math), by.language) for by in it.cited_by),
            )
            for it in labels
        )
        return EquationView(self.text(first.path, shown, first.url), tuple(numbers))

    def options(self, math: bool) -> MarkdownOptions:
        """Return how titles are read; `math` is the card's own switch for formulas."""
        return markdown_options(self.settings, {}, wanted=math)

    def title(self, title: str, math: bool) -> Markup:
        """Return a title or description as HTML with its formulas typeset."""
        if is_plain(title):
            return escape(title)
        around = Around(Resolution({}, {}), {}, self.at, {})
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

    def series(self, page: PostPage) -> SeriesView | None:
        """Return the series that a post belongs to, if any."""
        if not page.series:
            return None
        term, parts, number = page.series
        return SeriesView(term.name, self.at(term.url), number, tuple(map(self.entry, parts)))

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
        filled = dress(fragment, material.insets, Around(resolution, material.sizes, self._from(url), words))
        return Markup(filled)  # noqa: S704 (rendered by us; raw HTML in it is the author's, openly)

    def toc(self, path: str, parted: Parted) -> Markup:
        """Return the table of contents, empty if there are fewer than two headings."""
        outline = parted.content._replace(html=toc_html(parted.outline))
        return self.text(path, outline) if len(parted.outline) > 1 else Markup()

    def image(self, page: PostPage) -> str:
        """Return the address of the picture that front matter names, if it is there."""
        found = self.material.resolutions[page.card.path].images.get(page.card.image)
        return self.at(found.url) if found else ""

    def absolute(self, url: str) -> str:
        """Return the whole address of a URL of the site; empty if nobody said where the site will stand."""
        return self.settings.base_url.rstrip("/") + url if self.settings.base_url else ""

    def _from(self, page: str) -> Callable[[str], str]:
        """Return what makes final addresses in a text of `page` that is shown elsewhere."""
        return (lambda url: self.at(page + url if url.startswith("#") else url)) if page else self.at

    def _heads(self, url: str, title: str) -> tuple[str, str, str, str, str]:
        return self.at(url), self.absolute(url), title, "", self.settings.language


def part(body: Body, title: Fragment) -> Parted:
    """Part a text from its title, in case that its author wrote the title as its first heading too."""
    shown = re.sub("\x02F([0-9]+)\x03", lambda found: title.formulas[int(found[1])].tex, unescape(title.html))
    first = body.outline[0] if body.outline else None
    found = _FIRST_HEADING.match(body.content.html)
    if not (first and found and first.level == 1 and first.text == shown):
        return Parted(title, "", body.content, body.outline)
    rest = body.content._replace(html=body.content.html[found.end() :])
    return Parted(body.content._replace(html=first.html), first.id, rest, body.outline[1:])


def site_view(
    plan: Plan, settings: Settings, data: Mapping[str, object], words: Mapping[str, str], at: Callable[[str], str]
) -> SiteView:
    """Return what every template sees of the site."""
    return SiteView(
        title=settings.title,
        tagline=settings.tagline,
        language=settings.language,
        author=settings.author,
        home=at(settings.urls.home),
        base_url=settings.base_url.rstrip("/"),
        feed=at(settings.urls.feed) if settings.base_url else "",
        menu=tuple(_menu(plan, settings, words, at)),
        data=dict(data),
    )


def placed_at(base_url: str) -> Callable[[str], str]:
    """Return the function that makes a final address from a URL of the site, for sites below a path too."""
    base = urls.base_path(base_url)
    return lambda url: base + url if url.startswith("/") and not url.startswith("//") else url


def placed_absolutely(base_url: str) -> Callable[[str], str]:
    """Return the function that makes a whole address from a URL of the site, for feeds."""
    return lambda url: base_url.rstrip("/") + url if url.startswith("/") and not url.startswith("//") else url


def moment(date: str) -> datetime | None:
    """Return the datetime that a card's date stands for."""
    return datetime.fromisoformat(date) if date else None


def has_math(shown: Iterable[str]) -> bool:
    """Tell whether there are formulas in finished HTML."""
    return any('class="katex' in html for html in shown)


def minutes(body: Body) -> int:
    """Return how many minutes reading takes, at least one."""
    return max(1, round(body.words / WORDS_A_MINUTE + body.characters / CHARACTERS_A_MINUTE))


def _menu(plan: Plan, settings: Settings, words: Mapping[str, str], at: Callable[[str], str]) -> Iterable[LinkView]:
    if settings.menu is not None:
        yield from (LinkView(item.title, at(item.url)) for item in settings.menu)
        return
    for name in ("archive", "categories", "tags", "series"):
        if (url := getattr(settings.urls, name)) in plan.routes:
            yield LinkView(words[name], at(url))
    top = (card for card in plan.pages.values() if card.url.strip("/").count("/") == 0 and card.url != "/")
    for card in sorted(top, key=lambda card: (card.weight, card.title))[:6]:
        yield LinkView(card.title, at(card.url))
