"""Colour blocks of code with Pygments: classes in the page, colours in the stylesheet.

No block is lost and none can stall a build: what can't be coloured is shown plain, with a word about why.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from html import escape
from itertools import groupby
from typing import Any

from bifolium.deadline import within
from bifolium.highlight.colours import UNCOLOURED, stylesheet
from bifolium.model import Highlighted, Listing
from bifolium.problems import nearest

__all__ = ["highlight", "identity", "stylesheet"]

FORMAT = 2
"""Part of `identity`: another number when the same listing gets other HTML."""

_TELLING = 4
"""There are a thousand names of languages: near one of fewer letters is always another that nobody meant."""
_ALIKE = 0.81

PLAIN = frozenset(
    {"", "text", "txt", "plain", "plaintext", "none", "nohighlight", "output", "ascii", "log", "csv", "tsv"}
)
"""Languages that aren't coloured, and nobody expects them to be."""

SYNONYMS = {
    name: lexer
    for lexer, names in {
        "bash": "shellscript",
        "bat": "cmd",
        "diff": "patch",
        "graphql": "gql",
        "handlebars": "mustache",
        "html": "svelte",
        "ini": "conf dotenv env",
        "jinja": "jinja2",
        "js": "cjs mjs node",
        "json": "jsonc jsonl ndjson",
        "kotlin": "kt",
        "postgresql": "pgsql",
        "python": "ipython",
        "sage": "sagemath",
        "sql": "plsql",
        "tex": "math",
        "toml": "cargo",
        "vim": "viml",
        "wast": "wasm",
        "xml": "plist svg",
    }.items()
    for name in names.split()
}
"""Names that people use and Pygments doesn't know."""

_COMPARED = {"+": "ins", "-": "del"}

Run = tuple[str, str]
"""A class (or nothing) and the text that has it."""


def highlight(listings: Iterable[Listing], seconds: float = 2.0) -> list[Highlighted]:
    """Return the HTML of each listing, in their order; none takes longer than `seconds`.

    Where a listing stands (`line`, `column`) makes no difference.
    """
    return [_highlight(listing, seconds) for listing in listings]


def identity() -> str:
    """Return what, besides a listing, decides how it looks in HTML."""
    from pygments import __version__

    return f"pygments {__version__}, format {FORMAT}"


def language_of(info: str) -> str:
    """Return the language in what stands behind a fence: `python` for `{.python .input}`, `rust` for `Rust,ignore`."""
    found = re.search(r"[^\s,;:{}.=][^\s,;:{}=]*", info)
    return found[0].lower() if found else ""


def _highlight(listing: Listing, seconds: float) -> Highlighted:
    language = language_of(listing.language)
    code = _uncompared(listing)
    plain = [("", code)]
    too_far = _too_far(listing.marked, code.count("\n") + 1)
    if language in PLAIN:
        return Highlighted(_draw(listing, language, plain), too_far)
    if not _lexer_class(language):
        return Highlighted(_draw(listing, language, plain), _join(_unknown(language), too_far))
    try:
        return Highlighted(_draw(listing, language, within(seconds, runs, language, code)), too_far)
    except TimeoutError:
        slow = f"colouring this `{language}` took more than {seconds:g} s, so it is shown plain"
        return Highlighted(_draw(listing, language, plain), _join(slow, too_far), lasting=False)
    except Exception as mistake:  # noqa: BLE001 (lexers are hundreds of foreign programs, fed with anything)
        failed = f"Pygments can't colour this `{language}` ({type(mistake).__name__}), so it is shown plain"
        return Highlighted(_draw(listing, language, plain), _join(failed, too_far))


def runs(language: str, code: str) -> list[Run]:
    """Return `code`, every character of it, cut where the class changes; raise ValueError if the lexer lost some."""
    lexer = _lexer_class(language)
    assert lexer
    tokens = lexer(stripnl=False).get_tokens(code + "\n")
    merged = groupby(((_class_of(kind), text) for kind, text in tokens if text), key=lambda run: run[0])
    found = [(name, "".join(text for _, text in group)) for name, group in merged]
    if "".join(text for _, text in found) != code + "\n":
        raise ValueError("the lexer changed the text")
    name, last = found.pop()
    return [*found, (name, last[:-1])]


@lru_cache(maxsize=256)
def _lexer_class(language: str) -> Any:
    """Return Pygments' own lexer of that name, or None; what plug-ins a machine has makes no difference."""
    from pygments.lexers import find_lexer_class, get_all_lexers

    name = SYNONYMS.get(language, language)
    full = (full for full, aliases, _, _ in get_all_lexers(plugins=False) if name in map(str.lower, aliases))
    return find_lexer_class(next(full, ""))


@lru_cache(maxsize=256)
def _unknown(language: str) -> str:
    from pygments.lexers import get_all_lexers

    known = {alias for _, aliases, _, _ in get_all_lexers(plugins=False) for alias in aliases} | PLAIN
    telling = sorted(name for name in known if len(name) >= _TELLING <= len(language))
    match = nearest(language, telling, _ALIKE)
    return f"unknown language `{language}`" + (f", did you mean `{match}`?" if match else ", so it is shown plain")


@lru_cache(maxsize=512)
def _class_of(kind: Any) -> str:
    """Return the class of a token type, or of the nearest type above it that has one."""
    from pygments.token import STANDARD_TYPES

    while kind not in STANDARD_TYPES:
        kind = kind.parent
    return "" if STANDARD_TYPES[kind] in UNCOLOURED else STANDARD_TYPES[kind]


def _draw(listing: Listing, language: str, coloured: list[Run]) -> str:
    """Return the whole element; a line is an element of its own only where that is needed."""
    lined = listing.numbered or listing.marked or listing.compared
    inner = "\n".join(_lines(coloured, listing)) if lined else "".join(_span(*run) for run in coloured)
    label = escape(language)
    start = f' style="counter-reset:line {listing.numbered - 1}"' if listing.numbered > 1 else ""
    caption = f"<figcaption>{escape(listing.title)}</figcaption>" if listing.title else ""
    return (
        f'<figure class="code{" numbered" if listing.numbered else ""}">{caption}'
        + (
            f'<pre tabindex="0" data-lang="{label}"><code class="language-{label}"'
            if label
            else '<pre tabindex="0"><code'
        )
        + f"{start}>{inner}</code></pre></figure>"
    )


def _span(name: str, text: str) -> str:
    return f'<span class="{name}">{escape(text, quote=False)}</span>' if name and text else escape(text, quote=False)


def _lines(coloured: list[Run], listing: Listing) -> Iterator[str]:
    signs = [line[:1] for line in listing.code.split("\n")] if listing.compared else []
    for number, line in enumerate(_split(coloured), 1):
        sign = signs[number - 1] if listing.compared else ""
        shown = f'<span class="sign">{sign if sign in _COMPARED else " "}</span>{line}' if listing.compared else line
        if sign in _COMPARED:
            yield f'<{_COMPARED[sign]} class="line">{shown}</{_COMPARED[sign]}>'
        elif number in listing.marked:
            yield f'<mark class="line">{shown}</mark>'
        elif listing.numbered:
            yield f'<span class="line">{shown}</span>'
        else:
            yield shown


def _uncompared(listing: Listing) -> str:
    """Return the code without the signs of a comparison before its lines."""
    code = listing.code.removesuffix("\n")
    if not listing.compared:
        return code
    return "\n".join(line[1:] if line[:1] in {" ", *_COMPARED} else line for line in code.split("\n"))


def _split(coloured: list[Run]) -> list[str]:
    """Return the HTML of each line: no element reaches over a line's end."""
    lines: list[list[str]] = [[]]
    for name, text in coloured:
        first, *rest = text.split("\n")
        lines[-1].append(_span(name, first))
        lines.extend([_span(name, part)] for part in rest)
    return ["".join(parts) for parts in lines]


def _too_far(marked: tuple[int, ...], lines: int) -> str:
    beyond = [number for number in marked if number > lines]
    return f"line {beyond[0]} is to be marked, but this code ends at line {lines}" if beyond else ""


def _join(*messages: str) -> str:
    return "; ".join(filter(None, messages))
