"""Signals that ask the program to end: what was begun is cleared away first."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

INTERRUPTED = 128 + signal.SIGINT
BROKEN_PIPE = 128 + 13  # SIGPIPE, which Windows doesn't have
_ENDING = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]


@contextmanager
def heeded() -> Iterator[None]:
    """Raise what a signal asks for: KeyboardInterrupt or SystemExit; one that is ignored (`nohup`) stays so.

    The exit code is then 128 and the signal's number, as shells have it. Before and afterwards signals have their own
    way, which is silent: Python would print where it was.
    """
    front = os.getpid()

    def end(number: int, _: FrameType | None) -> NoReturn:
        if os.getpid() != front:  # a worker that was forked just now
            os._exit(128 + number)
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        raise SystemExit(128 + number)

    numbers = [number for number in (signal.SIGINT, *_ENDING) if signal.getsignal(number) is not signal.SIG_IGN]
    for number in numbers:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)
