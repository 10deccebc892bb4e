"""The finished site is no source of itself, buries nobody's files, and isn't emptied by a slip."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from lab import Lab

from bifolium import build as building
from bifolium.build import Report
from bifolium.problems import SiteError

POSTS = {"posts/2026-01-01-a.md": "A.\n", "posts/2026-01-02-b.md": "B.\n"}
needs_links = pytest.mark.skipif(os.name == "nt", reason="needs POSIX links")


def said(build: Callable[[], Report]) -> list[tuple[str, str, str]]:
    """Return the rule, severity and message of every problem of a build."""
    try:
        problems = build().problems
    except SiteError as failed:
        problems = tuple(failed.problems)
    return [(problem.rule, problem.severity, problem.message) for problem in problems]


def test_somebody_else_s_files_are_not_written_over(tmp_path: Path) -> None:
    lab = Lab(tmp_path, POSTS | {"public/index.html": "mine", "public/notes/a.txt": "mine"})
    message = "the output folder holds files that no build has put there, such as `index.html`, `notes/a.txt`"
    assert said(lab.build) == [("strangers", "error", message)]
    assert lab.output() == {"index.html": b"mine", "notes/a.txt": b"mine"}
    assert lab.build(force=True).published
    assert (lab.page("index.html") != "mine", lab.page("notes/a.txt")) == (True, "mine")
    assert lab.build().published


def test_hidden_files_and_a_cname_don_t_keep_a_site_out(tmp_path: Path) -> None:
    lab = Lab(tmp_path, POSTS | {"public/CNAME": "example.org", "public/.git/HEAD": "x", "public/.nojekyll": ""})
    assert said(lab.build) == []
    assert lab.page("CNAME") == "example.org"


def test_a_deleted_post_vanishes_also_when_the_manifest_is_lost(tmp_path: Path) -> None:
    lab = Lab(tmp_path, POSTS)
    lab.build()
    lab.write({"public/mine.txt": "mine"})
    lab.remove("posts/2026-01-02-b.md", "public/.bifolium.json")
    assert lab.build().deleted == ("2026/01/02/b.html",)
    assert lab.page("mine.txt") == "mine"


@needs_links
def test_a_link_to_the_finished_site_is_refused(tmp_path: Path) -> None:
    lab = Lab(tmp_path, POSTS | {"static/a.txt": "a"})
    (tmp_path / "static/all").symlink_to("../public")
    (tmp_path / "static/page.html").symlink_to("../public/index.html")
    message = "this symbolic link leads to what was built"
    assert said(lab.build) == [("built", "error", message)] * 2


@needs_links
def test_a_link_to_the_whole_site_leaves_out_what_was_built(tmp_path: Path) -> None:
    lab = Lab(tmp_path, {"posts/2026-01-01-a.md": "A.\n", "images/a.txt": "a"})
    (tmp_path / "static").mkdir()
    (tmp_path / "static/all").symlink_to("..")
    lab.build()
    before = lab.output()
    assert "all/images/a.txt" in before
    lab.remove(".bifolium")
    lab.build()
    assert lab.output() == before


def test_an_output_inside_a_source_folder_is_no_source(tmp_path: Path) -> None:
    lab = Lab(tmp_path, POSTS | {"bifolium.toml": '[folders]\nstatic = "."\n', "readme.txt": "1"})
    site = replace(lab.site(), destination=tmp_path / "dist")
    counts = [(report.written != (), report.pages) for report in (building.build(site), building.build(site))]
    assert counts == [(True, counts[0][1]), (False, counts[0][1])]
    assert (tmp_path / "dist/readme.txt").exists()
    assert not (tmp_path / "dist/dist").exists()


def test_a_folder_of_posts_that_is_gone_empties_no_site(tmp_path: Path) -> None:
    lab = Lab(tmp_path, POSTS)
    lab.build()
    before = lab.output()
    (tmp_path / "posts").rename(tmp_path / "_posts")
    gone = "there is no such folder of posts"
    assert said(lab.build) == [("no-posts", "error", f"{gone}, and the finished site has 2 of them")]
    lab.write({"bifolium.toml": 'folders.posts = "post"\n'})
    assert said(lab.build) == [("no-posts", "error", f"{gone}, and the finished site has 2 of them")]
    assert lab.output() == before
    (tmp_path / "post").mkdir()
    assert (said(lab.build), "2026/01/01/a.html" in lab.output()) == ([], False)


def test_a_site_without_posts_is_asked_whether_that_is_meant(tmp_path: Path) -> None:
    lab = Lab(tmp_path)
    warning = [("no-posts", "warning", "there is no such folder of posts")]
    assert said(lab.build) == warning
    lab.write({"pages/about.md": "Me.\n"})
    assert said(lab.build) == []
    (tmp_path / "_posts").mkdir()
    assert said(lab.build) == warning
