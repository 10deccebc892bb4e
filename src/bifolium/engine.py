"""Typeset formulas with KaTeX, run by an embedded JavaScript engine.

The engine is QuickJS: it starts in 60 ms, when the first formula comes, and keeps within limits of time, memory
and stack. Limits and measurements: a chunk of 50 formulas takes some 50 ms, so one that takes ten seconds holds
a hostile formula, which is then found one by one. assets/typeset.js is the JavaScript side.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bifolium.model import Typeset
from bifolium.problems import SiteError, error
from bifolium.settings import Math

Job = tuple[str, bool]
"""TeX, and whether it is displayed."""

ASSETS = Path(__file__).parent / "assets"
KATEX = ASSETS / "katex"
SCRIPTS = (KATEX / "katex.min.js", KATEX / "contrib" / "mhchem.min.js", ASSETS / "typeset.js")
NO_MACROS: Mapping[str, str] = MappingProxyType({})

CHUNK = 50
CHUNK_SECONDS = 10.0
FORMULA_SECONDS = 5.0
LONGEST = 20_000  # KaTeX's time grows with the square of a formula's length; the longest of a real blog has 2,214
MEMORY = 256 << 20
STACK = 64 << 20  # 3,000 nested braces; the default stack ends at 100
STACK_MARGIN = 4 << 20
OUTPUT = {"both": "htmlAndMathml", "html": "html", "mathml": "mathml"}
# Names in KaTeX's code that an author can't use, or hardly anywhere.
INTERNAL = re.compile("Relbar|arraystretch|ca|cd(?:left|right)arrow|cdlongequal|cr|d|greek|idotsint|iiiint|relbar|t|x")
SURROGATE = re.compile("[\ud800-\udfff]")


class Breakdown(Exception):  # noqa: N818 (it happens to the engine; the formula is at fault)
    """The engine ran out of time or memory."""


def typeset(formulas: Sequence[Job], options: Math, macros: Mapping[str, str] = NO_MACROS) -> list[Typeset]:
    r"""Return what KaTeX makes of each formula, in order; starts the engine only if there is something to do.

    `macros` map `\name` to its meaning. A formula sees them, and no definition made in another formula.
    """
    results = [refused(tex) for tex, _ in formulas]
    accepted = [at for at, refusal in enumerate(results) if refusal is None]
    for start in range(0, len(accepted), CHUNK):
        chunk = accepted[start : start + CHUNK]
        for at, made in zip(chunk, typeset_chunk([formulas[at] for at in chunk], options, macros), strict=True):
            results[at] = made
    return [result for result in results if result is not None]


def refused(tex: str) -> Typeset | None:
    """Return the error of a formula that the engine must not see, or None."""
    if len(tex) > LONGEST:
        return Typeset("", f"the formula has {len(tex):,} characters, more than {LONGEST:,}", 0)
    if found := SURROGATE.search(tex):
        return Typeset("", f"half a character: a lone surrogate, U+{ord(found[0]):04X}", found.start())
    return None


def typeset_chunk(jobs: Sequence[Job], options: Math, macros: Mapping[str, str]) -> list[Typeset]:
    """Typeset some formulas in one call; if one of them breaks the engine, each in a call of its own."""
    if len(jobs) == 1:
        return [typeset_alone(jobs[0], options, macros)]
    try:
        return list(call(jobs, options, macros, CHUNK_SECONDS))
    except Breakdown:
        return [typeset_alone(job, options, macros) for job in jobs]


def typeset_alone(job: Job, options: Math, macros: Mapping[str, str]) -> Typeset:
    """Typeset one formula, whatever it does to the engine."""
    try:
        return next(call([job], options, macros, FORMULA_SECONDS))
    except Breakdown as reason:
        return Typeset("", str(reason), lasting=False)


def call(jobs: Sequence[Job], options: Math, macros: Mapping[str, str], seconds: float) -> Iterator[Typeset]:
    """Have the engine typeset `jobs` within `seconds` of CPU time; raise Breakdown if it can't."""
    request = json.dumps({"formulas": jobs, "output": OUTPUT[options.output], "macros": dict(macros)})
    for (tex, _), answer in zip(jobs, json.loads(engine().run(request, seconds)), strict=True):
        yield read(answer, tex)


def read(answer: list[Any], tex: str) -> Typeset:
    """Return the glue's answer for `tex` as a value, its offset in characters."""
    if len(answer) == 1:
        return Typeset(answer[0])
    html, message, offset = answer
    return Typeset(html, message, in_characters(tex, offset))


def in_characters(tex: str, offset: int) -> int:
    """Return the index into `tex` of an offset that counts UTF-16 units, as JavaScript does; −1 stays."""
    if offset <= 0 or tex.isascii():
        return offset
    return len(tex.encode("utf-16-le")[: 2 * offset].decode("utf-16-le", "ignore"))


class Engine:
    """A QuickJS context with KaTeX in it, and the one thread with a deep stack that it lives in."""

    def __init__(self) -> None:
        self._thread = thread_with_stack(STACK)
        self._context: Any = None

    def run(self, request: str, seconds: float) -> str:
        """Answer `request`, or raise Breakdown; the context that broke is dropped."""
        return self._thread.submit(self._run, request, seconds).result()

    def _run(self, request: str, seconds: float) -> str:
        self._context = self._context or new_context()
        self._context.set_time_limit(seconds)
        try:
            return str(self._context.get("typeset")(request))
        except quickjs().JSException as reason:
            self._context = None
            raise Breakdown(what_broke(str(reason), seconds)) from reason


@cache
def engine() -> Engine:
    """Return this process's engine; it starts at its first call. A forked child gets one of its own."""
    return Engine()


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
    """Return a QuickJS context that knows KaTeX, mhchem and typeset.js; it takes 35 ms."""
    context = quickjs().Context()
    context.set_max_stack_size(STACK - STACK_MARGIN)
    context.set_memory_limit(MEMORY)
    for script in scripts():
        context.eval(script + "\n;0")  # the value of the last statement must be one that Python can take
    return context


def quickjs() -> Any:
    """Return the JavaScript engine's module: the bare one, because `quickjs` starts a thread when imported."""
    try:
        return importlib.import_module("_quickjs")
    except ImportError as reason:
        message = "the maths engine, quickjs-ng, is missing or does not run on this Python"
        hint = "install it with `pip install quickjs-ng`, or switch formulas off: `enabled = false` under `[math]`"
        raise SiteError([error("bifolium", 0, 0, "no-engine", message, hint)]) from reason


def what_broke(reason: str, seconds: float) -> str:
    """Return in our words why QuickJS gave up."""
    if "interrupted" in reason:
        return f"typesetting takes more than {seconds:g} seconds"
    if "out of memory" in reason:
        return f"typesetting takes more than {MEMORY >> 20} MB of memory"
    return f"the maths engine failed: {reason.strip()}"


@cache
def scripts() -> tuple[str, ...]:
    """Return the JavaScript that the engine runs; raise SiteError if KaTeX isn't where the build puts it."""
    try:
        return tuple(path.read_text(encoding="utf-8") for path in SCRIPTS)
    except FileNotFoundError as reason:
        message = "KaTeX is missing from this installation of bifolium"
        hint = "install bifolium with pip, which fetches KaTeX: `pip install .`, or `pip install -e .` to work on it"
        raise SiteError([error("bifolium", 0, 0, "no-katex", message, hint)]) from reason


@cache
def identity() -> str:
    """Return a digest of everything that decides what a formula becomes. It doesn't start the engine."""
    digest = hashlib.blake2b(Path(__file__).read_bytes(), digest_size=16)
    for script in scripts():
        digest.update(script.encode())
    return digest.hexdigest()


@cache
def vocabulary() -> frozenset[str]:
    r"""Return the commands (`\frac`) and environments (`matrix`) that KaTeX knows, for hints."""
    commands = re.findall(r"""["']\\\\([A-Za-z]+)["']""", "".join(scripts()))
    environments = re.findall(r'"([A-Za-z]+\*?)"', "".join(re.findall(r'"array",names:\[([^]]+)\]', scripts()[0])))
    return frozenset({*(f"\\{name}" for name in commands if not INTERNAL.fullmatch(name)), *environments})


def stylesheet_files() -> dict[str, Path]:
    """Return what a site with formulas publishes: KaTeX's stylesheet, and the fonts by the names it calls them."""
    fonts = sorted((KATEX / "fonts").glob("*.woff2"))
    return {"katex.min.css": KATEX / "katex.min.css", **{f"fonts/{font.name}": font for font in fonts}}
