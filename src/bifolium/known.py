"""Names that are known, and which of them is closest to one that isn't, found without a comparison with each.

A name is compared with the few that share the rarest pairs of its letters; where names are few, with all of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import nsmallest

from bifolium.problems import folded, nearest

FEW = 30  # names that are all compared
_PAIRS = 6  # of the name that is sought, the rarest first
_EACH = 200  # names looked at that have a pair
_LIKELY = 10  # names that are compared letter by letter, which takes 20 µs each


@dataclass(frozen=True)
class Known:
    """Names, of which `nearest` finds one."""

    names: tuple[str, ...]

    def nearest(self, word: str) -> str | None:
        """Return the name that is closest to `word`, or None if none is close, form and case aside."""
        return nearest(word, self.names if len(self.names) <= FEW else self._likely(folded(word)))

    @cached_property
    def _having(self) -> Mapping[str, Sequence[str]]:
        """The names that have a pair of letters."""
        found: dict[str, list[str]] = {}
        for name in self.names:
            for pair in _pairs(folded(name)):
                found.setdefault(pair, []).append(name)
        return found

    def _likely(self, word: str) -> Iterable[str]:
        having = sorted((self._having[pair] for pair in _pairs(word) if pair in self._having), key=len)
        shared = Counter(name for names in having[:_PAIRS] for name in names[:_EACH])
        return nsmallest(_LIKELY, shared, key=lambda name: (-shared[name], abs(len(name) - len(word)), name))


def _pairs(name: str) -> Iterator[str]:
    """Yield the pairs of letters in `name`, each once; its ends count as letters."""
    framed = f"\2{name}\3"
    yield from dict.fromkeys(framed[at : at + 2] for at in range(len(framed) - 1))
