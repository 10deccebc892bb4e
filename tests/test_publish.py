"""The output folder: what is written, what is deleted, what survives, and what is left when somebody pulls the plug."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bifolium import ground, journal, publish
from bifolium.ground import Change
from bifolium.model import Stamp
from bifolium.problems import SiteError, error
from bifolium.publish import Content, Copy, check_output, clean, look, recover

posix = pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")

CALLS = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.scandir", "os.truncate"}
"""The audit events that come before a call that changes files."""


class Blog:
    """A folder with a site in it, published again and again."""

    def __init__(self, folder: Path, state: Path | None = None) -> None:
        self.output = folder / "public"
        self.state = state or folder / ".bifolium"

    def publish(self, files: dict[str, Content], keep: dict[str, Stamp] | None = None) -> publish.Published:
        return publish.publish(self.output, files, keep or {}, self.state, {"by": "test"})

    def write(self, files: dict[str, bytes]) -> None:
        for path, content in files.items():
            (self.output / path).parent.mkdir(parents=True, exist_ok=True)
            (self.output / path).write_bytes(content)

    def files(self) -> dict[str, bytes]:
        """Return all files, but not the manifest."""
        found = {path.relative_to(self.output).as_posix(): path for path in self.output.rglob("*") if path.is_file()}
        return {path: found[path].read_bytes() for path in sorted(found) if path != ".bifolium.json"}

    def has(self, path: str, content: Content) -> bool:
        return (self.output / path).is_file() and (self.output / path).read_bytes() == content

    def folders(self) -> list[str]:
        return sorted(path.relative_to(self.output).as_posix() for path in self.output.rglob("*") if path.is_dir())

    def manifest(self) -> bytes:
        return (self.output / ".bifolium.json").read_bytes()

    def problems(self, files: dict[str, Content], keep: dict[str, Stamp] | None = None) -> list[tuple[str, str]]:
        with pytest.raises(SiteError) as raised:
            self.publish(files, keep)
        return [(Path(found.path).name, found.rule) for found in raised.value.problems]


@pytest.fixture
def blog(tmp_path: Path) -> Blog:
    return Blog(tmp_path)


def test_a_site_is_published_where_there_was_nothing(blog: Blog) -> None:
    done = blog.publish({"index.html": b"home", "a/b/index.html": b"post"})
    assert blog.files() == {"a/b/index.html": b"post", "index.html": b"home"}
    assert (done.written, done.deleted, done.unchanged) == (("a/b/index.html", "index.html"), (), 0)
    assert done.stamps == look(blog.output, ["index.html", "a/b/index.html"])
    assert sorted(done.stamps) == [".bifolium.json", "a/b/index.html", "index.html"]


def test_only_changed_bytes_are_written(blog: Blog) -> None:
    first = blog.publish({"same.html": b"1", "new.html": b"1", "kept.html": b"1"})
    kept = {"kept.html": first.stamps["kept.html"]}
    done = blog.publish({"same.html": b"1", "new.html": b"2"}, kept)
    assert (done.written, done.deleted, done.unchanged) == (("new.html",), (), 2)
    assert blog.files() == {"kept.html": b"1", "new.html": b"2", "same.html": b"1"}
    assert {path for path, stamp in first.stamps.items() if done.stamps[path] == stamp} == {"same.html", "kept.html"}


def test_an_unchanged_site_touches_nothing(blog: Blog) -> None:
    first = blog.publish({"a/index.html": b"1", "index.html": b"1"})
    folder = blog.output.stat()
    assert blog.publish({}, first.stamps) == publish.Published((), (), 2, first.stamps)
    assert blog.output.stat() == folder


def test_a_file_that_somebody_changed_is_written_again(blog: Blog) -> None:
    blog.publish({"index.html": b"ours", "other.html": b"ours"})
    blog.write({"index.html": b"mine"})
    assert blog.publish({"index.html": b"ours", "other.html": b"ours"}).written == ("index.html",)


def test_what_is_no_longer_in_the_site_vanishes_with_its_empty_folders(blog: Blog) -> None:
    blog.publish({"index.html": b"1", "old/deep/a.html": b"1", "old/b.html": b"1", "half/a.html": b"1"})
    blog.write({"half/mine.txt": b"mine"})
    done = blog.publish({"index.html": b"1"})
    assert (done.written, done.deleted, done.unchanged) == ((), ("half/a.html", "old/b.html", "old/deep/a.html"), 1)
    assert blog.files() == {"half/mine.txt": b"mine", "index.html": b"1"}
    assert blog.folders() == ["half"]


def test_old_files_vanish_also_after_the_state_folder_was_deleted(blog: Blog) -> None:
    blog.publish({"index.html": b"1", "old.html": b"1"})
    shutil.rmtree(blog.state)
    assert blog.publish({"index.html": b"1"}).deleted == ("old.html",)


def test_files_that_were_never_ours_survive(blog: Blog) -> None:
    mine = {"CNAME": b"example.org", ".git/HEAD": b"ref", "posts/mine.txt": b"mine"}
    blog.write(mine)
    blog.publish({"posts/a.html": b"1"})
    blog.publish({"posts/b.html": b"2"})
    assert blog.files() == {**mine, "posts/b.html": b"2"}


def test_a_damaged_manifest_deletes_nothing(blog: Blog) -> None:
    blog.publish({"a.html": b"1", "b.html": b"1"})
    for damage in (b"", b"{", b"[]", b'{"format": 2, "files": {"a.html": ""}}', b"\xff\xfe"):
        (blog.output / ".bifolium.json").write_bytes(damage)
        assert blog.publish({"b.html": b"1"}).deleted == ()
    assert blog.files() == {"a.html": b"1", "b.html": b"1"}


def test_a_forged_manifest_deletes_nothing_outside(blog: Blog) -> None:
    blog.publish({"a.html": b"1"})
    treasure = blog.output.parent / "treasure"
    treasure.write_bytes(b"gold")
    for path in ("../treasure", str(treasure), "x/../../treasure"):
        (blog.output / ".bifolium.json").write_text(f'{{"format":1,"files":{{"{path}":"00"}}}}')
        assert blog.publish({"a.html": b"1"}).deleted == ()
    assert treasure.read_bytes() == b"gold"


def test_a_copy_has_the_bytes_of_its_source(blog: Blog, tmp_path: Path) -> None:
    picture = tmp_path / "picture.png"
    picture.write_bytes(os.urandom(3 << 20))
    assert blog.publish({"i/picture.png": Copy(picture)}).written == ("i/picture.png",)
    assert blog.publish({"i/picture.png": Copy(picture)}).written == ()
    assert blog.files() == {"i/picture.png": picture.read_bytes()}
    picture.write_bytes(b"smaller")
    assert blog.publish({"i/picture.png": Copy(picture)}).written == ("i/picture.png",)
    assert blog.files() == {"i/picture.png": b"smaller"}


def test_a_lost_source_is_a_problem_that_names_it(blog: Blog, tmp_path: Path) -> None:
    blog.publish({"index.html": b"old"})
    assert blog.problems({"index.html": b"new", "picture.png": Copy(tmp_path / "lost.png")}) == [
        ("lost.png", "cannot-write")
    ]
    assert blog.files() == {"index.html": b"old"}


def test_a_file_may_become_a_folder_and_a_folder_a_file(blog: Blog) -> None:
    blog.publish({"a": b"file", "b/c/d": b"deep", "b/e": b"deep"})
    done = blog.publish({"a/x/y": b"deep", "b": b"file"})
    assert (done.written, done.deleted) == (("a/x/y", "b"), ("a", "b/c/d", "b/e"))
    assert blog.files() == {"a/x/y": b"deep", "b": b"file"}


def test_a_name_may_change_its_case(blog: Blog) -> None:
    blog.publish({"About.html": b"1", "Tags/C.html": b"1", "é.html": b"1"})
    done = blog.publish({"about.html": b"1", "tags/c.html": b"1", "e\u0301.html": b"1"})
    assert done.deleted == ("About.html", "Tags/C.html", "é.html")
    assert blog.files() == {"about.html": b"1", "e\u0301.html": b"1", "tags/c.html": b"1"}


def test_old_names_that_some_disks_take_for_new_ones_go_first() -> None:
    gone = ("About.html", "Tags/old.html", "a", "b/c", "plain.html", "é.html")
    fresh = ("about.html", "tags/new.html", "a/x", "b", "e\u0301.html", "plain/x.html")
    assert ground.in_the_way(Change(fresh, {}, gone, {})) == ["About.html", "Tags/old.html", "a", "b/c", "é.html"]


def test_equal_sites_have_equal_manifests_however_they_came_about(tmp_path: Path) -> None:
    one, two = Blog(tmp_path / "one"), Blog(tmp_path / "two")
    one.publish({"b": b"2", "a": b"1"})
    two.publish({"a": b"1", "c": b"3"})
    two.publish({"b": b"2"}, look(two.output, ["a"]))
    assert one.manifest() == two.manifest()
    assert one.manifest() == (
        b'{"about":{"by":"test"},"files":{"a":"' + digest(b"1") + b'","b":"' + digest(b"2") + b'"},"format":1}'
    )


def digest(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=16).hexdigest().encode()


@pytest.mark.parametrize(
    "path",
    ["", "/etc/x", "../x", "a/../x", "a//b", "a/", "./a", "a/.", "a\\b", "a\0b", ".bifolium.json", ".Bifolium-stage/x"],
)
def test_a_path_that_could_leave_the_output_is_refused(blog: Blog, path: str) -> None:
    with pytest.raises(ValueError, match="not a path inside the output folder"):
        blog.publish({path: b"x"})
    assert not blog.output.exists()


def test_nothing_is_written_or_deleted_through_a_symlink(blog: Blog, tmp_path: Path) -> None:
    blog.publish({"a/x.html": b"1", "index.html": b"1"})
    outside = tmp_path / "outside"
    (blog.output / "a").rename(outside)
    (blog.output / "a").symlink_to(outside, target_is_directory=True)
    assert blog.problems({"a/x.html": b"2", "index.html": b"1"}) == [("a", "in-the-way")]
    assert blog.publish({"index.html": b"1"}).deleted == ()
    assert (outside / "x.html").read_bytes() == b"1"


def test_the_output_folder_itself_may_be_a_symlink(blog: Blog, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    blog.output.symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    blog.publish({"a/x.html": b"1"})
    assert (tmp_path / "elsewhere" / "a" / "x.html").read_bytes() == b"1"


def test_a_foreign_file_at_a_path_of_ours_is_overwritten(blog: Blog) -> None:
    blog.write({"index.html": b"mine"})
    assert blog.publish({"index.html": b"ours"}).written == ("index.html",)
    assert blog.files() == {"index.html": b"ours"}


def test_everything_foreign_in_the_way_is_a_problem_and_nothing_is_written(blog: Blog) -> None:
    blog.publish({"page/ours.html": b"1"})
    mine = {"a.html/mine.txt": b"mine", "b": b"mine", "page/mine.txt": b"mine"}
    blog.write(mine)
    files: dict[str, Content] = {"a.html": b"1", "b/index.html": b"1", "index.html": b"1", "page": b"1"}
    with pytest.raises(SiteError) as raised:
        blog.publish(files)
    hint = "move it away, or give the page another address"
    needs_file = "the site needs a file here, but something else is in its place"
    needs_folder = "the site needs a folder here, but something else is in its place"
    assert raised.value.problems == (
        error(f"{blog.output}/b", 0, 0, "in-the-way", needs_folder, hint),
        error(f"{blog.output}/a.html", 0, 0, "in-the-way", needs_file, hint),
        error(f"{blog.output}/page", 0, 0, "in-the-way", needs_file, hint),
    )
    assert blog.files() == {**mine, "page/ours.html": b"1"}


def test_a_name_can_not_be_both_a_file_and_a_folder(blog: Blog) -> None:
    assert blog.problems({"a": b"1", "a/b": b"1"}) == [("a", "in-the-way")]
    assert not blog.output.exists()


def test_a_kept_file_that_is_gone_or_touched_is_a_problem(blog: Blog) -> None:
    seen = blog.publish({"a": b"1", "b": b"1", "c": b"1"}).stamps
    (blog.output / "a").unlink()
    blog.write({"b": b"touched"})
    kept = {path: seen[path] for path in "abc"}
    assert blog.problems({}, kept) == [("a", "output-changed"), ("b", "output-changed")]


def test_kept_files_are_believed_as_long_as_nobody_else_has_published(blog: Blog) -> None:
    seen = blog.publish({"a": b"1", "b": b"1"}).stamps
    assert blog.publish({"c": b"1"}, seen).unchanged == 2
    assert blog.publish({"b": b"2"}, look(blog.output, "abc")).unchanged == 2
    assert blog.problems({"c": b"3"}, seen) == [("b", "output-changed")]


def test_files_are_kept_also_after_the_manifest_was_deleted(blog: Blog) -> None:
    blog.publish({"a": b"1", "b": b"1"})
    before = blog.manifest()
    (blog.output / ".bifolium.json").unlink()
    assert blog.publish({}, look(blog.output, "ab")).unchanged == 2
    assert blog.manifest() == before


def test_clean_deletes_our_files_and_nothing_else(blog: Blog) -> None:
    blog.publish({"index.html": b"1", "a/b.html": b"1", "c/d.html": b"1"})
    blog.write({"a/mine.txt": b"mine"})
    assert clean(blog.output, blog.state) == ("a/b.html", "c/d.html", "index.html")
    assert (blog.files(), blog.folders(), blog.state.exists()) == ({"a/mine.txt": b"mine"}, ["a"], False)


def test_clean_leaves_no_folder_if_all_was_ours(blog: Blog) -> None:
    blog.publish({"a/b.html": b"1"})
    clean(blog.output, blog.state)
    assert list(blog.output.parent.iterdir()) == []
    assert clean(blog.output, blog.state) == ()


@pytest.mark.parametrize(
    ("output", "why"),
    [
        ("home/site", "is the site's own folder or holds it"),
        ("home/site/posts/..", "is the site's own folder or holds it"),
        ("link", "is the site's own folder or holds it"),
        ("home", "is the site's own folder or holds it"),
        ("/", "is the site's own folder or holds it"),
        ("other", "is the home folder or holds it"),
        ("other/me", "is the home folder or holds it"),
        ("home/site/posts", "overlaps the source folder"),
        ("home/site/posts/deep/public", "overlaps the source folder"),
        ("home/site/content", "overlaps the source folder"),
        ("home/site/bifolium.toml", "is not a folder"),
        ("home/site/.git", "lies in"),
        ("home/site/.bifolium/site", "lies in"),
        ("elsewhere/.hg/public", "lies in"),
        ("home/site/public", None),
        ("home/site/posts-out", None),
        ("elsewhere/public", None),
    ],
)
def test_the_output_may_not_be_where_other_things_live(tmp_path: Path, output: str, why: str | None) -> None:
    site = tmp_path / "home" / "site"
    for folder in (site / "posts", site / "content" / "images", tmp_path / "other" / "me"):
        folder.mkdir(parents=True)
    (site / "bifolium.toml").touch()
    (tmp_path / "link").symlink_to(site, target_is_directory=True)
    sources = [site / "posts", site / "content" / "images", site / "static"]
    found = check_output(site, tmp_path / output, sources, tmp_path / "other" / "me")
    assert (found and found.message.removeprefix(f"the output folder `{tmp_path / output}` ").split(" `")[0]) == why


def test_a_second_build_is_told_so(blog: Blog, monkeypatch: pytest.MonkeyPatch) -> None:
    blog.publish({"index.html": b"1"})
    monkeypatch.setattr(journal, "PATIENCE", 0.05)
    with journal.locked(blog.state):
        assert blog.problems({"index.html": b"2"}) == [(".bifolium", "locked")]
    assert blog.publish({"index.html": b"2"}).written == ("index.html",)


NAMES = st.sampled_from(["a", "B", "b", "é", "x y", "100%", "index.html"])
SITES = st.dictionaries(st.lists(NAMES, min_size=1, max_size=3).map("/".join), st.binary(max_size=3), max_size=6)


@given(sites=st.lists(SITES.filter(lambda site: not ground.folders(site) & site.keys()), min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_any_sequence_of_sites_leaves_what_the_last_one_alone_would(sites: list[dict[str, Content]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        blog, alone = Blog(Path(folder) / "blog"), Blog(Path(folder) / "alone")
        for site in sites:
            seen = look(blog.output, site)
            kept = {path: seen[path] for path in sorted(site)[::2] if blog.has(path, site[path])}
            blog.publish({path: content for path, content in site.items() if path not in kept}, kept)
        alone.publish(sites[-1])
        assert (blog.files(), blog.folders(), blog.manifest()) == (alone.files(), alone.folders(), alone.manifest())


# What is left when somebody pulls the plug

BEFORE: dict[str, Content] = {
    "About.html": b"about",
    "guide/deep/p.html": b"p",
    "guide/index.html": b"guide",
    "index.html": b"home",
    "keep/a.html": b"keep",
    "note": b"note",
    "old/a.html": b"old",
    "tags/one.html": b"one",
}
AFTER: dict[str, Content] = {
    "about.html": b"about, again",
    "guide": b"guide is a file",
    "index.html": b"home, again",
    "keep/a.html": b"keep",
    "new/deep/er/a.html": b"new",
    "new/deep/er/b.html": b"new",
    "note/index.html": b"note is a folder",
    "tags/one.html": b"one, again",
    "tags/two.html": b"two",
}
MINE = {"CNAME": b"mine", "old/mine.txt": b"mine"}


def die_at(number: int, action: Callable[[], object]) -> bool:
    """Do `action` in a child process that dies right before its nth call that changes files; tell whether it died."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 42
    left = number

    def count(event: str, _: object) -> None:
        nonlocal left
        left -= event in CALLS
        if left == 0:
            os._exit(42)

    try:
        sys.addaudithook(count)
        action()
        os._exit(0)
    except BaseException:  # noqa: BLE001 (a forked child must not go on as a second test run)
        os._exit(1)


def leftovers(blog: Blog) -> list[str]:
    """Return what journal.py has left behind anywhere."""
    places = [*blog.state.iterdir(), *blog.output.parent.iterdir()] if blog.state.exists() else []
    places += blog.output.iterdir() if blog.output.exists() else []
    known = {"lock", ".bifolium.json", ".bifolium"}
    return [path.name for path in places if path.name not in known and path.name.startswith((".bifolium", "stage"))]


def committed(blog: Blog) -> bool:
    return any(bench.exists() for bench in journal._benches(blog.output, blog.state))


@pytest.fixture(params=["beside", "on another disk"])
def many(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Blog]]:
    """Return what makes a new blog at each call, its state folder on the same disk or on another."""
    disk = tmp_path if request.param == "beside" else another_disk(tmp_path)
    with tempfile.TemporaryDirectory(dir=disk) as states:

        def new() -> Blog:
            folder = Path(tempfile.mkdtemp(dir=tmp_path))
            return Blog(folder, Path(tempfile.mkdtemp(dir=states)) / ".bifolium")

        yield new


def another_disk(tmp_path: Path) -> Path:
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK) or memory.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no other disk")
    return memory


def settled(blog: Blog, before: dict[str, Content]) -> Blog:
    if before:
        blog.publish(before)
        blog.write(MINE)
    return blog


@posix
@pytest.mark.parametrize("before", [{}, BEFORE], ids=["new", "changed"])
def test_whoever_is_killed_leaves_an_old_site_or_a_new_one(
    many: Callable[[], Blog], before: dict[str, Content]
) -> None:
    mine = MINE if before else {}
    old, new = dict(sorted({**before, **mine}.items())), dict(sorted({**AFTER, **mine}.items()))
    clean_build = settled(many(), before)
    clean_build.publish(AFTER)
    number, died, finished = 0, True, 0
    while died:
        number += 1
        blog = settled(many(), before)
        died = die_at(number, lambda blog=blog: blog.publish(AFTER))  # type: ignore[misc]
        if not committed(blog):
            recover(blog.output, blog.state)
            assert blog.files() in (old, new), f"killed at {number}"
        else:
            finished += 1
            assert recover(blog.output, blog.state), f"killed at {number}"
            assert blog.files() == new, f"killed at {number}"
        assert leftovers(blog) == [], f"killed at {number}"
        blog.publish(AFTER)
        assert (blog.files(), blog.manifest()) == (new, clean_build.manifest()), f"killed at {number}"
    assert finished > 3
    assert number > 20


@posix
@pytest.mark.parametrize("many", ["beside"], indirect=True)
def test_who_is_killed_while_finishing_can_be_killed_again(many: Callable[[], Blog]) -> None:
    new = dict(sorted({**AFTER, **MINE}.items()))
    first, died = 0, True
    while died:
        first += 1
        blog = settled(many(), BEFORE)
        died = die_at(first, lambda blog=blog: blog.publish(AFTER))  # type: ignore[misc]
        if not committed(blog):
            continue
        second = 1
        while die_at(second, lambda blog=blog: recover(blog.output, blog.state)):  # type: ignore[misc]
            second += 1
        assert (blog.files(), leftovers(blog)) == (new, []), f"killed at {first}"


@posix
def test_a_killed_build_is_finished_before_the_next_is_compared(blog: Blog) -> None:
    blog.publish({"a": b"1", "b": b"1"})
    seen = look(blog.output, "ab")
    number = 1
    while not committed(blog):
        die_at(number, lambda: blog.publish({"a": b"2", "b": b"1"}))
        number += 1
    assert blog.problems({}, seen) == [("a", "output-changed")]
    assert blog.publish({"a": b"1"}, {"b": seen["b"]}).written == ("a",)


# What the disk refuses


def on_disk(tmp_path: Path, options: str) -> Path:
    disk = tmp_path / "disk"
    disk.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(disk)]
    if not shutil.which("mount") or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("needs the right to mount")
    return disk


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = on_disk(tmp_path, "size=200k")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.parametrize("state", ["disk/.bifolium", ".bifolium"])
def test_a_full_disk_is_one_problem_and_leaves_the_old_site(small_disk: Path, tmp_path: Path, state: str) -> None:
    blog = Blog(small_disk, tmp_path / state)
    blog.publish({"index.html": b"old", "a.html": b"old"})
    with pytest.raises(SiteError) as raised:
        blog.publish({"index.html": b"new", "a.html": b"new", "big.html": bytes(300_000)})
    assert raised.value.problems == (
        error(f"{blog.output}/big.html", 0, 0, "cannot-write", "the disk is full", "free some space"),
    )
    assert (blog.files(), leftovers(blog)) == ({"a.html": b"old", "index.html": b"old"}, [])
    assert blog.publish({"index.html": b"new"}).written == ("index.html",)


def test_a_read_only_disk_is_one_problem(small_disk: Path, tmp_path: Path) -> None:
    blog = Blog(small_disk, tmp_path / ".bifolium")
    blog.publish({"index.html": b"old"})
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    assert blog.problems({"index.html": b"new"}) == [("public", "cannot-write")]
    assert blog.publish({"index.html": b"old"}).unchanged == 1
    assert (blog.files(), leftovers(blog)) == ({"index.html": b"old"}, [])


@posix
def test_a_folder_that_is_not_ours_to_write_is_one_problem() -> None:
    with tempfile.TemporaryDirectory() as folder:
        blog = Blog(Path(folder))
        blog.publish({"index.html": b"old", "a/index.html": b"old"})
        (blog.output / "a").chmod(0o555)
        status = as_nobody(Path(folder), lambda: blog.problems({"index.html": b"new", "a/index.html": b"new"}))
        assert (status, blog.files()) == (0, {"a/index.html": b"old", "index.html": b"old"})


def as_nobody(folder: Path, action: Callable[[], object]) -> int:
    """Do `action` in a child process that is not root and return 0 if it finds `a` unwritable."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        if os.geteuid() == 0:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, 65534, 65534)
            os.setuid(65534)
        os._exit(0 if action() == [("a", "cannot-write")] else 1)
    except BaseException:  # noqa: BLE001 (a forked child must not go on as a second test run)
        os._exit(2)


def test_whatever_else_the_disk_refuses_is_one_problem_too(blog: Blog) -> None:
    resource = pytest.importorskip("resource")
    blog.publish({"index.html": b"old"})
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        assert blog.problems({"index.html": b"new", "big.html": bytes(2000)}) == [("big.html", "cannot-write")]
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert (blog.files(), leftovers(blog)) == ({"index.html": b"old"}, [])


def test_a_name_that_is_too_long_is_a_problem_that_names_it(blog: Blog) -> None:
    blog.publish({"index.html": b"old"})
    assert blog.problems({"index.html": b"new", f"{'x' * 300}.html": b"new"}) == [(f"{'x' * 300}.html", "cannot-write")]
    assert (blog.files(), leftovers(blog)) == ({"index.html": b"old"}, [])


@pytest.fixture
def nested_disk(blog: Blog) -> Iterator[Path]:
    blog.output.mkdir()
    disk = on_disk(blog.output, "size=200k")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.usefixtures("nested_disk")
def test_a_folder_of_the_output_may_be_another_disk(blog: Blog) -> None:
    files: dict[str, Content] = {"disk/a.html": b"1", "disk/deep/er/b.html": b"1", "index.html": b"1"}
    blog.publish(files)
    assert (blog.files(), leftovers(blog)) == (files, [])
    blog.publish({"disk/a.html": b"2"})
    assert (blog.files(), leftovers(blog)) == ({"disk/a.html": b"2"}, [])
