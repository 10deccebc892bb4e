"""When to look at what changed: soon after a save, not in the middle of one, seldom during a burst. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

LONE = 0.01  # seconds of quiet after one file was closed
SEVERAL = 0.06  # after more than one event: editors' swap files, renames
BURST = 0.2  # when many files change, as by `git checkout`
MANY = 12  # files that make a burst
LONGEST = 1.0  # seconds after which a burst is looked at even if it goes on
OPEN = 2.0  # seconds for which a file that is being written may stay open

Happening = Literal["writing", "closed", "moved", "gone"]


@dataclass
class Quiet:
    """Collects what happened to files and tells when to look. Times are seconds of any clock."""

    first: float = 0.0
    last: float = 0.0
    paths: dict[str, Happening] = field(default_factory=dict)
    events: int = 0

    def ring(self, path: str, what: Happening, now: float) -> None:
        """Note that something happened to `path`."""
        self.first = now if not self.paths else self.first
        self.last = now
        self.paths[path] = what
        self.events += 1

    def due(self) -> float | None:
        """Return when to look, if nothing more happens; None: there is nothing to look at."""
        if not self.paths:
            return None
        if "writing" in self.paths.values():
            return min(self.last + OPEN, self.first + OPEN + LONGEST)
        if len(self.paths) >= MANY:
            return min(self.last + BURST, self.first + LONGEST)
        return min(self.last + (LONE if len(self.paths) == 1 else SEVERAL), self.first + LONGEST)

    def taken(self) -> frozenset[str]:
        """Return the paths to look at, and begin anew."""
        paths = frozenset(self.paths)
        self.paths.clear()
        self.events = 0
        return paths
