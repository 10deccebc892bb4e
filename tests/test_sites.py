"""Mini-sites. tests/sites/<promise>/ must build to what its `expected` folder holds; tests/broken/<promise>/ must
fail with exactly the text of its problems.txt.

To accept what comes out now: `BIFOLIUM_ACCEPT=1 pytest tests/test_sites.py`, then read the difference.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from lab import HERE, Lab

from bifolium.problems import SiteError, draw

ACCEPT = bool(os.environ.get("BIFOLIUM_ACCEPT"))
NOT_SITE = shutil.ignore_patterns("expected", "problems.txt")


def promises(kind: str) -> list[Path]:
    """Return the mini-sites of a kind."""
    return sorted(path for path in (HERE / kind).iterdir() if path.is_dir())


def copied(promise: Path, folder: Path) -> Lab:
    """Return a laboratory with a copy of the mini-site."""
    lab = Lab(folder)
    shutil.copytree(promise, folder, dirs_exist_ok=True, ignore=NOT_SITE)
    return lab


@pytest.mark.parametrize("promise", promises("sites"), ids=lambda path: path.name)
def test_site_builds_as_promised(promise: Path, tmp_path: Path) -> None:
    lab = copied(promise, tmp_path)
    report = lab.build()
    assert [draw(problem) for problem in report.problems] == []
    output = {path: data for path, data in lab.output().items() if not path.startswith((".bifolium", "assets/"))}
    expected = promise / "expected"
    if ACCEPT:
        shutil.rmtree(expected, ignore_errors=True)
        for path, data in output.items():
            (expected / path).parent.mkdir(parents=True, exist_ok=True)
            (expected / path).write_bytes(data)
    assert output == {
        path.relative_to(expected).as_posix(): path.read_bytes() for path in expected.rglob("*") if path.is_file()
    }


@pytest.mark.parametrize("promise", promises("broken"), ids=lambda path: path.name)
def test_broken_site_is_refused_in_these_words(promise: Path, tmp_path: Path) -> None:
    lab = copied(promise, tmp_path)
    try:
        report = lab.build(strict=True)
        assert not report.published
        found = report.problems
    except SiteError as failed:
        found = failed.problems
    text = "\n\n".join(draw(problem) for problem in found) + "\n"
    if ACCEPT:
        (promise / "problems.txt").write_text(text, encoding="utf-8")
    assert text == (promise / "problems.txt").read_text(encoding="utf-8")
    assert lab.output() == {}
