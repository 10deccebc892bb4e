"""Tell what became of everything: what maps, what doesn't, and what to do about that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bifolium.importing import drafting, feeds
from bifolium.importing.config import Config
from bifolium.importing.old import Item, Note, Old, Sorted

_PLUGINS = {
    "jekyll-feed": ("done", "the Atom feed is made without a plugin"),
    "jekyll-sitemap": ("done", "sitemap.xml is made without a plugin"),
    "jekyll-seo-tag": ("done", "pages tell search engines what they are without a plugin"),
    "jekyll-redirect-from": ("done", "`redirect_from` is read"),
    "jekyll-paginate": ("done", "lists have pages, at the same addresses"),
    "jekyll-archives": ("done", "categories and tags have their pages; years are in the archive"),
    "jekyll-relative-links": ("done", "links to `.md` files lead to their pages"),
    "jekyll-titles-from-headings": ("done", "a text without a title has that of its first heading"),
    "jekyll-toc": ("done", "the table of contents is there without a plugin"),
    "jekyll-mentions": ("todo", "write `[@name](https://github.com/name)`"),
    "jemoji": ("done", "set `emoji = true` under `[markdown]` to read `:rocket:`"),
    "jekyll-gist": ("todo", "link to the gists, or paste them as blocks of code"),
    "jekyll-spaceship": ("todo", "tables with joined cells are not read; write these in HTML"),
}
_OPTIONS = {
    "future": "posts dated in the future are built with `bifolium build --future`",
    "show_drafts": "drafts are built with `bifolium build --drafts`",
    "unpublished": "unpublished posts are built with `bifolium build --drafts`",
    "lsi": "related posts are found by categories and tags",
    "limit_posts": "there is no such limit",
    "source": "run the command in that folder",
}
_MADE = {
    "home": "the list of posts is made by bifolium",
    "categories": "the index of categories is made by bifolium",
    "tags": "the index of tags is made by bifolium",
    "archive": "the archive is made by bifolium",
    "feed": "the feed is made by bifolium",
    "rss": "the feed is made by bifolium",
    "search": "not built; the index of a search made by Liquid",
    "sitemap": "the sitemap is made by bifolium",
    "robots": "robots.txt is made by bifolium",
    "missing": "the 404 page is made by bifolium; a `404.md` with `permalink: /404.html` takes its place",
}


def tell(old: Old, config: Config, parts: Sorted, table: Mapping[str, Any]) -> Iterator[Note]:
    """Yield all that is to be said of a move."""
    yield from _counted(parts.taken, config, table)
    if menu := table.get("menu"):
        yield Note("done", f"menu ({len(menu)})", "under `[[menu]]`")
    if at := table.get("feeds", {}).get("at"):
        yield Note("done", f"feeds of categories and tags ({len(at)})", "at the same addresses, under `[feeds]`")
    yield from (Note("todo" if kind == "search" else "done", it.path, _MADE[kind]) for kind, it in parts.made)
    yield from _of_options(config, table)
    yield from _of_plugins(config)
    yield from _of_folders(old)
    yield from (note for it in parts.left if (note := _of_left(it)))


def of_pins(pins: Sequence[Item]) -> Iterator[Note]:
    """Yield what is to be said of texts whose addresses no pattern makes."""
    if pins:
        how = "their addresses stand in the settings, under `[[defaults]]`, since no pattern makes them"
        yield Note("done", f"{len(pins)} text{'s' * (len(pins) != 1)}", how)


def of_own(item: Item, key: str) -> Note:
    """Return what to do about a text whose own front matter puts it elsewhere."""
    why = "" if key == "permalink" else f", since `{key}` is an address here"
    return Note("todo", item.path, f"write `permalink: {item.url}` into its front matter{why}")


def _counted(taken: Sequence[Item], config: Config, table: Mapping[str, Any]) -> Iterator[Note]:
    counts = Counter[str](it.role for it in taken)
    where = {"permalink": config.permalink, "pages": "/:path/", **table.get("urls", {})}
    names = {"post": ("post", "permalink"), "page": ("page", "pages")}
    for role, (name, key) in names.items():
        if counts[role]:
            many = f"{counts[role]} {name}{'s' * (counts[role] != 1)}"
            yield Note("done", many, f"at the same addresses, by the pattern `{where[key]}`")
    for role, name in (("draft", "drafts"), ("document", "texts of collections"), ("file", "files")):
        if counts[role]:
            yield Note("done", f"{name} ({counts[role]})", "taken as they are")


def _of_options(config: Config, table: Mapping[str, Any]) -> Iterator[Note]:
    if not config.text("timezone"):
        how = "Jekyll took that of the machine it ran on; set `timezone` if dates are off by one"
        yield Note("todo", "timezone", how)
    if not config.text("url"):
        yield Note("todo", "url", "set `base_url`: without it there is no feed and no sitemap")
    for name, how in _OPTIONS.items():
        if config.values.get(name):
            yield Note("todo", f"{name}: {config.values[name]}", how)
    if config.table("kramdown").get("hard_wrap"):
        yield Note("todo", "kramdown.hard_wrap", "a line break in a paragraph is a blank; end the line with two blanks")
    yield from feeds.tell(config)
    home = table.get("urls", {}).get("home", "/")
    if config.values.get("paginate") and not drafting.further(config, home):
        how = f"further pages of the list of posts are below it, at `{home}page/2/`; `--audit` leads to them"
        yield Note("todo", f"paginate_path: {config.text('paginate_path')}", how)
    if config.text("theme", "remote_theme"):
        how = "bifolium has a theme of its own; what you changed in the old one goes into `templates/`"
        yield Note("todo", f"theme: {config.text('theme', 'remote_theme')}", how)


def _of_plugins(config: Config) -> Iterator[Note]:
    for name in [*(config.values.get("plugins") or ()), *(config.values.get("gems") or ())]:
        kind, how = _PLUGINS.get(str(name), ("todo", "plugins are not run"))
        yield Note("done" if kind == "done" else "todo", str(name), how)


def _of_folders(old: Old) -> Iterator[Note]:
    said = (
        ("_layouts", "layouts of Liquid are not read; write what you need of them as Jinja into `templates/`"),
        ("_plugins", "plugins are not run"),
        ("_sass", "the theme has its own style; put your changes into `templates/assets/`"),
    )
    for folder, how in said:
        count = sum(path.startswith(f"{folder}/") for path in old.paths)
        if count:
            yield Note("todo", f"{folder} ({count} file{'s' * (count != 1)})", how)


def _of_left(item: Item) -> Note | None:
    """Return what to do about a file that Jekyll published, or seems meant to be."""
    if item.role in {"post", "draft"} and item.whose:
        how = f"move it to `_posts` and write `categories: [{', '.join(item.whose.split('/'))}]`"
        return Note("todo", item.path, how)
    if item.matter.get("redirect_to"):
        return Note("done", item.path, "a line under `[redirects]`")
    if item.role == "file":
        ours = item.path == "sitemap.xml"
        how = "bifolium writes its own" if ours else "left out: it has no front matter, so Jekyll published its source"
        return Note("done" if ours else "todo", item.path, how)
    if item.role == "template":
        if item.path.endswith((".html", ".htm", ".xhtml")):
            return Note("todo", item.path, "rename it to `.md`: HTML may stand in Markdown, Liquid may not")
        return Note("todo", item.path, "Liquid is not read in such files; remove its front matter and its Liquid")
    if item.path.endswith((".html", ".textile", ".adoc")) and "_posts/" in item.path:
        return Note("todo", item.path, "only Markdown is read; rename it to `.md`, HTML may stand in it")
    return None
