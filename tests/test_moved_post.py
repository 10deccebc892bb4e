"""A post that uses all of kramdown's blocks and of Jekyll's Liquid comes out as Jekyll itself writes it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from lab import HERE, Lab
from skeleton import skeleton

from bifolium import moving
from bifolium.problems import draw

POST = "sea/2026/01/02/tides.html"


def test_a_post_is_as_jekyll_wrote_it(tmp_path: Path) -> None:
    if not shutil.which("jekyll") and not os.environ.get("CI"):
        pytest.skip("needs Jekyll: apt-get install jekyll")
    for name in ("theirs", "ours"):
        shutil.copytree(HERE / "jekyll-blog", tmp_path / name)
    command = ["ruby", str(HERE / "jekyll.rb"), str(tmp_path / "theirs")]
    subprocess.run(command, capture_output=True, check=True, env=os.environ | {"LANG": "C.UTF-8"})
    lab = Lab(tmp_path / "ours", plain=False)
    folder = moving.open_folder(lab.folder)
    moving.settle(folder, moving.plan(folder))
    assert [draw(problem) for problem in lab.build().problems] == []
    theirs = (tmp_path / "theirs/_site" / POST).read_text(encoding="utf-8")
    ours = skeleton(lab.page(POST), lambda it: "content" in it.classes)
    assert ours == skeleton(theirs, lambda it: it.tag == "main")
