"""What an author doesn't want to hear of: rules that a text ignores, and a baseline of what was there before.

A text ignores rules in a comment of its front matter: `# bifolium: ignore=missing-alt, raw-tex`. Errors
can't be ignored.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from bifolium.problems import Problem, visible

_COMMENT = re.compile(r"#\s*bifolium:\s*ignore\s*=\s*([a-z0-9-]+(?:\s*,\s*[a-z0-9-]+)*)\s*$", re.IGNORECASE)
_FENCES = frozenset(("---", "+++"))
_HEAD = "# What `bifolium check` doesn't tell any more. Delete a line, and it is told again.\n"


def ignored(lines: Sequence[str]) -> frozenset[str]:
    """Return the rules that a text with these lines ignores."""
    fence = lines[0].rstrip() if lines else ""
    if fence not in _FENCES:
        return frozenset()
    rules: set[str] = set()
    for line in lines[1:]:
        if line.rstrip() in {fence, "..."}:
            break
        if found := _COMMENT.match(line):
            rules |= {rule.strip().lower() for rule in found[1].split(",")}
    return frozenset(rules)


def heard(problems: Iterable[Problem], rules: frozenset[str]) -> Iterator[Problem]:
    """Yield the problems of a text that ignores `rules`."""
    return (it for it in problems if it.severity == "error" or it.rule not in rules)


def baseline(problems: Iterable[Problem]) -> str:
    """Return the file that makes all of `problems` known: a line each, without its place, which edits move."""
    return _HEAD + "".join(f"{line}\n" for line in sorted(map(_line, problems)))


def unknown(problems: Iterable[Problem], known: str) -> tuple[Problem, ...]:
    """Return the problems that a baseline doesn't name; one that it names twice may be there twice."""
    left = Counter(line for line in known.splitlines() if line and not line.startswith("#"))
    found = []
    for problem in problems:
        line = _line(problem)
        if left[line]:
            left[line] -= 1
        else:
            found.append(problem)
    return tuple(found)


def _line(problem: Problem) -> str:
    return visible(f"{problem.path}: {problem.message} [{problem.rule}]")
