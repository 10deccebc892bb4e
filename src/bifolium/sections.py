"""Sections of the settings about what readers see: the look, comments, sources, feeds, security."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

FeedFormat = Literal["atom", "rss", "json"]
"""What feed readers understand: Atom (RFC 4287), RSS 2.0, JSON Feed 1.1."""

Network = Literal["mastodon", "bluesky", "x", "reddit", "hackernews", "linkedin", "telegram", "weibo", "email"]
"""Where readers may share a post."""


class Section(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What all sections of the settings have in common: immutable, no unknown names."""


class Look(Section, frozen=True):
    """What the theme shows, and how. Pictures are named by their path, such as images/logo.svg."""

    home: Annotated[
        Literal["posts", "overview"],
        Meta(description="The front page: the newest posts with summaries, or all categories with their posts."),
    ] = "posts"
    logo: Annotated[str, Meta(description="A picture before the blog's name.")] = ""
    icon: Annotated[
        str, Meta(description="The picture in the browser's tab and on home screens: SVG, or 512 pixels square.")
    ] = ""
    accent: Annotated[
        str, Meta(description="The colour of links, such as #17694b; dark pages have a lighter one of the same hue.")
    ] = ""
    dates: Annotated[
        str, Meta(description="How dates are written, such as %-d %B %Y; without it as the language does.")
    ] = ""
    share: Annotated[
        tuple[Network, ...], Meta(description="Plain links under posts, by which readers share them.")
    ] = ()
    footer: Annotated[str, Meta(description="HTML at the end of every page.")] = ""
    analytics: Annotated[
        str, Meta(description="HTML that counts readers; the hosts of its scripts are allowed by the pages' policy.")
    ] = ""


class Source(Section, frozen=True):
    """Where a text's source is to be seen; {path} stands for that of its file."""

    view: Annotated[str, Meta(description="Such as https://github.com/me/blog/blob/main/{path}.")] = ""
    history: Annotated[str, Meta(description="Such as https://github.com/me/blog/commits/main/{path}.")] = ""
    edit: Annotated[str, Meta(description="Such as https://github.com/me/blog/edit/main/{path}.")] = ""


class Comments(Section, frozen=True):
    """Comments under posts, kept on GitHub; nothing is loaded before a reader asks for them."""

    service: Annotated[
        Literal["none", "giscus", "utterances"],
        Meta(description="Who shows them: giscus.app in discussions, utteranc.es in issues."),
    ] = "none"
    repository: Annotated[str, Meta(description="The repository on GitHub, such as me/blog.")] = ""
    repository_id: Annotated[str, Meta(description="For giscus, which tells it: data-repo-id.")] = ""
    category: Annotated[str, Meta(description="For giscus: the category of discussions.")] = ""
    category_id: Annotated[str, Meta(description="For giscus, which tells it: data-category-id.")] = ""
    mapping: Annotated[
        Literal["pathname", "url", "title", "og:title"], Meta(description="By what a post's comments are found.")
    ] = "pathname"
    label: Annotated[str, Meta(description="For utterances: the label of its issues.")] = ""


class Defaults(Section, frozen=True):
    """Front matter for many texts at once: a text's own counts more, then the last of the defaults that fit."""

    path: Annotated[
        str,
        Meta(description="Which texts: a file, a folder, or a pattern in which `*` stands for anything. Empty: all."),
    ] = ""
    kind: Annotated[Literal["any", "post", "draft", "page"], Meta(description="Of which kind.")] = "any"
    values: Annotated[dict[str, Any], Meta(description="The front matter: layout, author, toc, permalink …")] = {}


class MenuItem(Section, frozen=True):
    """An entry of the menu, or of the links to the author elsewhere."""

    title: Annotated[str, Meta(description="What the reader sees.")]
    url: Annotated[str, Meta(description="Where it leads: /about/ or https://….")]


class Feeds(Section, frozen=True):
    """What feed readers and programs get, if `base_url` is set. How many posts: `feed` under [lists]."""

    formats: Annotated[tuple[FeedFormat, ...], Meta(description="Any of atom, rss and json; [] for no feed.")] = (
        "atom",
    )
    of: Annotated[
        tuple[Literal["category", "tag", "series"], ...],
        Meta(description="Lists that have feeds of their own, beside the site: any of category, tag and series."),
    ] = ()
    at: Annotated[
        dict[str, str],
        Meta(description='Lists whose Atom feed stands elsewhere: [feeds.at] with "/tags/sea/" = "/feed/sea.xml".'),
    ] = {}


class Search(Section, frozen=True):
    """Search in the site, by readers, without a server."""

    enabled: Annotated[
        bool, Meta(description='Let readers search; needs Pagefind: pip install "bifolium[search]".')
    ] = False


class Security(Section, frozen=True):
    """What browsers let a page do."""

    policy: Annotated[
        bool,
        Meta(
            description="Give each page a content security policy: what its text and templates hold openly may run, "
            "nothing else."
        ),
    ] = True
    allow: Annotated[
        tuple[str, ...],
        Meta(description="Origins such as https://example.com from which every page may load anything, also scripts."),
    ] = ()
    headers: Annotated[
        bool, Meta(description="Write `_headers`, by which Netlify, Cloudflare Pages and others send headers.")
    ] = True


class Deploy(Section, frozen=True):
    """A place to which `bifolium deploy NAME` publishes the finished site. Passwords and keys have no place here."""

    name: Annotated[str, Meta(description="What it is called on the command line.")]
    to: Annotated[
        str,
        Meta(
            description="A git repository (a remote's name, or an address), a folder or host:/folder for rsync, or "
            "s3://bucket/folder, gs://… or az://… of an object store."
        ),
    ]
    by: Annotated[
        Literal["git", "rsync"], Meta(description="Who carries it there; object stores need no word for it.")
    ] = "git"
    base_url: Annotated[
        str, Meta(description="Where it will stand; a site that was built for another address is refused.")
    ] = ""
    branch: Annotated[str, Meta(description="git: the branch that holds the finished site and nothing else.")] = (
        "gh-pages"
    )
    history: Annotated[bool, Meta(description="git: keep the branch's history, or only its last state.")] = True
    domain: Annotated[str, Meta(description="git: a domain of your own, written to CNAME and .domains.")] = ""
    endpoint: Annotated[str, Meta(description="s3://: the address of a server that isn't Amazon's.")] = ""
    region: Annotated[str, Meta(description="s3://: the region, if the environment doesn't say it.")] = ""
