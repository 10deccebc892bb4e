"""How long pictures take, as a ratio to plain Pillow that makes the same files in the same run.

    python benchmarks/images.py path/to/a/folder/of/pictures [--rounds 3]

Both sides make what the default settings ask for, each picture in some widths as WebP, on one core. Plain Pillow
opens, scales and saves; we also read headers, digest the originals, weigh what is worth it, and keep the results. Then
a second build is counted, which encodes nothing.
"""

from __future__ import annotations

import sys

HERE = __file__.rpartition("/")[0]
sys.path[:] = [path for path in sys.path if path != HERE]  # or Python would take math.py beside this for its own module

import argparse
import os
import statistics
import tempfile
import time
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps

from bifolium import figures, images
from bifolium.build import build
from bifolium.pictures import Picture
from bifolium.settings import Images, Settings
from bifolium.site import Site, Wishes

NOW = "2026-11-23T12:00:00+00:00"


def chosen(folder: Path) -> dict[Path, Picture]:
    """Return the pictures of a folder that are worth encoding."""
    found = {path: images.measure(path) for path in sorted(folder.rglob("*")) if path.is_file()}
    return {path: it for path, it in found.items() if figures.widths(it, Images())}


def plain(pictures: dict[Path, Picture]) -> None:
    """Make the files with Pillow alone: what is lossless also without loss at its whole width, and the smaller kept."""
    for path, picture in pictures.items():
        with Image.open(path) as image:
            top = max(figures.widths(picture, Images()))
            if image.format == "JPEG":
                image.draft("", (2 * top, 2 * top * image.height // image.width))
            upright = ImageOps.exif_transpose(image)
            upright = upright.convert("RGBA" if image.has_transparency_data else "RGB")
        for width in figures.widths(picture, Images()):
            size = (width, max(1, round(upright.height * width / upright.width)))
            scaled = upright.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
            scaled.save(BytesIO(), "webp", quality=80, method=2)
            if picture.kind in {"PNG", "BMP"} and width == picture.width:
                scaled.save(BytesIO(), "webp", lossless=True, quality=60, method=2)


def site_of(pictures: dict[Path, Picture], folder: Path) -> Site:
    """Return a site of one post that shows the pictures."""
    (folder / "posts").mkdir()
    (folder / "images").mkdir()
    names = {path: f"{number}{path.suffix}" for number, path in enumerate(pictures)}
    for path, name in names.items():
        (folder / "images" / name).write_bytes(path.read_bytes())
    text = "\n\n".join(f"![{name}](/images/{name})" for name in names.values())
    (folder / "posts/2026-01-01-a.md").write_text(f"---\ntitle: A\n---\n\n{text}\n", encoding="utf-8")
    return Site(folder, Settings(), Wishes(now=NOW, jobs=1), Path("/nobody"))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    wishes = parser.parse_args()
    pictures = chosen(wishes.folder)
    ratios, whole, again = [], [], []
    for _ in range(wishes.rounds):
        began = time.process_time()
        plain(pictures)
        pillow = time.process_time() - began
        with tempfile.TemporaryDirectory() as place:
            site = site_of(pictures, Path(place))
            began, children = time.process_time(), children_time()
            first = build(site)
            ours = time.process_time() - began + children_time() - children
            began = time.process_time()
            second = build(site)
            again.append(time.process_time() - began)
        assert (first.done["encode"] > 0, second.done.get("encode", 0)) == (True, 0)
        ratios.append(ours / pillow)
        whole.append(ours)
    print(f"{len(pictures)} pictures, {sum(it.size for it in pictures.values()) / 1e6:.1f} MB")
    print(f"first build / plain Pillow: {statistics.median(ratios):.2f} ({statistics.median(whole):.2f} s; claim: 1.1)")
    print(f"second build: {statistics.median(again):.3f} s, 0 encoded")


def children_time() -> float:
    """Return the time that finished worker processes have taken."""
    found = os.times()
    return found.children_user + found.children_system


if __name__ == "__main__":
    main()
