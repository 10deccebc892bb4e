"""Mermaid, which draws diagrams in the reader's browser: a file of our own, published only if a page has a diagram.

It is the smaller of Mermaid's two builds (2.9 MB, 0.8 MB compressed), which brings all that it needs.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from bifolium.problems import SiteError, error

MERMAID = Path(__file__).parent / "assets" / "mermaid" / "mermaid.tiny.js"


def check() -> None:
    """Raise SiteError if this installation has no Mermaid."""
    if not MERMAID.is_file():
        message = "Mermaid is missing from this installation of bifolium"
        hint = "install bifolium with pip, which fetches it: `pip install .`, or `pip install -e .` to work on it"
        raise SiteError([error("bifolium", 0, 0, "no-mermaid", message, hint)])


@cache
def identity() -> str:
    """Return a digest of Mermaid's file, for its address; empty if there is none."""
    return hashlib.blake2b(MERMAID.read_bytes(), digest_size=16).hexdigest() if MERMAID.is_file() else ""
