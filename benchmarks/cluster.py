"""What a Dask cluster costs: the work that is left at home when its workers render, and what they take themselves.

    python -m benchmarks.cluster [--posts 1000]

A scheduler and two workers run on this machine, so nothing can be quicker by the clock; but processors' time tells from
where on it would be. What is left at home of rendering, typesetting and colouring is the wire: to connect, pack, send
and unpack.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks import blog
from benchmarks.peers.bifolium import Bifolium

PHASES = ("render texts", "typeset formulas", "colour code")
LOCAL = ("--host", "127.0.0.1", "--no-dashboard")


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--posts", type=int, default=1000)
    number = parser.parse_args().posts
    with tempfile.TemporaryDirectory(prefix="bifolium-") as folder, ExitStack() as stack:
        peer = Bifolium(Path(), Path(folder) / "blog", math=True)
        peer.write(blog.posts(number, math=True))
        spread, rest = _built(peer, "--jobs", "1")
        address = stack.enter_context(_started("dask_scheduler", *LOCAL, "--port", "0"))
        for _ in range(2):
            stack.enter_context(_started("dask_worker", address, *LOCAL, "--no-nanny", "--nthreads", "1"))
        _built(peer, "--cluster", address)  # the workers import what they need, and start engines
        wire, _ = _built(peer, "--cluster", address)
    print(f"{number} posts, processor time a post, in ms:")
    for name, seconds in (("what can be spread", spread), ("the rest of a build", rest), ("the wire", wire)):
        print(f"  {name:20} {1000 * seconds / number:7.2f}")
    least = (wire + rest) / (spread + rest)
    print(f"with any number of workers, a first build takes at least {least:.2f} of what it takes on one core")


def _built(peer: Bifolium, *options: str) -> tuple[float, float]:
    """Return the seconds of work that a first build takes at home: in the phases that can be spread, and in others."""
    peer.forget()
    command = [*peer.command(), "--profile", "--json", *options]
    done = subprocess.run(command, cwd=peer.folder, capture_output=True, text=True, check=True)
    phases = {name: it["work"] for name, it in json.loads(done.stdout)["profile"]["phases"].items()}
    spread = sum(phases.pop(name) for name in PHASES)
    return spread, sum(phases.values())


@contextmanager
def _started(module: str, *arguments: str) -> Iterator[str]:
    """Run a part of Dask meanwhile; give the scheduler's address."""
    command = [sys.executable, "-m", f"distributed.cli.{module}", *arguments]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
        try:
            told = (re.search(r"(?:Scheduler|Registered to) ?(?:at)?: +(tcp://\S+)", it) for it in process.stderr or ())
            yield next(found[1] for found in told if found)
        finally:
            process.kill()


if __name__ == "__main__":
    main()
