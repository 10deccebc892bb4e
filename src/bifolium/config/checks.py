"""What must hold for settings beyond their types: addresses, folders, names of zones and styles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from bifolium.config.convert import Fault
from bifolium.placeholders import PLACEHOLDERS, PRESETS, unknown_placeholders
from bifolium.problems import did_you_mean
from bifolium.sections import Comments, Deploy, Look, Source
from bifolium.settings import RESERVED, Code, Folders, Math, Settings, Urls
from bifolium.toml_places import Keys

_LANGUAGE = re.compile(r"(?:[A-Za-z]{2,8}|[xi]-[A-Za-z0-9]{1,8})(?:-[A-Za-z0-9]{1,8})*")  # the shape in RFC 5646
_OFFSET = re.compile(r"[+-](?:0\d|1[0-4]):[0-5]\d")
_LISTS = ("home", "categories", "tags", "series", "archive", "equations")


def check(settings: Settings) -> Iterator[Fault]:
    """Yield what is wrong with settings whose types are right."""
    yield from _check_base_url(settings.base_url)
    yield from _check_language(settings.language)
    yield from _check_timezone(settings.timezone)
    yield from _check_folders(settings.folders)
    yield from _check_urls(settings.urls)
    yield from _check_styles(settings.code)
    yield from _check_macros(settings.math)
    yield from _check_look(settings.theme)
    yield from _check_source(settings.source)
    yield from _check_comments(settings.comments)
    yield from _check_redirects(settings.redirects)
    yield from _check_lists(settings)
    yield from _check_deploy(settings.deploy)


def _bad(keys: Keys, value: str, expected: str, hint: str = "") -> Fault:
    return Fault(keys, "bad-value", f"`{keys[-1]}` is `{value}`, expected {expected}", hint)


def _check_base_url(url: str) -> Iterator[Fault]:
    if not url:
        return
    try:
        parts = urlsplit(url)
        whole = parts.scheme in {"http", "https"} and parts.hostname and (parts.port or True)
    except ValueError:
        parts, whole = urlsplit(""), False
    if not whole or any(char.isspace() for char in url):
        hint = f"write `https://{url.lstrip('/')}`" if re.fullmatch(r"(//)?[\w-]+(\.[\w-]+)+(/\S*)?", url) else ""
        yield _bad(("base_url",), url, "an address such as `https://example.org/blog`", hint)
    elif parts.query or parts.fragment or "@" in parts.netloc:
        clean = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
        yield _bad(("base_url",), url, "an address without name, query and fragment", f"write `{clean}`")


def _check_language(language: str) -> Iterator[Fault]:
    if _LANGUAGE.fullmatch(language):
        return
    repaired = language.partition(".")[0].replace("_", "-")
    hint = f"write `{repaired}`" if _LANGUAGE.fullmatch(repaired) else ""
    yield _bad(("language",), language, "a language tag such as `en` or `zh-CN`", hint)


def _check_timezone(name: str) -> Iterator[Fault]:
    if name == "UTC" or _OFFSET.fullmatch(name):
        return
    from zoneinfo import ZoneInfo, available_timezones

    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        zones = available_timezones()
        hint = did_you_mean(name, zones) if zones else "this machine has no time zones: `pip install tzdata`"
        yield _bad(("timezone",), name, "a time zone such as `Asia/Shanghai`, `UTC` or `+08:00`", hint)


def _check_folders(folders: Folders) -> Iterator[Fault]:
    names = {name: getattr(folders, name) for name in folders.__struct_fields__ if name != "exclude"}
    wrong = [fault for name, path in names.items() for fault in _check_folder(name, path)]
    yield from wrong
    good = {
        name: PurePosixPath(path) for name, path in names.items() if ("folders", name) not in {f.keys for f in wrong}
    }
    for (one, path), (other, same) in combinations(good.items(), 2):
        if other == "output" and (same == path or same in path.parents):
            yield Fault(
                ("folders", other), "clash", f"`output` is `{same}`, which holds `{one}`", "choose another folder"
            )
        elif path == same:
            yield Fault(("folders", other), "clash", f"`{other}` is `{same}`, as is `{one}`", "choose another folder")


def _check_folder(name: str, path: str) -> Iterator[Fault]:
    keys = ("folders", name)
    parts = PurePosixPath(path).parts
    if not path or path.startswith(("/", "~")) or "\\" in path or ":" in path or ".." in parts:
        hint = f"write `{path.replace(chr(92), '/')}`" if "\\" in path and ":" not in path else ""
        yield _bad(keys, path, "a folder inside the site, such as `content/posts`", hint)
    elif RESERVED & set(parts) or (name == "output" and not parts):
        yield _bad(keys, path, f"a folder of its own, such as `{getattr(Folders(), name)}`")


def _check_macros(math: Math) -> Iterator[Fault]:
    path = PurePosixPath(math.macros)
    if not path.parts or path.is_absolute() or ".." in path.parts or "\\" in math.macros or ":" in math.macros:
        yield _bad(("math", "macros"), math.macros, "a file inside the site, such as `macros.tex`")


def _check_look(look: Look) -> Iterator[Fault]:
    if look.accent and not re.fullmatch(r"#(?:[0-9a-f]{3}){1,2}|[a-z]{3,30}", look.accent, re.IGNORECASE):
        yield _bad(("theme", "accent"), look.accent, "a colour such as `#17694b` or `teal`")


def _check_source(source: Source) -> Iterator[Fault]:
    for name in source.__struct_fields__:
        pattern = getattr(source, name)
        if pattern and not (re.match("https?://[^/]", pattern) and "{path}" in pattern):
            yield _bad(("source", name), pattern, "an address with `{path}` in it")


def _check_comments(comments: Comments) -> Iterator[Fault]:
    if comments.service == "none":
        return
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", comments.repository, re.ASCII):
        yield _bad(("comments", "repository"), comments.repository, "a repository on GitHub such as `me/blog`")
    for name in ("repository_id", "category", "category_id") if comments.service == "giscus" else ():
        if not getattr(comments, name):
            yield _bad(("comments", name), "", "what giscus.app tells for your repository")


def _check_deploy(targets: tuple[Deploy, ...]) -> Iterator[Fault]:
    """Yield targets that share a name, and addresses that git or rsync would take for options."""
    for number, target in enumerate(targets):
        keys: Keys = ("deploy", number)
        if target.name in {other.name for other in targets[:number]}:
            yield Fault(
                (*keys, "name"), "clash", f"another target is called `{target.name}`, too", "choose another name"
            )
        for name in ("to", "branch"):
            if (value := getattr(target, name)).startswith("-") or not value:
                yield _bad((*keys, name), value, "a name or an address")
        yield from (fault._replace(keys=(*keys, "base_url")) for fault in _check_base_url(target.base_url))


def _check_redirects(redirects: dict[str, str]) -> Iterator[Fault]:
    for old, new in redirects.items():
        if not old.startswith("/"):
            message = f"`{old}` is no address of this site"
            yield Fault(("redirects", old), "bad-value", message, f"write `/{old.lstrip('/')}`", at="key")
        if not re.match(r"/|https?://", new):
            yield _bad(("redirects", old), new, "an address such as `/new/` or `https://…`")


def _check_lists(settings: Settings) -> Iterator[Fault]:
    page, expected = settings.lists.page, "a pattern such as `page/:number/`"
    if page.count(":number") != 1 or re.search(r"[?#\s\\]|//|^/|(^|/)\.\.?(/|$)", page):
        yield _bad(("lists", "page"), page, expected)
    for of_list, feed in settings.feeds.at.items():
        if not re.fullmatch(r"/[^?#\s]*\.(xml|atom|rss)", feed):
            yield _bad(("feeds", "at", of_list), feed, "the address of a feed such as `/feed/sea.xml`")


def _check_urls(urls: Urls) -> Iterator[Fault]:
    for name in urls.__struct_fields__:
        keys, pattern = ("urls", name), getattr(urls, name)
        if name == "permalink" and pattern in PRESETS:
            continue
        known = PLACEHOLDERS if name in {"permalink", "pages"} else ()
        if not pattern.startswith("/") or re.search(r"[?#\s\\]|//|/\.\.?(/|$)", pattern):
            yield _bad_pattern(keys, pattern)
            continue
        yield from (_bad_word(keys, word, known) for word in unknown_placeholders(pattern, known))
    for (name, url), (other, same) in combinations([(name, getattr(urls, name)) for name in _LISTS], 2):
        if url.strip("/").casefold() == same.strip("/").casefold():
            hint = "choose another address"
            yield Fault(("urls", other), "clash", f"`{other}` is `{same}`, as is `{name}`", hint)


def _bad_word(keys: Keys, word: str, known: tuple[str, ...]) -> Fault:
    if not known:
        return Fault(keys, "bad-value", f"`{keys[-1]}` has one address, so it can't hold `:{word}`")
    hint = did_you_mean(word, known) or "known are " + ", ".join(f"`:{name}`" for name in known)
    return Fault(keys, "unknown-placeholder", f"unknown placeholder `:{word}`", hint.replace("mean `", "mean `:"))


def _bad_pattern(keys: Keys, pattern: str) -> Fault:
    if keys[-1] == "permalink" and re.fullmatch(r"\w+", pattern):
        expected = f"a pattern or one of {', '.join(f'`{name}`' for name in PRESETS)}"
        return _bad(keys, pattern, expected, did_you_mean(pattern, PRESETS))
    hint = (
        f"write `/{pattern}`" if pattern and pattern[0] in ":abcdefghijklmnopqrstuvwxyz" and "//" not in pattern else ""
    )
    return _bad(keys, pattern, "an address that begins with `/`, without blanks, `?` and `#`", hint)


def _check_styles(code: Code) -> Iterator[Fault]:
    """Yield the styles that Pygments doesn't have; it is asked only if they aren't our defaults."""
    chosen = {name: getattr(code, name) for name in ("light", "dark")}
    if all(style == getattr(Code(), name) for name, style in chosen.items()):
        return
    from pygments.styles import get_all_styles

    known = sorted(get_all_styles())
    for name, style in chosen.items():
        if style not in known:
            hint = did_you_mean(style, known) or "see https://pygments.org/styles/"
            yield _bad(("code", name), style, "a style of Pygments", hint)
