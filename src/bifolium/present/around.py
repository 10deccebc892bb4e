"""What readers can do with a post beside reading it: share it, see its source, use it under its licence."""

from __future__ import annotations

import re
from urllib.parse import quote, urlencode

from bifolium.sections import Network
from bifolium.settings import Settings
from bifolium.views import LinkView, SourceView

_TEXT = {"bluesky": "https://bsky.app/intent/compose", "mastodon": "https://share.joinmastodon.org/"}
_NETWORKS: dict[Network, tuple[str, str, str, str]] = {
    "x": ("X", "https://x.com/intent/tweet", "url", "text"),
    "reddit": ("Reddit", "https://www.reddit.com/submit", "url", "title"),
    "hackernews": ("Hacker News", "https://news.ycombinator.com/submitlink", "u", "t"),
    "linkedin": ("LinkedIn", "https://www.linkedin.com/sharing/share-offsite/", "url", ""),
    "telegram": ("Telegram", "https://t.me/share/url", "url", "text"),
    "weibo": ("微博", "https://service.weibo.com/share/share.php", "url", "title"),
}
_CREATIVE = re.compile(r"CC[ -](BY(?:-NC)?(?:-(?:SA|ND))?)[ -](\d\.\d)", re.IGNORECASE)


def share(settings: Settings, url: str, title: str) -> tuple[LinkView, ...]:
    """Return the links by which readers share the post at the whole address `url`, if that is known."""
    return tuple(_shared(name, url, title) for name in settings.theme.share) if url else ()


def source(settings: Settings, path: str) -> SourceView:
    """Return where the source of the text at `path` is to be seen, each address empty if nobody said."""
    kinds = settings.source
    return SourceView(*(it.replace("{path}", quote(path)) for it in (kinds.view, kinds.history, kinds.edit)))


def licence(settings: Settings) -> LinkView:
    """Return the licence of the site's texts, with its address if it is one of Creative Commons'."""
    name = settings.licence
    if name.upper().replace("-", " ") in {"CC0", "CC0 1.0"}:
        return LinkView(name, "https://creativecommons.org/publicdomain/zero/1.0/")
    found = _CREATIVE.fullmatch(name)
    return LinkView(name, f"https://creativecommons.org/licenses/{found[1].lower()}/{found[2]}/" if found else "")


def _shared(name: Network, url: str, title: str) -> LinkView:
    match name:
        case "email":
            return LinkView("", f"mailto:?{urlencode({'subject': title, 'body': url}, quote_via=quote)}")
        case "mastodon" | "bluesky":
            return LinkView(name.capitalize(), f"{_TEXT[name]}?{urlencode({'text': f'{title} {url}'})}")
    shown, address, url_key, title_key = _NETWORKS[name]
    told = {url_key: url, **({title_key: title} if title_key else {})}
    return LinkView(shown, f"{address}?{urlencode(told)}")
