"""Move an old blog over: read its folder, write the settings that build it, or a copy in our own folders."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from bifolium import finished, importing
from bifolium.audit import PAGES, read_page
from bifolium.build import build
from bifolium.importing import Move, Old, placing, toml_text
from bifolium.importing.comparing import Built, Finding, compare, of_sitemap, redirects
from bifolium.importing.config import NAMES
from bifolium.names import is_temporary
from bifolium.problems import Problem, SiteError, error
from bifolium.site import Site
from bifolium.sources import read

TEXTS = (".md", ".markdown", ".mkd", ".mkdn", ".mkdown", ".html", ".htm", ".xhtml", ".xml", ".json", ".txt", ".js")
OTHERS = (".css", ".scss", ".sass", ".textile", ".rss", ".atom", ".csv", ".yml", ".yaml", ".svg", ".webmanifest")
_LARGEST = 5_000_000  # bytes of a file that is looked into
SETTINGS = "bifolium.toml"


class Folder(NamedTuple):
    """A Jekyll folder on the disk, read."""

    path: Path
    config: str
    old: Old


def open_folder(path: Path) -> Folder:
    """Return the Jekyll folder at `path`; raise SiteError if it is none."""
    config = next((name for name in NAMES if (path / name).is_file()), "")
    if not config and not (path / "_posts").is_dir():
        hint = "name the folder with `_config.yml` in it"
        raise SiteError([error(str(path), 0, 0, "no-jekyll", "this is no Jekyll folder", hint)])
    paths = tuple(sorted(_walk(path, "")))
    texts = {it: read(path, it) for it in paths if _is_text(it) and _is_small(path / it)}
    return Folder(path, config or NAMES[0], Old(read(path, config) if config else b"", paths, texts))


def plan(folder: Folder) -> Move:
    """Return the move of a folder; raise SiteError with every mistake in its settings."""
    found = importing.move(folder.config, folder.old)
    if isinstance(found, Move):
        return found
    raise SiteError([*found])


def settle(folder: Folder, move: Move) -> Path:
    """Write the settings that build the folder in place; return their path."""
    target = folder.path / SETTINGS
    target.write_text(move.toml, encoding="utf-8")
    return target


def copy(folder: Folder, move: Move, to: Path) -> None:
    """Copy what the new site needs into our own folders below `to`, with settings of its own."""
    places, toml = placing.placed(move, folder.old.paths)
    for old, new in places.items():
        target = to / new
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(read(folder.path, old))
    (to / SETTINGS).write_text(toml, encoding="utf-8")


def audit(site: Site, old: Path) -> tuple[list[Finding], tuple[Problem, ...]]:
    """Build `site` into a temporary folder and compare it with the old one at `old`: a folder, or a sitemap.

    Returns the differences, and what is wrong with the new site if it can't be built.
    """
    base = site.settings.base_url
    before = _built(old) if old.is_dir() else of_sitemap(old.read_text(encoding="utf-8"), base)
    with TemporaryDirectory() as folder:
        output = Path(folder) / "site"
        report = build(replace(site, destination=output, wishes=site.wishes._replace(images="original")))
        if not report.published:
            return [], report.problems
        return compare(before, _built(output), base), ()


def lead_on(site: Path, found: list[Finding]) -> dict[str, str]:
    """Write what leads on from old addresses to the settings; return it."""
    added = redirects(found)
    target = site / SETTINGS
    if added and target.is_file():
        target.write_text(toml_text.with_redirects(target.read_text(encoding="utf-8"), added), encoding="utf-8")
    return added


def _built(folder: Path) -> Built:
    """Return the finished site in `folder`."""
    files = finished.files(folder)
    pages = {path: read_page(path, finished.read(folder, path)) for path in files if path.lower().endswith(PAGES)}
    return Built(frozenset(files), pages)


def _walk(top: Path, folder: str) -> Iterator[str]:
    """Yield the files below `top`, but for hidden ones and what package managers fetched."""
    with os.scandir(top / folder) as entries:
        for entry in entries:
            path = f"{folder}/{entry.name}" if folder else entry.name
            if is_temporary(entry.name) or entry.name in {"node_modules", "_site"} or path == SETTINGS:
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(top, path)
            elif entry.is_file(follow_symlinks=False):
                yield path


def _is_text(path: str) -> bool:
    """Tell whether a file may have front matter; what package managers fetched is not looked into."""
    return path.lower().endswith((*TEXTS, *OTHERS)) and not path.startswith("vendor/")


def _is_small(path: Path) -> bool:
    return path.stat().st_size <= _LARGEST
