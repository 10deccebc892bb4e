"""Phase two: from texts to bodies, with the formulas and listings that stand in them, all remembered by value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from operator import attrgetter
from typing import NamedTuple, cast

from bifolium import dress, formulas, highlight, insertions, memo, sources
from bifolium import markdown as md
from bifolium.dress import Insets
from bifolium.ledger import ALONE, UNREAD, Gist, Reading, Standing
from bifolium.math.macros import Macros
from bifolium.model import Body, Card, Fragment, Highlighted, Post
from bifolium.plan import Plan, card_of
from bifolium.present import minutes
from bifolium.problems import Problem, SiteError, error
from bifolium.reading import Read, post_at
from bifolium.rendering import Limits, TextJob, render_texts
from bifolium.site import Site
from bifolium.wording import Languages, admonitions
from bifolium.workshop import Workshop


class Stock(NamedTuple):
    """What texts use of the site's: macros in formulas, snippets in between, the words of the interface."""

    macros: Macros
    snippets: Mapping[str, str]
    words: Languages


class Texts(NamedTuple):
    """The gist of every text of the site; the bodies that were loaded so far, and what the engines made of them.

    `insets` hold the formulas of titles, too; `problems` are what is wrong with those. `snippets` are what texts may
    include, by name.
    """

    gists: dict[str, Gist]
    bodies: dict[str, Body]
    insets: Insets
    stock: Stock
    titles: tuple[Fragment, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def unread(self) -> frozenset[str]:
        """The sources of those texts that were not rendered."""
        return frozenset(path for path, gist in self.gists.items() if gist is UNREAD)

    @property
    def fleeting(self) -> frozenset[str]:
        """The sources of those bodies in which something was given up for lack of time."""
        return frozenset(path for path, body in self.bodies.items() if not _lasts(body, self.insets))

    @property
    def lasting_titles(self) -> bool:
        """Tell whether no formula of a title was given up for lack of time: who knows where that is shown."""
        made = self.insets.formulas
        return all(made[dress.seen(it, title)].lasting for title in self.titles for it in title.formulas)

    @property
    def title_macros(self) -> bytes:
        """The digest of the site's macros that titles use: these show in other texts' pages, too."""
        needed = {it for title in self.titles for it in formulas.needs(title, self.stock.macros)}
        return memo.digest(sorted(needed)) if needed else b""


def render(
    site: Site, shop: Workshop, cards: Mapping[str, Card], read: Read, stock: Stock, standing: Standing = ALONE
) -> Texts:
    """Return the gist of each card's text; those known from last time, with the same macros, are not made again.

    If only some are `wanted`, the others are left unread.
    """
    recall, wanted = standing.recall, standing.wanted
    readings = read.readings if len(cards) == len(read.readings) else {path: read.readings[path] for path in cards}
    known = recall.each(_current, (readings,), stock.macros)
    missing = [path for path, gist in known.items() if gist is None]
    chosen = missing if wanted is None else [path for path in missing if path in wanted]
    opened = {path: read.posts.get(path) or _again(site, cards[path]) for path in chosen}
    jobs = {path: job_of(site, post, stock) for path, post in opened.items()}
    titles = recall.once(_with_formulas, recall.each(_titles, (cards,), site))
    bodies = _bodies(site, shop, jobs)
    every = [*bodies.values(), *(Body(title, Fragment()) for title in titles.values())]
    texts = Texts({}, bodies, insets(site, shop, every, stock.macros), stock, tuple(titles.values()))
    problems = (it for path, title in titles.items() for it in _title_problems(site, path, title, texts))
    made = _gists(site, shop, opened, jobs, texts)
    gists = {**known, **dict.fromkeys(missing, UNREAD), **made}
    return texts._replace(gists=cast("dict[str, Gist]", gists), problems=tuple(problems))


def amiss(site: Site, shop: Workshop, posts: Mapping[str, Post], stock: Stock) -> list[Problem]:
    """Return what is wrong inside texts that aren't part of the site, since their front matter is wrong, too."""
    jobs = {path: job_of(site, post, stock) for path, post in posts.items()}
    bodies = _bodies(site, shop, jobs)
    texts = Texts({}, bodies, insets(site, shop, bodies.values(), stock.macros), stock)
    return [problem for gist in _gists(site, shop, posts, jobs, texts).values() for problem in gist.problems]


def load(site: Site, shop: Workshop, texts: Texts, plan: Plan, paths: Iterable[str]) -> Texts:
    """Return `texts` with the bodies of `paths` loaded too, and what the engines made of them."""
    found = bodies(site, shop, texts, plan, (path for path in paths if path not in texts.bodies))
    more = insets(site, shop, found.values(), texts.stock.macros)
    every = Insets({**texts.insets.formulas, **more.formulas}, {**texts.insets.listings, **more.listings})
    return texts._replace(bodies=texts.bodies | found, insets=every)


def bodies(site: Site, shop: Workshop, texts: Texts, plan: Plan, paths: Iterable[str]) -> dict[str, Body]:
    """Return the bodies of `paths`, from memory where they still are."""
    every = list(dict.fromkeys(paths))
    kept = shop.recalled([texts.gists[path].body for path in every], Body)
    found = {path: kept[texts.gists[path].body] for path in every if texts.gists[path].body in kept}
    posts = {path: _again(site, card_of(plan, path)) for path in every if path not in found}
    return found | _bodies(site, shop, {path: job_of(site, it, texts.stock) for path, it in posts.items()})


def insets(site: Site, shop: Workshop, bodies: Iterable[Body], macros: Macros) -> Insets:
    """Return what the engines make of all formulas and listings of `bodies`, in one batch each."""
    every = [part for body in bodies for part in (body.content, body.summary)]
    listings = list(dict.fromkeys(dress.unplaced(it) for fragment in every for it in fragment.listings))
    shop.onlooker.begins("typeset formulas")
    typeset = formulas.typeset(site, shop, every, macros)
    shop.onlooker.begins("colour code")
    coloured = shop.remembered(highlight.highlight, listings, Highlighted)
    return Insets(typeset, dict(zip(listings, coloured, strict=True)))


def tidy(site: Site, shop: Workshop, texts: Texts, plan: Plan, others: Callable[[], list[bytes]], room: int) -> None:
    """Forget what neither a text nor `others` need, once everything remembered takes more than `room` bytes."""
    if shop.store.size() <= room:
        return
    every = load(site, shop, texts, plan, texts.gists)
    keys = [gist.body for gist in texts.gists.values()]
    keys += formulas.keys(site, shop, every.insets.formulas, texts.stock.macros)
    keys += shop.keys(highlight.highlight, list(every.insets.listings))
    shop.store.trim([*keys, *others()])


def problems(texts: Texts) -> list[Problem]:
    """Return what is wrong inside the texts and their titles."""
    return [*texts.problems, *chain.from_iterable(map(attrgetter("problems"), texts.gists.values()))]


def _lasts(body: Body, made: Insets) -> bool:
    parts = (body.content, body.summary)
    return (
        body.lasting
        and all(made.formulas[dress.seen(it, part)].lasting for part in parts for it in part.formulas)
        and all(made.listings[dress.unplaced(it)].lasting for part in parts for it in part.listings)
    )


def _bodies(site: Site, shop: Workshop, jobs: Mapping[str, TextJob]) -> dict[str, Body]:
    return dict(zip(jobs, shop.remembered(render_texts, list(jobs.values()), Body, (_limits(site),)), strict=True))


def job_of(site: Site, post: Post, stock: Stock) -> TextJob:
    """Return the work of rendering `post`."""
    liquid = insertions.of(post, site.settings, stock.snippets)
    names = admonitions(stock.words, post.card.language or site.settings.language)
    return post.text, post.first_line, md.markdown_options(site.settings, names, wanted=post.card.math), liquid


def _current(read: Reading, macros: Macros) -> Gist | None:
    """Return the gist of a text, unless its formulas use macros that are others now."""
    gist = read.gist
    return gist if gist and gist.macros == formulas.stamp(gist, macros) else None


def _with_formulas(titles: Mapping[str, Fragment]) -> dict[str, Fragment]:
    return {path: title for path, title in titles.items() if title.formulas}


def _titles(card: Card, site: Site) -> Fragment:
    """Return a fragment that holds the formulas of a card's title and description."""
    texts = [text for text in (card.title, card.description) if not md.is_plain(text)]
    if not texts:
        return Fragment()
    options = md.markdown_options(site.settings, {}, wanted=card.math)
    found = [md.title_fragment(text, options).formulas for text in texts]
    return Fragment(formulas=tuple(it for formulas in found for it in formulas))


def _title_problems(site: Site, path: str, title: Fragment, texts: Texts) -> Iterable[Problem]:
    """Yield what is wrong with the formulas of front matter, each where its TeX stands in the file."""
    made = texts.insets.formulas
    if not any(made[dress.seen(it, title)].error for it in title.formulas):
        return
    lines = sources.lines(site.folder, path)
    for formula in title.formulas:
        line = next((number for number, text in enumerate(lines) if formula.tex in text), 0)
        column = max(lines[line].find(formula.tex), 0) + 1 if lines else 1
        placed = Fragment(formulas=(formula._replace(line=line + 1, column=column),))
        for problem in formulas.problems(placed, made, texts.stock.macros):
            yield problem._replace(path=path, source=lines[line] if lines else "")


def _limits(site: Site) -> Limits:
    return Limits(site.settings.markdown.deadline, site.settings.markdown.largest)


def _gists(
    site: Site, shop: Workshop, posts: Mapping[str, Post], jobs: Mapping[str, TextJob], texts: Texts
) -> dict[str, Gist]:
    keys = shop.keys(render_texts, list(jobs.values()), (_limits(site),))
    return {path: _gist(path, key, posts[path], texts) for path, key in zip(posts, keys, strict=True)}


def _gist(path: str, key: bytes, post: Post, texts: Texts) -> Gist:
    body, made = texts.bodies[path], texts.insets
    lines = post.text.split("\n")
    content, macros = body.content, texts.stock.macros
    found = [*body.problems, *formulas.problems(content, made.formulas, macros), *_listing_problems(body, made)]
    gist = Gist(
        body=key,
        summary=memo.digest((body.summary, minutes(body), formulas.needs(body.summary, macros))),
        links=content.links,
        images=content.images,
        ids=body.ids,
        math=bool(content.formulas),
        diagrams=md.has_diagram(content),
        problems=tuple(_at_home(problem, path, lines, post.first_line) for problem in found),
        refs=content.refs,
        labels=body.labels,
        includes=md.includes(post.text),
        commands=formulas.commands_of(content),
    )
    return gist._replace(macros=formulas.stamp(gist, macros))


def _at_home(problem: Problem, path: str, lines: Sequence[str], first_line: int) -> Problem:
    """Return `problem` with its path and the line of text it stands in."""
    at = problem.line - first_line
    return problem._replace(path=path, source=lines[at] if 0 <= at < len(lines) else "")


def _listing_problems(body: Body, made: Insets) -> Iterable[Problem]:
    for listing in body.content.listings:
        if wrong := made.listings[dress.unplaced(listing)].error:
            yield Problem("", listing.line, listing.column, "code", wrong)


def _again(site: Site, card: Card | None) -> Post:
    """Return the post of a card that was read before; raises SiteError if its file was spoilt in between."""
    post = post_at(site, card.path) if card else None
    if post is None:
        path = card.path if card else ""
        raise SiteError([error(path, 0, 0, "changed", "this file was changed while the site was built", "build again")])
    return post
