"""Owns caching and concurrency, and nothing else does.

`remembered` hashes the very arguments that it passes to the worker, so a forgotten input of a key is impossible.
Results always pass through their encoded form, so a remembered one equals a fresh one to the last type.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path
from time import perf_counter, time_ns
from typing import Any, NamedTuple, TypeVar
from unicodedata import unidata_version

import msgspec

import bifolium
from bifolium import cluster, engine, highlight, memo, pool, seal
from bifolium.ledger import SETTLED
from bifolium.onlooker import Onlooker, unseen
from bifolium.pool import ALONE, Crew
from bifolium.store import Store, read_state, write_state

R = TypeVar("R")
_ELSEWHERE = {
    "katex",
    "mermaid",
    "idiomorph",
    "__pycache__",
}  # KaTeX's digest is the engine's identity, Mermaid's in its address
LIBRARIES = (
    *("markdown-it-py", "mdit-py-plugins", "mdurl", "jinja2", "markupsafe", "pygments", "pyyaml", "msgspec", "pillow"),
    "quickjs-ng",
)
PYTHON = (sys.version, unidata_version)  # slugs and words are made by its Unicode tables


class Workshop:
    """Does work once. `done` counts what was really worked on, by the worker's name."""

    def __init__(self, store: Store, epoch: bytes, crew: Crew = ALONE, onlooker: Onlooker = unseen) -> None:
        self.store = store
        self.epoch = epoch
        self.crew = crew
        self.onlooker = onlooker
        self.done: Counter[str] = Counter()

    def remembered(
        self,
        work: Callable[..., list[R]],
        jobs: Sequence[Any],
        kind: type[R],
        common: tuple[Any, ...] = (),
        ticket: int = 25,
        lost: Callable[[Any], R] | None = None,
    ) -> list[R]:
        """Return `work(jobs, *common)`, a result a job in the jobs' order; only jobs never seen are worked on.

        Results with `lasting` false are not kept. A ticket is how many jobs a worker is handed at a time. `lost` gives
        the result of a job that ends the process which works on it; without it, such a job ends the build.
        """
        keys = self.keys(work, jobs, common)
        known = self.recalled(keys, kind)
        self.onlooker.looked_up(work.__name__, len(keys))
        new = {key: job for key, job in zip(keys, jobs, strict=True) if key not in known}
        return self._all(keys, known, self._work(work, new, common, ticket, lost), kind)

    def kept(
        self,
        work: Callable[..., list[R]],
        jobs: Mapping[Any, Any],
        kind: type[R],
        lost: Callable[[Any], R] | None,
        is_there: Callable[[R], bool],
    ) -> list[R]:
        """Return `work(jobs)` where results stand in files: what isn't there any more is worked on again.

        `jobs` are under what decides upon their results; where these stand, and the files worked on, do not.
        """
        keys = self.keys(work, list(jobs))
        known = {key: found for key, found in self.recalled(keys, kind).items() if is_there(found)}
        self.onlooker.looked_up(work.__name__, len(keys))
        new = {key: job for key, job in zip(keys, jobs.values(), strict=True) if key not in known}
        return self._all(keys, known, self._work(work, new, (), 1, lost, at_home=True), kind)

    def meanwhile(
        self, work: Callable[..., list[R]], jobs: Mapping[Any, Any], kind: type[R], lost: Callable[[Any], R]
    ) -> Iterator[tuple[Any, R] | Future[Any]]:
        """Do as `kept` does, one job after the other in another process: yield what decides upon each, and its result.

        As long as it takes, what is waited for is yielded.
        """
        waiting = list(zip(self.keys(work, list(jobs)), jobs.items(), strict=True))[::-1]
        while waiting:
            with pool.aside() as executor:
                has_ended = False
                while waiting and not has_ended:
                    key, (order, job) = waiting.pop()
                    self.done[work.__name__] += 1
                    future = _handed(executor, _encoded, work, [job], ())
                    while not future.done():
                        yield future
                    has_ended = isinstance(future.exception(), BrokenExecutor)
                    data = memo.encode(lost(job)) if has_ended else future.result().results[0]
                    yield order, self._all([key], {}, [{key: data}], kind)[0]

    def apart(self, epoch: bytes) -> Workshop:
        """Return a workshop for work that depends on little: its results outlast changes of the program."""
        apart = Workshop(self.store, epoch, self.crew, self.onlooker)
        apart.done = self.done
        return apart

    def _all(
        self, keys: Sequence[bytes], known: Mapping[bytes, R], fresh: Iterable[dict[bytes, bytes]], kind: type[R]
    ) -> list[R]:
        """Return all results; fresh ones are kept ticket by ticket, so whoever is stopped goes on from there."""
        found = dict(known)
        for done in fresh:
            decoded = {key: msgspec.msgpack.decode(data, type=kind) for key, data in done.items()}
            self.store.put_many({key: data for key, data in done.items() if getattr(decoded[key], "lasting", True)})
            found |= decoded
        return [found[key] for key in keys]

    def recalled(self, keys: Sequence[bytes], kind: type[R]) -> dict[bytes, R]:
        """Return what is kept under `keys`; a lost result is simply missing."""
        return {key: msgspec.msgpack.decode(data, type=kind) for key, data in self.store.get_many(keys).items()}

    def keys(self, work: Callable[..., list[R]], jobs: Sequence[Any], common: tuple[Any, ...] = ()) -> list[bytes]:
        """Return the key of each job."""
        return [memo.key(work, self.epoch, (common, job)) for job in jobs]

    def _work(
        self,
        work: Callable[..., list[R]],
        jobs: dict[bytes, Any],
        common: tuple[Any, ...],
        ticket: int,
        lost: Callable[[Any], R] | None,
        *,
        at_home: bool = False,
    ) -> Iterator[dict[bytes, bytes]]:
        """Yield the results of each ticket, encoded, by key."""
        keys = list(jobs)
        self.done[work.__name__] += len(keys)
        tickets = [keys[at : at + ticket] for at in range(0, len(keys), ticket)]
        do = _encoded if not self.onlooker.is_timing else _timed if lost is None else _timed_together
        with self._executor(len(tickets), is_safe=lost is None, at_home=at_home) as executor:
            futures = [_handed(executor, do, work, [jobs[key] for key in some], common) for some in tickets]
            done = 0
            for future, some in zip(futures, tickets, strict=True):
                made = _patiently(future, work, [jobs[key] for key in some], common, lost)
                done += len(some)
                self.onlooker.progress(work.__name__.replace("_", " "), done, len(keys))
                self.onlooker.worked(work.__name__, dict(zip(some, made.seconds, strict=False)), made.engines)
                yield dict(zip(some, made.results, strict=True))

    def _executor(self, tickets: int, *, is_safe: bool, at_home: bool) -> AbstractContextManager[Executor]:
        """Return who does so many tickets of work, which may not end the process if it `is_safe`."""
        if self.crew.cluster and not at_home and tickets >= pool.WORTH_A_POOL:
            return cluster.workers(self.crew.cluster, identity)
        return (pool.executor if is_safe else pool.sheltered)(tickets, self.crew.jobs)


@contextmanager
def opened(state: Path, crew: Crew, onlooker: Onlooker) -> Iterator[Workshop]:
    """Open the workshop whose memory is in `state`."""
    with Store(state / "memo.sqlite") as store:
        yield Workshop(store, _remembered_identity(state / "program"), crew, onlooker)


@cache
def identity() -> bytes:
    """Return what tells this program, with its theme, engines and libraries, from others that may give other bytes."""
    root = Path(bifolium.__file__).parent
    files = (
        path
        for path in sorted(root.rglob("*"))
        if path.is_file() and not _ELSEWHERE & set(path.relative_to(root).parts)
    )
    code = [(path.relative_to(root).as_posix(), path.read_bytes()) for path in files]
    return memo.epoch(code, [engine.identity(), highlight.identity(), *PYTHON, *map(_version, LIBRARIES)])


def _remembered_identity(path: Path) -> bytes:
    """Return the identity that `path` holds, while stamps tell that neither program nor libraries changed since.

    To read all of the program, and to ask for the versions of its libraries, takes 45 ms.
    """
    began = time_ns()
    try:
        stamps, latest = seal.program()
    except (seal.Broken, OSError):
        return identity()
    now = memo.digest(stamps)
    kept = read_state(path) or b""
    if kept.startswith(now):
        return kept[len(now) :]
    if latest < began - SETTLED:
        write_state(path, now + identity())
    return identity()


def _version(library: str) -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return f"{library} {version(library)}"
    except PackageNotFoundError:
        return library


class _Made(NamedTuple):
    """The results of a ticket, as the bytes in which they are kept; if somebody asks, what each took, and engines."""

    results: list[bytes]
    seconds: list[float] = []  # noqa: RUF012 (never assigned to: values are immutable by agreement)
    engines: int = 0


def _handed(
    executor: Executor,
    do: Callable[..., _Made],
    work: Callable[..., list[R]],
    jobs: Sequence[Any],
    common: tuple[Any, ...],
) -> Future[_Made]:
    """Hand a ticket to the executor; one that has lost a worker takes no more."""
    try:
        return executor.submit(do, work, jobs, common)
    except BrokenExecutor as broken:
        future: Future[_Made] = Future()
        future.set_exception(broken)
        return future


def _patiently(
    future: Future[_Made],
    work: Callable[..., list[R]],
    jobs: Sequence[Any],
    common: tuple[Any, ...],
    lost: Callable[[Any], R] | None,
) -> _Made:
    """Return a ticket's results; if its worker died, perhaps of another ticket, it is done again in fresh ones."""
    try:
        return future.result()
    except BrokenExecutor as broken:
        if lost is None and isinstance(broken, cluster.Unreached):
            return _encoded(work, jobs, common)
        if lost is None:
            raise
        return _Made(_again(work, jobs, common, lost))


def _again(
    work: Callable[..., list[R]], jobs: Sequence[Any], common: tuple[Any, ...], lost: Callable[[Any], R]
) -> list[bytes]:
    """Do `jobs` in a fresh worker; if it dies, too, each half in its own, until the job that kills it is found."""
    try:
        with pool.one_worker() as executor:
            return executor.submit(_encoded, work, jobs, common).result().results
    except BrokenExecutor:
        if len(jobs) == 1:
            return [memo.encode(lost(jobs[0]))]
        half = len(jobs) // 2
        return _again(work, jobs[:half], common, lost) + _again(work, jobs[half:], common, lost)


def _encoded(work: Callable[..., list[R]], jobs: Sequence[Any], common: tuple[Any, ...]) -> _Made:
    """Do the work where the executor runs it; results travel as the bytes in which they are kept."""
    return _Made([memo.encode(result) for result in work(jobs, *common)])


def _timed(work: Callable[..., list[R]], jobs: Sequence[Any], common: tuple[Any, ...]) -> _Made:
    """Do as `_encoded` does, and tell how long each job takes."""
    found = [_timed_together(work, [job], common) for job in jobs]
    each = [it.seconds[0] for it in found]
    return _Made([result for it in found for result in it.results], each, sum(it.engines for it in found))


def _timed_together(work: Callable[..., list[R]], jobs: Sequence[Any], common: tuple[Any, ...]) -> _Made:
    """Do as `_encoded` does, and tell how long a job takes if all take the same: an engine does many at once."""
    engines, began = engine.starts(), perf_counter()
    made = _encoded(work, jobs, common)
    return made._replace(seconds=[(perf_counter() - began) / len(jobs)] * len(jobs), engines=engine.starts() - engines)
