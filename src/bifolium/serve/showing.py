"""One state of the site, as it is shown: where everything of it stands, and what its author asks of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from bifolium import markdown as md
from bifolium import outputs, plan, reading, search, texts
from bifolium.build import Proof
from bifolium.claims import output_of
from bifolium.ledger import ALONE
from bifolium.model import Body
from bifolium.present import minutes
from bifolium.publish import Content
from bifolium.site import Site
from bifolium.workshop import Workshop


class Page(NamedTuple):
    """A page's bytes; `made` names what they were made from. `source` is its text, empty for lists and the like."""

    url: str
    content: bytes
    made: str
    source: str = ""


@dataclass(frozen=True)
class Showing:
    """One state of the site, and where everything of it stands."""

    site: Site
    proof: Proof

    @cached_property
    def pages(self) -> dict[str, str]:
        """The URL of the page at each output path."""
        routes = self.proof.press.plan.routes
        return {output_of(url, route): url for url, route in routes.items() if route.kind != "file"}

    @cached_property
    def files(self) -> dict[str, Content]:
        """The content of every other output path."""
        return outputs.gather(self.proof.press, (), {}, ALONE).changes

    @cached_property
    def unread(self) -> frozenset[str]:
        """The sources of the texts that were not rendered yet, since nobody has asked for them."""
        return self.proof.rendered.unread

    def __contains__(self, output: object) -> bool:
        return output in self.pages or output in self.files or search.is_part(self.site, str(output))

    def source_of(self, url: str) -> str:
        """Return the path of the text whose page is at `url`, empty for other pages."""
        route = self.proof.press.plan.routes.get(url)
        return route.key if route and route.kind == "post" else ""

    def only_change(self, same: Collection[str]) -> str:
        """Return the URL of the text that is not among the `same` ones, if it is one and no more."""
        changed = self.proof.corpus.files.texts.keys() - same
        card = plan.card_of(self.proof.press.plan, min(changed)) if len(changed) == 1 else None
        return card.url if card else ""

    def length(self, source: str, shop: Workshop) -> tuple[int, int]:
        """Return how many words the text at `source` has, and how many minutes it takes to read it; 0 if unknown."""
        gist = self.proof.rendered.gists.get(source)
        found = shop.recalled([gist.body], Body) if gist else {}
        return next(((body.words + body.characters, minutes(body)) for body in found.values()), (0, 0))

    def place_of(self, url: str, words: str) -> tuple[str, int] | None:
        """Return the file and line of the block with these words in the page at `url`, if there is one."""
        source = self.source_of(url)
        if not source:
            return None
        post = reading.post_at(self.site, source)
        if not post:
            return source, 1
        job = texts.job_of(self.site, post, self.proof.corpus.stock)
        return source, md.line_of(words, md.blocks(*job)) or 1
