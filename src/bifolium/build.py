"""Build a site: the one file to read. `build` reads the phases aloud; each is a function from values to values.

The same functions serve the first build, the next one and the preview: what was done before is remembered by
value, so there is no second, quicker path that could be wrong.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from bifolium import (
    data,
    engine,
    folders,
    highlight,
    images,
    layout,
    ledger,
    links,
    pages,
    publish,
    reading,
    sources,
    texts,
    theming,
    workshop,
)
from bifolium.dress import Sizes
from bifolium.folders import Sorted
from bifolium.ledger import Ledger
from bifolium.links import Resolution
from bifolium.model import Card, Stamp, Tree
from bifolium.pages import Press, Sheet
from bifolium.plan import arrange
from bifolium.problems import Problem, SiteError
from bifolium.publish import Content, Copy
from bifolium.site import Site
from bifolium.sources import Scanned
from bifolium.store import read_state, write_state
from bifolium.texts import Texts
from bifolium.workshop import Progress, Workshop, unseen


class Report(NamedTuple):
    """What a build did. `made` has each page that was laid out, with the reason; `done` counts work by its name."""

    problems: tuple[Problem, ...]
    published: bool
    pages: int = 0
    made: dict[str, str] = {}  # noqa: RUF012 (never assigned to)
    written: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    done: dict[str, int] = {}  # noqa: RUF012


class Wanted(NamedTuple):
    """What the output is to hold: new content, and what stays as its stamp says."""

    changes: dict[str, Content]
    keep: dict[str, Stamp]


def build(site: Site, progress: Progress = unseen) -> Report:
    """Build `site` and publish it, unless it has errors (if strict: any problem); then the old one stays untouched."""
    refuse_output(site)
    publish.recover(site.output, site.state)
    with workshop.opened(site.state, (engine.identity(), highlight.identity()), site.wishes.jobs, progress) as shop:
        before = ledger.decode(read_state(site.state / "ledger"), shop.epoch + site.digest)
        found = sources.scan(site.folder, site.settings.folders)
        intact = untouched(site, before)
        if nothing_happened(site, before, found.tree, intact):
            return Report(before.problems, is_good(site, before.problems), len(before.pages))
        return build_anew(site, shop, before, found, intact)


def build_anew(site: Site, shop: Workshop, before: Ledger, found: Scanned, intact: Mapping[str, Stamp]) -> Report:
    """Build what changed since `before`: read, arrange, render, resolve, lay out, publish."""
    files = folders.sort(found.tree, site.settings.folders)
    same = ledger.unchanged(before, found.tree)

    read = reading.read(site, files.texts, before, same)
    every = [it.card for it in read.readings.values() if it.card]
    cards = [card for card in every if reading.visible(card, site)]
    plan, clashes = arrange(cards, published_files(files, every, cards), site.settings)

    rendered = texts.render(site, shop, cards, read.readings, read.posts)
    resolutions = {card.path: links.resolve(card, rendered.gists[card.path], plan) for card in cards}
    sizes = measure(site, resolutions, before, same)

    furnished = theming.furnish(site.folder, files.templates, site.settings)
    values, unreadable = data.gather(
        ((path, sources.read(site.folder, path)) for path in files.data), site.settings.folders.data
    )
    press = Press(site, plan, rendered.gists, resolutions, sizes_of(sizes), furnished, values)
    sheets = list(pages.survey(press))
    stale = [sheet for sheet in sheets if is_stale(sheet, before, intact)]
    made, failures = print_sheets(site, shop, press, rendered, stale)

    problems = in_order(
        site.notes,
        found.problems,
        files.problems,
        clashes,
        unreadable,
        failures,
        *(it.problems for it in read.readings.values()),
        *(gist.problems for gist in rendered.gists.values()),
        *(complain(site, card, press, sizes) for card in cards),
    )
    if not is_good(site, problems):
        return Report(problems, published=False, pages=len(sheets), done=dict(shop.done))

    wanted = gather(site, press, before, intact, same, sheets, made)
    published = publish.publish(site.output, wanted.changes, wanted.keep, site.state, about(site))
    readings = {path: it._replace(gist=rendered.gists.get(path, it.gist)) for path, it in read.readings.items()}
    after = Ledger(
        epoch=before.epoch,
        taken=found.taken,
        due=next_due(site, every),
        tree=found.tree,
        readings=readings,
        sizes=sizes,
        copies={output: path for path, output in pages.files(press)},
        pages={sheet.page.url: sheet.signature for sheet in sheets},
        outputs=published.stamps,
        problems=problems,
    )
    write_state(site.state / "ledger", ledger.encode(after))
    why = {sheet.page.url: ledger.why(before.pages.get(sheet.page.url), sheet.signature) for sheet in stale}
    return Report(problems, True, len(sheets), why, published.written, published.deleted, dict(shop.done))


def catalogue(site: Site) -> tuple[list[Card], tuple[Problem, ...]]:
    """Return the cards of all posts and pages of this build in site order, and what is wrong with their files."""
    found = sources.scan(site.folder, site.settings.folders)
    files = folders.sort(found.tree, site.settings.folders)
    read = reading.read(site, files.texts, Ledger(), ())
    cards = sorted(it.card for it in read.readings.values() if it.card and reading.visible(it.card, site))
    return cards, in_order(found.problems, files.problems, *(it.problems for it in read.readings.values()))


def refuse_output(site: Site) -> None:
    """Raise SiteError if the finished site can't go where it is to go."""
    names = site.settings.folders
    inner = (names.posts, names.drafts, names.pages, names.images, names.static, names.templates, names.data)
    places = {site.state, *(site.folder / name for name in inner)} - {site.folder / "."}
    if problem := publish.check_output(site.folder, site.output, sorted(places), site.home):
        raise SiteError([problem])


def untouched(site: Site, before: Ledger) -> dict[str, Stamp]:
    """Return those files of the last build that still stand in the output as it left them."""
    now = publish.look(site.output, before.outputs)
    return {path: stamp for path, stamp in before.outputs.items() if now.get(path) == stamp}


def nothing_happened(site: Site, before: Ledger, tree: Tree, intact: Collection[str]) -> bool:
    """Tell whether a build would do nothing: every input and output is as it was, and no hidden post is due."""
    if not before.taken or len(intact) != len(before.outputs) or len(tree) != len(before.tree):
        return False
    due = bool(before.due) and datetime.fromisoformat(before.due) <= datetime.fromisoformat(site.wishes.now)
    return not due and len(ledger.unchanged(before, tree)) == len(tree)


def next_due(site: Site, cards: Iterable[Card]) -> str:
    """Return the date of the first post that only time keeps out of the site."""
    hidden = (card.date for card in cards if reading.is_future(card, site) and not reading.visible(card, site))
    return min(hidden, key=datetime.fromisoformat, default="")


def published_files(files: Sorted, every: Iterable[Card], cards: Iterable[Card]) -> list[str]:
    """Return the files that are published as they are: not those in the bundle of a post that isn't."""
    hidden = {card.path for card in every} - {card.path for card in cards}
    bundles = tuple(path.rpartition("/")[0] + "/" for path in hidden if path.rpartition("/")[2].startswith("index."))
    return [path for path in files.files if not path.startswith(bundles)]


def measure(
    site: Site, resolutions: Mapping[str, Resolution], before: Ledger, same: Collection[str]
) -> dict[str, tuple[int, int, str]]:
    """Return width, height and what is wrong of every picture that a text shows."""
    shown = {found.path for it in resolutions.values() for found in it.images.values() if found and found.path}
    known = {path: before.sizes[path] for path in shown if path in same and path in before.sizes}
    return known | {path: images.measure(site.folder / path) for path in sorted(shown - known.keys())}


def sizes_of(measured: Mapping[str, tuple[int, int, str]]) -> Sizes:
    """Return the sizes of the pictures that have one."""
    return Sizes({path: (width, height) for path, (width, height, _) in measured.items() if width and height})


def is_stale(sheet: Sheet, before: Ledger, intact: Collection[str]) -> bool:
    """Tell whether a page must be made: what it is made from changed, or its file did."""
    return before.pages.get(sheet.page.url) != sheet.signature or sheet.output not in intact


def print_sheets(
    site: Site, shop: Workshop, press: Press, rendered: Texts, stale: Collection[Sheet]
) -> tuple[dict[str, bytes], list[Problem]]:
    """Return the bytes of the stale pages by URL, and what is wrong with their templates."""
    shown = (path for sheet in stale for path in pages.paths_of(sheet.page))
    loaded = texts.load(site, shop, rendered, press.plan, shown)
    return pages.make(press, (sheet.page for sheet in stale), loaded.bodies, loaded.insets)


def complain(site: Site, card: Card, press: Press, sizes: Mapping[str, tuple[int, int, str]]) -> Iterator[Problem]:
    """Yield what is wrong with a text's links, pictures and layout."""
    gist, resolution, theme = press.gists[card.path], press.resolutions[card.path], press.furnished.theme
    found = links.missing(card, resolution, gist, press.plan)
    for image in gist.images:
        target = resolution.images[image.target]
        if target and target.path and (wrong := sizes[target.path][2]):
            found.append(Problem(card.path, image.line, image.column, "picture", wrong))
    if found:
        lines = sources.lines(site.folder, card.path)
        yield from (it._replace(source=lines[it.line - 1] if 0 < it.line <= len(lines) else "") for it in found)
    if card.layout and f"{card.layout}.html" not in theme.templates:
        yield layout.unknown_layout(card.path, card.layout, theme)


def in_order(*groups: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return all problems once each, in the order of their places."""
    return tuple(sorted({problem for group in groups for problem in group}))


def is_good(site: Site, problems: Iterable[Problem]) -> bool:
    """Tell whether a site with these problems may be published."""
    return not any(site.wishes.strict or problem.severity == "error" for problem in problems)


def gather(
    site: Site,
    press: Press,
    before: Ledger,
    intact: Mapping[str, Stamp],
    same: Collection[str],
    sheets: Iterable[Sheet],
    made: Mapping[str, bytes],
) -> Wanted:
    """Return everything that the output is to hold: pages, published files, the theme's files."""
    wanted = Wanted({}, {})
    for sheet in sheets:
        _want(wanted, sheet.output, made.get(sheet.page.url), intact)
    for path, output in pages.files(press):
        kept = path in same and before.copies.get(output) == path and output in intact
        _want(wanted, output, None if kept else Copy(site.folder / path), intact)
    for output, content in pages.theme_files(press):
        new = content if isinstance(content, bytes) else Copy(content)
        _want(wanted, output, None if output in intact else new, intact)
    return wanted


def _want(wanted: Wanted, output: str, new: Content | None, intact: Mapping[str, Stamp]) -> None:
    if new is None:
        wanted.keep[output] = intact[output]
    else:
        wanted.changes[output] = new


def about(site: Site) -> dict[str, str]:
    """Return what a finished site says of itself, so that nobody publishes one with drafts or for another address."""
    wishes = site.wishes
    return {"base_url": site.settings.base_url, "drafts": str(wishes.drafts or wishes.future).lower()}
