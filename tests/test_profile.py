"""`build --profile`: what it counts is exact; of what it times, only that it is there."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from lab import Lab

POST = "---\ntitle: Tide {day}\n---\nAt $x^{formula}$.\n\n```python\ntide = {code}\n```\n"
POSTS = {f"posts/2026-01-{day:02}-tide.md": POST.format(day=day, formula=day % 5, code=day % 3) for day in range(1, 11)}
PHASES = [
    *("start Python, import", "look for changes", "read", "arrange", "render texts", "typeset formulas", "colour code"),
    *("resolve links", "look at pictures", "find stale pages", "lay out pages", "look for mistakes", "publish"),
    "note what was done",
]


def built(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bifolium", "-C", str(folder), "build", "--profile", *options]
    return subprocess.run(command, capture_output=True, text=True, check=True)


def profiled(folder: Path) -> Any:
    return json.loads(built(folder, "--json", "-j", "1").stdout)["profile"]


def test_a_profile_counts_what_was_remembered_and_what_was_made(tmp_path: Path) -> None:
    lab = Lab(tmp_path, POSTS)
    cold = profiled(tmp_path)
    assert (cold["kept"], cold["engines"]) == (
        {
            "texts": {"needed": 10, "made": 10},
            "formulas": {"needed": 5, "made": 5},
            "listings": {"needed": 3, "made": 3},
            "pages": {"needed": 15, "made": 15},
        },
        1,
    )
    assert list(cold["phases"]) == PHASES
    assert {it["path"] for it in cold["posts"]} == set(POSTS)
    assert all(it["text"] > 0 and it["page"] > 0 for it in cold["posts"])
    assert {it["template"]: it["pages"] for it in cold["templates"]}["post.html"] == 10

    lab.write({"posts/2026-01-07-tide.md": "---\ntitle: Tide 7\n---\nAt $x^2$, and $y$.\n"})
    edited = profiled(tmp_path)
    assert (edited["kept"]["texts"], edited["kept"]["formulas"], edited["engines"]) == (
        {"needed": 10, "made": 1},
        {"needed": 7, "made": 1},  # two of the text, and those of texts that home and feed show beside it
        1,
    )
    assert [it["path"] for it in edited["posts"]] == ["posts/2026-01-07-tide.md"]


def test_worker_processes_tell_what_they_did(tmp_path: Path) -> None:
    many = {f"posts/2026-01-01-tide-{n}.md": f"---\ntitle: Tide {n}\n---\nTide {n} rises.\n" for n in range(80)}
    Lab(tmp_path, many)
    profile = json.loads(built(tmp_path, "--json", "-j", "2").stdout)["profile"]
    assert profile["kept"]["texts"] == {"needed": 80, "made": 80}
    assert all(it["text"] > 0 for it in profile["posts"])


def test_a_profile_is_printed_for_people(tmp_path: Path) -> None:
    Lab(tmp_path, POSTS)
    built(tmp_path)
    said = built(tmp_path).stderr.splitlines()
    at = next(number for number, line in enumerate(said) if line.endswith("work") and "remembered" in line)
    assert said[at:-1] == [
        "      needed  remembered      made  work",
        "          10          10         0  texts",
        "          15          15         0  pages",
        "",
        "0 engines started",
    ]
    assert "phase" in said[0]


def test_without_profiling_nothing_of_it_is_imported(tmp_path: Path) -> None:
    Lab(tmp_path, POSTS)
    code = (
        "import sys; from bifolium.cli import run; run(['build', '-q']); print('bifolium.cli.profiling' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
