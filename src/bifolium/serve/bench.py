"""Where the site is worked on: one thread does one piece of work after the other, the most urgent first.

The memo's file wants one thread, a deadline wants the main one, and nobody has to wait for a lock. Long work in the
background is a generator that is taken up again whenever nothing else waits.
"""

from __future__ import annotations

import itertools
import queue
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from enum import IntEnum
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")


class Urgency(IntEnum):
    """Who waits: a browser, an author who has just saved, nobody."""

    ASKED = 0
    SAVED = 1
    IDLE = 2


class _Work(NamedTuple):
    urgency: Urgency
    number: int
    call: Callable[[], Any]
    result: Future[Any]


class Bench:
    """Takes work from any thread, does it in the one that calls `run`."""

    def __init__(self) -> None:
        self._waiting: queue.PriorityQueue[_Work] = queue.PriorityQueue()
        self._numbers = itertools.count()
        self._background: Iterator[object] = iter(())

    def submit(self, urgency: Urgency, call: Callable[[], T]) -> Future[T]:
        """Have `call` done; the future is its result."""
        result: Future[T] = Future()
        self._waiting.put(_Work(urgency, next(self._numbers), call, result))
        return result

    def follow_up(self, work: Iterator[object]) -> None:
        """Do `work` bit by bit whenever nothing waits, in place of what was still to be done so.

        If it yields a future, it goes on when that is done, or after whatever is asked for before.
        """
        self._background = work

    def run(self) -> None:
        """Work until interrupted. A call that fails hands its exception to whoever waits for it."""
        while True:
            try:
                work = self._waiting.get_nowait()
            except queue.Empty:
                step = next(self._background, self)
                if isinstance(step, Future):
                    step.add_done_callback(self._wake)
                elif step is not self:
                    continue
                work = self._waiting.get()
            self._do(work)

    def _wake(self, _: Future[Any]) -> None:
        """Go on with what is done in the background: what it waited for is there."""
        self.submit(Urgency.IDLE, lambda: None)

    def _do(self, work: _Work) -> None:
        if not work.result.set_running_or_notify_cancel():
            return
        try:
            work.result.set_result(work.call())
        except Exception as mistake:  # noqa: BLE001 (it is raised again where the result is asked for)
            work.result.set_exception(mistake)
