"""Every address and every output path of a site is made here, and nowhere else.

A URL is kept relative to the site (`/a%20b/`), percent-encoded; `output_path` is the one way from a URL to a
file, total and safe: whatever it is given, the result stays inside the output folder.
Rules for permalinks are those of Jekyll's `UrlDrop`, `URL` and `Utils.slugify`, so links to an old blog live on.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from urllib.parse import quote, unquote, urlsplit

from bifolium.placeholders import PLACEHOLDERS, PRESETS

DATED = frozenset(PLACEHOLDERS[: PLACEHOLDERS.index("categories")])
DOCUMENTS = (".html", ".htm", ".xhtml", ".xml", ".json", ".txt")

_PLACEHOLDER = re.compile(r":(" + "|".join(sorted(PLACEHOLDERS, key=len, reverse=True)) + r")(?![a-z])")
PATH_SAFE = "/-._~!$&'()*+,;=:@"
SEARCH = "/pagefind/"
"""The folder of the index for search; nothing else stands there."""
_LONGEST_NAME = 200  # bytes; file systems take 255, and `.html` or a journal's suffix may follow
_ADDRESSES = 1 << 18  # remembered at most: fewer than a site has, asked for in turn, would all be forgotten in time
_EXTERNAL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
_PLAIN = re.compile(r"(?:/[a-zA-Z0-9_-][a-zA-Z0-9_.-]*)+/?")
"""What most addresses look like: their parts are names of files as they stand, and tell this 8 times as fast."""


def permalink(pattern: str, *, date: datetime | None, slug: str, categories: Sequence[str], path: str) -> str:
    """Return the URL that `pattern` (or a preset's name) gives a post; what a post doesn't have leaves no gap.

    `path` is the source's path inside its folder, without extension; `a/index` stands for `a`.
    """
    values = {
        "title": pretty_slug(slug),
        "slug": slugify(slug),
        "name": slugify(posixpath.basename(path.removesuffix("/index"))),
        "categories": "/".join(dict.fromkeys(name.lower() for name in categories)),
        "slugified_categories": "/".join(dict.fromkeys(map(slugify, categories))),
        "path": "" if path == "index" else path.removesuffix("/index"),
        "collection": "posts",
        "output_ext": ".html",
        **(calendar(date) if date else {}),
    }
    full = PRESETS.get(pattern, pattern)
    if not date:
        full = "/".join(part for part in full.split("/") if not DATED & set(_PLACEHOLDER.findall(part)))
        full += "/" if PRESETS.get(pattern, pattern).endswith("/") else ""
    return explicit(_PLACEHOLDER.sub(lambda found: quote(values[found[1]], safe=PATH_SAFE), full))


def explicit(url: str, *, folder: bool = False) -> str:
    """Return `url`, which an author wrote, as a URL of this site; with `folder` it ends in a slash."""
    url = urlsplit(url).path if "://" in url else url
    if url in {"index", "/index", "index/", "/index/"}:
        return "/"
    ends = "/" if folder or url.endswith("/") else ""
    parts = [quote(_segment(unquote(part)), safe=PATH_SAFE) for part in url.split("/") if part.strip(". ")]
    return "/" + "/".join(parts) + (ends if parts else "")


@lru_cache(maxsize=_ADDRESSES)
def output_path(url: str) -> str:
    """Return the file below the output folder that serves `url`; it can't lie outside, whatever `url` is.

    `/a/` is a/index.html, `/a` is a.html, as Jekyll and static hosts have it.
    """
    parts = _parts(url)
    if url.endswith("/") or not parts:
        return "/".join([*parts, "index.html"])
    return "/".join(parts) + ("" if parts[-1].lower().endswith(DOCUMENTS) else ".html")


def file_path(url: str) -> str:
    """Return the file below the output folder for a URL that names a file, such as a picture's."""
    return "/".join(_parts(url)) or "index.html"


def _is_plain(url: str) -> bool:
    """Tell whether the parts of `url` are names of files as they stand."""
    return len(url) <= _LONGEST_NAME and bool(_PLAIN.fullmatch(url))


def _parts(url: str) -> list[str]:
    """Return the names that lead to the file of `url`."""
    if _is_plain(url):
        return url.strip("/").split("/")
    return [_segment(part) for part in unquote(url).split("/") if part.strip(". ")]


@lru_cache(maxsize=_ADDRESSES)
def clash_key(path: str) -> str:
    """Return what two output paths have in common if some file system takes them for one."""
    return path.lower() if path.isascii() else unicodedata.normalize("NFC", path).casefold()


@lru_cache(maxsize=_ADDRESSES)
def page_key(url: str) -> str:
    """Return the clash key of the page at `url`."""
    return clash_key(output_path(url))


@lru_cache(maxsize=_ADDRESSES)
def file_key(url: str) -> str:
    """Return the clash key of the file at `url`."""
    return clash_key(file_path(url))


def alias(url: str) -> str:
    """Return the URL of the page that redirects from `url`: a folder, unless it names a document."""
    return explicit(url, folder=not url.lower().endswith(DOCUMENTS))


def slugify(text: str) -> str:
    """Return the slug of `text`: letters, marks and digits of any script, lower case; never empty."""
    return _segment(_dashed(text, "").lower())


def pretty_slug(text: str) -> str:
    """Return the slug of a file name: letter case and `._~!$&'()+,;=@` stay (Jekyll's `pretty` mode, cased)."""
    return _segment(_dashed(text, "._~!$&'()+,;=@"))


@lru_cache(maxsize=_ADDRESSES)
def term_slug(name: str) -> str:
    """Return the slug of a category or tag: equal for names that differ in case only, different for C, C# and C++.

    A name without anything that a slug can hold is spelt out: `?` is `question-mark`.
    """
    slug = _dashed(name.replace("#", "-sharp"), "._~&+@").lower()
    return _segment(slug if slug.strip(". ") else "-".join(map(_spelt, name)))


@lru_cache(maxsize=_ADDRESSES)
def term_url(index: str, name: str) -> str:
    """Return the URL of a category's, tag's or series' page, below its index."""
    return explicit(index.rstrip("/") + "/" + quote(term_slug(name), safe=PATH_SAFE), folder=True)


def fragment(anchor: str) -> str:
    """Return the end of a URL that leads to the element with the id `anchor`."""
    return "#" + quote(anchor, safe=PATH_SAFE + "?")


@lru_cache(maxsize=_ADDRESSES)
def numbered(url: str, number: int, pattern: str) -> str:
    """Return the URL of a list's `number`th page, counted from 1: of further ones, `pattern` tells the end."""
    end = pattern.replace(":number", str(number))
    return url if number == 1 else explicit(f"{url.removesuffix('index.html').rstrip('/')}/{end}")


def of_file(path: str) -> str:
    """Return the URL of a file that is published under its own path."""
    if _is_plain(f"/{path}/"):
        return f"/{path}"
    return "/" + quote("/".join(_segment(part) for part in path.split("/")), safe=PATH_SAFE)


def beside(url: str, name: str) -> str:
    """Return the URL of a bundle's file `name`: in its page's folder, or in one named after its page."""
    folder = url if url.endswith("/") else posixpath.splitext(url)[0] + "/"
    return explicit(folder + quote(name, safe=PATH_SAFE))


def hashed(name: str, content: bytes) -> str:
    """Return the URL of a file of the theme; its name changes when its content does, so it can be cached for ever."""
    stem, dot, extension = name.rpartition(".")
    digest = hashlib.blake2b(content, digest_size=5).hexdigest()
    return of_file(f"assets/{stem}.{digest}{dot}{extension}")


def base_path(base_url: str) -> str:
    """Return what stands before every URL of a site that lives below a path: `/blog`, or nothing."""
    return quote(urlsplit(base_url).path.rstrip("/"), safe=PATH_SAFE + "%")


def is_external(target: str) -> bool:
    """Tell whether `target` has a scheme or a host, so that it doesn't point into this site."""
    return bool(_EXTERNAL.match(target))


def placed_at(base_url: str) -> Callable[[str], str]:
    """Return the function that makes a final address from a URL of the site, for sites below a path too."""
    base = base_path(base_url)
    return lambda url: base + url if url.startswith("/") and not url.startswith("//") else url


def placed_absolutely(base_url: str) -> Callable[[str], str]:
    """Return the function that makes a whole address from a URL of the site, for feeds."""
    return lambda url: base_url.rstrip("/") + url if url.startswith("/") and not url.startswith("//") else url


@lru_cache(maxsize=4096)
def _segment(part: str) -> str:
    """Return `part` as one safe name in a path: no separator, no control character, not too long, never empty."""
    name = part if part.isascii() else unicodedata.normalize("NFC", part)
    name = re.sub(r"[\x00-\x1f\x7f/\\\ud800-\udfff]+", "-", name).strip()
    if not name.strip("."):
        return "untitled"
    data = name.encode()
    if len(data) <= _LONGEST_NAME:
        return name
    stem, extension = posixpath.splitext(name)
    extension = extension if len(extension) < 10 else ""
    kept = stem.encode()[: _LONGEST_NAME - 20].decode(errors="ignore")
    return f"{kept}-{hashlib.blake2b(data, digest_size=4).hexdigest()}{extension}"


def _dashed(text: str, also: str) -> str:
    """Return `text` with every run of other characters than letters, marks, digits and `also` made one dash."""
    kept = "".join(char if char in also or unicodedata.category(char)[0] in "LMN" else "-" for char in text)
    return re.sub("-+", "-", kept).strip("-")


def _spelt(char: str) -> str:
    """Return the name of a character as a slug."""
    return _dashed(unicodedata.name(char, f"u{ord(char):x}"), "").lower()


def calendar(date: datetime) -> dict[str, str]:
    """Return what the placeholders of dates stand for."""
    week = date.isocalendar()
    return {
        "year": f"{date.year:04}",
        "month": f"{date.month:02}",
        "day": f"{date.day:02}",
        "hour": f"{date.hour:02}",
        "minute": f"{date.minute:02}",
        "second": f"{date.second:02}",
        "y_day": f"{date.timetuple().tm_yday:03}",
        "i_month": str(date.month),
        "i_day": str(date.day),
        "short_year": f"{date.year % 100:02}",
        "short_month": _MONTHS[date.month - 1][:3],
        "long_month": _MONTHS[date.month - 1],
        "week": f"{week.week:02}",
        "w_year": f"{week.year:04}",
        "w_day": str(week.weekday),
        "short_day": _DAYS[week.weekday - 1][:3],
        "long_day": _DAYS[week.weekday - 1],
    }


_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_MONTHS = "January February March April May June July August September October November December".split()
