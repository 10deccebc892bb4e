"""The benchmark's small form: what is done is counted, and is no more than needs be."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import bifolium

ROOT = Path(__file__).parents[1]


def test_no_build_does_more_than_it_needs() -> None:
    paths = (str(ROOT), str(Path(bifolium.__file__).parents[1]))
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths)}
    command = [sys.executable, "-m", "benchmarks", "--counts"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.splitlines()) == (
        0,
        [
            "cold: Counts(laid_out=73, rendered=24, typeset=144, coloured=48, written=125)",
            "unchanged: Counts(laid_out=0, rendered=0, typeset=0, coloured=0, written=0)",
            "one post edited: Counts(laid_out=1, rendered=1, typeset=0, coloured=0, written=1)",
            "template edited: Counts(laid_out=69, rendered=0, typeset=0, coloured=0, written=69)",
        ],
    )
