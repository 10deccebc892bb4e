"""Astro 5, from npm, with Shiki for code and KaTeX for formulas."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks import blog
from benchmarks.peers.peer import Peer, npm, yaml

PACKAGES = ("astro@5.18.2", "@astrojs/rss@4.0.19", "remark-math@6.0.0", "rehype-katex@7.0.1")
SETTINGS = """import { defineConfig } from "astro/config";
import math from "remark-math";
import katex from "rehype-katex";
export default defineConfig({
  site: "https://example.org", outDir: "public", publicDir: "static", cacheDir: ".astro-cache",
  telemetry: false, markdown: { remarkPlugins: [%(remark)s], rehypePlugins: [%(rehype)s] },
});
"""
CONTENT = """import { defineCollection } from "astro:content";
import { glob } from "astro/loaders";
export const collections = { posts: defineCollection({ loader: glob({ pattern: "*.md", base: "./posts" }) }) };
"""
POSTS = """import { getCollection } from "astro:content";
const found = await getCollection("posts");
export const posts = found.sort((one, other) => other.data.date - one.data.date);
export const day = (post) => new Date(post.data.date).toISOString().slice(0, 10);
export const shelf = (paginate, name, some) => paginate(some, { params: { name }, pageSize: 20 });
export const shelves = (paginate, field) =>
  [...new Set(posts.flatMap((post) => post.data[field]))].flatMap((name) =>
    shelf(paginate, name, posts.filter((post) => [post.data[field]].flat().includes(name))));
"""
BASE = """---
const { title } = Astro.props;
---
<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>
<body><i>mark 0</i><header><a href="/">Made up</a></header>
<slot />
</body></html>
"""
LIST = """---
import Base from "./Base.astro";
import { day } from "./posts.js";
const { title, page } = Astro.props;
---
<Base title={title}><h1>{title}</h1><ul>
{page.data.map((post) => <li><a href={`/posts/${post.id}/`}>{post.data.title}</a> {day(post)}</li>)}</ul>
{page.url.next && <a href={page.url.next}>older</a>}{page.url.prev && <a href={page.url.prev}>newer</a>}</Base>
"""
POST = """---
import { render } from "astro:content";
import Base from "../../Base.astro";
import { day, posts } from "../../posts.js";
export const getStaticPaths = () => posts.map((post) => ({ params: { id: post.id }, props: { post } }));
const { post } = Astro.props;
const { Content } = await render(post);
---
<Base title={post.data.title}><article class="post"><h1>{post.data.title}</h1>
<p>{day(post)} <a href={`/category/${post.data.category}/`}>{post.data.category}</a>
{post.data.labels.map((label) => <a href={`/labels/${label}/`}>{label}</a>)}</p>
<Content /></article></Base>
"""
INDEX = """---
import List from "../List.astro";
import { posts } from "../posts.js";
export const getStaticPaths = ({ paginate }) => paginate(posts, { pageSize: 20 });
---
<List title="Made up" page={Astro.props.page} />
"""
TERM = """---
import List from "../../../List.astro";
import { shelves } from "../../../posts.js";
export const getStaticPaths = ({ paginate }) => shelves(paginate, "%s");
---
<List title={Astro.params.name} page={Astro.props.page} />
"""
FEED = """import rss from "@astrojs/rss";
import { posts } from "../posts.js";
export const GET = (context) => rss({ title: "Made up", description: "Made up", site: context.site,
  items: posts.slice(0, 20).map((it) =>
    ({ title: it.data.title, link: `/posts/${it.id}/`, content: it.rendered?.html })) });
"""


class Astro(Peer):
    """The one with islands, of which a blog needs none."""

    name = "astro"
    pictures = "static/images"
    state = (".astro-cache", ".astro")
    template = "src/Base.astro"

    def install(self) -> str:
        """Install from npm."""
        npm(self.tools, *PACKAGES)
        return f"Astro {PACKAGES[0].partition('@')[2]}"

    def command(self) -> Sequence[str]:
        """Return the usual command."""
        return ["node", "node_modules/astro/astro.js", "build", "--silent"]

    def furnish(self) -> None:
        """Write settings and plain templates; packages are linked to."""
        (self.folder / "node_modules").symlink_to(self.tools / "node_modules")
        self.put("package.json", '{"private": true, "type": "module"}')
        used = {"remark": "math", "rehype": "katex"} if self.math else {"remark": "", "rehype": ""}
        self.put("astro.config.mjs", SETTINGS % used)
        files = {"content.config.ts": CONTENT, "posts.js": POSTS, "Base.astro": BASE, "List.astro": LIST}
        pages = {"[...page].astro": INDEX, "feed.xml.js": FEED, "posts/[id].astro": POST}
        terms = {f"{it}/[name]/[...page].astro": TERM % it for it in ("category", "labels")}
        for path, text in {**files, **{f"pages/{name}": text for name, text in (pages | terms).items()}}.items():
            self.put(f"src/{path}", text)

    def head(self, post: blog.Post) -> str:
        """Return YAML."""
        return yaml(post, f"category: {post.category}", f"labels: [{', '.join(post.tags)}]")
