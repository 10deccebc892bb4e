import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_frontmatter import cases

from bifolium.cards import Kind, Reading, ReadingOptions, read, reading_options
from bifolium.model import Card
from bifolium.problems import draw
from bifolium.settings import Folders, Settings, Urls

KINDS: dict[str, Kind] = {"posts": "post", "drafts": "draft", "pages": "page"}
BLANK = Card(order=(0, 0.0, 0, ""), path="", kind="post", url="", title="")


def reading(given: str) -> Reading:
    """Return what is read from a case: its first line is the path, the rest the file. The site is in Shanghai."""
    path, _, text = given.partition("\n")
    folder = path.partition("/")[0]
    pattern = "/:path/" if folder == "pages" else "date"
    return read(path, text.encode(), ReadingOptions(KINDS[folder], folder, pattern, "Asia/Shanghai", "zh"))


def shown(found: Reading) -> str:
    """Return the problems as people see them, then what the card says beyond the defaults, a line a field."""
    drawn = "".join(draw(problem) + "\n" for problem in found.problems)
    card = found.post.card._asdict() if found.post else {}
    fields = {name: value for name, value in card.items() if name not in {"order", "path"}}
    said = {name: value for name, value in fields.items() if value != BLANK._asdict()[name]}
    return drawn + "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in said.items())
