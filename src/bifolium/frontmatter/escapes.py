r"""What `\` does between double quotes, in YAML and TOML alike: `"\theta"` is a tab and `heta`, `"\beta"` a backspace.

People who write mathematics walk into this, and nothing but a damaged title would tell them.
"""

from __future__ import annotations

import re

from bifolium.frontmatter.characters import FORBIDDEN, named
from bifolium.frontmatter.fields import Flaw
from bifolium.problems import Place

_COMMAND = re.compile(
    r"""(?<!\\)(?:\\\\)*
    (\\(?:[abefv][a-zA-Z]{2,}
        | t(?:heta|au|anh?|ext[a-z]*|frac|ilde|imes|op?|riangle)
        | n(?:abla|eq?|eg|ot|otin|u|leq|geq|mid|i)
        | r(?:ho|ight[a-z]*|angle|m|ceil|floor|vert|Vert)))
    (?![a-zA-Z])""",
    re.VERBOSE,
)
"""A TeX command that begins with an escape; of those for tab and line ends, only commands that exist."""


def damage(value: str, raw: str, place: Place) -> Flaw | None:
    """Return what is wrong with a value because of escapes; `raw` is how it stands in the file, from `place` on."""
    command = _COMMAND.search(raw) if raw.startswith('"') else None
    if command:
        before = raw[: command.start(1)]
        column = len(before) - before.rfind("\n") if "\n" in before else place.column + len(before)
        where = Place(place.line + before.count("\n"), column, len(command[1]))
        message = f"`{command[1][:2]}` is an escape between double quotes, so `{command[1]}` gets lost"
        return Flaw(where, "escape", message, "put the text between single quotes")
    forbidden = FORBIDDEN.search(value)
    if not forbidden:
        return None
    message = f"this means the character {named(forbidden[0])}, which no text may hold"
    return Flaw(place, "control-character", message, "put the text between single quotes if its `\\` is meant")
