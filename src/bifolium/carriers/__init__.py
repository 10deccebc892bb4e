"""Carry a finished site to where readers find it: a module for each way. What is carried, and when, others decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple, Protocol


class Stuff(NamedTuple):
    """A file to be sent: its path, the headers with which it is to be served, and a mark of these and of its bytes."""

    path: str
    type: str
    cache: str
    mark: str


class Carrier(Protocol):
    """What can send files one group after another; each call returns when all is done, or raises SiteError."""

    def read(self, path: str) -> bytes | None:
        """Return a file at the target, or None if there is none."""

    def compare(self, files: Iterable[Stuff], known: Mapping[str, str]) -> dict[str, bool]:
        """Return which of the site's `files` are at the target, and whether they are the same.

        `known` are the marks that the last deploy has noted of those there; empty if it didn't come to its end.
        """

    def send(self, files: Iterable[Stuff]) -> None:
        """Send files of the site."""

    def write(self, path: str, data: bytes) -> None:
        """Write a file that is none of the site's."""

    def delete(self, paths: Iterable[str]) -> None:
        """Delete files at the target; those that are gone already are no matter."""
