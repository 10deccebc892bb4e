"""Is told what a build does while it does it. This one only hands on how far it is; a profiler wants to know more."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

Progress = Callable[[str, int, int], None]
"""Told the name of a work, how many of its jobs are done, and how many there are."""


def _unheard(_work: str, _done: int, _total: int) -> None:
    """Show no progress."""


class Onlooker:
    """Whoever wants to hear more overrides more; `is_timing` asks for the seconds of single jobs."""

    is_timing = False

    def __init__(self, progress: Progress = _unheard) -> None:
        self.progress = progress

    def begins(self, phase: str) -> None:
        """Hear which phase begins, and so that the one before it has ended."""

    def laid_out(self, urls: Iterable[str], _template_of: Callable[[str], str]) -> Iterable[str]:
        """Return the addresses of pages; the next is asked for when the one before it has been laid out."""
        return urls

    def looked_up(self, work: str, wanted: int) -> None:
        """Hear how many results of a work are wanted, remembered ones among them."""

    def worked(self, work: str, seconds: Mapping[bytes, float], engines: int) -> None:
        """Hear how long jobs took, by their keys, and how many engines were started for them."""


unseen = Onlooker()
"""Heeds nothing."""
