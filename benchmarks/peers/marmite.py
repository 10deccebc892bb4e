"""Marmite, from PyPI, written in Rust. It doesn't typeset formulas or colour code while building."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks import blog
from benchmarks.peers.peer import Peer, pip, yaml

SETTINGS = """name: Made up
url: https://example.org
pagination: 20
enable_search: false
enable_related_content: false
show_next_prev_links: false
json_feed: false
"""
TEMPLATES = {
    "base": """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title>
{% block head %}{% endblock %}</head>
<body><i>mark 0</i><header><a href="/">{{ site.name }}</a></header>
{% block main %}{% endblock %}{% block tail %}{% endblock %}
</body></html>
""",
    "content": """{% extends "base.html" %}{% block main %}
<article{% if content.slug != "404" %} class="post"{% endif %}><h1>{{ title }}</h1>
<p>{% if content.date %}{{ content.date | date(format="%Y-%m-%d") }}{% endif %}
{% for tag in content.tags %} <a href="/tag-{{ tag | slugify }}.html">{{ tag }}</a>{% endfor %}</p>
{{ content.html | safe }}</article>{% endblock %}
""",
    "list": """{% extends "base.html" %}{% block main %}<h1>{{ title }}</h1><ul>{% for content in content_list %}
<li><a href="/{{ content.slug }}.html">{{ content.title }}</a></li>{% endfor %}</ul>
{% if next_page %}<a href="/{{ next_page }}">older</a>{% endif %}
{% if previous_page %}<a href="/{{ previous_page }}">newer</a>{% endif %}{% endblock %}
""",
    "group": """{% extends "base.html" %}{% block main %}<h1>{{ title }}</h1>
<ul>{% for name, items in group(kind=kind) %}
<li>{{ name }}</li>{% endfor %}</ul>{% endblock %}
""",
}


class Marmite(Peer):
    """The youngest; a category is a tag here."""

    name = "marmite"
    maths = False
    texts = "content"
    pictures = "content/images"
    template = "templates/base.html"

    def install(self) -> str:
        """Install from PyPI."""
        self.program = str(pip(self.tools, "marmite==0.4.2") / "marmite")
        return "Marmite 0.4.2"

    def command(self) -> Sequence[str]:
        """Return the usual command."""
        return [self.program, ".", "public"]

    def furnish(self) -> None:
        """Write settings and plain templates."""
        self.put("marmite.yaml", SETTINGS)
        for name, text in TEMPLATES.items():
            self.put(f"templates/{name}.html", text)
        self.put("static/.keep", "")

    def head(self, post: blog.Post) -> str:
        """Return YAML."""
        return yaml(post, f"slug: {post.name}", f"tags: [{', '.join((post.category, *post.tags))}]")
