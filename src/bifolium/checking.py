"""Check a site without building it: the build's own phases up to the texts, and nothing is laid out or published."""

from __future__ import annotations

from typing import NamedTuple

from bifolium import build, corpus, engine, formulas, highlight, texts, workshop
from bifolium.ledger import Ledger, Standing
from bifolium.math.macros import Macros
from bifolium.problems import Problem, in_order
from bifolium.site import Site
from bifolium.workshop import Progress, unseen

PICTURES = frozenset({"picture", "missing-picture", "external-picture", "missing-alt"})
UNUSED = "nothing of the site leads to this picture"
MATHS = frozenset({"tex", "macro", "missing-file", "unclosed-formula"})


class Checked(NamedTuple):
    """What a check found, and how many formulas it looked at; `different` counts equal ones once."""

    problems: tuple[Problem, ...]
    formulas: int
    different: int


def check_maths(site: Site, progress: Progress = unseen) -> Checked:
    """Return what is wrong with every formula and macro of the site. What is typeset is remembered for the build."""
    with workshop.opened(site.state, (engine.identity(), highlight.identity()), site.wishes.jobs, progress) as shop:
        source = corpus.gather(site, corpus.scan(site), Standing(Ledger(), {}, ()))
        rendered = texts.render(site, shop, source.cards, source.read, source.stock)
    found = [*source.stock.macros.problems, *texts.problems(rendered)]
    notes = formulas.unused(source.stock.macros, rendered.gists.values())
    kept = in_order((it for it in found if it.rule in MATHS or it.path == source.stock.macros.path), notes)
    number = sum(len(body.content.formulas) for body in rendered.bodies.values())
    return Checked(kept, number, len(rendered.insets.formulas))


def check_pictures(site: Site, progress: Progress = unseen) -> tuple[Problem, ...]:
    """Return what is wrong with the pictures that texts show, and a note of each that nothing leads to."""
    with workshop.opened(site.state, (engine.identity(), highlight.identity()), site.wishes.jobs, progress) as shop:
        proof = build.prove(site, shop, corpus.scan(site), Standing(Ledger(), {}, ()))
    found = build.complaints(site, proof)
    notes = (Problem(path, 0, 0, "unused-picture", UNUSED, severity="note") for path in proof.press.unused)
    return in_order((it for it in found if it.rule in PICTURES), notes)


def site_macros(site: Site) -> Macros:
    """Return the site's macros."""
    return formulas.site_macros(site, corpus.scan(site).tree)
