"""Look at a finished site in a folder, whoever built it: which files there are, and their bytes."""

from __future__ import annotations

import os
from pathlib import Path

from bifolium.problems import SiteError, error


def files(folder: Path) -> list[str]:
    """Return the paths of all files that a host would serve: hidden ones are none, but for `.well-known`."""
    found: list[str] = []
    for root, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if _is_served(name))
        inner = Path(root).relative_to(folder)
        found += [(inner / name).as_posix() for name in names if _is_served(name)]
    return sorted(found)


def read(folder: Path, path: str) -> bytes:
    """Return a file's bytes."""
    return (folder / path).read_bytes()


def refuse(folder: Path) -> None:
    """Raise SiteError if there is no finished site in `folder`."""
    if not folder.is_dir():
        raise SiteError([error(str(folder), 0, 0, "no-site", "there is no such folder", "build the site first")])
    if not any(path.endswith((".html", ".htm")) for path in files(folder)):
        hint = "name the folder of a finished site, such as `public`; `bifolium -C FOLDER check` checks sources"
        raise SiteError([error(str(folder), 0, 0, "no-site", "there is no page in this folder", hint)])


def _is_served(name: str) -> bool:
    return not name.startswith(".") or name == ".well-known"
