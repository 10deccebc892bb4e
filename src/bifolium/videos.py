"""Find the size of a video in its header. Only boxes and elements on the way to it are looked at; no codec runs.

MP4 and QuickTime: ISO/IEC 14496-12, `moov/trak/tkhd`. WebM: RFC 9559, `Segment/Tracks/TrackEntry/Video`.
"""

from __future__ import annotations

from collections.abc import Iterator
from struct import unpack
from typing import BinaryIO

_MOST = 10_000  # boxes or elements that are looked at
_TRACK_HEADER = 200  # bytes
_PICTURES = frozenset((b"avif", b"avis", b"heic", b"heix", b"hevc", b"mif1", b"msf1"))  # of the same container
_EBML = b"\x1a\x45\xdf\xa3"
_SEGMENT, _TRACKS, _ENTRY, _VIDEO, _WIDTH, _HEIGHT = 0x18538067, 0x1654AE6B, 0xAE, 0xE0, 0xB0, 0xBA


def kind_of(head: bytes) -> str:
    """Return what kind of video begins with `head`; empty if it is none that browsers play."""
    if head[4:8] in {b"ftyp", b"moov", b"wide", b"mdat"} and head[8:12] not in _PICTURES:
        return "MP4"
    if head.startswith(_EBML):
        return "WebM"
    return "Ogg" if head.startswith(b"OggS") else ""


def size(file: BinaryIO, kind: str) -> tuple[int, int]:
    """Return width and height of the first picture track; (0, 0) if there is none, or its header says nothing."""
    end = file.seek(0, 2)
    if kind == "MP4":
        return next(_mp4_sizes(file, end), (0, 0))
    return next(_webm_sizes(file, end), (0, 0)) if kind == "WebM" else (0, 0)


def _mp4_sizes(file: BinaryIO, end: int) -> Iterator[tuple[int, int]]:
    places = [(0, end)]
    for _ in range(_MOST):
        if not places:
            return
        start, stop = places.pop()
        if start + 8 > stop:
            continue
        name, content, after = _box(file, start, stop)
        places.append((after, stop))
        if name in {b"moov", b"trak"}:
            places.append((content, after))
        elif name == b"tkhd" and all(found := _track_size(file, content, after)):
            yield found


def _box(file: BinaryIO, start: int, stop: int) -> tuple[bytes, int, int]:
    """Return a box's name, where its content begins, and where it ends: always further on than `start`."""
    file.seek(start)
    length, name = unpack(">I4s", file.read(8).ljust(8, b"\0"))
    content = start + 8
    if length == 1:
        (length,) = unpack(">Q", file.read(8).ljust(8, b"\0"))
        content += 8
    return name, content, min(start + length, stop) if length >= content - start else stop


def _track_size(file: BinaryIO, content: int, after: int) -> tuple[int, int]:
    """Return the size in a track's header, turned as its matrix says: fixed-point numbers at its end."""
    file.seek(content)
    data = file.read(min(after - content, _TRACK_HEADER))
    if len(data) < 84:
        return 0, 0
    a, b = unpack(">ii", data[-44:-36])
    width, height = unpack(">II", data[-8:])
    found = width >> 16, height >> 16
    return found[::-1] if not a and b else found


def _webm_sizes(file: BinaryIO, end: int) -> Iterator[tuple[int, int]]:
    places, found = [(0, end)], {}
    for _ in range(_MOST):
        if not places:
            return
        start, stop = places.pop()
        if start + 2 > stop:
            continue
        name, content, after = _element(file, start, stop)
        places.append((after, stop))
        if name in {_SEGMENT, _TRACKS, _ENTRY, _VIDEO}:
            places.append((content, after))
        elif name in {_WIDTH, _HEIGHT}:
            file.seek(content)
            found[name] = int.from_bytes(file.read(min(after - content, 8)), "big")
        if found.keys() == {_WIDTH, _HEIGHT}:
            if all(found.values()):
                yield found[_WIDTH], found[_HEIGHT]
            found = {}


def _element(file: BinaryIO, start: int, stop: int) -> tuple[int, int, int]:
    """Return an element's id, where its content begins and where it ends: with its parent, if unknown."""
    file.seek(start)
    head = file.read(12)
    id_length = _length(head[:1], 4)
    size_length = _length(head[id_length : id_length + 1], 8)
    content = start + id_length + size_length
    data = head[id_length : id_length + size_length]
    size = int.from_bytes(data, "big") & ((1 << 7 * size_length) - 1)
    unknown = size == (1 << 7 * size_length) - 1
    name = int.from_bytes(head[:id_length], "big") if unknown or content + size <= stop or id_length == 4 else 0
    return name, content, stop if unknown else min(content + size, stop)


def _length(first: bytes, most: int) -> int:
    """Return how many bytes a number takes whose first one is `first`."""
    return min(9 - first[0].bit_length(), most) if first and first[0] else most
