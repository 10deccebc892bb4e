"""The page /_bifolium/: all problems, drafts, labels, the slowest pages, and why pages were made again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import NamedTuple
from urllib.parse import unquote

from bifolium.problems import draw
from bifolium.reading import is_future
from bifolium.serve.resident import Resident
from bifolium.serve.showing import Showing
from bifolium.urls import placed_at

SLOWEST = 20
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "pre{overflow:auto;padding:.6em 1em;background:#8881}td,th{text-align:start;padding:.1em 1em .1em 0}"
    ":root{color-scheme:light dark}"
)


def report_page(resident: Resident) -> bytes:
    """Return the page."""
    showing = resident.showing
    parts = [_section("Problems", [f"<pre>{escape(draw(it))}</pre>" for it in resident.every_problem()], "none")]
    if showing:
        parts += [
            _section("Drafts and posts of the future", _rows(_unpublished(showing)), "none"),
            _section("Labels", _rows(_labels(showing)), "none"),
            _section("Slowest pages", _rows(_slowest(resident, showing)), "none was made yet"),
            _section("Made in the last build, and why", _rows(_reasons(resident, showing)), "none"),
        ]
    head = f"<title>bifolium: the preview</title><meta charset=utf-8><style>{_STYLE}</style>"
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{"".join(parts)}</body></html>'.encode()


def _section(title: str, content: Iterable[str], empty: str) -> str:
    return f"<h2>{title}</h2>{''.join(content) or f'<p>{empty}</p>'}"


def _rows(rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Yield a table of cells that are HTML already."""
    lines = [f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows]
    if lines:
        yield f"<table>{''.join(lines)}</table>"


def _link(showing: Showing, url: str, text: str = "") -> str:
    at = placed_at(showing.site.settings.base_url)
    return f'<a href="{escape(at(url))}">{escape(text or unquote(url))}</a>'


class Unpublished(NamedTuple):
    """A text that isn't published yet, and why; `url` is empty where it isn't shown here either."""

    why: str
    title: str
    url: str
    path: str


def unpublished(showing: Showing) -> Iterator[Unpublished]:
    """Yield the drafts and the posts of the future, in site order."""
    corpus, at = showing.proof.corpus, placed_at(showing.site.settings.base_url)
    hidden = {card.path for card in corpus.hidden}
    for card in sorted([*corpus.cards, *corpus.hidden]):
        why = "draft" if card.draft else card.date[:10] if is_future(card, showing.site) else ""
        if why:
            yield Unpublished(why, card.title, "" if card.path in hidden else at(card.url), card.path)


def _unpublished(showing: Showing) -> Iterator[tuple[str, ...]]:
    for it in unpublished(showing):
        title = escape(it.title)
        yield escape(it.why), f'<a href="{escape(it.url)}">{title}</a>' if it.url else title, escape(it.path)


def _labels(showing: Showing) -> Iterator[tuple[str, ...]]:
    register = showing.proof.press.labels
    for path, labels in register.labels.items():
        for label in labels.values():
            url = f"{register.spots[path].url}#{label.anchor}"
            yield _link(showing, url, label.name), escape(label.kind), escape(label.number), escape(path)


def _slowest(resident: Resident, showing: Showing) -> Iterator[tuple[str, ...]]:
    here = resident.seconds.keys() & showing.proof.press.plan.routes.keys()
    for url in sorted(here, key=lambda url: (-resident.seconds[url], url))[:SLOWEST]:
        yield f"{resident.seconds[url] * 1000:.1f} ms", _link(showing, url)


def _reasons(resident: Resident, showing: Showing) -> Iterator[tuple[str, ...]]:
    yield from ((_link(showing, url), escape(why)) for url, why in sorted(resident.why.items()))
