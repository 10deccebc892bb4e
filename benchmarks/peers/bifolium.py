"""bifolium itself, as it is installed for the Python that runs the benchmark, with all that it does by default."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from benchmarks import blog
from benchmarks.peers.peer import Peer, yaml
from bifolium import __version__

TEMPLATES = {
    "base": """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{{ page.title }}</title>
{% if page.math %}<link rel="stylesheet" href="{{ asset("katex.css") }}">{% endif %}</head>
<body><i>mark 0</i><header><a href="{{ site.home }}">{{ site.title }}</a></header>
{% block main %}{% endblock %}
</body></html>
""",
    "post": """{% extends "base.html" %}{% block main %}<article class="post"><h1>{{ page.heading }}</h1>
<p>{{ page.date | date }}{% for term in page.categories %} <a href="{{ term.url }}">{{ term.name }}</a>{% endfor %}
{% for term in page.tags %} <a href="{{ term.url }}">{{ term.name }}</a>{% endfor %}</p>
{{ page.content }}</article>{% endblock %}
""",
    "list": """{% extends "base.html" %}{% block main %}<h1>{{ page.title }}</h1><ul>
{% for post in page.entries %}<li><a href="{{ post.url }}">{{ post.heading }}</a> {{ post.date | date }}</li>
{% endfor %}</ul>{% if page.older %}<a href="{{ page.older }}">older</a>{% endif %}
{% if page.newer %}<a href="{{ page.newer }}">newer</a>{% endif %}{% endblock %}
""",
    "terms": """{% extends "base.html" %}{% block main %}<ul>{% for term in page.terms %}
<li><a href="{{ term.url }}">{{ term.name }}</a> {{ term.number }}</li>{% endfor %}</ul>{% endblock %}
""",
}


class Bifolium(Peer):
    """The generator that all others are compared with."""

    name = "bifolium"
    state = (".bifolium",)
    template = "templates/base.html"

    def install(self) -> str:
        """Return the version that is there."""
        return f"bifolium {__version__}"

    def command(self) -> Sequence[str]:
        """Return the usual command."""
        return [sys.executable, "-m", "bifolium", "build", "-q"]

    def furnish(self) -> None:
        """Write settings and four plain templates."""
        self.put("bifolium.toml", 'title = "Made up"\nbase_url = "https://example.org"\nlists.per_page = 20\n')
        for name, text in TEMPLATES.items():
            self.put(f"templates/{name}.html", text)

    def head(self, post: blog.Post) -> str:
        """Return YAML."""
        return yaml(post, f"category: {post.category}", f"tags: [{', '.join(post.tags)}]")
