"""Move a Jekyll folder: draft settings, see where they would put each text, and pin what would go astray."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import tzinfo
from typing import Any

import msgspec

from bifolium import cards, dates, defaults, folders, urls
from bifolium.cards.keys import SYNONYMS
from bifolium.frontmatter import Source, split
from bifolium.importing import drafting, feeds, lists, menu, notes, toml_text
from bifolium.importing.addresses import addressed, date_of, output_of, slugify, terms
from bifolium.importing.config import Config, parse
from bifolium.importing.folder import items as items_of
from bifolium.importing.old import Item, Move, Old, Sorted
from bifolium.problems import Problem
from bifolium.sections import Defaults
from bifolium.settings import Settings

_TEXTS = frozenset({"post", "draft", "page", "document"})
_OURS = ("home", "categories", "tags", "series", "archive", "equations")


def move(name: str, old: Old) -> Move | tuple[Problem, ...]:
    """Return the move of an old folder whose settings' file is called `name`, or what is wrong with that file."""
    config = parse(name, old.config)
    if not isinstance(config, Config):
        return config
    every = _addressed(old, config)
    parts = _sorted(every)
    placed, redirects = lists.addresses(parts.made, config)
    table = _draft(old, config, parts, placed)
    astray = list(_astray(old, table, parts.taken))
    pins = [it for it in astray if not _address_key(old, it)]
    redirects |= {it.url: to for it in parts.left if it.url and (to := lists.target(it))}
    redirects |= _moved_terms(every, table, config)
    wanted = [it.path for it in parts.taken] + [it for it in old.paths if _is_ours(it, table)]
    table["folders"]["exclude"] = drafting.exclude(old.paths, wanted, [*_sources(table)])
    table["redirects"] = dict(sorted(redirects.items()))
    table["defaults"] = [*table["defaults"], *map(_pin, pins)]
    table = {key: value for key, value in table.items() if value not in ({}, [])}
    own = (notes.of_own(it, key) for it in astray if (key := _address_key(old, it)))
    told = (*notes.tell(old, config, parts, table), *notes.of_pins(pins), *own)
    return Move(table, toml_text.written(table), told, parts.taken)


def _addressed(old: Old, config: Config) -> list[Item]:
    """Return every file of the old site with its old address."""
    zone = _zone(config)
    given = [msgspec.convert(it, Defaults) for it in drafting.defaults(config, old)]
    kinds: Mapping[str, folders.Kind] = {"post": "post", "draft": "draft"}
    known = {kind: defaults.given(kind, given) for kind in ("post", "draft", "page")}
    return [addressed(it, config, zone, known[kinds.get(it.role, "page")]) for it in items_of(old, config)]


def _zone(config: Config) -> tzinfo:
    try:
        return dates.zone(config.text("timezone") or "UTC")
    except (ValueError, KeyError, OSError):
        return dates.zone("UTC")


def _sorted(every: Sequence[Item]) -> Sorted:
    """Part the files into those that we take, those that we make by ourselves, and those that are left behind."""
    taken, made, left = [], [], []
    for item in every:
        kind = lists.kind_of(item) if item.role == "template" or (item.role == "page" and lists.is_bare(item)) else ""
        stale = item.role == "file" and item.path == "sitemap.xml"
        if kind:
            made.append((kind, item))
        elif stale or _is_left(item):
            left.append(item)
        else:
            taken.append(item)
    return Sorted(tuple(taken), tuple(made), tuple(left))


def _is_left(item: Item) -> bool:
    """Tell whether we have no place for a file: also for posts in folders of their own, which Jekyll takes."""
    if item.role in {"template", "stray"} or item.matter.get("redirect_to"):
        return True
    if item.role == "file" and item.path.lower().endswith(folders.MARKDOWN):
        return True  # Jekyll published it as it is, since it has no front matter
    return item.role in {"post", "draft"} and bool(item.whose)


def _draft(old: Old, config: Config, parts: Sorted, placed: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings, but for what depends on them."""
    texts = [it for it in parts.taken if it.role in _TEXTS]
    wanted = drafting.urls(config, placed)
    outputs = {output_of(it.url) if it.role in _TEXTS else it.url.lstrip("/") for it in parts.taken if it.url}
    for name in _OURS:
        if urls.output_path(wanted.get(name) or f"/{'' if name == 'home' else name + '/'}") in outputs:
            wanted[name] = "/blog/" if name == "home" else f"/all-{name}/"
    feed = wanted.get("feed", "/feed.xml").lstrip("/")
    formats = ["rss"] if "rss" in wanted else []
    formats = formats if feed in outputs or "rss" in wanted else ["atom"]
    known = {key: terms(texts, key) for key in ("categories", "tags")}
    at = feeds.placed(feeds.wanted(config, known["tags"]), wanted, known)
    return {
        **drafting.about(config),
        "folders": dict(drafting.folders(old, config)),
        "urls": wanted,
        **drafting.reading(config),
        "lists": drafting.paging(config, wanted.get("home", "/")),
        "feeds": {**({"formats": formats} if formats != ["atom"] else {}), **({"at": at} if at else {})},
        "menu": menu.entries(old, config, parts.taken),
        "layouts": drafting.layouts(texts),
        "defaults": [*drafting.collections(config), *drafting.defaults(config, old)],
    }


def _astray(old: Old, table: Mapping[str, Any], taken: Iterable[Item]) -> Iterator[Item]:
    """Yield each text that would stand elsewhere than it did, or nowhere."""
    settings = msgspec.convert(_plain(table), Settings)
    kinds = folders.sort([it.path for it in taken if it.role in _TEXTS], settings.folders).texts
    options = {kind: cards.reading_options(kind, settings) for kind in set(kinds.values())}
    for item in taken:
        if item.path not in kinds or item.role == "draft" or not item.url:
            continue
        post = cards.read(item.path, old.texts[item.path], options[kinds[item.path]]).post
        if urls.output_path(post.card.url) != output_of(item.url) if post else _address_key(old, item):
            yield item


def _pin(item: Item) -> dict[str, Any]:
    """Return the default that gives a text its old address."""
    return {"path": item.path, "values": {"permalink": item.url.replace(":", "%3A")}}


def _address_key(old: Old, item: Item) -> str:
    """Return the key of a text's own front matter that says its address here, against which no default counts."""
    found = split(item.path, old.texts[item.path])
    own = found.fields if isinstance(found, Source) else {}
    return next((name for name in SYNONYMS["permalink"].split() if name in own), "")


def _plain(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return a draft without what isn't set, and with a zone that exists."""
    return {key: value for key, value in table.items() if value not in ({}, [])}


def _moved_terms(every: Sequence[Item], table: Mapping[str, Any], config: Config) -> dict[str, str]:
    """Return what leads from pages of jekyll-archives to ours where a name's slug is another one here."""
    if not config.uses("jekyll-archives"):
        return {}
    found = _years(every, config)
    for key in ("categories", "tags"):
        index = table["urls"].get(key)
        for name in terms(every, key) if index else ():
            new, old = urls.term_url(index, name), f"{index}{slugify(name).lower()}/"
            if urls.output_path(old) != urls.output_path(new):
                found.setdefault(urls.explicit(old), new)
    return found


def _years(every: Sequence[Item], config: Config) -> dict[str, str]:
    """Return what leads from jekyll-archives' pages of years to the archive, which has all years."""
    wanted = config.table("jekyll-archives").get("enabled") or []
    if wanted != "all" and "year" not in wanted:
        return {}
    zone = _zone(config)
    moments = (date_of(it, zone) for it in every if it.role == "post")
    return {f"/{moment.year:04}/": "/archive/" for moment in moments if moment}


def _sources(table: Mapping[str, Any]) -> Iterator[str]:
    yield from (folder for folder, _ in msgspec.convert(_plain(table), Settings).folders.sources() if folder != ".")


def _is_ours(path: str, table: Mapping[str, Any]) -> bool:
    """Tell whether `path` lies in a folder of data or snippets."""
    said = table["folders"]
    return path.startswith((f"{said['data']}/", f"{said.get('includes', '_includes')}/"))
