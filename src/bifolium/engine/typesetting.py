"""From formulas to HTML, whatever a formula does to the engine.

Limits and measurements: a chunk of 50 formulas takes some 50 ms, so one that takes ten seconds holds a hostile
formula, which is then found one by one. assets/typeset.js is the JavaScript side.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

from bifolium.engine import quickjs, v8
from bifolium.engine.running import Breakdown, Engine
from bifolium.model import Slip, Typeset
from bifolium.problems import SiteError, error

CHUNK = 50
CHUNK_SECONDS = 10.0
FORMULA_SECONDS = 5.0
LONGEST = 20_000  # KaTeX's time grows with the square of a formula's length; the longest of a real blog has 2,214
MANY = 100  # formulas for which V8 is quicker than QuickJS, its later start included
TOO_DEEP = "the formula is nested too deeply"
OUTPUT = {"both": "htmlAndMathml", "html": "html", "mathml": "mathml"}
SURROGATE = re.compile("[\ud800-\udfff]")
NAMING = re.compile(r"\\char|\\unicode")  # by which TeX makes characters that its text doesn't hold
UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")  # among them those of a body's markers


class FormulaJob(NamedTuple):
    r"""A formula as the engine gets it; `definitions` are those made before it that it uses: `\def\R{\mathbb R}`."""

    tex: str
    display: bool
    definitions: tuple[str, ...] = ()


class Manner(NamedTuple):
    """The settings that decide what a formula becomes."""

    output: Literal["both", "html", "mathml"] = "both"
    strict: Literal["ignore", "warn", "error"] = "ignore"


def typeset(formulas: Sequence[FormulaJob], manner: Manner = Manner()) -> list[Typeset]:  # noqa: B008 (it is immutable)
    r"""Return what KaTeX makes of each formula, in order; starts an engine only if there is something to do.

    A formula sees its definitions, and none made in another formula.
    """
    results = [refused(job) for job in formulas]
    accepted = [at for at, refusal in enumerate(results) if refusal is None]
    for start in range(0, len(accepted), CHUNK):
        chunk = accepted[start : start + CHUNK]
        engine = engine_for(len(accepted))
        for at, made in zip(chunk, typeset_chunk([formulas[at] for at in chunk], manner, engine), strict=True):
            results[at] = made
    return [result for result in results if result is not None]


def starts() -> int:
    """Return how many engines this process has started."""
    return sum(it.engine().started for it in (quickjs, v8) if it.is_running())


def lost(_job: object) -> Typeset:
    """Return what stands for a formula that ended the process it was typeset in."""
    return Typeset("", "the maths engine broke down", 0, lasting=False)


def refused(job: FormulaJob) -> Typeset | None:
    """Return the error of a formula that the engine must not see, or None."""
    length = sum(map(len, job.definitions), len(job.tex))
    if length > LONGEST:
        among = ", its macros included" if job.definitions else ""
        return Typeset("", f"the formula has {length:,} characters{among}, more than {LONGEST:,}", 0)
    if found := SURROGATE.search(job.tex):
        return Typeset("", f"half a character: a lone surrogate, U+{ord(found[0]):04X}", found.start())
    return None


def engine_for(formulas: int) -> Engine:
    """Return the engine that takes the least time for so many formulas; raise SiteError if there is none."""
    if (formulas >= MANY or v8.is_running() or not quickjs.is_here()) and v8.is_here():
        return v8.engine()
    if quickjs.is_here():
        return quickjs.engine()
    message = "the maths engine, quickjs-ng, is missing or does not run on this Python"
    hint = "install another one with `pip install mini-racer`, or switch formulas off: `enabled = false` under `[math]`"
    raise SiteError([error("bifolium", 0, 0, "no-engine", message, hint)])


def typeset_chunk(jobs: Sequence[FormulaJob], manner: Manner, engine: Engine) -> list[Typeset]:
    """Typeset some formulas in one call; what the engine breaks on goes to the patient one, if need be one by one."""
    patient = quickjs.engine() if quickjs.is_here() else engine
    try:
        made = call(jobs, manner, engine, CHUNK_SECONDS)
    except Breakdown:
        if engine is not patient:
            return typeset_chunk(jobs, manner, patient)
        return [typeset_alone(job, manner, patient) for job in jobs]
    if engine is patient:
        return made
    pairs = zip(jobs, made, strict=True)
    return [typeset_alone(job, manner, patient) if it.error == TOO_DEEP else it for job, it in pairs]


def typeset_alone(job: FormulaJob, manner: Manner, engine: Engine) -> Typeset:
    """Typeset one formula, whatever it does to the engine."""
    try:
        return call([job], manner, engine, FORMULA_SECONDS)[0]
    except Breakdown as reason:
        return Typeset("", str(reason), lasting=False)


def call(jobs: Sequence[FormulaJob], manner: Manner, engine: Engine, seconds: float) -> list[Typeset]:
    """Have the engine typeset `jobs` within `seconds`; raise Breakdown if it can't."""
    request = json.dumps({"formulas": jobs, "output": OUTPUT[manner.output], "strict": manner.strict})
    answers = json.loads(engine.run(request, seconds))
    return [read(answer, job) for job, answer in zip(jobs, answers, strict=True)]


def read(answer: list[Any], job: FormulaJob) -> Typeset:
    """Return the glue's answer for `job` as a value, its offset and width in characters."""
    tex = job.tex
    if len(answer) == 1:
        unfit = UNFIT.search(answer[0]) if NAMING.search("".join((tex, *job.definitions))) else None
        said = f"this makes the character U+{ord(unfit[0]):04X}, which no page may hold" if unfit else ""
        return Typeset("", said, 0) if unfit else Typeset(answer[0])
    html, message, offset, length, *more = answer
    return Typeset(html, *slip(tex, message, offset, length), more=tuple(slip(tex, *other) for other in more))


def slip(tex: str, message: str, offset: int, length: int) -> Slip:
    """Return what is wrong in `tex`, its place in characters."""
    start = in_characters(tex, offset)
    return Slip(message, start, max(1, in_characters(tex, offset + length) - start) if offset >= 0 else 1)


def in_characters(tex: str, offset: int) -> int:
    """Return the index into `tex` of an offset that counts UTF-16 units, as JavaScript does; −1 stays."""
    if offset <= 0 or tex.isascii():
        return offset
    return len(tex.encode("utf-16-le")[: 2 * offset].decode("utf-16-le", "ignore"))
