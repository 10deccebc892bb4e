"""What search engines read in a page: schema.org's BlogPosting, WebSite and BreadcrumbList, as JSON-LD.

It is a block of data, which no browser runs, so a strict content security policy lets it be.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime

from markupsafe import Markup

from bifolium.views import PageView, PostView, SiteView

_SPECIAL = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}  # no text can end the block


def linked_data(page: PageView, site: SiteView) -> Markup:
    """Return a page's description as JSON, safe inside of a `script` element; empty if the site's place is unknown."""
    if not site.base_url:
        return Markup()
    graph = [_filled(thing) for thing in _things(page, site)]
    told = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False, separators=(",", ":"))
    return Markup(told.translate(_SPECIAL))  # noqa: S704 (no `<` is left)


def _things(page: PageView, site: SiteView) -> Iterator[Mapping[str, object]]:
    if isinstance(page, PostView):
        yield _post(page, site)
    elif page.kind == "home":
        yield {"@type": "WebSite", "name": site.title, "description": site.tagline, "url": page.canonical}
    if page.trail:
        yield {"@type": "BreadcrumbList", "itemListElement": list(_crumbs(page, site))}


def _post(page: PostView, site: SiteView) -> Mapping[str, object]:
    return {
        "@type": "BlogPosting" if page.kind == "post" else "WebPage",
        "headline": page.title,
        "description": page.description,
        "url": page.canonical,
        "mainEntityOfPage": page.canonical,
        "image": site.origin + page.image if page.image.startswith("/") else page.image,
        "datePublished": _moment(page.date),
        "dateModified": _moment(page.updated or page.date),
        "inLanguage": page.language,
        "wordCount": page.words,
        "keywords": [tag.name for tag in page.tags],
        "articleSection": [category.name for category in page.categories],
        "author": [{"@type": "Person", "name": name} for name in page.authors],
    }


def _crumbs(page: PageView, site: SiteView) -> Iterator[Mapping[str, object]]:
    for number, link in enumerate(page.trail, start=1):
        yield {"@type": "ListItem", "position": number, "name": link.name, "item": site.origin + link.url}
    if page.title:
        yield {"@type": "ListItem", "position": len(page.trail) + 1, "name": page.title}


def _moment(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _filled(values: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in values.items() if value}
