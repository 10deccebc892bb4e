"""YAML to raw fields. Scalars stay texts, so YAML 1.1 never gets to guess (`010`, `no`, `12:30`, `2026-02-30`).

Depth and aliases are counted on the parser's events, before anything is built from them: deep nesting can crash
a loader, and some hundred bytes of aliases can stand for millions of values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import yaml
from yaml import AliasEvent, Event, ScalarEvent, SequenceEndEvent, SequenceStartEvent
from yaml.events import CollectionEndEvent, CollectionStartEvent, DocumentStartEvent, NodeEvent

from bifolium.frontmatter.escapes import damage
from bifolium.frontmatter.fields import Block, Field, Fields
from bifolium.frontmatter.yaml_errors import nameless, syntax_problem
from bifolium.problems import Place, Problem

_Node = NodeEvent | CollectionEndEvent
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one is 12 times faster
_DEEPEST = 20
_MOST_ALIASES = 8
_TAG = "tag:yaml.org,2002:"
_TAGS = frozenset(
    {None, "!", *(_TAG + name for name in ("str", "null", "bool", "int", "float", "timestamp", "seq", "map"))}
)
_SURROGATE_PAIR = re.compile(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")


def fields(block: Block) -> Fields | tuple[Problem, ...]:
    """Return the fields of a block of `name: value` lines, or its problems."""
    found = field(block)
    if not isinstance(found, Field):
        return found
    if isinstance(found.value, dict):
        return found.value
    return {} if found.plain and found.value in {"", "~", "null"} else (nameless(block, found.place.line),)


def field(block: Block) -> Field | tuple[Problem, ...]:
    """Return the value that a text of YAML is, whatever its kind, or its problems."""
    joined = replace(block, text=_SURROGATE_PAIR.sub(_joined, block.text)) if "\\u" in block.text else block
    try:
        events = _vetted(joined)
    except yaml.MarkedYAMLError as mistake:
        return (syntax_problem(mistake, joined),)
    except yaml.YAMLError as mistake:
        return (block.problem(Place(block.first_line, 1), "yaml", f"this is not YAML: {mistake}"),)
    return (events,) if isinstance(events, Problem) else _Builder(joined).field(events)


def _joined(pair: re.Match[str]) -> str:
    """Return the one character that JSON writes as two escapes, which YAML doesn't know."""
    return bytes.fromhex(pair[1] + pair[2]).decode("utf-16-be")


def _vetted(block: Block) -> list[Event] | Problem:
    """Return the events of the block if it is one document, not too deep, with few aliases and harmless tags."""
    events: list[Event] = []
    depth = aliases = documents = 0
    for event in yaml.parse(block.text, Loader=_LOADER):
        events.append(event)
        if isinstance(event, NodeEvent):
            depth += isinstance(event, CollectionStartEvent)
            aliases += isinstance(event, AliasEvent)
            if depth > _DEEPEST:
                return _refused(block, event, f"lists and mappings are nested more than {_DEEPEST} deep")
            if aliases > _MOST_ALIASES:
                return _refused(block, event, f"more than {_MOST_ALIASES} aliases", "write the values out")
            if isinstance(event, (ScalarEvent, CollectionStartEvent)) and event.tag not in _TAGS:
                return _strange_tag(block, event)
        elif isinstance(event, CollectionEndEvent):
            depth -= 1
        elif isinstance(event, DocumentStartEvent):
            documents += 1
            if documents > 1:
                return _refused(block, event, "a second document begins here", "delete this line")
    return events


def _refused(block: Block, event: Event, message: str, hint: str = "") -> Problem:
    return block.problem(_place(block, event), "yaml", message, hint)


def _strange_tag(block: Block, event: ScalarEvent | CollectionStartEvent) -> Problem:
    tag = str(event.tag).replace(_TAG, "!!")
    hint = "a value that begins with `!` needs quotes"
    place = _place(block, event)._replace(width=len(tag))
    return block.problem(place, "yaml", f"the tag `{tag}` is not allowed", hint)


def _place(block: Block, event: Event) -> Place:
    start, end = event.start_mark, event.end_mark
    if start is None or end is None:
        return Place(block.first_line, 1)
    width = end.column - start.column if start.line == end.line else 1
    return Place(start.line + block.first_line, start.column + 1, max(1, width))


class _Builder:
    """Makes fields from vetted events; every problem is kept, so that all are reported at once."""

    def __init__(self, block: Block) -> None:
        self.block = block
        self.anchors: dict[str, Field] = {}
        self.problems: list[Problem] = []

    def field(self, events: list[Event]) -> Field | tuple[Problem, ...]:
        """Return the field that all events together make; nothing at all is an empty one."""
        nodes: Iterator[_Node] = (event for event in events if isinstance(event, (NodeEvent, CollectionEndEvent)))
        start = Place(self.block.first_line, 1)
        top = next(nodes, None)
        found = self.node(top, nodes, start) if top else Field("", start, start, plain=True)
        return tuple(self.problems) or found

    def node(self, event: _Node, nodes: Iterator[_Node], key: Place) -> Field:
        """Return the field that begins with `event`."""
        if isinstance(event, AliasEvent):
            return self.alias(event, key)
        field = self.built(event, nodes, key)
        if isinstance(event, NodeEvent) and event.anchor:
            self.anchors[event.anchor] = field
        return field

    def built(self, event: _Node, nodes: Iterator[_Node], key: Place) -> Field:
        if isinstance(event, ScalarEvent):
            return self.scalar(event, key)
        if isinstance(event, SequenceStartEvent):
            return Field(self.sequence(nodes, key), _place(self.block, event)._replace(width=1), key)
        return Field(self.mapping(nodes), _place(self.block, event)._replace(width=1), key)

    def scalar(self, event: ScalarEvent, key: Place) -> Field:
        place = _place(self.block, event)
        plain = event.implicit[0] and event.tag is None
        spoilt = None if plain else damage(event.value, _raw(event, self.block), place)
        if spoilt:
            self.problems.append(self.block.problem(*spoilt))
        return Field(event.value, place, key, plain)

    def alias(self, event: AliasEvent, key: Place) -> Field:
        anchor = str(event.anchor)
        if anchor not in self.anchors:
            message, hint = f"nothing is called `&{anchor}`", "a value that begins with `*` needs quotes"
            self.problems.append(_refused(self.block, event, message, hint))
        return self.anchors.get(anchor, Field("", key, key))._replace(place=_place(self.block, event), key=key)

    def sequence(self, nodes: Iterator[_Node], key: Place) -> tuple[Field, ...]:
        items = []
        for event in nodes:
            if isinstance(event, SequenceEndEvent):
                break
            items.append(self.node(event, nodes, key))
        return tuple(items)

    def mapping(self, nodes: Iterator[_Node]) -> Fields:
        """Return the mapping whose start was the last event; what `<<` merges yields to its own keys."""
        own: Fields = {}
        merged: Fields = {}
        for event in nodes:
            if isinstance(event, CollectionEndEvent):
                break
            key = self.node(event, nodes, _place(self.block, event))
            value = self.node(next(nodes), nodes, key.place)
            if key.plain and key.value == "<<" and isinstance(value.value, dict):
                merged |= value.value
            else:
                self.add(own, key, value)
        return merged | own

    def add(self, own: Fields, key: Field, value: Field) -> None:
        name = key.value
        if not isinstance(name, str):
            self.problems.append(self.block.problem(key.place, "yaml", "a key must be a text"))
        elif name in own:
            message = f"`{name}` is given a second time, after line {own[name].key.line}"
            self.problems.append(self.block.problem(key.place, "duplicate-key", message, "delete one of the two"))
        else:
            own[name] = value


def _raw(event: Event, block: Block) -> str:
    """Return the node as it stands in the block."""
    start, end = event.start_mark, event.end_mark
    return block.text[start.index : end.index] if start and end else ""
