"""MkDocs-Material, from PyPI, with its plugins for blogs and tags. It doesn't typeset formulas while building."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks import blog
from benchmarks.peers.peer import Peer, pip, yaml

SETTINGS = """site_name: Made up
site_url: https://example.org/
docs_dir: docs
site_dir: public
theme: { name: material, custom_dir: overrides, font: false }
plugins:
  - blog:
      blog_dir: .
      archive: false
      pagination_per_page: 20
      categories_allowed: [%(terms)s]
      post_url_format: "{date}/{file}"
      post_excerpt: optional
markdown_extensions: [tables, pymdownx.highlight, pymdownx.superfences, { pymdownx.arithmatex: { generic: true } }]
"""
TEMPLATES = {
    "main": """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{{ page.title }}</title></head>
<body><i>mark 0</i><header><a href="/">{{ config.site_name }}</a></header>
{% block container %}{{ page.content }}{% endblock %}
</body></html>
""",
    "blog-post": """{% extends "main.html" %}{% block container %}<article class="post"><h1>{{ page.title }}</h1>
<p>{{ page.config.date.created.date() }}
{% for term in page.categories %} <a href="/{{ term.url }}">{{ term.title }}</a>{% endfor %}</p>
{{ page.content }}</article>{% endblock %}
""",
    "blog": """{% extends "main.html" %}{% block container %}<h1>{{ page.title }}</h1><ul>{% for post in posts %}
<li><a href="/{{ post.url }}">{{ post.title }}</a> {{ post.config.date.created.date() }}</li>{% endfor %}</ul>
{% if pagination %}{{ pagination({}) }}{% endif %}{% endblock %}
""",
}


class Material(Peer):
    """What most Python projects write their manuals with; a tag is a category here, since only these have lists."""

    name = "mkdocs-material"
    maths = False
    texts = "docs/posts"
    pictures = "docs/images"
    template = "overrides/main.html"

    def install(self) -> str:
        """Install from PyPI."""
        self.program = str(pip(self.tools, "mkdocs-material==9.8.1", "mkdocs==1.6.1") / "mkdocs")
        return "MkDocs-Material 9.8.1"

    def command(self) -> Sequence[str]:
        """Return the usual command."""
        return [self.program, "build", "--quiet"]

    def furnish(self) -> None:
        """Write settings and plain templates."""
        self.put("mkdocs.yml", SETTINGS % {"terms": ", ".join((*blog.CATEGORIES, *blog.TAGS))})
        self.put("docs/index.md", "# Made up\n")
        for name, text in TEMPLATES.items():
            self.put(f"overrides/{name}.html", text)

    def head(self, post: blog.Post) -> str:
        """Return YAML."""
        return yaml(post, f"categories: [{', '.join((post.category, *post.tags))}]")
