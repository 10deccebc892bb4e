"""Phase two: from texts to bodies, with the formulas and listings that stand in them, all remembered by value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from bifolium import dress, engine, highlight, insertions, memo, sources
from bifolium import markdown as md
from bifolium.dress import Insets
from bifolium.ledger import Gist, Reading
from bifolium.math import hints
from bifolium.math.prepare import original, prepare
from bifolium.model import Body, Card, Formula, Fragment, Highlighted, Post, Typeset
from bifolium.plan import Plan, card_of
from bifolium.present import minutes
from bifolium.problems import Problem, SiteError, error
from bifolium.reading import post_at
from bifolium.rendering import Job, Limits, render_texts
from bifolium.site import Site
from bifolium.theming import admonitions
from bifolium.workshop import Workshop

FORMULAS_A_TICKET = 200


class Texts(NamedTuple):
    """The gist of every text of the site; the bodies that were loaded so far, and what the engines made of them.

    `insets` hold the formulas of titles, too; `problems` are what is wrong with those. `snippets` are what texts may
    include, by name.
    """

    gists: dict[str, Gist]
    bodies: dict[str, Body]
    insets: Insets
    snippets: Mapping[str, str]
    problems: tuple[Problem, ...] = ()


def render(
    site: Site,
    shop: Workshop,
    cards: Sequence[Card],
    readings: Mapping[str, Reading],
    posts: Mapping[str, Post],
    snippets: Mapping[str, str],
) -> Texts:
    """Return the gist of each card's text; those known from last time are not rendered again."""
    gists = {card.path: readings[card.path].gist for card in cards}
    opened = {card.path: posts.get(card.path) or _again(site, card) for card in cards if not gists[card.path]}
    jobs = {path: _job(site, post, snippets) for path, post in opened.items()}
    bodies = _bodies(site, shop, jobs)
    titles = {card.path: body for card in cards if (body := _titles(site, card)).content.formulas}
    made = insets(site, shop, [*bodies.values(), *titles.values()])
    known = {path: gist for path, gist in gists.items() if gist}
    problems = tuple(it for path, body in titles.items() for it in _title_problems(site, path, body, made))
    return Texts(known | _gists(site, shop, opened, jobs, bodies, made), bodies, made, snippets, problems)


def load(site: Site, shop: Workshop, texts: Texts, plan: Plan, paths: Iterable[str]) -> Texts:
    """Return `texts` with the bodies of `paths` loaded too, from memory where they still are."""
    absent = [path for path in dict.fromkeys(paths) if path not in texts.bodies]
    kept = shop.recalled([texts.gists[path].body for path in absent], Body)
    found = {path: kept[texts.gists[path].body] for path in absent if texts.gists[path].body in kept}
    posts = {path: _again(site, card_of(plan, path)) for path in absent if path not in found}
    lost = _bodies(site, shop, {path: _job(site, post, texts.snippets) for path, post in posts.items()})
    more = insets(site, shop, (found | lost).values())
    every = Insets({**texts.insets.formulas, **more.formulas}, {**texts.insets.listings, **more.listings})
    return texts._replace(bodies=texts.bodies | found | lost, insets=every)


def insets(site: Site, shop: Workshop, bodies: Iterable[Body]) -> Insets:
    """Return what the engines make of all formulas and listings of `bodies`, in one batch each."""
    every = [part for body in bodies for part in (body.content, body.summary)]
    formulas = list(dict.fromkeys((it.tex, it.display) for fragment in every for it in fragment.formulas))
    listings = list(dict.fromkeys(dress.unplaced(it) for fragment in every for it in fragment.listings))
    prepared = [(prepare(tex), display) for tex, display in formulas]
    typeset = shop.remembered(engine.typeset, prepared, Typeset, (site.settings.math,), FORMULAS_A_TICKET)
    coloured = shop.remembered(highlight.highlight, listings, Highlighted)
    return Insets(dict(zip(formulas, typeset, strict=True)), dict(zip(listings, coloured, strict=True)))


def tidy(site: Site, shop: Workshop, texts: Texts, plan: Plan, room: int) -> None:
    """Forget what no text of the site needs, once everything remembered takes more than `room` bytes."""
    if shop.store.size() <= room:
        return
    every = load(site, shop, texts, plan, texts.gists)
    formulas = [(prepare(tex), display) for tex, display in every.insets.formulas]
    keys = [gist.body for gist in texts.gists.values()]
    keys += shop.keys(engine.typeset, formulas, (site.settings.math,))
    keys += shop.keys(highlight.highlight, list(every.insets.listings))
    shop.store.trim(keys)


def _bodies(site: Site, shop: Workshop, jobs: Mapping[str, Job]) -> dict[str, Body]:
    return dict(zip(jobs, shop.remembered(render_texts, list(jobs.values()), Body, (_limits(site),)), strict=True))


def _job(site: Site, post: Post, snippets: Mapping[str, str]) -> Job:
    liquid = insertions.of(post, site.settings, snippets)
    return post.text, post.first_line, _options(site, post.card), liquid


def _options(site: Site, card: Card) -> md.MarkdownOptions:
    names = admonitions(card.language or site.settings.language)
    return md.markdown_options(site.settings, names, wanted=card.math)


def _titles(site: Site, card: Card) -> Body:
    """Return a body that holds the formulas of a card's title and description."""
    texts = (text for text in (card.title, card.description) if not md.is_plain(text))
    found = [md.title_fragment(text, _options(site, card)).formulas for text in texts]
    return Body(Fragment(formulas=tuple(it for formulas in found for it in formulas)), Fragment())


def _title_problems(site: Site, path: str, titles: Body, made: Insets) -> Iterable[Problem]:
    """Yield what is wrong with the formulas of front matter, each where its TeX stands in the file."""
    if not any(made.formulas[it.tex, it.display].error for it in titles.content.formulas):
        return
    lines = sources.lines(site.folder, path)
    for formula in titles.content.formulas:
        line = next((number for number, text in enumerate(lines) if formula.tex in text), 0)
        column = max(lines[line].find(formula.tex), 0) + 1 if lines else 1
        placed = formula._replace(line=line + 1, column=column)
        for problem in _formula_problems(titles._replace(content=Fragment(formulas=(placed,))), made):
            yield problem._replace(path=path, source=lines[line] if lines else "")


def _limits(site: Site) -> Limits:
    return Limits(site.settings.markdown.deadline, site.settings.markdown.largest)


def _gists(
    site: Site,
    shop: Workshop,
    posts: Mapping[str, Post],
    jobs: Mapping[str, Job],
    bodies: Mapping[str, Body],
    made: Insets,
) -> dict[str, Gist]:
    keys = shop.keys(render_texts, list(jobs.values()), (_limits(site),))
    return {path: _gist(path, key, posts[path], bodies[path], made) for path, key in zip(posts, keys, strict=True)}


def _gist(path: str, key: bytes, post: Post, body: Body, made: Insets) -> Gist:
    lines = post.text.split("\n")
    found = [*body.problems, *_formula_problems(body, made), *_listing_problems(body, made)]
    problems = tuple(_at_home(problem, path, lines, post.first_line) for problem in found)
    includes = md.includes(post.text)
    summary = memo.digest((body.summary, minutes(body)))
    content = body.content
    return Gist(
        key,
        summary,
        content.links,
        content.images,
        body.ids,
        bool(content.formulas),
        md.has_diagram(content),
        problems,
        content.refs,
        body.labels,
        includes,
    )


def _at_home(problem: Problem, path: str, lines: Sequence[str], first_line: int) -> Problem:
    """Return `problem` with its path and the line of text it stands in."""
    at = problem.line - first_line
    return problem._replace(path=path, source=lines[at] if 0 <= at < len(lines) else "")


def _formula_problems(body: Body, made: Insets) -> Iterable[Problem]:
    for formula in body.content.formulas:
        result = made.formulas[formula.tex, formula.display]
        if result.error:
            offset = original(formula.tex, result.offset) if result.offset >= 0 else 0
            line, column = _inside(formula, offset)
            yield Problem(
                "", line, column, "tex", result.error, hints.hint(result.error, formula.tex, engine.vocabulary())
            )


def _inside(formula: Formula, offset: int) -> tuple[int, int]:
    """Return line and column of the `offset`th character of a formula, whose later lines keep the file's columns."""
    before = formula.tex[:offset].split("\n")
    column = len(before[0]) + formula.column if len(before) == 1 else len(before[-1]) + 1
    return formula.line + len(before) - 1, column


def _listing_problems(body: Body, made: Insets) -> Iterable[Problem]:
    for listing in body.content.listings:
        if wrong := made.listings[dress.unplaced(listing)].error:
            yield Problem("", listing.line, listing.column, "code", wrong)


def _again(site: Site, card: Card | None) -> Post:
    """Return the post of a card that was read before; raises SiteError if its file was spoilt in between."""
    post = post_at(site, card.path, "page" if card.kind == "page" else "post") if card else None
    if post is None:
        path = card.path if card else ""
        raise SiteError([error(path, 0, 0, "changed", "this file was changed while the site was built", "build again")])
    return post
