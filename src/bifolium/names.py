"""Tell the files of an author from those that an editor, a browser or the system leaves for a moment.

Imports nothing: a build of an unchanged site has no time for `re`.
"""

_WANTED = frozenset((".well-known", ".nojekyll", ".htaccess"))
_OF_THE_SYSTEM = frozenset(("4913", "thumbs.db", "__pycache__"))
_ENDINGS = ("~", ".tmp", ".bak", ".orig", ".crdownload", ".part", *(f".sw{letter}" for letter in "abcdefghijklmnop"))


def is_temporary(name: str) -> bool:
    """Tell whether a file or folder of this name is no content: a dotfile, or of those that come and go."""
    small = name.lower()
    if small.startswith("."):
        return small not in _WANTED
    if small.startswith("#") and small.endswith("#") and len(small) > 1:
        return True
    return small.endswith(_ENDINGS) or small in _OF_THE_SYSTEM


def excludes(path: str, patterns: "tuple[str, ...]") -> bool:
    """Tell whether the file or folder at `path` is excluded by itself; those above it are not looked at.

    The last pattern that fits counts; with `!` before it, it takes in again. Without a `/` it fits names everywhere.
    """
    name = path.rpartition("/")[2]
    for pattern in reversed(patterns):
        wanted = pattern.removeprefix("!").removesuffix("/")
        if fits(path, wanted.lstrip("/")) if "/" in wanted else fits(name, wanted):
            return not pattern.startswith("!")
    return False


def fits(text: str, pattern: str) -> bool:
    """Tell whether `text` is `pattern`, in which `*` stands for anything."""
    first, *others = pattern.split("*")
    if not others:
        return text == first
    last = others.pop()
    if not text.startswith(first) or not text.endswith(last) or len(text) < len(first) + len(last):
        return False
    at, end = len(first), len(text) - len(last)
    for part in others:
        at = text.find(part, at, end) + len(part)
        if at < len(part):
            return False
    return True
