"""Resolve references to numbered things: against the labels of the same text, or of the one that is named.

Labels are known from the gists, so no text is rendered to number what another one refers to; whoever refers to a
label is stale when its number, its address or its words change.
"""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple, Protocol
from urllib.parse import unquote

from bifolium import urls
from bifolium.known import Known
from bifolium.model import Card, Citation, Equation, EquationsPage, Label, Link, Placed, Ref, Spot
from bifolium.problems import Problem, nearest
from bifolium.recall import NOTHING, Recall


class Referent(NamedTuple):
    """What a reference leads to: its address, the kind and number of what stands there, and its words."""

    url: str
    kind: str
    number: str
    text: str


class Labelled(Protocol):
    """Whatever holds references and labels, such as a Gist."""

    @property
    def refs(self) -> tuple[Ref, ...]:
        """The references, in the text's order."""

    @property
    def labels(self) -> tuple[Label, ...]:
        """The labels, in the text's order."""

    @property
    def links(self) -> tuple[Link, ...]:
        """The links, in the text's order."""


class Register(NamedTuple):
    """Every label of the site, by source path and name, and the sources that a name such as `tides` may mean."""

    spots: Mapping[str, Spot]
    labels: Mapping[str, Mapping[str, Label]]
    sources: Mapping[str, tuple[str, ...]]
    names: Known


def register(spots: Mapping[str, Spot], gists: Mapping[str, Labelled], recall: Recall = NOTHING) -> Register:
    """Return the register of a site; where a text repeats a label, the first one counts."""
    labels = recall.each(_first_ones, (gists,))
    wanted = any("#" in ref.target for gist in gists.values() for ref in gist.refs)
    sources, known = recall.once(_called, spots if wanted else {})
    return recall.once(Register, spots, labels, sources, known)


def _first_ones(gist: Labelled) -> dict[str, Label]:
    found: dict[str, Label] = {}
    for label in gist.labels:
        found.setdefault(label.name, label)
    return found


def _called(spots: Mapping[str, Spot]) -> tuple[dict[str, tuple[str, ...]], Known]:
    """Return the sources that a name may mean."""
    sources: dict[str, list[str]] = {}
    for path, spot in spots.items():
        for name in dict.fromkeys(names(spot)):
            sources.setdefault(name, []).append(path)
    found = {name: tuple(paths) for name, paths in sources.items()}
    return found, Known(tuple(found))


def resolve(card: Placed, gist: Labelled, every: Register) -> dict[str, Referent | None]:
    """Return what every reference of the text at `card.path` leads to, by its target as written; None: nowhere."""
    return {target: _find(target, card, every) for target in dict.fromkeys(ref.target for ref in gist.refs)}


def complain(card: Card, gist: Labelled, every: Register, used: Collection[str]) -> Iterator[Problem]:
    """Yield the references of a text that lead nowhere, and its equations' labels that nothing has `used`."""
    for ref in gist.refs:
        if _find(ref.target, card, every) is None:
            yield _unknown(card, ref, every)
    for name, label in every.labels[card.path].items():
        if label.kind == "equation" and name not in used:
            message = f"nothing refers to the label `{name}`"
            hint = f"refer to it with `\\eqref{{{name}}}`, or remove it and the number"
            yield Problem(card.path, label.line, label.column, "label", message, hint)


def used(gists: Mapping[str, Labelled], every: Register) -> dict[str, set[str]]:
    """Return the names of the labels that something refers to, a link to its anchor included, by source path."""
    found: dict[str, set[str]] = {path: {it.name for it in gists[path].labels if it.cited} for path in every.spots}
    anchored: dict[str, list[tuple[str, str]]] = {}
    for path, labels in every.labels.items():
        for label in labels.values():
            anchored.setdefault(label.anchor, []).append((path, label.name))
    for path, spot in every.spots.items():
        for ref in gists[path].refs:
            source, name = _source(ref.target, spot, every)
            if source:
                found[source].add(name)
        for link in gists[path].links if anchored else ():
            for source, name in anchored.get(unquote(link.target.partition("#")[2]), ()):
                if source == path or not link.target.startswith("#"):
                    found[source].add(name)
    return found


def equations(url: str, cards: Mapping[str, Card], gists: Mapping[str, Labelled], every: Register) -> EquationsPage:
    """Return the index of all labelled equations in the order of the `cards`, each with the texts that refer to it."""
    citing: dict[tuple[str, str], list[Citation]] = {}
    for path, card in cards.items():
        sources = (_source(ref.target, card, every) for ref in gists[path].refs)
        for target in dict.fromkeys(sources):
            citing.setdefault(target, []).append(Citation(card.path, card.url, card.title, card.language, card.math))
    found = (
        Equation(
            card.path,
            card.url,
            card.title,
            card.math,
            label.name,
            label.number,
            label.anchor,
            label.formula,
            tuple(citing.get((card.path, label.name), ())),
        )
        for card in cards.values()
        for label in every.labels[card.path].values()
        if label.kind == "equation" and label.formula >= 0
    )
    return EquationsPage(url, tuple(sorted(found, key=lambda it: (cards[it.path].order, it.formula))))


def has_equations(every: Register) -> bool:
    """Tell whether the site has any labelled equation."""
    return any(label.kind == "equation" for labels in every.labels.values() for label in labels.values())


def names(card: Spot) -> Iterator[str]:
    """Yield what a text may be called: its path with and without extension or folder, its file's name, its slug."""
    path = card.path.removesuffix("/index.md").removesuffix("/index.markdown")
    stem = posixpath.splitext(path)[0] if path.endswith((".md", ".markdown")) else path
    name = posixpath.basename(stem)
    yield from (card.path, stem, stem.partition("/")[2] or stem, posixpath.basename(path), name, card.slug)
    yield unquote(card.url.strip("/"))


def _source(target: str, card: Placed, every: Register) -> tuple[str, str]:
    """Return the path of the text that `target` names, empty if none or several, and the label's name."""
    post, mark, name = target.rpartition("#")
    if not mark:
        return card.path, name
    found = next((it for called in calls(post, card) if (it := every.sources.get(called))), ())
    return (found[0] if len(found) == 1 else ""), name.strip()


def calls(post: str, card: Placed) -> tuple[str, str]:
    """Return the names of a text that a reference to `post` in the text at `card.path` may mean, the likelier first."""
    wanted = post.strip().strip("/")
    return wanted, posixpath.normpath(posixpath.join(posixpath.dirname(card.path), wanted))


def _find(target: str, card: Placed, every: Register) -> Referent | None:
    path, name = _source(target, card, every)
    label = every.labels[path].get(name) if path else None
    if not label:
        return None
    page = "" if path == card.path else every.spots[path].url
    return Referent(page + urls.fragment(label.anchor), label.kind, label.number, label.text)


def _unknown(card: Card, ref: Ref, every: Register) -> Problem:
    """Return the problem of a reference that leads nowhere, with the label or text that was probably meant."""
    path, name = _source(ref.target, card, every)
    post = ref.target.rpartition("#")[0].strip()
    if path:
        where = "this text" if path == card.path else f"`{path}`"
        message = f"there is no label `{name}` in {where}"
        return Problem(card.path, ref.line, ref.column, "reference", message, _meant(card, path, name, post, every))
    several = every.sources.get(post.strip("/"), ())
    if several:
        hint = "write the path: " + ", ".join(f"`{path}`" for path in several)
        return Problem(card.path, ref.line, ref.column, "reference", f"`{post}` names {len(several)} texts", hint)
    near = every.names.nearest(post)
    hint = f"did you mean `{near}#{name}`?" if near else ""
    return Problem(card.path, ref.line, ref.column, "reference", f"there is no text `{post}`", hint)


def _meant(card: Card, path: str, name: str, post: str, every: Register) -> str:
    """Return the hint for an unknown label: another text that has it, or the nearest name in the same one."""
    elsewhere = [] if name in every.labels[path] else [p for p, labels in every.labels.items() if name in labels]
    if len(elsewhere) == 1:
        other = every.spots[elsewhere[0]]
        prefix = "" if other.path == card.path else f"{other.slug or other.path}#"
        return f"did you mean `{prefix}{name}`?"
    near = nearest(name, every.labels[path])
    ahead = f"{post}#" if post else ""
    return f"did you mean `{ahead}{near}`?" if near else ""
