"""What every generator must be able to do here: be installed, be given the blog, be run, be edited."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks import blog


class Absent(Exception):  # noqa: N818 (it is no mistake: a generator need not be installable)
    """A generator can't be installed here."""


class Peer(ABC):
    """A generator with a folder of its own; `maths`: it typesets formulas while building; `lists`: it makes lists.

    A cold build does without the folders `output` and `state`. `template` is the one that all pages share.
    """

    name: str
    maths = True
    lists = True
    texts = "posts"
    pictures = "images"
    output = "public"
    state: tuple[str, ...] = ()
    template: str

    def __init__(self, tools: Path, folder: Path, *, math: bool) -> None:
        self.tools, self.folder, self.math = tools / self.name, folder, math

    @abstractmethod
    def install(self) -> str:
        """Install the generator, if it isn't there, and return its name and version; raises Absent."""

    @abstractmethod
    def command(self) -> Sequence[str]:
        """Return the command that builds the blog, in its folder."""

    @abstractmethod
    def furnish(self) -> None:
        """Write settings and templates."""

    def preview(self, _port: int) -> Sequence[str]:
        """Return the command that shows the blog while it is edited; nothing if there is none that we measure."""
        return ()

    @abstractmethod
    def head(self, post: blog.Post) -> str:
        """Return a post's front matter."""

    def write(self, posts: Iterable[blog.Post]) -> None:
        """Write the whole blog."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.furnish()
        for post in posts:
            self.put(f"{self.texts}/{self.file(post)}", self.head(post) + self.body(post))
            for picture in (it for it in post.blocks if isinstance(it, blog.Picture)):
                self.put(f"{self.pictures}/{picture.name}", blog.picture(post.number))

    def file(self, post: blog.Post) -> str:
        """Return the name of a post's file."""
        return f"{post.date:%Y-%m-%d}-{post.name}.md"

    def body(self, post: blog.Post) -> str:
        """Return a post's Markdown."""
        return "\n\n".join(map(self.block, post.blocks)) + "\n"

    def block(self, block: blog.Block) -> str:
        """Return a block's Markdown."""
        match block:
            case blog.Paragraph():
                words = list(block.words)
                for at, formula in block.formulas:
                    words[at] += " " + self.formula(formula)
                return " ".join(words)
            case blog.Formula():
                return self.formula(block)
            case blog.Listing():
                return f"```{block.language}\n{block.code}```"
            case blog.Table():
                head, *rest = (f"| {' | '.join(row)} |" for row in block.rows)
                return "\n".join([head, "|---|---|---|", *rest])
            case blog.Picture():
                return f"![{block.alt}](/images/{block.name})"
            case blog.Prose():
                return block.text
            case _:
                return f"## {block}"

    def formula(self, formula: blog.Formula) -> str:
        """Return a formula's Markdown."""
        return f"$$\n{formula.tex}\n$$" if formula.displayed else f"${formula.tex}$"

    def edit(self, post: blog.Post, times: int) -> None:
        """Change a post's body a little, otherwise each time."""
        self.put(f"{self.texts}/{self.file(post)}", f"{self.head(post)}{self.body(post)}\nEdited {times}.\n")

    def edit_template(self, times: int) -> None:
        """Change what all pages show, otherwise each time."""
        path = self.folder / self.template
        before, _, rest = path.read_text(encoding="utf-8").partition("<i>mark ")
        path.write_text(f"{before}<i>mark {times}</i>{rest.partition('</i>')[2]}", encoding="utf-8")

    def forget(self) -> None:
        """Delete what was built and what is remembered of it."""
        for name in (self.output, *self.state):
            path = self.folder / name
            path.unlink() if path.is_file() else shutil.rmtree(path, ignore_errors=True)

    def put(self, path: str, content: str | bytes) -> None:
        """Write a file of the blog."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)


def yaml(post: blog.Post, *more: str) -> str:
    """Return front matter that most generators read."""
    lines = (f"title: {post.title}", f"date: {post.date:%Y-%m-%dT%H:%M:%SZ}", *more)
    return "\n".join(("---", *lines, "---", "", ""))


def pip(folder: Path, *packages: str) -> Path:
    """Install Python packages in an environment of their own; return the folder of its commands."""
    bins = folder / ("Scripts" if os.name == "nt" else "bin")
    if _is_new(folder, packages):
        run([sys.executable, "-m", "venv", str(folder)])
        run([str(bins / "python"), "-m", "pip", "install", "-q", *packages])
        _note(folder, packages)
    return bins


def npm(folder: Path, *packages: str) -> None:
    """Install npm packages."""
    if _is_new(folder, packages):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true}', encoding="utf-8")
        run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), *packages])
        _note(folder, packages)


def _is_new(folder: Path, packages: Sequence[str]) -> bool:
    """Tell whether these very packages aren't in `folder` yet, which is emptied then."""
    note = folder / "installed.txt"
    if note.exists() and note.read_text(encoding="utf-8") == "\n".join(packages):
        return False
    shutil.rmtree(folder, ignore_errors=True)
    return True


def _note(folder: Path, packages: Sequence[str]) -> None:
    (folder / "installed.txt").write_text("\n".join(packages), encoding="utf-8")


def run(command: Sequence[str]) -> str:
    """Run a command and return what it prints; raises Absent if it fails."""
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as failure:
        reason = getattr(failure, "stderr", "") or str(failure)
        raise Absent(f"`{' '.join(command[:4])} …` fails: {reason.strip()[-300:]}") from failure
