"""How long a saved post takes to be in the page that a browser asks the preview for, everything included."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from urllib.parse import quote

from benchmarks.checking import ARTICLE
from benchmarks.peers import Peer
from benchmarks.preview import port, started, waited
from benchmarks.timing import Run
from benchmarks.trials import Runs, Say, Task

NAME = "preview"
PATIENCE = 60.0  # seconds in which a saved post must have come
FIRST = 900.0  # seconds in which a preview must have started
REST = 5.0  # seconds for what goes on in the background once a preview has started; as long as that took, if longer


def measured(peers: Sequence[Peer], task: Task, rounds: int, say: Say) -> tuple[Runs, list[str]]:
    """Return the seconds by the clock of each generator that has a preview, and which of them didn't show the edit."""
    found: Runs = {}
    wrong: list[str] = []
    for peer in peers:
        if command := peer.preview(free := port()):
            address = f"http://localhost:{free}/{quote(_page(peer, task))}"
            with started(list(command), peer.folder):
                runs = list(_saved(peer, task, address, rounds))
            say(f"preview: {peer.name} {', '.join(f'{1000 * it.wall:.0f}' for it in runs)} ms")
            if any(math.isnan(it.wall) for it in runs):
                wrong.append(f"{peer.name} does not show what was saved in its preview at {address}")
            else:
                found[peer.name] = runs
    return found, wrong


def _page(peer: Peer, task: Task) -> str:
    """Return the address of the edited post's page, as it stands in the output."""
    root = peer.folder / peer.output
    for path in sorted(root.rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        if ARTICLE in text and f"<h1>{task.edited.title}</h1>" in text:
            return path.relative_to(root).as_posix().removesuffix("index.html")
    return ""


def _saved(peer: Peer, task: Task, address: str, rounds: int) -> list[Run]:
    """Return what each save took; the first one isn't counted."""
    time.sleep(max(REST, waited(address, task.edited.title, time.perf_counter(), FIRST)))
    runs = []
    for _ in range(rounds + 1):
        number = time.time_ns() % 10**12
        peer.edit(task.edited, number)
        runs.append(Run(waited(address, f"Edited {number}.", time.perf_counter(), PATIENCE), 0.0, 0))
        if math.isnan(runs[-1].wall):
            return runs[-1:]
        time.sleep(0.5)
    return runs[1:]
