"""Tell what Jekyll makes of each file of its folder, as its Reader and EntryFilter do."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from typing import Any

from bifolium.cards.values import anything
from bifolium.frontmatter import Source, split
from bifolium.importing.config import Config
from bifolium.importing.old import Item, Old, Role
from bifolium.names import fits

_HEADER = re.compile(rb"\A(?:\xef\xbb\xbf)?---[ \t]*\r?\n")
_DATED = re.compile(r"\d{2,4}-\d{1,2}-\d{1,2}-[^/]*\.[^./]+")
_SPECIAL = ("_posts", "_drafts")


def items(old: Old, config: Config) -> Iterator[Item]:
    """Yield every file with its role, without its address; those in folders that Jekyll never enters are strays."""
    for path in old.paths:
        role, whose = _role(path, old, config)
        matter, text = _taken_apart(path, old.texts[path]) if path in old.texts and role != "stray" else ({}, "")
        yield Item(path, role, "", matter, text, whose)


def _role(path: str, old: Old, config: Config) -> tuple[Role, str]:
    parts = path.split("/")
    markdown = path.lower().endswith(config.markdown)
    header = bool(_HEADER.match(old.texts.get(path, b"")))
    special = next((at for at, part in enumerate(parts[:-1]) if part in _SPECIAL), None)
    if special is not None:
        return _of_post(parts, special, config, readable=markdown and path in old.texts)
    inside = path.removeprefix(f"{config.top}/") if config.top else path
    name = inside.split("/")[0].removeprefix("_")
    if inside.startswith("_") and "/" in inside and name in config.collections:
        if not _enters(inside.split("/")[1:], config):
            return "stray", ""
        return ("document" if markdown else "template") if header else "file", name
    if not _enters(parts, config):
        return "stray", ""
    if header:
        return ("page" if markdown else "template"), ""
    return "file", ""


def _of_post(parts: list[str], at: int, config: Config, *, readable: bool) -> tuple[Role, str]:
    """Return the role of a file below `_posts` or `_drafts`, and the folders above that, which are its categories."""
    above, name = "/".join(parts[:at]), parts[-1]
    inside = above.removeprefix(config.top).strip("/") if config.top else above
    outside = bool(config.top) and not f"{above}/".startswith(f"{config.top}/")
    kept = _enters(parts[:at], config) and _enters(parts[at + 1 :], config) and not outside
    dated = _DATED.fullmatch(name) or parts[at] == "_drafts"
    if not (kept and dated and readable):
        return "stray", ""
    return ("post" if parts[at] == "_posts" else "draft"), inside


def _enters(parts: list[str], config: Config) -> bool:
    """Tell whether Jekyll looks at a file, given all folders on the way."""
    return all(_takes("/".join(parts[: at + 1]), config) for at in range(len(parts)))


def _takes(path: str, config: Config) -> bool:
    name = posixpath.basename(path)
    included = _listed(path, config.include) or _listed(name, config.include)
    if _listed(path, config.exclude) and not included:
        return False
    return included or not (name.startswith((".", "_", "#", "~")) or name.endswith("~"))


def _listed(path: str, patterns: Iterable[str]) -> bool:
    """Tell whether one of Jekyll's patterns fits: as a glob, or as the path's beginning."""
    wanted = [pattern.lstrip("/") for pattern in patterns]
    return any(fits(path, one) or path.startswith(one) or f"{path}/" == one for one in wanted if one)


def _taken_apart(path: str, data: bytes) -> tuple[dict[str, Any], str]:
    """Return front matter and text; a `date` stays a text, marked if it was a YAML timestamp without a zone."""
    found = split(path, data)
    if not isinstance(found, Source):
        return {}, ""
    matter = {name: anything(field) for name, field in found.fields.items()}
    date = found.fields.get("date")
    if date and isinstance(date.value, str):
        matter["date"] = f"{date.value} UTC" if date.plain and _TIMESTAMP.fullmatch(date.value) else date.value
    return matter, found.text


_TIMESTAMP = re.compile(r"\d{4}-\d{1,2}-\d{1,2}(?:[Tt]|\s+)\d{1,2}:\d\d:\d\d(?:\.\d*)?")
