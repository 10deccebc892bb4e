"""What the phases of a build gave last time, kept by a process that builds again and again.

A result stands while the very arguments do. Identity decides, not equality: to a template 1 and True, or two orders of
a mapping, are different things. So a phase that comes to the same result hands out the very value of last time, and
whatever depends on that stands, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import compress
from operator import is_not
from typing import Any, TypeVar, cast

from bifolium import memo

T = TypeVar("T")

_SCALARS = (str, bytes, int, bool, float, type(None))
_FEW = 50  # results that are compared with those of last time: comparing all costs more than it saves


class Recall:
    """Remembers the last arguments and result of each function; one that is not `kept` remembers nothing."""

    def __init__(self, *, kept: bool = False) -> None:
        self._last: dict[str, tuple[Any, ...]] | None = {} if kept else None

    def once(self, work: Callable[..., T], *arguments: Any) -> T:
        """Return `work(*arguments)`: the value of last time if the arguments are those."""
        if self._last is None:
            return work(*arguments)
        then: tuple[Any, ...] = self._last.get(_name(work), ((work,), None))
        if _all_same(then[0], arguments):
            return cast("T", then[1])
        fresh = work(*arguments)
        result = cast("T", then[1]) if _same(then[1], fresh) else fresh
        self._last[_name(work)] = (arguments, result)
        return result

    def same(self, name: str, value: T) -> T:
        """Return `value`, or that of last time of this name, if it holds the very same things."""
        return cast("T", self.once(_Named(name), value))

    def each(self, work: Callable[..., T], columns: tuple[Mapping[str, Any], ...], *common: Any) -> dict[str, T]:
        """Return `work(…, *common)` by key, where … are the values of that key in each of the `columns`.

        Worked on are the keys whose values are others than last time. Results hold model values only.
        """
        known = self._known(work)
        if not known or not _all_same(known[1], common):
            results = {key: work(*(column[key] for column in columns), *common) for key in columns[0]}
        else:
            results = _renewed(work, columns, common, known[0], known[2])
        return self._kept(work, columns, common, results)

    def reaching(
        self,
        work: Callable[..., T],
        columns: tuple[Mapping[str, Any], ...],
        common: tuple[Any, ...],
        reach: tuple[Callable[..., frozenset[str]], Callable[[tuple[Any, ...], tuple[Any, ...]], frozenset[str]]],
    ) -> dict[str, T]:
        """Return what `each` does, though `common` be another: only those keys are worked on which that concerns.

        `reach` tells which names the work of a key looks up in `common`, and which names mean something else in the
        one than in the other. Who builds once need not know.
        """
        sought_by, differing = reach
        names = self.each(sought_by, columns) if self._last is not None else {}
        known = self._known(work)
        if not known:
            return self.each(work, columns, *common)
        touched = frozenset() if _all_same(known[1], common) else differing(known[1], common)
        stale = (key for key, sought in names.items() if not touched.isdisjoint(sought)) if touched else ()
        return self._kept(work, columns, common, _renewed(work, columns, common, known[0], known[2], stale))

    def _known(self, work: Callable[..., Any]) -> tuple[Any, ...] | None:
        return self._last.get(_name(work)) if self._last is not None else None

    def _kept(self, work: Callable[..., T], columns: Any, common: Any, results: dict[str, T]) -> dict[str, T]:
        if self._last is not None:
            self._last[_name(work)] = (columns, common, results)
        return results


def _renewed(
    work: Callable[..., T],
    columns: tuple[Mapping[str, Any], ...],
    common: tuple[Any, ...],
    before: tuple[Mapping[str, Any], ...],
    old: dict[str, T],
    besides: Iterable[str] = (),
) -> dict[str, T]:
    stale: dict[str, None] = dict.fromkeys(besides)
    for column, former in zip(columns, before, strict=True):
        if column is not former:
            stale |= dict.fromkeys(_changed(column, former))
    fresh = {key: work(*(column[key] for column in columns), *common) for key in stale}
    if len(fresh) <= _FEW:
        fresh = {key: _settled(value, old.get(key)) for key, value in fresh.items()}
    if list(old) != list(columns[0]):
        return {key: fresh[key] if key in fresh else old[key] for key in columns[0]}
    return {**old, **fresh} if any(old[key] is not value for key, value in fresh.items()) else old


def _changed(column: Mapping[str, Any], former: Mapping[str, Any]) -> Iterable[str]:
    """Return the keys whose values are others than in `former`."""
    if list(column) == list(former):
        return compress(column, map(is_not, column.values(), former.values()))
    return (key for key, value in column.items() if former.get(key, former) is not value)


def _settled(new: T, old: T | None) -> T:
    """Return `old` if `new` is exactly the same value."""
    return old if old is not None and (new is old or memo.encode(new) == memo.encode(old)) else new


def _all_same(some: tuple[Any, ...], others: tuple[Any, ...]) -> bool:
    return len(some) == len(others) and all(map(_same, some, others))


def _same(one: Any, other: Any) -> bool:
    """Tell whether two values are the very same, or hold the very same things."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, (*_SCALARS, frozenset)):
        return bool(one == other)
    if isinstance(one, dict):
        return len(one) == len(other) and _pairwise(one, other) and _pairwise(one.values(), other.values())
    return isinstance(one, list | tuple) and len(one) == len(other) and _pairwise(one, other)


def _pairwise(some: Any, others: Any) -> bool:
    pairs = zip(some, others, strict=True)
    return all(type(a) is type(b) and isinstance(a, _SCALARS) and a == b for a, b in pairs if a is not b)


class _Named:
    """A work that does nothing, of a name."""

    def __init__(self, name: str) -> None:
        self.__module__, self.__qualname__ = "", name

    def __call__(self, value: T) -> T:
        return value


def _name(work: Callable[..., Any]) -> str:
    return f"{work.__module__}.{work.__qualname__}"


NOTHING = Recall()
"""What a process recalls that builds once."""
