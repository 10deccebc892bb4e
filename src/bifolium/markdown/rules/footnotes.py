"""Footnotes: `[^tide]` in a text, `[^tide]: …` anywhere; they are listed at the end, numbered as they are used.

Definitions are read by mdit-py-plugins. Its other rules drop a footnote that is never used, and are quadratic.
Ids are kramdown's: `fn:tide`, `fnref:tide`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from markdown_it.common.utils import escapeHtml
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.footnote.index import footnote_def

from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser
from bifolium.markdown.sheet import Env, Sheet, sheet_of

_REFERENCE = re.compile(r"\[\^([^\]\s]{1,200})\]")
_USED = "footnotes used"


class Use(NamedTuple):
    """A footnote's number, and how often it has been referred to."""

    number: int
    times: int


def use(md: Parser, _: MarkdownOptions) -> None:
    """Add footnotes."""
    md.block.add("footnote_def", footnote_def, "reference", starts="[", ends=("paragraph", "reference"), contains=True)
    md.inline.add("footnote_ref", _reference, "[", "link")
    md.core.ruler.push("footnotes", _move)
    md.add_render_rule("footnote_ref", _write_reference)
    md.add_render_rule("footnote_back", _write_back)


def _reference(state: StateInline, silent: bool) -> bool:
    found = _REFERENCE.match(state.src, state.pos, state.posMax)
    if not found or f":{found[1]}" not in state.env.get("footnotes", {}).get("refs", {}):
        return False
    if not silent:
        used: dict[str, Use] = state.env.setdefault(_USED, {})
        number, times = used.get(found[1], (len(used) + 1, 0))
        used[found[1]] = Use(number, times + 1)
        token = state.push("footnote_ref", "", 0)
        token.meta = {"label": found[1], "number": number, "time": times + 1}
    state.pos = found.end()
    return True


def _move(state: StateCore) -> None:
    """Take the definitions out of the text and put those that are used at its end."""
    if "footnotes" not in state.env:
        return
    text, notes = _sorted_out(state.tokens, sheet_of(state.env))
    used: dict[str, Use] = state.env.get(_USED, {})
    for label in notes.keys() - used.keys():
        _report(sheet_of(state.env), notes[label][0], f"the footnote `{label}` is never referred to: it is not shown")
    listed = [_listed(label, notes[label][1:], used_.times) for label, used_ in used.items() if label in notes]
    if listed:
        section = Token("footnotes_open", "div", 1, block=True)
        section.attrs = {"class": "footnotes", "role": "doc-endnotes"}
        text += [section, Token("footnote_list_open", "ol", 1, block=True)]
        text += [token for tokens in listed for token in tokens]
        text += [
            Token("footnote_list_close", "ol", -1, block=True),
            Token("footnotes_close", "div", -1, block=True),
        ]
    state.tokens = text


def _sorted_out(tokens: list[Token], sheet: Sheet) -> tuple[list[Token], dict[str, list[Token]]]:
    """Return the text's tokens, and each definition's: its opening token, then its content."""
    text: list[Token] = []
    notes: dict[str, list[Token]] = {}
    around = [text]
    for token in tokens:
        if token.type == "footnote_reference_open":
            around.append([token])
        elif token.type == "footnote_reference_close":
            note = around.pop()
            label = note[0].meta["label"]
            if label in notes:
                _report(sheet, note[0], f"the footnote `{label}` is defined twice: this one is not shown")
            notes.setdefault(label, note)
        else:
            around[-1].append(token)
    return text, notes


def _listed(label: str, content: list[Token], times: int) -> list[Token]:
    """Return a footnote as an item of the list, with a way back to each place that refers to it."""
    back = [Token("footnote_back", "", 0, meta={"label": label, "time": time}) for time in range(1, times + 1)]
    item = Token("footnote_open", "li", 1, block=True)
    item.attrs = {"id": f"fn:{label}"}
    closing = Token("footnote_close", "li", -1, block=True)
    if content and content[-1].type == "paragraph_close" and not content[-1].hidden:
        last = content[-2].copy(children=[*(content[-2].children or ()), *back])
        return [item, *content[:-2], last, content[-1], closing]
    inline = Token("inline", "", 0, children=back, block=True)
    return [
        item, *content, Token("paragraph_open", "p", 1, block=True), inline,
        Token("paragraph_close", "p", -1, block=True), closing,
    ]  # fmt: skip


def _report(sheet: Sheet, opening: Token, message: str) -> None:
    line = opening.map[0] if opening.map else 0
    column = max(sheet.places.line(line).find(f"[^{opening.meta['label']}]:"), 0)
    hint = f"write `[^{opening.meta['label']}]` in the text"
    width = len(f"[^{opening.meta['label']}]:")
    sheet.report(sheet.places.spot(line, column), "footnote", message, hint, width=width)


def _write_reference(_: Any, tokens: Sequence[Token], idx: int, __: Any, ___: Env) -> str:
    meta = tokens[idx].meta
    label = escapeHtml(meta["label"])
    return (
        f'<sup id="{_anchor(label, meta["time"])}"><a href="#fn:{label}" class="footnote" role="doc-noteref">'
        f"{meta['number']}</a></sup>"
    )


def _write_back(_: Any, tokens: Sequence[Token], idx: int, __: Any, ___: Env) -> str:
    meta = tokens[idx].meta
    anchor = _anchor(escapeHtml(meta["label"]), meta["time"])
    return f'{" " if idx else ""}<a href="#{anchor}" class="footnote-back" role="doc-backlink">↩\ufe0e</a>'


def _anchor(label: str, time: int) -> str:
    """Return the id of the `time`th place that refers to a footnote."""
    return f"fnref:{label}" if time == 1 else f"fnref:{label}:{time - 1}"
