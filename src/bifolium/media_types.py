"""Tells the media type of a file by its name, the same on every machine.

The types are those of https://www.iana.org/assignments/media-types
"""

from __future__ import annotations

from mimetypes import MimeTypes

_OURS = {
    ".atom": "application/atom+xml",
    ".avif": "image/avif",
    ".js": "text/javascript",
    ".md": "text/markdown",
    ".mjs": "text/javascript",
    ".rss": "application/rss+xml",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}
"""What Python's table lacks in one of its versions, or has in an older form."""

_PYTHONS = MimeTypes()  # Python's own table: what a machine has in /etc decides nothing


def media_type(path: str) -> str:
    """Return the media type of the file at `path`, without charset; that of mere bytes if its name tells nothing."""
    name = path.rpartition("/")[2]
    ending = name[name.rfind(".") :].lower() if "." in name else ""
    return _OURS.get(ending) or _PYTHONS.guess_type(f"x{ending}")[0] or "application/octet-stream"
