"""What is wrong with a finished page by itself: ids, headings, titles, pictures, formulas, what it tells programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from bifolium.audit.documents import Document, Heading, Mark
from bifolium.audit.place import Base, address
from bifolium.problems import Problem, cells

LONGEST_TITLE = 70  # cells; search engines show about 60, and cut a site's name at the end first


def complain(page: Document, at: Base) -> Iterator[Problem]:
    """Yield what is wrong with a page of the site at `at`; one that only leads elsewhere needs no words of its own."""
    checks: list[Callable[[Document, Base], Iterator[Problem]]] = [_ids, _mixed]
    if not page.redirect:
        checks += [_titles, _headings, _pictures, _formulas]
    if at.origin and not page.redirect and not page.hidden:
        checks += [_canonical, _shared]
    for check in checks:
        yield from check(page, at)


def problem(path: str, at: Mark | Heading, rule: str, message: str, hint: str = "") -> Problem:
    """Return what is wrong at a place of a page."""
    return Problem(path, at.line, at.column, rule, message, hint)


def _ids(page: Document, _: Base) -> Iterator[Problem]:
    first: dict[str, Mark] = {}
    for mark in page.ids:
        if mark.text in first:
            there = f"line {first[mark.text].line} has it, too, and links lead there"
            yield problem(page.path, mark, "duplicate-id", f"the id `{mark.text}` is taken: {there}")
        first.setdefault(mark.text, mark)


def _mixed(page: Document, at: Base) -> Iterator[Problem]:
    if at.origin.startswith("http:"):
        return
    for found in page.references:
        if found.kind == "shown" and found.url.lower().startswith("http:"):
            message = f"`{found.url}` comes unencrypted, which browsers refuse or warn of in an encrypted page"
            yield Problem(page.path, found.line, found.column, "mixed-content", message, "write `https:`")


def _titles(page: Document, _: Base) -> Iterator[Problem]:
    title = page.titles[0] if page.titles else Mark("", 0, 0)
    words = " ".join(title.text.split())
    if not words:
        yield problem(page.path, title, "title", "this page has no title", "say it in a `<title>`")
    elif cells(words) > LONGEST_TITLE:
        message = f"the title is {cells(words)} letters wide, and search engines show about 60"
        yield problem(page.path, title, "long-title", message)._replace(severity="note")


def _headings(page: Document, _: Base) -> Iterator[Problem]:
    level = 0
    for heading in page.headings:
        words = " ".join(heading.text.split())
        if level and heading.level > level + 1:
            message = f"the heading `{words}` of level {heading.level} follows one of level {level}"
            yield problem(page.path, heading, "heading-order", message, f"make it one of level {level + 1}")
        level = heading.level
    if not any(heading.level == 1 for heading in page.headings) and page.titles:
        yield problem(page.path, Mark("", 0, 0), "no-heading", "this page has no heading of level 1")


def _pictures(page: Document, _: Base) -> Iterator[Problem]:
    for mark in page.mute:
        name = mark.text if len(mark.text) < LONGEST_TITLE else mark.text[:LONGEST_TITLE] + "…"
        message = f"the picture `{name}` has no words for those who can't see"
        yield problem(page.path, mark, "missing-alt", message, "say what it shows in `alt`, or nothing if it adorns")


def _formulas(page: Document, _: Base) -> Iterator[Problem]:
    for mark in page.tex:
        yield problem(page.path, mark, "raw-tex", f"readers see `{mark.text}`, which no formula was made of")


def _canonical(page: Document, at: Base) -> Iterator[Problem]:
    mark = page.about.get("canonical")
    if not mark:
        hint = f'<link rel="canonical" href="{at.origin}{address(page.path, at)}">'
        yield problem(page.path, Mark("", 0, 0), "canonical", "this page doesn't say its address", hint)
    elif not urlsplit(mark.text).netloc:
        yield problem(page.path, mark, "canonical", f"the page's address `{mark.text}` says no host")


def _shared(page: Document, _: Base) -> Iterator[Problem]:
    """Yield what <https://ogp.me> asks for and the page doesn't say, but for a picture: not every page has one."""
    lacking = [name for name in ("og:title", "og:type", "og:url") if not page.about.get(name, Mark("", 0, 0)).text]
    if lacking:
        message = f"programs that show links don't find {', '.join(f'`{name}`' for name in lacking)} in this page"
        yield problem(page.path, Mark("", 0, 0), "opengraph", message)
    mark, own = page.about.get("og:url"), page.about.get("canonical")
    if mark and own and mark.text and mark.text != own.text:
        yield problem(
            page.path, mark, "opengraph", f"`og:url` is `{mark.text}`, but the canonical address `{own.text}`"
        )
    picture = page.about.get("og:image")
    if picture and not urlsplit(picture.text).netloc:
        yield problem(page.path, picture, "opengraph", f"the picture's address `{picture.text}` says no host")
