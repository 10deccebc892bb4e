"""What stands in the output folder before it is changed, and what of it stands against the change. Writes nothing.

Ours is what the manifest says. Of the rest, only a plain file at the very path of a file of ours gives way: it is
overwritten. Nothing is looked at, read or replaced through a symlink inside the folder.
"""

from __future__ import annotations

import errno
import os
import stat
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from bifolium.model import Stamp
from bifolium.problems import Problem, error

Ground = dict[str, os.stat_result]
"""What stands at a path of the output, and at the folders on the way there."""

_MOVE = "move it away, or give the page another address"
_RENAME = "give one of the two another address"


class Change(NamedTuple):
    """Paths to write, paths that stay (with their digests), paths to delete, and what stands there before."""

    fresh: tuple[str, ...]
    same: dict[str, str]
    gone: tuple[str, ...]
    ground: Ground


def survey(output: Path, paths: Collection[str]) -> Ground:
    """Return what stands at `paths` and at the folders on the way there, nothing of it behind a symlink."""
    ground: Ground = {}
    root = os.fspath(output)
    real = {""}
    for path in sorted(folders(paths)):
        if path.rpartition("/")[0] in real and (found := _look(f"{root}/{path}")):
            ground[path] = found
            if stat.S_ISDIR(found.st_mode):
                real.add(path)
    for path in paths:
        if path.rpartition("/")[0] in real and (found := _look(f"{root}/{path}")):
            ground[path] = found
    return ground


def _look(path: str) -> os.stat_result | None:
    try:
        return os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None


def is_folder(ground: Ground, path: str) -> bool:
    """Tell whether a folder stands at `path`."""
    return path in ground and stat.S_ISDIR(ground[path].st_mode)


def is_file(ground: Ground, path: str) -> bool:
    """Tell whether a regular file stands at `path`."""
    return path in ground and stat.S_ISREG(ground[path].st_mode)


def stamps(ground: Ground, paths: Iterable[str]) -> dict[str, Stamp]:
    """Return the stamps of those of `paths` that are regular files."""
    found = ((path, ground.get(path)) for path in paths)
    return {path: stamp(it) for path, it in found if it and stat.S_ISREG(it.st_mode)}


def stamp(found: os.stat_result) -> Stamp:
    """Return what of a stat tells whether a file was touched."""
    return Stamp(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)


def folders(paths: Iterable[str]) -> set[str]:
    """Return every folder that is on the way to one of `paths`."""
    found: set[str] = set()
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder and folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return found


def visible(output: Path) -> Iterator[str]:
    """Yield the files of `output` that are neither hidden nor what hosts ask for."""
    for place, folders, names in os.walk(output):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        shown = (Path(place, name).relative_to(output) for name in sorted(names) if not name.startswith("."))
        yield from (path.as_posix() for path in shown if path.as_posix() != "CNAME")


def standing(change: Change) -> frozenset[str]:
    """Return the folders of new files that are there already."""
    return frozenset(path for path in folders(change.fresh) if is_folder(change.ground, path))


def obstacles(output: Path, change: Change) -> Iterator[Problem]:
    """Yield a problem for each thing that isn't ours and stands where a file or folder of ours must be."""
    ground, needed = change.ground, folders(change.fresh)
    live = change.same.keys() | change.fresh
    ours = {_fold(path) for path in (*change.gone, *folders(change.gone))}
    for path in sorted(path for path in needed if path in live):
        yield _obstacle(output, path, "the site needs both a file and a folder of this name", _RENAME)
    for path in sorted(needed & ground.keys()):
        if not is_folder(ground, path) and not (is_file(ground, path) and _fold(path) in ours):
            yield _obstacle(output, path, "the site needs a folder here, but something else is in its place", _MOVE)
    for path in change.fresh:
        if path in ground and not is_file(ground, path) and not _is_all_ours(output, path, ours):
            yield _obstacle(output, path, "the site needs a file here, but something else is in its place", _MOVE)


def check_rights(output: Path, change: Change) -> None:
    """Raise PermissionError if a folder can't be changed: better before than half-way."""
    touched = {"", *(path.rpartition("/")[0] for path in (*change.fresh, *change.gone))}
    for folder in sorted(folder for folder in touched if not folder or is_folder(change.ground, folder)):
        place = output / folder
        if not os.access(place, os.W_OK | os.X_OK) and place.exists():
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(place))


def in_the_way(change: Change) -> list[str]:
    """Return the old files that must go before the new ones come.

    They are where a folder must be, or the reverse, or their names differ from new ones by case or Unicode form only:
    some file systems take such names for the same, and to delete one later would be to delete the new file.
    """
    if not change.gone:
        return []
    spelled = {_fold(path): path for path in change.fresh}
    spelled |= {_fold(folder): f"{folder}/" for folder in folders(change.fresh)}
    return [path for path in change.gone if any(spelled.get(name, part) != part for name, part in _parts(path))]


def _obstacle(output: Path, path: str, message: str, hint: str) -> Problem:
    return error(f"{output}/{path}", 0, 0, "in-the-way", message, hint)


def _is_all_ours(output: Path, path: str, ours: Collection[str]) -> bool:
    """Tell whether `path` is a folder of nothing but old files of ours."""
    top = output / path
    if top.is_symlink() or not top.is_dir():
        return False
    inside = (Path(place, name) for place, names, files in os.walk(top) for name in (*names, *files))
    return all(_fold(found.relative_to(output).as_posix()) in ours for found in inside)


def _parts(path: str) -> Iterator[tuple[str, str]]:
    """Yield the folders of `path`, with a slash, and `path` itself, each after the name that such file systems see."""
    yield from ((_fold(folder), f"{folder}/") for folder in folders([path]))
    yield _fold(path), path


def _fold(path: str) -> str:
    return path.casefold() if path.isascii() else unicodedata.normalize("NFC", path).casefold()
