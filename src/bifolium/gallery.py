"""The pictures of a build: measured by their headers, and those that texts show encoded in smaller sizes.

Nothing is encoded twice: results are remembered by the bytes of the original and the settings, and stand in the album.
They also outlast a change of our program, since encoding thousands of pictures anew takes minutes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future
from pathlib import Path
from posixpath import basename, normpath
from typing import Any

from bifolium import album, encoding, figures, images, journal, metadata
from bifolium.encoding import Job
from bifolium.ledger import Standing
from bifolium.links import Resolution
from bifolium.memo import digest
from bifolium.pictures import ENDINGS, Encoded, Order, Picture
from bifolium.plan import Plan
from bifolium.site import Site
from bifolium.urls import file_path
from bifolium.workshop import Workshop

_ENDINGS = tuple(ending for endings in ENDINGS.values() for ending in endings)
_DIGEST = 16


def hang(site: Site, shop: Workshop, plan: Plan, shown: frozenset[str], standing: Standing) -> dict[str, Picture]:
    """Return what is known of every picture that is published; those that are `shown` have their encodings.

    One that isn't shown any more is looked at anew, as if it had never been.
    """
    old = standing.before.pictures
    every = sorted(
        shown | {path for path in plan.files if path.lower().endswith(_ENDINGS) and not _is_static(site, path)}
    )
    known = {path: old[path] for path in every if path in standing.same and path in old and old[path].lasting}
    known = {path: it for path, it in known.items() if path in shown or not it.digest}
    pictures = {path: known.get(path) or _examined(site, path) for path in every}
    settled = {path for path, it in known.items() if _is_settled(site, plan.files.get(path, ""), it, standing)}
    open_ = {path: _ready(site, path, pictures[path]) for path in sorted(shown - settled)}
    return pictures | open_ | dict(_encoded(site, shop, open_))


def finish(
    site: Site, shop: Workshop, plan: Plan, resolutions: Mapping[str, Resolution], pictures: Mapping[str, Picture]
) -> Iterator[tuple[str, Picture] | Future[Any]]:
    """Encode in another process, one by one, the pictures that texts show and that are not encoded yet; yield each.

    While one is not ready, what is waited for is yielded.
    """
    bench = _bench(shop)
    wanted: dict[Order, list[str]] = {}
    for path in _shown(resolutions):
        picture = pictures.get(path, Picture())
        order = _order(site, picture) if path in plan.files and not picture.encodings else None
        if order and not bench.recalled(bench.keys(encoding.encode, [order]), Encoded):
            wanted.setdefault(order, []).append(path)
    jobs = {order: _job(site, order, paths[0]) for order, paths in wanted.items()}
    for step in bench.meanwhile(encoding.encode, jobs, Encoded, encoding.lost):
        if isinstance(step, Future):
            yield step
        else:
            order, made = step
            yield from ((path, pictures[path].with_encodings(made)) for path in wanted[order])


def _job(site: Site, order: Order, path: str) -> Job:
    return Job(order, str(site.folder / path), str(place(site)))


def unused(press_files: Mapping[str, str], resolutions: Mapping[str, Resolution], elsewhere: str) -> frozenset[str]:
    """Return the pictures to which no text leads, and whose names stand nowhere in the text `elsewhere`."""
    led = {found.path for it in resolutions.values() for found in (*it.images.values(), *it.links.values()) if found}
    loose = (path for path in press_files if path.lower().endswith(_ENDINGS) and path not in led)
    return frozenset(path for path in loose if basename(path) not in elsewhere)


def _shown(resolutions: Mapping[str, Resolution]) -> list[str]:
    """Return the pictures of the site that texts show."""
    found = (target.path for it in resolutions.values() for target in it.images.values() if target)
    return sorted({path for path in found if path})


def place(site: Site) -> Path:
    """Return the folder of the album."""
    return site.state / "pictures"


def keys(site: Site, shop: Workshop, pictures: Mapping[str, Picture]) -> list[bytes]:
    """Return the keys of what is remembered of `pictures`."""
    return keys_of(shop, (order for picture in pictures.values() if (order := _order(site, picture))))


def keys_of(shop: Workshop, orders: Iterable[Order]) -> list[bytes]:
    """Return the keys of what comes of `orders`."""
    return _bench(shop).keys(encoding.encode, list(orders))


def tidy(site: Site, pictures: Mapping[str, Picture]) -> None:
    """Let the album forget what no picture of the site needs, if that is much."""
    album.clear(place(site), {made.file for picture in pictures.values() for made in picture.made})


def _bench(shop: Workshop) -> Workshop:
    return shop.apart(digest(encoding.identity()))


def _examined(site: Site, path: str) -> Picture:
    """Return what a picture's header tells, and whether there is more in the file than pixels."""
    found = images.measure(site.folder / path)
    if site.settings.images.metadata == "keep" or not found.kind:
        return found
    try:
        return found._replace(private=metadata.is_private(site.folder / path))
    except OSError:
        return found


def _ready(site: Site, path: str, picture: Picture) -> Picture:
    """Return a picture with what is needed to encode it, or to publish it under a right name."""
    is_needed = figures.widths(picture, site.settings.images) or figures.misnamed(path, picture)
    return identified(site, path, picture) if is_needed else picture


def identified(site: Site, path: str, picture: Picture) -> Picture:
    """Return a picture with its bytes' digest, if the file can be read."""
    if picture.digest:
        return picture
    try:
        with (site.folder / path).open("rb") as file:
            found = hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=_DIGEST))
    except OSError:
        return picture
    return picture._replace(digest=found.digest())


def _order(site: Site, picture: Picture) -> Order | None:
    settings = site.settings.images
    widths = figures.widths(picture, settings)
    if not widths or not picture.digest or not settings.formats or site.wishes.images == "original":
        return None
    return Order(picture.digest, widths, settings.formats, settings.quality)


def _is_static(site: Site, path: str) -> bool:
    return path.startswith(f"{normpath(site.settings.folders.static)}/")


def _is_settled(site: Site, url: str, picture: Picture, standing: Standing) -> bool:
    """Tell whether all is known of a picture that is as it was: its encodings still stand in the output."""
    if picture.problem or not (picture.digest or not figures.widths(picture, site.settings.images)):
        return False
    outputs = [file_path(figures.address(url, made)) for made in picture.encodings]
    return all(it in standing.intact for it in outputs) and (bool(outputs) or site.wishes.images != "ready")


def _encoded(site: Site, shop: Workshop, pictures: Mapping[str, Picture]) -> Iterator[tuple[str, Picture]]:
    """Yield those pictures that have been encoded, with what came of it."""
    orders = {path: order for path, picture in pictures.items() if (order := _order(site, picture))}
    for path, made in encoded(site, shop, orders):
        yield path, pictures[path].with_encodings(made)


def encoded(site: Site, shop: Workshop, orders: Mapping[str, Order]) -> Iterator[tuple[str, Encoded]]:
    """Yield what came of the order for each picture; where only what is ready is wanted, nothing of the others."""
    jobs = {order: _job(site, order, path) for path, order in orders.items()}
    done = dict(zip(jobs, _made(site, shop, jobs), strict=True))
    for path, order in orders.items():
        if made := done[order]:
            yield path, made


def _made(site: Site, shop: Workshop, jobs: Mapping[Order, Job]) -> Iterable[Encoded | None]:
    """Return what came of each job; where only what is ready is wanted, nothing of the others."""
    bench = _bench(shop) if jobs else shop  # to ask for the versions of Pillow and its codecs takes 13 ms
    if site.wishes.images == "ready":
        ready = bench.recalled(bench.keys(encoding.encode, list(jobs)), Encoded)
        return [ready.get(key) for key in bench.keys(encoding.encode, list(jobs))]
    with journal.told(place(site)):
        return bench.kept(encoding.encode, jobs, Encoded, encoding.lost, lambda made: _is_there(site, made))


def _is_there(site: Site, made: Encoded) -> bool:
    return all(album.holds(place(site), it) for it in made.encodings if it.name)
