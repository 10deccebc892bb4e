"""All that pages are made of, but for the bodies: the atlas, what texts lead to, pictures' sizes, theme and data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from bifolium import data, figures, gallery, labels, links, memo, sources, theming, urls
from bifolium.atlas import Atlas, backlinks
from bifolium.corpus import Corpus
from bifolium.cut import reference
from bifolium.data import Data
from bifolium.labels import Register
from bifolium.ledger import Gist, Standing
from bifolium.links import Resolution
from bifolium.markdown import find_ids
from bifolium.model import Entry
from bifolium.pictures import Picture
from bifolium.plan import Plan, with_equations
from bifolium.present import site_view
from bifolium.problems import Problem
from bifolium.site import Site
from bifolium.texts import Texts
from bifolium.theming import Furnished
from bifolium.views import SiteView
from bifolium.workshop import Workshop


@dataclass(frozen=True)
class Press:
    """All that pages are made of, but for the bodies, which are loaded for the stale ones only."""

    site: Site
    atlas: Atlas
    gists: Mapping[str, Gist]
    resolutions: Mapping[str, Resolution]
    pictures: Mapping[str, Picture]
    furnished: Furnished
    data: Data
    labels: Register
    title_macros: bytes = b""

    @property
    def plan(self) -> Plan:
        """The arranged site."""
        return self.atlas.plan

    @cached_property
    def pictures_of(self) -> Mapping[str, tuple[str, ...]]:
        """The addresses of the site's own pictures that each text shows, each once."""
        found = {
            path: tuple(dict.fromkeys(it.url for it in resolution.images.values() if it and it.path))
            for path, resolution in self.resolutions.items()
        }
        return {path: pictures for path, pictures in found.items() if pictures}

    @cached_property
    def backlinks(self) -> Mapping[str, tuple[Entry, ...]]:
        """What each text's page shows of the texts that link to it, if the site wants that."""
        if not self.site.settings.links.backlinks:
            return {}
        linked = {path: resolution.links.values() for path, resolution in self.resolutions.items()}
        found = backlinks(linked, self.plan)
        return {path: tuple(map(reference, cards)) for path, cards in found.items()}

    @cached_property
    def site_view(self) -> SiteView:
        """What every template sees of the site."""
        theme = self.furnished.theme
        settings = self.site.settings
        return site_view(self.plan, settings, self.data.values, theme.words, urls.placed_at(settings.base_url))

    @cached_property
    def site_digest(self) -> bytes:
        """The digest of what every template sees of the site."""
        return memo.digest((self.site_view._replace(data={}), self.data.digest, self.title_macros))

    @cached_property
    def references(self) -> Mapping[str, bytes]:
        """The digest of what each text's links, pictures and references lead to."""
        return {path: self._references(resolution) for path, resolution in self.resolutions.items()}

    def _references(self, resolution: Resolution) -> bytes:
        pictures = [self.pictures.get(found.path) for found in resolution.images.values() if found]
        shown = [figures.shown(picture) for picture in pictures if picture]
        leads = resolution.links or resolution.images or resolution.refs
        return memo.digest((resolution, shown)) if leads else b""


def furnish(
    site: Site, shop: Workshop, corpus: Corpus, plan: Plan, rendered: Texts, standing: Standing
) -> tuple[Press, tuple[Problem, ...]]:
    """Return all that pages are made of, and what is wrong with templates and data files."""
    gists = rendered.gists
    register = labels.register(corpus.cards, gists)
    theme, bad_templates = theming.furnish(site.folder, corpus.files.templates, site.settings)
    contents, bad_files = sources.read_all(site.folder, corpus.files.data)
    values = data.gather(contents, site.settings.folders.data)
    around = frozenset(name for it in theme.theme.templates.values() for name in find_ids(it.text))
    atlas = Atlas(_indexed(site, plan, register), {path: gist.ids for path, gist in gists.items()}, around)
    resolutions = {card.path: links.resolve(card, gists[card.path], atlas, register) for card in corpus.cards}
    pictures = gallery.hang(site, shop, atlas.plan, resolutions, standing)
    press = Press(site, atlas, gists, resolutions, pictures, theme, values, register, rendered.title_macros)
    return press, (*bad_templates, *bad_files, *values.problems)


def _indexed(site: Site, plan: Plan, register: Register) -> Plan:
    """Return `plan` with the index of equations, if there are any and the site wants one."""
    wanted = site.settings.math.enabled and site.settings.math.index and labels.has_equations(register)
    return with_equations(plan, site.settings.urls.equations) if wanted else plan
