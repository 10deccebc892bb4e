"""QuickJS: the engine that is always there. It starts in 60 ms and keeps within limits of time, memory and stack."""

from __future__ import annotations

import importlib
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

from bifolium.engine import running
from bifolium.engine.katex import scripts
from bifolium.engine.running import Breakdown, what_broke

STACK = 64 << 20  # 3,000 nested braces; the default stack ends at 100
STACK_MARGIN = 4 << 20


class QuickJS:
    """A QuickJS context with KaTeX in it, and the one thread with a deep stack that it lives in."""

    def __init__(self) -> None:
        self._thread = thread_with_stack(STACK)
        self._context: Any = None
        self.started = 0

    def run(self, request: str, seconds: float) -> str:
        """Answer `request` within `seconds` of CPU time, or raise Breakdown; the context that broke is dropped."""
        return self._thread.submit(self._run, request, seconds).result()

    def _run(self, request: str, seconds: float) -> str:
        if not self._context:
            self._context = new_context()
            self.started += 1
        self._context.set_time_limit(seconds)
        try:
            return str(self._context.get("typeset")(request))
        except (module().JSException, MemoryError) as reason:
            self._context = None
            raise Breakdown(what_broke(str(reason) or "out of memory", seconds)) from reason


@cache
def engine() -> QuickJS:
    """Return this process's engine; it starts at its first call. A forked child gets one of its own."""
    return QuickJS()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=engine.cache_clear)


def thread_with_stack(size: int) -> ThreadPoolExecutor:
    """Return an executor of one thread with a stack of `size` bytes; other threads keep their size."""
    before = threading.stack_size(size)
    try:
        executor = ThreadPoolExecutor(1, "bifolium-engine")
        executor.submit(int).result()  # starts the thread
    finally:
        threading.stack_size(before)
    return executor


def new_context() -> Any:
    """Return a QuickJS context that knows KaTeX, mhchem and our scripts; it takes 35 ms."""
    context = module().Context()
    context.set_max_stack_size(STACK - STACK_MARGIN)
    context.set_memory_limit(running.MEMORY)
    for script in scripts():
        context.eval(script + "\n;0")  # the value of the last statement must be one that Python can take
    return context


def is_running() -> bool:
    """Tell whether this process has an engine."""
    return bool(engine.cache_info().currsize)


@cache
def is_here() -> bool:
    """Tell whether QuickJS is installed and runs on this Python."""
    try:
        return bool(module())
    except ImportError:
        return False


def module() -> Any:
    """Return the JavaScript engine's module: the bare one, because `quickjs` starts a thread when imported."""
    return importlib.import_module("_quickjs")
