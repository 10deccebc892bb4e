"""Check without building: a site's sources, by the build's own phases, or a finished site in any folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from bifolium import audit, build, corpus, finished, formulas, outside, pool, publish, workshop
from bifolium.audit.documents import Document
from bifolium.build import Proof
from bifolium.complaints import forgiven
from bifolium.ledger import ALONE
from bifolium.math.macros import Macros
from bifolium.model import Image, Link
from bifolium.onlooker import Onlooker, unseen
from bifolium.problems import Problem, in_order
from bifolium.scruples import scruples
from bifolium.site import Site

BATCH = 150  # pages that a process reads at a time: about a third of a second's work
PICTURES = frozenset({"picture", "missing-picture", "external-picture", "missing-alt", "unused-picture"})
MATHS = frozenset({"tex", "macro", "missing-file", "unclosed-formula", "label", "reference"})

Ask = Callable[[Iterable[str]], dict[str, outside.Answer]]
"""How other hosts are asked about addresses, if they are."""


class Checked(NamedTuple):
    """What a check found, and what it looked at, in words such as `12 pages`."""

    problems: tuple[Problem, ...]
    looked: tuple[str, ...]


def check(site: Site, onlooker: Onlooker = unseen, ask: Ask | None = None) -> Checked:
    """Return what is wrong with the site's sources. What is typeset is remembered for the build."""
    with workshop.opened(site.state, site.crew, onlooker) as shop:
        proof = build.prove(site, shop, corpus.scan(site), ALONE)
    macros, gists = proof.corpus.stock.macros, proof.rendered.gists
    every = in_order(
        proof.problems,
        macros.problems,
        build.complaints(site, proof),
        formulas.unused(macros, gists.values()),
        scruples(site, proof),
        _dead(_external(proof), ask) if ask else (),
    )
    number = sum(len(body.content.formulas) for body in proof.rendered.bodies.values())
    looked = (_count(len(gists), "text"), _count(number, "formula"))
    return Checked(forgiven(site, every), looked)


def only(checked: Checked, rules: frozenset[str]) -> Checked:
    """Return what was found by these rules alone; where the macros stand is a matter of formulas, too."""
    return checked._replace(problems=tuple(it for it in checked.problems if it.rule in rules))


def check_finished(folder: Path, base_url: str = "", jobs: int = 0, ask: Ask | None = None) -> Checked:
    """Return what is wrong with the finished site in `folder`, whoever built it; raises SiteError if there is none."""
    finished.refuse(folder)
    files = finished.files(folder)
    pages = _read(folder, [path for path in files if path.endswith(audit.PAGES)], jobs)
    base_url = base_url or publish.said(folder).get("base_url", "")
    found = audit.audit(files, pages, lambda path: finished.read(folder, path), base_url)
    every = in_order(found.problems, _dead(found.external, ask) if ask else ())
    looked = (_count(found.pages, "page"), _count(found.links, "address", "addresses"))
    return Checked(tuple(_drawn(folder, every)), looked)


def site_macros(site: Site) -> Macros:
    """Return the site's macros."""
    return formulas.site_macros(site, corpus.scan(site).tree)


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def _read(folder: Path, paths: list[str], jobs: int) -> dict[str, Document]:
    """Return the pages at `paths`, read by as many processes as that is worth."""
    batches = [paths[start : start + BATCH] for start in range(0, len(paths), BATCH)]
    with pool.executor(len(batches), jobs) as workers:
        found = workers.map(read_pages, [folder] * len(batches), batches)
        return {page.path: page for page in chain.from_iterable(found)}


def read_pages(folder: Path, paths: list[str]) -> list[Document]:
    """Return the pages at `paths`."""
    return [audit.read_page(path, finished.read(folder, path)) for path in paths]


def _drawn(folder: Path, problems: Iterable[Problem]) -> Iterator[Problem]:
    """Yield `problems` with their lines, and paths that lead there from where the command was given."""
    path, lines = "", []
    for problem in problems:
        if problem.path != path:
            path = problem.path
            lines = finished.read(folder, path).decode(errors="replace").split("\n")
        source = lines[problem.line - 1] if 0 < problem.line <= len(lines) else ""
        yield problem._replace(source=source, path=(folder / path).as_posix())


def _external(proof: Proof) -> Iterator[tuple[str, Problem]]:
    """Yield every address on another host to which a text leads, with its place."""
    for path, gist in proof.press.gists.items():
        places: list[Link | Image] = [*gist.links, *gist.images]
        for found in places:
            if found.target.lower().startswith(("http://", "https://")):
                yield found.target, Problem(path, found.line, found.column, "", "", width=found.width)


def _dead(places: Iterable[tuple[str, Problem]], ask: Ask) -> Iterator[Problem]:
    """Yield the addresses on other hosts that are gone, and a note of those that nobody can tell of."""
    found = list(places)
    answers = ask({url for url, _ in found})
    for url, place in found:
        match answers[url].state:
            case "gone":
                yield place._replace(rule="gone-link", message=f"`{url}` {answers[url].why}")
            case "unclear":
                yield place._replace(rule="unclear-link", message=f"`{url}` {answers[url].why}", severity="note")
