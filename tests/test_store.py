"""The memo's shelf: whatever happens to its file, a value comes back as it was put, or not at all."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from bifolium import store
from bifolium.store import Store, read_state, write_state

ITEMS = {bytes([number]) * 16: bytes([number]) * number * 40 for number in range(50)}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / ".bifolium" / "memo.sqlite"


@pytest.fixture
def filled(path: Path) -> Path:
    with Store(path) as shelf:
        shelf.put_many(ITEMS)
    return path


def recall(path: Path) -> dict[bytes, bytes]:
    with Store(path) as shelf:
        return shelf.get_many(list(ITEMS))


def works(path: Path) -> bool:
    """Tell whether something put is there after the file was closed."""
    with Store(path) as shelf:
        shelf.put_many({b"new": b"value"})
    with Store(path) as shelf:
        return shelf.get_many([b"new"]) == {b"new": b"value"}


def test_what_was_put_is_there_after_closing(filled: Path) -> None:
    assert recall(filled) == ITEMS


def test_unknown_keys_are_missing_and_known_ones_may_be_asked_twice(filled: Path) -> None:
    key = next(iter(ITEMS))
    with Store(filled) as shelf:
        assert shelf.get_many([key, b"unknown", key]) == {key: ITEMS[key]}
        assert shelf.get_many([]) == {}


def test_putting_again_replaces(filled: Path) -> None:
    key = next(iter(ITEMS))
    with Store(filled) as shelf:
        shelf.put_many({key: b"other"})
        assert shelf.get_many([key]) == {key: b"other"}


def test_more_keys_than_sqlite_takes_at_once(path: Path) -> None:
    items = {number.to_bytes(16, "big"): os.urandom(8) for number in range(40_000)}
    with Store(path) as shelf:
        shelf.put_many(items)
        assert shelf.get_many(list(items)) == items


def test_two_builds_share_a_shelf(path: Path) -> None:
    with Store(path) as one, Store(path) as two:
        one.put_many({b"a": b"1"})
        two.put_many({b"b": b"2"})
        assert one.get_many([b"a", b"b"]) == two.get_many([b"a", b"b"]) == {b"a": b"1", b"b": b"2"}


def test_builds_that_begin_a_shelf_at_once_lose_nothing(path: Path) -> None:
    together = threading.Barrier(8)

    def build(number: int) -> None:
        together.wait()
        with Store(path) as shelf:
            shelf.put_many({bytes([number]) * 16: ITEMS[bytes([number]) * 16]})

    with ThreadPoolExecutor(8) as builds:
        list(builds.map(build, range(8)))
    assert recall(path) == dict(list(ITEMS.items())[:8])


def test_a_closed_shelf_knows_nothing(filled: Path) -> None:
    shelf = Store(filled)
    shelf.close()
    shelf.put_many({b"a": b"1"})
    shelf.trim([])
    assert shelf.size() == 0
    shelf.close()
    assert shelf.get_many(list(ITEMS)) == {}


def with_table(path: Path, script: str) -> None:
    path.unlink()
    with sqlite3.connect(path) as file:
        file.executescript(script)
    file.close()


def garbage(path: Path) -> None:
    path.write_bytes(os.urandom(50_000))


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:6000])


def overwritten_in_the_middle(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:4096] + bytes(len(content) - 4096))


def of_somebody_else(path: Path) -> None:
    with_table(path, "CREATE TABLE memo (id INTEGER, name TEXT); INSERT INTO memo VALUES (1, 'x');")


def of_another_version(path: Path) -> None:
    with_table(path, f"PRAGMA user_version = {store.FORMAT + 1}; CREATE TABLE memo (key BLOB PRIMARY KEY, value BLOB);")


def without_its_table(path: Path) -> None:
    with_table(path, f"PRAGMA user_version = {store.FORMAT};")


def with_other_columns(path: Path) -> None:
    with_table(path, f"PRAGMA user_version = {store.FORMAT}; CREATE TABLE memo (id INTEGER, name TEXT);")


@pytest.mark.parametrize(
    "damage",
    [
        garbage,
        emptied,
        truncated,
        overwritten_in_the_middle,
        of_somebody_else,
        of_another_version,
        without_its_table,
        with_other_columns,
    ],
    ids=lambda damage: damage.__name__,
)
def test_a_damaged_file_is_begun_anew(filled: Path, damage: Callable[[Path], None]) -> None:
    damage(filled)
    assert recall(filled).items() <= ITEMS.items()
    assert works(filled)


def test_no_flipped_byte_ever_makes_a_wrong_value(filled: Path) -> None:
    content = filled.read_bytes()
    for position in [*range(100), *range(100, len(content), 211)]:
        flipped = bytearray(content)
        flipped[position] ^= 0xFF
        filled.write_bytes(flipped)
        assert recall(filled).items() <= ITEMS.items(), position
    filled.write_bytes(flipped)
    assert works(filled)


def test_no_flipped_header_byte_breaks_the_shelf_for_good(filled: Path) -> None:
    content = filled.read_bytes()
    for position in range(100):
        flipped = bytearray(content)
        flipped[position] ^= 0xFF
        filled.write_bytes(flipped)
        assert works(filled) or works(filled), position


def test_values_of_the_wrong_type_or_under_a_wrong_key_are_not_known(filled: Path) -> None:
    one, two, three, *_ = ITEMS
    with sqlite3.connect(filled) as file:
        file.execute("UPDATE memo SET value = 'text' WHERE key = ?", (one,))
        file.execute("UPDATE memo SET value = (SELECT value FROM memo WHERE key = ?) WHERE key = ?", (three, two))
        file.execute("UPDATE memo SET value = x'00' WHERE key = ?", (three,))
    file.close()
    assert recall(filled) == {key: value for key, value in ITEMS.items() if key not in (one, two, three)}


def test_a_locked_file_is_done_without_and_left_alone(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_PATIENCE", 0.01)
    with Store(filled) as early:
        other = sqlite3.connect(filled, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        early.put_many({b"a": b"1"})
        with Store(filled) as late:
            assert late.get_many(list(ITEMS)) == ITEMS
            late.put_many({b"a": b"1"})
            assert late.get_many(list(ITEMS)) == {}
        other.execute("COMMIT")
        other.close()
    assert recall(filled) == ITEMS


def test_a_file_that_is_held_by_one_process_alone_is_left_alone(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_PATIENCE", 0.01)
    other = sqlite3.connect(filled)
    other.executescript("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT;")
    assert recall(filled) == {}
    other.close()
    assert recall(filled) == ITEMS


def test_a_place_where_no_file_can_be_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "file" / "memo.sqlite", tmp_path / "folder"):
        assert not works(path)
    assert ((tmp_path / "file").exists(), (tmp_path / "folder").exists()) == (True, True)


@contextmanager
def full_disk(limit: int) -> Iterator[None]:
    """Let no file grow beyond `limit` bytes."""
    resource = pytest.importorskip("resource")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


@pytest.mark.parametrize("limit", [0, 5_000, 20_000, 60_000])
def test_a_full_disk_loses_no_older_value(filled: Path, limit: int) -> None:
    with full_disk(limit), Store(filled) as shelf:
        shelf.put_many({number.to_bytes(2, "big"): os.urandom(1000) for number in range(500)})
    with full_disk(limit):
        assert recall(filled).items() <= ITEMS.items()
    assert recall(filled) == ITEMS
    assert works(filled)


def test_trimming_keeps_what_is_live_and_gives_space_back(path: Path) -> None:
    live = {bytes([number]): os.urandom(500) for number in range(50)}
    with Store(path) as shelf:
        shelf.put_many(live)
        shelf.put_many({number.to_bytes(2, "big"): os.urandom(1000) for number in range(1000)})
        full = shelf.size()
        shelf.trim(live.keys())
        assert shelf.size() < 100_000 < full
        assert shelf.get_many([*live, *(number.to_bytes(2, "big") for number in range(1000))]) == live
    assert path.stat().st_size < 100_000


def test_a_shelf_that_is_trimmed_at_every_build_stops_growing(path: Path) -> None:
    sizes = []
    for build in range(12):
        with Store(path) as shelf:
            items = {bytes([build, number]): os.urandom(1000) for number in range(100)}
            shelf.put_many(items)
            shelf.trim(items.keys())
        sizes.append(path.stat().st_size)
    assert max(sizes) < 400_000


def test_state_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "new" / "state"
    for data in (b"", b"one", os.urandom(100_000)):
        write_state(path, data)
        assert read_state(path) == data
    assert [found.name for found in path.parent.iterdir()] == ["state"]


def test_state_that_is_missing_or_damaged_is_none(tmp_path: Path) -> None:
    path = tmp_path / "state"
    assert read_state(path) is None
    assert read_state(tmp_path) is None
    write_state(path, b"data")
    content = path.read_bytes()
    for position in range(len(content)):
        path.write_bytes(content[:position] + bytes([content[position] ^ 1]) + content[position + 1 :])
        assert read_state(path) is None
        path.write_bytes(content[:position])
        assert read_state(path) is None
    path.write_bytes(content + b"x")
    assert read_state(path) is None


def test_state_that_can_not_be_written_leaves_no_older_one(tmp_path: Path) -> None:
    path = tmp_path / "state"
    write_state(path, b"old")
    with full_disk(10):
        write_state(path, bytes(5000))
    assert (read_state(path), list(tmp_path.iterdir())) == (None, [])
    write_state(path / "below a file that is not there" / "state", b"fine")
    (tmp_path / "file").touch()
    write_state(tmp_path / "file" / "state", b"nowhere")
    assert read_state(tmp_path / "file" / "state") is None
