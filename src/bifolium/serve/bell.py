"""The doorbell: rings when something in the site's folder may have changed. What did change, a scan finds out.

watchdog tells of changes; where it can't (no inotify watches left, a network drive), or tells too little, the
folder is looked at every few seconds.
"""

from __future__ import annotations

import os
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from bifolium.names import is_temporary
from bifolium.serve.quiet import Happening, Quiet

POLL = 2.0  # seconds between looks at a folder that nobody watches
SAFETY = 10.0  # seconds between looks at one that is watched, in case that an event was lost
AGAIN = 0.3  # seconds until a second look, where the first one may have seen a file half written
_WHAT: dict[str, Happening] = {"modified": "writing", "created": "writing", "closed": "closed", "deleted": "gone"}
_IDLE = {"opened", "closed_no_write"}


class Bell:
    """Calls `ring` with the changed paths, relative to `folder`, when it is time to look; with none to be safe.

    If it returns True, something was seen that a second look must confirm, which is rung for soon.
    """

    def __init__(self, folder: Path, ring: Callable[[frozenset[str]], object], *, polling: bool = False) -> None:
        self.folder = Path(os.path.realpath(folder))
        self._ring = ring
        self._quiet = Quiet()
        self._news = threading.Condition()
        self._observer = None if polling else _observer(self.folder, self._heard)
        self.polling = self._observer is None
        threading.Thread(target=self._wait, name="bell", daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        if self._observer:
            self._observer.stop()

    def _heard(self, event: FileSystemEvent) -> None:
        if event.event_type in _IDLE or (event.is_directory and event.event_type == "modified"):
            return
        paths = [event.src_path] if event.event_type != "moved" else [event.src_path, event.dest_path]
        what = _WHAT.get(event.event_type, "moved")
        with self._news:
            for path in self._ours(map(os.fsdecode, paths)):
                self._quiet.ring(path, "moved" if event.is_directory else what, time.monotonic())
            self._news.notify()

    def _ours(self, paths: Iterable[str]) -> Iterable[str]:
        """Yield those of `paths` that can be content, relative to the site's folder."""
        for path in paths:
            name = os.path.relpath(path, self.folder).replace(os.sep, "/")
            if not any(is_temporary(part) for part in name.split("/")):
                yield name

    def _wait(self) -> None:
        usual = pause = POLL if self.polling else SAFETY
        while True:
            with self._news:
                due = self._quiet.due()
                left = pause if due is None else due - time.monotonic()
                if left > 0 and self._news.wait(left):
                    continue
                paths = self._quiet.taken()
            pause = AGAIN if self._ring(paths) is True else usual


class _Ear(FileSystemEventHandler):
    """Hands every event on."""

    def __init__(self, heard: Callable[[FileSystemEvent], None]) -> None:
        self.on_any_event = heard  # type: ignore[assignment]


def _observer(folder: Path, heard: Callable[[FileSystemEvent], None]) -> BaseObserver | None:
    """Return a running observer of `folder`, or None if the system can't watch it all."""
    # It warns of folders that are moved while it looks, as a build's staged ones; a scan finds what it then misses.
    warnings.filterwarnings("ignore", category=RuntimeWarning, module=r"watchdog\.")
    observer = None
    try:
        observer = Observer()  # which takes one of the user's inotify instances, of which there are few
        observer.schedule(_Ear(heard), str(folder), recursive=True)
        observer.start()
        _expect_room(observer)
    except OSError:
        if observer:
            with suppress(RuntimeError):
                observer.stop()
        return None
    return observer


def _expect_room(observer: BaseObserver) -> None:
    """Raise OSError if Linux lets no more be watched, which watchdog tells of the first folder only.

    Only a file that isn't watched yet shows it, so this one is.
    """
    if sys.platform == "linux":
        observer.unschedule(observer.schedule(FileSystemEventHandler(), __file__))
