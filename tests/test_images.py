"""Pictures are measured by their headers; whatever is wrong with one is told, never raised."""

from __future__ import annotations

import os
import random
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from bifolium.figures import misnamed
from bifolium.images import measure, svg_size
from bifolium.pictures import Picture


def told(path: Path) -> tuple[int, int, str]:
    return measure(path)[:3]


def picture(path: Path, size: tuple[int, int] = (30, 20), kind: str | None = None, orientation: int = 0) -> Path:
    """Write a picture and return its path."""
    exif = Image.Exif()
    if orientation:
        exif[0x0112] = orientation
    Image.new("RGB", size, "teal").save(path, kind, **({"exif": exif.tobytes()} if orientation else {}))
    return path


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".bmp", ".PNG"])
def test_every_kind_that_browsers_show_is_measured(suffix: str, tmp_path: Path) -> None:
    assert told(picture(tmp_path / f"a{suffix}")) == (30, 20, "")


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp"])
def test_a_quarter_turn_in_the_exif_data_swaps_the_sides(suffix: str, tmp_path: Path) -> None:
    sizes = [measure(picture(tmp_path / f"a{suffix}", orientation=turn))[:2] for turn in range(1, 9)]
    assert sizes == [(30, 20)] * 4 + [(20, 30)] * 4


@pytest.mark.filterwarnings("error")
def test_broken_exif_data_leave_a_picture_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    Image.new("RGB", (30, 20)).save(path, exif=b"Exif\0\0II*\0\x08\0\0\0\xff\xff\x12\x01")
    assert told(path) == (30, 20, "")


def test_a_grey_palette_or_cmyk_picture_is_measured(tmp_path: Path) -> None:
    for mode, name in (("P", "p.gif"), ("LA", "la.png"), ("CMYK", "cmyk.jpg"), ("I;16", "deep.png")):
        Image.new(mode, (30, 20)).save(tmp_path / name)
        assert told(tmp_path / name) == (30, 20, "")


def test_a_wrong_name_is_told_and_the_size_is_right(tmp_path: Path) -> None:
    found = measure(picture(tmp_path / "a.png", kind="JPEG"))
    assert found[:4] == (30, 20, "", "JPEG")
    assert misnamed("a.png", found) == "this is a JPEG picture, so its name should end in `.jpg`"


def test_an_empty_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.png").touch()
    assert told(tmp_path / "a.png") == (0, 0, "this file is empty")


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    assert told(tmp_path / "a.png") == (0, 0, "can't read this picture: No such file or directory")
    assert told(tmp_path) == (0, 0, "this is no regular file")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs FIFOs")
def test_a_fifo_is_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.png")
    assert told(tmp_path / "a.png") == (0, 0, "this is no regular file")


def test_a_text_is_no_picture(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_text("Not found")
    problem = "this is no picture that browsers show (PNG, JPEG, GIF, WebP, AVIF, BMP, SVG)"
    assert told(tmp_path / "a.png") == (0, 0, problem)


@pytest.mark.parametrize("suffix", [".png", ".jpg"])
def test_a_file_without_its_end_is_measured_and_told(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{suffix}"
    Image.effect_noise((300, 200), 90).convert("RGB").save(path)
    path.write_bytes(path.read_bytes()[:-1200])
    kind = {".png": "PNG", ".jpg": "JPEG"}[suffix]
    assert told(path) == (300, 200, f"the end of this {kind} picture is missing")


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".gif", ".webp", ".avif", ".bmp"])
def test_a_header_that_is_cut_short_or_damaged_is_never_raised(suffix: str, tmp_path: Path) -> None:
    path = picture(tmp_path / f"a{suffix}")
    whole = path.read_bytes()
    dice = random.Random(suffix)
    for _ in range(150):
        broken = bytearray(whole[: dice.randrange(len(whole))])
        if broken and dice.random() < 0.7:
            broken[dice.randrange(len(broken))] = dice.randrange(256)
        path.write_bytes(broken)
        found = measure(path)
        assert found.problem or found[:2] != (0, 0)


def test_a_damaged_header_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0")
    assert told(tmp_path / "a.png") == (0, 0, "this PNG picture is damaged or cut short")


def test_a_picture_too_large_to_decode_is_measured_and_told(tmp_path: Path) -> None:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 50_000, 8, 2, 0, 0, 0))
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", b"") + chunk(b"IEND", b""))
    problem = "this picture has 60000 × 50000 pixels, too many for a browser"
    assert told(tmp_path / "a.png") == (60_000, 50_000, problem)


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="300" height="200"', (300, 200)),
        ("width='300px' height='200.4px'", (300, 200)),
        ('width="72pt" height="1in"', (96, 96)),
        ('width="2.54cm" height="25.4mm"', (96, 96)),
        ('width="10em" height="10ex"', (160, 80)),
        ('viewBox="0 0 300 200"', (300, 200)),
        ('viewBox="-10,-10 300,200"', (300, 200)),
        ('width="100%" height="100%" viewBox="0 0 300 200"', (300, 200)),
        ('width="600" viewBox="0 0 300 200"', (600, 400)),
        ('height="100" viewBox="0 0 300 200"', (150, 100)),
        ('width="1e2" height=".5"', (100, 1)),
        ('stroke-width="9" data-height="9" viewBox="0 0 3 2" title="a > b"', (3, 2)),
        ('inkscape:width="9" viewBox="0\n0\n3\n2"', (3, 2)),
    ],
)
def test_an_svg_has_the_size_of_its_root(attributes: str, size: tuple[int, int]) -> None:
    text = f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}><rect width="1" height="1"/></svg>'
    assert svg_size(text.encode()) == Picture(*size, kind="SVG")


@pytest.mark.parametrize(
    "attributes", ["", 'width="100%"', 'viewBox="0 0 0 0"', 'viewBox="0 0"', 'width="a" height="b"']
)
def test_an_svg_without_size_is_told(attributes: str) -> None:
    problem = "this SVG picture has no size: it needs a `viewBox`, or `width` and `height`"
    assert svg_size(f"<svg {attributes}/>".encode()) == Picture(problem=problem, kind="SVG")


PROLOGS = [
    "\ufeff<?xml version='1.0'?>\n",
    "<!-- <svg width='9' height='9'> -->\n",
    '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "svg11.dtd">\n',
    "<!DOCTYPE svg [\n<!ENTITY a \"<svg width='9' height='9'>\">\n<!ENTITY b \"&a;&a;\">\n]>\n",
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("prolog", PROLOGS)
def test_what_stands_before_the_root_is_passed_over(prolog: str, encoding: str, tmp_path: Path) -> None:
    text = prolog.lstrip("\ufeff") + '<s:svg xmlns:s="&b;" width="30" height="20"></s:svg>'
    (tmp_path / "a.svg").write_text(text, encoding="utf-8-sig" if encoding == "utf-8" else encoding)
    assert told(tmp_path / "a.svg") == (30, 20, "")


def test_only_the_beginning_of_an_svg_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_text(f"<!--{' ' * 65_536}-->" + '<svg width="30" height="20"/>')
    problem = "this is no SVG picture: no `<svg>` in its first 64 kB"
    assert told(tmp_path / "a.svg") == (0, 0, problem)


def test_a_page_is_no_svg(tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_text("<!DOCTYPE html><html><svg width='3' height='3'></html>")
    problem = "this is no SVG picture: no `<svg>` in its first 64 kB"
    assert told(tmp_path / "a.svg") == (0, 0, problem)


@pytest.mark.parametrize(
    "text", ["<!DOCTYPE" * 7000, "<svg " + "a='" * 20_000, "<!-- " * 12_000, "<!DOCTYPE a [" + "] " * 30_000]
)
def test_a_hostile_svg_takes_no_time(text: str) -> None:
    assert svg_size(text.encode()).problem
