"""Write pictures and videos as HTML: the sizes in which browsers may choose them, captions, the way to see them large.

A picture is `<picture>` with its smaller encodings and the original for browsers that take none of those.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from html import escape
from typing import NamedTuple
from urllib.parse import urlsplit

from bifolium import urls
from bifolium.pictures import ENDINGS, VIDEOS, Encoding, Picture
from bifolium.settings import Images

SMALLEST = 4096  # bytes; of less, no browser is spared a noticeable part
WIDE = 1008  # CSS pixels; the widest that the theme shows a picture of the class `wide`
ZOOMABLE = 400  # CSS pixels; what is narrower is shown whole by every telephone
NARROW = 640  # CSS pixels; in narrower windows, pictures side by side may stand one below the other
EMBLEM = 1200  # pixels; as wide or high as other sites show a picture at most
HEAVY = 300_000  # bytes; some sites leave out the picture of a page that has much more
MARGIN = 0.92  # of a narrow window's width is text
_SIMILAR = 1.15  # two widths that differ by less are one
_ENCODED = frozenset(("PNG", "JPEG", "WebP", "AVIF", "BMP"))
BITMAPS = _ENCODED | {"GIF"}
_EVERYWHERE = BITMAPS - {"AVIF", "BMP"}  # what sites show that people share pages on
STILL = BITMAPS | {"SVG"}
_MIME = {"webp": "image/webp", "avif": "image/avif"}
_PIXELS = re.compile(r"([0-9]{1,5})(?:px)?")
_SHARE = re.compile(r"([0-9]{1,3}(?:\.[0-9]+)?)%")
_VIDEO_NAMES = tuple(ending for kind in sorted(VIDEOS) for ending in ENDINGS[kind])


class Shown(NamedTuple):
    """How a text shows its pictures: the site's settings, and how an address becomes final.

    `plain`: for readers that know nothing but `<img>`. `sizes`: how wide, if not as wide as the text.
    """

    settings: Images
    at: Callable[[str], str]
    plain: bool = False
    sizes: str = ""


class View(NamedTuple):
    """One picture to be written: its address, what is known of its file, its attributes.

    `first`: it is likely seen at once. `lone`: it is in a figure of its own, `linked`: in a link. `enlarge` is the name
    of the link to a picture without a text. `beside`: so many pictures are in its row.
    """

    url: str
    picture: Picture
    attributes: Mapping[str, str]
    first: bool = False
    lone: bool = False
    linked: bool = False
    enlarge: str = ""
    beside: int = 1


def is_styled(attributes: Iterable[tuple[str, str]]) -> bool:
    """Tell whether a picture with these attributes gets a style."""
    return any(name == "style" or (name == "width" and _SHARE.fullmatch(value)) for name, value in attributes)


def is_video(url: str) -> bool:
    """Tell whether `url` names a video."""
    return urlsplit(url).path.lower().endswith(_VIDEO_NAMES)


def oddity(path: str, picture: Picture) -> str:
    """Return what is to be told of a picture, if anything."""
    found = "this SVG holds a program, which runs if somebody opens it by its address" if picture.active else ""
    return picture.problem or misnamed(path, picture) or found


def misnamed(path: str, picture: Picture) -> str:
    """Return what is wrong with the ending of a picture's name, if anything."""
    endings = ENDINGS.get(picture.kind)
    if not endings or path.lower().endswith(endings):
        return ""
    thing = "video" if picture.kind in VIDEOS else "picture"
    return f"this is a {picture.kind} {thing}, so its name should end in `{endings[0]}`"


def widths(picture: Picture, settings: Images) -> tuple[int, ...]:
    """Return the widths to which a picture is to be encoded, none if it stays as it is: never wider than it is.

    Its own width takes the place of a similar one: a drawing is often smallest as it is, without loss.
    """
    small = picture.size < SMALLEST or not picture.width or not picture.height
    if small or picture.problem or picture.moving or picture.kind not in _ENCODED or not settings.widths:
        return ()
    widest = max(settings.widths)
    top = picture.width if picture.width < widest * _SIMILAR else widest
    return (*(width for width in sorted(set(settings.widths)) if width * _SIMILAR < top), top)


def emblem_width(picture: Picture) -> int:
    """Return how wide the JPEG is to be by which other sites show a picture; 0 if they take the file itself."""
    is_fit = picture.kind in _EVERYWHERE and max(picture.width, picture.height) <= EMBLEM and picture.size <= HEAVY
    if is_fit or picture.problem or picture.kind not in BITMAPS or not picture.width or not picture.height:
        return 0
    return max(1, round(picture.width * min(1.0, EMBLEM / picture.width, EMBLEM / picture.height)))


def emblem(url: str, picture: Picture) -> str:
    """Return the URL of the file by which other sites show the picture at `url`."""
    return address(url, picture.emblem) if picture.emblem else url


def address(url: str, made: Encoding) -> str:
    """Return the URL of an encoding of the picture at `url`."""
    if not made.name:
        return url
    stem = posixpath.splitext(posixpath.basename(urls.file_path(url)))[0]
    return urls.of_file(f"assets/{stem}-{made.width}.{made.file}")


def righted(url: str, picture: Picture) -> str:
    """Return the URL at which a picture stands once more with the right ending, by which hosts tell what a file is.

    Its encodings have the same addresses as those of `url`.
    """
    stem = posixpath.splitext(posixpath.basename(urls.file_path(url)))[0]
    return urls.of_file(f"assets/{picture.digest.hex()[:16]}/{stem}{ENDINGS[picture.kind][0]}")


def source(url: str, path: str, picture: Picture) -> str:
    """Return the URL of the original, under a name with the right ending."""
    return righted(url, picture) if picture.digest and misnamed(path, picture) else url


def drawn(view: View, shown: Shown) -> str:
    """Return the element of a picture: with a link to its whole size, where that is worth it, and none is around."""
    if is_video(view.url) or view.picture.kind in VIDEOS:
        return video(view, shown)
    element = image(view, shown)
    sources = "" if shown.plain else "".join(_sources(view, shown))
    if sources:
        element = f"<picture>{sources}{element}</picture>"
    if shown.plain or view.linked or not shown.settings.zoom or not is_zoomable(view):
        return element
    named = {} if view.attributes.get("alt") or not view.enlarge else {"aria-label": view.enlarge}
    return f"{tag('a', {'class': 'zoom', 'href': shown.at(view.url), **named})}{element}</a>"


def is_zoomable(view: View) -> bool:
    """Tell whether there is more to see of a picture than every screen shows, and no harm in a link to it."""
    classes = view.attributes.get("class", "").split()
    return view.picture.width > ZOOMABLE and "no-zoom" not in classes and not view.picture.active


def image(view: View, shown: Shown) -> str:
    """Return the `<img>`; its width and height keep the page from jumping while it loads."""
    size, style = _size(view)
    loading = {} if shown.plain else _loading(view)
    others = {name: value for name, value in view.attributes.items() if name not in {"width", "height", "style"}}
    return tag("img", {"src": shown.at(view.url), "alt": "", **size, **loading, **others, **style})


def video(view: View, shown: Shown) -> str:
    """Return the `<video>`, of which nothing is loaded before somebody wants it; its text is its name."""
    size, style = _size(view)
    others = {name: value for name, value in view.attributes.items() if name not in {"width", "height", "style", "alt"}}
    named = {"aria-label": view.attributes["alt"]} if view.attributes.get("alt") else {}
    switches = {} if "controls" in others else {"controls": ""}
    found = {"src": shown.at(view.url), **switches, "preload": "none", "playsinline": ""}
    return tag("video", {**found, **size, **named, **others, **style}) + "</video>"


def completed(name: str, view: View, shown: Shown) -> str:
    """Return the attributes that an author's own `<img>` or `<video>` lacks, so that the page doesn't jump."""
    written = view.attributes
    sides = [written[side] for side in ("width", "height") if side in written]
    found = _size(view)[0] if all(map(_PIXELS.fullmatch, sides)) else _shape(view)
    if name == "video" and not shown.plain and not written.keys() & {"autoplay", "preload"}:
        found["preload"] = "none"
    if name == "img" and not shown.plain:
        found |= _loading(view) | _candidates(view, shown)
    return "".join(f' {key}="{escape(value)}"' for key, value in found.items() if key not in written)


def _shape(view: View) -> dict[str, str]:
    """Return the style that keeps the room of an author's picture whose width alone is given, in per cent."""
    wide, high = view.picture.width, view.picture.height
    if not share(view) or "height" in view.attributes or not (wide and high):
        return {}
    return {"style": f"aspect-ratio: {wide} / {high}"}


def _loading(view: View) -> dict[str, str]:
    return {"fetchpriority": "high"} if view.first else {"loading": "lazy", "decoding": "async"}


def _candidates(view: View, shown: Shown) -> dict[str, str]:
    """Return the encodings of a picture for its `<img>` itself: as WebP, which all browsers take."""
    made = [it for it in view.picture.encodings if it.kind == "webp"]
    if not made or "srcset" in view.attributes:
        return {}
    return {"srcset": _srcset(made, view, shown), "sizes": _sizes(view, shown)}


def _srcset(made: Iterable[Encoding], view: View, shown: Shown) -> str:
    return ", ".join(f"{shown.at(address(view.url, it))} {it.width}w" for it in made)


def tag(name: str, attributes: Mapping[str, str]) -> str:
    """Return an opening tag."""
    written = (f'{key}="{escape(value)}"' if value or key == "alt" else key for key, value in attributes.items())
    return f"<{' '.join((name, *written))}>"


def figure(content: str, caption: str, attributes: Mapping[str, str]) -> str:
    """Return a figure with those of `attributes` that say something."""
    opening = tag("figure", {name: value for name, value in attributes.items() if value})
    return f"{opening}{content}{f'<figcaption>{caption}</figcaption>' if caption else ''}</figure>"


def share(view: View) -> str:
    """Return the style of a picture that is to take a part of the column; HTML's own widths are pixels only."""
    asked = view.attributes.get("width", "")
    return f"width: {asked}" if _SHARE.fullmatch(asked) else ""


def files(url: str, path: str, picture: Picture) -> Iterator[tuple[str, str]]:
    """Yield the URL and the name of each file that stands beside the original; the latter is empty for a copy of it."""
    yield from ((address(url, made), made.file) for made in picture.made if made.name)
    if (other := source(url, path, picture)) != url:
        yield other, ""


def sizes(width: float, share: float = 1.0) -> str:
    """Return the `sizes` of a picture that is `width` CSS pixels wide, and less where the window is narrower."""
    column = round(width)
    return f"(min-width: {round(column / (MARGIN * share))}px) {column}px, {round(100 * MARGIN * share)}vw"


def _sources(view: View, shown: Shown) -> Iterable[str]:
    found = view.picture.encodings
    chosen = _sizes(view, shown)
    for kind in dict.fromkeys(made.kind for made in found):
        of_kind = _srcset((it for it in found if it.kind == kind), view, shown)
        yield tag("source", {"type": _MIME[kind], "srcset": of_kind, "sizes": chosen})


def _sizes(view: View, shown: Shown) -> str:
    """Return how wide a browser will show a picture, as far as its attributes and the theme decide that."""
    asked = view.attributes.get("width", "")
    if shown.sizes:
        return shown.sizes
    column = WIDE if "wide" in view.attributes.get("class", "").split() else shown.settings.text_width
    if share := _SHARE.fullmatch(asked):
        part = min(1.0, max(0.01, float(share[1]) / 100))
        return sizes(column * part, part)
    if view.beside > 1:
        part = max(1, min(view.picture.width, round(column / view.beside)))
        return f"(min-width: {NARROW}px) {part}px, {round(100 * MARGIN)}vw"
    width = int(found[1]) if (found := _PIXELS.fullmatch(asked)) else view.picture.width
    return sizes(max(1, min(width, column)))


def _size(view: View) -> tuple[dict[str, str], dict[str, str]]:
    """Return width and height as attributes, and a width in per cent as a style, which a figure takes itself."""
    wide, high = view.picture.width, view.picture.height
    asked, height = view.attributes.get("width", ""), view.attributes.get("height", "")
    style = view.attributes.get("style", "")
    if pixels := _PIXELS.fullmatch(asked):
        high, wide = (round(high * int(pixels[1]) / wide) if wide else high), int(pixels[1])
    elif tall := _PIXELS.fullmatch(height):
        wide = round(wide * int(tall[1]) / high) if high else wide
        high = int(tall[1])
    elif not view.lone:
        style = "; ".join(part for part in (share(view), style) if part)
    if pixels and (tall := _PIXELS.fullmatch(height)):
        high = int(tall[1])
    found = {"width": str(wide), "height": str(high)}
    return {name: value for name, value in found.items() if value != "0"}, {"style": style} if style else {}


def shown(picture: Picture) -> Picture:
    """Return what of a picture decides how it is written."""
    return picture._replace(private=False, size=0, problem="", lasting=True)
