"""Hexo 8, from npm, with markdown-it, highlight.js and KaTeX for formulas."""

from __future__ import annotations

import json
from collections.abc import Sequence

from benchmarks import blog
from benchmarks.peers.peer import Peer, npm, yaml

PACKAGES = {
    "hexo": "8.1.2",
    "hexo-renderer-markdown-it": "7.1.1",
    "hexo-renderer-nunjucks": "2.0.0",
    "hexo-generator-index": "4.0.0",
    "hexo-generator-category": "2.0.0",
    "hexo-generator-tag": "2.0.0",
    "hexo-generator-feed": "3.0.0",
    "@vscode/markdown-it-katex": "1.1.2",
}
SETTINGS = """title: Made up
url: https://example.org
permalink: :year/:month/:day/:title/
new_post_name: :year-:month-:day-:title.md
timezone: UTC
theme: plain
per_page: 20
syntax_highlighter: highlight.js
highlight: { hljs: true, wrap: false, line_number: false }
feed: { type: atom, path: feed.xml, limit: 20 }
"""
FORMULAS = """const formulas = require("@vscode/markdown-it-katex");
hexo.extend.filter.register("markdown-it:renderer", (markdown) => markdown.use(formulas.default ?? formulas));
"""
LIST = """<ul>{% for post in page.posts.toArray() %}
<li><a href="{{ url_for(post.path) }}">{{ post.title }}</a> {{ date(post.date, "YYYY-MM-DD") }}</li>{% endfor %}</ul>
{% if page.next_link %}<a href="{{ url_for(page.next_link) }}">older</a>{% endif %}
{% if page.prev_link %}<a href="{{ url_for(page.prev_link) }}">newer</a>{% endif %}
"""
LAYOUTS = {
    "layout": """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{{ page.title or config.title }}</title></head>
<body><i>mark 0</i><header><a href="/">{{ config.title }}</a></header>
{{ body | safe }}
</body></html>
""",
    "post": """<article class="post"><h1>{{ page.title }}</h1>
<p>{{ date(page.date, "YYYY-MM-DD") }}
{% for term in page.categories.toArray() %} <a href="{{ url_for(term.path) }}">{{ term.name }}</a>{% endfor %}
{% for term in page.tags.toArray() %} <a href="{{ url_for(term.path) }}">{{ term.name }}</a>{% endfor %}</p>
{{ page.content | safe }}</article>
""",
    "index": LIST,
    "category": "<h1>{{ page.category }}</h1>" + LIST,
    "tag": "<h1>{{ page.tag }}</h1>" + LIST,
}


class Hexo(Peer):
    """The best known of those in JavaScript."""

    name = "hexo"
    texts = "source/_posts"
    pictures = "source/images"
    state = ("db.json",)
    template = "themes/plain/layout/layout.njk"

    def install(self) -> str:
        """Install from npm."""
        npm(self.tools, *(f"{name}@{version}" for name, version in PACKAGES.items()))
        return f"Hexo {PACKAGES['hexo']}"

    def command(self) -> Sequence[str]:
        """Return the usual command."""
        return ["node", "node_modules/hexo/bin/hexo", "generate", "--silent"]

    def furnish(self) -> None:
        """Write settings and plain templates; packages are linked to."""
        (self.folder / "node_modules").symlink_to(self.tools / "node_modules")
        about = {"private": True, "hexo": {"version": PACKAGES["hexo"]}, "dependencies": PACKAGES}
        self.put("package.json", json.dumps(about))
        self.put("_config.yml", SETTINGS)
        if self.math:
            self.put("scripts/formulas.js", FORMULAS)
        for name, text in LAYOUTS.items():
            self.put(f"themes/plain/layout/{name}.njk", text)

    def head(self, post: blog.Post) -> str:
        """Return YAML; nothing in a post is a command."""
        more = (f"categories: [{post.category}]", f"tags: [{', '.join(post.tags)}]", "disableNunjucks: true")
        return yaml(post, *more)
