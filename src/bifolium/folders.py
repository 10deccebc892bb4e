"""Tell what each file of the site's folder is for."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable
from typing import Literal, NamedTuple

from bifolium.problems import Problem
from bifolium.settings import Folders, Purpose

Kind = Literal["post", "draft", "page"]
MARKDOWN = (".md", ".markdown", ".mkd", ".mkdn", ".mkdown")


class Files(NamedTuple):
    """The site's files by purpose. `texts` are the Markdown sources, `files` what is published as it is."""

    texts: dict[str, Kind]
    files: tuple[str, ...]
    templates: tuple[str, ...]
    data: tuple[str, ...]
    snippets: tuple[str, ...]
    problems: tuple[Problem, ...]


def sort(paths: Iterable[str], folders: Folders) -> Files:
    """Return the site's files by purpose; a file belongs to the innermost of the folders that hold it."""
    owners = _owners(folders)
    texts: dict[str, Kind] = {}
    rest: dict[str, list[str]] = {"file": [], "template": [], "data": [], "snippet": []}
    problems = []
    for path in paths:
        purpose = _purpose(path, owners)
        if purpose in {"post", "draft", "page"} and path.lower().endswith(MARKDOWN):
            if posixpath.basename(path).startswith("_index."):
                problems.append(
                    Problem(path, 0, 0, "section", "section pages of Zola and Hugo are not built", _SECTION)
                )
            else:
                texts[path] = purpose
        else:
            rest[purpose if purpose in rest else "file"].append(path)
    return Files(
        texts,
        tuple(rest["file"]),
        tuple(rest["template"]),
        tuple(rest["data"]),
        tuple(rest["snippet"]),
        tuple(problems),
    )


def inside(path: str, folder: str) -> str:
    """Return `path` relative to `folder`, which holds it."""
    return path if posixpath.normpath(folder) == "." else posixpath.relpath(path, folder)


def bundles(texts: Iterable[str], folders: Folders) -> dict[str, str]:
    """Return the texts that are a folder's `index.md`, by that folder; a whole folder of sources is nobody's bundle."""
    whole = {posixpath.normpath(name) for name, _ in folders.sources()}
    found = {posixpath.dirname(path): path for path in texts if path.rpartition("/")[2].startswith("index.")}
    return {folder: path for folder, path in found.items() if folder and folder not in whole}


def bundle_of(path: str, known: Collection[str]) -> str:
    """Return the nearest of the `known` folders above `path`, or nothing."""
    folder = path.rpartition("/")[0]
    while folder and folder not in known:
        folder = folder.rpartition("/")[0]
    return folder


_SECTION = "categories and tags have their pages by themselves; rename the file if it is a page of its own"


def _owners(folders: Folders) -> list[tuple[str, Purpose]]:
    """Return how the paths in each folder begin, with its purpose, the innermost folder first."""
    pairs = ((_prefix(posixpath.normpath(name)), purpose) for name, purpose in folders.sources())
    return sorted(pairs, key=lambda pair: -len(pair[0]))


def _prefix(folder: str) -> str:
    return "" if folder == "." else folder + "/"


def _purpose(path: str, owners: list[tuple[str, Purpose]]) -> Purpose:
    return next((purpose for prefix, purpose in owners if path.startswith(prefix)), "file")
