"""Read a source file: its front matter becomes a card, key by key; the rest is its text."""

from __future__ import annotations

import posixpath
from datetime import datetime, tzinfo
from typing import Literal, NamedTuple

from msgspec import Struct

from bifolium import dates, urls
from bifolium.cards import names, values
from bifolium.cards.names import Name
from bifolium.cards.sheet import Sheet
from bifolium.frontmatter import Place, Source, split
from bifolium.model import Card, Post
from bifolium.problems import Problem, error
from bifolium.settings import Settings

Kind = Literal["post", "draft", "page"]


class ReadingOptions(Struct, frozen=True):
    """What a file's folder and the settings say of it. `folder` is relative to the site, empty for the site itself."""

    kind: Kind = "post"
    folder: str = "posts"
    permalink: str = "date"
    timezone: str = "UTC"
    language: str = "en"


class Reading(NamedTuple):
    """A file, read: its post, or None if a problem is an error."""

    post: Post | None
    problems: tuple[Problem, ...] = ()


def reading_options(kind: Kind, settings: Settings) -> ReadingOptions:
    """Return the options for the files of one kind."""
    folders = settings.folders
    folder = posixpath.normpath({"post": folders.posts, "draft": folders.drafts, "page": folders.pages}[kind])
    pattern = settings.urls.pages if kind == "page" else settings.urls.permalink
    return ReadingOptions(kind, "" if folder == "." else folder, pattern, settings.timezone, settings.language)


def read(path: str, data: bytes, options: ReadingOptions) -> Reading:
    """Return the post that `data` holds, with the warnings it gives, or every error in its front matter.

    `options.timezone` must exist (ValueError or KeyError): settings are checked before anything is read.
    """
    source = split(path, data)
    if not isinstance(source, Source):
        return Reading(None, source)
    sheet = Sheet(source)
    card = _card(sheet, options)
    problems = sheet.told()
    if any(problem.severity == "error" for problem in problems):
        return Reading(None, problems)
    return Reading(Post(card, source.text, source.first_line), problems)


def _card(sheet: Sheet, options: ReadingOptions) -> Card:
    """Return the card of a source, with defaults where its front matter is silent or wrong."""
    path = sheet.source.path
    zone = dates.zone(options.timezone)
    file = names.take_apart(path, options.folder, dated=options.kind != "page")
    moment = _in_zone(_moment(sheet, file, options), zone)
    updated = _in_zone(sheet.get("updated", values.moment(zone), None), zone)
    slug = sheet.get("slug", values.text, "") or file.slug
    title = _title(sheet) or names.humanised(slug)
    categories = sheet.get("categories", values.texts if sheet.name("categories") == "category" else values.words, ())
    weight = sheet.get("weight", values.integer, 0)
    return Card(
        order=(0, -dates.seconds(moment), weight, path) if moment else (1, 0.0, weight, path),
        path=path,
        kind="page" if options.kind == "page" else "post",
        url=_own_url(sheet)
        or urls.permalink(
            sheet.get("permalink", values.address, "") or options.permalink,
            date=moment,
            slug=slug,
            categories=categories,
            path=file.inner,
        ),
        title=title,
        date=dates.rfc3339(moment),
        updated=dates.rfc3339(updated),
        slug=slug,
        categories=categories,
        tags=sheet.get("tags", values.texts if sheet.name("tags") == "tag" else values.words, ()),
        series=sheet.get("series", values.single, ""),
        weight=weight,
        language=sheet.get("language", values.text, "").replace("_", "-") or options.language,
        description=sheet.get("description", values.text, ""),
        authors=sheet.get("authors", values.people, ()),
        image=sheet.get("image", values.picture, ""),
        layout=sheet.get("layout", values.text, "").removesuffix(".html"),
        aliases=tuple(dict.fromkeys(urls.alias(url) for url in sheet.get("aliases", values.addresses, ()))),
        draft=_is_draft(sheet, options),
        toc=sheet.get("toc", values.switch, None),
        math=sheet.get("math", values.switch, True),
        comments=sheet.get("comments", values.switch, True),
        extra={key: values.anything(field) for key, field in sheet.rest.items()},
    )


def _title(sheet: Sheet) -> str:
    """Return the title that the front matter or the first heading gives; `# 1` after a blank is YAML's comment."""
    comment = sheet.comment_after("title")
    if comment:
        message, hint = "the title ends where a comment begins", "put quotes around the title if this belongs to it"
        sheet.tell(sheet.source.problem(comment, "comment", message, hint)._replace(severity="warning"))
    return sheet.get("title", values.text, "") or names.first_heading(sheet.source.text)


def _moment(sheet: Sheet, file: Name, options: ReadingOptions) -> datetime | None:
    """Return the date that front matter, file name or address give, in this order."""
    zone = dates.zone(options.timezone)
    if sheet.has("date") or options.kind == "page":
        return sheet.get("date", values.moment(zone), None)
    written = file.date or names.date_in_url(sheet.get("permalink", values.address, ""))
    found = dates.parse(written, zone)
    if isinstance(found, datetime):
        return found
    if file.date:
        sheet.tell(_wrong_name(sheet.source.path, file, found))
    elif not _is_draft(sheet, options):
        sheet.tell(_no_date(sheet.source, file))
    return None


def _wrong_name(path: str, file: Name, wrong: str) -> Problem:
    message = f"found `{file.date}` in the file's name, but {wrong}"
    return error(path, 0, 0, "wrong-value", message, "rename the file, or write a `date` in its front matter")


def _no_date(source: Source, file: Name) -> Problem:
    line = "date = 2026-11-23" if source.head.startswith("+") else "date: 2026-11-23"
    hint = f"write `{line}` in its front matter, or name the file `2026-11-23-{file.slug}.md`"
    message = "this post has no date, so it stands after all others"
    return source.problem(Place(1, 1), "no-date", message, hint)._replace(severity="warning")


def _is_draft(sheet: Sheet, options: ReadingOptions) -> bool:
    """Tell whether the post is a draft: by its folder, by `draft: true` or by `published: false`."""
    said = sheet.get("draft", values.switch, None)
    return options.kind == "draft" or (said is not None and said == (sheet.name("draft") == "draft"))


def _own_url(sheet: Sheet) -> str:
    """Return the address that the front matter gives, unless that is a pattern; Zola's `path` is a folder."""
    given = sheet.get("permalink", values.address, "")
    if not given or ":" in given:
        return ""
    is_folder = sheet.name("permalink") == "path" and not given.lower().endswith(urls.DOCUMENTS)
    return urls.explicit(given, folder=is_folder)


def _in_zone(moment: datetime | None, zone: tzinfo) -> datetime | None:
    """Return `moment` in the site's zone, in which Jekyll makes its URLs and shows its dates."""
    try:
        return moment and moment.astimezone(zone)
    except OverflowError:  # within a day of the years 1 and 9999
        return moment
