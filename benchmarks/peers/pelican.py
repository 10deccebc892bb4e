"""Pelican, from PyPI, with its cache of texts. It doesn't typeset formulas while building."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks import blog
from benchmarks.peers.peer import Peer, pip, run

SETTINGS = """SITENAME = "Made up"
SITEURL = "https://example.org"
PATH = "content"
OUTPUT_PATH = "public"
TIMEZONE = "UTC"
THEME = "theme"
DEFAULT_PAGINATION = 20
STATIC_PATHS = ["images"]
FEED_ALL_ATOM = "feed.xml"
CATEGORY_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = TRANSLATION_FEED_ATOM = None
FEED_MAX_ITEMS = 20
CACHE_CONTENT = LOAD_CONTENT_CACHE = True
CONTENT_CACHING_LAYER = "generator"
CHECK_MODIFIED_METHOD = "mtime"
DIRECT_TEMPLATES = ["index"]
AUTHOR_SAVE_AS = ""
MARKDOWN = {"extension_configs": {"markdown.extensions.codehilite": {"css_class": "highlight"},
            "markdown.extensions.extra": {}, "markdown.extensions.meta": {}}, "output_format": "html5"}
"""
TEMPLATES = {
    "base": """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{% block title %}{{ SITENAME }}{% endblock %}</title></head>
<body><i>mark 0</i><header><a href="/">{{ SITENAME }}</a></header>
{% block main %}{% endblock %}
</body></html>
""",
    "article": """{% extends "base.html" %}{% block title %}{{ article.title }}{% endblock %}{% block main %}
<article class="post"><h1>{{ article.title }}</h1>
<p>{{ article.locale_date }} <a href="/{{ article.category.url }}">{{ article.category }}</a>
{% for tag in article.tags %} <a href="/{{ tag.url }}">{{ tag }}</a>{% endfor %}</p>
{{ article.content }}</article>{% endblock %}
""",
    "index": """{% extends "base.html" %}{% block main %}<ul>{% for article in articles_page.object_list %}
<li><a href="/{{ article.url }}">{{ article.title }}</a> {{ article.locale_date }}</li>{% endfor %}</ul>
{% if articles_page.has_next() %}<a href="/{{ articles_next_page.url }}">older</a>{% endif %}
{% if articles_page.has_previous() %}<a href="/{{ articles_previous_page.url }}">newer</a>{% endif %}{% endblock %}
""",
}


class Pelican(Peer):
    """The best known of those in Python."""

    name = "pelican"
    maths = False
    texts = "content"
    pictures = "content/images"
    state = ("cache", "__pycache__")
    template = "theme/templates/base.html"

    def install(self) -> str:
        """Install from PyPI."""
        self.program = str(pip(self.tools, "pelican[markdown]==4.12.0") / "pelican")
        return f"Pelican {run([self.program, '--version']).strip()}"

    def command(self) -> Sequence[str]:
        """Return the usual command."""
        return [self.program, "-q", "-s", "pelicanconf.py"]

    def furnish(self) -> None:
        """Write settings and plain templates; terms look as the index does."""
        self.put("pelicanconf.py", SETTINGS)
        for name, text in TEMPLATES.items():
            self.put(f"theme/templates/{name}.html", text)
        for name in ("category", "tag"):
            self.put(f"theme/templates/{name}.html", '{% extends "index.html" %}')
        self.put("theme/static/.keep", "")

    def head(self, post: blog.Post) -> str:
        """Return Pelican's own head."""
        lines = (f"Title: {post.title}", f"Date: {post.date:%Y-%m-%d %H:%M}", f"Category: {post.category}")
        return "\n".join((*lines, f"Tags: {', '.join(post.tags)}", f"Slug: {post.name}", "", ""))
