"""bifolium itself, with all that it does by default: as it is installed without extras, and with `[fast]`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks import blog
from benchmarks.peers.peer import Peer, pip, yaml
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


ROOT = Path(__file__).parents[2]


class Bifolium(Peer):
    """The generator that all others are compared with."""

    name = "bifolium"
    state = (".bifolium",)
    template = "templates/base.html"
    extra = ""
    python = sys.executable

    def install(self) -> str:
        """Install this repository, so that what else is installed for the Python that runs this doesn't count."""
        self.python = str(pip(self.tools, "-e", f"{ROOT}{self.extra}") / "python")
        return f"{self.name} {__version__}"

    def command(self) -> Sequence[str]:
        """Return the usual command."""
        return [self.python, "-m", "bifolium", "build", "-q"]

    def preview(self, port: int) -> Sequence[str]:
        """Return the usual command."""
        return [self.python, "-m", "bifolium", "serve", "--watch", "-q", "--port", str(port)]

    def furnish(self) -> None:
        """Write settings and four plain templates."""
        settings = 'title = "Made up"\nbase_url = "https://example.org"\nlists.per_page = 20\n'
        self.put("bifolium.toml", settings + ("" if self.math else "math.enabled = false\n"))
        for name, text in TEMPLATES.items():
            self.put(f"templates/{name}.html", text)

    def head(self, post: blog.Post) -> str:
        """Return YAML."""
        return yaml(post, f"category: {post.category}", f"tags: [{', '.join(post.tags)}]")


class Fast(Bifolium):
    """The same with V8, which typesets many formulas more quickly."""

    name = "bifolium[fast]"
    extra = "[fast]"
