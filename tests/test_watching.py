"""The doorbell: how editors really save, and that nothing half-written is looked at."""

from __future__ import annotations

import queue
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bifolium.serve.bell import POLL, Bell
from bifolium.serve.quiet import BURST, LONE, LONGEST, OPEN, SEVERAL, Quiet


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts/a.md").write_text("one\n")
    return tmp_path


@pytest.fixture
def rung(site: Path) -> Iterator[queue.Queue[frozenset[str]]]:
    heard: queue.Queue[frozenset[str]] = queue.Queue()
    bell = Bell(site, heard.put)
    yield heard
    bell.close()


def rename(path: Path) -> None:
    """Save as most editors do: a new file in place of the old one."""
    fresh = path.with_name(f".{path.name}.tmp123")
    fresh.write_text("two\n")
    fresh.replace(path)


def with_swap_files(path: Path) -> None:
    """Save as vim does: a swap file, a probe, the old file aside, a new one, and all cleared away."""
    swap = path.with_name(f".{path.name}.swp")
    swap.write_text("swap")
    path.with_name("4913").write_text("")
    path.with_name("4913").unlink()
    path.rename(path.with_name(f"{path.name}~"))
    path.write_text("two\n")
    path.with_name(f"{path.name}~").unlink()
    swap.unlink()


def in_place(path: Path) -> None:
    """Save as nano does: the same file, emptied and written."""
    path.write_text("two\n")


def slowly(path: Path) -> None:
    """Save over a slow line: emptied, half, the rest."""
    with path.open("w") as file:
        file.flush()
        time.sleep(0.15)
        file.write("tw")
        file.flush()
        time.sleep(0.15)
        file.write("o\n")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems don't tell when a file is closed")
@pytest.mark.parametrize("save", [rename, with_swap_files, in_place, slowly])
def test_a_save_rings_once_when_the_file_is_whole(
    save: Callable[[Path], None], site: Path, rung: queue.Queue[frozenset[str]]
) -> None:
    save(site / "posts/a.md")
    assert rung.get(timeout=5) == frozenset({"posts/a.md"})
    assert (site / "posts/a.md").read_text() == "two\n"
    with pytest.raises(queue.Empty):
        rung.get(timeout=0.3)


def test_reading_rings_nothing(site: Path, rung: queue.Queue[frozenset[str]]) -> None:
    (site / "posts/a.md").read_text()
    assert [path.name for path in (site / "posts").iterdir()] == ["a.md"]
    with pytest.raises(queue.Empty):
        rung.get(timeout=0.3)


def test_folders_that_come_move_and_go_ring(site: Path, rung: queue.Queue[frozenset[str]]) -> None:
    (site / "posts/new").mkdir()
    (site / "posts/new/index.md").write_text("x")
    assert "posts/new" in rung.get(timeout=5)
    (site / "posts/new").rename(site / "posts/newer")
    assert {"posts/new", "posts/newer"} <= rung.get(timeout=5)
    time.sleep(0.3)
    (site / "posts/newer/index.md").write_text("y")
    assert "posts/newer/index.md" in rung.get(timeout=5)


def test_a_burst_rings_seldom(site: Path, rung: queue.Queue[frozenset[str]]) -> None:
    for number in range(1000):
        (site / f"posts/{number}.md").write_text("x")
    time.sleep(2)
    rings = [rung.get_nowait() for _ in range(rung.qsize())]
    assert {path for paths in rings for path in paths} == {f"posts/{number}.md" for number in range(1000)}
    assert len(rings) <= 5


def test_a_folder_that_is_not_watched_is_looked_at(site: Path) -> None:
    heard: queue.Queue[frozenset[str]] = queue.Queue()
    bell = Bell(site, heard.put, polling=True)
    assert (bell.polling, heard.get(timeout=5)) == (True, frozenset())
    bell.close()


@pytest.mark.skipif(sys.platform != "linux", reason="inotify is Linux's")
def test_where_the_system_watches_no_more_the_folder_is_looked_at(site: Path) -> None:
    imports = "import os, resource\nfrom pathlib import Path\nfrom bifolium.serve.bell import Bell\n"
    full = "resource.setrlimit(resource.RLIMIT_NOFILE, (os.dup(0) + 1, 4096))\n"  # as if no instance were left
    ring = f"print(Bell(Path({str(site)!r}), print).polling)"
    done = subprocess.run([sys.executable, "-c", imports + full + ring], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("True\n", "")


def test_what_must_be_looked_at_again_is_rung_for_soon(site: Path) -> None:
    heard: queue.Queue[float] = queue.Queue()

    def ring(_: frozenset[str]) -> bool:
        heard.put(time.monotonic())
        return True

    bell = Bell(site, ring, polling=True)
    first, second = heard.get(timeout=5), heard.get(timeout=5)
    assert second - first < POLL
    bell.close()


# When to look, without a clock


def test_a_lone_save_waits_less_than_several_events_and_these_less_than_a_burst() -> None:
    lone, several, burst = Quiet(), Quiet(), Quiet()
    lone.ring("a", "closed", 5)
    for name in "ab":
        several.ring(name, "closed", 5)
    for number in range(100):
        burst.ring(str(number), "closed", 5)
    assert [it.due() for it in (Quiet(), lone, several, burst)] == [None, 5 + LONE, 5 + SEVERAL, 5 + BURST]


def test_a_file_that_is_being_written_is_waited_for_but_not_for_ever() -> None:
    quiet = Quiet()
    quiet.ring("a", "writing", 5)
    assert quiet.due() == 5 + OPEN
    quiet.ring("a", "writing", 6)
    assert quiet.due() == 6 + OPEN
    quiet.ring("a", "closed", 7)
    assert quiet.due() == 5 + LONGEST
    assert (quiet.taken(), quiet.due()) == (frozenset({"a"}), None)


def test_a_burst_that_goes_on_is_looked_at_meanwhile() -> None:
    quiet = Quiet()
    for number in range(100):
        quiet.ring(str(number), "closed", number / 50)
    assert quiet.due() == LONGEST
