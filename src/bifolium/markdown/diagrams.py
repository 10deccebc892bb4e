"""Diagrams in Mermaid's language: their source stays text, which the browser turns into a picture."""

from __future__ import annotations

import re

from bifolium.model import Fragment

_DIAGRAM = re.compile(r"""<(?:pre|div)\s[^<>]*\bclass=(["']?)mermaid\b""", re.IGNORECASE)


def has_diagram(fragment: Fragment) -> bool:
    """Tell whether a page that shows `fragment` has something to draw: a block of code, or a raw `<div>`."""
    return "mermaid" in fragment.html and bool(_DIAGRAM.search(fragment.html))
