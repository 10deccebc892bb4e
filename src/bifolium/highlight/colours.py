"""The stylesheet of code: the colours of two Pygments styles, one for light pages and one for dark ones.

What both styles say is written once; what differs is a custom property with two values. A colour that is hard to
read on its ground is made darker or lighter until it isn't (WCAG 2.2, 1.4.3: contrast of 4.5).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING, Any

from bifolium.contrast import Colour, extreme, mix, parse, readable, written

if TYPE_CHECKING:
    from pygments.style import Style

Rules = dict[str, dict[str, str]]
"""CSS properties by class; the class `""` is for all code."""

Pair = tuple[str, str]
"""The value of a property on a light page and on a dark one."""

Pairs = dict[str, Pair]

UNCOLOURED = frozenset({"w", "n", "p"})
"""Blanks, ordinary names and punctuation: hardly a style colours them, and their elements double a page's code."""

PLAIN = {"font-weight": "normal", "font-style": "normal", "text-decoration": "none", "background": "none"}
LINES = """\
.code mark.line{display:inline-block;min-width:100%;color:inherit}
.code mark.line::before{content:"\\200b"}
.code :is(ins,del).line{display:inline-block;min-width:100%;text-decoration:none}
.code ins.line{background:light-dark(#dff5e4,#12351f)}
.code del.line{background:light-dark(#fde4e1,#451c1a)}
.code .sign{display:inline-block;width:2ch;user-select:none}
.code.numbered code{counter-reset:line}
.code.numbered .line::before{counter-increment:line;content:counter(line);display:inline-block;min-width:3ch;\
margin-right:2ch;text-align:right;font-weight:normal;user-select:none}
"""
"""Line numbers and marks: made by CSS, so that they aren't copied with the code."""


def stylesheet(light: str, dark: str) -> str:
    """Return the CSS for code in the Pygments styles `light` and `dark`.

    Dark counts if the reader's system is dark or `:root` has `data-theme="dark"`, unless that says `light`.
    """
    from pygments.styles import get_style_by_name

    day, night = _rules(get_style_by_name(light)), _rules(get_style_by_name(dark))
    pairs = _pairs(day, night)
    differing = sorted({pair for properties in pairs.values() for pair in properties.values() if pair[0] != pair[1]})
    names = {pair: f"--code-{number}" for number, pair in zip(count(), differing)}
    by_day, by_night = (_block(names, side) for side in (0, 1))
    return (
        f":root{{{by_day}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{by_night}}}}}\n"
        f"@media screen{{:root[data-theme=dark]{{{by_night}}}}}\n"
        + "".join(_rule(names, group, properties) for group, properties in _grouped(pairs))
        + LINES
    )


def _rules(style: type[Style]) -> Rules:
    """Return what `style` says of each class of its tokens, all of it readable also on a marked line."""
    from pygments.token import STANDARD_TYPES

    ground = parse(style.background_color)
    ink = readable(_ink(style, ground), ground)
    marked = mix(ground, ink, 0.1)
    rules = {
        "": {"color": written(readable(ink, marked)), "background": written(ground)},
        " mark.line": {"background": written(marked)},
        ".numbered .line::before": {"color": written(readable(mix(ground, ink, 0.6), marked))},
    }
    for kind, look in style:
        if name := STANDARD_TYPES.get(kind):
            rules[f" .{name}"] = _properties(look, marked)
    return {name: rule for name, rule in rules.items() if name.removeprefix(" .") not in UNCOLOURED}


def _properties(look: Any, ground: Colour) -> dict[str, str]:
    own = parse(look["bgcolor"]) if look["bgcolor"] else ground
    found = {
        "color": look["color"] and written(readable(parse(look["color"]), own)),
        "background": look["bgcolor"] and written(own),
        "font-weight": look["bold"] and "bold",
        "font-style": look["italic"] and "italic",
        "text-decoration": look["underline"] and "underline",
    }
    return {name: value for name, value in found.items() if value}


def _ink(style: type[Style], ground: Colour) -> Colour:
    """Return the colour of ordinary text; many a dark style gives it to names only."""
    from pygments.token import Name, Text, Token

    named = (style.style_for_token(kind)["color"] for kind in (Token, Text, Name))
    return next((parse(colour) for colour in named if colour), extreme(ground))


def _pairs(day: Rules, night: Rules) -> dict[str, Pairs]:
    """Return the two values of every property that differs from ordinary text by day or by night."""
    plain = tuple({**PLAIN, "color": side[""]["color"]} for side in (day, night))
    found = {name: _pair(name, (day, night), plain) for name in {**day, **night}}
    return {name: pairs for name, pairs in found.items() if pairs}


def _pair(name: str, sides: tuple[Rules, Rules], plain: tuple[dict[str, str], ...]) -> Pairs:
    one, other = (side.get(name, {}) for side in sides)
    pairs = {key: (one.get(key, plain[0][key]), other.get(key, plain[1][key])) for key in sorted({**one, **other})}
    return {key: pair for key, pair in pairs.items() if not name or pair != (plain[0][key], plain[1][key])}


def _grouped(found: dict[str, Pairs]) -> Iterator[tuple[list[str], Pairs]]:
    """Yield each set of properties once, with all that has it."""
    groups: dict[tuple[tuple[str, Pair], ...], list[str]] = {}
    for name, pairs in found.items():
        groups.setdefault(tuple(pairs.items()), []).append(name)
    for properties, names in groups.items():
        yield names, dict(properties)


def _rule(variables: dict[Pair, str], group: list[str], pairs: Pairs) -> str:
    values = (f"{key}:{f'var({variables[pair]})' if pair in variables else pair[0]}" for key, pair in pairs.items())
    selector = f".code :is({','.join(name.strip() for name in group)})" if len(group) > 1 else f".code{group[0]}"
    return f"{selector}{{{';'.join(values)}}}\n"


def _block(variables: dict[Pair, str], side: int) -> str:
    return ";".join(f"{name}:{pair[side]}" for pair, name in variables.items())
