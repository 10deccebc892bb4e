"""What machines read of the site as a whole: feeds, the sitemap and robots.txt."""

from __future__ import annotations

from collections.abc import Mapping

from bifolium.feeds import atom, json_feed, rss
from bifolium.model import FeedPage
from bifolium.settings import Settings

STYLESHEET = "feed.css"


def write(page: FeedPage, contents: Mapping[str, str], settings: Settings, stylesheet: str = "") -> bytes:
    """Return the feed in its format; `contents` are the posts' HTML with absolute URLs, by source path.

    `stylesheet` is the address of what makes the XML of a feed readable for people who open it.
    """
    match page.format:
        case "atom":
            return atom.write(page, contents, settings, stylesheet)
        case "rss":
            return rss.write(page, contents, settings, stylesheet)
    return json_feed.write(page, contents, settings)
