"""The workflows that publish, ours and that of a new blog: what they may do, and that their shell lines work."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from lab import HERE

from bifolium.cli import run

ROOT = HERE.parent
OURS = ROOT / ".github" / "workflows" / "publish.yml"
STARTER = ROOT / "src" / "bifolium" / "starter" / ".github" / "workflows" / "publish.yml"
ADDRESS = "https://somebody.example/blog"
BOTH = pytest.mark.parametrize("path", [OURS, STARTER], ids=["ours", "starter"])


def jobs(path: Path) -> dict[str, Any]:
    """Return a workflow's jobs."""
    return dict(yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"])


def manual(folder: Path) -> None:
    """Copy this repository's own site."""
    shutil.copy(ROOT / "pyproject.toml", folder)
    for name in ("posts", "pages", "images", "templates"):
        shutil.copytree(ROOT / name, folder / name)


def starter(folder: Path) -> None:
    """Make a new blog."""
    assert run(["init", str(folder)]) == 0


@BOTH
def test_every_action_is_pinned_and_every_job_may_do_only_what_it_must(path: Path) -> None:
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    unpinned = [
        it["uses"] for it in steps if "uses" in it and not re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", it["uses"])
    ]
    assert unpinned == []
    assert workflow["permissions"] == {}
    assert {name: job["permissions"] for name, job in workflow["jobs"].items()} == {
        "build": {"contents": "read", "pages": "read"},
        "publish": {"pages": "write", "id-token": "write"},
    }
    assert [it["with"]["persist-credentials"] for it in steps if "checkout" in it.get("uses", "")] == [False]
    assert "github.ref == 'refs/heads/main'" in workflow["jobs"]["publish"]["if"]


@pytest.mark.parametrize(
    ("path", "make", "install"),
    [(OURS, manual, "python -m pip install ."), (STARTER, starter, "python -m pip install bifolium")],
    ids=["ours", "starter"],
)
def test_the_shell_lines_build_check_and_leave_the_site_where_it_is_taken_from(
    path: Path, make: Callable[[Path], None], install: str, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    site.mkdir()
    make(site)
    program = tmp_path / "bin" / "bifolium"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m bifolium "$@"\n')
    program.chmod(0o755)
    paths = {"PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": os.pathsep.join(sys.path)}
    lines = [step for step in jobs(path)["build"]["steps"] if "run" in step]
    assert lines[0]["run"] == install
    for step in lines[1:]:
        words = {
            name: value.replace("${{ steps.pages.outputs.base_url }}", ADDRESS)
            for name, value in step.get("env", {}).items()
        }
        done = subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", step["run"]],
            cwd=site,
            env={**os.environ, **paths, **words},
            capture_output=True,
            text=True,
        )
        assert (done.returncode, [it for it in done.stdout.splitlines() if not it.startswith("::notice")]) == (0, []), (
            done.stderr
        )
    taken = [step["with"]["path"] for step in jobs(path)["build"]["steps"] if "upload" in step.get("uses", "")]
    assert taken == ["public", "public"]
    assert f'href="{ADDRESS}/' in (site / "public" / "index.html").read_text(encoding="utf-8")
    assert (site / ".bifolium").is_dir()
