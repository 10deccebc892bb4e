"""The page /_bifolium/: all problems, the site's labels, the slowest pages, why pages were made again."""

from __future__ import annotations

from bifolium.serve.resident import Resident


def report_page(resident: Resident) -> bytes:
    """Return the page."""
    return (
        b"<!doctype html><html><head><title>bifolium</title></head><body>"
        + repr(resident.why).encode()
        + b"</body></html>"
    )
