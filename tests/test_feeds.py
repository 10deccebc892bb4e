"""What machines read: the feed by RFC 4287, the sitemap by sitemaps.org."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import drawing
import pytest
from lab import Lab

from bifolium.cut import cut
from bifolium.feeds.atom import ATOM
from bifolium.feeds.rss import CONTENT
from bifolium.feeds.sitemap import IMAGES, SITEMAP
from bifolium.model import Card, SitemapPage
from bifolium.plan import IN_SITEMAP, arrange
from bifolium.settings import Settings

A, S = f"{{{ATOM}}}", f"{{{SITEMAP}}}"
SITE = {
    "bifolium.toml": 'title = "Tides & <moons>"\ntagline = "Of the sea"\nauthor = "Emmy"\n'
    'base_url = "https://example.org/blog/"\n',
    "posts/2026-01-01-old.md": "---\ntitle: Old\nupdated: 2026-03-01 08:00 +0800\ntags: [a]\n---\nOld.\n",
    "posts/2026-02-01-new/index.md": "---\ntitle: 'New & <b>'\ncategory: 海\nlang: zh-CN\nauthors: [Sofia]\n---\n"
    "公式 $x^2$，[old](../2026-01-01-old.md)，[here](#a)，![p](p.svg)\n\nA form\x0cfeed and [[x]]> ]]>.\n\n# A {#a}\n",
    "posts/2026-02-01-new/p.svg": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 3 2"/>',
    "posts/undated.md": "Not in the feed.\n",
    "pages/about.md": "Me.\n",
}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    lab = Lab(tmp_path_factory.mktemp("feeds"), SITE)
    assert [problem.rule for problem in lab.build().problems] == ["no-date"]
    return lab


def text(parent: Element, path: str) -> str:
    found = parent.find(path)
    assert found is not None
    return found.text or ""


def test_the_feed_has_what_atom_asks_for(lab: Lab) -> None:
    feed = fromstring(lab.page("feed.xml"))
    assert text(feed, f"{A}title") == "Tides & <moons>"
    assert text(feed, f"{A}id") == "https://example.org/blog/"
    assert text(feed, f"{A}updated") == "2026-03-01T00:00:00+00:00"
    assert text(feed, f"{A}author/{A}name") == "Emmy"
    assert {link.get("rel"): link.get("href") for link in feed.findall(f"{A}link")} == {
        "self": "https://example.org/blog/feed.xml",
        "alternate": "https://example.org/blog/",
    }
    assert [text(entry, f"{A}title") for entry in feed.findall(f"{A}entry")] == ["New & <b>", "Old"]


def test_an_entry_has_its_whole_text_with_addresses_that_hold_anywhere(lab: Lab) -> None:
    entry = fromstring(lab.page("feed.xml")).findall(f"{A}entry")[0]
    content = text(entry, f"{A}content")
    url = "https://example.org/blog/%E6%B5%B7/2026/02/01/new"
    assert text(entry, f"{A}id") == f"{url}.html"
    assert text(entry, f"{A}author/{A}name") == "Sofia"
    assert entry.get("{http://www.w3.org/XML/1998/namespace}lang") == "zh-CN"
    assert re.findall(r'(?:href|src)="([^"]*)"', content) == [
        "https://example.org/blog/2026/01/01/old.html",
        f"{url}.html#a",
        f"{url}/p.svg",
    ]
    assert "katex" not in content
    assert '<math xmlns="http://www.w3.org/1998/Math/MathML">' in content


def test_what_leads_into_a_text_leads_to_its_page_from_a_feed_and_no_id_repeats(tmp_path: Path) -> None:
    text = (
        "* toc\n{:toc}\n\n# One\n\nA note[^1], [asked](?x=1), <a href=more/ id='one'>raw</a>, "
        '<img src="p.png" srcset="p.png 1x, q.png 2x">.\n\n## Two\n\n[^1]: Noted.\n'
    )
    posts = {f"posts/2026-01-0{day}-p.md": text for day in (1, 2)}
    lab = Lab(tmp_path, posts | {"bifolium.toml": SITE["bifolium.toml"]})
    lab.build()
    content = text_of_entries(lab.page("feed.xml"))[0]
    page = "https://example.org/blog/2026/01/02/p.html"
    assert re.findall(r'(?:href|src|srcset)="([^"]*)"', content) == [
        *(f"{page}{end}" for end in ("#one", "#two", "#fn:1", "?x=1")),
        "https://example.org/blog/2026/01/02/more/",
        "https://example.org/blog/2026/01/02/p.png",
        "https://example.org/blog/2026/01/02/p.png 1x, https://example.org/blog/2026/01/02/q.png 2x",
        f"{page}#fnref:1",
    ]
    assert not re.search(r"\sid=", content)


def text_of_entries(feed: str) -> list[str]:
    return [text(entry, f"{A}content") for entry in fromstring(feed).findall(f"{A}entry")]


def test_the_sitemap_names_every_page_once(lab: Lab) -> None:
    found = fromstring(lab.page("sitemap.xml")).findall(f"{S}url")
    urls = [text(item, f"{S}loc") for item in found]
    assert len(set(urls)) == len(urls)
    assert all(url.startswith("https://example.org/blog/") for url in urls)
    dates = {text(item, f"{S}loc").rpartition("blog")[2]: item.findtext(f"{S}lastmod") for item in found}
    assert dates["/2026/01/01/old.html"] == "2026-03-01T00:00:00+00:00"
    assert dates["/about/"] is None


def test_without_an_address_there_is_no_feed_and_no_sitemap(tmp_path: Path) -> None:
    lab = Lab(tmp_path, SITE | {"bifolium.toml": ""})
    lab.build()
    assert not {"feed.xml", "sitemap.xml"} & set(lab.output())
    assert lab.page("robots.txt") == "User-agent: *\nAllow: /\n"


def test_every_format_has_the_same_posts(tmp_path: Path) -> None:
    lab = Lab(
        tmp_path, SITE | {"bifolium.toml": SITE["bifolium.toml"] + '[feeds]\nformats = ["atom", "rss", "json"]\n'}
    )
    lab.build()
    rss, told = fromstring(lab.page("rss.xml")), json.loads(lab.page("feed.json"))
    contents = [text(entry, f"{A}content") for entry in fromstring(lab.page("feed.xml")).findall(f"{A}entry")]
    assert [text(item, f"{{{CONTENT}}}encoded") for item in rss.findall("channel/item")] == contents
    assert [item["content_html"].replace("\x0c", "") for item in told["items"]] == contents
    assert [text(item, "pubDate") for item in rss.findall("channel/item")] == [
        "Sun, 01 Feb 2026 00:00:00 +0000",
        "Thu, 01 Jan 2026 00:00:00 +0000",
    ]
    assert {key: value for key, value in told["items"][1].items() if key != "content_html"} == {
        "id": "https://example.org/blog/2026/01/01/old.html",
        "url": "https://example.org/blog/2026/01/01/old.html",
        "title": "Old",
        "date_published": "2026-01-01T00:00:00+00:00",
        "date_modified": "2026-03-01T00:00:00+00:00",
        "authors": [{"name": "Emmy"}],
        "tags": ["a"],
        "language": "en",
    }


def test_a_category_has_its_own_feed_if_the_settings_say_so(tmp_path: Path) -> None:
    settings = SITE["bifolium.toml"] + '[feeds]\nof = ["category", "tag"]\n'
    template = "{% for feed in page.feeds %}{{ feed.title }} {{ feed.url }}{% endfor %}"
    lab = Lab(tmp_path, SITE | {"bifolium.toml": settings, "templates/list.html": template})
    lab.build()
    feeds = {path: fromstring(lab.page(path)) for path in lab.output() if path.endswith("feed.xml")}
    assert {path: text(feed, f"{A}title") for path, feed in feeds.items()} == {
        "feed.xml": "Tides & <moons>",
        "categories/海/feed.xml": "海 · Tides & <moons>",
        "tags/a/feed.xml": "a · Tides & <moons>",
    }
    assert lab.page("tags/a/index.html") == "a · Tides &amp; &lt;moons&gt; /blog/tags/a/feed.xml"


def test_the_sitemap_has_the_pictures_of_each_page(lab: Lab) -> None:
    found = fromstring(lab.page("sitemap.xml")).findall(f"{S}url")
    pictures = [text(it, f"{S}loc") for it in found for _ in it.findall(f"{{{IMAGES}}}image")]
    assert pictures == ["https://example.org/blog/%E6%B5%B7/2026/02/01/new.html"]


def test_a_video_is_no_picture_of_the_sitemap(tmp_path: Path) -> None:
    text = "---\ntitle: A\n---\n![a](/images/a.svg) ![v](/images/v.webm) <video src='/images/v.webm'></video>"
    images: dict[str, str | bytes] = {
        "images/a.svg": '<svg viewBox="0 0 3 2"/>',
        "images/v.webm": drawing.webm(854, 480),
    }
    lab = Lab(tmp_path, {"bifolium.toml": 'base_url = "https://a.b"\n', "posts/2026-01-01-a.md": text, **images})
    assert lab.build().problems == ()
    assert re.findall("<image:loc>([^<]*)", lab.page("sitemap.xml")) == ["https://a.b/images/a.svg"]


def test_more_pages_than_a_sitemap_may_hold_are_parted() -> None:
    cards = [
        Card((0, 0.0, 0, f"{number:06}"), f"{number}.md", "page", f"/{number}/", "") for number in range(IN_SITEMAP)
    ]
    plan, _ = arrange({it.path: it for it in cards}, (), Settings(base_url="https://example.org"))
    index = cut(plan, "/sitemap.xml", Settings())
    assert isinstance(index, SitemapPage)
    assert index.parts == ("/sitemap-1.xml", "/sitemap-2.xml")
    parts = [cut(plan, part, Settings()) for part in index.parts]
    addresses = [entry.url for part in parts if isinstance(part, SitemapPage) for entry in part.entries]
    assert addresses == sorted(["/", *(card.url for card in cards)])
