"""Find the addresses in a stylesheet: `url(…)` and `@import`, by CSS Syntax Level 3, sections 4.3.6 and 5.4."""

from __future__ import annotations

import re

from bifolium.audit.documents import Reference

_QUOTED = r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'"
_ADDRESS = re.compile(
    rf"/\*.*?\*/|@import\s+(?P<imported>{_QUOTED})|\burl\(\s*(?P<url>{_QUOTED}|[^\"'()\s]+)\s*\)|{_QUOTED}",
    re.DOTALL | re.IGNORECASE,
)


def addresses(text: str) -> tuple[Reference, ...]:
    """Return the addresses of what a stylesheet loads, but for those within the page that uses it, such as `#blur`."""
    found = []
    for match in _ADDRESS.finditer(text):
        url = (match["imported"] or match["url"] or "").strip("\"'")
        if url and not url.startswith("#"):
            before = text[: match.start()]
            found.append(Reference(url, "shown", before.count("\n") + 1, len(before) - before.rfind("\n")))
    return tuple(found)
