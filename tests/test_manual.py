"""The manual is true: it builds without a problem, and names every option, key, command and module there is.

To write the table of options anew: `BIFOLIUM_ACCEPT=1 pytest tests/test_manual.py`, then read the difference.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import pytest
from lab import HERE, Lab

from bifolium import config, views
from bifolium.cards.keys import SYNONYMS
from bifolium.cli import cli
from bifolium.cli.desk import common_options
from bifolium.placeholders import PLACEHOLDERS, PRESETS
from bifolium.problems import draw
from bifolium.sources import theme_files

ROOT = HERE.parent
ACCEPT = bool(os.environ.get("BIFOLIUM_ACCEPT"))
POSTS = sorted((ROOT / "posts").glob("*.md"))
OPTIONS = re.compile(r"(?<=^## Every option\n\n).*?(?=^## |\Z)", re.DOTALL | re.MULTILINE)
FENCED = re.compile(r"^(`{3,})(\w*)[^\n]*\n(.*?)^\1$", re.DOTALL | re.MULTILINE)
MARKUP = re.compile(r"[\\`*_{}<>$|#]|(?<=https):")


def path_of(name: str) -> Path:
    """Return the path of the manual's post of that name."""
    return next((ROOT / "posts").glob(f"*-{name}.md"))


def words_of(path: Path) -> set[str]:
    """Return what stands between backticks in a text, and its parts, but for blocks of code."""
    spans = re.findall(r"`([^`\n]+)`", FENCED.sub("", path.read_text(encoding="utf-8")))
    return {word for span in spans for word in (span, *span.split())}


def blocks(path: Path, language: str) -> Iterator[str]:
    """Yield the blocks of code of one language."""
    for fenced in FENCED.finditer(path.read_text(encoding="utf-8")):
        if fenced[2] == language:
            yield fenced[3]


def copied(folder: Path) -> Lab:
    """Return a laboratory with a copy of the manual, theme and all."""
    shutil.copy(ROOT / "pyproject.toml", folder)
    for name in ("posts", "pages", "images", "templates"):
        shutil.copytree(ROOT / name, folder / name)
    return Lab(folder, plain=False)


def missing(names: Iterable[str], path: Path) -> list[str]:
    """Return those of `names` that a text doesn't name between backticks."""
    return sorted(set(names) - words_of(path))


def test_the_manual_builds_without_a_problem(tmp_path: Path) -> None:
    report = copied(tmp_path).build(strict=True)
    assert [draw(problem) for problem in report.problems] == []
    assert report.published
    assert report.hidden == {}


# The table of options


def options() -> str:
    """Return the part of the settings' post that lists every option, as the JSON Schema has it."""
    schema = json.loads(config.schema())
    kinds = schema["$defs"]
    sections = {name: kinds[ref(option)] for name, option in schema["properties"].items() if ref(option)}
    parts = [table("### The site {#site}", "", schema["properties"])]
    parts += [
        table(f"### `[{name}]` {{#{name}}}", kind["description"], kind["properties"]) for name, kind in sections.items()
    ]
    for name, kind in (("menu", kinds["MenuItem"]), ("defaults", kinds["Defaults"]), ("deploy", kinds["Deploy"])):
        parts.append(table(f"### `[[{name}]]` {{#{name}}}", kind["description"], kind["properties"]))
    return "\n".join(parts)


def table(heading: str, about: str, properties: Mapping[str, Any]) -> str:
    """Return a heading and the options under it; a section within is no option of its own."""
    rows = [
        f"| `{name}` | {default(option)} | {escaped(option['description'])}{choices(option)} |"
        for name, option in properties.items()
        if not ref(option)
    ]
    words = [escaped(about), ""] if about else []
    return "\n".join([heading, "", *words, "| option | default | meaning |", "|---|---|---|", *rows, ""])


def ref(option: Mapping[str, Any]) -> str:
    """Return the name of the section that an option is, or nothing."""
    return str(option.get("$ref", "")).rpartition("/")[2]


def default(option: Mapping[str, Any]) -> str:
    """Return an option's default as TOML has it."""
    if "default" not in option:
        return "(needed)"
    return "(none)" if option["default"] is None else f"`{json.dumps(option['default'])}`"


def choices(option: Mapping[str, Any]) -> str:
    """Return what an option may be, if that is limited."""
    if "enum" in option:
        return " One of " + ", ".join(f'`"{choice}"`' for choice in option["enum"]) + "."
    return f" From {option['minimum']} to {option['maximum']}." if "minimum" in option else ""


def escaped(text: str) -> str:
    """Return `text` as Markdown that shows it as it is."""
    return MARKUP.sub(lambda found: f"\\{found[0]}", text)


def test_every_option_is_in_the_manual_with_its_default() -> None:
    path = path_of("settings")
    text = path.read_text(encoding="utf-8")
    if ACCEPT:
        path.write_text(OPTIONS.sub(lambda _: options() + "\n", text).rstrip() + "\n", encoding="utf-8")
    found = OPTIONS.search(path.read_text(encoding="utf-8"))
    assert found
    assert found[0].rstrip() == options().rstrip()


@pytest.mark.parametrize("path", POSTS, ids=lambda path: path.stem[11:])
def test_every_example_of_settings_is_right(path: Path, tmp_path: Path) -> None:
    for example in blocks(path, "toml"):
        if not example.startswith(("+++", "# templates/")):
            (tmp_path / "bifolium.toml").write_text(example, encoding="utf-8")
            assert config.examine(tmp_path).problems == ()


# The list of commands


def commands(name: str, command: click.Command) -> Iterator[str]:
    """Yield the part of the commands' post about a command, and those about its own commands."""
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            yield from commands(f"{name} {inner.name}", inner)
        return
    context = click.Context(command)
    usage = " ".join((name, *command.collect_usage_pieces(context)))
    shared = {opt for param in common_options() for opt in param.opts}
    options = [it for it in command.params if isinstance(it, click.Option) and not shared & {*it.opts}]
    records = (option.get_help_record(context) for option in options)
    rows = [f"| `{names}` | {escaped(about)} |" for names, about in filter(None, records)]
    table = ["| option | meaning |", "|---|---|", *rows, ""] if rows else []
    about = " ".join((command.help or "").split())
    yield "\n".join([f"### `{name}` {{#{name.replace(' ', '-')}}}", "", f"`{usage}`", "", escaped(about), "", *table])


def test_every_command_is_in_the_manual_with_its_options() -> None:
    path = path_of("commands")
    heading = "## Every command\n\n"
    text, _, found = path.read_text(encoding="utf-8").partition(heading)
    wanted = "\n".join(commands("bifolium", cli))
    if ACCEPT:
        path.write_text(text + heading + wanted, encoding="utf-8")
        found = wanted
    assert found == wanted


# Everything there is, is named


def test_every_key_of_the_front_matter_is_in_the_manual() -> None:
    names = {name for synonyms in SYNONYMS.values() for name in synonyms.split()}
    assert missing(names | SYNONYMS.keys(), path_of("writing")) == []


def test_every_word_of_a_permalink_is_in_the_manual() -> None:
    names = {f":{name}" for name in PLACEHOLDERS} | PRESETS.keys() | set(PRESETS.values())
    assert missing(names, path_of("addresses")) == []


def test_every_command_is_in_the_table_at_the_top_of_the_list() -> None:
    text, _, found = path_of("commands").read_text(encoding="utf-8").partition("## Every command")
    named = re.findall(r"^\| \[`(.*?)`\]\(#(.*?)\) \|", text, re.MULTILINE)
    assert sorted(named) == sorted(re.findall(r"^### `(.*?)` \{#(.*?)\}$", found, re.MULTILINE))


def test_every_template_and_all_it_sees_is_in_the_manual() -> None:
    names = {name for name in theme_files("templates") if "/" not in name}
    fields = {
        *views.SiteView.__match_args__,
        *views.PostView.__match_args__,
        *views.ListView.__match_args__,
        *views.TermsView.__match_args__,
    }
    assert missing(names | fields, path_of("templates")) == []


def test_every_rule_that_a_test_knows_is_in_the_manual() -> None:
    texts = (path.read_text(encoding="utf-8") for kind in ("broken", "config") for path in (HERE / kind).rglob("*.txt"))
    rules = {
        rule for text in texts for rule in re.findall(r": (?:error|warning): .* \[([a-z-]+)\]$", text, re.MULTILINE)
    }
    assert missing(rules, path_of("problems")) == []


# The README


def test_every_module_is_in_the_readme() -> None:
    package = ROOT / "src" / "bifolium"
    modules = {path.name for path in package.glob("*.py")} - {"__init__.py"}
    packages = {f"{path.parent.name}/" for path in package.glob("*/__init__.py")}
    assert missing(modules | packages, ROOT / "README.md") == []


def test_the_readme_has_the_one_command_that_continuous_integration_runs() -> None:
    after = (ROOT / "README.md").read_text(encoding="utf-8").split("<!-- tests -->\n")
    assert len(after) == 2
    commands = next(iter(FENCED.finditer(after[1])))[3].splitlines()
    assert len(commands) == 1
    assert commands[0].startswith("python3 -m venv .venv && ")
