"""Where work runs: here, or in as many processes as the machine has cores.

Any `concurrent.futures.Executor` will do, and gives the same bytes.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
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


def executor(tickets: int, jobs: int) -> Executor:
    """Return an executor for that many tickets of work: inline for few, else `jobs` processes (0: one a core)."""
    workers = min(jobs or available(), tickets)
    if workers < 2 or tickets < WORTH_A_POOL:
        return Inline()
    return _processes(workers)


def one_worker() -> Executor:
    """Return an executor that is one process, for work that may end it."""
    return _processes(1)


def _processes(number: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(number, mp_context=multiprocessing.get_context(_way_to_start()))


def available() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _way_to_start() -> str:
    """Forking takes 10 ms and inherits what is imported, but is safe only on Linux and from a single thread."""
    return "fork" if sys.platform == "linux" and threading.active_count() == 1 else "spawn"
