"""Law 1 where it is hard: what is remembered from one page, build or day to the next must not show in the bytes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from lab import Lab

from bifolium import highlight, ledger

POST = {"posts/2026-01-01-a.md": "---\ntitle: A\n---\nText.\n", "posts/2026-01-02-b.md": "---\ntitle: B\n---\nText.\n"}


@pytest.fixture(autouse=True)
def _at_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let builds believe the stamps of files that were written a moment ago, so that they remember all they can."""
    monkeypatch.setattr(ledger, "SETTLED", 0)


def clean(lab: Lab, folder: Path, **wishes: object) -> Lab:
    """Return the laboratory with a copy of the site, built there for the first time."""
    other = Lab(folder, plain=False)
    built = shutil.ignore_patterns("public", ".bifolium")
    shutil.copytree(lab.folder, folder, dirs_exist_ok=True, symlinks=True, ignore=built)
    other.build(**wishes)
    return other


@pytest.mark.parametrize(
    ("name", "template", "old", "new"),
    [
        ("m.toml", "{{ site.data.m.d is string }}", 'd = "2026-01-01"', "d = 2026-01-01"),
        ("m.toml", "{{ site.data.m.d }}", "d = 2026-01-01T08:00:00+08:00", "d = 2026-01-01T00:00:00Z"),
        ("m.json", "{{ site.data.m.d }}", '{"d": 1}', '{"d": 1.0}'),
        ("m.json", "{{ site.data.m|join }}", '{"d": 1, "e": 2}', '{"e": 2, "d": 1}'),
        ("m.json", "{{ site.data.m.d * 2 }}", '{"d": 36893488147419103232}', '{"d": 36893488147419103233}'),
    ],
)
def test_data_of_another_type_is_another_page(tmp_path: Path, name: str, template: str, old: str, new: str) -> None:
    lab = Lab(tmp_path / "edited", POST | {f"data/{name}": old, "templates/post.html": template})
    lab.build()
    lab.write({f"data/{name}": new})
    lab.build()
    assert lab.output() == clean(lab, tmp_path / "clean").output()


COUNTING = {
    "templates/count.html": "{% set seen = namespace(number=0) %}"
    "{% macro next() %}{% set seen.number = seen.number + 1 %}{{ seen.number }}{% endmacro %}",
    "templates/post.html": '{% import "count.html" as count %}{{ count.next() }}{{ count.next() }} {{ page.content }}',
}


def test_what_a_template_counts_on_one_page_is_nothing_to_the_next(tmp_path: Path) -> None:
    lab = Lab(tmp_path, POST | COUNTING)
    lab.build()
    assert [lab.page(f"2026/01/0{day}/{name}.html")[:2] for day, name in ((1, "a"), (2, "b"))] == ["12", "12"]


def test_a_template_may_change_a_copy_of_the_data(tmp_path: Path) -> None:
    more = "{% set own = site.data.m.l|list %}{{ own.append(page.title) or own|tojson }} {{ site.data|tojson }}"
    lab = Lab(tmp_path, POST | {"data/m.json": '{"l": [1]}', "templates/post.html": more})
    assert lab.build().problems == ()
    assert lab.page("2026/01/02/b.html") == '[1, "B"] {"m": {"l": [1]}}'


def test_what_was_given_up_for_lack_of_time_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = {"posts/2026-01-03-c.md": "```python\nx = 1\n```\n"}
    lab = Lab(tmp_path / "edited", POST | code)
    with monkeypatch.context() as slow:
        slow.setattr(highlight, "within", out_of_time)
        assert [problem.rule for problem in lab.build().problems] == ["code"]
        assert [problem.rule for problem in lab.build().problems] == ["code"]
        lab.write({"posts/2026-01-04-d.md": "Another."})
        assert [problem.rule for problem in lab.build().problems] == ["code"]
    report = lab.build()
    assert (report.problems, set(report.made)) == ((), {"/2026/01/03/c.html", "/"})
    assert lab.output() == clean(lab, tmp_path / "clean").output()
    assert lab.build().done == {}


def out_of_time(*_: object) -> None:
    raise TimeoutError


def test_a_clock_set_back_takes_posts_of_the_future_away(tmp_path: Path) -> None:
    later, now = "2026-01-02T12:00:00+00:00", "2026-01-01T12:00:00+00:00"
    lab = Lab(tmp_path / "edited", POST)
    lab.build(now=later)
    lab.build(now=now)
    assert lab.output() == clean(lab, tmp_path / "clean", now=now).output()
    assert "2026/01/02/b.html" not in lab.output()


def test_a_draft_s_address_is_the_same_when_its_text_is_read_again(tmp_path: Path) -> None:
    site = {
        "bifolium.toml": '[markdown]\nflavour = "kramdown"\n[urls]\npermalink = "/:path/"\n',
        "drafts/deep/d.md": "---\ndate: 2026-01-02\n---\nI am {{ page.url }}\n",
    }
    first, then = "2026-01-01T00:00:00+00:00", "2026-01-03T00:00:00+00:00"
    lab = Lab(tmp_path / "edited", site)
    lab.build(drafts=True, now=first)
    lab.rest()
    lab.build(drafts=True, now=then)
    assert "I am /deep/d/" in lab.page("deep/d/index.html")
    assert lab.output() == clean(lab, tmp_path / "clean", drafts=True, now=then).output()
