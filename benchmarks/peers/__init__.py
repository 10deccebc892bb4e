"""The generators that are compared, by name; each module writes the same blog as its generator wants it."""

from __future__ import annotations

from benchmarks.peers.bifolium import Bifolium, Fast
from benchmarks.peers.eleventy import Eleventy
from benchmarks.peers.hugo import Hugo
from benchmarks.peers.peer import Absent, Peer
from benchmarks.peers.pelican import Pelican

PEERS: dict[str, type[Peer]] = {it.name: it for it in (Bifolium, Fast, Hugo, Eleventy, Pelican)}
OURS = ("bifolium", "bifolium[fast]")

__all__ = ["OURS", "PEERS", "Absent", "Peer"]
