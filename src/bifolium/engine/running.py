"""What the engines have in common: a way to run a request within limits, and a way to fail at it."""

from __future__ import annotations

from typing import Protocol

MEMORY = 256 << 20  # bytes


class Breakdown(Exception):  # noqa: N818 (it happens to the engine; the formula is at fault)
    """The engine ran out of time or memory."""


class Engine(Protocol):
    """Runs assets/typeset.js."""

    def run(self, request: str, seconds: float) -> str:
        """Answer `request`, or raise Breakdown; what broke is dropped."""


def what_broke(reason: str, seconds: float) -> str:
    """Return in our words why an engine gave up."""
    if "interrupted" in reason:
        return f"typesetting takes more than {seconds:g} seconds"
    if "out of memory" in reason:
        return f"typesetting takes more than {MEMORY >> 20} MB of memory"
    return f"the maths engine failed: {reason.strip()}"
