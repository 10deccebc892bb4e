"""Write problems as GitHub shows them beside the lines of a pull request: workflow commands of GitHub Actions."""

from __future__ import annotations

from posixpath import join, normpath

from bifolium.problems import Problem, visible

_LEVELS = {"error": "error", "warning": "warning", "note": "notice"}


def annotation(problem: Problem, folder: str = "") -> str:
    """Return the command that annotates the problem's line; `folder` is that of the site within the repository."""
    values = {
        "file": normpath(join(folder, problem.path)),
        "line": str(problem.line or 1),
        "col": str(problem.column) if problem.column else "",
        "title": problem.rule,
    }
    said = ",".join(f"{name}={_escaped(value, ':,')}" for name, value in values.items() if value)
    message = visible(problem.message) + (f"\n{visible(problem.hint)}" if problem.hint else "")
    return f"::{_LEVELS[problem.severity]} {said}::{_escaped(message)}"


def _escaped(text: str, also: str = "") -> str:
    return "".join(f"%{ord(char):02X}" if char in f"%\r\n{also}" else char for char in text)
