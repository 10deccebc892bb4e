"""Comments: what a page needs to show those that giscus or utterances keep, once a reader asks for them.

Each of the two has a script of its own, which puts a frame into the page. Our script loads it on demand.
"""

from __future__ import annotations

from collections.abc import Mapping

from bifolium.policy import Need
from bifolium.sections import Comments
from bifolium.settings import Settings

_HOSTS = {"giscus": "https://giscus.app", "utterances": "https://utteranc.es"}
_SHELVES = {"giscus": "discussions", "utterances": "issues"}


def needs(comments: Comments) -> tuple[Need, ...]:
    """Return what a page's security policy must allow for its comments."""
    host = _HOSTS.get(comments.service)
    return tuple((directive, host) for directive in ("script-src", "style-src", "frame-src")) if host else ()


def attributes(settings: Settings) -> Mapping[str, str]:
    """Return the attributes of the service's script, its address first; without a service nothing."""
    comments = settings.comments
    match comments.service:
        case "giscus":
            return {"src": "https://giscus.app/client.js", **_giscus(comments, settings.language)}
        case "utterances":
            told = {"repo": comments.repository, "issue-term": comments.mapping, "label": comments.label}
            return {"src": "https://utteranc.es/client.js", **{name: value for name, value in told.items() if value}}
    return {}


def address(comments: Comments) -> str:
    """Return where all comments are, for readers without scripts."""
    shelf = _SHELVES.get(comments.service)
    return f"https://github.com/{comments.repository}/{shelf}" if shelf else ""


def _giscus(comments: Comments, language: str) -> Mapping[str, str]:
    told = {
        "repo": comments.repository,
        "repo-id": comments.repository_id,
        "category": comments.category,
        "category-id": comments.category_id,
        "mapping": comments.mapping,
        "strict": "1",
        "reactions-enabled": "1",
        "emit-metadata": "0",
        "input-position": "top",
        "lang": "zh-CN" if language.lower() in {"zh", "zh-cn", "zh-hans"} else language.partition("-")[0],
    }
    return {f"data-{name}": value for name, value in told.items()}
