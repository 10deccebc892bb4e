"""Run git and rsync; what they refuse is a problem with their own words."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from bifolium.problems import SiteError, error

_WORDS = 6  # lines of a program's complaint that are shown


def run(
    arguments: Sequence[str], stdin: bytes = b"", more: Mapping[str, str] | None = None, folder: Path | None = None
) -> bytes:
    """Return what a program prints; raises SiteError if it isn't there or fails."""
    try:
        done = subprocess.run(  # noqa: S603 (the program is ours to name, the rest are the settings' own words)
            arguments, input=stdin, env={**os.environ, "LC_ALL": "C", **(more or {})}, cwd=folder, capture_output=True
        )
    except FileNotFoundError:
        hint = f"install `{arguments[0]}`"
        raise SiteError([error(arguments[0], 0, 0, "deploy", "there is no such program", hint)]) from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines() or [f"it ended with {done.returncode}"]
        raise SiteError([error(arguments[0], 0, 0, "deploy", "; ".join(said[-_WORDS:]))])
    return done.stdout
