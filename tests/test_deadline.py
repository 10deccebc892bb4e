"""Deadlines hold in the main thread and in others, and leave no trace."""

from __future__ import annotations

import re
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from bifolium.deadline import within

# hypothesis' gc callback may swallow an alarm, which then rings again
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

IN_THREADS = [False, True]


def stall() -> None:
    """Take some billion years in C code, as a lexer's regular expression may."""
    re.match(r"(a*)*b", "a" * 64)


def stubborn() -> None:
    while True:
        try:
            stall()
        except Exception:  # noqa: BLE001 (this is what it is about)
            time.sleep(0)


def double(number: int) -> int:
    print("this must not disturb the answer")
    return number * 2


def fail() -> None:
    raise LookupError("no such thing")


class OddError(Exception):
    """An exception that can't be pickled and made again."""

    def __init__(self, one: int, two: int) -> None:
        super().__init__(one + two)


def fail_oddly() -> None:
    raise OddError(1, 2)


def outcome(in_thread: bool, seconds: float, function: Callable[..., Any], *args: Any) -> Any:
    """Return what `function` returns or raises when called with a deadline, in the main thread or another."""
    results: list[Any] = []

    def run() -> None:
        try:
            results.append(within(seconds, function, *args))
        except Exception as problem:  # noqa: BLE001 (it is the outcome)
            results.append((type(problem), str(problem)))

    if not in_thread:
        run()
        return results[0]
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return results[0]


@pytest.mark.parametrize("in_thread", IN_THREADS)
def test_what_is_done_in_time_is_returned(in_thread: bool) -> None:
    assert outcome(in_thread, 5, double, 21) == 42


@pytest.mark.parametrize("in_thread", IN_THREADS)
@pytest.mark.parametrize("function", [stall, stubborn])
def test_what_takes_too_long_is_interrupted_and_the_next_call_works(in_thread: bool, function: Any) -> None:
    assert outcome(in_thread, 0.1, function) == (TimeoutError, "not done within 0.1 s")
    assert outcome(in_thread, 5, double, 4) == 8


@pytest.mark.parametrize("in_thread", IN_THREADS)
def test_what_is_raised_is_raised(in_thread: bool) -> None:
    assert outcome(in_thread, 5, fail) == (LookupError, "no such thing")


def test_an_exception_that_cannot_travel_is_told() -> None:
    assert outcome(True, 5, fail_oddly) == (RuntimeError, "OddError: 3")


def test_the_inner_deadline_ends_before_the_outer_one() -> None:
    def inner() -> str:
        return str(outcome(False, 0.05, stall))

    assert within(5, inner) == "(<class 'TimeoutError'>, 'not done within 0.05 s')"


def test_the_outer_deadline_ends_before_a_longer_inner_one() -> None:
    with pytest.raises(TimeoutError, match=re.escape("not done within 0.1 s")):
        within(0.1, within, 5, stall)


def test_the_outer_deadline_holds_after_an_inner_one() -> None:
    def outer() -> None:
        within(0.05, double, 1)
        stall()

    with pytest.raises(TimeoutError, match=re.escape("not done within 0.2 s")):
        within(0.2, outer)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs alarms")
def test_no_alarm_is_left_behind() -> None:
    before = signal.getsignal(signal.SIGALRM)
    within(5, double, 1)
    assert (signal.getsignal(signal.SIGALRM), signal.getitimer(signal.ITIMER_REAL)) == (before, (0.0, 0.0))
