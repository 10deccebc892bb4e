"""A laboratory: write a small site, build it, edit it, build it again, and look at exactly what happened."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Mapping
from pathlib import Path

from bifolium import build as building
from bifolium import config
from bifolium.build import Report
from bifolium.site import Site, Wishes

HERE = Path(__file__).parent
NOW = "2026-11-23T12:00:00+00:00"


class Lab:
    """A site in a folder of its own. Its templates are tests/plain, so pages hold content and nothing else."""

    def __init__(self, folder: Path, files: Mapping[str, str | bytes] | None = None, *, plain: bool = True) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        if plain:
            shutil.copytree(HERE / "plain", folder / "templates", dirs_exist_ok=True)
        self.write(files or {})

    def write(self, files: Mapping[str, str | bytes]) -> None:
        """Write files, as an editor does, and let them come to rest."""
        for path, content in files.items():
            target = self.folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.encode() if isinstance(content, str) else content)

    def remove(self, *paths: str) -> None:
        """Delete files or folders."""
        for path in paths:
            target = self.folder / path
            shutil.rmtree(target) if target.is_dir() else target.unlink()

    def rest(self) -> None:
        """Make every source look as if it had been written long ago (its ctime can't be set, so wait for none)."""
        for path in self.folder.rglob("*"):
            os.utime(path, ns=(time.time_ns() - 10**11,) * 2)

    def site(self, **wishes: object) -> Site:
        """Return the site with its settings as they are now."""
        settings = config.load(self.folder, missing_ok=True)
        return Site(self.folder, settings, Wishes(**({"now": NOW, "jobs": 1} | wishes)), Path("/nobody"))  # type: ignore[arg-type]

    def build(self, **wishes: object) -> Report:
        """Build the site."""
        return building.build(self.site(**wishes))

    def output(self) -> dict[str, bytes]:
        """Return everything in the output folder, by path; the manifest is checked by its own tests."""
        root = self.folder / "public"
        files = (path for path in sorted(root.rglob("*")) if path.is_file())
        return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}

    def page(self, path: str) -> str:
        """Return the text of one output file."""
        return (self.folder / "public" / path).read_text(encoding="utf-8")


def made(report: Report) -> set[str]:
    """Return the URLs of the pages that a build laid out."""
    return set(report.made)
