"""The commands that look and build nothing: check, macros."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bifolium.cli.building import as_json, github
from bifolium.cli.desk import Desk
from bifolium.cli.opening import memory, open_site
from bifolium.cli.talk import also_as_json, annotate, answer, plainly
from bifolium.problems import Problem, SiteError

if TYPE_CHECKING:
    from bifolium.checking import Ask, Checked

BASELINE = "check-baseline.txt"


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@click.option("--math", "maths", is_flag=True, help="Check the formulas and macros, and nothing else.")
@click.option("--pictures", is_flag=True, help="Check the pictures, and nothing else.")
@click.option("--external", is_flag=True, help="Ask other hosts whether the links to them still lead somewhere.")
@click.option("--base-url", default="", help="Where the finished site in FOLDER will stand, if it doesn't say so.")
@click.option(
    "--baseline",
    type=click.Path(path_type=Path),
    help=f"What is known; {BASELINE} unless named, another one for FOLDER.",
)
@click.option("--accept", is_flag=True, help="Write all that is found to the baseline, so that it isn't told again.")
@click.option("-j", "--jobs", type=click.IntRange(min=0), default=0, help="Processes; 0 is one for each core.")
@github
@as_json
@click.pass_obj
def check(desk: Desk, /, folder: Path | None, **wishes: Any) -> int:
    """Check the site and build nothing, drafts and future posts included; or check the finished site in FOLDER.

    A finished site may be that of any program. Exits with 1 if there is anything to mend; notes, such as a macro or a
    picture that nobody uses, don't count.
    """
    if folder and (wishes["maths"] or wishes["pictures"]):
        raise click.UsageError("--math and --pictures are about the sources; leave out FOLDER")
    usual = f"check-baseline-{folder.resolve().name}.txt" if folder else BASELINE
    baseline = wishes["baseline"] or desk.site_folder() / usual
    with also_as_json(wishes["as_json"], _plainly):
        ask = _asking(desk) if wishes["external"] else None
        found = _of_finished(folder, wishes, ask) if folder else _of_sources(desk, wishes, ask)
    if wishes["accept"]:
        return _accept(desk, baseline, found.problems)
    return _tell(desk, found, baseline, wishes, "" if folder else os.path.relpath(desk.site_folder()))


def _of_sources(desk: Desk, wishes: dict[str, Any], ask: Ask | None) -> Checked:
    from bifolium.checking import MATHS, PICTURES, check, only
    from bifolium.onlooker import Onlooker

    site = open_site(desk, drafts=True, future=True, jobs=wishes["jobs"], images="original")
    found = check(site, Onlooker(desk.talk.progress), ask)
    wanted = (MATHS if wishes["maths"] else frozenset()) | (PICTURES if wishes["pictures"] else frozenset())
    return only(found, wanted) if wanted else found


def _of_finished(folder: Path, wishes: dict[str, Any], ask: Ask | None) -> Checked:
    from bifolium.checking import check_finished

    return check_finished(folder, wishes["base_url"], wishes["jobs"], ask)


def _asking(desk: Desk) -> Ask:
    from bifolium.outside import ask

    return partial(ask, memory=memory(desk) / "outside.json")


def _accept(desk: Desk, baseline: Path, problems: tuple[Problem, ...]) -> int:
    from bifolium.forgiving import baseline as written

    baseline.write_text(written(problems), encoding="utf-8")
    desk.talk.say(f"{len(problems)} known from now on: {baseline.name}")
    return 0


def _tell(desk: Desk, found: Checked, baseline: Path, wishes: dict[str, Any], folder: str) -> int:
    """Tell what the baseline doesn't know; return the exit code."""
    from bifolium.forgiving import unknown

    known = baseline.read_text(encoding="utf-8") if wishes["baseline"] or baseline.is_file() else ""
    problems = unknown(found.problems, known)
    desk.talk.problems(problems)
    if wishes["as_json"]:
        answer(_plainly(problems))
    if wishes["github"]:
        annotate(problems, folder)
    wrong = sum(problem.severity != "note" for problem in problems)
    verdict = f"{wrong} problem{'s' * (wrong != 1)}" if wrong else "all is well"
    old = len(found.problems) - len(problems)
    desk.talk.say(f"{', '.join(found.looked)}: {verdict}{f', {old} known' if old else ''}")
    return 1 if wrong else 0


@click.command()
@click.option("--vscode", "form", flag_value="vscode", help="For VS Code's settings.json: markdown.math.macros.")
@click.option("--mathjax", "form", flag_value="mathjax", help="For MathJax's configuration.")
@click.option("--json", "form", flag_value="json", default=True, help="Everything that is known (the default).")
@click.pass_obj
def macros(desk: Desk, form: str) -> int:
    """Print the site's macros for editors and other programs."""
    from bifolium.checking import site_macros
    from bifolium.math import exports

    found = site_macros(open_site(desk))
    if any(problem.severity == "error" for problem in found.problems):
        raise SiteError(found.problems)
    exported, left_out = exports.export(found.definitions, form)
    answer(exported)
    if left_out:
        desk.talk.say(f"left out, as {form} has nothing like it: {', '.join(left_out)}")
    return 0


def _plainly(problems: tuple[Problem, ...]) -> list[dict[str, Any]]:
    return [plainly(problem) for problem in problems]
