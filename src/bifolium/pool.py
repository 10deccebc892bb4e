"""Where work runs: here, or in as many processes as the machine has cores.

Any `concurrent.futures.Executor` will do, and gives the same bytes.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

WORTH_A_POOL = 3  # tickets; below this, starting processes costs more than it saves


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
def one_worker() -> Iterator[Executor]:
    """Open an executor that is one process, for work that may end it."""
    with _processes(1) as processes:
        yield processes


@contextmanager
def _processes(number: int) -> Iterator[Executor]:
    """Open a pool of processes; if what they work for is given up, they don't finish what they have begun."""
    context = multiprocessing.get_context(_way_to_start())
    pool = ProcessPoolExecutor(number, mp_context=context, initializer=_serve)
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for process in multiprocessing.active_children():
            process.terminate()
        raise
    pool.shutdown()


def _serve() -> None:
    """Prepare a worker: an interrupt is its parent's to answer, and it ends when its parent does, however that ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    threading.Thread(target=_follow, daemon=True).start()


def _follow() -> None:
    """Wait for the end of the parent, which a killed one can't announce."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


def available() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _way_to_start() -> str:
    """Forking takes 10 ms and inherits what is imported, but is safe only on Linux and from a single thread."""
    return "fork" if sys.platform == "linux" and threading.active_count() == 1 else "spawn"
