"""Seal a build: note what the next one needs to tell that nothing happened, before anything is imported."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import datetime
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING

from bifolium import seal as seals

if TYPE_CHECKING:
    from bifolium.build import Report
    from bifolium.site import Site


def open_question(folder: Path) -> str:
    """Break the last build's seal; return all that this one is asked, if that can be told. Call it before anything."""
    seals.crack(str(folder))
    try:
        return seals.question(str(folder), sys.argv[1:], os.environ)
    except (seals.Broken, OSError):
        return ""


def seal(site: Site, report: Report, asked: str, say: Callable[[], str]) -> None:
    """Seal the build that `report` tells of, unless something of it may be otherwise next time."""
    from bifolium import corpus, ledger

    after = report.after
    if not (asked and report.published and after and after.lasting and not after.oddities):
        return
    if len(ledger.unchanged(after, after.tree)) < len(after.tree):
        return
    seals.press(
        str(site.folder),
        asked,
        (_moment(after.newest, -inf), _moment(after.due, inf)),
        say(),
        corpus.bounds(site),
        after.tree,
        str(site.output),
        after.outputs,
    )


def _moment(date: str, otherwise: float) -> float:
    """Return a date in seconds since 1970."""
    return datetime.fromisoformat(date).timestamp() if date else otherwise
