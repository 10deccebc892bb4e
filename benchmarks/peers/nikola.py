"""Nikola, from PyPI, with Jinja and Pygments. It doesn't typeset formulas while building."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks import blog
from benchmarks.peers.peer import Peer, pip

SETTINGS = """BLOG_AUTHOR, BLOG_TITLE, SITE_URL, BLOG_EMAIL = "", "Made up", "https://example.org/", ""
BLOG_DESCRIPTION, DEFAULT_LANG, TIMEZONE, THEME = "", "en", "UTC", "plain"
TRANSLATIONS = {"en": ""}
POSTS = (("posts/*.md", "posts", "post.tmpl"),)
PAGES = ()
COMPILERS = {"markdown": (".md",)}
MARKDOWN_EXTENSIONS = ["markdown.extensions.extra", "markdown.extensions.codehilite", "markdown.extensions.fenced_code"]
OUTPUT_FOLDER = "public"
IMAGE_FOLDERS = {"nothing": "nothing"}
FILES_FOLDERS = {"images": "images"}
INDEX_DISPLAY_POST_COUNT = 20
TAG_PAGES_ARE_INDEXES = CATEGORY_PAGES_ARE_INDEXES = True
GENERATE_RSS, GENERATE_ATOM, FEED_LENGTH = True, False, 20
CREATE_MONTHLY_ARCHIVE = CREATE_SINGLE_ARCHIVE = CREATE_DAILY_ARCHIVE = False
CATEGORY_ALLOW_HIERARCHIES = False
DISABLED_PLUGINS = ["render_galleries", "render_listings", "sitemap", "robots", "classify_authors"]
GLOBAL_CONTEXT = {}
"""
TEMPLATES = {
    "base": """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title></head>
<body><i>mark 0</i><header><a href="/">{{ blog_title }}</a></header>
{% block content %}{% endblock %}
</body></html>
""",
    "post": """{% extends "base.tmpl" %}{% block content %}<article class="post"><h1>{{ post.title() }}</h1>
<p>{{ post.formatted_date("yyyy-MM-dd") }}
<a href="{{ _link("category", post.meta("category")) }}">{{ post.meta("category") }}</a>
{% for tag in post.tags %} <a href="{{ _link("tag", tag) }}">{{ tag }}</a>{% endfor %}</p>
{{ post.text() }}</article>{% endblock %}
""",
    "index": """{% extends "base.tmpl" %}{% block content %}<ul>{% for post in posts %}
<li><a href="{{ post.permalink() }}">{{ post.title() }}</a> {{ post.formatted_date("yyyy-MM-dd") }}</li>
{% endfor %}</ul>
{% if nextlink %}<a href="{{ nextlink }}">older</a>{% endif %}
{% if prevlink %}<a href="{{ prevlink }}">newer</a>{% endif %}{% endblock %}
""",
    "tags": """{% extends "base.tmpl" %}{% block content %}<ul>{% for text, link in items or () %}
<li><a href="{{ link }}">{{ text }}</a></li>{% endfor %}</ul>{% endblock %}
""",
}


class Nikola(Peer):
    """One of the oldest in Python, with a graph of tasks."""

    name = "nikola"
    maths = False
    state = ("cache", ".doit.db", ".doit.db.db", "__pycache__")
    template = "themes/plain/templates/base.tmpl"

    def install(self) -> str:
        """Install from PyPI."""
        self.program = str(pip(self.tools, "nikola==8.3.3", "jinja2==3.1.6", "setuptools<81") / "nikola")
        return "Nikola 8.3.3"

    def command(self) -> Sequence[str]:
        """Return the usual command."""
        return [self.program, "build", "-v0"]

    def furnish(self) -> None:
        """Write settings and plain templates."""
        self.put("conf.py", SETTINGS)
        self.put("themes/plain/plain.theme", "[Theme]\nengine = jinja\nparent = base-jinja\n")
        for name, text in TEMPLATES.items():
            self.put(f"themes/plain/templates/{name}.tmpl", text)
        for name in ("tagindex", "authorindex", "archiveindex"):
            self.put(f"themes/plain/templates/{name}.tmpl", '{% extends "index.tmpl" %}')

    def head(self, post: blog.Post) -> str:
        """Return Nikola's own head."""
        about = {"title": post.title, "slug": post.name, "date": f"{post.date:%Y-%m-%d %H:%M:%S} UTC"}
        terms = {"category": post.category, "tags": ", ".join(post.tags)}
        return "\n".join(("<!--", *(f".. {name}: {value}" for name, value in (about | terms).items()), "-->", "", ""))
