"""Attributes in braces: `{.wide #tides width=50% title="At high tide"}`, and kramdown's `{: .wide}`.

Only those that can't run a program are let through.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from markdown_it.common.utils import escapeHtml
from markdown_it.token import Token

_BRACES = re.compile(r"\{(:?)([^{}\n]{1,1000})\}")
_ITEM = re.compile(
    r"""\s*(?:([.#])((?:[^\s.#=:"'<>]|(?<=\w):(?=\w))+)|([A-Za-z][\w:-]*)=(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))|([A-Za-z][\w-]*)(?=\s|$))"""
)
_NAMED = re.compile(r"\{:([A-Za-z][\w-]*):[ \t]+([^{}\n]{1,1000})\}[ \t]*")
_FIRST_TAG = re.compile(r"""\s*<[A-Za-z](?:[^<>"']|"[^"]*"|'[^']*')*>""")
_ALLOWED: Final = frozenset(
    "alt caption class cols colspan dir download height hidden hreflang id lang loading loop muted name poster rel "
    "reversed role rows rowspan span start style summary target title translate type value width".split()
)


class Attributes(NamedTuple):
    """What stands in braces that end at `end`; `words` are bare ones: `toc`, or names of attribute lists."""

    values: dict[str, str]
    refused: tuple[str, ...]
    words: frozenset[str]
    end: int


def read_attributes(text: str, pos: int = 0) -> Attributes | None:
    """Return the attributes whose brace stands at `pos`, or None if there are none."""
    braces = _BRACES.match(text, pos)
    if not braces:
        return None
    found = Attributes({}, (), frozenset(), braces.end())
    at, end = braces.start(2), braces.end(2)
    while text[at:end].strip():
        item = _ITEM.match(text, at, end)
        if not item or (item[7] and not braces[1]):
            return None
        found = _with(found, item)
        at = item.end()
    return found if at > braces.start(2) or braces[1] else None


def _with(found: Attributes, item: re.Match[str]) -> Attributes:
    """Return `found` with what one more item says: `.class`, `#id`, `name="value"` or a bare word."""
    sign, short, name, double, single, bare, word = item.groups()
    value = short or double or single or bare or ""
    if word:
        return found._replace(words=found.words | {word})
    if sign == "#":
        return found._replace(values=found.values | {"id": value})
    if sign or name == "class":
        classes = f"{found.values.get('class', '')} {value}".strip()
        return found._replace(values=found.values | {"class": classes})
    if _is_allowed(name):
        return found._replace(values=found.values | {name.lower(): value})
    return found._replace(refused=(*found.refused, name))


def read_named(line: str) -> tuple[str, Attributes] | None:
    """Return the name and the attributes that a line such as `{:wide: .wide width="100%"}` defines."""
    named = _NAMED.fullmatch(line)
    found = read_attributes(f"{{:{named[2]}}}") if named else None
    return (named[1], found) if named and found else None


def attach(token: Token, values: dict[str, str]) -> None:
    """Give `token` the attributes; classes add up."""
    for name, value in values.items():
        before = token.attrs.get(name)
        token.attrs[name] = f"{before} {value}" if name == "class" and before else value


def with_attributes(html: str, token: Token) -> str:
    """Return `html` with the attributes of `token` in its first tag; classes add up, others take the place of its own.

    What doesn't begin with an opening tag stays as it is.
    """
    first = _FIRST_TAG.match(html)
    if not first:
        return html
    tag, rest = first[0], html[first.end() :]
    for name, value in token.attrs.items():
        own = re.search(rf"""\s{name}\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))""", tag, re.IGNORECASE)
        before = (own[1] or own[2] or own[3] or "") + " " if own and name == "class" else ""
        end = len(tag.rstrip(">").rstrip("/").rstrip())
        start, end = own.span() if own else (end, end)
        tag = f'{tag[:start]} {name}="{before}{escapeHtml(str(value))}"{tag[end:]}'
    return tag + rest


def _is_allowed(name: str) -> bool:
    return name.lower() in _ALLOWED or name.lower().startswith(("data-", "aria-"))
