"""The command that publishes: deploy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bifolium.cli.building import as_json
from bifolium.cli.desk import Desk
from bifolium.cli.opening import open_site
from bifolium.cli.talk import Loudness, also_as_json, answer, plainly

if TYPE_CHECKING:
    from bifolium.deploying import Deployed
    from bifolium.sections import Deploy
    from bifolium.settings import Settings


@click.command()
@click.argument("target", default="")
@click.option("--dry-run", "dry", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--force", is_flag=True, help="Write also over files that no deploy has put there.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Where the finished site is.")
@click.option("--base-url", help="Where the site will stand, instead of the settings' base_url.")
@as_json
@click.pass_obj
def deploy(
    desk: Desk, /, *, target: str, dry: bool, force: bool, output: Path | None, base_url: str | None, as_json: bool
) -> int:
    """Publish the finished site to TARGET: a name in the settings, `git`, or an address such as s3://bucket.

    Only what changed is sent, pages after what they refer to; what vanished is deleted at the end. A deploy that was
    interrupted goes on when it is started again.
    """
    from bifolium.deploying import deploy as carry

    with also_as_json(as_json, lambda problems: {"problems": [plainly(problem) for problem in problems]}):
        site = open_site(desk, output=output, base_url=base_url)
        chosen = _chosen(site.settings, target)
        done = carry(site, chosen, dry=dry, force=force, progress=desk.talk.progress)
    if as_json:
        answer({**done._asdict(), "problems": []})
    _tell(desk, chosen, done, dry=dry)
    return 0


def _chosen(settings: Settings, name: str) -> Deploy:
    """Return the target of that name; without a name the only one there is."""
    from bifolium.deploying import STORES
    from bifolium.problems import did_you_mean
    from bifolium.sections import Deploy

    targets = {it.name: it for it in settings.deploy}
    if not name and len(targets) == 1:
        return next(iter(targets.values()))
    if name in targets:
        return targets[name]
    if name == "git":
        return Deploy(name="git", to="origin")
    if name.startswith(STORES):
        return Deploy(name=name, to=name)
    known = ", ".join(f"`{it}`" for it in [*targets, "git"])
    hint = did_you_mean(name, [*targets, "git"]) or f"known are {known}, and addresses such as s3://bucket"
    raise click.UsageError(f"there is no target `{name}`; {hint}" if name else f"name a target; {hint}")


def _tell(desk: Desk, target: Deploy, done: Deployed, *, dry: bool) -> None:
    for sign, paths in (("+", done.new), ("~", done.changed), ("-", done.gone)):
        for path in paths:
            desk.talk.say(f"  {sign} {path}", at=Loudness.NORMAL if dry else Loudness.VERBOSE)
    parts = ((len(done.new), "new"), (len(done.changed), "changed"), (len(done.gone), "deleted"))
    said = ", ".join(f"{count} {word}" for count, word in parts if count)
    would = "would be " if dry and said else ""
    desk.talk.say(f"{target.to}: {would}{said or 'nothing to publish'}, {done.unchanged} as they were")
