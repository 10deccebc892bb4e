"""What a page of the preview has more than a built one: a script, and what it was made from. Pure."""

from __future__ import annotations

import re

_POLICY = re.compile(rb"<meta http-equiv=\"?Content-Security-Policy\"?[^>]*>\n?", re.IGNORECASE)
_END_OF_HEAD = re.compile(rb"</head\s*>", re.IGNORECASE)


def injected(html: bytes, made: str) -> bytes:
    """Return `html` with the preview's script, at the end of its head if it has one.

    A policy of the page goes: it would hold on for what is put in later, such as the page's first formula.
    """
    html = _POLICY.sub(b"", html, count=1)
    script = f'<script type="module" src="/_bifolium/preview.js" data-made="{made}"></script>'.encode()
    found = _END_OF_HEAD.search(html)
    at = found.start() if found else len(html)
    return html[:at] + script + html[at:]
