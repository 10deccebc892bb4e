"""The part of Jekyll's Liquid that stands in posts: values of the site and the page, links, snippets. Nothing is run.

What a text may insert is a value, `Liquid`, made before the text is read and part of the key of its Body.
https://jekyllrb.com/docs/liquid/
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from html import escape
from typing import Final, NamedTuple

_VALUE: Final = r"""(?:"[^"\n]*"|'[^'\n]*'|[A-Za-z_][\w-]*(?:\.[\w-]+)*)"""
OUTPUT: Final = re.compile(rf"\{{\{{-?[ \t]*({_VALUE})[ \t]*((?:\|[^{{}}\n|]{{0,200}}){{0,20}}?)-?\}}\}}")
"""`{{ page.title | upcase }}`: a value, and filters."""
TAG: Final = re.compile(r"\{%-?[ \t]*([a-z_]+)\b[ \t]*([^\n]{0,1000}?)[ \t]*-?%\}")
"""`{% include box.html text="…" %}`: a name, and the rest."""
EITHER: Final = re.compile(f"{TAG.pattern}|{OUTPUT.pattern}")
RAW: Final = re.compile(r"\{%-?[ \t]*(?:end)?raw[ \t]*-?%\}")
_RAW_SPAN = re.compile(r"\{%-?[ \t]*raw[ \t]*-?%\}.*?(?:\{%-?[ \t]*endraw[ \t]*-?%\}|\Z)", re.DOTALL)
_FILTER = re.compile(rf"\|[ \t]*([a-z_]+)[ \t]*(?::[ \t]*({_VALUE}))?[ \t]*")
_PARAMETER = re.compile(rf"([A-Za-z_][\w-]*)=({_VALUE})")
_SNIPPET = re.compile(r"\S+")
_ROOTS: Final = ("site.", "page.", "include.")
_MOST: Final = 500
"""So many snippets a text may include, those in snippets counted."""


class Liquid(NamedTuple):
    """What a text may insert: values by name (`site.title`), snippets by file name; `posts` is the posts' folder."""

    values: tuple[tuple[str, str], ...] = ()
    snippets: tuple[tuple[str, str], ...] = ()
    posts: str = "posts"


class LiquidError(Exception):
    """What is wrong with a tag: message and hint."""


def gather(text: str, values: Mapping[str, str], snippets: Mapping[str, str], posts: str) -> Liquid:
    """Return those of `values` and `snippets` that `text`, or a snippet it includes, names."""
    used: dict[str, str] = {}
    waiting = [text]
    for part in waiting:
        for name in _included(part):
            if name in snippets and name not in used:
                used[name] = snippets[name]
                waiting.append(snippets[name])
    named = {name for part in waiting if "{{" in part or "{%" in part for name in values if name in part}
    return Liquid(tuple((name, values[name]) for name in sorted(named)), tuple(sorted(used.items())), posts)


def includes(text: str) -> bool:
    """Tell whether `text` includes a snippet, be it there or not."""
    return bool(_included(text))


def raw_spans(text: str) -> list[tuple[int, int]]:
    """Return where `{% raw %}` makes Liquid plain text."""
    return [match.span() for match in _RAW_SPAN.finditer(text)] if "{%" in text else []


def evaluate(output: re.Match[str], values: Mapping[str, str]) -> str | None:
    """Return what an OUTPUT stands for, or None if it isn't ours to say; raises LiquidError."""
    name, filters = output[1], output[2].rstrip(" \t-")
    quoted = name[0] in "\"'"
    if (quoted and not filters.strip()) or not (quoted or name.startswith(_ROOTS)):
        return None
    has_default = "default" in filters
    if not quoted and name not in values and not has_default:
        raise LiquidError(f"`{name}` has no value here", "what stands in the front matter is `page.…`")
    value = name[1:-1] if quoted else values.get(name, "")
    at = 0
    while at < len(filters):
        found = _FILTER.match(filters, at)
        if not found or found[1] not in _FILTERS:
            said = found[1] if found else filters[at:].strip()
            raise LiquidError(f"the filter `{said}` is not known", f"these are: {', '.join(sorted(_FILTERS))}")
        value = _FILTERS[found[1]](value, _literal(found[2] or "", values), values)
        at = found.end()
    return value


def expand(rest: str, liquid: Liquid) -> str:
    """Return the snippet that `{% include … %}` names, with its own values filled in; raises LiquidError."""
    return _expand(rest, dict(liquid.values), dict(liquid.snippets), (), [_MOST])


def _expand(
    rest: str, values: dict[str, str], snippets: dict[str, str], around: tuple[str, ...], budget: list[int]
) -> str:
    found = _SNIPPET.match(rest)
    name = found[0] if found else ""
    if name not in snippets:
        raise LiquidError(
            f"there is no snippet `{name}`", "snippets are files in the folder that `folders.includes` names"
        )
    budget[0] -= 1
    if name in around or budget[0] < 0:
        raise LiquidError(f"the snippet `{name}` includes itself, or too many others", "take the circle out")
    given = {f"include.{key}": _literal(value, values) for key, value in _PARAMETER.findall(rest)}
    inner = {key: value for key, value in values.items() if not key.startswith("include.")} | given

    def fill(match: re.Match[str]) -> str:
        tag, output = TAG.fullmatch(match[0]), OUTPUT.fullmatch(match[0])
        if tag and tag[1] == "include":
            return _expand(tag[2], inner, snippets, (*around, name), budget)
        said = evaluate(output, inner) if output else None
        return match[0] if said is None else said

    return EITHER.sub(fill, snippets[name])


def path_of(tag: re.Match[str], posts: str) -> str | None:
    """Return the path to which `{% post_url … %}` or `{% link … %}` leads, from the site's top; None for other tags."""
    match tag[1]:
        case "post_url":
            return f"/{posts}/{tag[2].strip('/')}"
        case "link":
            return f"/{tag[2].lstrip('/')}"
        case _:
            return None


def _included(text: str) -> list[str]:
    tags = TAG.finditer(text) if "{%" in text else ()
    return [found[0] for tag in tags if tag[1] == "include" and (found := _SNIPPET.match(tag[2]))]


def _literal(value: str, values: Mapping[str, str]) -> str:
    return value[1:-1] if value[:1] in {'"', "'"} else values.get(value, "")


def _date(value: str, pattern: str) -> str:
    """Return an RFC 3339 date by a strftime pattern; `%-d` has no zero before it, on any system."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return value
    bare = re.sub(r"%-([dmHIMSjy])", lambda found: moment.strftime(f"%{found[1]}").lstrip("0") or "0", pattern)
    return moment.strftime(bare)


def _below(value: str, values: Mapping[str, str]) -> str:
    return values.get("site.baseurl", "") + ("" if value.startswith("/") else "/") + value


_Filter = Callable[[str, str, Mapping[str, str]], str]
_FILTERS: dict[str, _Filter] = {
    "absolute_url": lambda value, _, values: values.get("site.url", "") + _below(value, values),
    "append": lambda value, more, _: value + more,
    "capitalize": lambda value, _, __: value[:1].upper() + value[1:],
    "date": lambda value, pattern, _: _date(value, pattern),
    "date_to_long_string": lambda value, _, __: _date(value, "%d %B %Y"),
    "date_to_string": lambda value, _, __: _date(value, "%d %b %Y"),
    "date_to_xmlschema": lambda value, _, __: value,
    "default": lambda value, other, _: value or other,
    "downcase": lambda value, _, __: value.lower(),
    "escape": lambda value, _, __: escape(value),
    "prepend": lambda value, more, _: more + value,
    "relative_url": lambda value, _, values: _below(value, values),
    "strip": lambda value, _, __: value.strip(),
    "upcase": lambda value, _, __: value.upper(),
}
