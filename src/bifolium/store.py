"""The memo's shelf on disk: what was worked out before, by key. It may be deleted, damaged or lost at any time.

Nothing that happens to the file may fail a build or hand out a wrong value. So each value carries a digest of itself
and its key, a damaged file is begun anew, and a file that can't be used (locked, read-only, disk full) is done without.
"""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

FORMAT = 1
"""The layout of both kinds of file. A file of another layout counts as damaged."""

_PATIENCE = 1.0
_BATCH = 500
_DIGEST = 8
_WORTHWHILE = 256
_PLAIN, _PACKED = b"\0", b"\1"
_STATE = f"bifolium state {FORMAT}\n".encode()
_BROKEN = {
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_ERROR,
    sqlite3.SQLITE_FORMAT,
    sqlite3.SQLITE_MISMATCH,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_TOOBIG,
}
"""What SQLite says of a bad file. READONLY can be a damaged header; in a folder that is read-only, deleting fails."""

_SCHEMA = f"""
PRAGMA journal_mode = WAL;
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS memo (key BLOB PRIMARY KEY, value BLOB NOT NULL);
PRAGMA user_version = {FORMAT};
COMMIT;
"""

T = TypeVar("T")


class _DamagedError(sqlite3.DatabaseError):
    """The file holds something else than a memo."""


class Store:
    """Values by key, in a SQLite file. To be used by one thread at a time, by any number of processes."""

    def __init__(self, path: Path) -> None:
        """Open the file at `path`, or make it; if neither can be done, remember nothing."""
        self._path = path
        self._file = _open(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file; whoever asks afterwards gets nothing."""
        if self._file is not None:
            with suppress(sqlite3.Error):
                self._file.close()
        self._file = None

    def get_many(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return the values that are known; a damaged one is not."""
        return self._try(lambda file: dict(_known(file, keys)), {})

    def put_many(self, items: Mapping[bytes, bytes]) -> None:
        """Remember `items`, all or none."""
        rows = [(key, _pack(key, items[key])) for key in sorted(items)]
        if rows:
            self._try(lambda file: _insert(file, rows), None)

    def size(self) -> int:
        """Return how many bytes all values together take in the file."""
        return self._try(_used, 0)

    def trim(self, live: Iterable[bytes]) -> None:
        """Forget what isn't in `live`."""
        self._try(lambda file: _trim(file, live), None)

    def _try(self, action: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        """Return what `action` does with the file; if it fails, begin a damaged file anew and go without any other."""
        if self._file is None:
            return otherwise
        try:
            return action(self._file)
        except sqlite3.Error as failure:
            self.close()
            if _is_broken(failure):
                _delete(self._path)
                self._file = _open(self._path)
            return otherwise


def read_state(path: Path) -> bytes | None:
    """Return what `write_state` wrote, or None if that isn't there as it was written."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    data = content[len(_STATE) + _DIGEST :]
    return data if content.startswith(_head(data)) else None


def write_state(path: Path, data: bytes) -> None:
    """Put `data` in place of what is at `path`; if that can't be done, nothing stays there: it would be wrong."""
    fresh = path.with_name(f"{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with fresh.open("wb") as file:
            file.writelines((_head(data), data))
        fresh.replace(path)
    except OSError:
        for leftover in (fresh, path):
            with suppress(OSError):
                leftover.unlink()


def _head(data: bytes) -> bytes:
    """Return what stands before `data` in its file."""
    return _STATE + _digest(data)


def _digest(*parts: bytes) -> bytes:
    digest = hashlib.blake2b(digest_size=_DIGEST)
    for part in parts:
        digest.update(part)
    return digest.digest()


def _open(path: Path) -> sqlite3.Connection | None:
    """Return the opened file, a new one if it is damaged, or None."""
    for _ in range(2):
        try:
            return _connect(path)
        except sqlite3.Error as failure:
            if not _is_broken(failure):
                return None
            _delete(path)
        except OSError:
            return None
    return None


def _connect(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    file = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
    try:
        _prepare(file)
    except sqlite3.Error:
        file.close()
        raise
    return file


def _prepare(file: sqlite3.Connection) -> None:
    """Make the table in an empty file; raise if the file holds anything but such a table."""
    file.text_factory = bytes  # else a damaged text is an error of its own kind
    file.execute("PRAGMA synchronous = OFF")  # a power cut is damage like any other, and a busy disk syncs for seconds
    file.execute("PRAGMA temp_store = MEMORY")
    if file.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,):
        file.executescript(_SCHEMA)
    if (found := _number(file, "user_version")) != FORMAT:
        raise _DamagedError(f"format {found}")
    file.execute("SELECT key, value FROM memo LIMIT 0")


def _number(file: sqlite3.Connection, pragma: str) -> int:
    return int(file.execute(f"PRAGMA {pragma}").fetchone()[0])


def _is_broken(failure: sqlite3.Error) -> bool:
    """Tell whether the file itself is bad, rather than locked, read-only or on a full disk."""
    return isinstance(failure, _DamagedError) or getattr(failure, "sqlite_errorcode", 0) & 0xFF in _BROKEN


def _delete(path: Path) -> None:
    for end in ("", "-wal", "-shm", "-journal"):
        with suppress(OSError):
            path.with_name(path.name + end).unlink()


def _known(file: sqlite3.Connection, keys: Iterable[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Yield the keys that are known with their values, asking in the order of the index."""
    waiting = iter(sorted(set(keys)))
    while batch := list(islice(waiting, _BATCH)):
        marks = ",".join("?" * len(batch))
        for key, packed in file.execute(f"SELECT key, value FROM memo WHERE key IN ({marks})", batch):  # noqa: S608
            value = _unpack(key, packed)
            if value is not None:
                yield key, value


def _insert(file: sqlite3.Connection, rows: Sequence[tuple[bytes, bytes]]) -> None:
    file.execute("BEGIN IMMEDIATE")
    file.executemany("INSERT OR REPLACE INTO memo (key, value) VALUES (?, ?)", rows)
    file.execute("COMMIT")


def _used(file: sqlite3.Connection) -> int:
    pages = _number(file, "page_count") - _number(file, "freelist_count")
    return pages * _number(file, "page_size")


def _trim(file: sqlite3.Connection, live: Iterable[bytes]) -> None:
    """Delete the rows that aren't live; give space back when half is unused."""
    file.execute("CREATE TEMP TABLE live (key BLOB PRIMARY KEY) WITHOUT ROWID")
    file.execute("BEGIN IMMEDIATE")
    file.executemany("INSERT OR IGNORE INTO live VALUES (?)", ((key,) for key in live))
    file.execute("DELETE FROM memo WHERE key NOT IN (SELECT key FROM live)")
    file.execute("COMMIT")
    file.execute("DROP TABLE live")
    if _number(file, "freelist_count") * 2 > _number(file, "page_count"):
        file.execute("VACUUM")


def _pack(key: bytes, value: bytes) -> bytes:
    """Return `value` as it is stored: digest, kind, and the bytes, compressed if that saves an eighth."""
    packed = _deflate(value) if len(value) >= _WORTHWHILE else value
    body = _PACKED + packed if len(packed) * 8 < len(value) * 7 else _PLAIN + value
    return _digest(key, body) + body


def _deflate(value: bytes) -> bytes:
    """Compress with 96 kB of memory: the usual 256 kB are mapped anew for each value, which takes 3 times as long."""
    packer = zlib.compressobj(1, zlib.DEFLATED, 13, 7)
    return packer.compress(value) + packer.flush()


def _unpack(key: object, stored: object) -> bytes | None:
    """Return the value that `_pack` was given, or None if this is not what it returned for this key."""
    if not isinstance(key, bytes) or not isinstance(stored, bytes):
        return None
    digest, kind, body = stored[:_DIGEST], stored[_DIGEST : _DIGEST + 1], stored[_DIGEST + 1 :]
    if digest != _digest(key, kind, body):
        return None
    return zlib.decompress(body) if kind == _PACKED else body
