"""Feeds are valid: a strict parser has nothing to say, all that the formats ask for is there, no address is relative.

Atom by RFC 4287; RSS by the specification of the RSS Advisory Board and its best practices; JSON Feed by version 1.1.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from html import unescape
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, fromstring

import feedparser  # type: ignore[import-untyped]
import pytest
from lab import Lab

from bifolium.feeds.atom import ATOM
from bifolium.feeds.rss import CONTENT

A = f"{{{ATOM}}}"
TEXT = (
    "Energy $E = mc^2$, a note[^1], [self](#part), [query](?x=1), ![p](/images/p.svg), <a href='more/'>raw</a>, "
    "a < b & c.\n\n```python\nprint(1 < 2)\n```\n\n"
    "## Part {#part}\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n$$\\int_0^1 x\\,dx$$\n\n"
    "<iframe src='//video.example/1'></iframe> <form action='ask'></form> <video poster='p.png'></video>"
    "\n\n[^1]: Noted.\n"
)
FILES = {
    "bifolium.toml": 'title = "Tides & <moons>"\ntagline = "Of the sea"\nauthor = "Emmy"\nlanguage = "en"\n'
    'base_url = "https://example.org/blog/"\n[feeds]\nformats = ["atom", "rss", "json"]\nof = ["category", "tag"]\n',
    "posts/2026-01-01-old.md": f"---\ntitle: Old $x^2$\nupdated: 2026-03-01 08:00 +0800\ntags: [a, 'b c']\n---\n{TEXT}",
    "posts/2026-02-01-新.md": f"---\ntitle: 'New & <b> \"x\"'\ncategory: 海 & C#\nlang: zh-CN\n---\n公式，{TEXT}",
    "posts/2026-02-02-empty.md": "---\ntitle: Nothing\ncategory: 海 & C#\nauthors: [Ann, Bob]\n---\n",
    "images/p.svg": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 3 2"/>',
}
ONCE = {"feed": ("id", "title", "updated"), "entry": ("id", "title", "updated")}  # RFC 4287, 4.1.1 and 4.1.2
CHANNEL = ("title", "link", "description", "language", "lastBuildDate")
ITEM = ("title", "link", "guid", "pubDate")
IN_HTML = re.compile(r"""\s(?:href|src|poster|action|cite|data)=(?:"([^"]*)"|'([^']*)')""")


@pytest.fixture(scope="module")
def feeds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The feeds of a site, of its category and of its tags, by path."""
    lab = Lab(tmp_path_factory.mktemp("valid"), FILES)
    assert lab.build().published
    found = {path: data for path, data in lab.output().items() if re.search(r"(feed|rss)\.(xml|json)$", path)}
    assert {path.rpartition("/")[0] for path in found} == {"", "categories/海-&-c-sharp", "tags/a", "tags/b-c"}
    assert len(found) == 12
    return found


def test_a_strict_parser_has_nothing_to_say(feeds: dict[str, bytes]) -> None:
    for path, data in feeds.items():
        if path.endswith(".xml"):
            parsed = feedparser.parse(data, response_headers={"content-type": "application/xml; charset=utf-8"})
            assert (path, parsed.bozo, parsed.version) == (path, False, "atom10" if "feed" in path else "rss20")
            assert all(it.title and it.link and it.id and it.published for it in parsed.entries)


def test_atom_has_what_rfc_4287_asks_for(feeds: dict[str, bytes]) -> None:
    for feed in map(fromstring, picked(feeds, "feed.xml")):
        for element in (feed, *feed.findall(f"{A}entry")):
            name = element.tag.removeprefix(A)
            assert {it: len(element.findall(A + it)) for it in ONCE[name]} == dict.fromkeys(ONCE[name], 1)
            assert is_stamp(text(element, f"{A}updated"))
            assert is_whole(text(element, f"{A}id"))
            assert element.find(f"{A}author/{A}name") is not None or feed.find(f"{A}author/{A}name") is not None
            rels = [
                (it.get("rel", "alternate"), it.get("type"), it.get("hreflang")) for it in element.findall(f"{A}link")
            ]
            assert len(rels) == len(set(rels))  # 4.1.1: no two alternates of one type and language
        assert "self" in {it.get("rel") for it in feed.findall(f"{A}link")}
        ids = [text(it, f"{A}id") for it in feed.findall(f"{A}entry")]
        assert len(ids) == len(set(ids))


def test_rss_has_what_its_specification_asks_for(feeds: dict[str, bytes]) -> None:
    for rss in map(fromstring, picked(feeds, "rss.xml")):
        assert rss.get("version") == "2.0"
        (channel,) = rss.findall("channel")
        assert {it: len(channel.findall(it)) for it in CHANNEL} == dict.fromkeys(CHANNEL, 1)
        assert [it.get("rel") for it in channel.findall(f"{A}link")] == ["self"]
        for item in channel.findall("item"):
            assert {it: len(item.findall(it)) for it in ITEM} == dict.fromkeys(ITEM, 1)
            assert parsedate_to_datetime(text(item, "pubDate")).tzinfo
            assert is_whole(text(item, "guid"))


def test_json_feed_has_what_version_1_1_asks_for(feeds: dict[str, bytes]) -> None:
    for feed in map(json.loads, picked(feeds, "feed.json")):
        assert feed["version"] == "https://jsonfeed.org/version/1.1"
        assert feed["title"]
        assert is_whole(feed["home_page_url"])
        assert is_whole(feed["feed_url"])
        for item in feed["items"]:
            assert isinstance(item["id"], str)
            assert isinstance(item.get("content_html", item.get("content_text")), str)
            assert is_stamp(item["date_published"])
            assert is_stamp(item.get("date_modified", item["date_published"]))


def test_no_address_in_a_feed_is_relative(feeds: dict[str, bytes]) -> None:
    for path, data in feeds.items():
        found = (
            [*addresses_of_json(json.loads(data))] if path.endswith("json") else [*addresses_of_xml(fromstring(data))]
        )
        assert len(found) > 2
        assert [url for url in found if not is_whole(url)] == []


def picked(feeds: dict[str, bytes], name: str) -> list[bytes]:
    return [data for path, data in feeds.items() if path.endswith(name)]


def text(parent: Element, path: str) -> str:
    return parent.findtext(path) or ""


def is_stamp(written: str) -> bool:
    """Tell whether this is a date and time with its zone, as RFC 3339 has it."""
    return "T" in written and datetime.fromisoformat(written).tzinfo is not None


def is_whole(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "mailto" or (parts.scheme in {"https", "http"} and bool(parts.netloc) and url.isascii())


def addresses_of_xml(feed: Element) -> Iterator[str]:
    for element in feed.iter():
        if element.get("href"):
            yield element.get("href", "")
        if element.tag in {"link", f"{A}id", f"{A}uri", f"{A}icon", f"{A}logo"} and element.text:
            yield element.text
        if element.tag in {f"{A}content", f"{A}summary", f"{{{CONTENT}}}encoded", "description"}:
            yield from addresses_of_html(element.text or "")


def addresses_of_json(value: Any, key: str = "") -> Iterator[str]:
    match value:
        case dict():
            for name, inner in value.items():
                yield from addresses_of_json(inner, name)
        case list():
            for inner in value:
                yield from addresses_of_json(inner, key)
        case str() if key == "content_html":
            yield from addresses_of_html(value)
        case str() if key.endswith("url") or key in {"icon", "favicon", "image"}:
            yield value


def addresses_of_html(html: str) -> Iterator[str]:
    for found in IN_HTML.finditer(html):
        yield unescape(found[1] or found[2] or "")
