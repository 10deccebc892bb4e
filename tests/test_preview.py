"""The preview is the build: after any edit its pages are those of a clean build; only what changed is done again."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path

import drawing
import pytest
from lab import Lab

from bifolium import ledger, workshop
from bifolium.onlooker import unseen
from bifolium.pool import Crew
from bifolium.problems import SiteError
from bifolium.recall import Recall
from bifolium.serve.bench import Bench, Urgency
from bifolium.serve.resident import FEW, Resident

POST = "---\ntitle: {title}\ncategory: {category}\ntags: [{tags}]\nseries: Tides\n---\n\n{text}\n"
SITE = {
    "bifolium.toml": 'title = "Tides"\nbase_url = "https://tides.example"\nlinks.wiki = true\nlists.per_page = 2\n',
    "posts/2026-01-01-one.md": POST.format(title="One", category="Sea", tags="a", text="First $x^2$.\n\n# Ebb"),
    "posts/2026-01-02-two.md": POST.format(title="Two", category="Sea", tags="a, b", text="See [one](one.md#ebb)."),
    "posts/2026-01-03-three.md": POST.format(title="Three", category="Land", tags="b", text="[[One]], \\eqref{two#e}"),
    "posts/2026-01-04-four.md": POST.format(title="Four", category="Land", tags="c", text="![p](/images/p.svg)"),
    "pages/about.md": "---\ntitle: About\n---\n\nWho.\n",
    "images/p.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="20"/>',
    "data/team.yaml": "- Ann\n",
    "macros.tex": "\\newcommand{\\R}{\\mathbb{R}}\n",
}
ONE = "posts/2026-01-01-one.md"
EDITS: dict[str, dict[str, str | None]] = {
    "a text": {ONE: POST.format(title="One", category="Sea", tags="a", text="First $x^3$ in $\\R$.\n\n# Flood")},
    "a title": {ONE: POST.format(title="Once", category="Sea", tags="a", text="First.\n\n# Ebb")},
    "tags and a category": {ONE: POST.format(title="One", category="Land", tags="b, d", text="First.\n\n# Ebb")},
    "a switch that equals a number": {ONE: "---\ntitle: One\nodd: 1\n---\n\nFirst.\n"},
    "the same switch": {ONE: "---\ntitle: One\nodd: true\n---\n\nFirst.\n"},
    "a label": {"posts/2026-01-02-two.md": "---\ntitle: Two\n---\n\n$$\nx \\label{e}\n$$\n"},
    "a new post": {"posts/2026-01-05-five.md": "---\ntitle: Five\n---\n\n[[Two]]\n"},
    "no post": {"posts/2026-01-05-five.md": None},
    "a draft": {"posts/2026-01-04-four.md": "---\ntitle: Four\ndraft: true\n---\n\nx\n"},
    "a picture": {"images/p.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"/>'},
    "a macro": {"macros.tex": "\\newcommand{\\R}{\\mathbf{R}}\n"},
    "data": {"data/team.yaml": "- Ben\n"},
    "a template": {"templates/post.html": "<p>{{ site.data.team }} {{ page.extra }}</p>{{ page.content }}"},
    "no template": {"templates/post.html": None},
    "the settings": {"bifolium.toml": 'title = "Ebb"\nbase_url = "https://tides.example/blog"\n'},
}


@pytest.fixture(scope="module", params=[FEW, 0], ids=["at once", "the rest later"])
def resident(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Lab, Resident]]:
    lab = Lab(tmp_path_factory.mktemp("preview") / "site", SITE, plain=False)
    site = lab.site()
    with workshop.opened(site.state, Crew(1), unseen) as shop:
        found = Resident(lambda: lab.site(images="ready"), shop, at_once=request.param)
        found.renew()
        yield lab, found


def shown(resident: Resident) -> dict[str, bytes]:
    """Return every page that the preview shows, by its output path."""
    assert resident.showing
    return {output: resident.page(url).content for output, url in resident.showing.pages.items()}


def clean(lab: Lab, folder: Path) -> dict[str, bytes]:
    """Return every page of a clean build of the same site."""
    shutil.copytree(lab.folder, folder, ignore=shutil.ignore_patterns(".bifolium", "public"))
    other = Lab(folder, plain=False)
    other.build()
    return other.output()


@pytest.mark.parametrize("edit", EDITS)
def test_after_any_edit_the_preview_shows_a_clean_build(
    edit: str, resident: tuple[Lab, Resident], tmp_path: Path
) -> None:
    lab, found = resident
    if gone := [path for path, content in EDITS[edit].items() if content is None]:
        lab.write(dict.fromkeys(gone, "---\ntitle: Going\n---\n\nGoing.\n"))
        found.renew()
    for path, content in EDITS[edit].items():
        lab.remove(path) if content is None else lab.write({path: content})
    assert found.renew(frozenset(EDITS[edit]))
    if found.showing and "/sea/2026/01/01/one.html" in found.showing.proof.press.plan.routes:
        found.page("/sea/2026/01/01/one.html")
    for _ in found.finish():
        pass
    pages, built = shown(found), clean(lab, tmp_path / "clean")
    assert pages == {path: built.get(path) for path in pages}
    assert {path for path in built if path.endswith(".html")} <= pages.keys()


def test_a_page_is_shown_before_other_texts_are_rendered(tmp_path: Path) -> None:
    lab = Lab(tmp_path / "site", SITE, plain=True)
    with workshop.opened(lab.site().state, Crew(1), unseen) as shop:
        found = Resident(lab.site, shop, at_once=2)
        found.renew()
        done = [dict(shop.done)]
        assert b"First" in found.page("/sea/2026/01/01/one.html").content
        done.append(dict(shop.done))
        for _ in found.finish():
            pass
        done.append(dict(shop.done))
        pages = shown(found)
    assert [it.get("render_texts", 0) for it in done] == [0, 1, 5]
    built = clean(lab, tmp_path / "clean")
    assert pages == {path: built[path] for path in pages}


def test_a_body_edit_does_the_work_of_one_text(lab_of: tuple[Lab, Resident]) -> None:
    lab, found = lab_of
    before = shown(found)
    found.shop.done.clear()
    old = found.showing
    lab.write({ONE: SITE[ONE] + "\nMore.\n"})
    found.renew(frozenset({ONE}))
    now = found.showing
    assert {work: number for work, number in found.shop.done.items() if number} == {"render_texts": 1}
    assert old
    assert now
    assert now.proof.press.plan is old.proof.press.plan
    assert now.proof.press.resolutions is old.proof.press.resolutions
    changed = {path for path, data in shown(found).items() if data != before[path]}
    assert changed == {"sea/2026/01/01/one.html", "feed.xml"}


def test_another_title_moves_no_page_and_no_link(tmp_path: Path) -> None:
    lab = Lab(tmp_path / "site", SITE | {"bifolium.toml": ""}, plain=True)
    with workshop.opened(lab.site().state, Crew(1), unseen) as shop:
        found = Resident(lab.site, shop)
        found.renew()
        old = found.showing
        lab.write({ONE: SITE[ONE].replace("title: One", "title: Once\ndescription: New")})
        found.renew(frozenset({ONE}))
        now = found.showing
    assert old
    assert now
    assert now.proof.press.plan.posts[-1].title == "Once"
    assert now.proof.press.plan.routes is old.proof.press.plan.routes
    assert now.proof.press.resolutions is old.proof.press.resolutions
    assert now.proof.press.labels is old.proof.press.labels


def test_only_the_template_that_changed_is_compiled(lab_of: tuple[Lab, Resident]) -> None:
    lab, found = lab_of
    codes = []
    for number in range(2):
        lab.write({"templates/post.html": f"{{% include 'part.html' %}} {number}", "templates/part.html": "Part"})
        found.renew()
        assert found.page("/sea/2026/01/01/one.html").content == f"Part {number}".encode()
        assert found.showing
        environment = found.showing.proof.press.furnished.theme.environment
        names = ("part.html", "post.html")
        codes.append([environment.get_template(name).root_render_func.__code__ for name in names])
    assert [one is other for one, other in zip(*codes, strict=True)] == [True, False]


def test_the_next_preview_opens_only_texts_that_changed_or_are_wrong(
    lab_of: tuple[Lab, Resident], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "SETTLED", 0)  # a file is at rest once it is written
    lab, found = lab_of
    lab.write({"posts/2026-01-05-five.md": "---\ntitle: [\n---\n"})
    found.renew()
    for _ in found.rest():
        pass
    lab.write({ONE: SITE[ONE] + "\nMore.\n"})
    other = Resident(found.site_of, found.shop)
    other.renew()
    opened = other.showing.proof.corpus.read.posts if other.showing else {}
    assert list(opened) == [ONE]
    assert [it.path for it in other.every_problem()] == ["posts/2026-01-05-five.md"]
    found.renew()
    assert shown(other) == shown(found)


@pytest.fixture
def lab_of(tmp_path: Path) -> Iterator[tuple[Lab, Resident]]:
    lab = Lab(tmp_path / "site", SITE, plain=True)
    site = lab.site()
    with workshop.opened(site.state, Crew(1), unseen) as shop:
        found = Resident(lab.site, shop)
        found.renew()
        yield lab, found


def test_a_touched_file_changes_nothing(lab_of: tuple[Lab, Resident]) -> None:
    lab, found = lab_of
    before = found.showing
    lab.write({ONE: SITE[ONE]})
    found.renew(frozenset({ONE}))
    assert before
    assert found.showing
    assert found.showing.proof.press.resolutions is before.proof.press.resolutions


def test_a_page_whose_template_fails_says_so_and_comes_back(lab_of: tuple[Lab, Resident]) -> None:
    lab, found = lab_of
    lab.write({"templates/post.html": "{{ page.nonsense }}"})
    found.renew(frozenset({"templates/post.html"}))
    with pytest.raises(SiteError):
        found.page("/sea/2026/01/01/one.html")
    assert [problem.path for problem in found.every_problem() if problem.severity == "error"] == ["templates/post.html"]
    lab.write({"templates/post.html": "{{ page.title }}"})
    found.renew(frozenset({"templates/post.html"}))
    assert found.page("/sea/2026/01/01/one.html").content == b"One"


WHOLE = POST.format(title="One", category="Sea", tags="a", text="Another first paragraph.")


def atomically(path: Path) -> Iterator[None]:
    """Save as most editors do."""
    path.with_name("new.tmp").write_text(WHOLE)
    yield
    path.with_name("new.tmp").replace(path)


def in_place(path: Path) -> Iterator[None]:
    """Save as nano does, seen after each call."""
    with path.open("w") as file:
        yield
        for half in (WHOLE[:80], WHOLE[80:]):
            file.write(half)
            file.flush()
            yield


def aside(path: Path) -> Iterator[None]:
    """Save as vim does: the old file aside, a new one, the old one away."""
    path.rename(path.with_name(f"{path.name}~"))
    yield
    yield from in_place(path)
    path.with_name(f"{path.name}~").unlink()


@pytest.mark.parametrize("save", [atomically, in_place, aside])
def test_looks_in_the_middle_of_a_save_show_nothing_half_written(
    save: Callable[[Path], Iterator[None]], lab_of: tuple[Lab, Resident]
) -> None:
    lab, found = lab_of
    url = "/sea/2026/01/01/one.html"
    before, shown = found.page(url).content, []
    for _ in save(lab.folder / ONE):
        found.renew(frozenset())
        shown.append(found.page(url).content)
    for _ in range(2):
        found.renew(frozenset())
    after = found.page(url).content
    assert b"Another first paragraph." in after
    assert set(shown) <= {before, after}
    assert shown[0] == before


def test_settings_that_are_being_written_are_not_believed(lab_of: tuple[Lab, Resident]) -> None:
    lab, found = lab_of
    before = found.page("/").content
    for half in ("", 'title = "Fl', 'title = "Flood"\n'):
        lab.write({"bifolium.toml": half})
        found.renew(frozenset())
        assert (found.page("/").content, found.every_problem()) == (before, ())
    found.renew(frozenset())
    assert found.showing
    assert found.showing.site.settings.title == "Flood"


def test_what_every_build_reads_is_not_read_half_written_because_a_text_was_saved(
    lab_of: tuple[Lab, Resident],
) -> None:
    lab, found = lab_of
    lab.write({"templates/post.html": "old {{ page.content }}"})
    found.renew()
    url = "/sea/2026/01/01/one.html"
    before = found.page(url).content
    lab.write({ONE: WHOLE})
    found.renew(frozenset())
    lab.write({"templates/post.html": ""})
    for rung in (frozenset[str](), frozenset({ONE})):
        found.renew(rung)
        lab.write({"templates/post.html": f"ne{len(rung)}"})
        assert (found.page(url).content, set(found.unsure)) == (before, {ONE, "templates/post.html"})
    lab.write({"templates/post.html": "new {{ page.content }}"})
    for _ in range(2):
        found.renew(frozenset())
    after = found.page(url).content
    assert after.startswith(b"new ")
    assert b"Another first paragraph." in after
    assert found.unsure == {}


def test_files_that_were_rung_for_are_taken_at_once_beside_others_that_were_not(lab_of: tuple[Lab, Resident]) -> None:
    lab, found = lab_of
    lab.write({ONE: WHOLE, "posts/2026-01-05-five.md": "---\ntitle: Five\n---\n\nFive.\n"})
    found.renew(frozenset({"posts/2026-01-05-five.md"}))
    assert b"First" in found.page("/sea/2026/01/01/one.html").content
    assert b"Five." in found.page("/2026/01/05/five.html").content
    assert list(found.unsure) == [ONE]


def test_a_missing_folder_of_posts_is_told_and_comes_back(lab_of: tuple[Lab, Resident]) -> None:
    lab, found = lab_of
    (lab.folder / "posts").rename(lab.folder / "away")
    found.renew(frozenset({"posts", "away"}))
    found.renew(frozenset())
    assert [problem.message for problem in found.every_problem()][:1] == ["there is no such folder of posts"]
    (lab.folder / "away").rename(lab.folder / "posts")
    found.renew(frozenset({"posts", "away"}))
    found.renew(frozenset())
    assert b"First" in found.page("/sea/2026/01/01/one.html").content
    assert found.every_problem() == ()


def test_wrong_settings_leave_the_site_as_it_was(lab_of: tuple[Lab, Resident]) -> None:
    lab, found = lab_of
    before = found.page("/").content
    lab.write({"bifolium.toml": "title = 5\n"})
    assert found.renew(frozenset({"bifolium.toml"}))
    assert (found.page("/").content, [it.path for it in found.every_problem()]) == (before, ["bifolium.toml"])
    lab.write({"bifolium.toml": SITE["bifolium.toml"]})
    assert found.renew(frozenset({"bifolium.toml"}))
    assert found.every_problem() == ()


def test_what_is_recalled_is_the_very_value_while_the_arguments_are() -> None:
    recall, calls = Recall(kept=True), []

    def work(value: list[int], _: str) -> list[int]:
        calls.append(value)
        return [*value]

    item = [1]
    first = recall.once(work, item, "a")
    assert recall.once(work, item, "a") is first
    assert recall.once(work, [1], "a") is first
    assert recall.once(work, [True], "a") is not first
    assert len(calls) == 2


def test_each_works_on_what_changed_and_keeps_what_comes_to_the_same() -> None:
    recall, calls = Recall(kept=True), []

    def length(value: list[int], mark: str) -> tuple[int, str]:
        calls.append(value)
        return len(value), mark

    one, two = [1], [1, 2]
    first = recall.each(length, ({"a": one, "b": two},), "m")
    assert recall.each(length, ({"a": one, "b": [3, 4]},), "m") is first
    assert recall.each(length, ({"b": two, "a": one},), "m") == {"b": (2, "m"), "a": (1, "m")}
    assert calls == [[1], [1, 2], [3, 4], [1, 2]]
    assert recall.each(length, ({"b": two},), "n") == {"b": (2, "n")}


def test_pictures_are_encoded_apart_and_shown_when_they_are_ready(lab_of: tuple[Lab, Resident]) -> None:
    lab, found = lab_of
    found.site_of = lambda: lab.site(images="ready")
    lab.write({"images/a.jpg": drawing.jpeg(), "posts/2026-01-05-p.md": "---\ntitle: P\n---\n\n![A](/images/a.jpg)\n"})
    found.renew()
    url = "/2026/01/05/p.html"
    assert b"<source" not in found.page(url).content
    steps = found.rest()
    ready = next(step for step in steps if step)
    assert b"<img" in found.page(url).content  # a request meanwhile
    while not ready.done():
        time.sleep(0.01)
    for _ in steps:
        pass
    assert b"<source" in found.page(url).content
    assert found.shop.done["encode"] == 1


def test_each_encoded_picture_is_shown_before_the_next_is_ready(
    lab_of: tuple[Lab, Resident], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bifolium.serve.resident.BREATH", 0)
    lab, found = lab_of
    found.site_of = lambda: lab.site(images="ready")
    files = {f"images/{name}.jpg": drawing.jpeg(width) for name, width in (("a", 600), ("b", 700))}
    lab.write({**files, "posts/2026-01-05-p.md": "---\ntitle: P\n---\n\n![A](/images/a.jpg)\n\n![B](/images/b.jpg)\n"})
    found.renew()
    shown = []
    found.told = lambda: shown.append(found.page("/2026/01/05/p.html").content.count(b"<source"))
    for step in found.rest():
        while step and not step.done():
            time.sleep(0.01)
    assert list(dict.fromkeys(shown)) == [0, 1, 2]


def test_who_asks_waits_for_nothing_that_is_done_in_the_background() -> None:
    bench, ready = Bench(), Future[None]()
    said: list[str] = []

    def long() -> Iterator[object]:
        said.append("begun")
        while not ready.done():
            yield ready
        said.append("ended")
        bench.submit(Urgency.ASKED, end)

    def end() -> None:
        raise KeyboardInterrupt

    bench.follow_up(long())
    worker = threading.Thread(target=lambda: _until_interrupted(bench))
    worker.start()
    bench.submit(Urgency.ASKED, lambda: said.append("asked")).result(timeout=10)
    ready.set_result(None)
    worker.join(timeout=10)
    assert sorted(said[:2]) == ["asked", "begun"]
    assert said[2:] == ["ended"]


def _until_interrupted(bench: Bench) -> None:
    with suppress(KeyboardInterrupt):
        bench.run()
