"""The commands that make something new: init, new, completion."""

from __future__ import annotations

import json
import os
import re
import shlex
from datetime import UTC, datetime
from pathlib import Path

import click
from click.shell_completion import get_completion_class

from bifolium.cli.desk import Desk
from bifolium.problems import visible

_WORDS = {"null", "Null", "NULL"}  # what YAML takes for nothing
STARTER_DATE, STARTER_TITLE = "2026-01-01", "My blog"


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path())
@click.option("--title", default="", help="The blog's name; otherwise the folder's.")
@click.pass_obj
def init(desk: Desk, folder: Path, title: str) -> None:
    """Make a new blog in FOLDER.

    It has settings, two posts, a picture, a page about you, and the workflow that publishes it.
    """
    target = Path.cwd() / folder
    if target.exists() and not target.is_dir():
        raise click.UsageError(f"{folder} is no folder; name a new one, such as `bifolium init my-blog`")
    if target.is_dir() and any(entry.name != ".git" for entry in target.iterdir()):
        raise click.UsageError(f"{folder} isn't empty; name a new folder, such as `bifolium init my-blog`")
    name = _line(title or target.name.replace("-", " ").replace("_", " ").capitalize() or STARTER_TITLE)
    today = f"{desk.now().astimezone(UTC):%Y-%m-%d}"  # the zone of the new site's dates, where it isn't tomorrow yet
    for path, data in _starter(Path(__file__).parent.parent / "starter"):
        to = target / path.replace(STARTER_DATE, today)
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_bytes(
            _renamed(data, json.dumps(name, ensure_ascii=False)[1:-1] if to.suffix == ".toml" else name, today)
        )
        desk.talk.say(f"  {to.relative_to(target).as_posix()}", style="dim")
    go = f"cd {shlex.quote(str(folder))} && " if folder != Path() else ""
    desk.talk.say(f"a new blog; now: {go}bifolium build")


@click.command()
@click.argument("title")
@click.option("--draft", is_flag=True, help="Put it among the drafts.")
@click.option("--bundle", is_flag=True, help="Make a folder, so that its pictures can lie beside it.")
@click.option("--category", multiple=True, help="Its category; can be given more than once.")
@click.option("--tag", multiple=True, help="A tag; can be given more than once.")
@click.pass_obj
def new(desk: Desk, title: str, draft: bool, bundle: bool, category: tuple[str, ...], tag: tuple[str, ...]) -> None:
    """Write a new post called TITLE, dated now, and print its path."""
    from bifolium import config, urls

    title, category, tag = _line(title), tuple(map(_line, category)), tuple(map(_line, tag))
    site = desk.site_folder()
    folders = config.load(site, missing_ok=True).folders
    now = desk.now()
    stem = urls.slugify(title) if draft else f"{now:%Y-%m-%d}-{urls.slugify(title)}"
    path = site / (folders.drafts if draft else folders.posts) / (f"{stem}/index.md" if bundle else f"{stem}.md")
    if path.exists():
        raise click.UsageError(f"{path} is there already; choose another title")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8") as file:
        file.write(_front_matter(title, now, category, tag) + "\n")
    click.echo(os.path.relpath(path))


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the script that completes bifolium's commands in SHELL."""
    from bifolium.cli import cli

    found = get_completion_class(shell)
    if found is None:
        raise click.UsageError(f"no completion for {shell}")
    click.echo(found(cli, {}, "bifolium", "_BIFOLIUM_COMPLETE").source())


def _line(text: str) -> str:
    """Return a text on one line, as a title must be; refuse one that front matter couldn't hold."""
    line = " ".join(text.split())
    if not line:
        raise click.UsageError("this name is empty: expected a text, such as `Tides of February`")
    if visible(line) != line:
        raise click.UsageError(f"`{visible(text)}` is no name: expected a text without control characters")
    return line


def _front_matter(title: str, now: datetime, categories: tuple[str, ...], tags: tuple[str, ...]) -> str:
    plain = re.fullmatch(r"[^\W\d_][^:#'\"\[\]{}&*!|>%@`,]*", title) is not None and title not in _WORDS
    lines = [f"title: {title if plain else json.dumps(title, ensure_ascii=False)}", f"date: {now:%Y-%m-%d %H:%M:%S %z}"]
    lines += [
        f"{name}: {json.dumps(list(values), ensure_ascii=False)}"
        for name, values in (("categories", categories), ("tags", tags))
        if values
    ]
    return "\n".join(["---", *lines, "---", ""])


def _starter(folder: Path, prefix: str = "") -> list[tuple[str, bytes]]:
    """Return the starter site's files by path; `gitignore` gets its dot here, since a package may not ship it."""
    found: list[tuple[str, bytes]] = []
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        name = prefix + (".gitignore" if item.name == "gitignore" else item.name)
        if item.is_dir():
            found += _starter(item, f"{name}/")
        elif item.name != "__init__.py":
            found.append((name, item.read_bytes()))
    return found


def _renamed(data: bytes, title: str, today: str) -> bytes:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return data
    return text.replace(STARTER_TITLE, title).replace(STARTER_DATE, today).encode()
