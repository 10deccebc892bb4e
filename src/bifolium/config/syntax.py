"""Say what is wrong with a text that is no TOML, in our words and at the right place."""

from __future__ import annotations

import tomllib

from bifolium.problems import Problem, error
from bifolium.toml_places import mistake

_LINE_START = ("Cannot overwrite a value", "Cannot declare", "Cannot mutate")
"""Found by tomllib when the statement is over; it is shown where the statement begins."""

_WORDS = {
    "Expected '=' after a key": ("expected `=` after the option's name", 'write `name = "value"`'),
    "Invalid statement": ("expected `name = value` or `[section]`", ""),
    "Invalid initial character": ("expected a name", "names are letters, digits, `_` and `-`"),
    "Cannot overwrite a value": ("this is set twice", "keep one of the two"),
    "Cannot declare": ("this section is here a second time", "put its options under the first one"),
    "Cannot mutate": ("this was set already", "put all its options in one place"),
    "Duplicate inline table key": ("an option is set twice within `{…}`", "keep one of the two"),
    "Unclosed array": ("a list is not closed, or a comma is missing", "a list is `[1, 2, 3]`"),
    "Unclosed inline table": ("a table is not closed, or a comma is missing", "a table is `{a = 1, b = 2}`"),
    "Unescaped '\\'": ("a single `\\` in text", "write `\\\\`, or put the text into single quotes"),
    "Unterminated string": ("text without closing quote", ""),
    'Expected "\'"': ("text without closing quote", ""),
    "Illegal character '\\n'": ("text without closing quote", 'text of several lines stands between `"""` and `"""`'),
    "Expected newline": ("expected the end of the line", "one option a line"),
    "Expected ']": ("a section's name is not closed", "a section begins with `[name]`, on a line of its own"),
    "Invalid date": ("no such date or time", ""),
    "Found invalid character": ("a control character", "remove it"),
    "Illegal character": ("a control character", "remove it"),
}
"""How tomllib's message begins, and what we say: message and hint."""


def syntax_problem(wrong: tomllib.TOMLDecodeError, text: str, path: str) -> Problem:
    """Return the problem for a mistake that tomllib found in `text`; tomllib stops at the first one."""
    said, place = mistake(wrong, text)
    source = text.split("\n")[place.line - 1].rstrip("\r")
    if said.startswith(_LINE_START):
        place = place._replace(column=len(source) - len(source.lstrip()) + 1)
    message, hint = _words(said, source, place.column)
    return error(path, place.line, place.column, "syntax", message, hint, source)


def _words(said: str, source: str, column: int) -> tuple[str, str]:
    if said.startswith("Invalid value"):
        return _bad_value(source, column)
    known = (words for start, words in _WORDS.items() if said.startswith(start))
    return next(known, (said[:1].lower() + said[1:].replace("'", "`"), ""))


def _bad_value(source: str, column: int) -> tuple[str, str]:
    """Say what stands where a value should: mostly text without quotes."""
    name = source[: column - 1].rpartition("=")[0].strip()
    value = source[column - 1 :].strip()
    if not value or not name:
        return "expected a value", ""
    word = value.split()[0].lower()
    if word in {"true", "yes", "on", "false", "no", "off"}:
        return f"`{value}` is no TOML value", f"write `{name} = {str(word in {'true', 'yes', 'on'}).lower()}`"
    return f"`{value}` is no TOML value", f'text goes into quotes: `{name} = "{value.strip("“”„‘’«»")}"`'
