"""Phase three: from the Plan to the output's files, made anew only where something that shows in them changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from markupsafe import Markup

from bifolium import comments, diagrams, dress, feeds, figures, labels, layout, memo, policy, present, urls
from bifolium.claims import Route, output_of
from bifolium.cut import cut, shown
from bifolium.dress import Insets
from bifolium.feeds import sitemap
from bifolium.ledger import Gist, Signature
from bifolium.markdown import is_plain, markdown_options, portable, title_fragment
from bifolium.model import Body, Card, FeedPage, HeadersPage, Page, PostPage, RobotsPage, SitemapPage
from bifolium.plan import Plan, card_of
from bifolium.present import Material, Presenter
from bifolium.press import Press
from bifolium.problems import Problem, SiteError
from bifolium.views import PageView, PostView


class Leaf(NamedTuple):
    """A page of the site: its address, where it goes, and the digests of all that it is made from."""

    url: str
    output: str
    signature: Signature


def survey(press: Press, before: Mapping[str, Signature], plan_is_old: bool) -> Iterator[Leaf]:
    """Yield every page of the site; while the Plan is that of last time, no page has to be cut to know its digest."""
    for url, route in press.plan.routes.items():
        if route.kind != "file":
            old = before.get(url) if plan_is_old and route.kind != "equations" else None
            page = old.page if old else _page_digest(press, url)
            yield Leaf(url, output_of(url, route), signature(press, route, page))


def leaf(press: Press, url: str) -> Leaf:
    """Return the page at `url`."""
    route = press.plan.routes[url]
    return Leaf(url, output_of(url, route), signature(press, route, _page_digest(press, url)))


def sources_of(press: Press, leaves: Iterable[Leaf]) -> Iterator[str]:
    """Yield the sources whose texts `leaves` show."""
    for leaf in leaves:
        yield from _shown(press, press.plan.routes[leaf.url])


def files(press: Press) -> Iterator[tuple[str, str]]:
    """Yield the source and the output path of every file that is published as it is."""
    left_out = press.unused if press.site.settings.images.unused == "skip" else ()
    for path, url in press.plan.files.items():
        if path not in left_out:
            yield path, output_of(url, press.plan.routes[url])


def pictures(press: Press) -> Iterator[tuple[str, str, str]]:
    """Yield the output path of each file beside a picture, its path, and the file's name in the album if any."""
    for path, picture in press.pictures.items():
        url = press.plan.files.get(path, "")
        for beside, name in figures.files(url, path, picture) if url else ():
            yield urls.file_path(beside), path, name


def theme_files(press: Press) -> Iterator[tuple[str, bytes | Path]]:
    """Yield the output path and the content of the theme's files; KaTeX's and Mermaid's only if a page needs them."""
    wanted: Mapping[str, bytes | Path] = {**press.furnished.files, **press.brand.files}
    if any(gist.math for gist in press.gists.values()) or _is_titled_with_math(press):
        wanted = {**wanted, **press.furnished.math_files}
    if any(gist.diagrams for gist in press.gists.values()):
        diagrams.check()
        wanted = {**wanted, **press.furnished.diagram_files}
    for url, content in wanted.items():
        yield urls.file_path(url), content


def remembered(press: Press, leaves: Iterable[Leaf], fleeting: frozenset[str]) -> Iterator[tuple[str, Signature]]:
    """Yield the signatures of the pages that need not be made again: not of those that show a `fleeting` text."""
    for leaf in leaves:
        if not fleeting or fleeting.isdisjoint(_shown(press, press.plan.routes[leaf.url])):
            yield leaf.url, leaf.signature


def signature(press: Press, route: Route, page: bytes) -> Signature:
    """Return the digests of everything that the page of `route` is made from; `page` is that of its values."""
    template = template_of(press, route)
    paths = _shown(press, route)
    whole = route.kind in {"post", "equations", "atom", "rss", "json"}
    return Signature(
        page=page,
        texts=b"".join(_text_digest(press.gists[path], whole=whole) for path in paths),
        references=b"".join(map(press.references, paths)) + _beside(press, route),
        template=press.furnished.theme.digests.get(template, b"") if template else b"",
        site=press.site_digest if template else b"",
    )


def _beside(press: Press, route: Route) -> bytes:
    """Return the digest of what a page shows of texts that are not its own: those that link to it, their pictures."""
    match route.kind:
        case "post" if found := press.backlinks.get(route.key):
            return memo.digest(found)
        case "sitemap":
            return memo.digest(sorted(press.pictures_of.items()))
        case "atom" | "rss":
            return memo.digest(press.furnished.theme.assets.get(feeds.STYLESHEET, ""))
    return b""


def _text_digest(gist: Gist, *, whole: bool) -> bytes:
    return gist.body + gist.macros if whole else gist.summary


def template_of(press: Press, route: Route) -> str:
    """Return the name of the template that lays a page out; feeds and the like have none."""
    theme = press.furnished.theme
    match route.kind:
        case "post":
            card = card_of(press.plan, route.key)
            return layout.template_for(card.kind, card.layout, theme) if card else ""
        case "list":
            return layout.template_for(press.plan.shelves[route.key].kind, "", theme)
        case "terms" | "equations" | "redirect" | "missing":
            return layout.template_for({"missing": "404"}.get(route.kind, route.kind), "", theme)
    return ""


def _shown(press: Press, route: Route) -> Sequence[str]:
    """Return the sources whose texts the page of `route` shows, whole or in part."""
    if route.kind == "equations":
        return [path for path, gist in press.gists.items() if any(it.kind == "equation" for it in gist.labels)]
    return shown(press.plan, route, press.site.settings)


def _is_titled_with_math(press: Press) -> bool:
    cards = (*press.plan.posts, *press.plan.pages.values())
    settings = press.site.settings
    return any(
        title_fragment(text, markdown_options(settings, {}, wanted=card.math)).formulas
        for card in cards
        for text in (card.title, card.description)
        if not is_plain(text)
    )


def _page(press: Press, url: str) -> Page | None:
    if press.plan.routes[url].kind == "equations":
        return labels.equations(url, _cards(press.plan), press.gists, press.labels)
    return cut(press.plan, url, press.site.settings)


def _cards(plan: Plan) -> dict[str, Card]:
    return {card.path: card for card in sorted((*plan.posts, *plan.pages.values()))}


def _page_digest(press: Press, url: str) -> bytes:
    page = _page(press, url)
    return memo.digest((type(page).__name__, page))


def presenter_of(press: Press, bodies: Mapping[str, Body], insets: Insets) -> Presenter:
    """Return what presents the site's pages, as far as they show `bodies`."""
    material = Material(bodies, press.resolutions, insets, press.pictures)
    settings = press.site.settings
    return Presenter(settings, material, urls.placed_at(settings.base_url), press.furnished.theme.words_in, {})


def make(press: Press, presenter: Presenter, wanted: Iterable[str]) -> tuple[dict[str, bytes], list[Problem]]:
    """Return the bytes of the pages at the URLs that are `wanted`, and the problems of templates that fail."""
    made: dict[str, bytes] = {}
    problems: dict[Problem, None] = {}
    for url in wanted:
        page = _complete(press, _page(press, url))
        try:
            if page:
                made[url] = _bytes(press, page, template_of(press, press.plan.routes[url]), presenter)
        except SiteError as failed:
            problems |= dict.fromkeys(failed.problems)
    return made, list(problems)


def _complete(press: Press, page: Page | None) -> Page | None:
    """Return `page` with what it shows of texts that are not its own."""
    match page:
        case PostPage():
            return page._replace(backlinks=press.backlinks.get(page.card.path, ()))
        case SitemapPage():
            pictured = (it._replace(images=press.pictures_of.get(it.source, ())) for it in page.entries)
            return page._replace(entries=tuple(pictured))
    return page


def _bytes(press: Press, page: Page, template: str, presenter: Presenter) -> bytes:
    base_url = press.site.settings.base_url
    match page:
        case FeedPage():
            style = press.furnished.theme.assets.get(feeds.STYLESHEET, "")
            contents = _contents(page, presenter, base_url)
            return feeds.write(presenter.plainly(page), contents, press.site.settings, style)
        case SitemapPage():
            return sitemap.sitemap(page, base_url)
        case RobotsPage():
            return sitemap.robots(page.sitemap, base_url)
        case HeadersPage():
            return sitemap.headers()
    view = present.view(presenter, page)
    if press.site.settings.security.policy:
        view = replace(view, policy=_policy(press, page.url, template, presenter.material.bodies, view))
    return layout.layout(view, template, press.site_view, press.furnished.theme)


def _policy(press: Press, url: str, template: str, bodies: Mapping[str, Body], view: PageView) -> Markup:
    """Return what a page's content security policy is: what its texts and templates need."""
    texts = (need for path in _shown(press, press.plan.routes[url]) for need in bodies[path].needs)
    settings = press.site.settings
    formulas = (policy.FORMULAS,) if view.math else ()
    talked_about = isinstance(view, PostView) and view.kind == "post" and view.comments
    talk = comments.needs(settings.comments) if talked_about else ()
    sought = (policy.SEARCH,) if settings.search.enabled else ()
    everywhere = (*sought, *policy.needs(settings.theme.footer), *policy.needs_of_guests(settings.theme.analytics))
    needs = (*press.furnished.theme.needs.get(template, ()), *texts, *formulas, *talk, *everywhere)
    return Markup(policy.policy(needs, settings.security.allow))  # noqa: S704 (no quote, `<` or `&` in it)


def _contents(page: FeedPage, presenter: Presenter, base_url: str) -> dict[str, str]:
    """Return the whole text of each of the feed's posts, with addresses that hold anywhere."""
    material = presenter.material
    plain = material._replace(insets=dress.for_feeds(material.insets))
    feed = presenter._replace(at=urls.placed_absolutely(base_url), material=plain, shown={}, simple=True)
    return {
        card.path: portable(str(feed.text(card.path, material.bodies[card.path].content)), feed.at(card.url))
        for card in page.cards
    }
