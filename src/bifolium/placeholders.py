"""What may stand in the pattern of a permalink: Jekyll's placeholders, and its patterns by name."""

from __future__ import annotations

import re

PRESETS = {
    "date": "/:categories/:year/:month/:day/:title.html",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title.html",
    "weekdate": "/:categories/:year/W:week/:short_day/:title.html",
    "none": "/:categories/:title.html",
}
"""Permalink patterns by name, as Jekyll has them."""

PLACEHOLDERS: tuple[str, ...] = (
    *("year", "month", "day", "hour", "minute", "second", "y_day", "i_month", "i_day", "short_year", "short_month"),
    *("long_month", "week", "w_year", "w_day", "short_day", "long_day"),
    *("categories", "slugified_categories", "title", "slug", "name", "path"),
    *("collection", "output_ext"),
)
"""What may stand in a permalink pattern, after a colon."""


def unknown_placeholders(pattern: str, known: tuple[str, ...] = PLACEHOLDERS) -> list[str]:
    """Return the words after a colon in `pattern` that mean nothing; `:year_:month` has `year_`, which is known."""
    words = re.findall(r":([a-z_]+)", pattern)
    return [word for word in words if not any(re.match(f"{name}(?![a-z])", word) for name in known)]
