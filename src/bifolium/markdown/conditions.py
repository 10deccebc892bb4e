"""Conditions of Liquid: `include.width > 5 and include.class`, `case` and `when`.

https://shopify.github.io/liquid/tags/control-flow/
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from bifolium.markdown.liquid import OPERAND, LiquidError, literal

_COMPARISON = re.compile(rf"\s*({OPERAND})\s*(?:(==|!=|<>|<=|>=|<|>|contains)\s*({OPERAND})\s*)?(?:(and|or)\b|\Z)")
_CHOICES = re.compile(rf"\s*{OPERAND}(?:\s*(?:,|or\b)\s*{OPERAND})*\s*")
_NOTHING: Final = frozenset(("false", "nil", "null", "blank", "empty"))


def holds(condition: str, values: Mapping[str, str]) -> bool:
    """Return whether a condition is true; as in Liquid, `and` and `or` are read from the right. Raises LiquidError."""
    found = _COMPARISON.match(condition)
    if not found:
        raise LiquidError(f"the condition `{condition}` is not understood", "write `include.text` or `a == b`")
    is_true = _compare(said(found[1], values), found[2], said(found[3] or "", values))
    if not found[4]:
        return is_true
    rest = holds(condition[found.end() :], values)
    return (is_true and rest) if found[4] == "and" else (is_true or rest)


def is_one_of(value: str, choices: str, values: Mapping[str, str]) -> bool:
    """Return whether `value` is among the choices of `{% when "a", "b" %}`; raises LiquidError."""
    if not _CHOICES.fullmatch(choices):
        raise LiquidError(f"`when {choices}` is not understood", 'write `when "a" or "b"`')
    listed = (found[0] for found in re.finditer(OPERAND, choices))
    return said(value, values) in [said(choice, values) for choice in listed if choice != "or"]


def said(operand: str, values: Mapping[str, str]) -> str:
    """Return what an operand stands for; nothing is an empty text."""
    if operand in _NOTHING or operand in {"true", ""}:
        return "" if operand in _NOTHING else operand
    return literal(operand, values)


def _compare(left: str, sign: str | None, right: str) -> bool:
    match sign:
        case None:
            return left not in {"", "false"}
        case "==":
            return left == right
        case "!=" | "<>":
            return left != right
        case "contains":
            return right in left
    try:
        one, two = float(left), float(right)
    except ValueError:
        return False
    return one < two if sign == "<" else one > two if sign == ">" else one <= two if sign == "<=" else one >= two
