"""Check a site without building it: the build's own phases up to the texts, and nothing is laid out or published."""

from __future__ import annotations

from typing import NamedTuple

from bifolium import build, engine, formulas, highlight, workshop
from bifolium import texts as texts_
from bifolium.ledger import Ledger
from bifolium.math.macros import Macros
from bifolium.outputs import Standing
from bifolium.problems import Problem
from bifolium.site import Site
from bifolium.workshop import Progress, unseen

MATHS = frozenset({"tex", "macro", "missing-file", "unclosed-formula"})


class Checked(NamedTuple):
    """What a check found, and how many formulas it looked at; `different` counts equal ones once."""

    problems: tuple[Problem, ...]
    formulas: int
    different: int


def check_maths(site: Site, progress: Progress = unseen) -> Checked:
    """Return what is wrong with every formula and macro of the site. What is typeset is remembered for the build."""
    with workshop.opened(site.state, (engine.identity(), highlight.identity()), site.wishes.jobs, progress) as shop:
        source = build.read(site, build.scan(site), Standing(Ledger(), {}, ()))
        texts = texts_.render(site, shop, source.cards, source.read, source.stock)
    found = [*source.stock.macros.problems, *build.told_texts(texts)]
    notes = formulas.unused(source.stock.macros, texts.gists.values())
    kept = build.in_order((it for it in found if it.rule in MATHS or it.path == source.stock.macros.path), notes)
    number = sum(len(body.content.formulas) for body in texts.bodies.values())
    return Checked(kept, number, len(texts.insets.formulas))


def site_macros(site: Site) -> Macros:
    """Return the site's macros."""
    return formulas.site_macros(site, build.scan(site).tree)
