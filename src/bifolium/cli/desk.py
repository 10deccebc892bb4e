"""What every command has before it: the site's folder, the time, a way to talk."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

from bifolium.cli.talk import Talk


@dataclass(frozen=True)
class Desk:
    """`folder` is the one named on the command line."""

    folder: Path | None
    talk: Talk

    def site_folder(self) -> Path:
        """Return the site's folder: the named one, else the nearest above with settings, else this one."""
        from bifolium import config

        here = self.folder or Path.cwd()
        if not here.is_dir():
            raise click.UsageError(f"there is no folder {here}")
        return here.absolute() if self.folder else config.find(here) or here

    def now(self) -> datetime:
        """Return the moment of this run in local time: SOURCE_DATE_EPOCH, or now."""
        given = os.environ.get("SOURCE_DATE_EPOCH", "")
        return (datetime.fromtimestamp(int(given), UTC) if given.isdigit() else datetime.now(UTC)).astimezone()
