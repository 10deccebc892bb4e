"""Pictures for tests, drawn by Pillow: photographs that are worth encoding, and all sorts of odd and hostile files."""

from __future__ import annotations

import struct
import zlib
from functools import cache
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    """Return a picture's file."""
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def photo(width: int = 900, height: int = 600) -> Image.Image:
    """Return a picture with as much in it as a photograph has, a red left half, a blue right one."""
    grain = Image.effect_noise((width, height), 30)
    image = Image.merge("RGB", (grain, grain, grain)).point(lambda value: value // 4)
    image.paste((230, 30, 30), (0, 0, width // 2, height // 2))
    image.paste((30, 30, 230), (width // 2, 0, width, height // 2))
    return image


def jpeg(width: int = 900, height: int = 600, **options: Any) -> bytes:
    """Return a photograph's file."""
    return saved(photo(width, height), "JPEG", **({"quality": 92} | options))


def exif(turn: int = 1) -> bytes:
    """Return what a camera writes: the turn, its name, the place."""
    found = Image.Exif()
    found[0x0112], found[0x010F] = turn, "Camera & Co"
    found.get_ifd(0x8825).update({1: "N", 2: (48.0, 51.0, 29.0), 3: "E", 4: (2.0, 17.0, 40.0)})
    return found.tobytes()


@cache
def profile() -> bytes:
    """Return the colour profile of a space that isn't sRGB."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()


def chunk(kind: bytes, content: bytes) -> bytes:
    """Return a chunk of a PNG."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def bomb(width: int, height: int) -> bytes:
    """Return a small PNG of a great many black pixels."""
    packer = zlib.compressobj(9)
    row = bytes(width // 8 + 1)
    pixels = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def box(name: bytes, *content: bytes) -> bytes:
    """Return a box of an MP4."""
    whole = b"".join(content)
    return struct.pack(">I", len(whole) + 8) + name + whole


def mp4(width: int, height: int, *, turned: bool = False) -> bytes:
    """Return the beginning of an MP4 with a track of sound and one of pictures."""
    matrix = (0, 1 << 16, 0, -(1 << 16) if turned else 0, 0, 0, 0, 0, 1 << 30)
    matrix = matrix if turned else (1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
    sound = bytes(76) + struct.pack(">II", 0, 0)
    pictures = bytes(40) + struct.pack(">9i", *matrix) + struct.pack(">II", width << 16, height << 16)
    tracks = (box(b"trak", box(b"tkhd", sound)), box(b"trak", box(b"tkhd", pictures)))
    return box(b"ftyp", b"isom\0\0\0\0") + box(b"free", bytes(9)) + box(b"moov", box(b"mvhd", bytes(100)), *tracks)


def element(name: int, content: bytes) -> bytes:
    """Return an element of a WebM."""
    code = name.to_bytes((name.bit_length() + 7) // 8, "big")
    return code + (len(content) | 1 << 28).to_bytes(4, "big") + content


def webm(width: int, height: int) -> bytes:
    """Return the beginning of a WebM."""
    size = element(0xB0, width.to_bytes(2, "big")) + element(0xBA, height.to_bytes(2, "big"))
    tracks = element(0x1654AE6B, element(0xAE, element(0xD7, b"\1")) + element(0xAE, element(0xE0, size)))
    return element(0x1A45DFA3, element(0x4282, b"webm")) + element(0x18538067, element(0xEC, bytes(50)) + tracks)
