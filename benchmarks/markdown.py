"""Markdown's speed: our whole dialect, all options on, against plain CommonMark by markdown-it-py, in one run.

    python benchmarks/markdown.py FOLDER

FOLDER holds Markdown files, at any depth. Each round renders all of them with one and with the other; the best
round counts. What we claim: at most 1.6 times the time, for links, pictures, formulas, code, ids, places and all.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt

from bifolium.markdown import MarkdownOptions, render

ROUNDS = 5
CLAIM = 1.6
SWITCHES: dict[str, Any] = {name: True for name, default in MarkdownOptions._field_defaults.items() if default is False}
EVERYTHING = MarkdownOptions(external=(("rel", "noopener"),), summary=200)._replace(**SWITCHES)


def main(folder: str) -> int:
    """Print both speeds and their ratio; return 1 if the claim doesn't hold."""
    texts = read(Path(folder))
    if not texts:
        print(f"there are no Markdown files in {folder}")
        return 2
    commonmark = MarkdownIt("commonmark")
    candidates: dict[str, Callable[[str], object]] = {
        "markdown-it-py commonmark": commonmark.render,
        "bifolium, default options": lambda text: render(text, 1, MarkdownOptions()),
        "bifolium, everything on": lambda text: render(text, 1, EVERYTHING),
    }
    size = sum(map(len, texts))
    print(f"{len(texts)} texts, {size:,} characters, best of {ROUNDS} rounds")
    times = best(candidates, texts)
    plain = times["markdown-it-py commonmark"]
    for name, seconds in times.items():
        print(f"{name:28} {len(texts) / seconds:7.0f} posts a second, ratio {seconds / plain:.2f}")
    return int(max(times.values()) / plain > CLAIM)


def read(folder: Path) -> list[str]:
    """Return the texts of all Markdown files below `folder`, without their front matter."""
    paths = sorted(path for pattern in ("*.md", "*.markdown") for path in folder.rglob(pattern))
    return [_text(path.read_text(encoding="utf-8")) for path in paths]


def _text(source: str) -> str:
    for fence in ("---\n", "+++\n"):
        if source.startswith(fence):
            return source.partition("\n" + fence)[2]
    return source


def best(candidates: dict[str, Callable[[str], object]], texts: Sequence[str]) -> dict[str, float]:
    """Return the shortest time that each candidate took for all texts; they take turns, so all see the same machine."""
    times = dict.fromkeys(candidates, float("inf"))
    for _ in range(ROUNDS):
        for name, work in candidates.items():
            start = time.perf_counter()
            for text in texts:
                work(text)
            times[name] = min(times[name], time.perf_counter() - start)
    return times


if __name__ == "__main__":
    if len(sys.argv) != len(("markdown.py", "FOLDER")):
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
