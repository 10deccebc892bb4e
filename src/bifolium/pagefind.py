"""Runs Pagefind, the program that makes an index of words which browsers load in small pieces."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess

PATIENCE = 600  # seconds
Made = dict[str, bytes] | str
"""The files of the index by name, or in words what went wrong."""


def identity() -> str:
    """Return which Pagefind there is; empty if there is none."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("pagefind-bin")
    except PackageNotFoundError:
        return ""


@contextmanager
def running(pages: Mapping[str, bytes]) -> Iterator[Callable[[], Made]]:
    """Begin an index of `pages`, by name; give what waits for it. Whoever leaves earlier ends the work."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="bifolium-search-") as name:
        folder = Path(name)
        (folder / "pages").mkdir()
        for page, content in pages.items():
            (folder / "pages" / page).write_bytes(content)
        with (folder / "said").open("wb") as said:
            process = _begun(folder, said.fileno())
        try:
            yield lambda: _made(process, folder)
        finally:
            process.kill()
            process.wait()


def _begun(folder: Path, said: int) -> subprocess.Popen[bytes]:
    """Start Pagefind with nothing but our own options: it reads others from files and the environment.

    Of no language, it leaves words as they are: in English, `transformer` would also find what transforms.
    """
    import subprocess

    from pagefind_bin import get_executable  # type: ignore[import-untyped]

    options = ["--site", "pages", "--output-path", "index", "--force-language", "unknown", "--silent"]
    heeded = {name: value for name, value in os.environ.items() if not name.startswith("PAGEFIND_")}
    return subprocess.Popen(  # noqa: S603 (our own program, our own arguments)
        [str(get_executable()), *options], cwd=folder, env=heeded, stdin=subprocess.DEVNULL, stdout=said, stderr=said
    )


def _made(process: subprocess.Popen[bytes], folder: Path) -> Made:
    from subprocess import TimeoutExpired

    try:
        status = process.wait(PATIENCE)
    except TimeoutExpired:
        return f"it was not ready after {PATIENCE} seconds"
    index = folder / "index"
    if status or not index.is_dir():
        said = (folder / "said").read_text("utf-8", "replace").split("\n")
        return next((line.removeprefix("Error: ") for line in said if line.strip()), f"it ended with status {status}")
    files = (path for path in sorted(index.rglob("*")) if path.is_file())
    return {path.relative_to(index).as_posix(): path.read_bytes() for path in files}
