"""Makes the pages that the index of words is made from: each text with its title, without markup, words apart.

Pagefind takes for a word what stands between blanks, so Chinese and Japanese characters each get blanks around: a word
of two characters is then found as a phrase, wherever it stands. The theme's search.js asks for phrases, and takes the
blanks out of what it shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape, unescape
from typing import NamedTuple

from bifolium.markdown import markdown_options, plain_title
from bifolium.markdown.cjk import LETTERS
from bifolium.memo import digest
from bifolium.model import Body, Card
from bifolium.plan import Plan
from bifolium.settings import Settings

_CHARACTER = re.compile(f"[{LETTERS}]")
_UNREAD = re.compile(r"<(?:script|style)\b", re.IGNORECASE)
_HEADING = re.compile(r"<(/?h[1-6])\b[^<>]*>", re.IGNORECASE)
_INLINE = re.compile(
    r"</?(?:a|abbr|b|bdi|bdo|cite|code|del|em|i|ins|kbd|mark|q|ruby|s|small|span|strong|sub|sup|u|wbr)\b[^<>]*>",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[!/?a-zA-Z][^<>]*>")
_HOLE = re.compile("\x02([A-Z])([0-9]+)\x03")
_PAGE = (
    '<!doctype html><html lang="{language}"><body data-pagefind-body>'
    '<h1 data-pagefind-weight="10" data-pagefind-meta="title[data-title], url[data-url]"'
    ' data-title="{title}" data-url="{url}">{apart}</h1>{text}<p>{shelves}</p></body></html>'
)


class Entry(NamedTuple):
    """A text as search shows it: its source, whole address and plain title, and the numbers of its categories."""

    path: str
    url: str
    title: str
    shelves: tuple[int, ...]


def language_of(settings: Settings) -> str:
    """Return whose endings of words don't matter; a Chinese or Japanese text has none, but for its English words."""
    language = settings.language.lower().partition("-")[0]
    return "en" if language in {"zh", "ja"} else language


def categories(plan: Plan) -> tuple[str, ...]:
    """Return the names of all categories of posts, in order; a category's number is its place here."""
    return tuple(sorted({name for card in plan.posts for name in card.categories}))


def entries(plan: Plan, settings: Settings, names: Sequence[str]) -> tuple[Entry, ...]:
    """Return all texts of the site."""
    numbers = {name: number for number, name in enumerate(names)}
    return tuple(_entry(card, settings, numbers) for card in (*plan.posts, *plan.pages.values()))


def page(entry: Entry, body: Body, language: str) -> bytes:
    """Return the page from which the words of a text are taken."""
    title, url = escape(entry.title), escape(entry.url)
    words = {"apart": _apart(entry.title), "text": _text(body), "shelves": " ".join(map(shelf_word, entry.shelves))}
    return _PAGE.format(language=language, title=title, url=url, **words).encode()


def file_of(entry: Entry) -> str:
    """Return the name of a text's page: it stays, whatever becomes of other texts."""
    return f"{digest(entry.url).hex()}.html"


def shelf_word(number: int) -> str:
    """Return the word that stands in all texts of a category: Pagefind's own filters come out in a random order."""
    return f"xshelfx{number}x"


def _entry(card: Card, settings: Settings, numbers: Mapping[str, int]) -> Entry:
    title = plain_title(card.title, markdown_options(settings, {}, wanted=card.math))
    return Entry(card.path, card.url, title, tuple(numbers[name] for name in card.categories if name in numbers))


def _text(body: Body) -> str:
    """Return the words of a text: headings as such, for they weigh more, and paragraphs."""
    html = _HEADING.sub(
        lambda tag: "\n\x04" if tag[1][0] != "/" else "\x05\n", _without_scripts(body.content.html).replace("\n", " ")
    )
    lines = _TAG.sub("\n", _INLINE.sub("", html)).split("\n")
    return "".join(_line(_filled(unescape(line), body)) for line in lines if line.strip())


def _line(line: str) -> str:
    tag, words = ("h2" if "\x04" in line else "p"), line.strip("\x04\x05 ")
    return f"<{tag}>{_apart(words)}</{tag}>" if words else ""


def _filled(text: str, body: Body) -> str:
    """Return `text` with its listings; formulas and pictures have no words."""
    return _HOLE.sub(lambda it: body.content.listings[int(it[2])].code if it[1] == "C" else " ", text)


def _without_scripts(html: str) -> str:
    first, *others = _UNREAD.split(html)
    return first + "".join(it[it.find("</") :] for it in others if "</" in it)


def _apart(text: str) -> str:
    """Return `text` for HTML with blanks around each Chinese or Japanese character."""
    return escape(" ".join(_CHARACTER.sub(r" \g<0> ", text).split()))


def published(names: Iterable[str]) -> Iterable[str]:
    """Yield those of the files that Pagefind makes which our own search needs."""
    needed = ("pagefind.js", "pagefind-worker.js", "pagefind-entry.json")
    for name in names:
        if name in needed or name.endswith((".pf_meta", ".pf_index", ".pf_fragment", ".pagefind")):
            yield name
