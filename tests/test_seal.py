"""An unchanged site is told by its seal, before anything is imported; whatever changes breaks the seal."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from lab import Lab

from bifolium import ledger, paint, seal, sources
from bifolium.cli import run
from bifolium.names import excludes, is_temporary

SITE = {
    "bifolium.toml": 'base_url = "https://example.org"\nmath.macros = "macros.tex"\n',
    "macros.tex": "\\newcommand{\\R}{\\mathbb{R}}\n",
    "posts/2026-01-01-a.md": "---\ntitle: A\ntags: [x]\n---\nSee $\\R$ and [nothing](nowhere.md).\n",
    "posts/2030-01-01-b.md": "---\ntitle: B\n---\nLater.\n",
    "posts/c/index.md": "---\ntitle: C\ndate: 2026-01-02\n---\n",
    "posts/c/note.txt": "published as it is",
    "static/.nojekyll": "",
    "data/sea.toml": "depth = 1\n",
}
ENVIRONMENT = {"SOURCE_DATE_EPOCH": "1795435200", "HOME": "/nobody"}
needs_links = pytest.mark.skipif(os.name == "nt", reason="needs POSIX links")


@pytest.fixture(autouse=True)
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lab:
    """Return a site that was built just now, as `bifolium build` does in its folder."""
    monkeypatch.setattr(ledger, "SETTLED", -(10**12))  # as if all had been written long ago
    for name in list(os.environ):
        if name.startswith("BIFOLIUM_"):
            monkeypatch.delenv(name)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    lab = Lab(tmp_path / "blog", SITE)
    monkeypatch.chdir(lab.folder)
    build(monkeypatch, "build")
    return lab


def build(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> None:
    monkeypatch.setattr(sys, "argv", ["bifolium", *arguments])
    assert run([*arguments]) == 0


def said(*arguments: str) -> str | None:
    return seal.unbroken(arguments or ["build"], dict(os.environ))


def test_an_unchanged_site_is_told_in_the_words_of_a_build(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    by_seal = paint.plain(said() or "")
    (lab.folder / ".bifolium/seal").unlink()
    capsys.readouterr()
    build(monkeypatch, "build")
    assert timeless(by_seal + "\n") == timeless(capsys.readouterr().err)
    assert "nothing of this site is at `nowhere.md`" in by_seal
    assert "left out: 1 post dated in the future (--future)" in by_seal


def test_what_is_excluded_breaks_no_seal(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    lab.write({"bifolium.toml": '[folders]\nexclude = ["*.psd", "/static/old"]\n', "static/old/a.txt": "old"})
    build(monkeypatch, "build")
    lab.write({"static/moon.psd": "picture", "static/old/a.txt": "older"})
    assert said()
    lab.write({"static/moon.png": "picture"})
    assert not said()


def timeless(text: str) -> str:
    return text.replace(text.rpartition(" s)")[0].rpartition("(")[2], "…")


def test_the_seal_is_found_from_inside_the_site_and_by_its_folders_name(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder, arguments in (
        ("posts/c", ["build"]),
        ("..", ["-C", "blog", "build"]),
        ("posts", ["build", "--site", ".."]),
    ):
        monkeypatch.chdir(lab.folder / folder)
        assert said(*arguments) is None
        build(monkeypatch, *arguments)
        assert said(*arguments)


def test_quiet_builds_say_nothing_but_problems(monkeypatch: pytest.MonkeyPatch) -> None:
    build(monkeypatch, "build", "-q")
    assert paint.plain(said("build", "-q") or "").endswith("\n1 warning")


def test_what_is_said_otherwise_each_time_is_not_sealed(monkeypatch: pytest.MonkeyPatch) -> None:
    for option in ("--json", "--explain", "--profile", "-v", "--github"):
        build(monkeypatch, "build", option)
        assert said("build", option) is None


def rewrite(path: str) -> Callable[[Path], object]:
    return lambda site: (site / path).write_bytes((site / path).read_bytes())


CHANGES: dict[str, Callable[[Path], object]] = {
    "a text": rewrite("posts/2026-01-01-a.md"),
    "another text": lambda site: (site / "posts/new.md").write_text("New."),
    "a text less": lambda site: (site / "posts/c/index.md").unlink(),
    "another name": lambda site: (site / "posts/c/note.txt").rename(site / "posts/c/other.txt"),
    "a page in a folder that was not there": lambda site: Lab(site, {"pages/about.md": "About."}, plain=False),
    "data": rewrite("data/sea.toml"),
    "a dotfile that is published": rewrite("static/.nojekyll"),
    "a template": rewrite("templates/base.html"),
    "macros": rewrite("macros.tex"),
    "the settings": rewrite("bifolium.toml"),
    "settings of another kind": lambda site: (site / "pyproject.toml").write_text(""),
    "a page": rewrite("public/index.html"),
    "a page less": lambda site: (site / "public/index.html").unlink(),
    "the manifest": rewrite("public/.bifolium.json"),
    "a lost output": lambda site: shutil.rmtree(site / "public"),
    "a damaged seal": lambda site: (site / ".bifolium/seal").write_bytes(b"bifolium seal 2\xff"),
    "a cut seal": lambda site: os.truncate(site / ".bifolium/seal", 900),
    "an empty seal": lambda site: os.truncate(site / ".bifolium/seal", 0),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changes_breaks_the_seal(lab: Lab, change: str) -> None:
    assert said()
    CHANGES[change](lab.folder)
    assert said() is None


@needs_links
def test_links_break_the_seal(lab: Lab) -> None:
    (lab.folder / "posts/link.md").symlink_to("2026-01-01-a.md")
    assert said() is None


@needs_links
def test_an_output_behind_a_link_is_not_believed(lab: Lab) -> None:
    year = lab.folder / "public/2026"
    year.rename(lab.folder / "other")
    year.symlink_to(lab.folder / "other")
    assert said() is None


def test_other_wishes_break_the_seal(monkeypatch: pytest.MonkeyPatch) -> None:
    assert said("build", "--drafts") is None
    assert said("check") is None
    monkeypatch.setenv("BIFOLIUM_BUILD_FUTURE", "1")
    assert said() is None


@pytest.mark.parametrize(("moment", "holds"), [("1795435201", True), ("1767225600", False), ("1893456000", False)])
def test_time_breaks_the_seal_when_it_brings_or_takes_a_post(
    monkeypatch: pytest.MonkeyPatch, moment: str, holds: bool
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", moment)
    assert bool(said()) == holds


def test_another_library_or_program_breaks_the_seal(lab: Lab, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "version", "4.0")
    assert said() is None
    monkeypatch.undo()
    monkeypatch.chdir(lab.folder)
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path)])
    assert said() is None


def test_a_build_that_fails_leaves_no_seal(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    lab.write({"posts/bad.md": "---\ntitle: [\n---\n"})
    monkeypatch.setattr(sys, "argv", ["bifolium", "build"])
    assert run(["build"]) == 1
    assert not (lab.folder / ".bifolium/seal").exists()


def test_a_file_that_may_still_change_unseen_is_not_sealed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "SETTLED", 10**12)
    build(monkeypatch, "build")
    assert said() is None


def test_nothing_is_imported_to_tell_that_nothing_happened() -> None:
    there = "import collections.abc, posixpath, os, sys, time; before = {*sys.modules}"
    code = f"{there}; import bifolium.__main__; print(*sorted({{*sys.modules}} - before))"
    found = subprocess.run(
        [sys.executable, "-S", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(Path(seal.__file__).parents[1])},
    )
    assert found.stdout.split() == "bifolium bifolium.__main__ bifolium.names bifolium.paint bifolium.seal".split()


@pytest.mark.parametrize("name", [".x", ".X.md", "#x#", "x~", "x.SWP", "x.swa", "4913", "x.Tmp", "Thumbs.db", "x.part"])
def test_names_that_come_and_go_are_no_content(name: str) -> None:
    assert is_temporary(name)


@pytest.mark.parametrize("name", ["x.md", "#", "#x", "x#", ".nojekyll", ".well-known", "14913", "x.swq", "tmp", "~x"])
def test_other_names_are_content(name: str) -> None:
    assert not is_temporary(name)


def test_the_seal_looks_where_a_scan_looks(lab: Lab) -> None:
    found = sources.scan(lab.folder, lab.site().settings.folders, ["macros.tex"])
    names, skipped = sources.bounds(lab.folder, lab.site().settings.folders, ())
    assert {*seal._tree(str(lab.folder), names, skipped, "macros.tex", "")} == {*found.tree}


@pytest.mark.parametrize(
    ("path", "out"),
    [
        ("_layouts", True),
        ("deep/_x.md", True),
        ("_recipes", False),
        ("README.md", True),
        ("deep/README.md", False),
        ("notes/old", True),
        ("notes/older", False),
        ("aXbYc", True),
        ("abXc", False),
        ("ab", False),
    ],
)
def test_the_last_pattern_that_fits_decides(path: str, out: bool) -> None:
    assert excludes(path, ("_*", "!_recipes", "/README.md", "/notes/old/", "a*b*c", "!ab*c")) is out
