"""The benchmark's small form: what is done is counted, and is no more than needs be."""

from __future__ import annotations

import importlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

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
            "cold: Counts(laid_out=73, rendered=24, typeset=144, coloured=48, written=129, engines=1)",
            "unchanged: Counts(laid_out=0, rendered=0, typeset=0, coloured=0, written=0, engines=0)",
            "one post edited: Counts(laid_out=1, rendered=1, typeset=0, coloured=0, written=1, engines=0)",
            "template edited: Counts(laid_out=69, rendered=0, typeset=0, coloured=0, written=69, engines=0)",
        ],
    )


def test_the_manual_shows_the_figures_that_are_in_the_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    chart = importlib.import_module("benchmarks.chart")
    results = json.loads(chart.FIGURES.read_text(encoding="utf-8"))
    post, drawn = chart.POST.read_text(encoding="utf-8"), chart.CHART.read_text(encoding="utf-8")
    assert chart.with_figures(post, results) == post
    assert chart.svg(chart.groups(results)) == drawn
    assert not any(found["wrong"] for case in results["cases"].values() for found in case.values())
    shown = re.findall(r">([0-9.]+ m?s)<", drawn)
    assert shown
    assert all(figure in post for figure in shown)
