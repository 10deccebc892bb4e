"""Zensical, from PyPI, which has no blogs yet: it makes the posts' pages alone, and no formulas."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks import blog
from benchmarks.peers.peer import Peer, pip, yaml

SETTINGS = """[project]
site_name = "Made up"
site_url = "https://example.org/"
docs_dir = "docs"
site_dir = "public"
[project.theme]
custom_dir = "overrides"
[project.markdown_extensions.tables]
[project.markdown_extensions.pymdownx.highlight]
[project.markdown_extensions.pymdownx.superfences]
[project.markdown_extensions.pymdownx.arithmatex]
generic = true
"""
MAIN = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{{ page.title }}</title></head>
<body><i>mark 0</i><header><a href="/">{{ config.site_name }}</a></header>
{% if "posts/" in page.url %}<article class="post">{{ page.content }}</article>{% endif %}
</body></html>
"""


class Zensical(Peer):
    """What follows MkDocs, partly in Rust."""

    name = "zensical"
    maths = lists = False
    texts = "docs/posts"
    pictures = "docs/images"
    state = (".cache",)
    template = "overrides/main.html"

    def install(self) -> str:
        """Install from PyPI."""
        self.program = str(pip(self.tools, "zensical==0.0.73") / "zensical")
        return "Zensical 0.0.73"

    def command(self) -> Sequence[str]:
        """Return the usual command."""
        return [self.program, "build"]

    def furnish(self) -> None:
        """Write settings and a plain template."""
        self.put("zensical.toml", SETTINGS)
        self.put("overrides/main.html", MAIN)

    def head(self, post: blog.Post) -> str:
        """Return YAML, and the title as a heading."""
        return f"{yaml(post)}# {post.title}\n\n"
