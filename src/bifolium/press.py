"""All that pages are made of, but for the bodies: the atlas, what texts lead to, pictures' sizes, theme and data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from posixpath import normpath
from typing import NamedTuple

from bifolium import branding, data, emblems, figures, gallery, labels, links, memo, sources, theming, urls, wording
from bifolium.atlas import Atlas, backlinks, spot_of
from bifolium.branding import Brand
from bifolium.corpus import Corpus, by_path
from bifolium.cut import reference
from bifolium.data import Data
from bifolium.labels import Register
from bifolium.ledger import Gist, Standing
from bifolium.links import Resolution
from bifolium.markdown import find_ids
from bifolium.model import Card, Entry, Label, Link, Ref
from bifolium.pictures import Picture
from bifolium.plan import Plan, with_equations
from bifolium.present import site_view
from bifolium.problems import Problem
from bifolium.reach import reach, touched
from bifolium.site import Site
from bifolium.texts import Texts
from bifolium.theming import Furnished
from bifolium.views import SiteView
from bifolium.workshop import Workshop


@dataclass(frozen=True)
class Press:
    """All that pages are made of, but for the bodies, which are loaded for the stale ones only."""

    site: Site
    plan: Plan
    atlas: Atlas
    gists: Mapping[str, Gist]
    resolutions: Mapping[str, Resolution]
    pictures: Mapping[str, Picture]
    furnished: Furnished
    data: Data
    labels: Register
    backlinks: Mapping[str, tuple[Entry, ...]]
    brand: Brand
    title_macros: bytes = b""

    @cached_property
    def pictures_of(self) -> Mapping[str, tuple[str, ...]]:
        """The addresses of the site's own pictures that each text shows, each once."""
        found = {
            path: tuple(dict.fromkeys(it.url for it in shown if it and it.path and not figures.is_video(it.url)))
            for path, shown in ((path, it.images.values()) for path, it in self.resolutions.items())
        }
        return {path: pictures for path, pictures in found.items() if pictures}

    @property
    def has_lasting_pictures(self) -> bool:
        """Tell whether encoding pictures and drawing icons anew would give the same."""
        return self.brand.lasting and all(it.lasting for it in self.pictures.values())

    @cached_property
    def unused(self) -> frozenset[str]:
        """The pictures to which nothing of the site leads; those in the static folder are their owner's business."""
        static = f"{normpath(self.site.settings.folders.static)}/"
        files = {path: url for path, url in self.plan.files.items() if not path.startswith(static)}
        cards = (*self.plan.posts, *self.plan.pages.values())
        texts = [it.text for it in self.furnished.theme.templates.values()]
        assets = [it.decode(errors="replace") for it in self.furnished.files.values() if isinstance(it, bytes)]
        named = [repr(self.data.values), *(repr(card.extra) for card in cards if card.extra)]
        return gallery.unused(files, self.resolutions, "\n".join((*texts, *assets, *named)))

    @cached_property
    def site_view(self) -> SiteView:
        """What every template sees of the site."""
        theme = self.furnished.theme
        settings = self.site.settings
        view = site_view(self.plan, settings, self.data.values, theme.words, urls.placed_at(settings.base_url))
        return view._replace(logo=self.brand.logo, icons=self.brand.icons, manifest=self.brand.manifest)

    @cached_property
    def site_digest(self) -> bytes:
        """The digest of what every template sees of the site."""
        return memo.digest((self.site_view._replace(data={}), self.data.digest, self.title_macros))

    @cached_property
    def references(self) -> Callable[[str], bytes]:
        """What tells a text's `_references`: five pages show a post of two tags."""
        return cache(self._references)

    def _references(self, path: str) -> bytes:
        """Return the digest of what the links, pictures and references of the text at `path` lead to."""
        resolution = self.resolutions[path]
        if not (resolution.links or resolution.images or resolution.refs):
            return b""
        known = [self.pictures.get(found.path) for found in resolution.images.values() if found]
        return memo.digest((resolution, [figures.shown(picture) for picture in known if picture]))


def furnish(
    site: Site, shop: Workshop, corpus: Corpus, plan: Plan, rendered: Texts, standing: Standing
) -> tuple[Press, tuple[Problem, ...]]:
    """Return all that pages are made of, and what is wrong with templates and data files."""
    recall, gists = standing.recall, rendered.gists
    once, each = recall.once, recall.each
    cards = once(by_path, corpus.cards)
    spots = each(spot_of, (cards,))
    register = labels.register(spots, each(_labelled, (gists,)), recall)
    laying = [path for path in corpus.files.templates if not wording.is_own(path, site.settings)]
    templates, bad_templates = sources.read_all(site.folder, laying)
    theme, garbled = once(
        theming.furnish, standing.recall.same("templates", templates), site.settings, corpus.stock.words
    )
    contents, bad_files = sources.read_all(site.folder, corpus.files.data)
    values = once(data.gather, standing.recall.same("data", contents), site.settings.folders.data)
    plan = once(_indexed, site, plan, register)
    titles = each(_title, (cards,)) if site.settings.links.wiki else recall.same("titles", {})
    places = recall.same("places", plan.files)
    atlas = once(Atlas, spots, places, plan.routes, each(_ids, (gists,)), titles, once(_around, theme))
    resolutions = recall.reaching(links.resolve, (spots, gists), (atlas, register), (reach, touched))
    shop.onlooker.begins("look at pictures")
    candidates = each(emblems.candidates, (spots, resolutions))
    pictures = _pictures(site, shop, corpus, plan, (each(_shown, (resolutions,)), candidates), standing)
    shop.onlooker.begins("resolve links")
    linking = once(_backlinks, site, each(_targets, (resolutions,)), plan)
    marks, unfit = branding.brand(site, shop, plan, pictures, theme.theme.assets)
    press = Press(
        site, plan, atlas, gists, resolutions, pictures, theme, values, register, linking, marks, rendered.title_macros
    )
    return press, (*bad_templates, *garbled, *bad_files, *values.problems, *unfit)


class _Labelled(NamedTuple):
    """What of a text decides upon the site's register of labels."""

    refs: tuple[Ref, ...]
    labels: tuple[Label, ...]
    links: tuple[Link, ...] = ()


def _labelled(gist: Gist) -> _Labelled:
    return _Labelled(gist.refs, gist.labels)


def _title(card: Card) -> str:
    return card.title


def _ids(gist: Gist) -> tuple[str, ...]:
    return gist.ids


def _around(theme: Furnished) -> frozenset[str]:
    """Return the ids that templates put around a text."""
    return frozenset(name for it in theme.theme.templates.values() for name in find_ids(it.text))


def _shown(resolution: Resolution) -> tuple[str, ...]:
    """Return the paths of the pictures that a text shows."""
    return tuple(dict.fromkeys(found.path for found in resolution.images.values() if found and found.path))


def _targets(resolution: Resolution) -> tuple[str, ...]:
    """Return the paths of all that a text links to."""
    return tuple(dict.fromkeys(found.path for found in resolution.links.values() if found and found.path))


def _backlinks(site: Site, targets: Mapping[str, Iterable[str]], plan: Plan) -> dict[str, tuple[Entry, ...]]:
    """Return what each text's page shows of the texts that link to it, if the site wants that."""
    if not site.settings.links.backlinks:
        return {}
    found = backlinks(targets, plan)
    return {path: tuple(map(reference, cards)) for path, cards in found.items()}


def _pictures(
    site: Site,
    shop: Workshop,
    corpus: Corpus,
    plan: Plan,
    of_texts: tuple[Mapping[str, tuple[str, ...]], Mapping[str, tuple[str, ...]]],
    standing: Standing,
) -> dict[str, Picture]:
    """Return what is known of every picture; nothing is asked anew while no file beside the texts changed.

    `of_texts` are the pictures that each text shows, and those of which one may stand for it.
    """
    shown, candidates = of_texts
    texts = corpus.read.readings
    stamps = [stamp for path, stamp in corpus.found.tree.items() if path not in texts]

    def hang(*_: object) -> dict[str, Picture]:
        every = frozenset(path for paths in shown.values() for path in paths)
        hung = gallery.hang(site, shop, plan, every, standing)
        return emblems.draw(site, shop, plan, hung, candidates.values(), standing)

    encoded = shop.done["encode"] if site.wishes.images == "ready" else 0  # the preview has some encoded in between
    return standing.recall.once(hang, site, plan, shown, candidates, stamps, encoded)


def _indexed(site: Site, plan: Plan, register: Register) -> Plan:
    """Return `plan` with the index of equations, if there are any and the site wants one."""
    wanted = site.settings.math.enabled and site.settings.math.index and labels.has_equations(register)
    return with_equations(plan, site.settings.urls.equations) if wanted else plan
