"""Where work runs: here, or in as many processes as the machine has cores.

Any `concurrent.futures.Executor` will do, and gives the same bytes.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import contextmanager
from functools import cache
from typing import Any, NamedTuple, NoReturn, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
R = TypeVar("R")


class Crew(NamedTuple):
    """Who works: so many processes (0: one a core), or the workers of the Dask cluster at an address."""

    jobs: int = 0
    cluster: str = ""


ALONE = Crew()

WORTH_A_POOL = 3  # tickets; below this, starting processes costs more than it saves
_work: Callable[[Any], Any] | None = None  # of a forked worker


class Inline(Executor):
    """Runs every call at once, in this thread."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Return a future that is done already."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as mistake:  # noqa: BLE001 (it is raised again where the result is asked for)
            future.set_exception(mistake)
        return future


class Apart(Executor):
    """Runs every call at once, in a fork of this process: a call that ends it breaks nothing here."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Return a future that is done already."""
        ours, theirs = os.pipe()
        child = os.fork()
        if not child:
            _answer(theirs, lambda: fn(*args, **kwargs))
        os.close(theirs)
        return _settled(*_heard(ours, child))


class Beside(Executor):
    """Runs every call in another process, which stays for the next ones: starting it takes 200 ms without a fork."""

    def __init__(self) -> None:
        self._processes: Executor | None = None

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Return a future, that of a new process if a call has ended the last one."""
        try:
            return self._open().submit(fn, *args, **kwargs)
        except BrokenExecutor:
            self._processes = None
            return self._open().submit(fn, *args, **kwargs)

    def _open(self) -> Executor:
        self._processes = self._processes or _pool(1)
        return self._processes


beside = cache(Beside)
"""Return this process's companion; a fork, which has none of its threads, gets one of its own."""

if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=beside.cache_clear)


@contextmanager
def executor(tickets: int, jobs: int) -> Iterator[Executor]:
    """Open an executor for that many tickets of work: inline for few, else `jobs` processes (0: one a core)."""
    workers = min(jobs or available(), tickets)
    if workers < 2 or tickets < WORTH_A_POOL:
        yield Inline()
        return
    with _processes(workers) as processes:
        yield processes


@contextmanager
def sheltered(tickets: int, jobs: int) -> Iterator[Executor]:
    """Open an executor for work that may end its process, which is another one than this."""
    workers = min(jobs or available(), tickets) if tickets >= WORTH_A_POOL else 1
    if not tickets:
        yield Inline()
    elif not may_fork() and workers < 2:
        yield beside()
    elif tickets < 2:
        yield Apart()
    else:
        with _processes(workers) as processes:
            yield processes


@contextmanager
def one_worker() -> Iterator[Executor]:
    """Open an executor that is another process, whatever it takes, for work that has ended one."""
    if may_fork():
        yield Apart()
        return
    with _processes(1) as processes:
        yield processes


def spread(work: Callable[[T], R], shares: Sequence[T], jobs: int) -> Iterator[R]:
    """Yield `work(share)` for all shares in turn, worked on by forks of this process, as many as pay.

    What `work` holds doesn't travel: forks see it. Where forking isn't safe, and for few shares, work is done here.
    """
    workers = min(jobs or available(), len(shares))
    if workers < 2 or len(shares) < WORTH_A_POOL or not may_fork():
        yield from map(work, shares)
        return
    with _processes(workers, work) as processes:
        yield from processes.map(_inherited, shares)


@contextmanager
def aside() -> Iterator[Executor]:
    """Open another process for work during which this one does something else."""
    with _processes(1) as processes:
        yield processes


@contextmanager
def _processes(number: int, work: Callable[[Any], Any] | None = None) -> Iterator[Executor]:
    """Open a pool of processes; if what they work for is given up, they don't finish what they have begun.

    Forks inherit `work`.
    """
    import multiprocessing

    pool = _pool(number, work)
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for process in multiprocessing.active_children():
            process.terminate()
        raise
    pool.shutdown()


def _pool(number: int, work: Callable[[Any], Any] | None = None) -> Executor:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    context = multiprocessing.get_context("fork" if may_fork() else "spawn")
    return ProcessPoolExecutor(number, mp_context=context, initializer=_serve, initargs=(work,))


def _serve(work: Callable[[Any], Any] | None) -> None:
    """Prepare a worker: an interrupt is its parent's to answer, and it ends when its parent does, however that ends."""
    global _work  # a worker is born for one work, which could not be sent to it
    _work = work
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    threading.Thread(target=_follow, daemon=True).start()


def _inherited(share: Any) -> Any:
    """Do the work that this worker has inherited."""
    return _work(share) if _work else None


def _follow() -> None:
    """Wait for the end of the parent, which a killed one can't announce."""
    from multiprocessing import parent_process

    if parent := parent_process():
        parent.join()
        os._exit(1)


def available() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def may_fork() -> bool:
    """Tell whether forking, which takes 10 ms and inherits what is imported, is safe: on Linux, from one thread."""
    return sys.platform == "linux" and threading.active_count() == 1


def _answer(into: int, call: Callable[[], object]) -> NoReturn:
    """Send what `call` returns or raises, and end this process, a fork, without its parent's farewells."""
    status = 1
    try:
        try:
            answer = pickle.dumps((call(), None))
        except Exception as mistake:  # noqa: BLE001 (it is raised again where the result is asked for)
            answer = pickle.dumps((None, mistake))
        with os.fdopen(into, "wb") as pipe:
            pipe.write(answer)
        status = 0
    finally:
        os._exit(status)


def _heard(pipe: int, child: int) -> tuple[bytes, int]:
    """Return what a child has sent, and how it ended; it ends when nobody listens any more."""
    try:
        with os.fdopen(pipe, "rb") as file:
            answer = file.read()
    except BaseException:
        os.kill(child, signal.SIGKILL)
        raise
    finally:
        status = os.waitpid(child, 0)[1]
    return answer, status


def _settled(answer: bytes, status: int) -> Future[Any]:
    future: Future[Any] = Future()
    result, mistake = (None, BrokenExecutor("the process has ended")) if status else pickle.loads(answer)  # noqa: S301
    future.set_exception(mistake) if mistake else future.set_result(result)
    return future
