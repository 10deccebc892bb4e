"""Tell that nothing happened since the last build, before anything else is imported: importing takes longer than that.

Under its seal a build notes what it was asked, and the stamps of all that it read, wrote and ran with. While these are
the same, a build would do nothing. Whatever is doubtful breaks the seal, and `build` decides as ever; so a seal that is
lost, damaged or of another version does no harm. Nothing but `os` and `sys` is imported here.
"""

import os
import sys
import time

from bifolium.names import excludes, is_temporary

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bifolium.model import Stamp

FORMAT = "bifolium seal 2"
SECONDS = "\1"  # stands in what is said for the time that a build takes
_SETTINGS = ("bifolium.toml", "pyproject.toml")
_FOLDER, _LINK, _KIND = 0o040000, 0o120000, 0o170000
_HEEDED = ("HOME", "USERPROFILE", "NO_COLOR", "FORCE_COLOR", "TERM", "COLUMNS")  # beside BIFOLIUM_…
_BETWEEN = "\0\0\n"  # no path, stamp or text has it


class Broken(Exception):  # noqa: N818 (it is no error)
    """Something isn't as it was, or it would take long to tell."""


def place(site: str) -> str:
    """Return where the seal of a site is kept."""
    return f"{site}/.bifolium/seal"


def unbroken(arguments: "Sequence[str]", environment: "Mapping[str, str]") -> str | None:
    """Return what a build would say that has nothing to do, or None if one is needed."""
    try:
        return _compared(arguments, environment)
    except (Broken, OSError, ValueError):
        return None


def press(
    site: str,
    asked: str,
    window: tuple[float, float],
    said: str,
    walks: "Sequence[Iterable[str]]",
    inputs: "Mapping[str, Stamp]",
    output: str,
    outputs: "Mapping[str, Stamp]",
) -> None:
    """Note what the build that ends now has seen, wherever it can be written.

    `asked` is what `question` told before; `window` the moments (seconds since 1970) between which no post comes or
    goes; `walks` are the source folders, the paths that no walk enters, files beside them, and
    the patterns of what is excluded.
    """
    sections = (
        FORMAT,
        asked,
        f"{window[0]!r} {window[1]!r}",
        said,
        *map("\0".join, walks),
        _listed({path: _text(*stamp) for path, stamp in inputs.items()}),
        f"{output}\0{os.path.realpath(output)}",
        "\0".join(sorted(_folders(outputs))),
        _listed({path: _text(*stamp) for path, stamp in outputs.items()}),
    )
    fresh = f"{place(site)}.new"
    try:
        with open(fresh, "w", encoding="utf-8", newline="") as file:
            file.write(_BETWEEN.join(sections))
        os.replace(fresh, place(site))
    except (OSError, UnicodeEncodeError):
        crack(site)


def crack(site: str) -> None:
    """Remove the seal."""
    for path in (place(site), f"{place(site)}.new"):
        try:
            os.remove(path)
        except OSError:
            continue


def question(site: str, arguments: "Sequence[str]", environment: "Mapping[str, str]") -> str:
    """Return all that a build is asked: by the command line, the environment, the settings' file and this program."""
    heeded = sorted(item for item in environment.items() if item[0].startswith("BIFOLIUM_") or item[0] in _HEEDED)
    dated = "SOURCE_DATE_EPOCH" in environment
    folders = _between(os.getcwd(), os.path.abspath(site))
    settings = (f"{folder}/{name}" for folder in folders for name in _SETTINGS)
    return "\0".join((repr(((*arguments,), os.getcwd(), heeded, dated)), *map(_stamp_at, settings), *program()[0]))


def program() -> tuple[list[str], int]:
    """Return what is another as soon as this program or one of its libraries is, and when it last changed (ns)."""
    files = sorted(_walk(os.path.dirname(__file__), "", frozenset()))
    stamps = [f"{path} {stamp}" for path, stamp in files]
    return [sys.version, *_libraries(), *stamps], max(int(stamp.split()[2]) for _, stamp in files)


def _compared(arguments: "Sequence[str]", environment: "Mapping[str, str]") -> str:
    began = time.monotonic()
    site = _site(arguments)
    with open(place(site), encoding="utf-8", newline="") as file:
        form, asked, window, said, names, skipped, beside, excluded, inputs, output, folders, outputs = (
            file.read().split(_BETWEEN)
        )
    now = int(environment["SOURCE_DATE_EPOCH"]) if environment.get("SOURCE_DATE_EPOCH") else time.time()
    first, last = map(float, window.split())
    _demand(form == FORMAT and first <= now < last and asked == question(site, arguments, environment))
    _demand(inputs == _listed(_tree(site, names.split("\0"), frozenset(skipped.split("\0")), beside, excluded)))
    named, real = output.split("\0")
    _demand(real == os.path.realpath(named))
    _demand(all(os.lstat(f"{real}/{path}").st_mode & _KIND == _FOLDER for path in folders.split("\0") if path))
    _demand(_stand(real, outputs))
    return said.replace(SECONDS, f"{time.monotonic() - began:.2f}")


def _demand(condition: bool) -> None:
    if not condition:
        raise Broken


def _site(arguments: "Sequence[str]") -> str:
    """Return the folder whose seal to look at: the one that the command line names, or the nearest that has one."""
    for at, argument in enumerate(arguments):
        if argument in {"-C", "--site"}:
            return os.path.abspath(arguments[at + 1] if at + 1 < len(arguments) else "")
    return next((folder for folder in _between(os.getcwd(), "") if os.path.exists(place(folder))), os.getcwd())


def _between(inner: str, outer: str) -> "Iterator[str]":
    """Yield `inner` and the folders around it, up to `outer`; that one alone if it isn't among them."""
    if outer and not f"{inner}{os.sep}".startswith(f"{outer.rstrip(os.sep)}{os.sep}"):
        yield outer
        return
    while True:
        yield inner
        if inner in {outer, os.path.dirname(inner)}:
            return
        inner = os.path.dirname(inner)


def _libraries() -> "Iterator[str]":
    """Yield the folders with their stamps of which each installation of a library changes one."""
    for path in sys.path:
        if path and path != os.getcwd() and os.path.exists(path):
            yield f"{path} {os.stat(path).st_mtime_ns}"


def _tree(site: str, folders: "Sequence[str]", skipped: frozenset[str], beside: str, excluded: str) -> dict[str, str]:
    """Return the stamps of the site's sources by path, as `sources.scan` finds them."""
    found: dict[str, str] = {}
    root = os.path.realpath(site)
    patterns = tuple(excluded.split("\0")) if excluded else ()
    for folder in folders:
        if os.path.lexists(f"{root}/{folder}"):
            _demand(not os.path.islink(f"{root}/{folder}"))
            found.update(_walk(f"{root}/{folder}", "" if folder == "." else f"{folder}/", skipped, patterns))
    for path in beside.split("\0"):
        if path and os.path.lexists(f"{root}/{path}"):
            _demand(os.path.realpath(f"{root}/{path}") == f"{root}/{path}")
            found[path] = _stamp_at(f"{root}/{path}")
    return found


def _walk(
    folder: str, prefix: str, skipped: frozenset[str], excluded: tuple[str, ...] = ()
) -> "Iterator[tuple[str, str]]":
    """Yield the files below `folder` with their stamps; a symbolic link breaks the seal."""
    with os.scandir(folder) as entries:
        for entry in entries:
            name = entry.name
            path = prefix + name
            if is_temporary(name) or path in skipped or (excluded and excludes(path, excluded)):
                continue
            if entry.is_dir():
                _demand(not entry.is_symlink())
                yield from _walk(entry.path, f"{path}/", skipped, excluded)
            else:
                found = entry.stat(follow_symlinks=False)
                _demand(found.st_mode & _KIND != _LINK)
                yield path, f"{found.st_size} {found.st_mtime_ns} {found.st_ctime_ns} {found.st_ino}"


def _folders(paths: "Iterable[str]") -> set[str]:
    """Return every folder that is on the way to one of `paths`."""
    found: set[str] = set()
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder and folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return found


def _stand(output: str, outputs: str) -> bool:
    """Tell whether every file of the output has the stamp that is noted behind its path."""
    notes = outputs.split("\0") if outputs else []
    look = os.lstat
    for path, noted in zip(notes[::2], notes[1::2], strict=True):
        found = look(f"{output}/{path}")
        if noted != f"{found.st_size} {found.st_mtime_ns} {found.st_ctime_ns} {found.st_ino}":
            return False
    return True


def _stamp_at(path: str) -> str:
    """Return the stamp of a file or folder; nothing if it isn't there. One that is a link breaks the seal."""
    try:
        found = os.lstat(path)
    except OSError:
        return ""
    if found.st_mode & _KIND == _LINK:
        raise Broken
    return _text(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)


def _text(size: int, mtime: int, ctime: int, inode: int) -> str:
    return f"{size} {mtime} {ctime} {inode}"


def _listed(stamps: "Mapping[str, str]") -> str:
    return "\0".join([f"{path}\0{stamps[path]}" for path in sorted(stamps)])
