"""Open the site that a command is about: its settings, and what the command line and the environment say."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from bifolium.cli.desk import Desk
from bifolium.problems import Problem, SiteError, visible

if TYPE_CHECKING:
    from bifolium.settings import Settings
    from bifolium.site import Site


def open_site(
    desk: Desk,
    *,
    output: Path | None = None,
    base_url: str | None = None,
    drafts: bool = False,
    future: bool = False,
    strict: bool = False,
    jobs: int = 0,
    cluster: str = "",
    images: Literal["encoded", "ready", "original"] = "encoded",
    force: bool = False,
    patient: bool = False,
) -> Site:
    """Return the site at the desk, with what the command line says; raises SiteError if its settings are wrong."""
    import msgspec

    from bifolium.site import Site, Wishes

    folder = desk.site_folder()
    settings, notes = _settings(folder)
    if base_url is not None:
        settings = msgspec.structs.replace(settings, base_url=_address(base_url))
    shown = {"drafts": drafts, "future": future, "strict": strict, "patient": patient}
    wishes = Wishes(desk.now().isoformat(), **shown, jobs=jobs, cluster=cluster, images=images, force=force)
    to = Path.cwd() / output if output else None
    return Site(folder, settings, wishes, desk.home(), to, notes, _memory(folder, desk.home()))


def memory(desk: Desk) -> Path:
    """Return where to remember what is no part of a build: in the site's state, or among the caches without a site."""
    from bifolium import config
    from bifolium.site import STATE

    folder = desk.site_folder()
    site = config.find(folder) == folder
    return _memory(folder, desk.home()) or folder / STATE if site else _caches(desk.home()) / "bifolium"


def _caches(home: Path) -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")


def _memory(folder: Path, home: Path) -> Path | None:
    """Return where to remember things if the site's own folder is read-only: among the caches in `home`."""
    from bifolium.site import STATE

    own = folder / STATE
    if os.access(own if own.exists() else folder, os.W_OK):
        return None
    caches = _caches(home)
    there = next(place for place in (caches, *caches.parents) if place.exists())
    if not os.access(there, os.W_OK):
        return None
    name = hashlib.blake2b(os.fsencode(folder.resolve()), digest_size=8).hexdigest()
    return caches / "bifolium" / name


def _address(url: str) -> str:
    """Return the address that the command line gives the site, which must be one that the settings could give it."""
    from bifolium import config

    for fault in config.faults({"base_url": url}):
        hint = f"; {fault.hint}" if fault.hint else ""
        raise click.UsageError(visible(fault.message.replace("`base_url`", "`--base-url`") + hint))
    return url


def _settings(folder: Path) -> tuple[Settings, tuple[Problem, ...]]:
    """Return the settings of the site in `folder` and warnings about them; none are needed where there are posts."""
    from bifolium import config

    found = config.examine(folder)
    if not found.path and not (folder / found.settings.folders.posts).is_dir():
        config.load(folder)
    if any(problem.severity == "error" for problem in found.problems):
        raise SiteError(found.problems)
    return found.settings, found.problems
