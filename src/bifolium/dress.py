"""Fill a Fragment's holes: formulas, code, pictures, links. The result is the HTML that a page shows."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape
from typing import NamedTuple

from bifolium.links import Resolution
from bifolium.model import Formula, Fragment, Highlighted, Image, Listing, Typeset

_MARK = re.compile("\x02([FCIL])([0-9]+)\x03")
_MATHML = re.compile(r"<math.*?</math>", re.DOTALL)


Seen = tuple[str, bool, tuple[str, ...]]
"""All that decides upon a formula in its text: TeX, whether it is displayed, and the definitions made before it."""


class Insets(NamedTuple):
    """What the engines made of the formulas and listings of some fragments."""

    formulas: Mapping[Seen, Typeset]
    listings: Mapping[Listing, Highlighted]


Sizes = Mapping[str, tuple[int, int]]
"""Width and height of pictures, in pixels, by source path."""


def dress(fragment: Fragment, insets: Insets, resolution: Resolution, sizes: Sizes, at: Callable[[str], str]) -> str:
    """Return the HTML of `fragment`; `at` makes the final address from a URL of the site."""

    def fill(found: re.Match[str]) -> str:
        number = int(found[2])
        match found[1]:
            case "F":
                value = fragment.formulas[number]
                return formula(value, insets.formulas[seen(value, fragment)])
            case "C":
                return insets.listings[unplaced(fragment.listings[number])].html
            case "I":
                return picture(fragment.images[number], resolution, sizes, at)
            case _:
                target = fragment.links[number].target
                resolved = resolution.links.get(target)
                return escape(at(resolved.url) if resolved else target)

    return _MARK.sub(fill, fragment.html)


def seen(value: Formula, fragment: Fragment) -> Seen:
    """Return what decides upon one of a fragment's formulas."""
    return value.tex, value.display, fragment.definitions[: value.defined]


def formula(value: Formula, made: Typeset) -> str:
    """Return a formula's HTML; one that can't be typeset shows its TeX, marked, with the error as its title."""
    tag = "div" if value.display else "span"
    if made.html or not made.error:
        return f'<div class="math">{made.html}</div>' if value.display and made.html else made.html
    return f'<{tag} class="math-error" title="{escape(made.error)}"><code>{escape(value.tex)}</code></{tag}>'


def unplaced(listing: Listing) -> Listing:
    """Return `listing` without its place, which is no part of what it looks like."""
    return listing._replace(line=0, column=0)


def picture(image: Image, resolution: Resolution, sizes: Sizes, at: Callable[[str], str]) -> str:
    """Return the element of a picture, with its size if that is known; a lone one with a title is a figure."""
    found = resolution.images.get(image.target)
    attributes = {"src": at(found.url) if found else image.target, "alt": image.alt}
    size = sizes.get(found.path) if found else None
    if size:
        attributes |= {"width": str(size[0]), "height": str(size[1])}
    attributes |= {"loading": "lazy", "decoding": "async"} | dict(image.attributes)
    if image.title and not image.lone:
        attributes["title"] = image.title
    element = "<img " + " ".join(f'{name}="{escape(value)}"' for name, value in attributes.items()) + ">"
    if not image.lone:
        return element
    caption = f"<figcaption>{escape(image.title)}</figcaption>" if image.title else ""
    return f"<figure>{element}{caption}</figure>"


def for_feeds(insets: Insets) -> Insets:
    """Return `insets` with every formula as MathML alone (or its TeX), for readers without KaTeX's stylesheet."""

    def reduced(tex: str, made: Typeset) -> Typeset:
        if not made.html:
            return made
        found = _MATHML.search(made.html)
        return made._replace(html=found[0] if found else f"<code>{escape(tex)}</code>")

    return insets._replace(formulas={formula: reduced(formula[0], made) for formula, made in insets.formulas.items()})
