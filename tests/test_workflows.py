"""The workflows that publish, ours and that of a new blog: what they may do, and that their shell lines work."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from lab import HERE

from bifolium.cli import run
from bifolium.config import faults

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


def play(line: str, site: Path, **words: str) -> None:
    """Play a shell line in the site's folder; it must come to its end and find no fault."""
    program = site.parent / "bin" / "bifolium"
    program.parent.mkdir(exist_ok=True)
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m bifolium "$@"\n')
    program.chmod(0o755)
    paths = {"PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": os.pathsep.join(sys.path)}
    bash = ["bash", "-e", "-o", "pipefail", "-c", line]
    done = subprocess.run(bash, cwd=site, env={**os.environ, **paths, **words}, capture_output=True, text=True)
    said = [it for it in done.stdout.splitlines() if not it.startswith("::notice")]
    assert (done.returncode, said) == (0, []), done.stderr


def assert_finished(site: Path) -> None:
    """Assert that the site was built where it is taken from, for its address."""
    assert f'href="{ADDRESS}/' in (site / "public" / "index.html").read_text(encoding="utf-8")
    assert (site / ".bifolium").is_dir()


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
    lines = [step for step in jobs(path)["build"]["steps"] if "run" in step]
    assert lines[0]["run"] == install
    for step in lines[1:]:
        words = step.get("env", {}).items()
        play(
            step["run"],
            site,
            **{it: value.replace("${{ steps.pages.outputs.base_url }}", ADDRESS) for it, value in words},
        )
    taken = [step["with"]["path"] for step in jobs(path)["build"]["steps"] if "upload" in step.get("uses", "")]
    assert taken == ["public", "public"]
    assert_finished(site)


def recipes() -> dict[str, str]:
    """Return the blocks of code about other hosts in the manual, by their languages."""
    text = next((ROOT / "posts").glob("*-publishing.md")).read_text(encoding="utf-8").partition("## Other hosts")[2]
    return dict(re.findall(r"^```(\w+)\n(.*?)^```", text, re.DOTALL | re.MULTILINE))


def test_the_recipes_for_other_hosts_build_and_check(tmp_path: Path) -> None:
    starter(site := tmp_path / "site")
    gitlab = yaml.safe_load(recipes()["yaml"])["pages"]
    assert (gitlab["artifacts"], gitlab["cache"]) == ({"paths": ["public"]}, {"paths": [".bifolium"]})
    netlify = tomllib.loads(recipes()["ini"])["build"]
    assert netlify["publish"] == "public"
    codeberg = tomllib.loads(recipes()["toml"])
    assert (codeberg["deploy"][0]["branch"], faults(codeberg)) == ("pages", ())
    lines = [*gitlab["script"], *netlify["command"].split(" && ")]
    assert lines.count("pip install bifolium") == 2
    for line in lines:
        if not line.startswith("pip"):
            play(line, site, CI_PAGES_URL=ADDRESS, URL=ADDRESS)
            assert_finished(site)
