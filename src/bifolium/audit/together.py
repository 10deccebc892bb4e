"""What is wrong between the pages of a finished site: links, anchors, files, redirects, pages that nobody finds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from posixpath import basename, splitext

from bifolium import urls
from bifolium.audit.documents import Document, Reference
from bifolium.audit.place import INDEX, Base, Found, find
from bifolium.problems import Problem, nearest

PICTURES = frozenset(".png .jpg .jpeg .gif .webp .avif .svg .bmp".split())
_ANYWHERE = frozenset(("", "top"))
_BY_ITSELF = frozenset("favicon apple-touch-icon".split())  # what browsers ask for without being told
_HINTS = 50  # nearest names that are sought: each looks at the whole site


@dataclass(frozen=True)
class Whole:
    """A finished site: its files, its pages by path, the addresses in its stylesheets, and where it stands."""

    files: frozenset[str]
    pages: Mapping[str, Document]
    styles: Mapping[str, tuple[Reference, ...]]
    at: Base

    def find(self, reference: Reference, path: str) -> Found:
        """Return what a reference in the file at `path` means."""
        page = self.pages.get(path)
        return find(reference.url, path, self.at, self.files, page.base if page else "")

    @cached_property
    def references(self) -> tuple[tuple[str, Reference, Found], ...]:
        """Every reference of the site: the file that holds it, itself, and what it means."""
        of_pages = ((path, found) for path, page in self.pages.items() for found in page.references)
        of_styles = ((path, found) for path, every in self.styles.items() for found in every)
        return tuple((path, it, self.find(it, path)) for path, it in (*of_pages, *of_styles))

    @cached_property
    def led(self) -> Mapping[str, frozenset[str]]:
        """The pages to which each page leads its readers."""
        found: dict[str, set[str]] = {}
        for path, reference, target in self.references:
            followed = reference.kind == "link" or (reference.kind == "shown" and target.path.endswith(".html"))
            if followed and target.where == "here" and target.path != path:
                found.setdefault(path, set()).add(target.path)
        return {path: frozenset(targets) for path, targets in found.items()}


def complain(whole: Whole) -> Iterator[Problem]:
    """Yield what is wrong between the pages."""
    yield from _broken(whole)
    yield from _circles(whole)
    yield from _unfound(whole)
    yield from _unused(whole)


def external(whole: Whole) -> Iterator[tuple[str, Problem]]:
    """Yield every address on another host, with a problem at its place whose words are still to be said."""
    for path, reference, target in whole.references:
        if target.where == "elsewhere" and target.path.startswith(("http://", "https://")):
            yield target.path, Problem(path, reference.line, reference.column, "", "")


def _broken(whole: Whole) -> Iterator[Problem]:
    hints = 0
    for path, reference, target in whole.references:
        if target.where == "nowhere":
            hints += 1
            rule = "broken-link" if reference.kind == "link" else "missing-file"
            message = f"nothing of this site is at `{reference.url}`"
            hint = _near(target.path, whole.files) if hints <= _HINTS else ""
            yield Problem(path, reference.line, reference.column, rule, message, hint)
        elif target.where == "here" and (lost := _lost(target, whole.pages)):
            hints += 1
            near = nearest(target.fragment, (it.text for it in lost.ids)) if hints <= _HINTS else None
            message = f"`{lost.path}` has no id `{target.fragment}`"
            hint = f"did you mean `#{near}`?" if near else ""
            if lost.redirect:
                message = f"`{lost.path}` leads on to another page, so nobody arrives at `#{target.fragment}`"
                hint = f"link to `{lost.redirect.url}#{target.fragment}`"
            yield Problem(path, reference.line, reference.column, "broken-anchor", message, hint)


def _near(path: str, files: Iterable[str]) -> str:
    """Return the hint that names the file most like `path`: of that name elsewhere, or nearly so in the same folder."""
    name = urls.clash_key(basename(path.rstrip("/")))
    every = [it.removesuffix(f"/{INDEX}") for it in files]
    same = [it for it in every if name and urls.clash_key(basename(it)) == name]
    folder = path.rstrip("/").rpartition("/")[0]
    near = min(same) if same else nearest(path.rstrip("/"), (it for it in every if it.rpartition("/")[0] == folder))
    return f"did you mean `/{near}`?" if near else ""


def _lost(target: Found, pages: Mapping[str, Document]) -> Document | None:
    """Return the page in which there is no place of the name that `target` has."""
    page = pages.get(target.path)
    if not page or target.fragment in _ANYWHERE or target.fragment.startswith(":~:"):
        return None
    return None if any(mark.text == target.fragment for mark in page.ids) else page


def _circles(whole: Whole) -> Iterator[Problem]:
    """Yield each circle of redirects once, at the first of its pages."""
    leads = {
        path: target.path
        for path, page in whole.pages.items()
        if page.redirect and (target := whole.find(page.redirect, path)).where == "here"
    }
    for start, page in sorted(whole.pages.items()):
        circle = [start]
        while (to := leads.get(circle[-1])) and to not in circle:
            circle.append(to)
        if to == start and start == min(circle) and page.redirect:
            way = " → ".join(f"`/{path}`" for path in (*circle, start))
            yield Problem(start, page.redirect.line, page.redirect.column, "redirect-loop", f"this leads round: {way}")


def _unfound(whole: Whole) -> Iterator[Problem]:
    """Yield the pages to which no way leads from the home page."""
    if INDEX not in whole.pages:
        return
    linked = frozenset(target for targets in whole.led.values() for target in targets)
    reached, ahead = {INDEX}, [INDEX]
    while ahead:
        fresh = whole.led.get(ahead.pop(), frozenset()) - reached
        reached |= fresh
        ahead += fresh
    for path, page in whole.pages.items():
        if path in reached or page.redirect or page.hidden:
            continue
        if path in linked:
            yield Problem(path, 0, 0, "unreachable", "no way leads from the home page to this page")
        else:
            yield Problem(path, 0, 0, "orphan", "no page links to this page")


def _unused(whole: Whole) -> Iterator[Problem]:
    used = {target.path for _, _, target in whole.references}
    for path in sorted(whole.files - used):
        stem, ending = splitext(basename(path))
        if ending.lower() in PICTURES and stem not in _BY_ITSELF:
            yield Problem(path, 0, 0, "unused-picture", "nothing of the site shows this picture", severity="note")
