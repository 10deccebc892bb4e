"""What stands for a site as a whole: its logo, its icon in all sizes, its web manifest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from bifolium import icons, urls
from bifolium.icons import Drawn, Job
from bifolium.pictures import Picture
from bifolium.plan import Plan
from bifolium.problems import Problem
from bifolium.site import Site
from bifolium.theming import Asset
from bifolium.views import IconView, LogoView
from bifolium.workshop import Workshop

DEFAULT = "icon.svg"
_SVG = "image/svg+xml"
_OWN = {"/favicon.svg": _SVG, "/favicon.png": "image/png", "/favicon.ico": "image/x-icon"}


class Brand(NamedTuple):
    """Views of logo and icons, the manifest's address, and the files to publish for them by URL.

    `lasting`: drawing the same icons anew gives the same.
    """

    logo: LogoView | None = None
    icons: tuple[IconView, ...] = ()
    manifest: str = ""
    files: Mapping[str, Asset] = {}
    lasting: bool = True


class _Icons(NamedTuple):
    views: tuple[IconView, ...]
    files: Mapping[str, Asset] = {}
    problems: tuple[Problem, ...] = ()
    lasting: bool = True


def brand(
    site: Site, shop: Workshop, plan: Plan, pictures: Mapping[str, Picture], assets: Mapping[str, str]
) -> tuple[Brand, tuple[Problem, ...]]:
    """Return what stands for a site, and what is wrong with its pictures; `assets` are the theme's files."""
    at = urls.placed_at(site.settings.base_url)
    look = site.settings.theme
    logo, missing = _logo(plan, pictures, look.logo)
    found, files, wrong, lasting = _icons(site, shop, plan)
    ours = (IconView("icon", _SVG, "any", assets[DEFAULT]),)
    placed = tuple(icon._replace(url=at(icon.url)) for icon in found) or ours
    manifest = _manifest(site, placed)
    url = urls.hashed("site.webmanifest", manifest)
    shown = logo._replace(url=at(logo.url)) if logo else None
    return Brand(shown, placed, at(url), {**files, url: manifest}, lasting), (*missing, *wrong)


def _logo(plan: Plan, pictures: Mapping[str, Picture], wanted: str) -> tuple[LogoView | None, tuple[Problem, ...]]:
    path = wanted.lstrip("/")
    if not path:
        return None, ()
    if path not in plan.files:
        return None, (_missing(path, "logo"),)
    picture = pictures.get(path, Picture())
    return LogoView(plan.files[path], picture.width, picture.height), ()


def _icons(site: Site, shop: Workshop, plan: Plan) -> _Icons:
    """Return the site's icons: those of the settings' picture, else its own files at the usual places."""
    path = site.settings.theme.icon.lstrip("/")
    if path in plan.files:
        if path.lower().endswith(".svg"):
            return _Icons((IconView("icon", _SVG, "any", plan.files[path]),))
        return _raster(site, shop, path)
    wrong = (_missing(path, "icon"),) if path else ()
    published = set(plan.files.values())
    own = tuple(IconView("icon", kind, "", url) for url, kind in _OWN.items() if url in published)
    return _Icons(own, problems=wrong)


def _raster(site: Site, shop: Workshop, path: str) -> _Icons:
    """Return the icons that are drawn of a picture; their names have a hash of their content in them."""
    drawn = _drawn(site, shop, path)
    named = [(icon, urls.hashed(f"icon-{icon.size}.png", icon.data)) for icon in drawn.icons]
    views = tuple(
        IconView("apple-touch-icon" if icon.use == "touch" else "icon", "image/png", f"{icon.size}x{icon.size}", url)
        for icon, url in named
    )
    wrong = (Problem(path, 0, 0, "picture", drawn.problem),) if drawn.problem else ()
    return _Icons(views, {url: icon.data for icon, url in named}, wrong, drawn.lasting)


def _drawn(site: Site, shop: Workshop, path: str) -> Drawn:
    file = site.folder / path
    try:
        job = Job(hashlib.blake2b(file.read_bytes(), digest_size=16).digest(), str(file))
    except OSError as mistake:
        return Drawn(problem=f"can't read this picture: {mistake.strerror or mistake}")
    return shop.kept(icons.draw, {job.digest: job}, Drawn, icons.lost, lambda _: True)[0]


def _manifest(site: Site, found: Iterable[IconView]) -> bytes:
    """Return the web manifest (W3C Web Application Manifest) of a site with the icons `found`."""
    home = urls.placed_at(site.settings.base_url)(site.settings.urls.home)
    told = {
        "name": site.settings.title,
        "start_url": home,
        "display": "browser",
        "icons": [{"src": it.url, "type": it.type, "sizes": it.sizes or "any"} for it in found if it.rel == "icon"],
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _missing(path: str, name: str) -> Problem:
    hint = f"`{name}` under [theme] names a picture that is published, such as `images/{name}.svg`"
    return Problem(path, 0, 0, "missing-picture", "there is no such picture", hint)
