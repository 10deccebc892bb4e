"""The standard streams as a program may find them: closed, of a narrow encoding, with a reader that has gone away."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from io import TextIOWrapper


def prepare() -> None:
    """Make the standard streams take all that is printed.

    One that was closed leads nowhere: otherwise the next file that is opened, such as the memo, would be in its place
    and take what is printed. What an encoding doesn't have is written as Python's escapes.
    """
    _fill_gaps()
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 (kept for ever)
    sys.stderr = sys.stderr or open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def is_wide(stream: object) -> bool:
    """Tell whether `stream` can write every character."""
    return str(getattr(stream, "encoding", "") or "").lower().replace("-", "").startswith("utf")


def give_up() -> None:
    """Lead the streams nowhere, so that what is left in them makes no noise when Python flushes them at its end."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)


def _fill_gaps() -> None:
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest free number, which is this one
