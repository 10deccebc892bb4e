"""What a raw field of the front matter means, once its key says what is wanted: a text, a switch, a list, a moment."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Any, NamedTuple

from bifolium import dates
from bifolium.frontmatter import Field

_TRUE = frozenset({"true", "yes", "on"})
_FALSE = frozenset({"false", "no", "off"})
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]{1,18}(\.[0-9]*)?)([eE][-+]?[0-9]{1,2})?")
_PICTURE_KEYS = ("path", "image", "src", "url")


class Wrong(NamedTuple):
    """A value that its key can't have: where, what was expected, and what to type."""

    field: Field
    expected: str
    hint: str = ""


def is_nothing(field: Field) -> bool:
    """Tell whether the value was left empty: nothing at all, `~` or `null`."""
    return field.plain and field.value in _NOTHING if isinstance(field.value, str) else False


def shown(field: Field) -> str:
    """Return how a problem names the value."""
    if isinstance(field.value, str):
        text = _one_line(field.value)
        return f"`{text[:40]}{'…' * (len(text) > 40)}`" if text else "an empty text"
    return "a list" if isinstance(field.value, tuple) else "a mapping"


def text(field: Field) -> str | Wrong:
    """Return a text on one line; numbers and words such as `true` are texts too."""
    return _one_line(field.value) if isinstance(field.value, str) else Wrong(field, "expected a text")


def address(field: Field) -> str | Wrong:
    """Return an address on this site."""
    found = text(field)
    if isinstance(found, str) and "://" in found:
        return Wrong(field, "expected an address on this site, such as `/about/`")
    return found


def addresses(field: Field) -> tuple[str, ...] | Wrong:
    """Return addresses on this site, none twice."""
    items = field.value if isinstance(field.value, tuple) else (field,)
    wrong = (found for found in map(address, items) if isinstance(found, Wrong))
    return next(wrong, None) or texts(field)


def single(field: Field) -> str | Wrong:
    """Return a text, also if it is the only item of a list."""
    if isinstance(field.value, tuple) and len(field.value) == 1:
        return text(field.value[0])
    return text(field)


def switch(field: Field) -> bool | Wrong:
    """Return true or false, as people write them."""
    word = field.value.strip().lower() if isinstance(field.value, str) else ""
    if word not in _TRUE | _FALSE:
        return Wrong(field, "expected `true` or `false`")
    return word in _TRUE


def integer(field: Field) -> int | Wrong:
    """Return a whole number."""
    written = field.value.strip() if isinstance(field.value, str) else ""
    return int(written) if _INTEGER.fullmatch(written) else Wrong(field, "expected a whole number such as 3")


def moment(default: tzinfo) -> Callable[[Field], datetime | Wrong]:
    """Return the converter to a date and time, in the zone `default` unless the value names its own."""

    def convert(field: Field) -> datetime | Wrong:
        if not isinstance(field.value, str):
            return Wrong(field, "expected a date", f"write {dates.FORMS}")
        found = dates.parse(field.value.strip(), default)
        if isinstance(found, datetime):
            return found
        return Wrong(field, f"but {found}", f"write {dates.FORMS}" if found == dates.UNREADABLE else "")

    return convert


def texts(field: Field) -> tuple[str, ...] | Wrong:
    """Return a list of texts, none twice; a single text is a list of one."""
    items = field.value if isinstance(field.value, tuple) else (field,)
    found = [text(item) for item in items if not is_nothing(item)]
    wrong = next((item for item in found if isinstance(item, Wrong)), None)
    if wrong:
        return wrong._replace(expected="expected a text or a list of texts")
    return tuple(dict.fromkeys(item for item in found if item and not isinstance(item, Wrong)))


def words(field: Field) -> tuple[str, ...] | Wrong:
    """Return a list of texts; a single text is split at its commas, or else at its blanks as Jekyll does."""
    if not isinstance(field.value, str):
        return texts(field)
    parts = field.value.split(",") if "," in field.value else field.value.split()
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def people(field: Field) -> tuple[str, ...] | Wrong:
    """Return a list of people; one may be a mapping with a `name`."""
    items = field.value if isinstance(field.value, tuple) else (field,)
    return texts(field._replace(value=tuple(_named(item) for item in items)))


def picture(field: Field) -> str | Wrong:
    """Return a picture's address; it may be a mapping with a `path`, as of jekyll-seo-tag, or an `image`."""
    if not isinstance(field.value, dict):
        return text(field)
    found = next((field.value[key] for key in _PICTURE_KEYS if key in field.value), None)
    return text(found) if found else Wrong(field, "expected a picture's address")


def anything(field: Field) -> Any:
    """Return the value with the types that YAML 1.2's core schema (section 10.3.2) gives unquoted scalars."""
    if isinstance(field.value, dict):
        return {name: anything(item) for name, item in field.value.items()}
    if isinstance(field.value, tuple):
        return [anything(item) for item in field.value]
    return _scalar(field.value) if field.plain else field.value


def _scalar(value: str) -> str | bool | int | float | None:
    """Return what an unquoted scalar means; numbers that JSON can't hold stay texts."""
    if value in _NOTHING:
        return None
    if value in {"true", "True", "TRUE", "false", "False", "FALSE"}:
        return value.lower() == "true"
    if _INTEGER.fullmatch(value):
        return int(value)
    return float(value) if _FLOAT.fullmatch(value) else value


def _named(field: Field) -> Field:
    return field.value.get("name", field) if isinstance(field.value, dict) else field


def _one_line(value: str) -> str:
    return re.sub(r"\s*\n\s*", " ", value.strip()) if "\n" in value else value.strip()
