"""Dates as people write them: `2026-11-23`, with or without a time, with or without a zone."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

UNREADABLE = "this is no date"
FORMS = "`2026-11-23`, `2026-11-23 08:00` or `2026-11-23 08:00:00 +0800`"
_WRITTEN = re.compile(
    r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})"
    r"(?:(?:[Tt]|[ \t]+)(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?[ \t]*(Z|z|UTC|GMT|[+-]\d\d:?\d\d)?)?",
    re.ASCII,
)
_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)", re.ASCII)
_MONTHS = "January February March April May June July August September October November December".split()
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def parse(text: str, default: tzinfo) -> datetime | str:
    """Return the moment that `text` names, in its own zone or else in `default`; or what is wrong with it."""
    found = _WRITTEN.fullmatch(text)
    if not found:
        return UNREADABLE
    year, month, day = int(found[1]), int(found[3]), int(found[4])
    hour, minute, second = (int(part or 0) for part in found.group(5, 6, 7))
    wrong = days_wrong(year, month, day) or _time_wrong(hour, minute, second)
    if wrong:
        return wrong
    own = _named_zone(found[8]) if found[8] else default
    if own is None:
        return f"there is no time zone `{found[8]}`"
    return datetime(year, month, day, hour, minute, second, tzinfo=own)


def days_wrong(year: int, month: int, day: int) -> str:
    """Return why there is no such day, or nothing."""
    if year < 1:
        return "years begin with 0001"
    if not 1 <= month <= 12:
        return f"there is no month {month}"
    days = monthrange(year, month)[1]
    return "" if 1 <= day <= days else f"{_MONTHS[month - 1]} {year} has {days} days"


def _time_wrong(hour: int, minute: int, second: int) -> str:
    if hour < 24 and minute < 60 and second < 60:
        return ""
    return f"there is no {hour:02}:{minute:02}:{second:02} on a clock"


@lru_cache(maxsize=64)
def zone(name: str) -> tzinfo:
    """Return the time zone of that name: `Asia/Shanghai`, `UTC` or `+08:00`. ValueError or KeyError: there is none."""
    found = _named_zone(name)
    return ZoneInfo(name) if found is None else found


def _named_zone(name: str) -> tzinfo | None:
    """Return the zone for `Z`, `UTC` or an offset."""
    if name in {"Z", "z", "UTC", "GMT"}:
        return UTC
    found = _OFFSET.fullmatch(name)
    if not found or int(found[2]) > 23 or int(found[3]) > 59:
        return None
    offset = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return timezone(-offset if found[1] == "-" else offset)


def rfc3339(moment: datetime | None) -> str:
    """Return `moment` with seconds and offset; offsets of before the railways are rounded to the minute."""
    if moment is None:
        return ""
    offset = moment.utcoffset() or timedelta()
    rounded = timedelta(minutes=round(offset / timedelta(minutes=1)))
    return moment.replace(tzinfo=timezone(rounded) if rounded else UTC, microsecond=0).isoformat()


def seconds(moment: datetime) -> float:
    """Return the seconds from 1970 to `moment`."""
    return (moment - _EPOCH).total_seconds()
