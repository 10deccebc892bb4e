"""Lay a page out: its view through its template, to bytes. Pure: templates come in as text.

Autoescape everywhere, undefined names are errors, content is never compiled as a template.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache, partial
from typing import Any, NamedTuple

import jinja2
from jinja2 import meta

from bifolium import memo, templating, views
from bifolium.interface import direction, fallbacks, show_date, speaking
from bifolium.linked import linked_data
from bifolium.model import Card
from bifolium.policy import Need, needs_of_template
from bifolium.problems import Problem, SiteError, did_you_mean, error, nearest
from bifolium.views import PageView, SiteView

_FIELDS: Mapping[str, tuple[str, ...]] = {
    name: getattr(view, "__match_args__", ()) for name, view in vars(views).items()
}
_REFERRING = re.compile(r"\{%-?\+?\s*(extends|include|import|from)\b")
_NOT_FOR_TEXTS = re.compile("home|list|category|tag|series|archive|terms|redirect|404|equations|partials/.*")
_NO_ATTRIBUTE = re.compile(r"'bifolium\.views\.(\w+) object' has no attribute '(\w+)'")


class Template(NamedTuple):
    """A template's text and the path under which its author finds it."""

    path: str
    text: str


@dataclass(frozen=True)
class Theme:
    """Templates by name, addresses of the theme's files, and the interface's words in the site's language.

    `languages` are the words in all languages, `math_fonts` the addresses of those that nearly every formula needs.
    `theme/x.html` is the theme's own x.html, also when the site shadows it.
    """

    templates: Mapping[str, Template]
    assets: Mapping[str, str]
    words: Mapping[str, str]
    languages: Mapping[str, Mapping[str, str]]
    math_fonts: tuple[str, ...] = ()

    def words_in(self, language: str) -> Mapping[str, str]:
        """Return the words in `language`; in the site's, if nobody translated them."""
        return next((self.languages[name] for name in fallbacks(language) if name in self.languages), self.words)

    @cached_property
    def environment(self) -> jinja2.Environment:
        """The Jinja environment, made once."""
        filters: dict[str, Callable[..., Any]] = {
            "date": partial(show_date, self.words),
            "iso": datetime.isoformat,
            "direction": direction,
        }
        shared = {
            "asset": self._asset,
            "words": dict(self.words),
            "math_fonts": self.math_fonts,
            "linked_data": linked_data,
            "speaking": speaking,
        }
        return templating.environment(self._load, filters, shared, memo.digest(dict(self.words)))

    @cached_property
    def digests(self) -> Mapping[str, bytes]:
        """The digest of everything that each template can reach, the theme's files and words included."""
        around = memo.digest((dict(self.assets), dict(self.words), dict(self.languages), self.math_fonts))
        return {
            name: memo.digest((around, [(n, self.templates[n].text) for n in self._reach(name)]))
            for name in self.templates
        }

    @cached_property
    def needs(self) -> Mapping[str, tuple[Need, ...]]:
        """What a page's security policy must allow for each template and all that it can reach."""
        return {
            name: tuple(
                dict.fromkeys(it for n in self._reach(name) for it in needs_of_template(self.templates[n].text))
            )
            for name in self.templates
        }

    def _asset(self, name: object = "") -> str:
        """Return the address of one of the theme's files."""
        known = str(name)
        if known not in self.assets:
            raise templating.RefusalError(f"there is no file `{known}` in the theme", did_you_mean(known, self.assets))
        return self.assets[known]

    def _load(self, name: str) -> tuple[str, str, None] | None:
        found = self.templates.get(name)
        return (found.text, found.path, None) if found else None

    def _reach(self, name: str) -> list[str]:
        """Return the names of all templates that `name` can reach, itself first; all if it computes one."""
        seen = [name]
        for at in seen:
            found = references(self.templates[at].text)
            others = self.templates if None in found else [other for other in found if other in self.templates]
            seen += [other for other in others if other and other not in seen]
        return seen


@lru_cache(maxsize=1024)
def references(text: str) -> tuple[str | None, ...]:
    """Return the names of the templates that `text` extends, includes or imports; None for one that it computes."""
    if not _REFERRING.search(text):
        return ()
    try:
        return tuple(meta.find_referenced_templates(jinja2.Environment(autoescape=True).parse(text)))
    except jinja2.TemplateSyntaxError:
        return ()


def layout(view: PageView, template: str, site: SiteView, theme: Theme) -> bytes:
    """Return the bytes of the page that `view` describes; raises SiteError naming the template's file and line."""
    try:
        text = theme.environment.get_template(template).render(page=view, site=site)
    except Exception as mistake:  # a template's author can raise anything
        raise SiteError([blame(mistake, template, theme)]) from mistake
    return text.encode()


def template_for(kind: str, wanted: str, theme: Theme) -> str:
    """Return the name of the template: the one that front matter names, else the kind's own, else the lists' one."""
    names = (f"{wanted}.html" if _is_fit(wanted) else "", f"{kind}.html", "list.html")
    return next((name for name in names if name in theme.templates), names[1])


def wrong_layout(card: Card, theme: Theme) -> Problem | None:
    """Return the problem of a front matter that names a template which isn't there, or isn't for texts."""
    wanted = card.layout
    if not wanted or (f"{wanted}.html" in theme.templates and _is_fit(wanted)):
        return None
    if f"{wanted}.html" in theme.templates:
        message = f"`{wanted}.html` doesn't lay out texts, so `{card.kind}.html` does"
        return Problem(card.path, 0, 0, "layout", message, "remove it, or name a template of your own")
    known = [name.removesuffix(".html") for name in theme.templates if "/" not in name and _is_fit(name)]
    return Problem(card.path, 0, 0, "layout", f"there is no template `{wanted}.html`", did_you_mean(wanted, known))


def _is_fit(wanted: str) -> bool:
    """Tell whether a template lays out texts: those for lists and the like ask for what a text hasn't."""
    return not _NOT_FOR_TEXTS.fullmatch(wanted.removeprefix("theme/"))


def blame(mistake: Exception, template: str, theme: Theme) -> Problem:
    """Return the problem of a failing template, at the last template line that was reached."""
    if isinstance(mistake, jinja2.TemplateSyntaxError):
        path, line = mistake.filename or mistake.name or template, mistake.lineno
    elif isinstance(mistake, jinja2.TemplateNotFound):
        path, line = next(
            _places(mistake, theme), (theme.templates[template].path if template in theme.templates else template, 1)
        )
    else:
        path, line = ([(template, 0), *_places(mistake, theme)])[-1]
    message = str(mistake) or type(mistake).__name__
    if isinstance(mistake, jinja2.TemplateNotFound):
        message = f"there is no template `{mistake.name}`"
    elif isinstance(mistake, RecursionError | MemoryError):
        message = "this goes round in a circle" if isinstance(mistake, RecursionError) else "this needs too much memory"
    elif found := _NO_ATTRIBUTE.match(message):
        message = f"there is no `{found[2]}` in a {found[1]}"
    return error(path, line, 0, "template", _lowered(message), _hint(mistake, theme), _line(path, line, theme))


def _places(mistake: Exception, theme: Theme) -> Iterator[tuple[str, int]]:
    paths = {found.path for found in theme.templates.values()}
    trace = mistake.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename in paths:
            yield trace.tb_frame.f_code.co_filename, trace.tb_lineno
        trace = trace.tb_next


def _line(path: str, line: int, theme: Theme) -> str:
    text = next((found.text for found in theme.templates.values() if found.path == path), "")
    lines = text.split("\n")
    return lines[line - 1] if 0 < line <= len(lines) else ""


def _hint(mistake: Exception, theme: Theme) -> str:
    if isinstance(mistake, templating.RefusalError):
        return mistake.hint
    if templating.is_chance(str(mistake)):
        return templating.ANEW
    if isinstance(mistake, jinja2.TemplateNotFound):
        names = [name.removesuffix(".html") for name in theme.templates]
        near = nearest(str(mistake.name or "").removesuffix(".html"), names)
        return f"did you mean `{near}.html`?" if near else ""
    if isinstance(mistake, RecursionError):
        return "the theme's own templates are called `theme/base.html`, `theme/post.html` and so on"
    found = _NO_ATTRIBUTE.match(str(mistake))
    if found:
        return did_you_mean(found[2], _FIELDS[found[1]])
    if isinstance(mistake, jinja2.UndefinedError):
        return "a name that may be missing is tested with `is defined`"
    return ""


def _lowered(message: str) -> str:
    return (message[0].lower() + message[1:]).rstrip(".") if message else message
