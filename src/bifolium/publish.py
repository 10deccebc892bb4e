"""Write the finished site, and only what is new of it. Nobody else writes below the output folder.

A manifest in the output names our files: no other is ever deleted, and our old ones are known also when the state
folder is lost. ground.py tells what stands there and what stands against it, journal.py does the work all at once.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from bifolium import ground, journal, metadata
from bifolium.ground import Change
from bifolium.journal import DIGEST, MANIFEST, locked, told
from bifolium.model import Stamp
from bifolium.problems import Problem, SiteError, error
from bifolium.settings import RESERVED

_FORMAT = 1
_CHUNK = 1 << 20
_SHOWN = 3  # files that a problem names
_UNSAFE = re.compile(r"(?:^|/)\.{0,2}(?:/|$)|^\.bifolium|[\\\0" + (":" if os.name == "nt" else "") + "]", re.IGNORECASE)


class Copy(NamedTuple):
    """A file that is published as it is, or `cleaned` of what a picture tells beside its pixels."""

    source: Path
    cleaned: bool = False


Content = bytes | Copy


class Published(NamedTuple):
    """What a run did. `stamps` are those of all the site's files, so a stat tells later whether one was touched."""

    written: tuple[str, ...]
    deleted: tuple[str, ...]
    unchanged: int
    stamps: dict[str, Stamp]


class _Manifest(msgspec.Struct, frozen=True):
    format: int = _FORMAT
    about: dict[str, str] = {}
    files: dict[str, str] = {}


def check_output(site: Path, output: Path, sources: Iterable[Path], home: Path) -> Problem | None:
    """Return why the site can't be written to `output`, if so: it must not hold, nor lie among, what isn't ours."""
    if _within(site, output):
        return _refused(output, "is the site's own folder or holds it")
    if _within(home, output):
        return _refused(output, "is the home folder or holds it")
    for source in sources:
        if _within(output, source) or _within(source, output):
            return _refused(output, f"overlaps the source folder `{source}`")
    if kept := RESERVED & {*output.parts, *output.resolve().parts} - {*site.parts}:
        return _refused(output, f"lies in `{min(kept)}`, which isn't for finished sites")
    if output.exists() and not output.is_dir():
        return _refused(output, "is not a folder")
    return None


def strangers(output: Path) -> list[str]:
    """Return the first files of a folder that nobody has published to; what hosts need, such as `CNAME`, is none."""
    if (output / MANIFEST).exists():
        return []
    return list(islice(ground.visible(_real(output)), _SHOWN))


def said(output: Path) -> Mapping[str, str]:
    """Return what the finished site in `output` says of itself; nothing if there is none."""
    return _read_manifest(_real(output)).about


def recover(output: Path, state: Path) -> bool:
    """Finish what a killed build had committed, forget what it had only staged; return whether there was the former."""
    output = _real(output)
    with told(output):
        if not journal.is_pending(output, state):
            return False
        with locked(state):
            return journal.resume(output, state)


def look(output: Path, paths: Collection[str]) -> dict[str, Stamp]:
    """Return the stamps of the manifest and of those of `paths` that are regular files, not behind a symlink."""
    output, paths = _real(output), (*paths, MANIFEST)
    with told(output):
        return ground.stamps(ground.survey(output, paths), paths)


def publish(
    output: Path,
    changes: Mapping[str, Content],
    keep: Collection[str],
    state: Path,
    about: Mapping[str, str],
    ours: Collection[str] = (),
) -> Published:
    """Make the output hold exactly the files of `changes` and `keep`, beside those that are not ours.

    A file of `changes` is written only if its bytes differ from what is there. Those of `keep` must be there; given
    as a mapping to stamps (of `look`, or of an earlier run), nobody may have touched them since. While the manifest's
    stamp is among them and still true, that is believed without looking at each. Call `recover` before `look`.
    `ours` are files that are known to be ours even if the manifest, which should name them, is lost.
    Raises SiteError, with the old site in place, if the disk or a file that isn't ours stands against it.
    """
    output = _real(output)
    _refuse_unsafe(changes)
    with told(output), locked(state):
        journal.resume(output, state)
        kept = _kept(output, keep, changes)
        change = _compare(output, changes, kept, ours)
        problems = tuple(ground.obstacles(output, change))
        if problems:
            raise SiteError(problems)
        _replace(output, state, change, changes, about)
        stamps = kept | ground.stamps(change.ground, change.same) | look(output, change.fresh)
        return Published(change.fresh, change.gone, len(change.same), stamps)


def clean(output: Path, state: Path) -> tuple[str, ...]:
    """Delete our files from the output, and the state folder; return the files' paths."""
    output = _real(output)
    with told(output):
        with locked(state):
            journal.resume(output, state)
            known = [path for path in _read_manifest(output).files if not _UNSAFE.search(path)]
            files = sorted(ground.stamps(ground.survey(output, known), known))
            journal.erase(output, files)
            (output / MANIFEST).unlink(missing_ok=True)
        with suppress(OSError):
            output.rmdir()
        shutil.rmtree(state)
    return tuple(files)


def _within(inner: Path, outer: Path) -> bool:
    """Tell whether `inner` is `outer` or lies in it, also where letter case doesn't count or a symlink leads there."""
    inner, outer = inner.resolve(), outer.resolve()
    if not outer.exists():
        return inner.is_relative_to(outer)
    return any(place.exists() and place.samefile(outer) for place in (inner, *inner.parents))


def _refused(output: Path, why: str) -> Problem:
    hint = 'choose a folder of its own, such as `output = "public"` in [folders]'
    return error(str(output), 0, 0, "output-folder", f"the output folder `{output}` {why}", hint)


def _refuse_unsafe(paths: Iterable[str]) -> None:
    """Raise ValueError for a path that leaves the output folder or hides in it: urls.py makes none."""
    for path in paths:
        if _UNSAFE.search(path):
            raise ValueError(f"not a path inside the output folder: {path!r}")


def _real(output: Path) -> Path:
    """Return `output`, or where it leads: that it is a symlink is its owner's will, unlike one further in."""
    return output.resolve() if output.is_symlink() else output


def _kept(output: Path, keep: Collection[str], changes: Collection[str]) -> dict[str, Stamp]:
    """Return the stamps of the files that stay; raises SiteError if one isn't there as the caller has seen it."""
    stamps: Mapping[str, Any] = keep if isinstance(keep, Mapping) else dict.fromkeys(keep)
    seen = {path: stamp for path, stamp in stamps.items() if path not in changes and path != MANIFEST}
    manifest = stamps.get(MANIFEST)
    if manifest is not None and manifest == look(output, ()).get(MANIFEST):
        return seen
    found = look(output, seen)
    message, hint = "the file was changed or deleted while the site was built", "build again"
    lost = [path for path, stamp in seen.items() if path not in found or stamp not in (None, found[path])]
    if lost:
        raise SiteError(error(f"{output}/{path}", 0, 0, "output-changed", message, hint) for path in lost)
    return {path: found[path] for path in seen}


def _compare(output: Path, changes: Mapping[str, Content], kept: Collection[str], ours: Collection[str]) -> Change:
    """Return what is to be done, seeing what the manifest says and what stands there."""
    known = _read_manifest(output).files
    old = known.keys() | ours
    stale = sorted(path for path in old if path not in changes and path not in kept and not _UNSAFE.search(path))
    there = ground.survey(output, [*changes, *stale])
    _refuse_unsafe(path for path in kept if path not in known)
    same = {path: known.get(path) or _digest_at(output, path) for path in kept}
    files = {path: content for path, content in changes.items() if path in known and ground.is_file(there, path)}
    same |= {path: known[path] for path, content in files.items() if _is_there(output, path, content, known[path])}
    fresh = tuple(sorted(path for path in changes if path not in same))
    return Change(fresh, same, tuple(path for path in stale if ground.is_file(there, path)), there)


def _is_there(output: Path, path: str, content: Content, digest: str) -> bool:
    """Tell whether the bytes that we wrote at this very path still stand there, and are those of `content`."""
    return _digest(chunks(content)) == digest == _digest_at(output, path)


def _digest_at(output: Path, path: str) -> str:
    return _digest(chunks(Copy(output / path)))


def _digest(chunks: Iterable[bytes]) -> str:
    digest = hashlib.blake2b(digest_size=DIGEST)
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()


def chunks(content: Content) -> Iterator[bytes]:
    """Yield the bytes that `content` is published as."""
    if isinstance(content, bytes):
        yield content
        return
    try:
        yield from metadata.cleaned(content.source) if content.cleaned else _read_on(content.source)
    except PermissionError:
        message, hint = "can't read this file: permission denied", "let it be read, or take it away"
        raise SiteError([error(str(content.source), 0, 0, "unreadable", message, hint)]) from None


def _read_on(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _replace(
    output: Path, state: Path, change: Change, changes: Mapping[str, Content], about: Mapping[str, str]
) -> None:
    """Write, delete, and say so in the manifest; nothing if nothing is new."""
    if not change.fresh and not change.gone and _read(output / MANIFEST) == _manifest(about, change.same):
        return
    ground.check_rights(output, change)
    first = ground.in_the_way(change)
    last = sorted(set(change.gone).difference(first))
    with journal.transaction(output, state) as stage:
        files = {path: chunks(changes[path]) for path in change.fresh}
        digests = journal.write_files(stage, output, files, ground.standing(change))
        journal.write_lists(stage, first, last, _manifest(about, change.same | digests))


def _manifest(about: Mapping[str, str], files: Mapping[str, str]) -> bytes:
    return msgspec.json.encode(_Manifest(_FORMAT, dict(about), dict(files)), order="sorted")


def _read_manifest(output: Path) -> _Manifest:
    """Return the manifest, or an empty one if there is none that we understand."""
    try:
        manifest = msgspec.json.decode(_read(output / MANIFEST), type=_Manifest)
    except ValueError:
        return _Manifest()
    return manifest if manifest.format == _FORMAT else _Manifest()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return b""
