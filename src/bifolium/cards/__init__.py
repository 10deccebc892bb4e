"""Read a source file: its front matter becomes a card, key by key; the rest is its text."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import NamedTuple

from msgspec import Struct

from bifolium import dates, defaults, urls
from bifolium.cards import names, values
from bifolium.cards.keys import PAIRS
from bifolium.cards.matter import Matter
from bifolium.cards.names import Name
from bifolium.defaults import Given
from bifolium.folders import Kind
from bifolium.frontmatter import Source, split
from bifolium.model import Card, Post
from bifolium.placeholders import PLACEHOLDERS, unknown_placeholders
from bifolium.problems import Place, Problem, did_you_mean, error
from bifolium.sections import Defaults
from bifolium.settings import Settings

_REFERENCE = re.compile(r"\\(?:eqref|ref|[cC]ref|autoref)\{[^{}\n]{1,200}\}|\[@[a-z]+:[^\[\]\n]{1,200}\]")


class ReadingOptions(Struct, frozen=True):
    """What a file's folder and the settings say of it. `folder` is relative to the site, empty for the site itself."""

    kind: Kind = "post"
    folder: str = "posts"
    permalink: str = "date"
    timezone: str = "UTC"
    language: str = "en"
    defaults: Given = Given()
    layouts: dict[str, str] = {}


class Parsed(NamedTuple):
    """A file, read: its post, or None if a problem is an error.

    `spoilt` is what could be read of it then: enough to tell what else is wrong in its text.
    """

    post: Post | None
    problems: tuple[Problem, ...] = ()
    spoilt: Post | None = None


def reading_options(kind: Kind, settings: Settings) -> ReadingOptions:
    """Return the options for the files of one kind."""
    folders = settings.folders
    folder = posixpath.normpath({"post": folders.posts, "draft": folders.drafts, "page": folders.pages}[kind])
    pattern = settings.urls.pages if kind == "page" else settings.urls.permalink
    given = defaults.given(kind, settings.defaults)
    zone, language = settings.timezone, settings.language
    return ReadingOptions(kind, "" if folder == "." else folder, pattern, zone, language, given, settings.layouts)


def read(path: str, data: bytes, options: ReadingOptions) -> Parsed:
    """Return the post that `data` holds, with the warnings it gives, or every error in its front matter.

    `options.timezone` must exist (ValueError or KeyError): settings are checked before anything is read.
    """
    source = split(path, data)
    if not isinstance(source, Source):
        return Parsed(None, source)
    matter = Matter(source, defaults.fields(path, options.defaults))
    card = _card(matter, options)
    problems, post = matter.told(), Post(card, source.text, source.first_line)
    is_spoilt = any(problem.severity == "error" for problem in problems)
    return Parsed(None, problems, post) if is_spoilt else Parsed(post, problems)


def wrong_defaults(given: Defaults) -> Iterator[tuple[str, Problem]]:
    """Yield what is wrong with front matter that the settings give: the key, and what would be told of a text."""
    for name, value in given.values.items():
        matter = Matter(Source(given.path, "", {name: defaults.field(value, Place(1, 1))}, ""))
        _card(matter, ReadingOptions("page"))
        yield from ((name, problem) for problem in matter.told() if problem.rule == "wrong-value")


def values_at(path: str, text: str) -> dict[str, Problem]:
    """Return for each key of a text's front matter a warning at its value, whose words are still to be said."""
    source = split(path, text.encode())
    if not isinstance(source, Source):
        return {}
    matter = Matter(source)
    found = {key: source.problem(matter.place(key), "", "") for key in ("layout", "image", "title") if matter.has(key)}
    return {key: problem._replace(severity="warning") for key, problem in found.items()}


def keys_at(path: str, text: str) -> dict[str, Problem]:
    """Return for each key that is none of ours a note at its name, whose words are still to be said."""
    source = split(path, text.encode())
    rest = Matter(source).rest if isinstance(source, Source) else {}
    return {
        name: source.problem(field.key, "", "")._replace(severity="note")
        for name, field in rest.items()
        if isinstance(source, Source)
    }


def _card(matter: Matter, options: ReadingOptions) -> Card:
    """Return the card of a source, with defaults where its front matter is silent or wrong."""
    path = matter.source.path
    file = names.take_apart(path, options.folder, dated=options.kind != "page")
    moment = _in_zone(_moment(matter, file, options), dates.zone(options.timezone))
    slug = matter.get("slug", values.text, "") or file.slug
    categories = _several(matter, "categories")
    weight = matter.get("weight", values.integer, 0)
    pattern = matter.get("permalink", values.address, "") or options.permalink
    url = urls.permalink(pattern, date=moment, slug=slug, categories=categories, path=file.inner)
    card = Card(
        order=(0, -dates.seconds(moment), weight, path) if moment else (1, 0.0, weight, path),
        path=path,
        kind="page" if options.kind == "page" else "post",
        url=_own_url(matter) or url,
        title=_title(matter) or names.humanised(slug),
        date=dates.rfc3339(moment),
        slug=slug,
        categories=categories,
        weight=weight,
    )
    return _switched(_described(card, matter, options), matter, options)


def _described(card: Card, matter: Matter, options: ReadingOptions) -> Card:
    """Return `card` with what front matter says of the text beside its place in the site."""
    zone = dates.zone(options.timezone)
    return card._replace(
        updated=dates.rfc3339(_in_zone(matter.get("updated", values.moment(zone), None), zone)),
        tags=_several(matter, "tags"),
        series=matter.get("series", values.single, ""),
        language=matter.get("language", values.text, "").replace("_", "-") or options.language,
        description=_without_references(matter, "description"),
        authors=matter.get("authors", values.people, ()),
        image=matter.get("image", values.picture, ""),
        layout=_layout(matter, options),
        aliases=tuple(dict.fromkeys(urls.alias(url) for url in matter.get("aliases", values.addresses, ()))),
        extra={key: values.anything(field) for key, field in matter.rest.items()},
    )


def _switched(card: Card, matter: Matter, options: ReadingOptions) -> Card:
    """Return `card` with what front matter switches on or off."""
    return card._replace(
        draft=_is_draft(matter, options),
        toc=matter.get("toc", values.switch, None),
        math=matter.get("math", values.switch, True),
        comments=matter.get("comments", values.switch, True),
    )


def _several(matter: Matter, key: str) -> tuple[str, ...]:
    """Return the names under `key`, then that under its singular, which is one, however many blanks it has."""
    return tuple(dict.fromkeys(matter.get(key, values.words, ()) + matter.get(PAIRS[key], values.texts, ())))


def _title(matter: Matter) -> str:
    """Return the title that the front matter or the first heading gives; `# 1` after a blank is YAML's comment."""
    comment = matter.comment_after("title")
    if comment:
        message, hint = "the title ends where a comment begins", "put quotes around the title if this belongs to it"
        matter.tell(matter.source.problem(comment, "comment", message, hint)._replace(severity="warning"))
    return _without_references(matter, "title") or names.first_heading(matter.source.text)


def _without_references(matter: Matter, key: str) -> str:
    """Return a text of front matter, in which no reference works: who shows it in a list isn't on its page."""
    text = matter.get(key, values.text, "")
    if found := _REFERENCE.search(text):
        message = f"`{found[0]}` refers to nothing in a {key}: it stays as it is"
        hint = "refer to it in the text, and say in words here what it is"
        problem = matter.source.problem(matter.place(key), "reference", message)
        matter.tell(problem._replace(hint=hint, severity="warning"))
    return text


def _moment(matter: Matter, file: Name, options: ReadingOptions) -> datetime | None:
    """Return the date that front matter, file name or address give, in this order."""
    zone = dates.zone(options.timezone)
    if matter.has("date") or options.kind == "page":
        return matter.get("date", values.moment(zone), None)
    written = file.date or names.date_in_url(matter.get("permalink", values.address, ""))
    found = dates.parse(written, zone)
    if isinstance(found, datetime):
        return found
    if file.date:
        matter.tell(_wrong_name(matter.source.path, file, found))
    elif not _is_draft(matter, options):
        matter.tell(_no_date(matter.source, file))
    return None


def _wrong_name(path: str, file: Name, wrong: str) -> Problem:
    message = f"found `{file.date}` in the file's name, but {wrong}"
    return error(path, 0, 0, "wrong-value", message, "rename the file, or write a `date` in its front matter")


def _no_date(source: Source, file: Name) -> Problem:
    line = "date = 2026-11-23" if source.head.startswith("+") else "date: 2026-11-23"
    hint = f"write `{line}` in its front matter, or name the file `2026-11-23-{file.slug}.md`"
    message = "this post has no date, so it stands after all others"
    return source.problem(Place(1, 1), "no-date", message, hint)._replace(severity="warning")


def _layout(matter: Matter, options: ReadingOptions) -> str:
    """Return the layout that the text asks for, under the name that it has here."""
    wanted = matter.get("layout", values.text, "").removesuffix(".html")
    return options.layouts.get(wanted, wanted)


def _is_draft(matter: Matter, options: ReadingOptions) -> bool:
    """Tell whether the post is a draft: by its folder, by `draft: true` or by `published: false`."""
    said = matter.get("draft", values.switch, None)
    return options.kind == "draft" or (said is not None and said == (matter.name("draft") == "draft"))


def _own_url(matter: Matter) -> str:
    """Return the address that the front matter gives, unless that is a pattern; Zola's `path` is a folder."""
    given = matter.get("permalink", values.address, "")
    for word in unknown_placeholders(given):
        message, hint = f"unknown placeholder `:{word}`, which stays as it is", did_you_mean(word, PLACEHOLDERS)
        problem = matter.source.problem(matter.place("permalink"), "unknown-placeholder", message)
        matter.tell(problem._replace(hint=hint.replace("mean `", "mean `:"), severity="warning"))
    if not given or ":" in given:
        return ""
    is_folder = matter.name("permalink") == "path" and not given.lower().endswith(urls.DOCUMENTS)
    return urls.explicit(given, folder=is_folder)


def _in_zone(moment: datetime | None, zone: tzinfo) -> datetime | None:
    """Return `moment` in the site's zone, in which Jekyll makes its URLs and shows its dates."""
    try:
        return moment and moment.astimezone(zone)
    except OverflowError:  # within a day of the years 1 and 9999
        return moment
