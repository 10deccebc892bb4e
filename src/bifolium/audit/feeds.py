"""What is wrong with a finished site's feeds and sitemaps: their form, what they must say, and where they lead."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from xml.etree import ElementTree as Tree

from bifolium.audit import entries
from bifolium.audit.documents import Reference
from bifolium.audit.together import Whole
from bifolium.problems import Problem

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
_DECLARED = re.compile(rb"<!DOCTYPE|<!ENTITY", re.IGNORECASE)  # no feed has them, and bombs are made of them


class Told(NamedTuple):
    """What a feed or a sitemap says: what it lacks, the names of its entries, where it leads, and its texts as HTML."""

    lacking: Sequence[str]
    names: Sequence[str]
    leads: Sequence[str]
    texts: Sequence[str] = ()


def complain(path: str, data: bytes, whole: Whole) -> Iterator[Problem]:
    """Yield what is wrong with a file that may be a feed or a sitemap; another one has no faults."""
    try:
        told = _of_json(json.loads(data)) if path.endswith(".json") else _of_xml(_parsed(data))
    except Tree.ParseError as wrong:
        line, column = wrong.position
        yield Problem(path, line, column + 1, "feed", f"this is no XML: {str(wrong).partition(':')[0]}")
    except (ValueError, AttributeError, TypeError, KeyError) as wrong:
        yield Problem(path, 0, 0, "feed", f"this is no feed: {str(wrong).lower() or type(wrong).__name__}")
    else:
        yield from _faults(path, data.decode("utf-8", errors="replace"), told, whole) if told else ()


def _faults(path: str, text: str, told: Told, whole: Whole) -> Iterator[Problem]:
    for lack in told.lacking:
        yield Problem(path, 0, 0, "feed", f"there is no {lack}, which readers of feeds need")
    for name, times in Counter(told.names).items():
        if times > 1:
            message = f"{times} entries have the id `{name}`, so that programs show one of them"
            yield _at(text, name, Problem(path, 0, 0, "feed", message))
    for url in dict.fromkeys(told.leads):
        found = whole.find(Reference(url, "link", 0, 0), path)
        if not urlsplit(url).netloc:
            yield _at(text, url, Problem(path, 0, 0, "feed", f"the address `{url}` says no host"))
        elif found.where == "nowhere":
            yield _at(text, url, Problem(path, 0, 0, "broken-link", f"nothing of this site is at `{url}`"))
    for fault in entries.complain(path, told.texts, whole):
        yield _at(text, fault.words, Problem(path, 0, 0, fault.rule, fault.message))


def _at(text: str, words: str, problem: Problem) -> Problem:
    """Return `problem` where `words` stand: as a whole value if they do, else anywhere."""
    values = (text.find(before + words + after) + len(before) for before, after in (('"', '"'), (">", "<"), ("", "")))
    offset = next((found for found in values if text.startswith(words, found)), -1)
    if offset < 0:
        return problem
    return problem._replace(line=text.count("\n", 0, offset) + 1, column=offset - text.rfind("\n", 0, offset))


def _parsed(data: bytes) -> Tree.Element:
    if _DECLARED.search(data[:10_000]):
        raise ValueError("it declares a type or entities")
    return Tree.fromstring(data)  # noqa: S314 (what bombs are made of was refused)


def _of_xml(root: Tree.Element) -> Told | None:
    if root.tag == f"{ATOM}feed":
        return _atom(root)
    if root.tag == "rss":
        return _rss(root)
    if root.tag in {f"{SITEMAP}urlset", f"{SITEMAP}sitemapindex"}:
        places = [(it.text or "").strip() for it in root.iterfind(f"./*/{SITEMAP}loc")]
        return Told([], places, places)
    return None


def _atom(root: Tree.Element) -> Told:
    """Return what an Atom feed says; RFC 4287, sections 4.1.1 and 4.1.2, has what it must."""
    every = root.findall(f"{ATOM}entry")
    needed = [(it, name) for it in (root, *every) for name in ("id", "title", "updated")]
    lacking = [f"`<{name}>` in {_which(it)}" for it, name in needed if it.find(f"{ATOM}{name}") is None]
    links = [link.get("href", "") for link in root.iter(f"{ATOM}link")]
    return Told(lacking, [it.findtext(f"{ATOM}id", "") for it in every], links, [*entries.of_atom(root)])


def _rss(root: Tree.Element) -> Told:
    """Return what an RSS feed says."""
    channel = root.find("channel")
    if channel is None:
        return Told(["`<channel>`"], [], [])
    lacking = [f"`<{name}>` in the feed" for name in ("title", "link", "description") if channel.find(name) is None]
    items = channel.findall("item")
    lacking += ["title or description in an item" for it in items if it.find("title") is it.find("description")]
    names = [it.findtext("guid", it.findtext("link", "")) for it in items]
    return Told(lacking, names, [(it.text or "").strip() for it in channel.iter("link")], [*entries.of_rss(channel)])


def _of_json(feed: Any) -> Told | None:
    """Return what a JSON Feed says, if this is one: <https://www.jsonfeed.org/version/1.1/>."""
    if not (isinstance(feed, dict) and "jsonfeed.org" in str(feed.get("version"))):
        return None
    items = feed["items"]
    lacking = [] if feed.get("title") else ["`title` in the feed"]
    lacking += ["`id` in an item" for it in items if not it.get("id")]
    names = [str(it.get("id")) for it in items if it.get("id")]
    return Told(lacking, names, [it["url"] for it in items if it.get("url")], [*entries.of_json(items)])


def _which(element: Tree.Element) -> str:
    if element.tag == f"{ATOM}feed":
        return "the feed"
    return f"the entry `{element.findtext(f'{ATOM}title') or element.findtext(f'{ATOM}id') or '?'}`"
