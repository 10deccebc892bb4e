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

VALUE: Final = r"""(?:"[^"\n]*"|'[^'\n]*'|[A-Za-z_][\w-]*(?:\.[\w-]+)*)"""
OUTPUT: Final = re.compile(rf"\{{\{{-?[ \t]*({VALUE})[ \t]*((?:\|[^{{}}\n|]{{0,200}}){{0,20}}?)-?\}}\}}")
"""`{{ page.title | upcase }}`: a value, and filters."""
TAG: Final = re.compile(r"\{%-?\s*([a-z_]+)\b\s*((?:[^\n]|\n(?![ \t]*\n)){0,1000}?)\s*-?%\}")
"""`{% include box.html text="…" %}`: a name, and the rest, which may go on in the next lines."""
EITHER: Final = re.compile(f"{TAG.pattern}|{OUTPUT.pattern}")
RAW: Final = re.compile(r"\{%-?[ \t]*(?:end)?raw[ \t]*-?%\}")
_RAW_SPAN = re.compile(r"\{%-?[ \t]*raw[ \t]*-?%\}.*?(?:\{%-?[ \t]*endraw[ \t]*-?%\}|\Z)", re.DOTALL)
BETWEEN: Final = "\x1f"
"""What stands between the items of a list that `split` makes: a list is a text here, too."""
LONGEST: Final = 100_000
"""So many characters a value may have."""
_NUMBER: Final = r"-?[0-9]+(?:\.[0-9]+)?"
OPERAND: Final = rf"(?:{VALUE}|{_NUMBER})"
"""A value, or a number."""
_FILTER = re.compile(rf"\|[ \t]*([a-z_]+)[ \t]*(?::[ \t]*({OPERAND})(?:,[ \t]*({OPERAND}))?)?[ \t]*")
ASSIGNED: Final = re.compile(r"([A-Za-z_][\w-]*)[ \t]*=[ \t]*(.+)", re.DOTALL)
_ROOTS: Final = ("site.", "page.", "include.")
SNIPPET: Final = "include"
"""The key that values have in a snippet: what was not handed to it is empty there."""


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
    if (quoted and not filters.strip()) or not (quoted or name in values or name.startswith(_ROOTS)):
        return None
    is_optional = "default" in filters or (SNIPPET in values and name.startswith("include."))
    if not quoted and name not in values and not is_optional:
        raise LiquidError(f"`{name}` has no value here", "what stands in the front matter is `page.…`")
    value = name[1:-1] if quoted else values.get(name, "")
    at = 0
    while at < len(filters):
        found = _FILTER.match(filters, at)
        if not found or found[1] not in _FILTERS:
            said = found[1] if found else filters[at:].strip()
            raise LiquidError(f"the filter `{said}` is not known", f"these are: {', '.join(sorted(_FILTERS))}")
        argument = BETWEEN.join(literal(it, values) for it in found.groups()[1:] if it)
        value = _FILTERS[found[1]](value, argument, values)
        if len(value) > LONGEST:
            raise LiquidError(f"`{name}` becomes too long", f"{LONGEST:,} characters are the most")
        at = found.end()
    return value


def assign(rest: str, values: Mapping[str, str]) -> dict[str, str]:
    """Return `values` with the one that `{% assign name = value %}` adds; raises LiquidError."""
    found = ASSIGNED.fullmatch(rest)
    output = OUTPUT.fullmatch(f"{{{{ {found[2]} }}}}") if found else None
    if not found or not output:
        raise LiquidError(
            f"`{rest}` assigns nothing that is known here", 'write `name = "text"` or `name = page.title`'
        )
    said = evaluate(output, values)
    return {**values, found[1]: literal(output[1], values) if said is None else said}


def path_of(tag: re.Match[str], posts: str) -> str | None:
    """Return the path to which `{% post_url … %}` or `{% link … %}` leads, from the site's top; None for other tags."""
    match tag[1]:
        case "post_url":
            return f"/{posts}/{tag[2].strip('/')}"
        case "link":
            return f"/{tag[2].lstrip('/')}"
        case _:
            return None


def snippet_name(rest: str) -> str:
    """Return the name of the snippet that `{% include … %}` names."""
    return rest.split(maxsplit=1)[0] if rest.strip() else ""


def _included(text: str) -> list[str]:
    tags = TAG.finditer(text) if "{%" in text else ()
    return [name for tag in tags if tag[1] == "include" and (name := snippet_name(tag[2]))]


def literal(value: str, values: Mapping[str, str]) -> str:
    """Return what a value in quotes, a number, or the name of one stands for; nothing for a name without a value."""
    if value[:1] in {'"', "'"}:
        return value[1:-1]
    return value if value[:1] in set("-0123456789") else values.get(value, "")


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


def _replaced(value: str, pair: str) -> str:
    """Return `value` with the first of a pair replaced by the second, everywhere; without a second one, by nothing."""
    old, _, new = pair.partition(BETWEEN)
    return value.replace(old, new) if old else value


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
    "first": lambda value, _, __: value.split(BETWEEN)[0],
    "join": lambda value, between, _: value.replace(BETWEEN, between),
    "last": lambda value, _, __: value.split(BETWEEN)[-1],
    "prepend": lambda value, more, _: more + value,
    "relative_url": lambda value, _, values: _below(value, values),
    "remove": lambda value, some, _: _replaced(value, some),
    "replace": lambda value, pair, _: _replaced(value, pair),
    "size": lambda value, _, __: str(value.count(BETWEEN) + 1 if BETWEEN in value else len(value)),
    "split": lambda value, between, _: value.replace(between, BETWEEN) if between else BETWEEN.join(value),
    "strip": lambda value, _, __: value.strip(),
    "upcase": lambda value, _, __: value.upper(),
}
