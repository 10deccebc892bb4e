"""A site to be built: its folder, its settings, and what the caller wishes of this build."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal, NamedTuple

from msgspec.structs import replace

from bifolium import memo
from bifolium.pool import Crew
from bifolium.problems import Problem
from bifolium.settings import Settings

STATE = ".bifolium"


class Wishes(NamedTuple):
    """What a caller asks of a build. `now` is RFC 3339: posts dated later are future ones.

    `patient`: a post with errors shows as it last was, for a preview. `images`: encode all pictures, show those
    encoded that are already, or none.
    `force`: also into a folder that holds somebody else's files. `cluster`: the address of a Dask scheduler.
    """

    now: str
    drafts: bool = False
    future: bool = False
    strict: bool = False
    jobs: int = 0
    cluster: str = ""
    patient: bool = False
    images: Literal["encoded", "ready", "original"] = "encoded"
    force: bool = False


@dataclass(frozen=True)
class Site:
    """Where everything of a site is. `destination` overrides the settings' output folder; `home` is never one.

    `notes` are warnings about the settings; `memory` is where to remember things if not in the site's folder.
    """

    folder: Path
    settings: Settings
    wishes: Wishes
    home: Path
    destination: Path | None = None
    notes: tuple[Problem, ...] = ()
    memory: Path | None = None

    @cached_property
    def output(self) -> Path:
        """The folder of the finished site."""
        return self.destination or self.folder / self.settings.folders.output

    @cached_property
    def state(self) -> Path:
        """The folder of what is remembered; it can be deleted at any time."""
        return self.memory or self.folder / STATE

    @property
    def crew(self) -> Crew:
        """Who works on it."""
        return Crew(self.wishes.jobs, self.wishes.cluster)

    @cached_property
    def digest(self) -> bytes:
        """The digest of the settings and of those wishes that change a page."""
        wishes = (self.wishes.drafts, self.wishes.future, self.wishes.images)
        settings = replace(self.settings, deploy=())  # where the site goes changes no page
        return memo.digest((settings, wishes, str(self.output), self.notes))
