"""Send a site to an object store (S3 and what speaks like it, Google's, Azure's) by obstore, of the `[deploy]` extra.

Credentials come from the environment, as those of the stores' own programs do; none are in the settings.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from bifolium.carriers import Stuff
from bifolium.problems import SiteError, error

if TYPE_CHECKING:
    from obstore.store import ObjectStore

T = TypeVar("T")

AT_ONCE = 16  # requests
_BULK = 500  # files that are deleted by one request; S3 takes 1,000
_WHOLE = 64 << 20  # bytes; larger files go in parts, and their entity tag isn't their MD5 digest


class Store:
    """An object store at an address such as `s3://bucket/folder`, and the folder of the finished site."""

    def __init__(self, output: Path, to: str, options: Mapping[str, str]) -> None:
        self.output, self.to = output, to
        with self._told():
            self.store: ObjectStore = _library().store.from_url(to, **{"client_options": {}, **_settings(options)})

    def read(self, path: str) -> bytes | None:
        """Return a file at the target, or None if there is none."""
        with self._told():
            try:
                return bytes(_library().get(self.store, path).bytes())
            except FileNotFoundError:
                return None

    def compare(self, files: Iterable[Stuff], known: Mapping[str, str]) -> dict[str, bool]:
        """Return which files are at the target: as the last deploy noted them, or by their MD5 digest and headers."""
        with self._told():
            there = {it["path"]: it["e_tag"] for found in _library().list(self.store) for it in found}
        found = [it for it in files if it.path in there]
        unsure = [it for it in found if known.get(it.path) != it.mark and _tag(self.output / it.path) == there[it.path]]
        served = dict(zip(unsure, self._each(self._is_served_so, unsure), strict=True))
        return {it.path: known.get(it.path) == it.mark or served.get(it, False) for it in found}

    def send(self, files: Iterable[Stuff]) -> None:
        """Send files of the site, some at once."""
        self._each(self._put, files)

    def write(self, path: str, data: bytes) -> None:
        """Write a file that is none of the site's."""
        with self._told():
            headers = {"Content-Type": "application/json", "Cache-Control": "no-store"}
            _library().put(self.store, path, data, attributes=headers)

    def delete(self, paths: Iterable[str]) -> None:
        """Delete files at the target; those that are gone already are no matter."""
        every = list(paths)
        for start in range(0, len(every), _BULK):
            with self._told():
                _library().delete(self.store, every[start : start + _BULK])

    def _put(self, file: Stuff) -> None:
        path = self.output / file.path
        headers = {"Content-Type": file.type, "Cache-Control": file.cache}
        parts = path.stat().st_size > _WHOLE
        _library().put(self.store, file.path, path, attributes=headers, use_multipart=parts)

    def _is_served_so(self, file: Stuff) -> bool:
        """Tell whether a file at the target has its headers."""
        headers = _library().get(self.store, file.path).attributes
        return (headers.get("Content-Type"), headers.get("Cache-Control")) == (file.type, file.cache)

    def _each(self, work: Callable[[Stuff], T], files: Iterable[Stuff]) -> list[T]:
        with self._told(), ThreadPoolExecutor(AT_ONCE) as threads:
            try:
                return list(threads.map(work, files))
            except BaseException:
                threads.shutdown(cancel_futures=True)
                raise

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Tell what the store refuses, in its own words."""
        try:
            yield
        except (_library().exceptions.BaseError, OSError, ValueError) as failed:
            message = " ".join(str(failed).split("\n\nDebug source:")[0].split())
            raise SiteError([error(self.to, 0, 0, "deploy", message)]) from None


def _settings(options: Mapping[str, str]) -> dict[str, Any]:
    endpoint = options.get("endpoint", "")
    plain = {"client_options": {"allow_http": True}} if endpoint.startswith("http://") else {}
    return {**{name: value for name, value in options.items() if value}, **plain}


def _tag(path: Path) -> str:
    with path.open("rb") as file:
        return f'"{hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()}"'


def _library() -> Any:
    try:
        import obstore
        import obstore.exceptions
        import obstore.store
    except ImportError:
        hint = '`pip install "bifolium[deploy]"`'
        raise SiteError([error("obstore", 0, 0, "deploy", "object stores need this library", hint)]) from None
    return obstore
