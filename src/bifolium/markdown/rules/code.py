"""Blocks of code: a marker stands for each, coloured later. A diagram's source stays text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from markdown_it.common.utils import escapeHtml, unescapeAll
from markdown_it.token import Token

from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser
from bifolium.markdown.sheet import Env, holes_of, sheet_of
from bifolium.model import Listing

_WORD = re.compile(r"""([\w-]+)=(?:"([^"]*)"|'([^']*)'|(\S+))|\{([^{}]*)\}|([^\s{]+)""")
_RANGE = re.compile(r"(\d{1,6})(?:-(\d{1,6}))?")
_LONGEST = 10_000


class Info(NamedTuple):
    """What stands after a fence: a language, then words in any order."""

    language: str = ""
    title: str = ""
    marked: tuple[int, ...] = ()
    numbered: int = 0
    compared: bool = False


def use(md: Parser, options: MarkdownOptions) -> None:
    """Write code as markers."""
    unsaid = Info(numbered=int(options.line_numbers))

    def write_fence(_: Any, tokens: Sequence[Token], idx: int, __: Any, env: Env) -> str:
        return _write_fence(tokens[idx], env, unsaid)

    md.add_render_rule("fence", write_fence)
    md.add_render_rule("code_block", _write_indented)


def read_info(info: str, unsaid: Info = Info()) -> Info:  # noqa: B008 (it is immutable)
    """Return what `python title="x.py" {1,3-5} linenos` says, and `unsaid` where it says nothing.

    `hl_lines="1 3"` marks lines too; `linenos=false` switches numbers off. `diff-python`, or `python {diff}`, is Python
    with `+` and `-` before the lines that come and go.
    """
    found = unsaid
    for key, double, single, bare, braced, word in _WORD.findall(info):
        value = double or single or bare
        if key in {"title", "file", "filename"}:
            found = found._replace(title=value)
        elif key in {"hl_lines", "highlight"}:
            found = found._replace(marked=_lines(value))
        elif key in {"linenos", "linenostart", "start"}:
            found = found._replace(numbered=_start(value))
        elif braced and braced.lstrip(": ").startswith((".", "#")):
            first = braced.lstrip(": ").split()[0].strip(".#").removeprefix("language-")
            found = found._replace(language=found.language or first)
        elif braced and _RANGE.match(braced.strip()):
            found = found._replace(marked=_lines(braced))
        elif braced.strip() == "diff":
            found = found._replace(compared=True)
        elif not found.language and word.startswith("diff-"):
            found = found._replace(language=word.removeprefix("diff-"), compared=True)
        elif word in {"linenos", "numberLines"}:
            found = found._replace(numbered=1)
        else:
            found = found._replace(language=found.language or word or braced.strip())
    return found


def _lines(ranges: str) -> tuple[int, ...]:
    """Return the line numbers that `1,3-5` or `1 3` names, in order."""
    lines: set[int] = set()
    for first, last in _RANGE.findall(ranges):
        start = int(first)
        lines.update(range(start, min(int(last or first), start + _LONGEST) + 1))
    return tuple(sorted(lines))


def _start(value: str) -> int:
    if value.isdecimal():
        return min(int(value), 10**9)
    return 0 if value.lower() in {"false", "no"} else 1


def _from_class(token: Token) -> str:
    """Return the language that `{: .language-ruby}` gives to a block."""
    names = str(token.attrs.get("class", "")).split()
    return next((name.removeprefix("language-") for name in names if name.startswith("language-")), "")


def _write_fence(token: Token, env: Env, unsaid: Info) -> str:
    info = read_info(unescapeAll(token.info.strip()), unsaid)
    info = info._replace(language=info.language or _from_class(token))
    if info.language == "mermaid":
        return f'<pre class="mermaid">{escapeHtml(token.content)}</pre>\n'
    places = sheet_of(env).places
    line = token.map[0] if token.map else 0
    source = places.line(line)
    column = max(source.find(token.markup), 0)
    if info.language:
        column = max(source.find(info.language, column + len(token.markup)), column)
    return _listing(token, info, env, places.spot(line, column))


def _write_indented(_: Any, tokens: Sequence[Token], idx: int, __: Any, env: Env) -> str:
    token = tokens[idx]
    places = sheet_of(env).places
    line = token.map[0] if token.map else 0
    source = places.line(line)
    column = max(source.find(token.content.split("\n", 1)[0].strip()), 0)
    return _listing(token, Info(_from_class(token)), env, places.spot(line, column))


def enclosed(token: Token, html: str, *, without: str = "") -> str:
    """Return `html`, in an element that has the attributes of `token` where it has any, but for the one `without`."""
    values = {name: _but_language(str(value)) for name, value in token.attrs.items() if name != without}
    attributes = "".join(f' {name}="{escapeHtml(value)}"' for name, value in values.items() if value)
    return f"<div{attributes}>{html}</div>" if attributes else html


def _but_language(value: str) -> str:
    return " ".join(word for word in value.split() if not word.startswith("language-"))


def _listing(token: Token, info: Info, env: Env, spot: tuple[int, int]) -> str:
    listing = Listing(token.content, info.language, info.title, info.marked, info.numbered, *spot, info.compared)
    return enclosed(token, holes_of(env).listing(listing)) + "\n"
