"""Where everything goes if an old folder isn't built in place but copied into our own folders."""

from __future__ import annotations

import copy
import posixpath
from collections.abc import Iterable
from typing import Any

from bifolium.importing import toml_text
from bifolium.importing.old import Item, Move

_FOLDERS = {"post": "posts", "draft": "drafts", "page": "pages", "document": "pages"}


def placed(move: Move, paths: Iterable[str]) -> tuple[dict[str, str], str]:
    """Return the new path of each old one that is copied, and the settings for the new folder."""
    said = move.table["folders"]
    beside = {said["data"]: "data", said.get("includes", "_includes"): "_includes"}
    places = {it.path: _place(it, said) for it in move.items}
    for path in paths:
        for old, new in beside.items():
            if path.startswith(f"{old}/"):
                places[path] = f"{new}/{path.removeprefix(f'{old}/')}"
    table: dict[str, Any] = copy.deepcopy(dict(move.table))
    table["defaults"] = [_moved(it, said, places) for it in table.get("defaults", [])]
    table.pop("folders")
    return places, toml_text.written({key: value for key, value in table.items() if value not in ({}, [])})


def _place(item: Item, said: dict[str, Any]) -> str:
    if item.role == "file":
        kept = item.path.startswith("images/")
        return item.path if kept else f"static/{item.url.lstrip('/') if item.whose else item.path}"
    folder = {"post": said["posts"], "draft": said["drafts"]}.get(item.role, "")
    inside = posixpath.relpath(item.path, folder) if folder else item.path
    inside = inside.removeprefix("_") if item.role == "document" else inside
    return f"{_FOLDERS[item.role]}/{inside}"


def _moved(default: dict[str, Any], said: dict[str, Any], places: dict[str, str]) -> dict[str, Any]:
    """Return a default for the copied folder: its path is that of the copies."""
    path = default.get("path", "")
    if not path:
        return default
    if path in places:
        return {**default, "path": places[path]}
    for old, new in ((said["posts"], "posts"), (said["drafts"], "drafts")):
        if path == old or path.startswith((f"{old}/", f"{old}*")):
            return {**default, "path": new + path.removeprefix(old)}
    moved = next((new for old, new in places.items() if old.startswith(f"{path}/")), f"pages/{path}/")
    return {**default, "path": moved[: moved.index(path.lstrip("_")) + len(path.lstrip("_"))]}
