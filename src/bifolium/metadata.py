"""Take out of a picture what its camera and its author's programs wrote about it: place, time, names.

No pixel is decoded: the file's parts are copied one by one, but for those. The turn that a camera asks for and the
colour profile stay.
"""

from __future__ import annotations

import warnings
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from struct import pack, unpack
from typing import BinaryIO, NamedTuple

_CHUNK = 1 << 20
_ORIENTATION = 0x0112
_EXIF = b"Exif\0\0"
_FLAGS = {"EXIF": 0x08, "XMP ": 0x04}  # in VP8X
_PNG = b"\x89PNG\r\n\x1a\n"


class Part(NamedTuple):
    """A part of a file: its name, where it begins and ends, and its content's place."""

    name: str
    start: int
    end: int
    content: tuple[int, int]


def is_private(path: Path) -> bool:
    """Tell whether there is anything to take out of the picture at `path`."""
    with path.open("rb") as file:
        form = _form(file)
        return form is not None and any(_is_told(file, part, form) for part in form.parts(file))


def cleaned(path: Path) -> Iterator[bytes]:
    """Yield the bytes of the picture at `path` without what it tells beside its pixels."""
    with path.open("rb") as file:
        form = _form(file)
        if not form:
            yield from _copied(file, 0, _length(file))
            return
        told = [part for part in form.parts(file) if _is_told(file, part, form)]
        turn = next((turn for part in told if part.name == form.exif and (turn := _turn(file, part))), 1)
        yield from form.written(file, told, _little_exif(turn) if turn != 1 else b"")


class _Form(NamedTuple):
    """A kind of file: its parts, the names of those to take out, that of EXIF data, how it is written without some."""

    parts: Callable[[BinaryIO], Iterator[Part]]
    told: frozenset[str]
    exif: str
    written: Callable[[BinaryIO, list[Part], bytes], Iterator[bytes]]


def _form(file: BinaryIO) -> _Form | None:
    file.seek(0)
    head = file.read(12)
    if head.startswith(b"\xff\xd8\xff"):
        return _JPEG_FORM
    if head.startswith(_PNG):
        return _PNG_FORM
    return _WEBP_FORM if head[:4] == b"RIFF" and head[8:] == b"WEBP" else None


def _is_told(file: BinaryIO, part: Part, form: _Form) -> bool:
    """Tell whether a part is to be taken out; the EXIF data that we write ourselves aren't."""
    if part.name not in form.told:
        return False
    if part.name != form.exif:
        return True
    content = _content(file, part)
    return content.removeprefix(_EXIF) != _little_exif(_turn(file, part)).removeprefix(_EXIF)


def _turn(file: BinaryIO, part: Part) -> int:
    """Return how EXIF data say that the picture is to be turned, from 1 (not at all) to 8."""
    from PIL.Image import Exif

    exif = Exif()
    try:
        with warnings.catch_warnings(action="ignore"):
            exif.load(_content(file, part))
            turn = exif.get(_ORIENTATION)
    except Exception:  # noqa: BLE001 (Pillow raises whatever broken data make it stumble on)
        return 1
    return turn if isinstance(turn, int) and 1 <= turn <= 8 else 1


def _little_exif(turn: int) -> bytes:
    """Return EXIF data that tell of a turn and nothing else."""
    return _EXIF + b"MM\0*\0\0\0\x08" + pack(">HHHIHHI", 1, _ORIENTATION, 3, 1, turn, 0, 0)


def _content(file: BinaryIO, part: Part) -> bytes:
    start, end = part.content
    file.seek(start)
    return file.read(end - start)


def _length(file: BinaryIO) -> int:
    return file.seek(0, 2)


def _copied(file: BinaryIO, start: int, end: int) -> Iterator[bytes]:
    while start < end:
        file.seek(start)
        chunk = file.read(min(_CHUNK, end - start))
        if not chunk:
            return
        start += len(chunk)
        yield chunk


def _without(file: BinaryIO, start: int, told: list[Part]) -> Iterator[bytes]:
    """Yield the file from `start` on, without the parts `told`."""
    for part in told:
        yield from _copied(file, start, part.start)
        start = part.end
    yield from _copied(file, start, _length(file))


def _jpeg_parts(file: BinaryIO) -> Iterator[Part]:
    """Yield the segments before the pixels (ITU T.81, B.1); profiles are the only ones of APP2 that have a name."""
    start, length = 2, _length(file)
    while start + 4 <= length:
        file.seek(start)
        mark, code, size = unpack(">BBH", file.read(4))
        if mark != 0xFF or code in {0xDA, 0xD9} or size < 2:
            return
        name = f"{code:X}"
        if code == 0xE2 and file.read(12) == b"ICC_PROFILE\0":
            name = "ICC"
        yield Part(name, start, min(start + 2 + size, length), (start + 4, start + 2 + size))
        start += 2 + size


def _jpeg_written(file: BinaryIO, told: list[Part], exif: bytes) -> Iterator[bytes]:
    yield b"\xff\xd8"
    if exif:
        yield b"\xff\xe1" + pack(">H", len(exif) + 2) + exif
    yield from _without(file, 2, told)


def _png_parts(file: BinaryIO) -> Iterator[Part]:
    """Yield the chunks (PNG, section 5)."""
    start, length = len(_PNG), _length(file)
    while start + 12 <= length:
        file.seek(start)
        size, name = unpack(">I4s", file.read(8))
        yield Part(name.decode("latin-1"), start, min(start + 12 + size, length), (start + 8, start + 8 + size))
        start += 12 + size


def _png_written(file: BinaryIO, told: list[Part], exif: bytes) -> Iterator[bytes]:
    header = 33  # the signature, and the first chunk with its 13 bytes
    yield from _copied(file, 0, header)
    if exif:
        content = b"eXIf" + exif.removeprefix(_EXIF)
        yield pack(">I", len(content) - 4) + content + pack(">I", zlib.crc32(content))
    yield from _without(file, header, told)


def _webp_parts(file: BinaryIO) -> Iterator[Part]:
    """Yield the chunks (RFC 9649, section 2.3)."""
    start, length = 12, _length(file)
    while start + 8 <= length:
        file.seek(start)
        name, size = unpack("<4sI", file.read(8))
        end = start + 8 + size + size % 2
        yield Part(name.decode("latin-1"), start, min(end, length), (start + 8, start + 8 + size))
        start = end


def _webp_written(file: BinaryIO, told: list[Part], exif: bytes) -> Iterator[bytes]:
    """Yield the file with its length corrected, and in VP8X the flags of what is gone."""
    extra = b"EXIF" + pack("<I", len(exif)) + exif if exif else b""
    gone = sum(part.end - part.start for part in told)
    yield b"RIFF" + pack("<I", _length(file) - gone - 8 + len(extra)) + b"WEBP"
    file.seek(12)
    head = bytearray(file.read(9))
    if head[:4] == b"VP8X":
        for part in told:
            head[8] &= ~_FLAGS[part.name]
        head[8] |= _FLAGS["EXIF"] if exif else 0
    yield bytes(head)
    yield from _without(file, 12 + len(head), told)
    yield extra


_JPEG_FORM = _Form(_jpeg_parts, frozenset(("FE", *(f"E{code:X}" for code in range(1, 14)), "EF")), "E1", _jpeg_written)
_PNG_FORM = _Form(_png_parts, frozenset(("eXIf", "tEXt", "zTXt", "iTXt", "tIME")), "eXIf", _png_written)
_WEBP_FORM = _Form(_webp_parts, frozenset(("EXIF", "XMP ")), "EXIF", _webp_written)
