"""V8, by mini-racer, the `[fast]` extra: four times as quick as QuickJS, and 80 ms slower to start.

It must never be used after a fork, and hangs at the interpreter's exit unless it is closed. Where address space is
limited it aborts. Its stack is small, so deep nesting is left to QuickJS.
"""

from __future__ import annotations

import atexit
import importlib
import importlib.util
import json
import os
import sys
from functools import cache
from typing import Any

from bifolium.engine import running
from bifolium.engine.katex import scripts
from bifolium.engine.running import Breakdown, what_broke

ROOM = 8 << 30  # bytes of address space that V8 reserves
# The third compiler takes a fifth of 2,000 formulas' time, and gains none; the second one pays off late only.
FLAGS = ("--single-threaded", "--no-turbofan", "--invocation-count-for-maglev=4000")


class V8:
    """A V8 context with KaTeX in it."""

    def __init__(self) -> None:
        self._context: Any = None
        self.started = 0
        atexit.register(self.close)

    def run(self, request: str, seconds: float) -> str:
        """Answer `request` within `seconds`, or raise Breakdown; the context that broke is dropped."""
        racer = module()
        if not self._context:
            self._context = new_context()
            self.started += 1
        try:
            code = f"typeset({json.dumps(request)})"
            return str(self._context.eval(code, timeout_sec=seconds, max_memory=running.MEMORY))
        except racer.JSTimeoutException as reason:
            self.close()
            raise Breakdown(what_broke("interrupted", seconds)) from reason
        except racer.JSOOMException as reason:
            self.close()
            raise Breakdown(what_broke("out of memory", seconds)) from reason
        except (racer.JSEvalException, RuntimeError) as reason:
            self.close()
            raise Breakdown(what_broke(str(reason), seconds)) from reason

    def close(self) -> None:
        """Give back the context and its threads; the next `run` makes a new one."""
        context, self._context = self._context, None
        if context:
            context.close()


@cache
def engine() -> V8:
    """Return this process's engine; it starts at its first call."""
    return V8()


def new_context() -> Any:
    """Return a V8 context that knows KaTeX, mhchem and our scripts."""
    racer = module()
    racer.init_mini_racer(flags=FLAGS, ignore_duplicate_init=True)
    context = racer.MiniRacer()
    for script in scripts():
        context.eval(script + "\n;0")
    return context


def is_running() -> bool:
    """Tell whether this process has started V8."""
    return bool(engine.cache_info().currsize)


def is_here() -> bool:
    """Tell whether V8 is installed and may be used in this process."""
    return not _Forked.with_v8 and _is_installed() and _has_room()


@cache
def _is_installed() -> bool:
    return importlib.util.find_spec("py_mini_racer") is not None


@cache
def _has_room() -> bool:
    if sys.platform == "win32":
        return True
    import resource

    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    return limit == resource.RLIM_INFINITY or limit > ROOM


def module() -> Any:
    """Return mini-racer's module."""
    return importlib.import_module("py_mini_racer")


class _Forked:
    """Whether this process is a fork of one in which V8 ran: its threads are gone, and any call would hang."""

    with_v8 = False


def _note_fork() -> None:
    _Forked.with_v8 = _Forked.with_v8 or is_running()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_note_fork)
