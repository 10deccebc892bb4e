"""Change the files of a folder all at once, as far as whoever is killed in between can tell. Used by publish.py alone.

New files are staged as a tree, or loose where their folder is there already: making and removing a folder takes longer
than writing a page. Beside them stand lists of what to delete before and after. One rename of the stage commits; then
all is moved over the folder. Killed before that rename, the old files stand; killed after it, the stage is still
there and `resume` goes on: each step may be done twice. The stage lies in the site's state folder, or, where a rename
from there can't reach (another disk, a bind mount), hidden in the folder itself.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import sys
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

import msgspec

from bifolium.ground import folders
from bifolium.problems import Problem, SiteError, error

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

PATIENCE = 5.0
"""Seconds to wait for another build of the same site."""

MANIFEST = ".bifolium.json"
"""The file of the folder that names our files; it is the last to be moved."""

DIGEST = 16
"""Bytes of a file's BLAKE2b digest."""

_INSIDE = ".bifolium-stage"
_PROBE = ".bifolium-probe"
_CHOOSE = "or choose another folder: `output` in [folders]"
_REASONS = {
    errno.ENOSPC: ("the disk is full", "free some space"),
    errno.EDQUOT: ("the disk quota is used up", "free some space"),
    errno.EACCES: ("not allowed to write here", f"make it writable, {_CHOOSE}"),
    errno.EPERM: ("not allowed to write here", f"make it writable, {_CHOOSE}"),
    errno.EROFS: ("the disk is read-only", f"make it writable, {_CHOOSE}"),
    errno.ENAMETOOLONG: ("the name is too long for this disk", "choose a shorter slug or permalink"),
    errno.ENOENT: ("the file vanished while the site was built", "build again"),
}


@contextmanager
def locked(state: Path) -> Iterator[None]:
    """Hold the site's lock, which ends with the process at the latest; raises SiteError if another build has it."""
    state.mkdir(parents=True, exist_ok=True)
    with (state / "lock").open("ab") as file:
        deadline = time.monotonic() + PATIENCE
        while not _seized(file):
            if time.monotonic() > deadline:
                hint = "wait until it has ended, or stop it"
                raise SiteError([error(str(state), 0, 0, "locked", "another build of this site is running", hint)])
            time.sleep(0.02)
        yield


@contextmanager
def told(folder: Path, afterwards: str = "") -> Iterator[None]:
    """Turn what the disk refuses into one problem that names the path; `afterwards` extends its hint."""
    try:
        yield
    except OSError as failure:
        raise SiteError([_problem(failure, folder, afterwards)]) from failure


@contextmanager
def transaction(folder: Path, state: Path) -> Iterator[Path]:
    """Yield a stage to fill by `write_files` and `write_lists`; then commit it and move it over `folder`."""
    bench = _open_bench(folder, state)
    stage = _unfinished(bench)
    try:
        yield stage
        stage.rename(bench)
    except BaseException:
        shutil.rmtree(stage, ignore_errors=True)
        raise
    with told(folder, "; the next build goes on where this one stopped"):
        _finish(folder, bench)


def write_files(
    stage: Path, folder: Path, files: Mapping[str, Iterable[bytes]], there: Collection[str]
) -> dict[str, str]:
    """Write new files into the stage and return their digests; `there` are folders that stand already."""
    loose = [path for path in files if path.rpartition("/")[0] in there]
    staged = {path: f"{stage}/tree/{path}" for path in files}
    staged |= {path: f"{stage}/loose/{number}" for number, path in enumerate(loose)}
    _note(stage / "paths", loose)
    if loose:
        (stage / "loose").mkdir()
    for path in sorted(folders(files.keys() - set(loose))):
        os.mkdir(f"{stage}/tree/{path}")  # noqa: PTH102 (12,000 times)
    digests: dict[str, str] = {}
    for path, chunks in files.items():
        try:
            digests[path] = _write(staged[path], chunks)
        except OSError as failure:
            if failure.filename and not str(failure.filename).startswith(str(stage)):
                raise
            raise OSError(failure.errno, failure.strerror, f"{folder}/{path}") from failure
    return digests


def write_lists(stage: Path, first: Collection[str], last: Collection[str], manifest: bytes) -> None:
    """Note which files to delete before and after the files are moved, and what the manifest says in the end."""
    _note(stage / "first", first)
    _note(stage / "last", last)
    with (stage / "manifest").open("xb") as file:
        file.write(manifest)
        file.flush()
        os.fsync(file.fileno())


def is_pending(folder: Path, state: Path) -> bool:
    """Tell whether somebody was killed while changing `folder`, or is just changing it."""
    return any(place.exists() for bench in _benches(folder, state) for place in (bench, _unfinished(bench)))


def resume(folder: Path, state: Path) -> bool:
    """Finish what was committed, forget what was only staged; return whether there was the former. Needs the lock."""
    finished = False
    for bench in _benches(folder, state):
        if _unfinished(bench).exists():
            shutil.rmtree(_unfinished(bench))
            _drop_probes(folder)
        if bench.exists():
            _finish(folder, bench)
            finished = True
    return finished


def erase(folder: Path, paths: Iterable[str]) -> None:
    """Delete the files at `paths` and the folders that are left empty."""
    paths = tuple(paths)
    for path in paths:
        with suppress(FileNotFoundError, NotADirectoryError):
            os.remove(f"{folder}/{path}")  # noqa: PTH107
    for parent in sorted(folders(paths), key=len, reverse=True):
        with suppress(OSError):
            os.rmdir(f"{folder}/{parent}")  # noqa: PTH106


def _seized(file: BinaryIO) -> bool:
    try:
        if sys.platform == "win32":
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def _problem(failure: OSError, folder: Path, afterwards: str) -> Problem:
    path = failure.filename2 or failure.filename or folder
    number = failure.errno or 0
    message, hint = _REASONS.get(
        number, ((failure.strerror or str(failure)).lower(), "look at the disk, then build again")
    )
    return error(os.fsdecode(path), 0, 0, "cannot-write", message, hint + afterwards)


def _benches(folder: Path, state: Path) -> tuple[Path, Path]:
    """Return where a committed stage for `folder` can be: in the state folder, and in the folder itself."""
    name = hashlib.blake2b(os.fsencode(folder.absolute()), digest_size=6).hexdigest()
    return state / f"stage-{name}", folder / _INSIDE


def _unfinished(bench: Path) -> Path:
    return bench.with_name(f"{bench.name}.new")


def _open_bench(folder: Path, state: Path) -> Path:
    """Make an empty stage at the first place from where a rename leads into the folder, and return its bench."""
    near, inside = _benches(folder, state)
    folder.parent.mkdir(parents=True, exist_ok=True)
    tree = _unfinished(near) / "tree"
    tree.mkdir(parents=True)
    if _reaches(tree, folder if folder.exists() else folder.parent):
        return near
    shutil.rmtree(_unfinished(near))
    (_unfinished(inside) / "tree").mkdir(parents=True)
    return inside


def _reaches(tree: Path, ground: Path) -> bool:
    """Tell whether renames lead from `tree` into `ground`, by trying: on bind mounts the device numbers are equal."""
    probe = ground / _PROBE
    try:
        tree.rename(probe)
    except OSError as failure:
        if failure.errno != errno.EXDEV:
            raise
        return False
    probe.rename(tree)
    return True


def _drop_probes(folder: Path) -> None:
    for ground in (folder, folder.parent):
        with suppress(OSError):
            (ground / _PROBE).rmdir()


def _write(target: str, chunks: Iterable[bytes]) -> str:
    digest = hashlib.blake2b(digest_size=DIGEST)
    with open(target, "xb", buffering=0) as file:  # noqa: PTH123 (12,000 times)
        for chunk in chunks:
            digest.update(chunk)
            rest = memoryview(chunk)
            while rest:
                rest = rest[file.write(rest) :]
    return digest.hexdigest()


def _finish(folder: Path, bench: Path) -> None:
    """Move a committed stage over `folder`. What is done already is not there any more, so it is not done twice.

    Above all `first` may be struck only before the move: where letter case doesn't count, it may name the new files.
    """
    _strike(folder, bench / "first")
    if (bench / "tree").exists():
        _settle(f"{bench}/tree", f"{folder}")
    for number, path in enumerate(_noted(bench / "paths")):
        if os.path.lexists(f"{bench}/loose/{number}"):
            _put_back(f"{bench}/loose/{number}", f"{folder}/{path}")
    _strike(folder, bench / "last")
    if (bench / "manifest").exists():
        _carry(f"{bench}/manifest", f"{folder}/{MANIFEST}")
    shutil.rmtree(bench)


def _strike(folder: Path, notes: Path) -> None:
    if paths := _noted(notes):
        erase(folder, paths)
        notes.unlink()


def _note(notes: Path, paths: Collection[str]) -> None:
    if paths:
        notes.write_bytes(msgspec.json.encode(paths))


def _noted(notes: Path) -> list[str]:
    return msgspec.json.decode(notes.read_bytes(), type=list[str]) if notes.exists() else []


def _put_back(staged: str, target: str) -> None:
    """Move a loose file to its place, whose folder may have gone since."""
    try:
        _carry(staged, target)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(target), exist_ok=True)  # noqa: PTH103, PTH120
        _carry(staged, target)


def _settle(staged: str, target: str) -> None:
    """Move a staged folder over `target`: as a whole where nothing stands yet."""
    if not os.path.lexists(target):
        with _unless_another_disk():
            os.rename(staged, target)  # noqa: PTH104
            return
        os.mkdir(target)  # noqa: PTH102
    with os.scandir(staged) as entries:
        found = list(entries)
    for entry in found:
        (_settle if entry.is_dir() else _carry)(entry.path, f"{target}/{entry.name}")


def _carry(staged: str, target: str) -> None:
    """Move a staged file over `target`."""
    with _unless_another_disk():
        os.replace(staged, target)  # noqa: PTH105
        return
    shutil.copyfile(staged, f"{target}.bifolium~")
    os.replace(f"{target}.bifolium~", target)  # noqa: PTH105


@contextmanager
def _unless_another_disk() -> Iterator[None]:
    """Go on behind the block if a folder further in turns out to be another disk."""
    try:
        yield
    except OSError as failure:
        if failure.errno != errno.EXDEV:
            raise
