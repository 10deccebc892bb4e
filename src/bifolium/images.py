"""Measure pictures and videos by their headers, without decoding a pixel, so that pages don't jump while they load.

A file that is cut short, empty or not what its name says gives a text about it, never an exception.
"""

from __future__ import annotations

import re
import warnings
from importlib import import_module
from pathlib import Path
from stat import S_ISREG
from typing import Any, BinaryIO, NamedTuple

from bifolium import videos
from bifolium.pictures import Picture

LARGEST = 150_000_000  # pixels; 600 MB when a browser has decoded them
_HEAD = 64 * 1024  # bytes in which an SVG's root element must begin and end
_TAIL = 1024


class _Format(NamedTuple):
    """A kind of picture: how its bytes begin, what a whole file has near its end."""

    name: str
    start: re.Pattern[bytes]
    end: bytes = b""


_FORMATS = (
    _Format("PNG", re.compile(rb"\x89PNG\r\n\x1a\n"), b"IEND\xaeB`\x82"),
    _Format("JPEG", re.compile(rb"\xff\xd8\xff"), b"\xff\xd9"),
    _Format("GIF", re.compile(rb"GIF8[79]a")),
    _Format("WebP", re.compile(rb"RIFF....WEBP", re.DOTALL)),
    _Format("AVIF", re.compile(rb"....ftyp(?:avif|avis|(?:mif1|msf1)(?:....)*?avif)", re.DOTALL)),
    _Format("BMP", re.compile(rb"BM.{12}[\x0c\x28\x34\x38\x40\x6c\x7c]\0\0\0", re.DOTALL)),
)
"""The bitmaps that browsers show."""

_SVG = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*<\0?(?:s\0?v\0?g|\?\0?x\0?m\0?l|!)")

_UNITS = {
    "": 1.0,
    "px": 1.0,
    "pt": 4 / 3,
    "pc": 16.0,
    "in": 96.0,
    "cm": 96 / 2.54,
    "mm": 9.6 / 2.54,
    "em": 16.0,
    "rem": 16.0,
    "ex": 8.0,
}
"""CSS pixels (CSS Values 4, section 6); a font's size is taken for 16 px, as browsers do."""

_DRAWING = 8 << 20  # bytes of an SVG that are looked at
_PROGRAMS = (
    re.compile(r"<(?:[\w.-]+:)?(?:script|iframe|embed|object)[\s/>]", re.IGNORECASE),
    re.compile(r"""<[^!?/][^<>]*[\s"']on[a-z]+\s*=\s*["']""", re.IGNORECASE),
    re.compile(r"""=\s*["']\s*javascript:""", re.IGNORECASE),
)
"""What runs a program in an SVG: elements, event handlers, addresses."""

_LENGTH = re.compile(r"\s*\+?(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)\s*([a-z]*)\s*")
_PROLOG = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL)
_ROOT = re.compile(r"<(?:[\w.-]+:)?svg\b((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>")
_ATTRIBUTE = re.compile(r"(?<![\w:.-])(width|height|viewBox)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


def measure(path: Path) -> Picture:
    """Return what the header of the file at `path` tells; its size is that after the turn that EXIF data ask for."""
    try:
        if not S_ISREG(path.stat().st_mode):
            return Picture(problem="this is no regular file")
        with path.open("rb") as file:
            found = _measure(file, path.suffix.lower())
            return found._replace(size=file.seek(0, 2))
    except OSError as mistake:
        return Picture(problem=f"can't read this picture: {mistake.strerror or mistake}")


def _measure(file: BinaryIO, suffix: str) -> Picture:
    head = file.read(_HEAD if suffix == ".svg" else 64)
    if not head:
        return Picture(problem="this file is empty")
    if _SVG.match(head):
        head += file.read(_HEAD - len(head))
        return _judged(svg_size(head))._replace(active=_is_active(head, file))
    kind = next((kind for kind in _FORMATS if kind.start.match(head)), None)
    if not kind:
        return _video(file, videos.kind_of(head))
    try:
        with warnings.catch_warnings(action="ignore"):
            found = _bitmap(file, kind)
    except Exception:  # noqa: BLE001 (Pillow's readers of broken headers raise whatever they stumble on)
        return Picture(problem=f"this {kind.name} picture is damaged or cut short")
    return _judged(found._replace(problem=_cut_short(file, kind)))


def _is_active(head: bytes, file: BinaryIO) -> bool:
    """Tell whether there is a program in an SVG that begins with `head`."""
    text = _decode(head + file.read(_DRAWING))
    return any(sign.search(text) for sign in _PROGRAMS)


def _video(file: BinaryIO, kind: str) -> Picture:
    if not kind:
        names = ", ".join((*(kind.name for kind in _FORMATS), "SVG"))
        return Picture(problem=f"this is no picture that browsers show ({names})")
    width, height = videos.size(file, kind)
    unknown = kind != "Ogg" and not (width and height)
    problem = f"the header of this {kind} video doesn't tell its size" if unknown else ""
    return Picture(width, height, problem, kind, moving=True)


def _judged(found: Picture) -> Picture:
    if found.width * found.height <= LARGEST:
        return found
    return found._replace(problem=f"this picture has {found.width} × {found.height} pixels, too many for a browser")


def _cut_short(file: BinaryIO, kind: _Format) -> str:
    """Tell of a file whose end is missing; a browser shows what is there."""
    length = file.seek(0, 2)
    file.seek(max(0, length - _TAIL))
    return "" if kind.end in file.read() else f"the end of this {kind.name} picture is missing"


def _bitmap(file: BinaryIO, kind: _Format) -> Picture:
    """Return what a bitmap's header tells.

    Pillow's readers are called one by one, since `Image.open` refuses pictures that are too large to decode,
    which nobody wants to do here.
    """
    name = kind.name if kind.name == "WebP" else kind.name.capitalize()
    reader = getattr(import_module(f"PIL.{name}ImagePlugin"), f"{name}ImageFile")
    file.seek(0)
    picture: Any = reader(file)
    width, height = picture.size
    if not width or not height:
        raise ValueError("a picture without pixels")
    size = (height, width) if _is_turned(picture.info.get("exif")) else (width, height)
    moving = kind.name == "GIF" or bool(getattr(picture, "is_animated", False))
    return Picture(*size, kind=kind.name, moving=moving)


def _is_turned(exif: bytes | None) -> bool:
    """Tell whether the EXIF data turn the picture by a quarter (orientations 5 to 8)."""
    if not exif:
        return False
    from PIL.ExifTags import Base
    from PIL.Image import Exif

    data = Exif()
    try:
        data.load(exif)
        return data.get(Base.Orientation) in {5, 6, 7, 8}
    except Exception:  # noqa: BLE001 (a picture with broken EXIF data is shown, unturned)
        return False


def svg_size(head: bytes) -> Picture:
    """Return the size that the root element of an SVG gives, from the file's beginning.

    No XML parser runs, so no entity is expanded. With a `viewBox` alone its sides are taken: the ratio is right.
    """
    attributes = _root_attributes(_decode(head))
    if attributes is None:
        return Picture(problem=f"this is no SVG picture: no `<svg>` in its first {_HEAD // 1024} kB")
    box = [_length(part) for part in re.split(r"[\s,]+", attributes.get("viewBox", "").strip())[2:4]]
    wide, high = box if len(box) == 2 else (0.0, 0.0)
    width, height = _length(attributes.get("width", "")), _length(attributes.get("height", ""))
    if wide and high:
        width, height = width or (height * wide / high or wide), height or (width * high / wide or high)
    if not width or not height:
        message = "this SVG picture has no size: it needs a `viewBox`, or `width` and `height`"
        return Picture(kind="SVG", problem=message)
    return Picture(max(1, round(width)), max(1, round(height)), kind="SVG")


def _root_attributes(text: str) -> dict[str, str] | None:
    """Return what the root element says of its size, or None if it is no `svg`."""
    at = 0
    while found := _PROLOG.match(text, at):
        at = found.end()
    root = _ROOT.match(text, at)
    return root and {name: one or other for name, one, other in _ATTRIBUTE.findall(root[1])}


def _decode(head: bytes) -> str:
    encoding = "utf-16" if head[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    return head.decode(encoding, errors="replace")


def _length(text: str) -> float:
    """Return a length in CSS pixels; 0 for none, for percentages and for what is no length."""
    found = _LENGTH.fullmatch(text)
    return min(float(found[1]) * _UNITS.get(found[2], 0.0), 1e9) if found else 0.0
