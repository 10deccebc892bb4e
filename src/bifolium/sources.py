"""Read the site's folder: which files are there (`scan`), and what is in them.

Only regular files inside the site are ever opened. Editors' temporary files and dotfiles are not content.
"""

from __future__ import annotations

import os
import re
import stat
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from bifolium.model import Stamp, Tree
from bifolium.names import excludes, is_temporary
from bifolium.problems import Problem, error, nearest
from bifolium.settings import Folders

NO_POSTS = "no-posts"
MISSPELT = "write `posts = "  # how the hint begins if there is a folder whose name is nearly that of posts
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
SETTINGS = ("bifolium.toml", "pyproject.toml")  # at the top of the site; not published where that is a source folder


class _Top(NamedTuple):
    """A site's folder, resolved, the paths in it that no walk enters, and the folders, resolved, of what was built."""

    real: str
    skipped: frozenset[str]
    built: tuple[str, ...]
    excluded: tuple[str, ...]


class Scanned(NamedTuple):
    """The files of a site, and what in its folders can't be one; `taken` is when looking began (ns since 1970)."""

    taken: int
    tree: Tree
    problems: tuple[Problem, ...]


def scan(site: Path, folders: Folders, files: Iterable[str] = (), built: Collection[Path] = ()) -> Scanned:
    """Return every file of the site's source folders, and those of `files` that are there, by path with its stamp.

    What lies in the folders `built` is made from sources, and none itself.
    """
    taken = time.time_ns()
    real = os.path.realpath(site)
    names, skipped = bounds(site, folders, built)
    top = _Top(real, skipped, tuple(map(os.path.realpath, built)), folders.exclude)
    tree: Tree = {}
    problems = [] if os.path.isdir(os.path.join(real, folders.posts)) else [_no_posts(real, folders.posts)]
    walks = [_walk_top(top, name) for name in names]
    for path, found in chain(*walks, *(_look_at(top, os.path.normpath(name)) for name in files)):
        if isinstance(found, Stamp):
            tree[path] = found
        else:
            problems.append(found)
    return Scanned(taken, dict(sorted(tree.items())), tuple(sorted(set(problems))))


def look_again(site: Path, before: Scanned, paths: Iterable[str]) -> Scanned | None:
    """Return `before` after a new look at those of its files at `paths`; None if this needs a look at everything.

    That is so for new files, for folders and links, and where something was or is wrong.
    """
    taken = time.time_ns()
    tree = dict(before.tree)
    for path in paths:
        try:
            found = os.lstat(os.path.join(site, path))
        except OSError:
            found = None
        if (path in tree) != bool(found) or (found and not stat.S_ISREG(found.st_mode)):
            return None
        if found:
            tree[path] = Stamp(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
    return before._replace(taken=taken, tree=tree)


def stamps(site: Path, names: Iterable[str]) -> Tree:
    """Return the stamps of those files `names` of the site that are there."""
    found: Tree = {}
    for name in names:
        with suppress(OSError):
            it = os.stat(os.path.join(site, name))
            found[name] = Stamp(it.st_size, it.st_mtime_ns, it.st_ctime_ns, it.st_ino)
    return found


def bounds(site: Path, folders: Folders, built: Collection[Path]) -> tuple[list[str], frozenset[str]]:
    """Return the source folders to walk, and the paths below them that no walk enters."""
    names = list(dict.fromkeys(os.path.normpath(name) for name, _ in folders.sources()))
    made = [folder.relative_to(site).as_posix() for folder in built if folder.is_relative_to(site)]
    return names, frozenset((*names, os.path.normpath(folders.output), *made, *SETTINGS))


def read(site: Path, path: str) -> bytes:
    """Return the bytes of the file at `path`; raises OSError if it has vanished or may not be read."""
    with open(site / path, "rb", opener=_open_regular) as file:
        return file.read()


def read_all(site: Path, paths: Iterable[str]) -> tuple[dict[str, bytes], tuple[Problem, ...]]:
    """Return the bytes of all files at `paths`, and a problem for each that can't be read."""
    found: dict[str, bytes] = {}
    problems: list[Problem] = []
    for path in paths:
        try:
            found[path] = read(site, path)
        except OSError as problem:
            problems.append(unreadable(path, problem))
    return found, tuple(problems)


def unreadable(path: str, problem: OSError) -> Problem:
    """Return the problem of a file that can't be read."""
    return error(path, 0, 0, "unreadable", f"can't read this file: {(problem.strerror or str(problem)).lower()}")


def lines(site: Path, path: str) -> list[str]:
    """Return the lines of the text at `path`, to show where a problem is; none if it can't be read."""
    try:
        return read(site, path).decode("utf-8-sig", errors="replace").replace("\r\n", "\n").split("\n")
    except OSError:
        return []


def theme_files(kind: str) -> dict[str, bytes]:
    """Return the theme's own files: `templates` or `assets`, by name."""
    folder = Path(__file__).parent / "theme" / kind
    found = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if not name.startswith(".")}


def _no_posts(real: str, name: str) -> Problem:
    """Return the problem of a site whose folder of posts isn't there: who has no posts shows that by an empty one."""
    others = sorted(entry.name for entry in os.scandir(real) if entry.is_dir() and not is_temporary(entry.name))
    near = nearest(name, others)
    hint = f'{MISSPELT}"{near}"` in `[folders]`' if near else "make it, or name yours in `[folders]`"
    return Problem(
        name, 0, 0, NO_POSTS, "there is no such folder of posts", f"{hint}; a site without posts has an empty one"
    )


def _walk_top(top: _Top, name: str) -> Iterator[tuple[str, Stamp | Problem]]:
    """Yield what lies below the source folder `name`."""
    if os.path.lexists(os.path.join(top.real, name)) and (wrong := _bad_link(top, name)):
        yield name, wrong
    else:
        yield from _walk(top, name, frozenset())


def _walk(top: _Top, folder: str, above: frozenset[str]) -> Iterator[tuple[str, Stamp | Problem]]:
    """Yield what lies below `folder`; symlinks are followed inside the site, never in a circle.

    Another source folder inside this one is left to its own walk.
    """
    here = os.path.realpath(os.path.join(top.real, folder))
    if here in above or here in top.built:
        return
    try:
        entries = sorted(os.scandir(os.path.join(top.real, folder)), key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as problem:
        yield folder, error(folder, 0, 0, "unreadable", f"can't read this folder: {str(problem.strerror).lower()}")
        return
    for entry in entries:
        path = entry.name if folder == "." else f"{folder}/{entry.name}"
        if is_temporary(entry.name) or path in top.skipped or (top.excluded and excludes(path, top.excluded)):
            continue
        if wrong := _bad_name(path, entry.name) or (entry.is_symlink() and _bad_link(top, path)):
            yield path, wrong
        elif entry.is_dir():
            yield from _walk(top, path, above | {here})
        else:
            yield path, _look(entry, path)


def _look_at(top: _Top, path: str) -> Iterator[tuple[str, Stamp | Problem]]:
    """Yield the one file at `path`, if it is there."""
    if not os.path.lexists(os.path.join(top.real, path)):
        return
    if wrong := _bad_link(top, path):
        yield path, wrong
        return
    folder, name = os.path.split(os.path.join(top.real, path))
    yield from ((path, _look(entry, path)) for entry in os.scandir(folder) if entry.name == name)


def _bad_link(top: _Top, path: str) -> Problem | None:
    target = os.path.realpath(os.path.join(top.real, path))
    if target != top.real and not target.startswith(top.real.rstrip(os.sep) + os.sep):
        hint = "copy the file into the site; a site never reads what lies outside of it"
        return error(path, 0, 0, "outside", "this symbolic link leaves the site", hint)
    if any(target == folder or target.startswith(folder + os.sep) for folder in top.built):
        hint = "link to what it was built from; the finished site is no source of itself"
        return error(path, 0, 0, "built", "this symbolic link leads to what was built", hint)
    if any(is_temporary(part) for part in os.path.relpath(target, top.real).split(os.sep) if part != "."):
        hint = "copy the file to where it is to be published; hidden files may hold secrets"
        return error(path, 0, 0, "hidden", "this symbolic link leads to a hidden file", hint)
    if not os.path.exists(target):
        where = "in a circle" if os.path.islink(target) else "to nothing"
        return error(path, 0, 0, "dead-link", f"this symbolic link points {where}", "remove it or mend its target")
    return None


def _bad_name(path: str, name: str) -> Problem | None:
    """Return what is wrong with the name of a file or folder; what could upset a terminal isn't shown."""
    if name.isascii() and name.isprintable():
        return None
    shown = _CONTROLS.sub("\ufffd", path.encode(errors="surrogateescape").decode(errors="replace"))
    if not _is_text(name):
        return error(shown, 0, 0, "file-name", "this name isn't UTF-8", "give it a name in UTF-8")
    if found := _CONTROLS.search(name):
        message = f"this name has the character U+{ord(found[0]):04X}, which no name may have"
        return error(shown, 0, 0, "file-name", message, "rename it")
    return None


def _look(entry: os.DirEntry[str], path: str) -> Stamp | Problem:
    try:
        found = entry.stat()
    except OSError as problem:
        return unreadable(path, problem)
    if not stat.S_ISREG(found.st_mode):
        return Problem(path, 0, 0, "not-a-file", "this is neither a file nor a folder; it is left out")
    return Stamp(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _open_regular(path: str, flags: int) -> int:
    """Open `path` if it is a regular file; a FIFO put there since the scan is refused, not waited for."""
    handle = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
    if stat.S_ISREG(os.fstat(handle).st_mode):
        return handle
    os.close(handle)
    raise OSError(0, "not a regular file", path)
