"""How the interface speaks: languages and what they fall back to, which way they run, dates as they write them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from markupsafe import Markup, escape

_FROM_THE_RIGHT = frozenset("ar arc ckb dv fa he ku-arab ks nqo ps sd syr ug ur yi".split())
_FROM_THE_LEFT = frozenset(("latn", "cyrl"))
_PART = re.compile(r"%(-d|-m|B|b)")


def fallbacks(language: str) -> list[str]:
    """Return `language` and what it falls back to: zh-hans-cn, zh-hans, zh."""
    parts = language.lower().split("-")
    return ["-".join(parts[:length]) for length in range(len(parts), 0, -1)]


def direction(language: str) -> str:
    """Return which way `language` is written: rtl or ltr, as its script is, if that is named, or its usual one."""
    names = fallbacks(language)
    if {"arab", "hebr"} & set(names[0].split("-")[1:]):
        return "rtl"
    return "rtl" if _FROM_THE_RIGHT & set(names) and not _FROM_THE_LEFT & set(names[0].split("-")) else "ltr"


def speaking(language: str, around: str) -> Markup:
    """Return the attributes of an element in `language` that stands in one in the language `around`."""
    if not language or language == around:
        return Markup()
    turned = direction(language)
    other = f' dir="{turned}"' if turned != direction(around) else ""
    return Markup(f' lang="{escape(language)}"{other}')  # noqa: S704 (escaped)


def show_date(words: Mapping[str, str], value: datetime | None, pattern: str = "%Y-%m-%d") -> str:
    """Return a date as `pattern` has it: strftime's parts, but the months' names are those among `words`.

    `%-d` and `%-m` are without a zero before; no locale of the machine plays a part.
    """
    if not value:
        return ""
    parts = {
        "-d": str(value.day),
        "-m": str(value.month),
        "B": words["months"].split()[value.month - 1],
        "b": words["short_months"].split()[value.month - 1],
    }
    return value.strftime(_PART.sub(lambda found: parts[found[1]].replace("%", "%%"), pattern))
