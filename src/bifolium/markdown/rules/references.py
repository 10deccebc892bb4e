r"""References to numbered things: `\eqref{eq:x}`, `\ref{fig:x}`, `\cref{…}`, and `[@eq:x]`, also `{other-post#eq:x}`.

Outside of formulas a marker stands for the whole link: what it says depends on the label, which may be another text's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final, Literal

from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser
from bifolium.markdown.sheet import Env, holes_of
from bifolium.math.numbers import label_name
from bifolium.model import Ref

Style = Literal["number", "bracketed", "named"]

_TEX = re.compile(r"\\(eqref|ref|[cC]ref|autoref)\{([^{}\n]{1,200})\}")
_CITED = re.compile(
    r"\[@((?:[^\[\]#\n]{1,200}#)?(?:eq|fig|sec|tbl|tab|lst|thm|def|lem|cor|prop|alg|ex):[^\[\]\n]{1,100})\]"
)
_STYLES: Final[dict[str, Style]] = {"eqref": "bracketed", "ref": "number"}


def use(md: Parser, options: MarkdownOptions) -> None:
    """Add references; those that are TeX only where formulas are."""
    if options.math:
        md.inline.add("reference", _tex, "\\", "escape")
    md.inline.add("cited", _cited, "[", "link")
    md.add_render_rule("reference", _write)


def _tex(state: StateInline, silent: bool) -> bool:
    found = _TEX.match(state.src, state.pos, state.posMax)
    return found is not None and _take(state, found, found[2], _STYLES.get(found[1], "named"), silent)


def _cited(state: StateInline, silent: bool) -> bool:
    found = _CITED.match(state.src, state.pos, state.posMax)
    if found is None or state.src[found.end() : found.end() + 1] in {"(", "["}:
        return False
    return _take(state, found, found[1], "named", silent)


def _take(state: StateInline, found: re.Match[str], target: str, style: Style, silent: bool) -> bool:
    if not silent:
        token = state.push("reference", "", 0)
        token.content = label_name(target)
        token.info = style
        token.meta = {"at": state.pos, "linked": not state.linkLevel}
    state.pos = found.end()
    return True


def _write(_: Any, tokens: Sequence[Token], idx: int, __: Any, env: Env) -> str:
    token = tokens[idx]
    style: Any = token.info
    line, column = token.meta.get("place", (0, 0))
    return holes_of(env).reference(Ref(token.content, style, line, column, token.meta["linked"]))
