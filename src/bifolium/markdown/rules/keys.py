"""Keys of the keyboard: `++ctrl+c++`. A key that is no word stands in quotes: `++ctrl+"+"++`."""

from __future__ import annotations

import re
from typing import Final

from markdown_it.rules_inline import StateInline

from bifolium.markdown.options import MarkdownOptions
from bifolium.markdown.parser import Parser

_KEY = r'(?:[A-Za-z0-9][\w-]{0,30}|"[^"\n]{1,30}")'
_KEYS = re.compile(rf"\+\+({_KEY}(?:\+{_KEY}){{0,8}})\+\+(?!\+)")
_PART = re.compile(_KEY)
_NAMES: Final = {
    "alt": "Alt", "backspace": "Backspace", "cmd": "⌘", "command": "⌘", "control": "Ctrl", "ctrl": "Ctrl",
    "del": "Del", "delete": "Delete", "down": "↓", "end": "End", "enter": "Enter", "esc": "Esc", "escape": "Esc",
    "home": "Home", "insert": "Insert", "left": "←", "meta": "Meta", "option": "Option", "page-down": "Page Down",
    "page-up": "Page Up", "return": "Return", "right": "→", "shift": "Shift", "space": "Space", "super": "Super",
    "tab": "Tab", "up": "↑", "win": "Win", "windows": "Win",
}  # fmt: skip


def use(md: Parser, options: MarkdownOptions) -> None:
    """Add keys, if they are wanted."""
    if options.keys:
        md.inline.add("keys", _keys, "+", "escape")


def _keys(state: StateInline, silent: bool) -> bool:
    found = _KEYS.match(state.src, state.pos, state.posMax)
    if not found or (state.pos and state.src[state.pos - 1] == "+"):
        return False
    if not silent:
        for number, key in enumerate(_PART.findall(found[1])):
            if number:
                state.push("text", "", 0).content = "+"
            state.push("kbd_open", "kbd", 1)
            state.push("text", "", 0).content = _shown(key)
            state.push("kbd_close", "kbd", -1)
    state.pos = found.end()
    return True


def _shown(key: str) -> str:
    """Return what is printed on a key; a single letter is a capital there."""
    if key.startswith('"'):
        return key.strip('"')
    return _NAMES.get(key.lower()) or (key[:1].upper() + key[1:])
