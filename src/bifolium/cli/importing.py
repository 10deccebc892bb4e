"""The command that moves an old blog over: import."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bifolium.cli.desk import Desk, common_options
from bifolium.cli.opening import open_site
from bifolium.cli.talk import answer

if TYPE_CHECKING:
    from bifolium.importing import Move


@click.group("import")
def import_() -> None:
    """Move a blog over from another generator."""


@import_.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False), default=Path())
@click.option("--copy", "to", type=click.Path(path_type=Path), help="Copy everything there, in bifolium's own folders.")
@click.option("--force", is_flag=True, help="Write new settings over those that are there.")
@click.option("--dry-run", is_flag=True, help="Write nothing; print the settings.")
@click.option(
    "--audit", "before", type=click.Path(path_type=Path, exists=True), help="Compare with the old site, or its sitemap."
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON on standard output.")
@click.pass_obj
def jekyll(
    desk: Desk, folder: Path, to: Path | None, before: Path | None, *, force: bool, dry_run: bool, as_json: bool
) -> int:
    """Write settings by which bifolium builds the Jekyll blog in FOLDER, at the same addresses."""
    from bifolium import moving

    here = (desk.folder or Path.cwd()).absolute()
    target = here / (to or folder)
    if before and (target / moving.SETTINGS).exists() and not force:
        return _audit(desk, target, Path.cwd() / before, as_json=as_json)
    if not (force or dry_run) and (target / moving.SETTINGS).exists():
        raise click.UsageError(f"{target / moving.SETTINGS} is there already; --force writes over it")
    if to and target.is_dir() and any(target.iterdir()) and not force:
        raise click.UsageError(f"{to} isn't empty; name a new folder")
    old = moving.open_folder(here / folder)
    move = moving.plan(old)
    if dry_run:
        click.echo(move.toml, nl=False)
    elif to:
        moving.copy(old, move, target)
    else:
        moving.settle(old, move)
    _tell(desk, move)
    if before and not dry_run:
        return _audit(desk, target, Path.cwd() / before, as_json=as_json)
    if as_json:
        answer({"settings": move.table, "notes": [note._asdict() for note in move.notes]})
    if not dry_run:
        desk.talk.say(f"wrote {to or folder}/{moving.SETTINGS}; now: bifolium -C {to or folder} build", style="bold")
    return 0


jekyll.params += common_options()


def _audit(desk: Desk, folder: Path, before: Path, *, as_json: bool) -> int:
    """Compare the new site with the old one, and lead on from the addresses of what moved."""
    from bifolium import moving

    site = open_site(replace(desk, folder=folder))
    found, problems = moving.audit(site, before)
    if any(it.severity == "error" for it in problems):
        desk.talk.problems(problems)
        return 1
    added = moving.lead_on(folder, found)
    for kind, heading in _HEADINGS.items():
        of_kind = [it for it in found if it.kind == kind]
        if of_kind:
            desk.talk.say(f"{heading}: {len(of_kind)}", style="bold")
        for it in of_kind:
            desk.talk.say(f"  {it.old}{': ' if it.new else ''}{it.new}")
    desk.talk.say(f"all else is as it was; lines written under [redirects]: {len(added)}" if found else _SAME)
    if as_json:
        answer({"findings": [it._asdict() for it in found], "redirects": added})
    return 1 if any(it.kind in {"gone", "case"} for it in found) else 0


_SAME = "every address, title, heading and picture of the old site is there"
_HEADINGS = {
    "gone": "not there any more",
    "case": "in other letter case, so that some hosts don't find it, and some disks have no place for a redirect",
    "moved": "elsewhere, redirected",
    "title": "another title",
    "anchors": "headings without their old ids",
    "pictures": "pictures that are missing",
}


def _tell(desk: Desk, move: Move) -> None:
    """Print what became of everything."""
    for kind, heading in (("done", "moved over:"), ("todo", "to be done by you:")):
        notes = [note for note in move.notes if note.kind == kind]
        if notes:
            desk.talk.say(heading, style="bold")
        for note in notes:
            desk.talk.say(f"  {note.what}: {note.how}")
