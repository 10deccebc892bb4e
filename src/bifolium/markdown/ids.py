"""The places inside a text that links can lead to: ids of headings, footnotes and whatever else has one."""

from __future__ import annotations

import re
from html import unescape

from bifolium.model import Fragment

_ID = re.compile(r"""(?<=[\s"'/])(?:id|name)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>=]+))""", re.IGNORECASE)


def ids_of(fragment: Fragment) -> tuple[str, ...]:
    """Return every id of `fragment`, raw HTML's too, and the names of anchors, which browsers take for ids."""
    found = find_ids(fragment.html)
    found += [value for image in fragment.images for name, value in image.attributes if name == "id"]
    return tuple(dict.fromkeys(name for name in found if name))


def find_ids(html: str) -> list[str]:
    """Return the ids and names in HTML; it may be a template."""
    return [unescape(double or single or bare) for double, single, bare in _ID.findall(html)]
