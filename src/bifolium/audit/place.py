"""Where a finished site stands, and which of its files an address in it means."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple
from urllib.parse import quote, unquote, urljoin, urlsplit

INDEX = "index.html"
_WEB = frozenset(("", "http", "https"))


class Base(NamedTuple):
    """The site's origin, such as `https://example.org` (empty: unknown), and its folder there: `/` or `/blog/`."""

    origin: str = ""
    folder: str = "/"


class Found(NamedTuple):
    """What an address means: a `path` of the site with a `fragment`; nothing of the site at `path`; another host."""

    where: str  # "here", "nowhere", "elsewhere"
    path: str = ""
    fragment: str = ""


def base(url: str) -> Base:
    """Return where a site at `url` stands."""
    parts = urlsplit(url)
    origin = f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
    return Base(origin.lower(), parts.path.rstrip("/") + "/")


def address(path: str, at: Base) -> str:
    """Return the address of a file, from the host's root on."""
    shown = path.removesuffix(INDEX) if path == INDEX or path.endswith(f"/{INDEX}") else path
    return at.folder + quote(shown)


def find(url: str, path: str, at: Base, files: Collection[str], base_tag: str = "") -> Found:
    """Return what `url` means in the page at `path` of the site whose `files` these are."""
    try:
        whole = urljoin(urljoin(at.origin + address(path, at), base_tag), url)
        parts = urlsplit(whole)
    except ValueError:
        return Found("nowhere", url)
    origin = f"{parts.scheme}://{parts.netloc}".lower() if parts.netloc else ""
    if parts.scheme not in _WEB or (origin and origin != at.origin) or not parts.path.startswith(at.folder[:-1]):
        return Found("elsewhere", whole)
    inner = unquote(parts.path.removeprefix(at.folder[:-1]).removeprefix("/"))
    for candidate in _candidates(inner):
        if candidate in files:
            return Found("here", candidate, unquote(parts.fragment))
    return Found("nowhere", inner)


def _candidates(path: str) -> tuple[str, ...]:
    """Return the files that hosts serve at a path, GitHub Pages' `/about` for `about.html` included."""
    if not path or path.endswith("/"):
        return (path + INDEX,)
    return path, f"{path}/{INDEX}", f"{path}.html"
