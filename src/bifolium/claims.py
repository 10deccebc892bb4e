"""Give each address to one thing: pages, files and lists claim them; every two that can't both have theirs are told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from bifolium import urls
from bifolium.problems import Problem, error
from bifolium.sections import FeedFormat

SETTINGS = "bifolium.toml"
OURS = ".bifolium"  # what begins so at the top of the output is publish.py's
MachineKind = FeedFormat | Literal["sitemap", "robots", "headers"]
RouteKind = MachineKind | Literal["post", "list", "terms", "redirect", "equations", "missing", "file"]


class Route(NamedTuple):
    """What stands at an address: the kind of page, whose it is, its number.

    `source` is what people call it, `owner` the file whose author can move it; empty if that is the settings.
    """

    kind: RouteKind
    key: str
    number: int
    source: str
    owner: str = ""


Claim = tuple[str, Route]
_FILES = frozenset(("file", "headers"))  # what has an address that names a file


def output_of(url: str, route: Route) -> str:
    """Return the path below the output folder of what stands at `url`."""
    return urls.file_path(url) if route.kind in _FILES else urls.output_path(url)


class Ground(NamedTuple):
    """What some claims take: files, and the folders that these need. `apart`: none of it is taken twice, or ours."""

    files: frozenset[str]
    folders: frozenset[str]
    apart: bool

    def is_beside(self, other: Ground) -> bool:
        """Tell whether nothing here and nothing there wants the same."""
        return (
            self.files.isdisjoint(other.files)
            and self.files.isdisjoint(other.folders)
            and self.folders.isdisjoint(other.files)
        )


def settle(
    texts: Sequence[Claim], ground: Ground, others: Iterable[Claim]
) -> tuple[dict[str, Route], tuple[Problem, ...]]:
    """Give each address to its first claimant; a second one is a clash, unless it only offered a default.

    `texts` come first; `ground` is theirs. What clashes is looked for one by one only if anything does.
    """
    others = list(others)
    rest = ground_of(others)
    every = [*texts, *others]
    return (dict(every), ()) if ground.apart and rest.apart and ground.is_beside(rest) else _settled(every)


def ground_of(claims: Collection[Claim]) -> Ground:
    """Return what `claims` take."""
    files = frozenset(map(_key, claims))
    folders = inner = {file.rpartition("/")[0] for file in files}
    while inner := {folder.rpartition("/")[0] for folder in inner if folder}:
        folders = folders | inner
    ours = any(name.startswith(OURS) for name in (*files, *folders) if "/" not in name)
    return Ground(files, frozenset(folders), len(files) == len(claims) and files.isdisjoint(folders) and not ours)


def _key(claim: Claim) -> str:
    """Return what two claims have in common if some file system takes their files for one."""
    url, route = claim
    return urls.file_key(url) if route.kind in _FILES else urls.page_key(url)


def _settled(claims: Iterable[Claim]) -> tuple[dict[str, Route], tuple[Problem, ...]]:
    routes: dict[str, Route] = {}
    taken: dict[str, Claim] = {}
    problems: list[Problem] = []
    for url, route in claims:
        key = _key((url, route))
        first = taken.setdefault(key, (url, route))
        if key.startswith(OURS):
            problems.append(_reserved(url, route))
        elif first[1] is route:
            routes[url] = route
        elif route.kind not in {"robots", "headers", "missing"} and first[1] != route:
            problems.append(_clash(first, (url, route)))
    return routes, (*problems, *_files_for_folders(taken))


def _files_for_folders(taken: Mapping[str, Claim]) -> Iterator[Problem]:
    """Yield a problem for each file that stands where another one needs a folder."""
    told: set[str] = set()
    for path, claim in taken.items():
        folder = path.rpartition("/")[0]
        while folder and folder not in told:
            told.add(folder)
            if folder in taken:
                yield _file_for_folder(taken[folder], claim)
            folder = folder.rpartition("/")[0]


def _reserved(url: str, route: Route) -> Problem:
    message = f"`{url}` of {route.source} is a name that bifolium keeps for its own files"
    return error(route.owner or SETTINGS, 0, 0, "clash", message, "choose another address")


def _clash(first: Claim, second: Claim) -> Problem:
    """Return the problem of two claims to one file, told where the later one comes from, if its author can move it."""
    (url, one), (other_url, other) = first, second
    paths = output_of(url, one), output_of(other_url, other)
    if url == other_url:
        message = f"`{url}` is claimed by both {one.source} and {other.source}"
    elif paths[0] == paths[1]:
        message = f"`{other_url}` and `{url}` of {one.source} are both the file `{paths[0]}`"
    else:
        theirs = f"`{url}` of {one.source}"
        message = f"`{other_url}` and {theirs} are one file on disks that ignore letter case or Unicode forms"
    return error(_owner(other, one), 0, 0, "clash", message, _hint(one, other))


def _file_for_folder(file: Claim, inner: Claim) -> Problem:
    (url, one), (other_url, other) = file, inner
    message = f"`{other_url}` of {other.source} needs a folder where `{url}` of {one.source} is a file"
    return error(_owner(one, other), 0, 0, "clash", message, _hint(one, other))


def _owner(*routes: Route) -> str:
    return next((route.owner for route in routes if route.owner), SETTINGS)


def _hint(one: Route, other: Route) -> str:
    kinds = {one.kind, other.kind}
    if "redirect" in kinds:
        return "remove the alias that isn't needed"
    if "the home page" in {one.source, other.source}:
        return 'to have a page of your own there, move the list of posts: home = "/blog/" under [urls]'
    if kinds <= {"list", "terms", "sitemap", "robots", "headers", "missing", "atom", "rss", "json"}:
        return "give one of them another address under [urls]"
    return "give one of them another `permalink`, `slug` or name"
