"""The site, resident: the values of the last build, of which pages are laid out when somebody looks at them.

All that is done here is done by the functions of `build`; what is kept between two builds are their own values.
Used by the bench's thread only.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from bifolium import build, corpus, ledger, memo, outputs, pages, plan, reading, texts
from bifolium import markdown as md
from bifolium.build import Proof
from bifolium.ledger import Ledger, Signature, Standing
from bifolium.pages import Leaf
from bifolium.problems import Problem, SiteError, in_order
from bifolium.publish import Content
from bifolium.serve.lookup import Answer, Found, look_up
from bifolium.site import Site
from bifolium.workshop import Workshop

ROOM = 200  # pages whose bytes are kept


class Page(NamedTuple):
    """A page's bytes; `made` names what they were made from. `source` is its text, empty for lists and the like."""

    url: str
    content: bytes
    made: str
    source: str = ""


@dataclass(frozen=True)
class Showing:
    """One state of the site, and where everything of it stands."""

    site: Site
    proof: Proof

    @cached_property
    def pages(self) -> dict[str, str]:
        """The URL of the page at each output path."""
        routes = self.proof.press.plan.routes
        return {plan.output_of(url, route): url for url, route in routes.items() if route.kind != "file"}

    @cached_property
    def files(self) -> dict[str, Content]:
        """The content of every other output path."""
        return outputs.gather(self.proof.press, (), {}, Standing(Ledger(), {}, ())).changes

    def __contains__(self, output: object) -> bool:
        return output in self.pages or output in self.files

    def source_of(self, url: str) -> str:
        """Return the path of the text whose page is at `url`, empty for other pages."""
        route = self.proof.press.plan.routes.get(url)
        return route.key if route and route.kind == "post" else ""


@dataclass
class Resident:
    """`site_of` reads the settings anew; `told` is called when something changed."""

    site_of: Callable[[], Site]
    shop: Workshop
    told: Callable[[], None] = lambda: None
    problems: tuple[Problem, ...] = ()
    showing: Showing | None = None
    failures: dict[str, tuple[Problem, ...]] = field(default_factory=dict)
    complaints: tuple[Problem, ...] = ()
    signatures: dict[str, Signature] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    before: Ledger = field(default_factory=Ledger)
    broken: tuple[Problem, ...] = ()
    kept: OrderedDict[str, Page] = field(default_factory=OrderedDict)

    def renew(self) -> bool:
        """Look at the site's files again; tell whether anything changed."""
        try:
            site = self.site_of()
        except SiteError as failed:
            changed, self.broken = self.broken != failed.problems, failed.problems
            return changed
        mended, self.broken = bool(self.broken), ()
        return self._prove(site) or mended

    def _prove(self, site: Site) -> bool:
        found = corpus.scan(site)
        epoch = self.shop.epoch + site.digest
        before = self.before if self.before.epoch == epoch else Ledger(epoch)
        same = ledger.unchanged(before, found.tree)
        if before.taken and before.tree == found.tree and len(same) == len(found.tree):
            return False
        proof = build.prove(site, self.shop, found, Standing(before, {}, same))
        after = build.record(site, proof, proof.rendered, epoch)
        changed = _changed(self.before, after) or proof.problems != (self.showing and self.showing.proof.problems)
        self.before = after
        if changed:
            self.showing = Showing(site, proof)
            paths = {path for path, it in after.readings.items() if before.readings.get(path) != it}
            self.complaints = tuple(it for it in self.complaints if it.path not in paths)
            self.failures = {}
            self.why = {}
        return changed

    def look_up(self, target: str, base: str) -> Answer:
        """Return what the request line's `target` leads to."""
        assert self.showing
        return look_up(target, self.showing, base)

    def page(self, url: str) -> Page:
        """Return the page at `url`, laid out unless that was done; raise SiteError if its template fails."""
        assert self.showing
        leaf = pages.leaf(self.showing.proof.press, url)
        made = memo.digest(leaf.signature).hex()
        kept = self.kept.get(url)
        if kept is None or kept.made != made:
            kept = Page(url, self._print(leaf), made, self.showing.source_of(url))
        self.kept[url] = kept
        self.kept.move_to_end(url)
        if len(self.kept) > ROOM:
            self.kept.popitem(last=False)
        return kept

    def _print(self, leaf: Leaf) -> bytes:
        assert self.showing
        began = time.perf_counter()
        proof = self.showing.proof
        shown = pages.sources_of(proof.press, [leaf])
        loaded = texts.load(self.showing.site, self.shop, proof.rendered, proof.press.plan, shown)
        made, failures = pages.make(proof.press, [leaf.url], loaded.bodies, loaded.insets)
        old = self.signatures.get(leaf.url)
        self.why.setdefault(leaf.url, ledger.why(old, leaf.signature, known=bool(self.signatures)))
        self.signatures[leaf.url] = leaf.signature
        self.seconds[leaf.url] = time.perf_counter() - began
        self.failures[leaf.url] = tuple(failures)
        if leaf.url not in made:
            raise SiteError(failures)
        return made[leaf.url]

    def rest(self) -> Iterator[None]:
        """Do what nobody waits for: find what is wrong with links, and lay out all other pages to see that they can."""
        showing = self.showing
        assert showing
        found = []
        for problem in build.complaints(showing.site, showing.proof):
            found.append(problem)
            yield
        self.complaints = tuple(found)
        self.told()
        for leaf in pages.survey(showing.proof.press, {}, plan_is_old=False):
            if self.signatures.get(leaf.url) != leaf.signature or self.failures.get(leaf.url):
                try:
                    self._print(leaf)
                except SiteError:
                    self.told()
            yield
        self.told()

    def texts(self) -> set[str]:
        """Return the paths of all texts: a problem of one of them concerns only those who look at its page."""
        return set(self.showing.proof.corpus.files.texts) if self.showing else set()

    def place_of(self, url: str, words: str) -> tuple[str, int] | None:
        """Return the file and line of the block with these words in the page at `url`, if there is one."""
        source = self.showing.source_of(url) if self.showing else ""
        if not self.showing or not source:
            return None
        site = self.showing.site
        post = reading.post_at(site, source)
        if not post:
            return source, 1
        job = texts.job_of(site, post, self.showing.proof.corpus.stock.snippets)
        return source, md.line_of(words, md.blocks(*job)) or 1

    def every_problem(self) -> tuple[Problem, ...]:
        """Return all that is known to be wrong, in order."""
        proof = self.showing.proof.problems if self.showing else ()
        return in_order(self.broken, proof, self.complaints, *self.failures.values())


def _changed(before: Ledger, after: Ledger) -> bool:
    return before._replace(taken=0) != after._replace(taken=0)


def found_output(answer: Answer) -> str:
    """Return the output path of an answer that has one."""
    return answer.output if isinstance(answer, Found) else ""


def at(site: Site, now: str) -> Site:
    """Return `site` at another moment."""
    return replace(site, wishes=site.wishes._replace(now=now))
