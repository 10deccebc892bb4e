"""What is known of a picture: what its header tells, and the smaller files that were made of it."""

from __future__ import annotations

from typing import NamedTuple

ENDINGS = {
    "PNG": (".png", ".apng"),
    "JPEG": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "GIF": (".gif",),
    "WebP": (".webp",),
    "AVIF": (".avif", ".avifs"),
    "BMP": (".bmp", ".dib"),
    "SVG": (".svg",),
    "MP4": (".mp4", ".m4v", ".mov"),
    "WebM": (".webm",),
    "Ogg": (".ogv",),
}
"""How the names of pictures and videos end, by what they are; the first is the usual one."""

VIDEOS = frozenset(("MP4", "WebM", "Ogg"))


class Encoding(NamedTuple):
    """A picture encoded anew: `name` is the digest of its bytes, `kind` (webp, avif, jpeg) how its file's name ends.

    Without a name it is the original itself, which no encoding at its width would make smaller.
    """

    width: int
    height: int
    kind: str
    name: str
    size: int

    @property
    def file(self) -> str:
        """The name of the file that holds it."""
        return f"{self.name}.{self.kind}"


class Picture(NamedTuple):
    """A picture's or video's file: width and height in CSS pixels (0: unknown) and what is wrong with it.

    `kind` is what its bytes are, whatever it is called. `moving`: it has several frames. `private`: it tells where,
    when or with what it was taken. `size` is that of the file; `digest`, of its bytes, is there if it was asked for.
    `encodings` of a kind stand together, the smallest first. `lasting`: encoding the same file anew gives the same.
    `active`: an SVG that holds a program, which a browser runs if somebody opens the picture by its address.
    `emblem` is how other sites show it, where it stands for a text and the file itself is too much for them.
    """

    width: int = 0
    height: int = 0
    problem: str = ""
    kind: str = ""
    moving: bool = False
    private: bool = False
    size: int = 0
    digest: bytes = b""
    encodings: tuple[Encoding, ...] = ()
    lasting: bool = True
    active: bool = False
    emblem: Encoding | None = None

    @property
    def made(self) -> tuple[Encoding, ...]:
        """All files that were made of it."""
        return (*self.encodings, *((self.emblem,) if self.emblem else ()))

    def with_encodings(self, made: Encoded) -> Picture:
        """Return this picture with what came of encoding it."""
        return self._replace(problem=made.problem, encodings=made.encodings, lasting=made.lasting)


class Order(NamedTuple):
    """All that decides how a picture is encoded: its bytes' digest, which widths, which kinds, how well (0 to 100)."""

    digest: bytes
    widths: tuple[int, ...]
    kinds: tuple[str, ...]
    quality: int


class Encoded(NamedTuple):
    """What came of an order: encodings, or why there are none. `lasting`: it will always be so."""

    encodings: tuple[Encoding, ...] = ()
    problem: str = ""
    lasting: bool = True
