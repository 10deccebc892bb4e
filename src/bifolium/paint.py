"""Colour for terminals: the few styles in which we say things, and whether somebody wants them.

Imports nothing: a build of an unchanged site has no time for a library.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import IO, Literal

    Style = Literal["", "bold", "dim", "bold red", "bold yellow", "cyan"]

STYLES: "dict[Style, str]" = {
    "": "",
    "bold": "\x1b[1m",
    "dim": "\x1b[2m",
    "bold red": "\x1b[1;31m",
    "bold yellow": "\x1b[1;33m",
    "cyan": "\x1b[36m",
}
_END = "\x1b[0m"


def painted(text: str, style: "Style" = "") -> str:
    """Return `text` in one of the styles; none is empty."""
    return f"{STYLES[style]}{text}{_END}" if style else text


def plain(text: str) -> str:
    """Return painted text without its colours."""
    for code in (*STYLES.values(), _END):
        text = text.replace(code, "") if code else text
    return text


def is_wanted(stream: "IO[str]", environment: "Mapping[str, str]") -> bool:
    """Tell whether to paint what goes to `stream`: see https://no-color.org and https://force-color.org."""
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return True
    return environment.get("TERM") not in {"dumb", "unknown"} and stream.isatty()
