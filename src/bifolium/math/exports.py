"""The site's macros for other programs: VS Code's preview of Markdown, MathJax, and whoever reads JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bifolium.math.definitions import Definition


def export(definitions: Iterable[Definition], form: str) -> tuple[Any, list[str]]:
    """Return the macros as `form` (vscode, mathjax or json) has them, and the names of those that it can't express."""
    last = {it.name: it for it in definitions}.values()
    match form:
        case "vscode":
            return for_vscode(last), [it.name for it in last if not is_plain(it)]
        case "mathjax":
            return for_mathjax(last), [it.name for it in last if delimiters(it)]
    return for_json(last), []


def for_vscode(definitions: Iterable[Definition]) -> dict[str, Any]:
    """Return the setting `markdown.math.macros`, which knows neither presets nor delimiters."""
    return {"markdown.math.macros": {it.name: meaning(it) for it in definitions if is_plain(it)}}


def for_mathjax(definitions: Iterable[Definition]) -> dict[str, Any]:
    """Return MathJax's configuration: a meaning, or a meaning with the number of arguments and the preset."""
    return {"tex": {"macros": {it.name[1:]: _for_mathjax(it) for it in definitions if not delimiters(it)}}}


def for_json(definitions: Iterable[Definition]) -> list[dict[str, Any]]:
    """Return everything that is known of the macros."""
    return [
        {"name": it.name, "kind": it.kind, "arguments": it.arity, "preset": it.preset, "meaning": meaning(it)}
        for it in definitions
    ]


def meaning(definition: Definition) -> str:
    """Return what a macro unfolds into."""
    if definition.kind != "DeclareMathOperator":
        return definition.body
    star = "*" if "DeclareMathOperator*" in definition.source else ""
    return f"\\operatorname{star}{{{definition.body}}}"


def is_plain(definition: Definition) -> bool:
    """Tell whether a macro has neither a preset nor delimiters."""
    return definition.preset is None and not delimiters(definition)


def delimiters(definition: Definition) -> str:
    r"""Return what must stand between the arguments of a `\def`."""
    return "".join(char for char in definition.parameters if char not in "#123456789")


def _for_mathjax(definition: Definition) -> str | list[str | int]:
    if not definition.arity:
        return meaning(definition)
    preset = [] if definition.preset is None else [definition.preset]
    return [meaning(definition), definition.arity, *preset]
