"""Open the author's editor at a place: what the settings' `editor` says, which only the site's author can write."""

from __future__ import annotations

import shlex
import subprocess
from contextlib import suppress

from bifolium.site import Site


def command(editor: str, path: str, line: int, column: int) -> list[str]:
    """Return the words of the command: `{path}`, `{line}` and `{column}` in `editor` are put in after it is parted."""
    values = {"{path}": path, "{line}": str(max(line, 1)), "{column}": str(max(column, 1))}
    words = shlex.split(editor)
    if words and "{path}" not in editor:
        words.append("{path}")
    return [_filled(word, values) for word in words]


def open_at(site: Site, path: str, line: int, column: int) -> None:
    """Start the editor, if one is set, and don't wait for it."""
    words = command(site.settings.editor, str(site.folder / path), line, column)
    if words:
        with suppress(OSError):
            subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603


def _filled(word: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        word = word.replace(name, value)
    return word
