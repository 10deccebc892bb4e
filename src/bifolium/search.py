"""Search: an index of all words, made once for each change of a text or a title, beside the pages, and kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

import msgspec

from bifolium import concordance, memo, pagefind, texts, urls
from bifolium.claims import SETTINGS, output_of
from bifolium.concordance import Entry
from bifolium.press import Press
from bifolium.problems import Problem, error
from bifolium.site import Site
from bifolium.store import read_state, write_state
from bifolium.texts import Texts
from bifolium.workshop import Workshop

_SHELF = "search"


class Index(NamedTuple):
    """The files of an index by output path, and the digest of all that it was made from."""

    key: bytes
    files: dict[str, bytes]


class Found(NamedTuple):
    """What came of an index: its files by output path, or what is wrong."""

    files: Mapping[str, bytes] = {}
    problems: tuple[Problem, ...] = ()


Waiting = Callable[[], Found]


@contextmanager
def beside(site: Site, shop: Workshop, press: Press, rendered: Texts) -> Iterator[Waiting]:
    """Have the site's index made while other work is done; give what waits for it."""
    if not site.settings.search.enabled:
        yield Found
        return
    if clashes := tuple(_clashes(site, press)):
        yield lambda: Found(problems=clashes)
        return
    names = concordance.categories(press.plan)
    entries = concordance.entries(press.plan, site.settings, names)
    key = _key(site, shop, press, entries)
    known = _known(site, key) if entries else Found()
    if known is not None:
        yield lambda: known
        return
    with pagefind.running(_pages(site, shop, press, rendered, entries)) as made:
        shop.done["index"] += 1
        yield lambda: _noted(site, key, made(), names, lasting=not rendered.fleeting)


def is_part(site: Site, output: str) -> bool:
    """Tell whether a path of the output is that of a part of the index."""
    return site.settings.search.enabled and output.startswith(urls.file_path(urls.SEARCH) + "/")


def _key(site: Site, shop: Workshop, press: Press, entries: tuple[Entry, ...]) -> bytes:
    bodies = [press.gists[it.path].body for it in entries]
    return memo.digest((shop.epoch, pagefind.identity(), site.settings.base_url, entries, bodies))


def _pages(site: Site, shop: Workshop, press: Press, rendered: Texts, entries: tuple[Entry, ...]) -> dict[str, bytes]:
    bodies = texts.bodies(site, shop, rendered, press.plan, (it.path for it in entries))
    at = urls.placed_at(site.settings.base_url)
    return {concordance.file_of(it): concordance.page(it._replace(url=at(it.url)), bodies[it.path]) for it in entries}


def _known(site: Site, key: bytes) -> Found | None:
    """Return what is known of the index without making it: it is that of last time, or nobody here can make it."""
    if not pagefind.identity():
        return Found(problems=(_missing(),))
    try:
        kept = msgspec.msgpack.decode(read_state(site.state / _SHELF) or b"", type=Index)
    except (msgspec.MsgspecError, ValueError):
        return None
    return Found(kept.files) if kept.key == key else None


def _noted(site: Site, key: bytes, made: pagefind.Made, names: tuple[str, ...], *, lasting: bool) -> Found:
    """Return what was made, and keep it for the next build."""
    if isinstance(made, str):
        return Found(problems=(error(SETTINGS, 0, 0, "search", f"Pagefind could not make the index: {made}"),))
    files = {name: made[name] for name in concordance.published(made)}
    files["categories.json"] = json.dumps(names, ensure_ascii=False, separators=(",", ":")).encode()
    index = Index(key, {urls.file_path(urls.SEARCH + name): data for name, data in files.items()})
    if lasting:
        write_state(site.state / _SHELF, memo.encode(index))
    return Found(index.files)


def _clashes(site: Site, press: Press) -> Iterator[Problem]:
    """Yield a problem for everything of the site's own that would stand among the files of the index."""
    for url, route in press.plan.routes.items():
        if is_part(site, output_of(url, route)):
            message = f"this goes to `{urls.SEARCH}`, where the index for search is to be"
            hint = "give it another address, or set `enabled = false` under [search]"
            yield error(route.owner or SETTINGS, 0, 0, "search", message, hint)


def _missing() -> Problem:
    hint = 'install it with `pip install "bifolium[search]"`, or set `enabled = false` under [search]'
    return error(SETTINGS, 0, 0, "search", "search is wanted, but Pagefind, which makes its index, is not here", hint)
