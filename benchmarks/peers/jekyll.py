"""Jekyll, as Debian has it (or a gem), with its cache of texts. It doesn't typeset formulas while building."""

from __future__ import annotations

import shutil
from collections.abc import Sequence

from benchmarks import blog
from benchmarks.peers.peer import Absent, Peer, run, yaml

SETTINGS = """title: Made up
url: https://example.org
permalink: /:categories/:year/:month/:day/:title/
destination: public
plugins: [jekyll-feed]
feed: { path: feed.xml, posts_limit: 20 }
defaults: [{ scope: { type: posts }, values: { layout: post, render_with_liquid: false } }]
"""
SHELVES = """module Shelves
  class Shelf < Jekyll::PageWithoutAFile
    def initialize(site, folder, title, posts, number, last)
      super(site, site.source, number == 1 ? folder : "#{folder}/page/#{number}", "index.html")
      data.merge!("layout" => "list", "title" => title, "posts" => posts, "folder" => folder,
                  "older" => (number + 1 if number < last), "newer" => (number - 1 if number > 1))
    end
  end

  class Generator < Jekyll::Generator
    def generate(site)
      shelve(site, "", "Made up", site.posts.docs)
      site.categories.each { |name, posts| shelve(site, "category/#{name}", name, posts) }
      site.tags.each { |name, posts| shelve(site, "tags/#{name}", name, posts) }
    end

    def shelve(site, folder, title, posts)
      parts = posts.sort.reverse.each_slice(20).to_a
      parts.each_with_index { |some, at| site.pages << Shelf.new(site, folder, title, some, at + 1, parts.size) }
    end
  end
end
"""
LAYOUTS = {
    "base": """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{{ page.title }}</title></head>
<body><i>mark 0</i><header><a href="/">{{ site.title }}</a></header>
{{ content }}
</body></html>
""",
    "post": """---
layout: base
---
<article class="post"><h1>{{ page.title }}</h1>
<p>{{ page.date | date: "%Y-%m-%d" }}{% for term in page.categories %} <a href="/category/{{ term }}/">{{ term }}</a>
{% endfor %}{% for term in page.tags %} <a href="/tags/{{ term }}/">{{ term }}</a>{% endfor %}</p>
{{ content }}</article>
""",
    "list": """---
layout: base
---
<h1>{{ page.title }}</h1><ul>
{% for post in page.posts %}<li><a href="{{ post.url }}">{{ post.title }}</a> {{ post.date | date: "%Y-%m-%d" }}</li>
{% endfor %}</ul>{% if page.older %}<a href="/{{ page.folder }}/page/{{ page.older }}/">older</a>{% endif %}
{% if page.newer %}<a href="/{{ page.folder }}/page/{{ page.newer }}/">newer</a>{% endif %}
""",
}


class Jekyll(Peer):
    """The one that most blogs come from."""

    name = "jekyll"
    maths = False
    texts = "_posts"
    state = (".jekyll-cache", ".jekyll-metadata")
    template = "_layouts/base.html"

    def install(self) -> str:
        """Return the version that is there: it isn't installed, since that needs the rights to do so."""
        if not shutil.which("jekyll"):
            raise Absent("install Jekyll and jekyll-feed: Debian's packages jekyll and ruby-jekyll-feed")
        return f"Jekyll {run(['jekyll', '--version']).split()[-1]}"

    def command(self) -> Sequence[str]:
        """Return the usual command."""
        return ["jekyll", "build", "--quiet", "--future"]

    def furnish(self) -> None:
        """Write settings, plain templates, and what makes lists of 20."""
        self.put("_config.yml", SETTINGS)
        self.put("_plugins/shelves.rb", SHELVES)
        for name, text in LAYOUTS.items():
            self.put(f"_layouts/{name}.html", text)

    def head(self, post: blog.Post) -> str:
        """Return YAML."""
        return yaml(post, f"categories: [{post.category}]", f"tags: [{', '.join(post.tags)}]")
