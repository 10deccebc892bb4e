"""The site, resident: the values of the last build, of which pages are laid out when somebody looks at them.

All that is done here is done by the functions of `build`; what is kept between two builds are their own values.
Used by the bench's thread only.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import Any

from bifolium import build, corpus, formulas, gallery, ledger, memo, outputs, pages, reading, search, texts
from bifolium.build import Proof
from bifolium.complaints import audible
from bifolium.ledger import Ledger, Signature, Standing
from bifolium.model import Stamp, Tree
from bifolium.pages import Leaf
from bifolium.pictures import Picture
from bifolium.problems import Problem, SiteError, in_order
from bifolium.recall import Recall
from bifolium.serve.glimpses import second_look
from bifolium.serve.lookup import Answer, look_up
from bifolium.serve.moves import Moves
from bifolium.serve.remembered import note, remembered
from bifolium.serve.showing import Page, Showing
from bifolium.site import Site
from bifolium.sources import SETTINGS, Scanned, stamps
from bifolium.workshop import Workshop

ROOM = 200  # pages whose bytes are kept
BREATH = 1.0  # seconds between two times that pictures which are ready come into pages
FEW = 100  # texts that are rendered while somebody waits, if no more are others
SOME = 50  # texts that are rendered at a time when nobody waits: 30 ms, so that who asks meanwhile hardly does


@dataclass
class Resident:
    """`site_of` reads the settings anew; `told` is called when something changed.

    If no more than `at_once` files are others, all their texts are rendered while somebody waits.
    """

    site_of: Callable[[], Site]
    shop: Workshop
    told: Callable[[], None] = lambda: None
    at_once: int = FEW
    problems: tuple[Problem, ...] = ()
    showing: Showing | None = None
    failures: dict[str, tuple[Problem, ...]] = field(default_factory=dict)
    complaints: tuple[Problem, ...] = ()
    signatures: dict[str, Signature] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    before: Ledger = field(default_factory=Ledger)
    recall: Recall = field(default_factory=lambda: Recall(kept=True))
    moves: Moves = field(default_factory=Moves)
    unsure: Mapping[str, Stamp | None] = field(default_factory=dict)
    broken: tuple[Problem, ...] = ()
    noted: bytes = b""
    saved: str = ""
    had_posts: bool = False
    settings: Tree = field(default_factory=dict)
    kept: OrderedDict[str, Page] = field(default_factory=OrderedDict)
    index: tuple[Proof, Mapping[str, bytes]] | None = None

    def renew(self, rung: frozenset[str] | None = None) -> bool:
        """Look at the site's files again, at those that `rung` only if it names any; tell whether anything changed.

        What nobody has rung for may be half written, and waits in `unsure` for a second look; None: take all as it is.
        """
        if not self._has_whole_settings(rung):
            return False
        try:
            site = self._site()
        except SiteError as failed:
            news, self.broken = self.broken != failed.problems, failed.problems
            return news
        mended, self.broken = bool(self.broken), ()
        epoch = self.shop.epoch + site.digest
        before = self.before if self.before.epoch == epoch else remembered(site, epoch)
        if before is not self.before:
            self.signatures, rung = {}, None
        found, changed = self._scan(site, before, rung)
        if before.taken and not changed and before.oddities == found.problems and site is self._shown_site():
            return mended
        wanted = None if len(changed) <= self.at_once else frozenset[str]()
        try:
            self._prove(site, found, Standing(before, {}, found.tree.keys() - changed, self.recall, wanted))
        except SiteError as failed:
            self.broken = failed.problems
        return True

    def _has_whole_settings(self, rung: frozenset[str] | None) -> bool:
        """Tell whether the settings' files are those of last time, or surely whole."""
        now = stamps(self.showing.site.folder, SETTINGS) if self.showing else {}
        doubts = second_look(now, self.settings, rung or (), self.unsure).unsure if rung is not None else {}
        self.unsure = {**self.unsure, **doubts}
        self.settings = self.settings if doubts else now
        return not doubts

    def _site(self) -> Site:
        """Return the site with its settings of now: the very one of last time, unless they or the time change it."""
        site, shown = self.site_of(), self._shown_site()
        is_old = shown and shown.digest == site.digest and not reading.time_matters(self.before, site)
        return shown if shown and is_old else site

    def _shown_site(self) -> Site | None:
        return self.showing.site if self.showing else None

    def _scan(self, site: Site, before: Ledger, rung: frozenset[str] | None) -> tuple[Scanned, frozenset[str]]:
        """Return the site's files, and which of them are not, or perhaps not, those of last time."""
        known = Scanned(before.taken, before.tree, before.oddities)
        is_whole = before.taken and not self._are_always_read(self.unsure)
        if rung and is_whole and (found := corpus.look_again(site, known, rung)):
            return found, frozenset(path for path in rung if path in found.tree)
        found = corpus.scan(site) if self.had_posts else outputs.guarded(site, corpus.scan(site))
        if rung is None or not before.taken:
            self.unsure = {}
        else:
            tree, self.unsure = second_look(found.tree, before.tree, rung, self.unsure)
            if self._are_always_read(self.unsure):  # nothing can be built without them, so all waits
                self.unsure = second_look(found.tree, before.tree, (), {}).unsure
                return known, frozenset()
            found = found._replace(tree=tree)
        changed = found.tree.keys() - ledger.unchanged(before, found.tree) - self.unsure.keys()
        return found, frozenset(changed | before.tree.keys() - found.tree.keys())

    def _are_always_read(self, paths: Collection[str]) -> bool:
        """Tell whether a build reads one of `paths` even if nothing says that it is another, as it does templates."""
        files = self.showing.proof.corpus.files if self.showing else None
        return bool(files and any(path not in files.texts and path not in files.files for path in paths))

    def _prove(self, site: Site, found: Scanned, standing: Standing) -> None:
        before = standing.before
        proof = build.prove(site, self.shop, found, standing)
        source, once = proof.corpus, self.recall.once
        self.before = Ledger(
            epoch=before.epoch,
            taken=found.taken,
            due=once(reading.due, source.hidden, site),
            newest=reading.newest((*proof.press.plan.posts[:1], *proof.press.plan.pages.values()), site),
            snippets=memo.digest(source.stock.snippets),
            words=memo.digest(source.stock.words),
            oddities=found.problems,
            tree=found.tree,
            readings=build.readings(source, proof.rendered),
            pictures=dict(proof.press.pictures),
        )
        if self.showing:
            self.moves.note(self.showing.proof, proof, standing.same)
        self.showing = Showing(site, proof)
        self.settings = self.settings or stamps(site.folder, SETTINGS)
        self.saved = self.showing.only_change(standing.same)
        self.had_posts = self.had_posts or bool(proof.press.plan.posts)
        self.complaints = tuple(it for it in self.complaints if it.path in standing.same)
        self.failures, self.why = {}, {}

    def _note(self) -> None:
        """Keep what was read for the next preview of this site, once for all that is edited in between."""
        if self.showing and self.noted != self.before.epoch:
            self.noted = self.before.epoch
            note(self.showing.site, self.before)

    def look_up(self, target: str, base: str) -> Answer:
        """Return what the request line's `target` leads to."""
        assert self.showing
        return look_up(target, self.showing, base)

    def page(self, url: str) -> Page:
        """Return the page at `url`, laid out unless that was done; raise SiteError if its template fails."""
        assert self.showing
        leaf = pages.leaf(self.showing.proof.press, url)
        if lacking := self.showing.unread.intersection(pages.sources_of(self.showing.proof.press, [leaf])):
            self._read(lacking)
            self._prove_again(wanted=())
            leaf = pages.leaf(self.showing.proof.press, url)
        made = memo.digest((self.before.epoch, leaf.signature)).hex()
        kept = self.kept.get(url)
        if kept is None or kept.made != made:
            kept = Page(url, self._print(leaf), made, self.showing.source_of(url))
        self.kept[url] = kept
        self.kept.move_to_end(url)
        if len(self.kept) > ROOM:
            self.kept.popitem(last=False)
        return kept

    def _read(self, paths: Collection[str]) -> None:
        """Render the texts at `paths`, and keep their gists for the next time that the site is proved."""
        assert self.showing
        site, source = self.showing.site, self.showing.proof.corpus
        cards = corpus.by_path([card for card in source.cards if card.path in paths])
        made = texts.render(site, self.shop, cards, source.read, source.stock)
        news = {path: self.before.readings[path]._replace(gist=gist) for path, gist in made.gists.items()}
        self.before = self.before._replace(readings={**self.before.readings, **news})

    def _prove_again(self, wanted: Collection[str] | None) -> None:
        """Show the site of the same files with what was read meanwhile."""
        assert self.showing
        before, saved = self.before, self.saved
        found = Scanned(before.taken, before.tree, before.oddities)
        self._prove(self.showing.site, found, Standing(before, {}, before.tree.keys(), self.recall, wanted))
        self.saved = saved

    def finish(self) -> Iterator[None]:
        """Read the texts that nobody has asked for yet, some at a time, and then show the site with them."""
        assert self.showing
        if not (unread := sorted(self.showing.unread)):
            return
        for at in range(0, len(unread), SOME):
            self._read(frozenset(unread[at : at + SOME]))
            yield None
        self._prove_again(None)
        self.told()

    def _print(self, leaf: Leaf) -> bytes:
        assert self.showing
        began = time.perf_counter()
        proof = self.showing.proof
        shown = pages.sources_of(proof.press, [leaf])
        loaded = texts.load(self.showing.site, self.shop, proof.rendered, proof.press.plan, shown)
        presenter = pages.presenter_of(proof.press, loaded.bodies, loaded.insets)
        made, failures = pages.make(proof.press, presenter, [leaf.url])
        old = self.signatures.get(leaf.url)
        self.why.setdefault(leaf.url, ledger.why(old, leaf.signature, known=bool(self.signatures)))
        self.signatures[leaf.url] = leaf.signature
        self.seconds[leaf.url] = time.perf_counter() - began
        self.failures[leaf.url] = tuple(failures)
        if leaf.url not in made:
            raise SiteError(failures)
        return made[leaf.url]

    def part(self, output: str) -> bytes | None:
        """Return a part of the index for search, which is made when a reader asks for it first."""
        for _ in self.finish():
            pass
        assert self.showing
        proof = self.showing.proof
        if not self.index or self.index[0] is not proof:
            with search.beside(self.showing.site, self.shop, proof.press, proof.rendered) as waiting:
                found = waiting()
            self.broken = found.problems or self.broken
            self.index = proof, found.files
        return self.index[1].get(output)

    def rest(self) -> Iterator[Future[Any] | None]:
        """Do what nobody waits for: find what is wrong with links, and lay out all other pages to see that they can."""
        yield from self.finish()
        showing = self.showing
        assert showing
        if self.noted != self.before.epoch and any(gist.math for gist in showing.proof.press.gists.values()):
            formulas.expect(showing.site)
        found = []
        for problem in build.complaints(showing.site, showing.proof):
            found.append(problem)
            yield None
        self.complaints = audible(found, strict=False)
        self.told()
        yield from self._encode(showing)
        showing = self.showing or showing
        for leaf in pages.survey(showing.proof.press, {}, plan_is_old=False):
            if self.signatures.get(leaf.url) != leaf.signature or self.failures.get(leaf.url):
                try:
                    self._print(leaf)
                except SiteError:
                    self.told()
            yield None
        self.told()
        self._note()

    def _encode(self, showing: Showing) -> Iterator[Future[Any] | None]:
        """Have the pictures encoded that nobody waited for, one by one, and show them as they come."""
        ready, since, press = {}, time.perf_counter(), showing.proof.press
        for step in gallery.finish(showing.site, self.shop, press.plan, press.resolutions, press.pictures):
            if isinstance(step, Future):
                yield step
                continue
            ready[step[0]] = step[1]
            yield None
            if self.showing is showing and time.perf_counter() - since > BREATH:
                showing, ready, since = self._hang(showing, ready), {}, time.perf_counter()
                self.told()
        if ready and self.showing is showing:
            self._hang(showing, ready)

    def _hang(self, showing: Showing, ready: Mapping[str, Picture]) -> Showing:
        """Show the site with pictures that have been encoded, and return it so."""
        press = showing.proof.press
        pictures = {**press.pictures, **ready}
        self.before = self.before._replace(pictures=pictures)
        self.showing = Showing(showing.site, showing.proof._replace(press=replace(press, pictures=pictures)))
        return self.showing

    def every_problem(self) -> tuple[Problem, ...]:
        """Return all that is known to be wrong, in order."""
        proof = self.showing.proof.problems if self.showing else ()
        return in_order(self.broken, proof, self.complaints, *self.failures.values())
