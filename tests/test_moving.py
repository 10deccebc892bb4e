"""An old Jekyll blog moves over: the list of its addresses stays what real Jekyll made of the same folder."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest
from lab import HERE, Lab

from bifolium import moving
from bifolium.cli import run
from bifolium.config import examine
from bifolium.problems import draw

STYLES = {
    "date": "date",
    "pretty": "pretty",
    "ordinal": "ordinal",
    "weekdate": "weekdate",
    "none": "none",
    "slashed": "/:year/:month/:title/",
    "bare": "/blog/:categories/:slug",
    "named": "/:short_year/:i_month/:i_day/:name:output_ext",
    "wordy": "/:long_day/:long_month/:w_year-:week-:w_day/:hour:minute:second_:title.html",
    "slugs": ":slugified_categories/:y_day/:short_month/:collection/:title:output_ext",
}
CONFIG = """
title: "Tides: a blog"
description: >
  On the sea,
  and the moon.
url: https://example.org
baseurl: /notes
author: {{name: Ada, email: ada@example.org}}
lang: zh_CN
timezone: Asia/Shanghai
destination: built
permalink: "{permalink}"
plugins: [jekyll-redirect-from, jekyll-feed]
exclude: [secret.md, "*.psd"]
include: [_pages]
collections:
  recipes: {{output: true}}
  shelf: {{output: true, permalink: "/books/:title/"}}
  hidden: {{}}
defaults:
  - scope: {{path: "", type: posts}}
    values: {{layout: plain, author: Ada}}
  - scope: {{path: "_posts/math"}}
    values: {{categories: [Maths]}}
  - scope: {{path: "_posts/odd", type: posts}}
    values: {{permalink: "/odd/:title:output_ext"}}
"""
POSTS = {
    "_posts/2015-1-1-pc_history.markdown": "title: 996\ncategory: AI & ML \ntags: old",
    "_posts/2015-02-03-Two.Words_and-C++.md": "categories: [Sea, 'Big Sky']",
    "_posts/2015-02-04-blanks.md": "categories: Sea Moon",
    "_posts/2015-02-05-commas.md": "categories: Sea, Moon",
    "_posts/2015-02-06-both.md": "categories: [Sea]\ncategory: Moon",
    "_posts/2016-02-29-中文——标题（一）.md": "title: 标题\ncategory: 机器学习",
    "_posts/2016-12-31-late.md": "date: 2016-12-31 20:00:00",
    "_posts/2016-12-30-quoted.md": "date: '2016-12-30 20:00:00'",
    "_posts/2017-01-01-zoned.md": "date: 2017-01-01 01:30:00 +0100",
    "_posts/2017-01-02-short.md": "date: 2017-01-02 23:10",
    "_posts/2017-01-03-day.md": "date: 2018-05-06",
    "_posts/2017-01-04-slug.md": "slug: My Own_slug!",
    "_posts/2017-01-05-own.md": "permalink: /own/place",
    "_posts/2017-01-06-own-pattern.md": "permalink: /:year/:title/",
    "_posts/2017-01-07-hidden.md": "published: false",
    "_posts/2017-01-08-moved.md": "redirect_from:\n  - /old/place/\n  - /old/page.html",
    "_posts/2017-01-09-moved-once.md": "redirect_from: /older/",
    "_posts/2099-01-01-future.md": "title: Later",
    "_posts/math/2018-01-01-sums.md": "title: Sums",
    "_posts/math/2018-01-02-own.md": "categories: [Own]",
    "_posts/odd/2018-01-03-odd.mkd": "title: Odd",
    "_posts/2018-01-04-trailing-.md": "title: Trailing",
    "_posts/2018-01-05-a  b  c.md": "title: Blanks",
    '_posts/2018-01-06-tick\'s & "quotes".md': "title: Quotes",
    "_posts/undated.md": "title: Nobody",
    "_posts/_2018-01-07-special.md": "title: Nobody",
    "_posts/2018-01-08-gone.md~": "title: Nobody",
    "_drafts/later.md": "title: Draft",
    "about.md": "title: About\nlayout: plain",
    "notes/index.md": "title: Notes",
    "notes/One More.md": "title: More",
    "notes/own.md": "permalink: /elsewhere.html",
    "_pages/contact.md": "permalink: /contact/",
    "_pages/plain.md": "title: Plain",
    "_recipes/Soup of-day.md": "title: Soup",
    "_recipes/deep/stew.md": "title: Stew",
    "_shelf/Moby Dick.md": "title: Moby Dick",
    "_hidden/x.md": "title: Nobody",
    "secret.md": "title: Nobody",
    "notes/pages.md": "published: false",
}
FILES = {
    "_layouts/plain.html": "<title>{{ page.title }}</title>{{ content }}",
    "_posts/picture.png": "no picture",
    "README.md": "# No front matter\n",
    "CNAME": "example.org\n",
    "images/moon.txt": "moon\n",
    "assets/style.css": "p {}\n",
    "static/a.txt": "a\n",
    "public/b.txt": "b\n",
    "templates/c.txt": "c\n",
    "art/sketch.psd": "psd\n",
    "_recipes/pan.txt": "pan\n",
    "_data/moon.yml": "phase: new\n",
    "_includes/note.html": "note\n",
    "Gemfile": "gem\n",
    "index.html": "---\nlayout: plain\n---\n{% for post in site.posts %}{{ post.url }}{% endfor %}\n",
    "tags.html": "---\n---\n{% for tag in site.tags %}{{ tag[0] }}{% endfor %}\n",
    "vendor/bundle/gem/x.md": "---\ntitle: Nobody\n---\n",
    "vendor/js/x.js": "x\n",
    "built/old.html": "old\n",
    "style.scss": "---\n---\np { a { b: c } }\n",
}
OURS = (
    "page/",
    "404.html",
    "_headers",
    "archive/",
    "categories/",
    "tags/",
    "assets/",
    "robots.txt",
    "sitemap.xml",
    "equations/",
)
"""What the new site has beside what the old one had."""
BY_HAND = {"README.md", "style.css", "style.css.map", "redirects.json"}
"""What Jekyll published and we tell to be done by hand, or redirect."""


def old_folder(folder: Path, permalink: str) -> Lab:
    texts = {path: f"---\n{matter}\n---\nText of {path}.\n" for path, matter in POSTS.items()}
    return Lab(folder, {"_config.yml": CONFIG.format(permalink=permalink), **texts, **FILES}, plain=False)


@pytest.fixture(scope="session")
def jekyll(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, list[str]]:
    """Return what Jekyll writes for a folder of each style of permalinks."""
    if not shutil.which("jekyll") and not os.environ.get("CI"):
        pytest.skip("needs Jekyll: apt-get install jekyll ruby-jekyll-redirect-from")
    top = tmp_path_factory.mktemp("jekyll")
    folders = {name: old_folder(top / name, permalink).folder for name, permalink in STYLES.items()}
    folders["archives"] = Lab(top / "archives", ARCHIVED, plain=False).folder
    folders["plugins"] = Lab(top / "plugins", PLUGINS, plain=False).folder
    command = ["ruby", str(HERE / "jekyll.rb"), *map(str, folders.values())]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ | {"LANG": "C.UTF-8"})
    found = json.loads(done.stdout)
    return {name: found[str(folder)] for name, folder in folders.items()}


ARCHIVED = {
    "_config.yml": "url: https://example.org\ntimezone: UTC\nplugins: [jekyll-archives, jekyll-feed]\n"
    "feed: {path: atom.xml}\n"
    "jekyll-archives: {enabled: [categories, tags, year], layout: plain, permalinks: {category: '/in/:name/'}}\n",
    "_layouts/plain.html": "{{ content }}",
    "_posts/2015-1-1-pc.md": "---\ncategory: AI & ML\ntags: [C++, Sea]\n---\nText.\n",
    "_posts/2016-1-1-mac.md": "---\ncategory: Big Sea\ntags: [C#]\n---\nText.\n",
    "_posts/2016-1-2-数学.md": "---\ncategory: 数学\n---\nText.\n",
}


PLUGINS = {
    "_config.yml": """
url: https://example.org
timezone: UTC
permalink: pretty
plugins: [jekyll-feed, jekyll-paginate, jekyll-redirect-from, jekyll-sitemap, jekyll-seo-tag]
paginate: 2
paginate_path: "/page:num/"
feed:
  path: /atom.xml
  posts_limit: 5
  categories: [AI & ML, News, Nobody's]
  tags: {except: [c]}
header_pages: [about.md, untitled.md]
""",
    "_layouts/plain.html": "{{ content }}",
    "index.html": "---\nlayout: plain\n---\n{% for post in paginator.posts %}{{ post.url }}{% endfor %}\n",
    "about.md": "---\ntitle: About me\n---\nI.\n",
    "untitled.md": "---\nlayout: plain\n---\nU.\n",
    "gone.md": "---\nredirect_to: /about/\n---\n",
    "_posts/2026-01-01-a.md": "---\ncategory: AI & ML\ntags: [a, 'not simple']\n---\nA.\n",
    "_posts/2026-01-02-b.md": "---\ncategories: [News]\ncategory: Sea\ntags: [b_2]\n---\nB.\n",
    "_posts/2026-01-03-c.md": "---\npermalink: /:collection/:title:output_ext\ntags: [c]\n---\nC.\n",
    "_posts/2026-01-04-d.md": "---\nredirect_to: https://example.com/\n---\nD.\n",
    "_posts/2026-01-06-f.md": "---\n---\nF.\n",
    "_posts/2026-01-05-e.md": "---\nredirect_from: /older/\n---\nE.\n",
}
MENU = {
    "_data/navigation.yml": "main:\n  - title: Posts\n    url: /\n  - title: Code\n    url: https://example.com/\n",
    "_data/nav.yml": "---\n- name: Posts\n  link: blog/\n",
}


def moved(lab: Lab) -> list[str]:
    """Move the folder, build it, and return what was written."""
    folder = moving.open_folder(lab.folder)
    moving.settle(folder, moving.plan(folder))
    return built(lab)


def built(lab: Lab) -> list[str]:
    """Build a site that was moved, and return what was written."""
    assert [draw(problem) for problem in examine(lab.folder).problems] == []
    report = lab.build()
    assert [draw(it) for it in report.problems if it.severity == "error"] == []
    settings = tomllib.loads((lab.folder / "bifolium.toml").read_text(encoding="utf-8"))
    output = settings.get("folders", {}).get("output", "public")
    top = lab.folder / output
    files = (path.relative_to(top).as_posix() for path in top.rglob("*") if path.is_file())
    return sorted(path for path in files if not path.startswith(".bifolium"))


@pytest.mark.parametrize("style", STYLES)
def test_every_address_is_the_one_that_jekyll_made(style: str, tmp_path: Path, jekyll: Mapping[str, list[str]]) -> None:
    ours = moved(old_folder(tmp_path / "site", STYLES[style]))
    theirs = set(jekyll[style])
    if "tags.html" not in ours:  # it stood at `/tags`, where hosts show `/tags/index.html` as well
        theirs.discard("tags.html")
    assert sorted(theirs - set(ours) - BY_HAND) == []
    assert [path for path in ours if path not in theirs and not path.startswith(OURS)] == []


def test_pages_of_categories_tags_and_years_lead_on(tmp_path: Path, jekyll: Mapping[str, list[str]]) -> None:
    lab = Lab(tmp_path, ARCHIVED, plain=False)
    assert sorted({*jekyll["archives"]} - {*moved(lab)} - BY_HAND) == []
    assert lab.page("in/数学/index.html").count("数学") > 1
    assert "url=/in/ai-&amp;-ml/" in lab.page("in/ai-ml/index.html")
    assert "url=/archive/" in lab.page("2015/index.html")


def test_what_plugins_made_stands_where_it_stood(tmp_path: Path, jekyll: Mapping[str, list[str]]) -> None:
    lab = Lab(tmp_path, PLUGINS, plain=False)
    ours = moved(lab)
    nobody = {"feed/Nobody's.xml"}  # an empty feed: no post has that category
    assert sorted({*jekyll["plugins"]} - {*ours} - BY_HAND - nobody) == []
    assert [path for path in ours if path not in jekyll["plugins"] and not path.startswith(OURS)] == []
    assert "<title>A</title>" in lab.page("feed/AI & ML.xml")
    assert "<title>B</title>" not in lab.page("feed/AI & ML.xml")
    assert 'href="/feed/AI%20&amp;%20ML.xml"' in lab.page("categories/ai-&-ml/index.html")
    assert 'href="/page2/"' in lab.page("index.html")
    assert lab.site().settings.lists.feed == 5
    assert [(it.title, it.url) for it in lab.site().settings.menu or ()] == [("About me", "/about/")]


def test_a_menu_is_found_where_themes_want_it(tmp_path: Path) -> None:
    found = {}
    for name, text in MENU.items():
        lab = Lab(tmp_path / name.replace("/", "-"), {"_config.yml": "title: Sea\n", name: text}, plain=False)
        lab.write({"_posts/2026-01-01-a.md": "A.\n"})
        found[name] = moving.plan(moving.open_folder(lab.folder)).table["menu"]
    assert found == {
        "_data/navigation.yml": [{"title": "Posts", "url": "/"}, {"title": "Code", "url": "https://example.com/"}],
        "_data/nav.yml": [{"title": "Posts", "url": "/blog/"}],
    }


def test_an_address_that_no_setting_can_give_is_told(tmp_path: Path) -> None:
    files = {"_config.yml": "title: Sea\n", "_posts/2026-01-01-a.md": "---\nurl: https://example.com/\n---\nA.\n"}
    notes = moving.plan(moving.open_folder(Lab(tmp_path, files, plain=False).folder)).notes
    how = "write `permalink: /2026/01/01/a.html` into its front matter, since `url` is an address here"
    assert ("todo", "_posts/2026-01-01-a.md", how) in notes


def test_a_copy_has_the_addresses_of_the_old_folder(tmp_path: Path) -> None:
    lab = old_folder(tmp_path / "old", "date")
    folder = moving.open_folder(lab.folder)
    moving.copy(folder, moving.plan(folder), tmp_path / "new")
    copied = Lab(tmp_path / "new", plain=False)
    assert built(copied) == moved(lab)
    assert not (tmp_path / "new/_posts").exists()
    assert (tmp_path / "new/posts/2015-1-1-pc_history.markdown").is_file()


def test_nothing_of_the_old_folder_is_changed(tmp_path: Path) -> None:
    lab = old_folder(tmp_path, "pretty")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    moved(lab)
    after = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and path in before}
    assert after == before


def test_what_is_left_to_do_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lab = Lab(tmp_path, OLD_HABITS, plain=False)
    assert run(["import", "jekyll", str(lab.folder), "--dry-run"]) == 0
    told = capsys.readouterr()
    assert told.err.split("to be done by you:\n")[1] == REPORT
    assert told.out == SETTINGS
    assert not (tmp_path / "bifolium.toml").exists()


OLD_HABITS = {
    "_config.yml": "title: Sea\npaginate: 5\nmarkdown: kramdown\ntheme: minima\nfuture: true\n"
    "plugins:\n  - jekyll-sitemap\n  - jekyll-scholar\n",
    "_posts/2026-01-01-a.md": "---\nlayout: single\n---\nA.\n",
    "_posts/2026-01-02-b.html": "---\n---\n<p>B.\n",
    "sea/_posts/2026-01-03-c.md": "---\n---\nC.\n",
    "atom.xml": "---\n---\n<feed>{% for post in site.posts %}{% endfor %}</feed>\n",
    "index.html": "---\n---\n{% for post in paginator.posts %}{% endfor %}\n",
    "about.html": "---\n---\n<p>Me.\n",
    "away.md": "---\nredirect_to: https://example.org/\n---\n",
    "topics.md": "---\nlayout: categories\n---\n",
    "tags/index.md": "---\ntitle: My tags\n---\nI wrote this myself.\n",
    "_layouts/single.html": "{{ content }}",
    "_plugins/x.rb": "",
}
REPORT = """\
  timezone: Jekyll took that of the machine it ran on; set `timezone` if dates are off by one
  url: set `base_url`: without it there is no feed and no sitemap
  future: True: posts dated in the future are built with `bifolium build --future`
  theme: minima: bifolium has a theme of its own; what you changed in the old one goes into `templates/`
  jekyll-scholar: plugins are not run
  _layouts (1 file): layouts of Liquid are not read; write what you need of them as Jinja into `templates/`
  _plugins (1 file): plugins are not run
  _posts/2026-01-02-b.html: only Markdown is read; rename it to `.md`, HTML may stand in it
  about.html: rename it to `.md`: HTML may stand in Markdown, Liquid may not
  sea/_posts/2026-01-03-c.md: move it to `_posts` and write `categories: [sea]`
"""
SETTINGS = """\
title = "Sea"

[folders]
posts = "_posts"
drafts = "_drafts"
pages = "."
data = "_data"
exclude = [
  "_*",
  "node_modules",
  "/_posts/2026-01-02-b.html",
  "/about.html",
  "/atom.xml",
  "/away.md",
  "/index.html",
  "/sea",
  "/topics.md",
]

[urls]
pages = "/:path.html"
feed = "/atom.xml"
tags = "/all-tags/"

[markdown]
flavour = "kramdown"

[math]
dollars = false

[lists]
per_page = 5
page = "page:number/"

[layouts]
single = ""

[redirects]
"/away.html" = "https://example.org/"
"/topics.html" = "/categories/"

[[defaults]]
path = "tags/index.md"
values = { permalink = "/tags/" }
"""


def test_an_audit_finds_what_was_lost_and_leads_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = {
        "_config.yml": "title: Sea\nurl: https://example.org\nbaseurl: /sea\n",
        "_posts/2026-01-01-tides.md": "---\ntitle: Tides\n---\n# One\n\n![moon](/images/moon.svg)\n",
        "_posts/2026-01-02-waves.md": "---\ntitle: Waves\n---\nText.\n",
        "images/moon.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
    }
    page = "<title>{} | Sea</title><h1>{}</h1>{}"
    moon = "<img src='/sea/images/moon.svg'><img src='/sea/images/sun.svg'><img src='https://else.where/x.png'>"
    old = {
        "2026/01/01/tides.html": page.format("Tides", "Tides", f"<h2 id='one'>One</h2><h2 id='two'>Two</h2>{moon}"),
        "2026/01/02/waves.html": page.format("Winds", "Winds", ""),
        "archive/waves-old.html": page.format("Waves", "Waves", ""),
        "2011/tides/index.html": page.format("Ebb and flow", "Ebb", ""),
        "lost.html": page.format("Lost", "Lost", ""),
        "Archive/index.html": page.format("Archive", "Archive", ""),
        "images/sun.svg": "<svg/>",
        "sea.html": "<meta http-equiv='refresh' content='0; url=/'>",
    }
    lab = Lab(tmp_path / "site", site, plain=False)
    Lab(tmp_path / "old", old, plain=False)
    assert run(["import", "jekyll", str(lab.folder), "--audit", str(tmp_path / "old"), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert [(it["kind"], it["old"], it["new"]) for it in found["findings"]] == [
        ("moved", "2011/tides/index.html", "/2026/01/01/tides.html"),
        ("anchors", "2026/01/01/tides.html", "two"),
        ("pictures", "2026/01/01/tides.html", "/sea/images/sun.svg"),
        ("title", "2026/01/02/waves.html", "Winds | Sea → Waves · Sea"),
        ("case", "Archive/index.html", "/archive/"),
        ("moved", "archive/waves-old.html", "/2026/01/02/waves.html"),
        ("gone", "images/sun.svg", ""),
        ("gone", "lost.html", ""),
        ("gone", "sea.html", ""),
    ]
    lines = tomllib.loads((lab.folder / "bifolium.toml").read_text(encoding="utf-8"))["redirects"]
    assert lines == {"/2011/tides/": "/2026/01/01/tides.html", "/archive/waves-old.html": "/2026/01/02/waves.html"}
    assert "2011/tides/index.html" in built(lab)


def test_a_sitemap_tells_the_old_addresses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lab = Lab(
        tmp_path / "site",
        {"_config.yml": "url: https://example.org\nbaseurl: /sea\n", "_posts/2026-01-01-tides.md": "---\n---\nText.\n"},
        plain=False,
    )
    places = ("/sea/", "/sea/2026/01/01/tides.html", "/sea/2025/tides/", "/sea/gone.html")
    text = "".join(f"<url><loc>https://example.org{place}</loc></url>" for place in places)
    (tmp_path / "sitemap.xml").write_text(f"<urlset>{text}</urlset>", encoding="utf-8")
    assert run(["import", "jekyll", str(lab.folder), "--audit", str(tmp_path / "sitemap.xml"), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["redirects"] == {"/2025/tides/": "/2026/01/01/tides.html"}
    assert [it["old"] for it in found["findings"] if it["kind"] == "gone"] == ["gone.html"]


def test_mistakes_in_the_old_settings_stand_at_their_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Lab(tmp_path, {"_config.yml": "title: Sea\nurl: [a\n", "_posts/2026-01-01-a.md": "A."}, plain=False)
    assert run(["import", "jekyll", str(tmp_path)]) == 1
    assert "_config.yml:" in capsys.readouterr().err
    assert not (tmp_path / "bifolium.toml").exists()
