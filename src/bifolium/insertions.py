"""What Jekyll's tags may put into a text: values of the settings and of the text's card, and the site's snippets."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

from bifolium import markdown as md
from bifolium.folders import inside
from bifolium.frontmatter.characters import FORBIDDEN, decode
from bifolium.model import Card, Post
from bifolium.problems import Problem
from bifolium.settings import Settings


def of(post: Post, settings: Settings, snippets: Mapping[str, str]) -> md.Liquid:
    """Return what may be put into `post`: only what it names, and nothing unless kramdown is the flavour."""
    if settings.markdown.flavour != "kramdown" or not ("{{" in post.text or "{%" in post.text):
        return md.Liquid()
    values = _of_site(settings) | _of_page(post.card)
    fit = {
        name: FORBIDDEN.sub("\ufffd", value) for name, value in values.items()
    }  # addresses may decode to any character
    return md.gather(post.text, fit, snippets, settings.folders.posts)


def by_name(files: Mapping[str, bytes], folder: str) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """Return the snippets by the names that `{% include %}` uses: their paths below `folder`; and what is no text."""
    texts = {inside(path, folder): decode(path, data) for path, data in files.items()}
    problems = [problem for text in texts.values() if not isinstance(text, str) for problem in text]
    return {name: text for name, text in texts.items() if isinstance(text, str)}, tuple(problems)


def _of_site(settings: Settings) -> dict[str, str]:
    parts = urlsplit(settings.base_url)
    return {
        "site.title": settings.title,
        "site.description": settings.tagline,
        "site.author": settings.author,
        "site.lang": settings.language,
        "site.baseurl": parts.path.rstrip("/"),
        "site.url": f"{parts.scheme}://{parts.netloc}" if parts.netloc else "",
    }


def _of_page(card: Card) -> dict[str, str]:
    others = {f"page.{key}": value for key, value in card.extra.items() if isinstance(value, str)}
    return others | {
        "page.title": card.title,
        "page.url": unquote(card.url),
        "page.date": card.date,
        "page.slug": card.slug,
        "page.path": card.path,
        "page.author": ", ".join(card.authors),
        "page.description": card.description,
        "page.categories": ", ".join(card.categories),
        "page.category": card.categories[0] if card.categories else "",
        "page.tags": ", ".join(card.tags),
        "page.lang": card.language,
        "page.layout": card.layout,
    }
