import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bifolium.frontmatter import Field, Source, from_yaml, split
from bifolium.problems import Problem, draw

FIXTURES = Path(__file__).with_name("frontmatter")
CASE = re.compile(r"^([^\n.][^\n]*)\n\.\n(.*?)\.\n(.*?)\.$", re.MULTILINE | re.DOTALL)


def cases(*names: str) -> list[object]:
    """Return the cases of fixture files: title, input and expected output, each ended by a line with a single dot."""
    found = [case for name in names for case in CASE.findall((FIXTURES / name).read_text(encoding="utf-8"))]
    return [pytest.param(given, expected, id=title) for title, given, expected in found]


def shown(found: Source | tuple[Problem, ...]) -> str:
    """Return fields, line by line, each with the place of its value; or the problems as people see them."""
    if not isinstance(found, Source):
        return "".join(draw(problem) + "\n" for problem in found)
    lines = [f"{field.place.line}:{field.place.column} {name} = {literal(field)}" for name, field in found.fields.items()]
    return "\n".join([*lines, f"text from line {found.first_line}: {found.text!r}", ""])


def literal(field: Field) -> str:
    """Return a value as the fixtures write it: quoted texts as they are, plain ones in angle brackets."""
    if isinstance(field.value, dict):
        return "{" + ", ".join(f"{name}: {literal(item)}" for name, item in field.value.items()) + "}"
    if isinstance(field.value, tuple):
        return "[" + ", ".join(map(literal, field.value)) + "]"
    return f"<{field.value}>" if field.plain else repr(field.value)


def problems(data: bytes) -> str:
    return shown(split("posts/tides.md", data))
