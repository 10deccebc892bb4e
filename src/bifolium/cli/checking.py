"""The commands that look and build nothing: check, macros."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import click

from bifolium.cli.building import as_json
from bifolium.cli.desk import Desk
from bifolium.cli.opening import open_site
from bifolium.cli.talk import also_as_json, answer, plainly
from bifolium.problems import Problem, SiteError


@click.command()
@click.option("--math", "maths", is_flag=True, help="Check the formulas and macros, and nothing else.")
@click.option("--pictures", is_flag=True, help="Check the pictures, and nothing else.")
@click.option("-j", "--jobs", type=click.IntRange(min=0), default=0, help="Processes; 0 is one for each core.")
@as_json
@click.pass_obj
def check(desk: Desk, *, maths: bool, pictures: bool, jobs: int, as_json: bool) -> int:
    """Check the site and build nothing: every formula and picture, drafts and future posts included.

    Exits with 1 if there is anything to mend; notes, such as a macro or a picture that nobody uses, don't count.
    """
    from bifolium.checking import check_maths, check_pictures

    every = maths == pictures
    with also_as_json(as_json, _plainly):
        site = open_site(desk, drafts=True, future=True, jobs=jobs, images="original")
        found = check_maths(site, desk.talk.progress) if maths or every else None
        shown = check_pictures(site, desk.talk.progress) if pictures or every else ()
    problems = (*(found.problems if found else ()), *shown)
    desk.talk.problems(problems)
    if as_json:
        answer(_plainly(problems))
    wrong = [problem for problem in problems if problem.severity != "note"]
    counted = f"{found.formulas:,} formulas, {found.different:,} different ones" if found else "pictures"
    desk.talk.say(f"{counted}: {_verdict(len(wrong))}")
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


def _plainly(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    return [plainly(problem) for problem in problems]


def _verdict(wrong: int) -> str:
    return f"{wrong} problem{'s' * (wrong != 1)}" if wrong else "all is well"
