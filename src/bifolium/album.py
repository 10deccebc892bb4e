"""The folder in which encoded pictures are kept, each under the digest of its bytes, so none is kept twice or half."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from bifolium.pictures import Encoding

ROOM = 64 << 20
_DIGEST = 8


def name_of(data: bytes) -> str:
    """Return the name under which `data` are kept."""
    return hashlib.blake2b(data, digest_size=_DIGEST).hexdigest()


def put(album: Path, made: Encoding, data: bytes) -> Encoding:
    """Keep an encoding; whoever is killed meanwhile leaves a file that is never taken for one."""
    fresh = album / f"{made.file}.{os.getpid()}"
    album.mkdir(parents=True, exist_ok=True)
    try:
        fresh.write_bytes(data)
        fresh.replace(album / made.file)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    return made


def holds(album: Path, made: Encoding) -> bool:
    """Tell whether an encoding is there as it was made."""
    try:
        data = (album / made.file).read_bytes()
    except OSError:
        return False
    return len(data) == made.size and name_of(data) == made.name


def clear(album: Path, used: Collection[str]) -> None:
    """Delete the files that nobody uses, once they take more than those that somebody does, and than `ROOM`."""
    with suppress(OSError):
        sizes = {entry.name: entry.stat().st_size for entry in os.scandir(album)}
        unused = sizes.keys() - set(used)
        if sum(sizes[name] for name in unused) > max(ROOM, sum(sizes.values()) // 2):
            for name in unused:
                (album / name).unlink()
