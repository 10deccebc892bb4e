"""Put what the preview shows into the output folder, by the build's own steps, for `--write`."""

from __future__ import annotations

from collections.abc import Generator

from bifolium import build, ledger, outputs, publish
from bifolium.build import Edition, Proof, Report
from bifolium.ledger import Standing
from bifolium.problems import in_order
from bifolium.site import Site
from bifolium.store import read_state
from bifolium.workshop import Workshop


def written(site: Site, shop: Workshop, proof: Proof) -> Generator[None, None, Report]:
    """Publish a site that is proved, unless it has errors; raise SiteError if it can't go where it is to go.

    It stops after each step, so that nobody who looks at a page has to wait for more than one.
    """
    outputs.refuse(site)
    publish.recover(site.output, site.state)
    before = ledger.decode(read_state(site.state / "ledger"), shop.epoch + site.digest)
    same = ledger.unchanged(before, proof.corpus.found.tree)
    standing = Standing(before, outputs.intact(site, before), same)
    outputs.refuse_strangers(site, standing)
    yield
    printed, failures = build.print_pages(site, shop, proof, standing)
    yield
    complained = []
    for problem in build.complaints(site, proof):
        complained.append(problem)
        yield
    edition = Edition(proof, printed, in_order(proof.problems, failures, complained))
    made = build.report(site, shop, edition)
    return build.release(site, shop, edition, standing, made) if made.published else made
