"""From a text to its Body: read once, written twice (in full, and as a summary)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from markdown_it.common.utils import escapeHtml
from markdown_it.token import Token

from bifolium.markdown.cjk import Length, count
from bifolium.markdown.dialect import dialect
from bifolium.markdown.ids import ids_of
from bifolium.markdown.liquid import Liquid
from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.outline import outline_of, toc_html
from bifolium.markdown.places import Places
from bifolium.markdown.plain import prose
from bifolium.markdown.rules.toc import HERE
from bifolium.markdown.sheet import Env, Holes, Sheet
from bifolium.markdown.summary import summary_of
from bifolium.model import Body, Fragment, Image
from bifolium.policy import needs_of
from bifolium.problems import Problem
from bifolium.urls import is_external

EMBLEMS = 4
_NO_LIQUID = Liquid()


def render(text: str, first_line: int, options: MarkdownOptions, liquid: Liquid = _NO_LIQUID) -> Body:
    """Return the Body of `text`, whose first line is line `first_line` of its file. Raises nothing for any text.

    `liquid` is what Jekyll's tags may put in.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    parser = dialect(options)
    sheet = Sheet(Places(text, first_line))
    env: Env = {"sheet": sheet, "holes": Holes(), "liquid": liquid}
    tokens = parser.parse(text, env)
    html = parser.renderer.render(tokens, parser.options, env)
    outline = outline_of(parser, tokens, env)
    for tag, here in HERE.items():
        if here in html:
            html = html.replace(here, toc_html(outline, tag))
    content = env["holes"].fragment(html)
    labels = env["holes"].labels(sheet.labels)
    env["holes"] = Holes(content.definitions)
    summary = parser.renderer.render(summary_of(tokens, options.summary), parser.options, env)
    return Body(
        content,
        env["holes"].fragment(summary)._replace(images=_emblems(content.images)),
        outline,
        *_length(tokens),
        problems=tuple(sorted(sheet.problems)),
        ids=ids_of(content),
        labels=labels,
        needs=needs_of(content),
    )


def _emblems(images: Iterable[Image]) -> tuple[Image, ...]:
    """Return the site's own pictures from which one is taken to stand for the text elsewhere."""
    own = dict.fromkeys(image.target for image in images if not is_external(image.target))
    return tuple(Image(target, "", "", (), False, 0, 0) for target in islice(own, EMBLEMS))


def unread(text: str, problem: Problem) -> Body:
    """Return the Body of a text that could not be read for the reason that `problem` tells: it stays as it is."""
    return Body(Fragment(f"<pre>{escapeHtml(text)}</pre>\n"), Fragment(), problems=(problem,))


def _length(tokens: Sequence[Token]) -> Length:
    """Return how much there is to read; code, formulas and pictures don't count."""
    return count("\n".join(prose(token.children) for token in tokens if token.type == "inline"))
