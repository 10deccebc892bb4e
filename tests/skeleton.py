"""The skeleton of HTML: its elements line by line, without what Jekyll and bifolium write differently on purpose.

Those are: how formulas, code and tables' alignment are marked up, what pictures and tasks need to be quick and
accessible, the classes and roles of notes and contents, typographic signs, and where an ordered list begins.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Final
from urllib.parse import unquote

_VOID: Final = frozenset("br hr img input".split())
_UNWRAPPED: Final = frozenset(("label", "nav", "glued", "fenced", "sup"))
_TAGS: Final = {"del": "s"}
_CODE: Final = frozenset(("code", "highlight", "highlighter-rouge"))
_LEFT_OUT: Final = frozenset(
    "alt checked class decoding disabled height loading rel role start style type width".split()
)
_CLASSES: Final = re.compile(
    r"(?:align-|language-|highlighter-|task-list|contains-|footnote|reversefootnote|toc\b)[\w-]*"
)
_SIGNS: Final = str.maketrans(
    {"“": '"', "”": '"', "–": "--", "—": "---", "…": "...", "«": "<<", "»": ">>", "\xa0": " ", "\ufe0e": ""}
)


class Node:
    """An element; among its children are texts."""

    def __init__(self, tag: str, attributes: dict[str, str]) -> None:
        self.tag, self.attributes = tag, attributes
        self.children: list[Node | str] = []
        self.classes = frozenset(attributes.get("class", "").split())

    @property
    def text(self) -> str:
        """All text in the element."""
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    def first(self, is_it: Callable[[Node], bool]) -> Node | None:
        """Return the first element for which `is_it` holds, this one or one inside of it."""
        inside = (child.first(is_it) for child in self.children if isinstance(child, Node))
        return self if is_it(self) else next((found for found in inside if found), None)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Node("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in _VOID:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Node(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        while len(self.open) > 1 and self.open.pop().tag != tag:
            pass

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def skeleton(html: str, is_top: Callable[[Node], bool]) -> list[str]:
    """Return the skeleton of the first element for which `is_top` holds."""
    reader = _Reader()
    reader.feed(html)
    top = reader.open[0].first(is_top)
    assert top
    return list(_lines(top, ""))


def _lines(node: Node, indent: str) -> Iterator[str]:
    text = ""
    for child in _children(node):
        if isinstance(child, str):
            text += child
            continue
        if said := " ".join(text.split()):
            yield indent + said.translate(_SIGNS)
        text = ""
        if child.tag in {"pre", "figure"} and (pre := child.first(lambda it: it.tag == "pre")):
            yield f"{indent}code {_code(pre).strip()!r}"
            continue
        yield f"{indent}<{_TAGS.get(child.tag, child.tag)}{_attributes(child)}>"
        yield from _lines(child, indent + "  ")
    if said := " ".join(text.split()):
        yield indent + said.translate(_SIGNS)


def _children(node: Node) -> Iterator[Node | str]:
    """Yield what an element shows, formulas as TeX, without what only wraps something."""
    for child in node.children:
        if isinstance(child, str):
            yield child
        elif "reversefootnote" in node.classes:
            continue  # its number
        elif child.classes & {"katex", "math"}:
            tex = child.first(lambda it: it.tag == "annotation")
            assert tex
            yield f"\\[{tex.text}\\]" if "math" in child.classes else f"\\({tex.text}\\)"
        elif child.classes & _UNWRAPPED or child.tag in _UNWRAPPED or _is_around_code(child):
            yield from _children(child)
        else:
            yield child


def _is_around_code(node: Node) -> bool:
    return node.tag == "div" and bool(node.classes & _CODE)


def _code(pre: Node) -> str:
    """Return code without the numbers of its lines."""
    cell = pre.first(lambda it: it.tag == "td" and "code" in it.classes)
    return (cell or pre).text


def _attributes(node: Node) -> str:
    kept = {name: value for name, value in node.attributes.items() if name not in _LEFT_OUT}
    if kept.get("id", "").startswith("markdown-toc"):
        del kept["id"]
    classes = sorted(name for name in node.classes if not _CLASSES.fullmatch(name))
    shown = {"class": " ".join(classes)} if classes else {}
    return "".join(f" {name}={unquote(value)!r}" for name, value in sorted((kept | shown).items()))
