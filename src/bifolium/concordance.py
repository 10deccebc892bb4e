"""Makes the pages that the index of words is made from: each text with its title, without markup, words apart.

Pagefind takes for a word what stands between blanks, so Chinese and Japanese characters each get blanks around, and
words that signs join (`nn.Conv2d`, `load_data`) one between: whatever is looked for is then found as a phrase, wherever
it stands. The theme's search.js asks for phrases, and takes these blanks out of what it shows.
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
_JOINED = re.compile(r"(?<=[^\W_])((?:[^\w\s'’]|_)+)(?=[^\W_])")
_JOINER = "\u2060"
"""A word of its own for Pagefind, invisible for people: before a blank of ours, and where a phrase must not go on."""
_WORD = re.compile(r"[^\W_](?:[^\W_]|['’](?=[^\W_]))*")
_HEADING = re.compile(r"<(/?)h[1-6]\b([^<>]*)>", re.IGNORECASE)
_ID = re.compile(r"\bid=\"([^\"]*)\"")
_INLINE = re.compile(
    r"</?(?:a|abbr|b|bdi|bdo|cite|code|del|em|i|ins|kbd|mark|q|ruby|s|small|span|strong|sub|sup|u|wbr)\b[^<>]*>",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[!/?a-zA-Z][^<>]*>")
_HOLE = re.compile("\x02([A-Z])([0-9]+)\x03")
_PAGE = (
    "<!doctype html><html><body data-pagefind-body>"
    '<h1 data-pagefind-weight="10" data-pagefind-meta="title[data-title], url[data-url]"'
    ' data-title="{title}" data-url="{url}">{apart}</h1>{text}<p>{marks}</p></body></html>'
)


class Entry(NamedTuple):
    """A text as search shows it: its source, whole address and plain title, and the numbers of its categories."""

    path: str
    url: str
    title: str
    shelves: tuple[int, ...]


def categories(plan: Plan) -> tuple[str, ...]:
    """Return the names of all categories of posts, in order; a category's number is its place here."""
    return tuple(sorted({name for card in plan.posts for name in card.categories}))


def entries(plan: Plan, settings: Settings, names: Sequence[str]) -> tuple[Entry, ...]:
    """Return all texts of the site."""
    numbers = {name: number for number, name in enumerate(names)}
    return tuple(_entry(card, settings, numbers) for card in (*plan.posts, *plan.pages.values()))


def page(entry: Entry, body: Body) -> bytes:
    """Return the page from which the words of a text are taken."""
    marks = " ".join((*_title_words(entry.title), *map(_shelf_word, entry.shelves)))
    words = {"apart": _apart(entry.title), "text": _text(body), "marks": f"{_JOINER} {marks}"}
    address = f"ᛡ{entry.url.encode().hex()}"  # Pagefind looks for words in it, too
    return _PAGE.format(title=escape(entry.title), url=address, **words).encode()


def file_of(entry: Entry) -> str:
    """Return the name of a text's page: it stays, whatever becomes of other texts."""
    return f"{digest(entry.url).hex()}.html"


def _shelf_word(number: int) -> str:
    """Return the word that stands in all texts of a category: Pagefind's own filters come out in a random order."""
    return f"ᛡ{number}ᛡ"


def _title_words(title: str) -> list[str]:
    """Return the words of a title as nobody types them: texts that have them are shown first."""
    return [f"ᛝ{escape(word)}" for word in _WORD.findall(_CHARACTER.sub(r" \g<0> ", title))]


def _entry(card: Card, settings: Settings, numbers: Mapping[str, int]) -> Entry:
    title = plain_title(card.title, markdown_options(settings, {}, wanted=card.math))
    return Entry(card.path, card.url, title, tuple(numbers[name] for name in card.categories if name in numbers))


def _text(body: Body) -> str:
    """Return the words of a text: headings as such, for they weigh more and can be led to, and paragraphs."""
    html = _HEADING.sub(_marked, _without_scripts(body.content.html).replace("\n", " "))
    lines = _TAG.sub("\n", _INLINE.sub("", html)).split("\n")
    return "".join(_line(_filled(unescape(line), body)) for line in lines if line.strip())


def _marked(tag: re.Match[str]) -> str:
    """Return what stands for a heading's tag while tags are taken away."""
    if tag[1]:
        return "\n"
    found = _ID.search(tag[2])
    return f"\n\x04{found[1] if found else ''}\x05"


def _line(line: str) -> str:
    """Return a paragraph or a heading; no phrase goes from one into the next."""
    if not line.startswith("\x04"):
        return f"<p>{_JOINER} {_apart(line)}</p>" if line.strip() else ""
    name, _, words = line[1:].partition("\x05")
    return f'<h2 id="{escape(name)}">{_apart(words)}</h2>' if words.strip() else ""


def _filled(text: str, body: Body) -> str:
    """Return `text` with its listings; formulas and pictures have no words."""
    return _HOLE.sub(lambda it: body.content.listings[int(it[2])].code if it[1] == "C" else " ", text)


def _without_scripts(html: str) -> str:
    first, *others = _UNREAD.split(html)
    return first + "".join(it[it.find("</") :] for it in others if "</" in it)


def _apart(text: str) -> str:
    """Return `text` for HTML with blanks around each Chinese or Japanese character, and within joined words."""
    words = _CHARACTER.sub(r" \g<0> ", text).split()
    return escape(" ".join(_JOINED.sub(rf"\1{_JOINER} ", word) for word in words))


def published(names: Iterable[str]) -> Iterable[str]:
    """Yield those of the files that Pagefind makes which our own search needs."""
    needed = ("pagefind.js", "pagefind-worker.js", "pagefind-entry.json")
    for name in names:
        if name in needed or name.endswith((".pf_meta", ".pf_index", ".pf_fragment", ".pagefind")):
            yield name
