"""Give a function so many seconds, and not more: some inputs keep a lexer or a parser busy for ever.

In the main thread an alarm of the operating system interrupts it. Anywhere else (a thread, Windows) it runs in
a child process that ends itself when its time is over.
"""

from __future__ import annotations

import atexit
import faulthandler
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from types import FrameType
from typing import IO, Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_AGAIN = 0.1  # seconds until the alarm rings again: destructors and gc callbacks swallow exceptions
_PATIENCE = 1.0  # seconds for a child to end by itself
_OVERDUE = 1  # the exit status that faulthandler gives
_CHILD = (
    "import pickle, sys; sys.path[:] = pickle.load(sys.stdin.buffer); from bifolium import deadline; deadline.serve()"
)


class _Overdue(BaseException):
    """Rises through `except Exception` in the interrupted function."""


def within(seconds: float, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Return what `function` returns; raise TimeoutError if that takes longer than `seconds`.

    Outside of the main thread, function, arguments and result must be picklable. Deadlines may be nested.
    """
    if hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread():
        return _by_alarm(seconds, lambda: function(*args, **kwargs))
    result: T = _child(os.getpid()).run(seconds, (function, args, kwargs))
    return result


def _by_alarm(seconds: float, call: Callable[[], T]) -> T:
    started = time.monotonic()
    outer = signal.getitimer(signal.ITIMER_REAL)[0]
    if 0 < outer <= seconds:
        return call()  # a deadline around this one ends sooner
    armed = [True]

    def ring(_number: int, _frame: FrameType | None) -> None:
        if armed:
            raise _Overdue

    before = signal.signal(signal.SIGALRM, ring)
    try:
        try:
            signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
            return call()
        finally:
            armed.clear()
    except _Overdue:
        raise TimeoutError(_message(seconds)) from None
    finally:
        armed.clear()
        left = max(outer - (time.monotonic() - started), 0.001) if outer else 0
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        signal.setitimer(signal.ITIMER_REAL, left, _AGAIN if left else 0)


class _Child:
    """A process that runs one function after the other; when one is overdue, the next gets a new process."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None
        atexit.register(self.end)

    def run(self, seconds: float, call: tuple[Any, ...]) -> Any:
        """Return what the call returns, or raise what it raises."""
        question = pickle.dumps((seconds, pickle.dumps(call)))
        with self.lock:
            try:
                good, answer = self.ask(question)
            except BaseException as problem:
                status = self.end()
                if isinstance(problem, EOFError | OSError):
                    raise _explain(status, seconds) from None
                raise
        if not good:
            raise answer
        return answer

    def ask(self, question: bytes) -> Any:
        """Return the process's answer: whether it went well, and the result or exception."""
        self.process = self.process or _start()
        to_child, from_child = _pipes(self.process)
        to_child.write(question)
        to_child.flush()
        return pickle.loads(pickle.load(from_child))  # noqa: S301 (our own process wrote it)

    def end(self) -> int:
        """End the process and return its exit status."""
        process, self.process = self.process, None
        if not process:
            return 0
        for pipe in _pipes(process):
            with suppress(OSError):
                pipe.close()
        try:
            return process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()


@cache
def _child(_parent: int) -> _Child:
    """Return the child of the process `_parent`: a forked copy of a process must not use its original's."""
    return _Child()


def _start() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-P", "-c", _CHILD]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 (it is constant)
    to_child, from_child = _pipes(process)
    to_child.write(pickle.dumps(sys.path))
    to_child.flush()
    if not from_child.readline():
        raise RuntimeError(f"{sys.executable} doesn't start: exit status {process.wait()}")
    return process


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    assert process.stdin
    assert process.stdout
    return process.stdin, process.stdout


def _explain(status: int, seconds: float) -> Exception:
    if status == _OVERDUE:
        return TimeoutError(_message(seconds))
    return RuntimeError(f"the process for slow work ended with status {status}")


def _message(seconds: float) -> str:
    return f"not done within {seconds:g} s"


def serve() -> None:
    """Answer questions on stdin until it ends: the child's side. What functions print goes to stderr.

    faulthandler's watchdog needs no Python to run, so it ends this process even in the midst of a regular expression.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    answers.write(b"ready\n")
    answers.flush()
    with open(os.devnull, "w") as nowhere, suppress(EOFError):  # noqa: PTH123
        while True:
            seconds, call = pickle.load(questions)  # noqa: S301 (our own parent wrote it)
            faulthandler.dump_traceback_later(seconds, exit=True, file=nowhere)
            answer = _answer(call)
            faulthandler.cancel_dump_traceback_later()
            pickle.dump(answer, answers)
            answers.flush()


def _answer(call: bytes) -> bytes:
    try:
        function, args, kwargs = pickle.loads(call)  # noqa: S301 (our own parent wrote it)
        return pickle.dumps((True, function(*args, **kwargs)))
    except Exception as problem:  # noqa: BLE001 (it is raised again in the parent)
        return _failed(problem)


def _failed(problem: Exception) -> bytes:
    """Return the answer that raises `problem`, or its text if it can't travel."""
    with suppress(Exception):
        answer = pickle.dumps((False, problem))
        pickle.loads(answer)  # noqa: S301 (just made)
        return answer
    return pickle.dumps((False, RuntimeError(f"{type(problem).__name__}: {problem}")))
