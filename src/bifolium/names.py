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
