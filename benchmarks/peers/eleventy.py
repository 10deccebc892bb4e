"""Eleventy 3, from npm, with markdown-it, Prism for code and KaTeX for formulas."""

from __future__ import annotations

import json
from collections.abc import Sequence

from benchmarks import blog
from benchmarks.peers.peer import Peer, npm, yaml

SETTINGS = """import highlight from "@11ty/eleventy-plugin-syntaxhighlight";
import rss from "@11ty/eleventy-plugin-rss";
import markdown from "markdown-it";
%(imports)s
const SIZE = 20;

function shelves(posts, field) {
  const found = {};
  for (const post of posts) for (const name of [post.data[field]].flat()) (found[name] ??= []).push(post);
  return Object.entries(found).flatMap(([name, some]) =>
    Array.from({ length: Math.ceil(some.length / SIZE) }, (_, at) =>
      ({ name, number: at + 1, posts: some.slice(at * SIZE, at * SIZE + SIZE) })));
}

export default function (eleventy) {
  eleventy.addPlugin(highlight);
  eleventy.addPlugin(rss);
  eleventy.setLibrary("md", markdown({ html: true })%(use)s);
  eleventy.addPassthroughCopy("images");
  eleventy.addFilter("day", (date) => date.toISOString().slice(0, 10));
  const posts = (api) => api.getFilteredByGlob("posts/*.md").reverse();
  eleventy.addCollection("all_posts", posts);
  eleventy.addCollection("by_category", (api) => shelves(posts(api), "category"));
  eleventy.addCollection("by_labels", (api) => shelves(posts(api), "labels"));
  return { dir: { input: ".", includes: "_includes", output: "public" }, markdownTemplateEngine: false };
}
"""
DEFAULTS = """export default { layout: "post.njk", permalink: (data) => `/posts/${data.page.fileSlug}/` };
"""
FILES = {
    "_includes/base.njk": """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title></head>
<body><i>mark 0</i><header><a href="/">Made up</a></header>
{{ content | safe }}
</body></html>
""",
    "_includes/post.njk": """---
layout: base.njk
---
<article class="post"><h1>{{ title }}</h1>
<p>{{ page.date | day }} <a href="/category/{{ category }}/">{{ category }}</a>
{% for label in labels %} <a href="/labels/{{ label }}/">{{ label }}</a>{% endfor %}</p>
{{ content | safe }}</article>
""",
    "index.njk": """---
layout: base.njk
title: Made up
pagination: { data: collections.all_posts, size: 20, alias: posts }
permalink: "{% if pagination.pageNumber %}page/{{ pagination.pageNumber + 1 }}/{% endif %}index.html"
---
<ul>{% for post in posts %}<li><a href="{{ post.url }}">{{ post.data.title }}</a> {{ post.date | day }}</li>
{% endfor %}</ul>
{% if pagination.href.next %}<a href="{{ pagination.href.next }}">older</a>{% endif %}
{% if pagination.href.previous %}<a href="{{ pagination.href.previous }}">newer</a>{% endif %}
""",
    "feed.njk": """---
permalink: /feed.xml
---
<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>Made up</title><id>https://example.org/</id>
{% for post in collections.all_posts.slice(0, 20) %}<entry><title>{{ post.data.title }}</title>
<id>https://example.org{{ post.url }}</id><updated>{{ post.date | dateToRfc3339 }}</updated>
<content type="html">{{ post.content | escape }}</content></entry>
{% endfor %}</feed>
""",
}
TERM = """---
layout: base.njk
pagination: { data: collections.by_%(field)s, size: 1, alias: shelf }
permalink: "%(field)s/{{ shelf.name }}/{%% if shelf.number > 1 %%}page/{{ shelf.number }}/{%% endif %%}index.html"
---
<h1>{{ shelf.name }}</h1><ul>
{%% for post in shelf.posts %%}<li><a href="{{ post.url }}">{{ post.data.title }}</a> {{ post.date | day }}</li>
{%% endfor %%}</ul>
"""


class Eleventy(Peer):
    """The quickest of those in JavaScript."""

    name = "eleventy"
    template = "_includes/base.njk"

    def install(self) -> str:
        """Install from npm."""
        plugins = ("@11ty/eleventy-plugin-syntaxhighlight@5.0.2", "@11ty/eleventy-plugin-rss@2.0.4")
        libraries = ("markdown-it@15.0.3", "@vscode/markdown-it-katex@1.1.2", "katex@0.19.1")
        npm(self.tools, "@11ty/eleventy@3.1.8", *plugins, *libraries)
        about = (self.tools / "node_modules/@11ty/eleventy/package.json").read_text(encoding="utf-8")
        return f"Eleventy {json.loads(about)['version']}"

    def command(self) -> Sequence[str]:
        """Return the usual command."""
        return ["node", "node_modules/@11ty/eleventy/cmd.cjs", "--quiet"]

    def preview(self, port: int) -> Sequence[str]:
        """Return the usual command, made quicker by its option."""
        return [*self.command(), "--serve", "--incremental", f"--port={port}"]

    def furnish(self) -> None:
        """Write settings and plain templates; packages are linked to."""
        (self.folder / "node_modules").symlink_to(self.tools / "node_modules")
        self.put("package.json", '{"private": true, "type": "module"}')
        imports = 'import formulas from "@vscode/markdown-it-katex";' if self.math else ""
        use = ".use(formulas.default ?? formulas)" if self.math else ""
        self.put("eleventy.config.js", SETTINGS % {"imports": imports, "use": use})
        self.put("posts/posts.11tydata.js", DEFAULTS)
        for path, text in FILES.items():
            self.put(path, text)
        for field in ("category", "labels"):
            self.put(f"{field}.njk", TERM % {"field": field})

    def head(self, post: blog.Post) -> str:
        """Return YAML; what Eleventy calls tags are collections, which cost more than the lists that we make."""
        return yaml(post, f"category: {post.category}", f"labels: [{', '.join(post.tags)}]")
