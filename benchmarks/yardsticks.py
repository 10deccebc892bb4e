"""What no generator can do without: reading the names of all files, starting Python, writing the output.

Against these stand an unchanged build as a whole, and a cold build's phase of publishing.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator

from benchmarks.peers.bifolium import Bifolium
from benchmarks.timing import Run, timed
from benchmarks.trials import Say

LOOK = "find . -name public -prune -o -printf '%p %T@ %s\\n' >/dev/null; exec {python} -c ''"
WRITING = "writing, within a cold build"
NAMES = ("find and bare python", "cp -r of the output")


def unchanged(peer: Bifolium, rounds: int) -> Iterator[Run]:
    """Yield what it takes to read the names and stamps of all inputs, and to start Python with nothing to do."""
    for _ in range(rounds):
        yield timed(["sh", "-c", LOOK.format(python=peer.python)], peer.folder)


def writing(peer: Bifolium, rounds: int, say: Say) -> dict[str, list[Run]]:
    """Return what publishing takes within a cold build, and what it takes to copy what is published."""
    found: dict[str, list[Run]] = {"bifolium": [], NAMES[1]: []}
    for _ in range(rounds):
        peer.forget()
        done = subprocess.run(
            [*peer.command(), "--profile", "--json"], cwd=peer.folder, capture_output=True, text=True, check=True
        )
        spent = json.loads(done.stdout)["profile"]["phases"]["publish"]
        found["bifolium"].append(Run(spent["wall"], spent["work"], 0))
        shutil.rmtree(peer.folder / "copy", ignore_errors=True)
        found[NAMES[1]].append(timed(["cp", "-r", peer.output, "copy"], peer.folder))
        shutil.rmtree(peer.folder / "copy")
        say(f"writing: {spent['wall']:.2f} s, copying: {found[NAMES[1]][-1].wall:.2f} s")
    return found


def are_here() -> bool:
    """Tell whether these programs are those of this system."""
    return sys.platform != "win32" and all(map(shutil.which, ("sh", "find", "cp")))
