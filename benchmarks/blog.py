"""The blog that every generator builds: made up by a seed, the same words for all, in each one's own files.

A post has about 700 words, two listings, a table, a picture and, if wanted, six formulas; a category out of twelve and
two tags out of forty. The same numbers always give the same posts.
"""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

FIRST = datetime(2005, 1, 1, 12, tzinfo=UTC)
CATEGORIES = (
    "algebra",
    "analysis",
    "botany",
    "chance",
    "geometry",
    "history",
    "logic",
    "music",
    "optics",
    "physics",
    "sea",
    "travel",
)
TAGS = tuple(
    f"{first}-{second}"
    for first in ("deep", "early", "open", "slow", "small")
    for second in ("water", "light", "stone", "number", "garden", "letter", "mirror", "season")
)
_SYLLABLES = "ba ce di fo gu la me ni po ru sa te vi wo ya zen mar tol lin pes kor das fim gol hup".split()
_INLINE = (
    "x_{{{a}}} + y^{{{b}}} = {c}",
    r"\frac{{{a}}}{{{b}}} < \sqrt{{{c}}}",
    r"\sum_{{k=1}}^{{{a}}} k^{{{b}}}",
    r"\alpha_{{{a}}} \to \beta_{{{b}}}",
)
_DISPLAYED = (
    r"\int_{{{a}}}^{{{b}}} e^{{-{c}t}}\,dt",
    r"\lim_{{n \to \infty}} \left(1 + \frac{{{a}}}{{n}}\right)^{{{b}n}}",
    r"\begin{{pmatrix}} {a} & {b} \\ {c} & 1 \end{{pmatrix}}",
    r"f(x) = \begin{{cases}} {a}x & x < {b} \\ x^{{{c}}} & x \ge {b} \end{{cases}}",
)
_PYTHON = '''def %(name)s_(value: int) -> str:
    """Return %(other)s."""
    if value > %(number)d:
        return "%(other)s"  # %(name)s
    return str(value * %(number)d)
'''
_JAVASCRIPT = """function %(name)s_(value) {
  // %(other)s
  const next = value + %(number)d;
  return next > 10 ? "%(other)s" : `${next}`;
}
"""


class Formula(NamedTuple):
    """A formula: its TeX, and whether it is displayed in a block of its own."""

    tex: str
    displayed: bool


class Listing(NamedTuple):
    """Code in a language."""

    language: str
    code: str


class Table(NamedTuple):
    """Rows of cells; the first is the head."""

    rows: tuple[tuple[str, ...], ...]


class Picture(NamedTuple):
    """A picture's file name and what it shows."""

    name: str
    alt: str


class Paragraph(NamedTuple):
    """Words of Markdown, and formulas to stand after some of them."""

    words: tuple[str, ...]
    formulas: tuple[tuple[int, Formula], ...] = ()


class Prose(NamedTuple):
    """Markdown that somebody wrote, as it is."""

    text: str


Block = Paragraph | Formula | Listing | Table | Picture | Prose | str  # a text alone is a heading


class Post(NamedTuple):
    """A post as no generator has it."""

    number: int
    title: str
    date: datetime
    category: str
    tags: tuple[str, ...]
    blocks: tuple[Block, ...]

    @property
    def name(self) -> str:
        """The post's name in addresses."""
        return f"post-{self.number:06}"

    @property
    def formulas(self) -> int:
        """How many formulas the post has."""
        return sum(len(it.formulas) if isinstance(it, Paragraph) else isinstance(it, Formula) for it in self.blocks)


def posts(number: int, *, math: bool, seed: int = 7) -> Iterator[Post]:
    """Yield `number` posts, one an eight-hour day; without `math` they are the same but for the formulas."""
    for at in range(number):
        yield post(at, math=math, seed=seed)


def post(number: int, *, math: bool, seed: int = 7) -> Post:
    """Return the post of that number, from 0."""
    return _post(number, math, random.Random(f"{seed}.{number}"))


def picture(number: int) -> bytes:
    """Return a small PNG, another one for each number."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", 40, 30, 8, 0, 0, 0, 0)
    rows = b"".join(b"\0" + bytes((number + row + at) % 256 for at in range(40)) for row in range(30))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def _post(at: int, math: bool, chance: random.Random) -> Post:
    formulas = [_formula(chance, it) for it in range(6)]
    paragraphs = [_paragraph(chance) for _ in range(9)]
    if math:
        inline = zip(range(4), formulas, strict=False)
        paragraphs[:4] = [
            it._replace(formulas=((20, formula),)) for it, (_, formula) in zip(paragraphs, inline, strict=False)
        ]
    displayed: list[Block] = [*formulas[4:]] if math else []
    blocks: list[Block] = [
        *(_title(chance), paragraphs[0], paragraphs[1], _listing(chance, at), paragraphs[2], *displayed[:1]),
        *(
            _title(chance),
            paragraphs[3],
            Picture(f"picture-{at:06}.png", _title(chance)),
            paragraphs[4],
            _table(chance),
        ),
        *(_title(chance), paragraphs[5], _listing(chance, at + 1), paragraphs[6], *displayed[1:], *paragraphs[7:]),
    ]
    date = FIRST + timedelta(hours=8 * at)
    return Post(
        at, _title(chance), date, chance.choice(CATEGORIES), tuple(sorted(chance.sample(TAGS, 2))), tuple(blocks)
    )


def _word(chance: random.Random) -> str:
    return "".join(chance.choices(_SYLLABLES, k=chance.randint(1, 3)))


def _title(chance: random.Random) -> str:
    return " ".join(_word(chance) for _ in range(4)).capitalize()


def _paragraph(chance: random.Random) -> Paragraph:
    words = [_word(chance) for _ in range(70)]
    for at, shape in ((9, "*{}*"), (25, "**{}**"), (40, "`{}`"), (55, "[{}](https://example.org/there)")):
        words[at] = shape.format(words[at])
    words[0] = words[0].capitalize()
    words[-1] += "."
    return Paragraph(tuple(words))


def _formula(chance: random.Random, at: int) -> Formula:
    shape = chance.choice(_INLINE if at < 4 else _DISPLAYED)
    a, b, c = (chance.randint(2, 99) for _ in range(3))
    return Formula(shape.format(a=a, b=b, c=c), displayed=at >= 4)


def _listing(chance: random.Random, at: int) -> Listing:
    shape, language = (_PYTHON, "python") if at % 2 else (_JAVASCRIPT, "javascript")
    return Listing(language, shape % {"name": _word(chance), "other": _word(chance), "number": chance.randint(1, 999)})


def _table(chance: random.Random) -> Table:
    return Table(tuple(tuple(_word(chance) for _ in range(3)) for _ in range(5)))
