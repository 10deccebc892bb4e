"""Build a site: the one file to read. `build` reads the phases aloud; each is a function from values to values.

The same functions serve the first build, the next one and the preview: what was done before is remembered by
value, so there is no second, quicker path that could be wrong.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from posixpath import normpath
from typing import NamedTuple

from bifolium import (
    data,
    engine,
    folders,
    formulas,
    highlight,
    images,
    insertions,
    labels,
    ledger,
    links,
    memo,
    outputs,
    pages,
    publish,
    reading,
    sources,
    texts,
    theming,
    workshop,
)
from bifolium.atlas import Atlas
from bifolium.complaints import complain
from bifolium.folders import Files
from bifolium.labels import Register
from bifolium.ledger import Ledger
from bifolium.links import Resolution
from bifolium.markdown import find_ids
from bifolium.model import Card, Measured
from bifolium.outputs import Standing
from bifolium.pages import Leaf, Press
from bifolium.plan import Plan, arrange, digest, with_equations
from bifolium.problems import Problem, SiteError
from bifolium.reading import Read
from bifolium.site import Site
from bifolium.sources import Scanned
from bifolium.store import read_state, write_state
from bifolium.texts import Stock, Texts
from bifolium.workshop import Progress, Workshop, unseen

MEMORY = 512 << 20  # bytes that may be remembered before what nobody needs is forgotten; 2,000 posts take 8 MB


class Report(NamedTuple):
    """What a build did. `made` has each page that was laid out, with the reason; `done` counts work by its name.

    `hidden` counts what is no part of this build: drafts, and posts dated in the future.
    """

    problems: tuple[Problem, ...]
    published: bool
    pages: int = 0
    made: dict[str, str] = {}  # noqa: RUF012 (never assigned to: values are immutable by agreement)
    written: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    done: dict[str, int] = {}  # noqa: RUF012
    hidden: dict[str, int] = {}  # noqa: RUF012


class Corpus(NamedTuple):
    """The site's sources: the files by purpose, what was read, this build's cards, what its texts use."""

    found: Scanned
    files: Files
    read: Read
    cards: list[Card]
    stock: Stock
    unreadable: tuple[Problem, ...] = ()

    @property
    def hidden(self) -> list[Card]:
        """The cards that are no part of this build."""
        shown = {card.path for card in self.cards}
        return [it.card for it in self.read.readings.values() if it.card and it.card.path not in shown]


class Printed(NamedTuple):
    """All pages of the site, those that were stale, and the bytes of these by URL."""

    leaves: list[Leaf]
    stale: list[Leaf]
    made: dict[str, bytes]


class Referred(NamedTuple):
    """Every label of the site, and what each text refers to."""

    labels: Register
    resolutions: dict[str, Resolution]


def build(site: Site, progress: Progress = unseen) -> Report:
    """Build `site` and publish it, unless it has errors (if strict: any problem); then the old one stays untouched."""
    refuse_output(site)
    publish.recover(site.output, site.state)
    with workshop.opened(site.state, (engine.identity(), highlight.identity()), site.wishes.jobs, progress) as shop:
        before = ledger.decode(read_state(site.state / "ledger"), shop.epoch + site.digest)
        found = scan(site)
        standing = Standing(before, outputs.intact(site, before), ledger.unchanged(before, found.tree))
        if nothing_happened(site, found, standing):
            return Report(before.problems, is_good(site, before.problems), len(before.pages), hidden=before.hidden)
        return build_anew(site, shop, found, standing)


def build_anew(site: Site, shop: Workshop, found: Scanned, standing: Standing) -> Report:
    """Read, arrange, render, resolve, print and publish what changed."""
    source = read(site, found, standing)
    plan, clashes = arrange(source.cards, published_files(site, source), site.settings)
    rendered = texts.render(site, shop, source.cards, source.read, source.stock)
    register = labels.register(source.cards, rendered.gists)
    plan = indexed(site, plan, register)
    atlas = Atlas(plan, {path: gist.ids for path, gist in rendered.gists.items()})
    resolutions = {card.path: links.resolve(card, rendered.gists[card.path], atlas, register) for card in source.cards}
    pictures = measure(site, resolutions, standing)
    press, unreadable = furnish(site, source, atlas, rendered, Referred(register, resolutions), pictures)
    printed, failures = print_pages(site, shop, press, rendered, standing)

    readings = source.read.readings
    complaints = complain(site, press, source.cards, readings, pictures)
    problems = in_order(site.notes, told(source), told_texts(rendered), clashes, unreadable, failures, complaints)
    report = Report(
        problems, is_good(site, problems), len(printed.leaves), done=dict(shop.done), hidden=hidden(site, source)
    )
    if not report.published:
        return report
    wanted = outputs.gather(press, printed.leaves, printed.made, standing)
    published = publish.publish(site.output, wanted.changes, wanted.keep, site.state, about(site))
    after = Ledger(
        epoch=standing.before.epoch,
        taken=found.taken,
        due=next_due(site, source),
        plan=digest(plan),
        snippets=memo.digest(source.stock.snippets),
        tree=found.tree,
        oddities=found.problems,
        readings={path: it._replace(gist=rendered.gists.get(path, it.gist)) for path, it in readings.items()},
        sizes=pictures,
        copies={output: path for path, output in pages.files(press)},
        pages={leaf.url: leaf.signature for leaf in printed.leaves},
        outputs=published.stamps,
        problems=problems,
        hidden=report.hidden,
    )
    write_state(site.state / "ledger", ledger.encode(after))
    texts.tidy(site, shop, rendered, plan, MEMORY)
    old = standing.before.pages
    why = {leaf.url: ledger.why(old.get(leaf.url), leaf.signature, known=bool(old)) for leaf in printed.stale}
    return report._replace(made=why, written=published.written, deleted=published.deleted)


def catalogue(site: Site) -> tuple[list[Card], tuple[Problem, ...]]:
    """Return the cards of all posts and pages of this build in site order, and what is wrong with their files."""
    found = scan(site)
    source = read(site, found, Standing(Ledger(), {}, ()))
    return sorted(source.cards), in_order(site.notes, told(source))


def refuse_output(site: Site) -> None:
    """Raise SiteError if the finished site can't go where it is to go."""
    inner = {site.state, *(site.folder / name for name, _ in site.settings.folders.sources())} - {site.folder / "."}
    if problem := publish.check_output(site.folder, site.output, sorted(inner), site.home):
        raise SiteError([problem])


def scan(site: Site) -> Scanned:
    """Return the files of the site, opening none."""
    return sources.scan(site.folder, site.settings.folders, [site.settings.math.macros])


def nothing_happened(site: Site, found: Scanned, standing: Standing) -> bool:
    """Tell whether a build would do nothing: every input and output is as it was, and no hidden post is due."""
    before = standing.before
    if not before.taken or len(standing.intact) != len(before.outputs) or before.oddities != found.problems:
        return False
    due = bool(before.due) and datetime.fromisoformat(before.due) <= datetime.fromisoformat(site.wishes.now)
    return not due and len(standing.same) == len(found.tree) == len(before.tree)


def read(site: Site, found: Scanned, standing: Standing) -> Corpus:
    """Return the site's sources, of which only what changed is opened."""
    macros = formulas.site_macros(site, found.tree)
    files = folders.sort((path for path in found.tree if path != macros.path), site.settings.folders)
    contents, unreadable = sources.read_all(site.folder, files.snippets)
    snippets = insertions.by_name(contents, site.settings.folders.includes)
    done = reading.read(site, files.texts, standing.before, standing.same)
    if memo.digest(snippets) != standing.before.snippets:
        done = reading.without_snippets(done)
    cards = [it.card for it in done.readings.values() if it.card and reading.visible(it.card, site)]
    return Corpus(found, files, done, cards, Stock(macros, snippets), unreadable)


def published_files(site: Site, source: Corpus) -> list[str]:
    """Return the files that are published as they are: not those of drafts, nor in the bundle of a hidden post."""
    paths = (card.path.rpartition("/") for card in source.hidden)
    bundles = tuple(f"{folder}/" for folder, _, name in paths if name.startswith("index."))
    drafts = () if site.wishes.drafts else (f"{normpath(site.settings.folders.drafts)}/",)
    return [path for path in source.files.files if not path.startswith((*bundles, *drafts))]


def indexed(site: Site, plan: Plan, register: Register) -> Plan:
    """Return `plan` with the index of equations, if there are any and the site wants one."""
    wanted = site.settings.math.enabled and site.settings.math.index and labels.has_equations(register)
    return with_equations(plan, site.settings.urls.equations) if wanted else plan


def measure(site: Site, resolutions: Mapping[str, Resolution], standing: Standing) -> dict[str, Measured]:
    """Return width, height and what is wrong of every picture that a text shows."""
    shown = {found.path for it in resolutions.values() for found in it.images.values() if found and found.path}
    old = standing.before.sizes
    known = {path: old[path] for path in shown if path in standing.same and path in old}
    return known | {path: images.measure(site.folder / path) for path in sorted(shown - known.keys())}


def furnish(
    site: Site,
    source: Corpus,
    atlas: Atlas,
    rendered: Texts,
    referred: Referred,
    pictures: Mapping[str, Measured],
) -> tuple[Press, tuple[Problem, ...]]:
    """Return all that pages are made of, and what is wrong with templates and data files."""
    theme, bad_templates = theming.furnish(site.folder, source.files.templates, site.settings)
    contents, bad_files = sources.read_all(site.folder, source.files.data)
    values, bad_values = data.gather(contents, site.settings.folders.data)
    sizes = {path: (it.width, it.height) for path, it in pictures.items() if it.width and it.height}
    around = frozenset(name for it in theme.theme.templates.values() for name in find_ids(it.text))
    atlas = replace(atlas, around=around)
    press = Press(
        site, atlas, rendered.gists, referred.resolutions, sizes, theme, values, referred.labels, rendered.title_macros
    )
    return press, (*bad_templates, *bad_files, *bad_values)


def print_pages(
    site: Site, shop: Workshop, press: Press, rendered: Texts, standing: Standing
) -> tuple[Printed, Collection[Problem]]:
    """Return the stale pages, made, and what is wrong with their templates."""
    leaves = list(pages.survey(press, standing.before.pages, standing.before.plan == digest(press.plan)))
    stale = [leaf for leaf in leaves if outputs.is_stale(leaf, standing)]
    loaded = texts.load(site, shop, rendered, press.plan, pages.sources_of(press, stale))
    made, problems = pages.make(press, (leaf.url for leaf in stale), loaded.bodies, loaded.insets)
    return Printed(leaves, stale, made), problems


def told(source: Corpus) -> list[Problem]:
    """Return what is wrong with the source files themselves."""
    of_files = [problem for it in source.read.readings.values() for problem in it.problems]
    of_all = [*source.found.problems, *source.files.problems, *source.unreadable, *source.stock.macros.problems]
    return [*of_all, *of_files]


def told_texts(rendered: Texts) -> list[Problem]:
    """Return what is wrong inside the texts and their titles."""
    return [*rendered.problems, *(problem for gist in rendered.gists.values() for problem in gist.problems)]


def in_order(*groups: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return all problems once each, in the order of their places."""
    return tuple(sorted({problem for group in groups for problem in group}))


def is_good(site: Site, problems: Iterable[Problem]) -> bool:
    """Tell whether a site with these problems may be published."""
    return not any(site.wishes.strict or problem.severity == "error" for problem in problems)


def hidden(site: Site, source: Corpus) -> dict[str, int]:
    """Return how many texts are no part of this build, by reason."""
    future = sum(reading.is_future(card, site) and not card.draft for card in source.hidden)
    counts = {"drafts": len(source.hidden) - future, "future": future}
    return {reason: count for reason, count in counts.items() if count}


def next_due(site: Site, source: Corpus) -> str:
    """Return the date of the first post that only time keeps out of the site."""
    later = (card.date for card in source.hidden if reading.is_future(card, site))
    return min(later, key=datetime.fromisoformat, default="")


def about(site: Site) -> dict[str, str]:
    """Return what a finished site says of itself, so that nobody publishes one with drafts or for another address."""
    wishes = site.wishes
    return {"base_url": site.settings.base_url, "drafts": str(wishes.drafts or wishes.future).lower()}
