"""Reading the site's folder: only regular files inside it are ever opened."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from lab import Lab

from bifolium import sources
from bifolium.problems import draw
from bifolium.settings import Folders

POST = {"posts/2026-01-01-a.md": "A.\n"}
needs_links = pytest.mark.skipif(os.name == "nt", reason="needs POSIX links and FIFOs")


def problems(lab: Lab) -> list[str]:
    return [draw(problem).split("\n")[0] for problem in lab.build().problems]


def test_editors_temporary_files_and_dotfiles_are_no_content(tmp_path: Path) -> None:
    names = [
        ".hidden.md",
        "#x.md#",
        ".#x.md",
        "x.md~",
        "x.md.swp",
        ".x.md.swp",
        "4913",
        "x.md.tmp",
        ".DS_Store",
        "Thumbs.db",
    ]
    lab = Lab(tmp_path, {**POST, **{f"posts/{name}": "no" for name in names}, ".git/config": "no"})
    assert list(sources.scan(tmp_path, Folders(templates="nothing")).tree) == ["posts/2026-01-01-a.md"]
    assert problems(lab) == []


@needs_links
def test_fifos_and_devices_are_never_opened(tmp_path: Path) -> None:
    lab = Lab(tmp_path, POST)
    os.mkfifo(tmp_path / "posts/pipe.md")
    os.mkfifo(tmp_path / "templates/pipe.html")
    assert problems(lab) == [
        "posts/pipe.md: warning: this is neither a file nor a folder; it is left out [not-a-file]",
        "templates/pipe.html: warning: this is neither a file nor a folder; it is left out [not-a-file]",
    ]


@needs_links
def test_a_fifo_that_takes_a_files_place_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    with pytest.raises(OSError, match="not a regular file"):
        sources.read(tmp_path, "pipe.md")


@needs_links
def test_links_that_leave_the_site_are_refused(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.md").write_text("secret")
    lab = Lab(tmp_path / "site", POST)
    (lab.folder / "posts/2026-01-02-b.md").symlink_to(outside / "secret.md")
    (lab.folder / "static").symlink_to(outside)
    (lab.folder / "images").mkdir()
    (lab.folder / "images/all").symlink_to("/")
    (lab.folder / "images/gone.png").symlink_to("nowhere.png")
    (lab.folder / "images/round.png").symlink_to("round.png")
    assert problems(lab) == [
        "images/all: error: this symbolic link leaves the site [outside]",
        "images/gone.png: error: this symbolic link points to nothing [dead-link]",
        "images/round.png: error: this symbolic link points in a circle [dead-link]",
        "posts/2026-01-02-b.md: error: this symbolic link leaves the site [outside]",
        "static: error: this symbolic link leaves the site [outside]",
    ]
    assert lab.output() == {}


@needs_links
def test_links_to_hidden_files_are_refused(tmp_path: Path) -> None:
    lab = Lab(tmp_path, {**POST, ".env": "SECRET=1"})
    (tmp_path / "static").mkdir()
    (tmp_path / "static/env.txt").symlink_to("../.env")
    assert problems(lab) == ["static/env.txt: error: this symbolic link leads to a hidden file [hidden]"]


@needs_links
def test_a_new_bad_link_is_told_by_the_next_build(tmp_path: Path) -> None:
    lab = Lab(tmp_path, POST)
    assert problems(lab) == []
    (tmp_path / "posts/link.md").symlink_to("/etc/passwd")
    assert problems(lab) == ["posts/link.md: error: this symbolic link leaves the site [outside]"]


@needs_links
def test_links_inside_the_site_are_followed_but_not_in_circles(tmp_path: Path) -> None:
    lab = Lab(tmp_path, {**POST, "shared/x.txt": "x"})
    (tmp_path / "static").mkdir()
    (tmp_path / "static/circle").symlink_to("..")
    (tmp_path / "static/shared").symlink_to("../shared")
    assert problems(lab) == []
    assert lab.page("shared/x.txt") == "x"


def test_an_old_jekyll_folder_may_be_the_site_itself(tmp_path: Path) -> None:
    settings = '[folders]\nposts = "_posts"\npages = "."\n'
    lab = Lab(
        tmp_path,
        {"bifolium.toml": settings, "_posts/2026-01-01-a.md": "A\n", "about.md": "Me\n", "img/x.svg": "<svg/>"},
    )
    lab.build()
    lab.build()
    paths = [path for path in lab.output() if not path.startswith(("assets", ".", "_"))]
    assert paths == [
        "2026/01/01/a.html",
        "404.html",
        "about/index.html",
        "archive/index.html",
        "img/x.svg",
        "index.html",
        "robots.txt",
    ]


def test_a_file_name_that_is_no_text_is_refused(tmp_path: Path) -> None:
    lab = Lab(tmp_path, POST)
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/posts/\xff.md")).write_text("x")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    assert problems(lab) == ["posts/\ufffd.md: error: this name isn't UTF-8 [file-name]"]


@needs_links
def test_a_name_with_control_characters_is_refused(tmp_path: Path) -> None:
    lab = Lab(tmp_path, {**POST, "posts/2026-01-02-\x02F0\x03.md": "B.", "images/a\x1b[31m/b.png": "x"})
    said = "error: this name has the character U+{}, which no name may have [file-name]"
    assert problems(lab) == [
        f"images/a\ufffd[31m: {said.format('001B')}",
        f"posts/2026-01-02-\ufffdF0\ufffd.md: {said.format('0002')}",
    ]
