"""Real blogs, where a folder of them lies beside the repository: no crash, nothing lost, nothing done twice."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from io import BytesIO
from pathlib import Path

import pytest
from lab import HERE, Lab, made
from PIL import Image

CORPORA = HERE.parent.parent / "shared" / "corpora"
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not CORPORA.is_dir(), reason="no corpora beside the repository")]


def rules(lab: Lab) -> Counter[str]:
    """Return how many problems of each rule a build has, after seeing that it has no error."""
    report = lab.build(jobs=2)
    assert [problem for problem in report.problems if problem.severity == "error"] == []
    return Counter(problem.rule for problem in report.problems)


def test_the_seed_is_as_its_author_meant(tmp_path: Path) -> None:
    lab = Lab(tmp_path, {"bifolium.toml": 'language = "zh-CN"\n'})
    shutil.copytree(CORPORA / "seed", tmp_path / "posts")
    assert rules(lab) == {"missing-picture": 1}
    picture = BytesIO()
    Image.new("RGB", (30, 20)).save(picture, "JPEG")
    lab.write({"images/img5/huge_model.jpg": picture.getvalue()})
    lab.build()
    page = lab.page("attention/2020/12/23/attention_7.html")
    assert page.count('<span class="katex"') == 6
    assert page.count('<div class="math"') == 3
    assert re.findall(r'<h([12]) id="([^"]*)"', page) == [
        ("1", "chatgpt"),
        ("2", "微软小冰续"),
        ("2", "gpt-4"),
        ("1", "large-language-model"),
        ("1", "bert进阶"),
        ("2", "ar-vs-ae"),
    ]
    assert re.findall(r'<a href="#([^"]*)"', page) == [
        "chatgpt",
        "微软小冰续",
        "gpt-4",
        "large-language-model",
        "bert进阶",
        "ar-vs-ae",
    ]
    assert 'src="/images/img5/huge_model.jpg" alt="" width="30" height="20"' in page
    assert '<a href="https://zhuanlan.zhihu.com/p/158009816">' in page
    assert "：**" not in page
    assert "$$" not in page


def test_chapters_of_mathematics_build_as_pages(tmp_path: Path) -> None:
    lab = Lab(tmp_path, {"bifolium.toml": 'language = "zh-CN"\n[folders]\npages = "content"\n'})
    shutil.copytree(CORPORA / "d2l-zh", tmp_path / "content")
    found = rules(lab)
    assert found.keys() <= {"missing-picture", "code", "link-target"}
    assert found["tex"] == 0
    page = lab.page("chapter_linear-networks/linear-regression/index.html")
    assert page.count('<span class="katex"') > 100
    assert "math-error" not in page


def test_hundreds_of_posts_build_once(tmp_path: Path) -> None:
    lab = Lab(tmp_path, {"bifolium.toml": 'base_url = "https://example.org"\n'})
    shutil.copytree(CORPORA / "rust-blog" / "content", tmp_path / "posts")
    first = rules(lab)
    links = {"missing-picture", "missing-file", "broken-link", "broken-anchor"}
    assert first.keys() <= links | {"section", "no-date", "table", "layout"}
    assert made(lab.build()) == set()
    post = tmp_path / "posts" / "4-Years-Of-Rust.md"
    post.write_text(post.read_text(encoding="utf-8") + "\nOne more line.\n", encoding="utf-8")
    assert made(lab.build()) == {"/2019/05/15/4-Years-Of-Rust/"}
