"""The pictures by which other sites show posts: a JPEG of bounded size in place of a file that they wouldn't take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from bifolium import figures, gallery, urls
from bifolium.ledger import Standing
from bifolium.links import Resolution
from bifolium.markdown import EMBLEMS
from bifolium.model import Spot
from bifolium.pictures import Order, Picture
from bifolium.plan import Plan
from bifolium.site import Site
from bifolium.urls import file_path
from bifolium.workshop import Workshop

_QUALITY = 80


def candidates(spot: Spot, resolution: Resolution) -> tuple[str, ...]:
    """Return the paths of the pictures of which the first that is no drawing stands for the text at `spot`."""
    own = (target for target in resolution.images if not urls.is_external(target))
    targets = [spot.image] if spot.image else islice(own, EMBLEMS)
    return tuple(found.path for target in targets if (found := resolution.images[target]) and found.path)


def draw(
    site: Site,
    shop: Workshop,
    plan: Plan,
    pictures: Mapping[str, Picture],
    candidates: Iterable[Sequence[str]],
    standing: Standing,
) -> dict[str, Picture]:
    """Return `pictures`, with the JPEGs of those that stand for a text and need one, without those of others."""
    plain = {path: it._replace(emblem=None) if it.emblem else it for path, it in pictures.items()}
    if not site.settings.base_url:  # without it, no other site can be told where the picture is
        return plain
    wanted = {path: gallery.identified(site, path, plain[path]) for path in _chosen(plain, candidates)}
    settled = {
        path: pictures[path] for path in wanted if _is_settled(plan.files.get(path, ""), pictures[path], standing)
    }
    return plain | settled | dict(_drawn(site, shop, {path: wanted[path] for path in wanted.keys() - settled.keys()}))


def keys(site: Site, shop: Workshop, pictures: Mapping[str, Picture]) -> list[bytes]:
    """Return the keys of what is remembered of the emblems among `pictures`."""
    return gallery.keys_of(shop, filter(None, (_order(site, it) for it in pictures.values() if it.emblem)))


def _chosen(pictures: Mapping[str, Picture], candidates: Iterable[Sequence[str]]) -> list[str]:
    """Return the pictures that stand for texts and can't as they are."""
    first = (next((path for path in some if pictures[path].kind in figures.BITMAPS), "") for some in candidates)
    return sorted(path for path in {*first} - {""} if figures.emblem_width(pictures[path]))


def _is_settled(url: str, picture: Picture, standing: Standing) -> bool:
    """Tell whether the emblem of a picture that is as it was still stands in the output."""
    return picture.emblem is not None and file_path(figures.address(url, picture.emblem)) in standing.intact


def _drawn(site: Site, shop: Workshop, pictures: Mapping[str, Picture]) -> Iterator[tuple[str, Picture]]:
    """Yield those pictures of which an emblem could be made; where not, the file itself stands for the text."""
    orders = {path: order for path, it in sorted(pictures.items()) if (order := _order(site, it))}
    for path, made in gallery.encoded(site, shop, orders):
        yield path, pictures[path]._replace(emblem=next(iter(made.encodings), None), lasting=made.lasting)


def _order(site: Site, picture: Picture) -> Order | None:
    if not picture.digest or site.wishes.images == "original":
        return None
    return Order(picture.digest, (figures.emblem_width(picture),), ("jpeg",), _QUALITY)
