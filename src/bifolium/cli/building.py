"""The commands about a site that is there: build, clean, list, schema."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import click

from bifolium.cli import sealing
from bifolium.cli.desk import Desk
from bifolium.cli.opening import open_site
from bifolium.cli.talk import Loudness, Talk, also_as_json, annotate, answer, drawn, plainly
from bifolium.problems import Problem, visible
from bifolium.seal import SECONDS

if TYPE_CHECKING:
    from bifolium.build import Report
    from bifolium.cli.profiling import Profiler
    from bifolium.model import Card
    from bifolium.site import Site

drafts = click.option("--drafts", is_flag=True, help="Include drafts.")
future = click.option("--future", is_flag=True, help="Include posts dated in the future.")
as_json = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON on standard output.")
github = click.option("--github", is_flag=True, help="Print the problems as GitHub shows them beside a pull request.")


@click.command()
@drafts
@future
@as_json
@github
@click.option("--strict", is_flag=True, help="Fail on warnings too; nothing is published then.")
@click.option("--explain", is_flag=True, help="Say why each page was made again.")
@click.option("--profile", is_flag=True, help="Say where the time goes, and what was remembered.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Where the finished site goes.")
@click.option("--force", is_flag=True, help="Write into a folder that holds other files, too.")
@click.option("--base-url", help="Where the site will stand, instead of the settings' base_url.")
@click.option("-j", "--jobs", type=click.IntRange(min=0), default=0, help="Processes; 0 is one for each core.")
@click.option(
    "--cluster", default="", metavar="ADDRESS", help="Dask's scheduler, such as tcp://host:8786: its workers help."
)
@click.option(
    "--images", type=click.Choice(["encoded", "original"]), default="encoded", help="Encode pictures smaller, or don't."
)
@click.pass_obj
def build(desk: Desk, /, **wishes: Any) -> int:
    """Build the site, making again only what changed."""
    from bifolium.build import build as build_site
    from bifolium.onlooker import Onlooker

    told = {name: wishes.pop(name) for name in ("explain", "as_json", "github", "profile")}
    with also_as_json(told["as_json"], _failed), _uncollected():
        asked = sealing.open_question(desk.site_folder())
        site = open_site(desk, **wishes)
        profiler = _profiler(desk.talk) if told["profile"] else None
        report = build_site(site, profiler or Onlooker(desk.talk.progress))
    _tell(desk.talk, site, report, told, profiler)
    if not (any(told.values()) or desk.talk.loudness > Loudness.NORMAL):
        sealing.seal(site, report, asked, partial(_said_again, desk.talk, site, report))
    return 0 if report.published else 1


def _profiler(talk: Talk) -> Profiler:
    from bifolium.cli.profiling import Profiler

    return Profiler(talk.progress, talk.seconds())


def _tell(talk: Talk, site: Site, report: Report, told: Mapping[str, bool], profiler: Profiler | None) -> None:
    """Print what is wanted of a build."""
    profile = profiler.profile(report) if profiler else None
    talk.problems(report.problems)
    if told["github"]:
        annotate(report.problems, os.path.relpath(site.folder))
    if told["explain"]:
        for url, reason in report.made.items():
            talk.say(f"{url}: {reason}", at=Loudness.QUIET)
    if told["as_json"]:
        answer(_report(report) | ({"profile": profile.plainly()} if profile else {}))
    elif profile:
        for line in profile.lines():
            talk.say(line, at=Loudness.QUIET)
    _summarise(talk, site, report)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Look for no garbage: that takes 5 % of a first build and 12 % of an edit, and there is hardly any.

    Nor afterwards among what the build made, which ends with the process.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


@click.command()
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="The output folder, instead of the settings' one."
)
@click.pass_obj
def clean(desk: Desk, output: Path | None) -> None:
    """Delete what was built and what is remembered; files that bifolium never wrote stay."""
    from bifolium.publish import clean as clean_output

    site = open_site(desk, output=output)
    gone = clean_output(site.output, site.state)
    desk.talk.say(f"deleted {len(gone)} files in {_shown(site.output)}")


@click.command("list")
@drafts
@future
@as_json
@click.pass_obj
def list_(desk: Desk, /, *, as_json: bool, **wishes: Any) -> int:
    """List the posts and pages with their dates and addresses."""
    from bifolium.build import catalogue

    with also_as_json(as_json, partial(_listed, [])):
        cards, problems = catalogue(open_site(desk, **wishes))
    if as_json:
        answer(_listed(cards, problems))
    else:
        for card in cards:
            line = f"{card.date[:10] or '-':10}  {card.path}  {unquote(card.url)}{'  (draft)' if card.draft else ''}"
            click.echo(visible(line))
    desk.talk.problems(problems)
    return 1 if any(problem.severity == "error" for problem in problems) else 0


@click.command()
def schema() -> None:
    """Print the JSON Schema of bifolium.toml, for editors."""
    from bifolium.config import schema as json_schema

    click.echo(json_schema(), nl=False)


def _summarise(talk: Talk, site: Site, report: Report) -> None:
    if not report.published:
        talk.say("nothing was published; the old site is as it was", style="bold")
        return
    for line in _summary(site, report, f"{talk.seconds():.2f}"):
        talk.say(line)
    for work, count in report.done.items():
        talk.say(f"  {work.replace('_', ' ')}: {count}", at=Loudness.VERBOSE)
    if not site.settings.base_url:
        talk.say("  no base_url in the settings: no feed and no sitemap", at=Loudness.VERBOSE)


def _summary(site: Site, report: Report, seconds: str) -> Iterator[str]:
    """Yield what a build says of itself in the end."""
    files = len(report.written)
    parts = [f"{len(report.made)} made", f"{files} file{'s' * (files != 1)} written"]
    parts += [f"{len(report.deleted)} deleted"] if report.deleted else []
    said = ", ".join(parts) if report.made or report.written or report.deleted else "nothing to do"
    yield f"{report.pages} pages in {_shown(site.output)}: {said} ({seconds} s)"
    if report.hidden:
        yield f"  left out: {_left_out(report)}"


def _said_again(talk: Talk, site: Site, report: Report) -> str:
    """Return what a build would say that comes next, if nothing happens until then."""
    idle = report._replace(made={}, written=(), deleted=(), done={})
    summary = _summary(site, idle, SECONDS) if talk.loudness >= Loudness.NORMAL else ()
    lines = (visible(line).replace(visible(SECONDS), SECONDS) for line in summary)
    return "\n".join((*drawn(report.problems), *lines))


def _left_out(report: Report) -> str:
    """Return what is no part of the site, and the options that would make it so."""
    reasons = (
        ("drafts", "draft", "", "--drafts"),
        ("future", "post", " dated in the future", "--future"),
        ("future_drafts", "draft", " dated in the future", "--drafts --future"),
    )
    counts = ((report.hidden.get(reason, 0), *words) for reason, *words in reasons)
    return ", ".join(f"{count} {noun}{'s' * (count != 1)}{why} ({flag})" for count, noun, why, flag in counts if count)


def _report(report: Report) -> dict[str, Any]:
    plain = report._asdict()
    plain.pop("after")
    return {
        **plain,
        "done": {work: count for work, count in report.done.items() if count},
        "problems": [plainly(problem) for problem in report.problems],
    }


def _failed(problems: tuple[Problem, ...]) -> dict[str, Any]:
    """Return, as JSON has it, the report of a build that came to nothing."""
    from bifolium.build import Report

    return _report(Report(problems, published=False))


def _listed(cards: Iterable[Card], problems: Iterable[Problem]) -> dict[str, Any]:
    found = list(cards)
    return {
        "posts": [_card(card) for card in found if card.kind == "post"],
        "pages": [_card(card) for card in found if card.kind == "page"],
        "problems": [plainly(problem) for problem in problems],
    }


def _card(card: Card) -> dict[str, Any]:
    return {name: value for name, value in card._asdict().items() if name not in {"order", "extra"}}


def _shown(path: Path) -> str:
    try:
        return path.relative_to(Path.cwd()).as_posix() + "/"
    except ValueError:
        return f"{path}/"
