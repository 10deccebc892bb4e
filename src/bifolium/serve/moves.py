"""Where pages went: a tab that shows a post follows when its file is renamed, or its date or slug is another."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from bifolium.build import Proof
from bifolium.plan import card_of


@dataclass
class Moves:
    """The new address of what stood at one; `lost` are the addresses of texts that are gone, by their digest."""

    to: dict[str, str] = field(default_factory=dict)
    lost: dict[bytes, str] = field(default_factory=dict)

    def note(self, old: Proof, new: Proof, same: Collection[str]) -> None:
        """Take note of what moved between two states of a site, where the `same` texts did not change."""
        before, now = old.corpus.read.readings, new.corpus.read.readings
        for path in before.keys() - now.keys():
            if card := card_of(old.press.plan, path):
                self.lost[before[path].digest] = card.url
        for path in now.keys() - same:
            was, is_now = card_of(old.press.plan, path), card_of(new.press.plan, path)
            if is_now:
                self._moved(was.url if was else self.lost.pop(now[path].digest, ""), is_now.url)

    def _moved(self, old: str, new: str) -> None:
        """Remember that `old` is `new` now, and what had led to `old` leads there, too."""
        self.to.pop(new, None)
        if not old or old == new:
            return
        self.to = {url: new if at == old else at for url, at in self.to.items()} | {old: new}
