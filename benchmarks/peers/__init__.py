"""The generators that are compared, by name; each module writes the same blog as its generator wants it."""

from __future__ import annotations

from benchmarks.peers.astro import Astro
from benchmarks.peers.bifolium import Bifolium, Fast
from benchmarks.peers.eleventy import Eleventy
from benchmarks.peers.hexo import Hexo
from benchmarks.peers.hugo import Hugo
from benchmarks.peers.jekyll import Jekyll
from benchmarks.peers.marmite import Marmite
from benchmarks.peers.material import Material
from benchmarks.peers.nikola import Nikola
from benchmarks.peers.peer import Absent, Peer
from benchmarks.peers.pelican import Pelican
from benchmarks.peers.zensical import Zensical

PEERS: dict[str, type[Peer]] = {
    it.name: it
    for it in (Bifolium, Fast, Hugo, Eleventy, Hexo, Jekyll, Pelican, Nikola, Material, Zensical, Astro, Marmite)
}
OURS = ("bifolium", "bifolium[fast]")

__all__ = ["OURS", "PEERS", "Absent", "Peer"]
