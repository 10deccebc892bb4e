"""Tell where a build's time goes: imported only for `build --profile`.

Time by the clock ("wall") is what an author waits; that of all processors ("work") holds on a busy machine, too. What
worker processes did is counted in the phase in which they end.
"""

from __future__ import annotations

import os
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from bifolium.onlooker import Onlooker, Progress

if TYPE_CHECKING:
    from bifolium.build import Report

SLOWEST = 10  # posts that are named
START = "start Python, import"
NO_TEMPLATE = "(no template)"
_KINDS = {"typeset": "formulas", "highlight": "listings", "encode": "pictures"}


class Spent(NamedTuple):
    """Seconds by the clock and of processors."""

    wall: float = 0.0
    work: float = 0.0


class Slow(NamedTuple):
    """A post, and the seconds that its text and its page took."""

    path: str
    text: float
    page: float


class Metrics(NamedTuple):
    """A template: how many pages it laid out, and the seconds that all and the slowest of them took."""

    template: str
    pages: int
    total: float
    slowest: float


class Kept(NamedTuple):
    """A kind of work: how many results were needed, and how many of these had to be made."""

    kind: str
    needed: int
    made: int


class Profile(NamedTuple):
    """Where a build's time went."""

    phases: dict[str, Spent]
    posts: list[Slow]
    templates: list[Metrics]
    kept: list[Kept]
    engines: int

    def lines(self) -> Iterator[str]:
        """Yield the profile as people read it."""
        every = [*self.phases.items(), ("in all", _sum(self.phases.values()))]
        spent = [(f"{it.wall:.3f}", f"{it.work:.3f}", phase) for phase, it in every]
        yield from _table(("wall s", "work s", "phase"), spent)
        if self.posts:
            slow = [(*(f"{1000 * it:.1f}" for it in (post.text, post.page)), post.path) for post in self.posts]
            yield from _table(("text ms", "page ms", "slowest posts"), slow)
        if self.templates:
            yield from _table(("sum ms", "mean ms", "most ms", "pages", "template"), map(_measured, self.templates))
        kept = [(str(it.needed), str(it.needed - it.made), str(it.made), it.kind) for it in self.kept]
        yield from _table(("needed", "remembered", "made", "work"), kept)
        yield f"{self.engines} engine{'s' * (self.engines != 1)} started"

    def plainly(self) -> dict[str, Any]:
        """Return the profile as JSON has it."""
        return {
            "phases": {name: spent._asdict() for name, spent in self.phases.items()},
            "posts": [it._asdict() for it in self.posts],
            "templates": [it._asdict() for it in self.templates],
            "kept": {it.kind: {"needed": it.needed, "made": it.made} for it in self.kept},
            "engines": self.engines,
        }


class Profiler(Onlooker):
    """Takes the time of everything that a build tells of."""

    is_timing = True

    def __init__(self, progress: Progress, waited: float) -> None:
        """Begin; the program has been running for at least `waited` seconds."""
        super().__init__(progress)
        self.phase, self.since = START, Spent(time.perf_counter() - max(waited, _work()), 0.0)
        self.phases: defaultdict[str, Spent] = defaultdict(Spent)
        self.texts: dict[bytes, float] = {}
        self.pages: dict[str, tuple[str, float]] = {}
        self.wanted: Counter[str] = Counter()
        self.engines = 0

    def begins(self, phase: str) -> None:
        """Add what was spent since the last phase began to that one."""
        now, before = Spent(time.perf_counter(), _work()), self.phases[self.phase]
        spent = Spent(before.wall + now.wall - self.since.wall, before.work + now.work - self.since.work)
        self.phases[self.phase] = spent
        self.phase, self.since = phase, now

    def laid_out(self, urls: Iterable[str], template_of: Callable[[str], str]) -> Iterator[str]:
        """Yield each address; how long it takes until the next is asked for is how long its page took."""
        for url in urls:
            began = time.perf_counter()
            yield url
            self.pages[url] = (template_of(url), time.perf_counter() - began)

    def looked_up(self, work: str, wanted: int) -> None:
        """Count it."""
        self.wanted[work] += wanted

    def worked(self, work: str, seconds: Mapping[bytes, float], engines: int) -> None:
        """Note the seconds of texts, and count engines."""
        self.engines += engines
        if work == "render_texts":
            self.texts |= seconds

    def profile(self, report: Report) -> Profile:
        """Return where the time went of the build that `report` tells of."""
        self.begins("")
        return Profile(
            dict(self.phases),
            _slowest(report, self.texts, {url: seconds for url, (_, seconds) in self.pages.items()}),
            list(_metrics(self.pages.values())),
            list(_kept(report, self.wanted)),
            self.engines,
        )


def _work() -> float:
    """Return the seconds of processors that this process took, and those of its children that have ended."""
    spent = os.times()
    return time.process_time() + spent.children_user + spent.children_system


def _sum(every: Iterable[Spent]) -> Spent:
    walls, works = zip(*every, strict=True)
    return Spent(sum(walls), sum(works))


def _slowest(report: Report, texts: Mapping[bytes, float], pages: Mapping[str, float]) -> list[Slow]:
    """Return the posts on which most time was spent, the slowest first."""
    readings = report.after.readings if report.after else {}
    found = [
        Slow(path, texts.get(it.gist.body if it.gist else b"", 0.0), pages.get(it.card.url, 0.0))
        for path, it in readings.items()
        if it.card
    ]
    worked = sorted((it for it in found if it.text or it.page), key=lambda it: (-it.text - it.page, it.path))
    return worked[:SLOWEST]


def _metrics(pages: Iterable[tuple[str, float]]) -> Iterator[Metrics]:
    """Yield what each template took, the one on which most time was spent first."""
    of_each: defaultdict[str, list[float]] = defaultdict(list)
    for template, seconds in pages:
        of_each[template or NO_TEMPLATE].append(seconds)
    for name, every in sorted(of_each.items(), key=lambda item: -sum(item[1])):
        yield Metrics(name, len(every), sum(every), max(every))


def _measured(it: Metrics) -> tuple[str, ...]:
    times = (it.total, it.total / it.pages, it.slowest)
    return (*(f"{1000 * seconds:.1f}" for seconds in times), str(it.pages), it.template)


def _kept(report: Report, wanted: Mapping[str, int]) -> Iterator[Kept]:
    """Yield what was needed and what was made of each kind; of formulas and the like only stale pages need any."""
    readings = report.after.readings if report.after else {}
    yield Kept("texts", sum(1 for it in readings.values() if it.card), report.done.get("render_texts", 0))
    for work, kind in _KINDS.items():
        if wanted.get(work):
            yield Kept(kind, wanted[work], report.done.get(work, 0))
    yield Kept("pages", report.pages, len(report.made))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table whose last column alone begins at the left, and an empty line."""
    every = [head, *rows]
    for row in every:
        *numbers, name = row
        yield "  " + "".join(f"{it:>{max(10, len(head[at]) + 2)}}" for at, it in enumerate(numbers)) + f"  {name}"
    yield ""
