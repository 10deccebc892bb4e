"""Law 1 where it is hard: what is remembered from one page, build or day to the next must not show in the bytes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from lab import Lab

POST = {"posts/2026-01-01-a.md": "---\ntitle: A\n---\nText.\n", "posts/2026-01-02-b.md": "---\ntitle: B\n---\nText.\n"}


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
