"""Posts and plain pages: the view of one is made in three steps, from its card, from its text, from its neighbours."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import NamedTuple

from markupsafe import Markup

from bifolium import figures
from bifolium.markdown import has_diagram, title_fragment, toc_html
from bifolium.model import Body, Fragment, Heading, PostPage
from bifolium.present.around import share, source
from bifolium.present.describing import description
from bifolium.present.lists import entry_view
from bifolium.present.presenter import Presenter, has_math, minutes, moment
from bifolium.templating import frozen
from bifolium.views import PostView, SeriesView

_FIRST_HEADING = re.compile(r"<h1[^>]*>.*?</h1>\n?", re.DOTALL)


class Parted(NamedTuple):
    """A text without its title: `anchor` is the id that the title has as the text's first heading."""

    heading: Fragment
    anchor: str
    content: Fragment
    outline: tuple[Heading, ...]


def post_view(presenter: Presenter, page: PostPage) -> PostView:
    """Return the view of a post or a plain page."""
    return _beside_others(presenter, page, _with_text(presenter, page, _of_card(presenter, page)))


def _of_card(presenter: Presenter, page: PostPage) -> PostView:
    card, settings = page.card, presenter.settings
    return PostView(
        kind=card.kind,
        url=presenter.at(page.url),
        canonical=presenter.absolute(page.url),
        title=presenter.plain(card.title, card.math),
        description=presenter.plain(card.description, card.math),
        language=card.language or settings.language,
        math=False,
        authors=card.authors or ((settings.author,) if settings.author else ()),
        date=moment(card.date),
        updated=moment(card.updated),
        draft=card.draft,
        comments=card.comments,
        share=share(settings, presenter.absolute(page.url), presenter.plain(card.title, card.math)),
        source=source(settings, card.path),
        extra=frozen(card.extra),
    )


def _with_text(presenter: Presenter, page: PostPage, view: PostView) -> PostView:
    card, body = page.card, presenter.material.bodies[page.card.path]
    parted = part(body, title_fragment(card.title, presenter.options(card.math)))
    heading = presenter.text(card.path, parted.heading)
    wants_toc = presenter.settings.toc if card.toc is None else card.toc
    return replace(
        view,
        description=view.description or description(body.summary),
        heading=heading,
        anchor=parted.anchor,
        content=presenter.text(card.path, parted.content),
        toc=_toc(presenter, card.path, parted) if wants_toc else Markup(),
        words=body.words + body.characters,
        minutes=minutes(body),
        math=bool(body.content.formulas) or has_math([heading]),
        diagrams=has_diagram(body.content),
        image=_image(presenter, page, body),
    )


def _beside_others(presenter: Presenter, page: PostPage, view: PostView) -> PostView:
    newer, older = (entry_view(presenter, it) if it else None for it in (page.newer, page.older))
    related, backlinks, more = (
        tuple(entry_view(presenter, it) for it in some) for some in (page.related, page.backlinks, page.more)
    )
    series = _series(presenter, page)
    others = [it.heading for it in (newer, older, *related, *more, *backlinks, *(series.parts if series else ())) if it]
    return replace(
        view,
        math=view.math or has_math(others),
        trail=presenter.trail(*map(presenter.link, page.categories[:1])),
        categories=tuple(map(presenter.link, page.categories)),
        tags=tuple(map(presenter.link, page.tags)),
        newer=newer,
        older=older,
        related=related,
        series=series,
        backlinks=backlinks,
        more=more,
    )


def part(body: Body, title: Fragment) -> Parted:
    """Part a text from its title, in case that its author wrote the title as its first heading too."""
    shown = re.sub("\x02F([0-9]+)\x03", lambda found: title.formulas[int(found[1])].tex, unescape(title.html))
    first = body.outline[0] if body.outline else None
    found = _FIRST_HEADING.match(body.content.html)
    if not (first and found and first.level == 1 and first.text == shown):
        return Parted(title, "", body.content, body.outline)
    rest = body.content._replace(html=body.content.html[found.end() :])
    return Parted(body.content._replace(html=first.html), first.id, rest, body.outline[1:])


def _series(presenter: Presenter, page: PostPage) -> SeriesView | None:
    """Return the series that a post belongs to, if any."""
    if not page.series:
        return None
    term, parts, number, first = page.series
    shown = tuple(entry_view(presenter, it) for it in parts)
    return SeriesView(term.name, presenter.at(term.url), number, term.number, first, shown)


def _toc(presenter: Presenter, path: str, parted: Parted) -> Markup:
    """Return the table of contents, empty if there are fewer than two headings."""
    outline = parted.content._replace(html=toc_html(parted.outline))
    return presenter.text(path, outline) if len(parted.outline) > 1 else Markup()


def _image(presenter: Presenter, page: PostPage, body: Body) -> str:
    """Return the address of the picture by which other sites show a post; most can't show drawings."""
    found = presenter.emblem(page.card.path, page.card.image, body, kinds=figures.BITMAPS)
    return presenter.at(figures.emblem(found.url, found.picture)) if found else ""
