"""What an author may set, each option with its meaning right beside it. An empty file is a valid one.

`bifolium schema` prints these structs as a JSON Schema, for editors.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from bifolium.sections import Comments, Defaults, Deploy, Feeds, Look, MenuItem, Search, Section, Security, Source

Purpose = Literal["post", "draft", "page", "file", "template", "data", "snippet"]
"""What a source file is for; Markdown in the first three kinds of folders is a text."""


RESERVED = frozenset((".bifolium", ".git", ".hg", ".svn", ".bzr", ".jj", "_darcs", "CVS"))
"""Folders that belong to us or to a version control system: no finished site goes there."""


class Folders(Section, frozen=True):
    """Where things are, relative to the settings file."""

    posts: Annotated[str, Meta(description="Posts: Markdown files and bundles (a folder with index.md).")] = "posts"
    drafts: Annotated[str, Meta(description="Posts that are built with --drafts only.")] = "drafts"
    pages: Annotated[str, Meta(description="Plain pages; a page's address is its path.")] = "pages"
    images: Annotated[str, Meta(description="Pictures, published at /<this folder's name>/.")] = "images"
    static: Annotated[str, Meta(description="Files published as they are, at the top of the site.")] = "static"
    templates: Annotated[str, Meta(description="Templates that shadow the theme's files of the same name.")] = (
        "templates"
    )
    data: Annotated[str, Meta(description="YAML, TOML and JSON files for templates: site.data.<name>.")] = "data"
    includes: Annotated[str, Meta(description="Snippets for {% include %}, which the kramdown flavour knows.")] = (
        "_includes"
    )
    output: Annotated[str, Meta(description="The finished site.")] = "public"
    exclude: Annotated[
        tuple[str, ...],
        Meta(
            description="Files and folders that are no part of the site: names (`*.psd`), or paths from the top "
            "(`/notes/old`); `*` stands for anything, and `!` before one takes it in again; the last that fits counts."
        ),
    ] = ()

    def sources(self) -> tuple[tuple[str, Purpose], ...]:
        """Return the folders that a site is made from, each with what its files are for; the first of equals counts."""
        return (
            (self.posts, "post"),
            (self.drafts, "draft"),
            (self.pages, "page"),
            (self.images, "file"),
            (self.static, "file"),
            (self.templates, "template"),
            (self.data, "data"),
            (self.includes, "snippet"),
        )


class Urls(Section, frozen=True):
    """Addresses. A pattern may hold :year :month :day :hour :minute :second :categories :slug :title :path."""

    permalink: Annotated[
        str,
        Meta(
            description="A post's address: a pattern, or a preset: date (/:categories/:year/:month/:day/:title.html), "
            "pretty (/:categories/:year/:month/:day/:title/), ordinal, weekdate, none (/:categories/:title.html)."
        ),
    ] = "date"
    pages: Annotated[str, Meta(description="A plain page's address: a pattern with :path.")] = "/:path/"
    home: Annotated[str, Meta(description="The list of posts, newest first.")] = "/"
    categories: Annotated[str, Meta(description="The index of categories; each has its page below it.")] = (
        "/categories/"
    )
    tags: Annotated[str, Meta(description="The index of tags; each has its page below it.")] = "/tags/"
    series: Annotated[str, Meta(description="The index of series; each has its page below it.")] = "/series/"
    archive: Annotated[str, Meta(description="All posts by year.")] = "/archive/"
    equations: Annotated[str, Meta(description="The index of labelled equations.")] = "/equations/"
    feed: Annotated[str, Meta(description="The Atom feed; a category's has this name, too.")] = "/feed.xml"
    rss: Annotated[str, Meta(description="The RSS feed, if there is one.")] = "/rss.xml"
    json_feed: Annotated[str, Meta(description="The JSON feed, if there is one.")] = "/feed.json"


class Markdown(Section, frozen=True):
    """How texts are read."""

    flavour: Annotated[
        Literal["commonmark", "kramdown"],
        Meta(description="Which of the two decides where they disagree."),
    ] = "commonmark"
    nesting: Annotated[int, Meta(ge=20, le=500, description="Deepest nesting of quotes and lists.")] = 100
    largest: Annotated[int, Meta(ge=1000, le=100_000_000, description="Characters that a text may have.")] = 5_000_000
    deadline: Annotated[float, Meta(ge=0.1, le=3600, description="Seconds that a text may take.")] = 30
    raw_html: Annotated[bool, Meta(description="Let HTML in a text through; otherwise it is shown as text.")] = True
    heading_ids: Annotated[bool, Meta(description="Give every heading an id, as kramdown does.")] = True
    mark: Annotated[bool, Meta(description="Read ==text== as marked.")] = False
    scripts: Annotated[bool, Meta(description="Read H~2~O as a subscript and x^2^ as a superscript.")] = False
    keys: Annotated[bool, Meta(description="Read ++ctrl+c++ as keys of the keyboard.")] = False
    emoji: Annotated[bool, Meta(description="Read :rocket: as the emoji of that name.")] = False


class Links(Section, frozen=True):
    """Links between texts, and to other sites."""

    titles: Annotated[
        bool,
        Meta(description="Make one link of an address that is its paragraph and the title in the next paragraph."),
    ] = False
    wiki: Annotated[
        bool,
        Meta(description="Read [[target]], [[target|text]], [[target#heading]]: a title, a slug or a file's name."),
    ] = False
    backlinks: Annotated[bool, Meta(description="Name under a post or a page what links to it.")] = True
    external_rel: Annotated[
        str, Meta(description="The rel of links to other sites, such as noopener or nofollow; empty: none.")
    ] = ""
    external_target: Annotated[
        Literal["", "_blank"], Meta(description="_blank opens links to other sites in a new tab.")
    ] = ""


class Math(Section, frozen=True):
    """Formulas, typeset by KaTeX while the site is built."""

    enabled: Annotated[bool, Meta(description="Typeset formulas at all.")] = True
    dollars: Annotated[bool, Meta(description="Read $…$ as a formula, by pandoc's rule ($5 and $6 is money).")] = True
    double_dollars: Annotated[bool, Meta(description="Read $$…$$ as a formula.")] = True
    brackets: Annotated[bool, Meta(description="Read \\(…\\) and \\[…\\] as formulas.")] = True
    environments: Annotated[
        bool, Meta(description="Read \\begin{align}…\\end{align} and the like as formulas, without delimiters.")
    ] = True
    fences: Annotated[bool, Meta(description="Read fenced blocks of the language math as formulas.")] = True
    in_html: Annotated[bool, Meta(description="Read $$…$$, \\(…\\) and \\[…\\] in the text of raw HTML, too.")] = True
    number: Annotated[
        Literal["labelled", "all"],
        Meta(description="Number the displayed formulas that have a label, or all but starred ones, as LaTeX does."),
    ] = "labelled"
    index: Annotated[bool, Meta(description="Make a page of all labelled equations, if there are any.")] = True
    number_within: Annotated[
        int,
        Meta(
            ge=0, le=6, description="Number equations and figures 2.1 after the second heading of this level; 0: never."
        ),
    ] = 0
    unused_labels: Annotated[
        Literal["warn", "ignore"], Meta(description="What to do with labels of equations that nothing refers to.")
    ] = "warn"
    macros: Annotated[str, Meta(description="The file of macros that every formula may use.")] = "macros.tex"
    strict: Annotated[
        Literal["ignore", "warn", "error"],
        Meta(description="What to do with TeX that LaTeX would refuse, such as letters of a language outside \\text."),
    ] = "ignore"
    output: Annotated[
        Literal["both", "html", "mathml"],
        Meta(description="KaTeX's HTML, MathML for screen readers, or both."),
    ] = "both"


class Code(Section, frozen=True):
    """Blocks of code, coloured by Pygments."""

    light: Annotated[str, Meta(description="Pygments style on a light page.")] = "friendly"
    dark: Annotated[str, Meta(description="Pygments style on a dark page.")] = "github-dark"
    line_numbers: Annotated[
        bool, Meta(description="Number the lines of every fenced block that doesn't say linenos=false.")
    ] = False


class Images(Section, frozen=True):
    """Pictures in texts."""

    formats: Annotated[
        tuple[Literal["webp", "avif"], ...],
        Meta(description="What pictures are encoded in, the best first; the original stays for browsers without it."),
    ] = ("webp",)
    quality: Annotated[int, Meta(ge=1, le=100, description="How well they are encoded.")] = 80
    widths: Annotated[
        tuple[Annotated[int, Meta(ge=16, le=16_000)], ...],
        Meta(description="How wide, in pixels; none wider than the original. Empty: originals only."),
    ] = (168, 240, 336, 672, 1008, 1344)
    text_width: Annotated[
        int, Meta(ge=100, le=4000, description="How wide a text's column is at most, in CSS pixels; the theme's.")
    ] = 672
    zoom: Annotated[bool, Meta(description="Show a picture large when it is clicked.")] = True
    thumbnails: Annotated[bool, Meta(description="Show each post's picture in lists.")] = True
    metadata: Annotated[
        Literal["drop", "keep"],
        Meta(description="What cameras and programs wrote into pictures, such as the place: drop it, or publish it."),
    ] = "drop"
    external: Annotated[
        Literal["ignore", "warn"], Meta(description="What to do about pictures that come from other sites.")
    ] = "ignore"
    unused: Annotated[
        Literal["publish", "skip"], Meta(description="What to do with pictures to which nothing of the site leads.")
    ] = "publish"


class Lists(Section, frozen=True):
    """Home, category, tag and archive pages, and the feed."""

    per_page: Annotated[int, Meta(ge=1, le=1000, description="Posts on a page of a list.")] = 10
    page: Annotated[
        str, Meta(description="What the address of a list's further pages ends with: a pattern with :number.")
    ] = "page/:number/"
    feed: Annotated[int, Meta(ge=1, le=1000, description="Posts in the feed.")] = 20
    related: Annotated[int, Meta(ge=0, le=20, description="Related posts named under a post.")] = 3
    more: Annotated[int, Meta(ge=0, le=20, description="Posts of the same category named under a post.")] = 4
    summary: Annotated[
        int,
        Meta(
            ge=80,
            le=10_000,
            description="Longest summary, in characters (a Chinese, Japanese or Korean one counts two) unless "
            "<!--more--> ends it; a longer first paragraph is cut after a sentence.",
        ),
    ] = 600


class Settings(Section, frozen=True):
    """A site's settings: bifolium.toml, or [tool.bifolium] in pyproject.toml."""

    title: Annotated[str, Meta(description="The blog's name.")] = "Blog"
    tagline: Annotated[str, Meta(description="What it is about, in one sentence.")] = ""
    base_url: Annotated[
        str,
        Meta(description="Where the site will stand, such as https://example.org/blog; the feed and sitemap need it."),
    ] = ""
    language: Annotated[str, Meta(description="The language of the posts, such as en or zh-CN.")] = "en"
    author: Annotated[str, Meta(description="Who writes, unless a post says otherwise.")] = ""
    timezone: Annotated[str, Meta(description="Of dates that don't say theirs: Asia/Shanghai, UTC, +08:00.")] = "UTC"
    editor: Annotated[
        str,
        Meta(description="What the preview starts to show a place in a file, such as code -g {path}:{line}:{column}."),
    ] = ""
    toc: Annotated[bool, Meta(description="Show a table of contents beside posts that have headings.")] = True
    menu: Annotated[
        tuple[MenuItem, ...] | None,
        Meta(description="The menu: [[menu]] with title and url. Without it: archive, categories, tags and pages."),
    ] = None
    social: Annotated[
        tuple[MenuItem, ...], Meta(description="The author elsewhere: [[social]] with title and url, in the footer.")
    ] = ()
    licence: Annotated[
        str, Meta(description="Under which posts may be used, such as CC BY 4.0; without it nothing is said.")
    ] = ""
    defaults: Annotated[
        tuple[Defaults, ...], Meta(description="Front matter for many texts: [[defaults]] with path, kind and values.")
    ] = ()
    layouts: Annotated[
        dict[str, str],
        Meta(description='Which of our layouts one of another name is: [layouts] with single = "post".'),
    ] = {}  # noqa: RUF012 (msgspec copies it)
    redirects: Annotated[
        dict[str, str],
        Meta(description='Old addresses, and where each leads: [redirects] with "/old/" = "/new/".'),
    ] = {}  # noqa: RUF012 (msgspec copies it)
    deploy: Annotated[
        tuple[Deploy, ...], Meta(description="Where the finished site is published: [[deploy]] with name and to.")
    ] = ()
    theme: Look = Look()
    comments: Comments = Comments()
    source: Source = Source()
    folders: Folders = Folders()
    urls: Urls = Urls()
    markdown: Markdown = Markdown()
    links: Links = Links()
    math: Math = Math()
    code: Code = Code()
    images: Images = Images()
    lists: Lists = Lists()
    feeds: Feeds = Feeds()
    search: Search = Search()
    security: Security = Security()
