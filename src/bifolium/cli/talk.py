"""Say things: problems and progress on standard error, results for other programs on standard output."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from bifolium.cli.streams import is_wide
from bifolium.problems import Problem, SiteError, draw, error, visible

if TYPE_CHECKING:
    from rich.console import Console

PATIENCE = 0.5  # seconds before progress is worth showing


class Loudness(IntEnum):
    """How much is said."""

    QUIET = 0
    NORMAL = 1
    VERBOSE = 2
    CHATTY = 3


class Talk:
    """Prints for people, on standard error; NO_COLOR and dumb terminals are respected (rich does)."""

    def __init__(self, loudness: Loudness = Loudness.NORMAL) -> None:
        self.loudness = loudness
        self.began = time.monotonic()
        self.shown = False

    def say(self, text: str, style: str = "", at: Loudness = Loudness.NORMAL) -> None:
        """Print a line, if people want to hear that much."""
        if self.loudness >= at:
            self.clear()
            _console().print(visible(text), style=style or None, markup=False, highlight=False, soft_wrap=True)

    def problems(self, problems: Iterable[Problem]) -> None:
        """Print every problem as it is drawn everywhere, with a little colour."""
        found = list(problems)
        self.clear()
        for problem in found:
            _print_problem(problem)
        if found:
            errors = sum(problem.severity == "error" for problem in found)
            notes = sum(problem.severity == "note" for problem in found)
            counts = ((errors, "error"), (len(found) - errors - notes, "warning"), (notes, "note"))
            line = ", ".join(f"{count} {word}{'s' * (count != 1)}" for count, word in counts if count)
            _console().print(line, style="bold red" if errors else "bold yellow", highlight=False)

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


def answer(value: Any) -> None:
    """Print a value as JSON on standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=not is_wide(sys.stdout), indent=2) + "\n")


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
    """Return the problem of a file that the disk doesn't let us have."""
    return error(str(failed.filename or "bifolium"), 0, 0, "disk", (failed.strerror or str(failed)).lower())


def _print_problem(problem: Problem) -> None:
    from rich.text import Text

    first, *rest = draw(problem).split("\n")
    text = Text(first, style="bold red" if problem.severity == "error" else "bold yellow")
    for line in rest:
        text.append("\n" + line, style="not bold cyan" if line.startswith("      =") else "not bold default")
    _console().print(text, highlight=False, soft_wrap=True)


def _console() -> Console:
    from rich.console import Console

    return Console(stderr=True)
