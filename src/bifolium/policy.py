"""A page's Content Security Policy (W3C CSP 3): what the page holds openly may run, and nothing else.

Raw HTML of a post and the site's own templates may hold scripts, frames and pictures of other hosts; these are
named or hashed one by one. KaTeX's formulas are placed by `style` attributes, thousands of different ones, so
where there are formulas these are allowed (`style-src-attr`); they can run nothing.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from hashlib import sha256
from html import escape, unescape
from urllib.parse import urlsplit

from bifolium.figures import is_styled
from bifolium.model import Fragment

Need = tuple[str, str]
"""A directive and what it must allow."""

_INLINE = re.compile(r"<(script|style)\b([^>]*)>", re.IGNORECASE)
_HOLE = re.compile("\x02L([0-9]+)\x03")
_LOADED = re.compile(
    r"<(script|link|img|source|video|audio|track|iframe|embed|object|form|image|use)\b([^>]*)>", re.IGNORECASE
)
_ATTRIBUTE = re.compile(
    r"""\b(src|srcset|href|data|poster|action)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.IGNORECASE
)
_HANDLER = re.compile(r"""<[a-z][^<>]*?\son[a-z]+\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_IS_DATA = re.compile(r"""type\s*=\s*["']?application/(ld\+)?json""", re.IGNORECASE)
_FOR = {
    "script": "script-src",
    "link": "style-src",
    "img": "img-src",
    "image": "img-src",
    "use": "img-src",
    "video": "media-src",
    "audio": "media-src",
    "track": "media-src",
    "iframe": "frame-src",
    "embed": "object-src",
    "object": "object-src",
    "form": "form-action",
}
UNSAFE = "'unsafe-inline'"
_STRICT: dict[str, tuple[str, ...]] = {
    "default-src": ("'none'",),
    "script-src": ("'self'",),
    "style-src": ("'self'",),
    "img-src": ("'self'", "data:"),
    "font-src": ("'self'",),
    "connect-src": ("'self'",),
    "media-src": ("'self'",),
    "manifest-src": ("'self'",),
    "frame-src": ("'self'",),
    "form-action": ("'self'",),
    "base-uri": ("'none'",),
}


FORMULAS: Need = ("style-src-attr", "'unsafe-inline'")


SEARCH: Need = ("script-src", "'wasm-unsafe-eval'")
"""What searches the index is WebAssembly, of our own files only."""


def policy(needs: Iterable[Need], hosts: Iterable[str] = ()) -> str:
    """Return the strictest policy that allows what a page needs; `hosts` are origins that may do anything on it."""
    allowed = {directive: dict.fromkeys(sources) for directive, sources in _STRICT.items()}
    for sources in allowed.values():
        sources |= dict.fromkeys(hosts if "'self'" in sources else ())
    for directive, source in needs:
        allowed.setdefault(directive, {})[source] = None
    return "; ".join(f"{directive} {' '.join(_consistent(sources))}" for directive, sources in allowed.items())


def needs_of(content: Fragment) -> tuple[Need, ...]:
    """Return what must be allowed for a text."""
    html = _HOLE.sub(lambda found: escape(content.links[int(found[1])].target), content.html)
    pictures = ((name, _origin(it.target)) for it in content.images for name in ("img-src", "media-src"))
    styled = [FORMULAS] if any(is_styled(it.attributes) for it in content.images) else []
    return tuple(dict.fromkeys((*_needs(html), *styled, *(need for need in pictures if need[1]))))


def needs(html: str) -> tuple[Need, ...]:
    """Return what must be allowed for `html` to work as its author wrote it, in order, each once."""
    return tuple(dict.fromkeys(_needs(html))) if "<" in html else ()


def needs_of_guests(html: str) -> tuple[Need, ...]:
    """Return what must be allowed for scripts of others: also what they ask of the hosts that they come from."""
    hosts = [source for name, source in needs(html) if name == "script-src" and "//" in source]
    asked = [(name, host) for host in hosts for name in ("connect-src", "img-src")]
    return tuple(dict.fromkeys((*needs(html), *asked)))


def needs_of_template(text: str) -> tuple[Need, ...]:
    """Return what must be allowed for a template; a script that it computes can't be hashed, so any would run."""
    return tuple((name, UNSAFE if "sha256-" in source and "{" in text else source) for name, source in needs(text))


def _consistent(sources: Iterable[str]) -> list[str]:
    """Return the sources; where anything inline may run, browsers want no hashes beside."""
    every = list(sources)
    return [it for it in every if "sha256-" not in it] if UNSAFE in every else every


def _needs(html: str) -> Iterator[Need]:
    yield from _inline(html)
    for found in _LOADED.finditer(html):
        yield from _loaded(found[1].lower(), found[2])
    for found in _HANDLER.finditer(html):
        yield "script-src", "'unsafe-hashes'"
        yield "script-src", _hash(unescape(found[1] or found[2] or ""))
    if " style=" in html:
        yield FORMULAS
    if 'class="mermaid"' in html:  # Mermaid puts a stylesheet into each diagram that it draws
        yield from (("style-src", UNSAFE), FORMULAS)


def _inline(html: str) -> Iterator[Need]:
    """Yield the hashes of scripts and stylesheets that stand in the page itself."""
    lowered, at = html.lower(), 0
    while found := _INLINE.search(html, at):
        tag = found[1].lower()
        at = lowered.find(f"</{tag}", found.end())
        if at < 0:  # to a browser, the rest of the page is a script
            return
        content = html[found.end() : at]
        if content.strip() and not _IS_DATA.search(found[2]):
            yield f"{tag}-src", _hash(content)


def _loaded(tag: str, attributes: str) -> Iterator[Need]:
    for found in _ATTRIBUTE.finditer(attributes):
        name, value = found[1].lower(), unescape(found[2] or found[3] or found[4] or "")
        if tag == "link" and "stylesheet" not in attributes:
            continue
        origin = _origin(value.strip())
        if not origin:
            continue
        if tag == "source":
            yield "img-src", origin
            yield "media-src", origin
        else:
            yield "img-src" if name == "poster" else _FOR[tag], origin


def _origin(url: str) -> str:
    parts = urlsplit(url if "://" in url[:9] or url.startswith("//") else "")
    if not parts.netloc or re.search(r"[\s;,'\"<>&]", parts.netloc):
        return ""
    return f"{parts.scheme or 'https'}://{parts.netloc}"


def _hash(text: str) -> str:
    """Return the source expression of an inline script or style (CSP 3, section 2.3.1)."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
