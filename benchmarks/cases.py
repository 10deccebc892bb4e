"""The blogs that are built: made up, or of somebody's own texts, with formulas typeset or left alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple

from benchmarks import blog

_HEAD = re.compile(r"\A(?:---\n.*?\n---|\+\+\+\n.*?\n\+\+\+)\n", re.DOTALL)
_PICTURE = re.compile(r"!\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])")
_HEADING = re.compile(r"^#+ +(.+?) *#*$", re.MULTILINE)


EVERY = ("cold", "unchanged", "one post edited", "template edited", "preview")


class Case(NamedTuple):
    """A blog: its name, its posts, whether formulas are typeset, and which trials it is for."""

    name: str
    math: bool
    posts: Callable[[], Iterable[blog.Post]]
    trials: tuple[str, ...]

    @property
    def folder(self) -> str:
        """The name of its folder."""
        return re.sub(r"\W+", "-", self.name)


def made_up(number: int) -> Iterator[Case]:
    """Yield a made-up blog of so many posts, and the same one without formulas, which tells something new when cold."""
    yield Case(f"{number:,} posts with formulas", True, partial(blog.posts, number, math=True), EVERY)
    yield Case(f"{number:,} posts without formulas", False, partial(blog.posts, number, math=False), ("cold",))


def written(folders: list[Path]) -> Iterator[Case]:
    """Yield the blog of all Markdown texts below `folders`."""
    texts = [path for folder in folders for path in sorted(folder.rglob("*")) if path.suffix in {".md", ".markdown"}]
    for math, what in ((True, "with"), (False, "without")):
        name = f"{len(texts)} texts of {', '.join(it.name for it in folders)} {what} formulas"
        yield Case(name, math, partial(_posts, texts), EVERY if math else ("cold",))


def _posts(paths: list[Path]) -> Iterator[blog.Post]:
    """Yield a post for each text: dates, categories and tags are made up, and no generator's commands are in it."""
    for number, path in enumerate(paths):
        text = _HEAD.sub("", path.read_text(encoding="utf-8", errors="replace").replace("\r\n", "\n"))
        text = _PICTURE.sub(r"\1", text).replace("{{", "{ {").replace("{%", "{ %")
        found = _HEADING.search(text)
        title = re.sub(r"[^\w ]+", " ", found[1] if found else path.stem).strip() or path.stem
        date = blog.FIRST + timedelta(hours=8 * number)
        tags = (blog.TAGS[number % 40], blog.TAGS[(number * 7 + 1) % 40])
        terms = (blog.CATEGORIES[number % 12], tuple(sorted(set(tags))))
        yield blog.Post(number, f"Text {title}", date, *terms, (blog.Prose(text),))
