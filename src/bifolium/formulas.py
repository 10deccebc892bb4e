"""The formulas of the site's texts: what the engine makes of them, the macros that they use, and their mistakes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from bifolium import dress, engine, memo, pool, sources
from bifolium.dress import Seen
from bifolium.engine import FormulaJob, Manner
from bifolium.frontmatter.characters import decode
from bifolium.ledger import Gist
from bifolium.math import hints
from bifolium.math import macros as macros_
from bifolium.math.definitions import Lexicon, commands, known, outliving
from bifolium.math.macros import Macros
from bifolium.math.prepare import as_written, original, prepare
from bifolium.model import Formula, Fragment, Tree, Typeset
from bifolium.problems import Problem, error
from bifolium.recall import NOTHING, Recall
from bifolium.settings import Math
from bifolium.site import Site
from bifolium.workshop import Workshop

A_TICKET = 100
RULE = "tex"


def site_macros(site: Site, tree: Tree, recall: Recall = NOTHING) -> Macros:
    """Return what the site's macro file defines; nothing if there is none, and none is asked for."""
    path = site.settings.math.macros
    if path not in tree:
        return Macros(path, problems=() if path == Math().macros else (_missing(path),))
    try:
        text = decode(path, sources.read(site.folder, path))
    except OSError as problem:
        return Macros(path, problems=(sources.unreadable(path, problem),))
    if not isinstance(text, str):
        return Macros(path, problems=text)
    return recall.once(macros_.parse, path, text, engine.vocabulary(), engine.built_in())


def typeset(site: Site, shop: Workshop, fragments: Iterable[Fragment], macros: Macros) -> dict[Seen, Typeset]:
    """Return what the engine makes of all formulas of `fragments`, in one batch; only new ones are typeset."""
    every = list(dict.fromkeys(dress.seen(it, fragment) for fragment in fragments for it in fragment.formulas))
    jobs = [job(formula, macros) for formula in every]
    made = shop.remembered(engine.typeset, jobs, Typeset, (manner(site),), A_TICKET, engine.lost)
    return dict(zip(every, made, strict=True))


def expect(site: Site) -> None:
    """Have the engine started in the process beside this one, if that is where it will run: it takes 200 ms."""
    if not pool.may_fork():
        pool.beside().submit(engine.typeset, [FormulaJob("x", display=False)], manner(site))


def keys(site: Site, shop: Workshop, every: Iterable[Seen], macros: Macros) -> list[bytes]:
    """Return the keys under which formulas are remembered."""
    return shop.keys(engine.typeset, [job(formula, macros) for formula in every], (manner(site),))


def manner(site: Site) -> Manner:
    """Return the settings that decide what a formula becomes."""
    return Manner(site.settings.math.output, site.settings.math.strict)


def job(formula: Seen, macros: Macros) -> FormulaJob:
    """Return a formula with the definitions, of the site and of its post, that it really uses."""
    tex, display, before = formula
    ready = prepare(tex)
    if not (before or macros.definitions):
        return FormulaJob(ready, display)
    return FormulaJob(ready, display, tuple(it.source for it in lexicon(macros, before).needed(commands(ready))))


@lru_cache(maxsize=256)
def lexicon(macros: Macros, before: tuple[str, ...] = ()) -> Lexicon:
    """Return the site's definitions, with those made earlier in a post behind them."""
    return Lexicon([*macros.definitions, *map(known, before)])


def commands_of(fragment: Fragment) -> tuple[str, ...]:
    """Return every command that the formulas of `fragment` name."""
    used = (commands(it.tex) for it in fragment.formulas)
    return tuple(sorted(frozenset().union(*used, *map(commands, fragment.definitions))))


def needs(fragment: Fragment, macros: Macros) -> tuple[str, ...]:
    """Return the site's definitions that the formulas of `fragment` use."""
    return tuple(it.source for it in lexicon(macros).needed(commands_of(fragment)))


def stamp(gist: Gist, macros: Macros) -> bytes:
    """Return the digest of all that a text has from the macro file: it is empty for most.

    What is said of a mistaken formula may name any macro that there is.
    """
    needed = [it.source for it in lexicon(macros).needed(gist.commands)]
    if any(problem.rule == RULE for problem in gist.problems):
        needed += sorted(it.name for it in macros.definitions)
    return memo.digest(needed) if needed else b""


def problems(content: Fragment, made: Mapping[Seen, Typeset], macros: Macros) -> Iterator[Problem]:
    """Yield what is wrong with the formulas of a text, each at its place."""
    for formula in content.formulas:
        result = made[dress.seen(formula, content)]
        for slip in (result, *(result._replace(**it._asdict()) for it in result.more)) if result.error else ():
            yield problem(formula, slip, content.definitions[: formula.defined], macros)


def problem(formula: Formula, result: Typeset, before: tuple[str, ...], macros: Macros) -> Problem:
    """Return what is wrong with `formula`, at the token in the file; inside of a macro, where that is used."""
    own = tuple(it.source for it in outliving(prepare(formula.tex)))
    words = lexicon(macros, before + own)
    said = as_written(result.error, formula.tex)
    hint = hints.hint(said, formula.tex, engine.vocabulary() | words.places.keys())
    offset, width = spot(formula.tex, result, words)
    line, column = inside(formula, offset)
    if result.offset < 0 and width > 1:
        hint = "; ".join(filter(None, [f"it comes from the macro `{formula.tex[offset : offset + width]}`", hint]))
    rest = formula.tex[offset : offset + width].split("\n")[0]
    return Problem("", line, column, RULE, said, hint, width=max(1, len(rest)))


def spot(tex: str, result: Typeset, words: Lexicon) -> tuple[int, int]:
    """Return offset and width, in the author's TeX, of what is wrong."""
    if result.offset >= 0:
        start = original(tex, result.offset)
        return start, max(1, original(tex, result.offset + result.width) - start)
    return next(culprits(tex, result.error, words), (0, 1))


def culprits(tex: str, said: str, words: Lexicon) -> Iterator[tuple[int, int]]:
    """Yield the places of the macros in `tex` that may have made the engine say something, the likeliest first."""
    used = [(name, tex.index(name)) for name in commands(tex) if name in words.places]
    named = [(name, at) for name, at in used if _mentions(words.needed([name]), said)]
    for name, at in sorted(named or used, key=lambda pair: pair[1]):
        yield at, len(name)


def _mentions(definitions: Sequence[object], said: str) -> bool:
    return any(name in said for it in definitions for name in commands(getattr(it, "body", "")))


def inside(formula: Formula, offset: int) -> tuple[int, int]:
    """Return line and column of the `offset`th character of a formula, whose later lines keep the file's columns."""
    before = formula.tex[:offset].split("\n")
    column = len(before[0]) + formula.column if len(before) == 1 else len(before[-1]) + 1
    return formula.line + len(before) - 1, column


def unused(macros: Macros, gists: Collection[Gist]) -> Iterator[Problem]:
    """Yield a note for each of the site's macros that no formula needs."""
    names = frozenset[str]().union(*(gist.commands for gist in gists))
    needed = {it.name for it in lexicon(macros).needed(names)}
    return macros_.unused(macros, needed)


def _missing(path: str) -> Problem:
    hint = "write the file, or remove `macros` from `[math]`"
    return error(path, 0, 0, "missing-file", "the settings name this file of macros, and it isn't there", hint)
