"""Jinja, such that a page depends on its view and its templates alone: not on the pages before it, chance or the clock.

What all pages share can't be changed by one of them, an imported template starts anew each time, and what would be
another text in every build is refused. Jinja's own sandbox forbids more, lists that a page makes for itself among it,
and makes layout take 1.8 times as long.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache
from types import CodeType
from typing import Any, NoReturn

import jinja2
from jinja2.bccache import Bucket
from jinja2.environment import TemplateModule
from jinja2.runtime import Context

_CLOCK = frozenset(("now", "today", "utcnow"))
_CHANCE = ("lipsum", "random")
ANEW = "a page must come out the same in every build, so `lipsum` and `random` are not there"
_COPY = "every page sees the same data; change a copy: `data|list` or `dict(data)`"


class RefusalError(Exception):
    """What a template may not do, and what to do instead."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def environment(
    load: Callable[[str], tuple[str, str, None] | None],
    filters: Mapping[str, Callable[..., Any]],
    shared: Mapping[str, Any],
    alike: bytes,
) -> jinja2.Environment:
    """Return the environment of templates that `load` finds; `shared` are names that all of them see.

    Equal bytes of `alike` mean filters that do the same: Jinja works out what is constant while it compiles.
    """
    made = _Environment(
        loader=jinja2.FunctionLoader(load),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
        bytecode_cache=_compiled(alike),
    )
    for name in _CHANCE:
        made.globals.pop(name, None)
        made.filters.pop(name, None)
    made.filters |= filters
    made.globals |= {name: frozen(value) for name, value in shared.items()}
    return made


def is_chance(message: str) -> bool:
    """Tell whether Jinja's `message` is about a name that is missing on purpose."""
    return any(f"'{name}'" in message for name in _CHANCE)


def frozen(value: Any) -> Any:
    """Return `value` with lists and mappings that look and print as before, but can't be changed."""
    if isinstance(value, dict):
        return FrozenDict((name, frozen(item)) for name, item in value.items())
    return FrozenList(map(frozen, value)) if isinstance(value, list) else value


def _refuse(*_: Any, **__: Any) -> NoReturn:
    raise RefusalError("this changes data that other pages see, too", _COPY)


class FrozenList(list[Any]):
    """A list that can't be changed."""

    append = extend = insert = remove = pop = clear = sort = reverse = _refuse
    __setitem__ = __delitem__ = __iadd__ = __imul__ = _refuse


class FrozenDict(dict[str, Any]):
    """A mapping that can't be changed."""

    pop = popitem = clear = update = setdefault = _refuse
    __setitem__ = __delitem__ = __ior__ = _refuse


class _Template(jinja2.Template):
    """A template that every `{% import %}` runs anew: Jinja keeps its module, and so what its macros counted."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        self._module = None
        return super()._get_default_module(ctx)


class _Compiled(jinja2.BytecodeCache):
    """Keeps the code of each template as long as its text is the same: compiling the theme's takes 30 ms."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, CodeType]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Hand out the code that was made of the same text."""
        checksum, code = self._kept.get(bucket.key, ("", None))
        bucket.code = code if checksum == bucket.checksum else None

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep code, in place of that of an older text."""
        if bucket.code:
            self._kept[bucket.key] = (bucket.checksum, bucket.code)


@lru_cache(maxsize=4)
def _compiled(_alike: bytes) -> _Compiled:
    """Return the code that this process has compiled with the same filters."""
    return _Compiled()


class _Environment(jinja2.Environment):
    template_class = _Template

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return an attribute or item; a date's class would tell the time."""
        if attribute in _CLOCK and isinstance(obj, date | datetime):
            raise RefusalError(
                f"`{attribute}` is another moment in every build", "write the year, or let a script do it"
            )
        return super().getattr(obj, attribute)


def _shown(value: Any) -> Any:
    """Return `value` to be shown; the text of a function has its address in memory, which is new in every run."""
    if callable(value) and not isinstance(value, jinja2.Undefined):
        raise RefusalError("this is a function, and not what it gives", "add `()` to call it")
    return value
