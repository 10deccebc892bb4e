"""What every command has before it: the site's folder, the time, a way to talk."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from bifolium.cli.talk import Loudness, Talk
from bifolium.problems import visible

_LAST_MOMENT = 253402128000  # 9999-12-30, so that no time zone makes it the year 10000


@dataclass(frozen=True)
class Desk:
    """`folder` is the one named on the command line."""

    folder: Path | None = None
    talk: Talk = field(default_factory=Talk)

    def site_folder(self) -> Path:
        """Return the site's folder: the named one, else the nearest above with settings, else this one."""
        from bifolium import config

        try:
            here = self.folder or Path.cwd()
        except FileNotFoundError:
            raise click.UsageError("the folder in which you are isn't there any more") from None
        if not here.is_dir():
            raise click.UsageError(f"there is no folder {here}")
        return here.absolute() if self.folder else config.find(here) or here

    def now(self) -> datetime:
        """Return the moment of this run in local time: SOURCE_DATE_EPOCH, or now."""
        given = os.environ.get("SOURCE_DATE_EPOCH", "")
        if not given:
            return datetime.now(UTC).astimezone()
        if not re.fullmatch(r"[0-9]{1,12}", given) or int(given) > _LAST_MOMENT:
            expected = "a number of seconds since 1970, such as `1795435200`"
            raise click.UsageError(f"SOURCE_DATE_EPOCH is `{visible(given)}`, expected {expected}")
        return datetime.fromtimestamp(int(given), UTC).astimezone()

    def home(self) -> Path:
        """Return the home folder, or that of the whole disk for a user who has none (some containers' users)."""
        try:
            return Path.home()
        except RuntimeError:
            return Path(Path.cwd().anchor)


def common_options() -> list[click.Parameter]:
    """Return the options that every command has; what they say is noted at the desk."""
    path = click.Path(path_type=Path)
    return [
        _option("-C", "--site", _choose, "The site's folder, instead of this one.", type=path, metavar="FOLDER"),
        _option("-q", "--quiet", _hush, "Say nothing but problems.", is_flag=True),
        _option("-v", "--verbose", _speak_up, "Say more; twice, even more.", count=True),
    ]


def _option(short: str, long: str, note: Callable[[Desk, Any], Desk], text: str, **kind: Any) -> click.Option:
    def noted(context: click.Context, _: click.Parameter, value: Any) -> None:
        if value:
            context.obj = note(context.ensure_object(Desk), value)

    return click.Option([short, long], callback=noted, expose_value=False, help=text, **kind)


def _choose(desk: Desk, folder: Path) -> Desk:
    return replace(desk, folder=folder)


def _hush(desk: Desk, _: bool) -> Desk:
    desk.talk.loudness = Loudness.QUIET
    return desk


def _speak_up(desk: Desk, times: int) -> Desk:
    desk.talk.loudness = Loudness(min(Loudness.NORMAL + times, Loudness.CHATTY))
    return desk
