"""What machines read: the sitemap (sitemaps.org, with pictures), robots.txt (RFC 9309), headers for hosts."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement

from bifolium.feeds.xml import add, document
from bifolium.model import SitemapPage

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_HEADERS = """/*
  Content-Security-Policy: frame-ancestors 'self'
  Permissions-Policy: camera=(), geolocation=(), microphone=()
  Referrer-Policy: strict-origin-when-cross-origin
  X-Content-Type-Options: nosniff
/assets/*
  Cache-Control: public, max-age=31536000, immutable
"""
IMAGES = "http://www.google.com/schemas/sitemap-image/1.1"


def sitemap(page: SitemapPage, base_url: str) -> bytes:
    """Return the sitemap of the page's URLs, with their dates and pictures; or of other sitemaps, if it is an index."""
    base = base_url.rstrip("/")
    root = Element("sitemapindex" if page.parts else "urlset", {"xmlns": SITEMAP})
    if any(entry.images for entry in page.entries):
        root.set("xmlns:image", IMAGES)
    for part in page.parts:
        add(SubElement(root, "sitemap"), "loc", base + part)
    for entry in page.entries:
        item = SubElement(root, "url")
        add(item, "loc", base + entry.url)
        if entry.changed:
            add(item, "lastmod", entry.changed)
        for image in entry.images:
            add(SubElement(item, "image:image"), "image:loc", base + image)
    return document(root)


def headers() -> bytes:
    """Return `_headers`, by which some hosts send headers with files; a page's policy stands in the page itself."""
    return _HEADERS.encode()


def robots(sitemap: str, base_url: str) -> bytes:
    """Return robots.txt: everything may be read, and here is the sitemap, if there is one."""
    lines = ["User-agent: *", "Allow: /"]
    if sitemap:
        lines.append(f"Sitemap: {base_url.rstrip('/')}{sitemap}")
    return ("\n".join(lines) + "\n").encode()
