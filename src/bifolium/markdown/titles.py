r"""Formulas in what is no Markdown: titles and descriptions of front matter, captions. All else in them is text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from html import escape

from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.tex import Formulas, Span
from bifolium.math.readable import readable
from bifolium.model import Formula, Fragment, mark


def split(text: str, options: MarkdownOptions) -> Iterator[str | Span]:
    r"""Yield the parts of `text`: words, and the spans of its formulas; `\$` is a dollar where formulas are read."""
    if not options.math:
        yield text
        return
    formulas = Formulas(text)
    begun = at = 0
    while at < len(text):
        span = _formula_at(formulas, text, at, options)
        if span is None:
            at += 2 if text[at] == "\\" else 1
            continue
        yield text[begun:at].replace("\\$", "$")
        yield span
        begun = at = span.end
    yield text[begun:].replace("\\$", "$")


def marked(text: str, options: MarkdownOptions, formula: Callable[[str], str]) -> str:
    """Return `text` as HTML; `formula` gives what stands for a formula's TeX."""
    return "".join(
        escape(part) if isinstance(part, str) else formula(text[part.start : part.stop])
        for part in split(text, options)
    )


def is_plain(text: str) -> bool:
    """Tell at once that `text` has no formulas, as most titles."""
    return "$" not in text and "\\" not in text


@lru_cache(maxsize=4096)
def title_fragment(text: str, options: MarkdownOptions) -> Fragment:
    """Return a title as HTML with markers for its formulas, all of them inline."""
    found: list[Formula] = []

    def hole(tex: str) -> str:
        found.append(Formula(tex, False, 0, 0))
        return mark("F", len(found) - 1)

    html = marked(text, options, hole)
    return Fragment(html, formulas=tuple(found))


@lru_cache(maxsize=4096)
def plain_title(text: str, options: MarkdownOptions) -> str:
    """Return a title as plain text, its formulas as readable as Unicode can make them."""
    parts = split(text, options)
    return "".join(part if isinstance(part, str) else readable(text[part.start : part.stop]) for part in parts)


def _formula_at(formulas: Formulas, text: str, at: int, options: MarkdownOptions) -> Span | None:
    if text[at] == "$":
        if text.startswith("$$", at):
            return formulas.doubled(at, len(text)) if options.double_dollars else None
        return formulas.single(at, len(text)) if options.dollars else None
    is_bracket = text.startswith(("\\(", "\\["), at) and options.brackets
    return formulas.bracketed(at, len(text)) if is_bracket else None
