"""Draw a site's icon in the sizes that browsers and home screens ask for. Runs in worker processes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from PIL.Image import Image

SIZES = (48, 192, 512)  # tabs, Android's home screen, its splash screen
TOUCH = 180  # Apple's home screen
LARGEST = 64_000_000  # pixels


class Job(NamedTuple):
    """A picture: the digest of its bytes, and where it is."""

    digest: bytes
    path: str


class Icon(NamedTuple):
    """A drawn icon: `tab` is a PNG for any use, `touch` one without transparency."""

    use: Literal["tab", "touch"]
    size: int
    data: bytes


class Drawn(NamedTuple):
    """What came of a picture: icons, or why there are none. `lasting`: it will always be so."""

    icons: tuple[Icon, ...] = ()
    problem: str = ""
    lasting: bool = True


def draw(jobs: Sequence[Job]) -> list[Drawn]:
    """Return what came of each picture."""
    return [_drawn(job.path) for job in jobs]


def lost(_: Job) -> Drawn:
    """Return what comes of a picture that ends the process which decodes it."""
    return Drawn(problem="decoding this picture ended the process", lasting=False)


def _drawn(path: str) -> Drawn:
    try:
        return Drawn(tuple(_icons(_square(path))))
    except Exception as mistake:  # noqa: BLE001 (Pillow raises whatever broken pictures make it stumble on)
        reason = "not enough memory" if isinstance(mistake, MemoryError) else str(mistake) or type(mistake).__name__
        told = f"can't make an icon of this picture: {reason}".splitlines()[0][:200]
        return Drawn(problem=told, lasting=not isinstance(mistake, MemoryError))


def _square(path: str) -> Image:
    """Return the picture in the middle of a transparent square that is just as wide or high."""
    from PIL import Image, ImageOps

    with Image.open(path) as picture:
        if picture.width * picture.height > LARGEST:
            raise ValueError(f"it has {picture.width} × {picture.height} pixels")
        upright = ImageOps.exif_transpose(picture).convert("RGBA")
    side = max(upright.size)
    square = Image.new("RGBA", (side, side))
    square.paste(upright, ((side - upright.width) // 2, (side - upright.height) // 2))
    return square


def _icons(square: Image) -> Iterator[Icon]:
    """Yield the icons, none larger than the picture but those that must be there."""
    from PIL import Image

    for size in SIZES:
        if size <= square.width or size == SIZES[0]:
            yield Icon("tab", size, _png(_scaled(square, size)))
    touch = _scaled(square, TOUCH)
    yield Icon(
        "touch", TOUCH, _png(Image.alpha_composite(Image.new("RGBA", touch.size, "white"), touch).convert("RGB"))
    )


def _scaled(image: Image, size: int) -> Image:
    from PIL import Image

    return image.resize((size, size), Image.Resampling.LANCZOS)


def _png(image: Image) -> bytes:
    file = BytesIO()
    image.save(file, "png", optimize=True)
    return file.getvalue()
