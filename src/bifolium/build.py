"""Build a site: the one file to read. `build` reads the phases aloud; each is a function from values to values.

The same functions serve the first build, the next one and the preview: what was done before is remembered by
value, so there is no second, quicker path that could be wrong.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from bifolium import (
    corpus,
    emblems,
    gallery,
    ledger,
    memo,
    outputs,
    pages,
    pool,
    publish,
    reading,
    texts,
    workshop,
)
from bifolium import search as searching
from bifolium.complaints import audible, complain, forgiven
from bifolium.corpus import Corpus
from bifolium.ledger import ALONE, UNREAD, Gist, Ledger, Reading, Signature, Standing
from bifolium.model import Card
from bifolium.onlooker import Onlooker, unseen
from bifolium.pages import Leaf
from bifolium.plan import arrange, bare, digest, dressed
from bifolium.press import Press, furnish
from bifolium.problems import Problem, in_order
from bifolium.provisions import provided
from bifolium.site import Site
from bifolium.sources import Scanned
from bifolium.store import read_state, write_state
from bifolium.texts import Texts
from bifolium.workshop import Workshop

SHARE = 50  # pages that a process lays out at a time
MEMORY = 512 << 20  # bytes that may be remembered before what nobody needs is forgotten; 2,000 posts take 8 MB


class Report(NamedTuple):
    """What a build did. `made` has each page that was laid out, with the reason; `done` counts work by its name.

    `hidden` counts what is no part of this build: drafts, and posts dated in the future. `after` is what the next
    build will know of this one; None if nothing was published.
    """

    problems: tuple[Problem, ...]
    published: bool
    pages: int = 0
    made: dict[str, str] = {}  # noqa: RUF012 (never assigned to: values are immutable by agreement)
    written: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    done: dict[str, int] = {}  # noqa: RUF012
    hidden: dict[str, int] = {}  # noqa: RUF012
    after: Ledger | None = None


class Printed(NamedTuple):
    """All pages of the site, those that were stale, the bytes of these by URL, and the texts loaded for them."""

    leaves: list[Leaf]
    stale: list[Leaf]
    made: dict[str, bytes]
    texts: Texts


class Proof(NamedTuple):
    """A site ready to be printed: all that its pages are made of, and what is wrong so far."""

    corpus: Corpus
    rendered: Texts
    press: Press
    problems: tuple[Problem, ...]


class Edition(NamedTuple):
    """All that a build makes of a site before it publishes any of it."""

    proof: Proof
    printed: Printed
    problems: tuple[Problem, ...]
    parts: Mapping[str, bytes] = {}


def build(site: Site, onlooker: Onlooker = unseen) -> Report:
    """Build `site` and publish it, unless it has errors (if strict: any problem); then the old one stays untouched."""
    onlooker.begins("look for changes")
    outputs.refuse(site)
    publish.recover(site.output, site.state)
    with workshop.opened(site.state, site.crew, onlooker) as shop:
        before = ledger.decode(read_state(site.state / "ledger"), shop.epoch + site.digest)
        found = outputs.guarded(site, corpus.scan(site))
        standing = Standing(before, outputs.intact(site, before), ledger.unchanged(before, found.tree))
        outputs.refuse_strangers(site, standing)
        if nothing_happened(site, found, standing):
            heard, after = audible(before.problems, strict=site.wishes.strict), before._replace(taken=found.taken)
            return Report(heard, is_good(site, heard), len(before.pages), hidden=before.hidden, after=after)
        edition = make(site, shop, found, standing)
        made = report(site, shop, edition)
        return release(site, shop, edition, standing, made) if made.published else made


def make(site: Site, shop: Workshop, found: Scanned, standing: Standing) -> Edition:
    """Read, arrange, render, resolve and print what changed."""
    proof = prove(site, shop, found, standing)
    with searching.beside(site, shop, proof.press, proof.rendered) as waiting:
        printed, failures = print_pages(site, shop, proof, standing)
        shop.onlooker.begins("look for mistakes")
        complained = tuple(complaints(site, proof))
        index = waiting()
    told = in_order(proof.problems, failures, complained, index.problems)
    return Edition(proof, printed, told, index.files)


def prove(site: Site, shop: Workshop, found: Scanned, standing: Standing) -> Proof:
    """Read, arrange, render and resolve: all that comes before the pages themselves."""
    shop.onlooker.begins("read")
    source = corpus.gather(site, found, standing)
    shop.onlooker.begins("arrange")
    once, each = standing.recall.once, standing.recall.each
    files = once(corpus.published_files, site, source.hidden, source.files)
    cards = once(corpus.by_path, source.cards)
    bared = each(bare, (cards,))
    arranged, clashes = once(arrange, bared, files, site.settings, standing.recall)
    plan = once(dressed, arranged, cards)
    shop.onlooker.begins("render texts")
    rendered = texts.render(site, shop, cards, source.read, source.stock, standing)
    shop.onlooker.begins("resolve links")
    press, unfit = furnish(site, shop, source, plan, rendered, standing)
    spoilt = reading.spoilt(site, source.read)
    amiss = texts.amiss(site, shop, spoilt, source.stock) if spoilt else []
    told = (corpus.problems(source), texts.problems(rendered), amiss, clashes, unfit)
    return Proof(source, rendered, press, forgiven(site, in_order(site.notes, *told)))


def complaints(site: Site, proof: Proof) -> Iterator[Problem]:
    """Yield what is wrong with links, pictures and layouts, and with what the settings say of them."""
    yield from complain(site, proof.press, proof.corpus.cards, proof.corpus.read.readings)
    yield from provided(site, proof.press.plan)


def report(site: Site, shop: Workshop, edition: Edition) -> Report:
    """Return what is to be said of an edition before it is published."""
    heard = audible(edition.problems, strict=site.wishes.strict)
    return Report(
        heard,
        is_good(site, heard),
        len(edition.printed.leaves),
        done=dict(shop.done),
        hidden=corpus.hidden(site, edition.proof.corpus),
    )


def release(site: Site, shop: Workshop, edition: Edition, standing: Standing, made: Report) -> Report:
    """Publish an edition, note what the next build must know, and return the whole report."""
    proof, printed = edition.proof, edition.printed
    shop.onlooker.begins("publish")
    wanted = outputs.gather(proof.press, printed.leaves, printed.made, standing).also(edition.parts)
    told = outputs.about(site, proof.press.plan)
    published = publish.publish(site.output, wanted.changes, wanted.keep, site.state, told, standing.intact)
    shop.onlooker.begins("note what was done")
    after = record(site, proof, printed.texts, standing.before.epoch)._replace(
        pages=_signatures(proof, printed),
        outputs=published.stamps,
        problems=edition.problems,
    )
    write_state(site.state / "ledger", ledger.encode(after))
    pictures = proof.press.pictures
    texts.tidy(
        site,
        shop,
        printed.texts,
        proof.press.plan,
        lambda: [*gallery.keys(site, shop, pictures), *emblems.keys(site, shop, pictures)],
        MEMORY,
    )
    gallery.tidy(site, pictures)
    old = standing.before.pages
    why = {leaf.url: ledger.why(old.get(leaf.url), leaf.signature, known=bool(old)) for leaf in printed.stale}
    return made._replace(made=why, written=published.written, deleted=published.deleted, after=after)


def record(site: Site, proof: Proof, loaded: Texts, epoch: bytes) -> Ledger:
    """Return what the next build may use of this one, but for its pages and outputs."""
    source, press, found = proof.corpus, proof.press, proof.corpus.found
    return Ledger(
        epoch=epoch,
        taken=found.taken,
        due=reading.due(source.hidden, site),
        newest=reading.newest(source.cards, site),
        lasting=not loaded.fleeting and loaded.lasting_titles and press.has_lasting_pictures,
        plan=digest(press.plan),
        snippets=memo.digest(source.stock.snippets),
        words=memo.digest(source.stock.words),
        oddities=found.problems,
        tree=found.tree,
        readings=readings(source, loaded),
        pictures=dict(press.pictures),
        copies={output: path for path, output in pages.files(press)},
        hidden=corpus.hidden(site, source),
    )


def readings(source: Corpus, loaded: Texts) -> dict[str, Reading]:
    """Return what was read, with the gists of what was rendered, but for those that time would make otherwise."""
    gists: dict[str, Gist | None] = {**loaded.gists, **dict.fromkeys(loaded.fleeting)}
    every = source.read.readings
    news = {path: every[path]._replace(gist=it) for path, it in gists.items() if it not in (every[path].gist, UNREAD)}
    return {**every, **news}


def catalogue(site: Site) -> tuple[list[Card], tuple[Problem, ...]]:
    """Return the cards of all posts and pages of this build in site order, and what is wrong with their files."""
    source = corpus.gather(site, corpus.scan(site), ALONE)
    return sorted(source.cards), in_order(site.notes, corpus.problems(source))


def nothing_happened(site: Site, found: Scanned, standing: Standing) -> bool:
    """Tell whether a build would do nothing: every input and output is as it was, and time brings no post."""
    before = standing.before
    if not before.taken or len(standing.intact) != len(before.outputs) or before.oddities != found.problems:
        return False
    if not before.lasting or reading.time_matters(before, site):
        return False
    return len(standing.same) == len(found.tree) == len(before.tree)


def print_pages(site: Site, shop: Workshop, proof: Proof, standing: Standing) -> tuple[Printed, Collection[Problem]]:
    """Return the stale pages, made, and what is wrong with their templates."""
    press, before = proof.press, standing.before
    shop.onlooker.begins("find stale pages")
    leaves = list(pages.survey(press, before.pages, before.plan == digest(press.plan)))
    stale = [leaf for leaf in leaves if outputs.is_stale(leaf, standing)]
    loaded = texts.load(site, shop, proof.rendered, press.plan, pages.sources_of(press, stale))
    shop.onlooker.begins("lay out pages")
    made, problems = lay_out(shop, press, loaded, [leaf.url for leaf in stale])
    return Printed(leaves, stale, made, loaded), problems


def lay_out(
    shop: Workshop, press: Press, loaded: Texts, urls: Sequence[str]
) -> tuple[dict[str, bytes], Collection[Problem]]:
    """Return the pages at `urls`, laid out by as many processes as pay (by one if each page is timed)."""
    presenter = pages.presenter_of(press, loaded.bodies, loaded.insets)

    def laid_out(share: Iterable[str]) -> tuple[dict[str, bytes], list[Problem]]:
        wanted = shop.onlooker.laid_out(share, lambda url: pages.template_of(press, press.plan.routes[url]))
        return pages.make(press, presenter, wanted)

    shares = [urls[at : at + SHARE] for at in range(0, len(urls), SHARE)]
    made: dict[str, bytes] = {}
    problems: dict[Problem, None] = {}
    for some, wrong in pool.spread(laid_out, shares, 1 if shop.onlooker.is_timing else shop.crew.jobs):
        made |= some
        problems |= dict.fromkeys(wrong)
    return made, problems


def _signatures(proof: Proof, printed: Printed) -> dict[str, Signature]:
    """Return what each page was made of, but for those that time would make otherwise."""
    if not printed.texts.lasting_titles:
        return {}
    return dict(pages.remembered(proof.press, printed.leaves, printed.texts.fleeting))


def is_good(site: Site, problems: Iterable[Problem]) -> bool:
    """Tell whether a site with these problems may be published."""
    return not any(site.wishes.strict or problem.severity == "error" for problem in problems)
