"""The site's sources, gathered for one build: files by purpose, cards, macros and snippets. Opens only what changed."""

from __future__ import annotations

from posixpath import normpath
from typing import NamedTuple

from bifolium import folders, formulas, insertions, memo, reading, sources
from bifolium.folders import Files
from bifolium.ledger import Standing
from bifolium.model import Card
from bifolium.problems import Problem
from bifolium.reading import Read
from bifolium.site import Site
from bifolium.sources import Scanned
from bifolium.texts import Stock


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


def scan(site: Site) -> Scanned:
    """Return the files of the site, opening none."""
    return sources.scan(site.folder, site.settings.folders, [site.settings.math.macros], (site.output, site.state))


def gather(site: Site, found: Scanned, standing: Standing) -> Corpus:
    """Return the site's sources, of which only what changed is opened."""
    macros = formulas.site_macros(site, found.tree)
    files = folders.sort((path for path in found.tree if path != macros.path), site.settings.folders)
    contents, unreadable = sources.read_all(site.folder, files.snippets)
    snippets, garbled = insertions.by_name(contents, site.settings.folders.includes)
    done = reading.read(site, files.texts, standing.before, standing.same)
    if memo.digest(snippets) != standing.before.snippets:
        done = reading.without_snippets(done)
    cards = [it.card for it in done.readings.values() if it.card and reading.visible(it.card, site)]
    return Corpus(found, files, done, cards, Stock(macros, snippets), (*unreadable, *garbled))


def published_files(site: Site, corpus: Corpus) -> list[str]:
    """Return the files that are published as they are: not those of drafts, nor in the bundle of a hidden post."""
    paths = (card.path.rpartition("/") for card in corpus.hidden)
    bundles = tuple(f"{folder}/" for folder, _, name in paths if name.startswith("index."))
    drafts = () if site.wishes.drafts else (f"{normpath(site.settings.folders.drafts)}/",)
    return [path for path in corpus.files.files if not path.startswith((*bundles, *drafts))]


def problems(corpus: Corpus) -> list[Problem]:
    """Return what is wrong with the source files themselves."""
    of_files = [problem for it in corpus.read.readings.values() for problem in it.problems]
    of_all = [*corpus.found.problems, *corpus.files.problems, *corpus.unreadable, *corpus.stock.macros.problems]
    return [*of_all, *of_files]


def hidden(site: Site, corpus: Corpus) -> dict[str, int]:
    """Return how many texts are no part of this build, by reason."""
    future = sum(reading.is_future(card, site) and not card.draft for card in corpus.hidden)
    counts = {"drafts": len(corpus.hidden) - future, "future": future}
    return {reason: count for reason, count in counts.items() if count}
