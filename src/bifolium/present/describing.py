"""What is said of a post where only plain text can stand and its author wrote no description: how it begins."""

from __future__ import annotations

import re
from html import unescape

from bifolium.math.readable import readable
from bifolium.model import Fragment

LONGEST = 200  # characters; search engines and cards show about so many, of Chinese half
_TAG = re.compile(r"<(script|style|svg)\b.*?</\1>|<[^>]*>", re.DOTALL | re.IGNORECASE)
_MARK = re.compile("\x02([A-Z])([0-9]+)\x03")
_WIDE = re.compile("[\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff00-\uff60]")
_END = re.compile(r"[.!?](?=\s)|[。！？]")


def description(summary: Fragment) -> str:
    """Return the beginning of a text as plain text, its formulas as readable as that can be."""
    text = unescape(_TAG.sub("", summary.html))
    text = _MARK.sub(lambda found: _spoken(found, summary), text)
    return shortened(" ".join(text.split()))


def shortened(text: str) -> str:
    """Return `text`, or its sentences that fit, or else as many words as do."""
    longest = LONGEST // 2 if len(_WIDE.findall(text[:LONGEST])) > LONGEST // 4 else LONGEST
    if len(text) <= longest:
        return text
    ends = [found.end() for found in _END.finditer(text, 0, longest)]
    if ends and ends[-1] > longest // 3:
        return text[: ends[-1]]
    cut = text[:longest]
    return (cut[: cut.rfind(" ")] if " " in cut[longest // 2 :] else cut).rstrip(" ,;:，、；：") + "…"


def _spoken(found: re.Match[str], fragment: Fragment) -> str:
    if found[1] != "F":
        return ""
    formula = fragment.formulas[int(found[2])]
    tex = formula.tex
    for cite in formula.cites:
        tex = tex.replace(cite.word, "…")
    return readable(tex)
