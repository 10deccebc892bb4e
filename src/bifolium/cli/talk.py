"""Say things: problems and progress on standard error, results for other programs on standard output."""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import IntEnum
from typing import TYPE_CHECKING, Any

import click

from bifolium.cli.streams import is_wide
from bifolium.paint import is_wanted, painted, plain
from bifolium.problems import Problem, SiteError, draw, error, visible

PATIENCE = 0.5  # seconds before progress is worth showing


if TYPE_CHECKING:
    from bifolium.paint import Style


class Loudness(IntEnum):
    """How much is said."""

    QUIET = 0
    NORMAL = 1
    VERBOSE = 2
    CHATTY = 3


class Talk:
    """Prints for people, on standard error; NO_COLOR and dumb terminals are respected."""

    def __init__(self, loudness: Loudness = Loudness.NORMAL) -> None:
        self.loudness = loudness
        self.began = time.monotonic()
        self.shown = False

    def say(self, text: str, style: Style = "", at: Loudness = Loudness.NORMAL) -> None:
        """Print a line, if people want to hear that much."""
        if self.loudness >= at:
            self.clear()
            _print(painted(visible(text), style))

    def problems(self, problems: Iterable[Problem]) -> None:
        """Print every problem as it is drawn everywhere, with a little colour."""
        self.clear()
        for text in drawn(list(problems)):
            _print(text)

    def progress(self, work: str, done: int, total: int) -> None:
        """Show how far a long work is: on a terminal only, and only if it takes longer than people notice."""
        if self.loudness < Loudness.NORMAL or not sys.stderr.isatty() or time.monotonic() - self.began < PATIENCE:
            return
        sys.stderr.write(f"\r\x1b[K{work} {done}/{total}")
        sys.stderr.flush()
        self.shown = True

    def clear(self) -> None:
        """Take the progress line away."""
        if self.shown:
            sys.stderr.write("\r\x1b[K")
            self.shown = False

    def seconds(self) -> float:
        """Return how long this command has been running."""
        return time.monotonic() - self.began


def drawn(problems: Sequence[Problem]) -> Iterator[str]:
    """Yield the painted text of every problem, and of how many there are."""
    for problem in problems:
        first, *rest = draw(problem).split("\n")
        style: Style = "bold red" if problem.severity == "error" else "bold yellow"
        lines = (painted(line, "cyan" if line.startswith("      =") else "") for line in rest)
        yield "\n".join((painted(first, style), *lines))
    if problems:
        kinds = Counter(problem.severity for problem in problems)
        counted = ((kinds[kind], kind) for kind in ("error", "warning", "note"))
        line = ", ".join(f"{count} {word}{'s' * (count != 1)}" for count, word in counted if count)
        yield painted(line, "bold red" if kinds["error"] else "bold yellow")


def answer(value: Any) -> None:
    """Print a value as JSON on standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=not is_wide(sys.stdout), indent=2) + "\n")


def annotate(problems: Iterable[Problem], folder: str) -> None:
    """Print problems as GitHub Actions reads them; `folder` is that of the site, seen from the repository's."""
    from bifolium.annotations import annotation

    for problem in problems:
        sys.stdout.write(annotation(problem, folder) + "\n")


def plainly(problem: Problem) -> dict[str, Any]:
    """Return a problem as JSON has it."""
    return {name: value for name, value in problem._asdict().items() if name != "width"}


@contextmanager
def also_as_json(wanted: bool, shape: Callable[[tuple[Problem, ...]], Any]) -> Iterator[None]:
    """If JSON is wanted, print the problems that end the command in that `shape`, too."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as failed:
        if wanted:
            answer(shape((refusal(failed),)))
        raise
    except SiteError as failed:
        if wanted:
            answer(shape(failed.problems))
        raise


def refusal(failed: OSError) -> Problem:
    """Return the problem of what the system doesn't let us have: a file, a port."""
    return error(str(failed.filename or "bifolium"), 0, 0, "system", (failed.strerror or str(failed)).lower())


def _print(text: str) -> None:
    wanted = is_wanted(sys.stderr, os.environ)
    click.echo(text if wanted else plain(text), err=True, color=wanted)
