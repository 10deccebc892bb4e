"""Our settings for an old Jekyll folder, section by section."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from msgspec import structs

from bifolium.importing.config import Config, pattern, suffixed
from bifolium.importing.old import Item, Old
from bifolium.names import is_temporary
from bifolium.settings import Lists, Urls

_OURS = frozenset({"post", "page"})
_TYPES = {"posts": "post", "post": "post", "pages": "page", "page": "page"}


def about(config: Config) -> dict[str, Any]:
    """Return what a site says of itself."""
    base = config.text("url").rstrip("/") + "/" + config.text("baseurl").strip("/")
    author = config.values.get("author")
    found = {
        "title": config.text("title", "name"),
        "tagline": config.text("tagline", "description", "subtitle"),
        "base_url": base.rstrip("/") if config.text("url") else "",
        "language": config.text("lang", "locale", "language").partition(".")[0].replace("_", "-"),
        "author": str(author.get("name") or "") if isinstance(author, dict) else config.text("author"),
        "timezone": config.text("timezone"),
    }
    return {name: " ".join(value.split()) for name, value in found.items() if value}


def folders(old: Old, config: Config) -> dict[str, str]:
    """Return where everything is: where Jekyll has it, or nowhere near if something else has that name there."""
    prefix = f"{config.top}/" if config.top else ""
    tops = {path.split("/")[0] for path in old.paths if "/" in path}
    found = {"posts": f"{prefix}_posts", "drafts": f"{prefix}_drafts", "pages": "."}
    found["data"] = config.text("data_dir") or "_data"
    found |= {name: f"_bifolium/{name}" for name in ("static", "templates") if name in tops}
    if (includes := config.text("includes_dir").strip("./")) not in {"", "_includes"}:
        found["includes"] = includes
    if "public" in tops:
        found["output"] = "_public"
    return found


def urls(config: Config, placed: Mapping[str, Any]) -> dict[str, str]:
    """Return the patterns of addresses; what is our default is left out."""
    found = {"permalink": config.permalink, "pages": pattern(suffixed("/:path", config.style), "pages")}
    found |= {"feed": placed["feed"]} if "feed" in placed else {}
    found |= {"rss": placed["rss"]} if "rss" in placed else {}
    found |= {name: placed[name] for name in ("home", "categories", "tags", "archive") if name in placed}
    ordinary = structs.asdict(Urls())
    return {name: value for name, value in found.items() if value and value != ordinary[name]}


def reading(config: Config) -> dict[str, Any]:
    """Return how texts are read: as kramdown does, with its one kind of dollars."""
    if config.text("markdown").lower().startswith("commonmark"):
        return {}
    kramdown = {"flavour": "kramdown"}
    if config.table("kramdown").get("auto_ids") is False:
        return {"markdown": {**kramdown, "heading_ids": False}, "math": {"dollars": False}}
    return {"markdown": kramdown, "math": {"dollars": False}}


def paging(config: Config, home: str) -> dict[str, Any]:
    """Return how many posts are on a page of a list, how many in the feed, and where further pages stand."""
    said = config.values.get("paginate")
    many = {"per_page": said} if isinstance(said, int) and 0 < said <= 1000 else {}
    page = further(config, home) if many else ""
    limit = config.table("feed").get("posts_limit")
    feed = {"feed": limit} if isinstance(limit, int) and 0 < limit <= 1000 else {}
    return {**many, **({"page": page} if page and page != Lists().page else {}), **feed}


def further(config: Config, home: str) -> str:
    """Return jekyll-paginate's pattern of further pages as ours, or nothing if they aren't below the list."""
    path = "/" + (config.text("paginate_path") or "page:num").strip("/") + "/"
    found = path.removeprefix(f"{home.rstrip('/')}/").replace(":num", ":number")
    return "" if found.startswith("/") or found.count(":number") != 1 else found


def collections(config: Config) -> Iterator[dict[str, Any]]:
    """Yield the addresses of collections' documents, as defaults."""
    for name, said in config.collections.items():
        template = str(said.get("permalink") or suffixed("/:collection/:title", config.style))
        yield {"path": f"{config.top}/_{name}".lstrip("/"), "values": {"permalink": pattern(template, name)}}


def defaults(config: Config, old: Old) -> Iterator[dict[str, Any]]:
    """Yield Jekyll's `defaults`, the weakest first."""
    said: Any = config.values.get("defaults")
    every = said if isinstance(said, list) else []
    sets = [it for it in every if isinstance(it, dict) and isinstance(it.get("values"), dict)]
    for it in sorted(sets, key=_strength):
        scope = it.get("scope") or {}
        values = {name: _value(name, value) for name, value in it["values"].items()}
        yield from _scoped(str(scope.get("path") or ""), str(scope.get("type") or ""), values, old, config)


def _strength(said: Mapping[str, Any]) -> tuple[int, bool]:
    scope = said.get("scope") or {}
    return len(str(scope.get("path") or "").strip("/")), "type" in scope


def _value(name: str, value: Any) -> Any:
    return pattern(value, "posts") if name == "permalink" and isinstance(value, str) else value


def _scoped(path: str, kind: str, values: Any, old: Old, config: Config) -> Iterator[dict[str, Any]]:
    """Yield a set of defaults with its scope as ours: Jekyll's path is any beginning of a path."""
    wanted = path.strip("/")
    if kind and kind not in _TYPES:
        wanted = wanted or f"{config.top}/_{kind}".lstrip("/")
    elif wanted and "*" not in wanted and not any(it == wanted or it.startswith(f"{wanted}/") for it in old.paths):
        wanted += "*"
    scope = {"path": wanted} if wanted else {}
    if _TYPES.get(kind) == "post":
        yield {**scope, "kind": "post", "values": values}
        if any("_drafts/" in it for it in old.paths):
            yield {**scope, "kind": "draft", "values": values}
    else:
        yield {**scope, **({"kind": "page"} if kind in _TYPES else {}), "values": values}


def layouts(items: Iterable[Item]) -> dict[str, str]:
    """Return what the layouts of texts are called here: all but `post` and `page` are the ordinary ones."""
    names = {str(it.matter.get("layout") or "").removesuffix(".html") for it in items}
    return dict.fromkeys(sorted(names - _OURS - {""}), "")


def exclude(paths: Iterable[str], wanted: Collection[str], sources: Collection[str]) -> list[str]:
    """Return the fewest patterns that leave out all that is not `wanted`; `sources` are our folders."""
    kept = {"/".join(path.split("/")[:depth]) for path in wanted for depth in range(1, path.count("/") + 2)}
    ours = {part for folder in sources for part in folder.split("/")}
    special = {part for path in kept for part in path.split("/") if part.startswith("_")} - ours
    lost = dict.fromkeys(filter(None, (_first_lost(path, kept) for path in paths)))
    found = [f"/{path}" for path in lost if not _is_out(path.rpartition("/")[2], special)]
    return ["_*", *(f"!{name}" for name in sorted(special)), "node_modules", *found]


def _first_lost(path: str, kept: Collection[str]) -> str:
    """Return the outermost folder on the way to `path`, or `path` itself, that holds nothing wanted; or nothing."""
    parts = path.split("/")
    return next((it for depth in range(len(parts)) if (it := "/".join(parts[: depth + 1])) not in kept), "")


def _is_out(name: str, special: Collection[str]) -> bool:
    """Tell whether a file or folder of this name is left out by the general patterns, or as nobody's content."""
    return is_temporary(name) or (name.startswith("_") and name not in special) or name == "node_modules"
