"""Texts to bodies, each within its deadline and size: a text that no parser gets to the end of holds up nobody.

Such a text is an error, so that nothing half-read is published; a preview shows it as it was written.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bifolium import deadline
from bifolium import markdown as md
from bifolium.model import Body
from bifolium.problems import error

TextJob = tuple[str, int, md.MarkdownOptions, md.Liquid]
"""A text, the line of its file on which it starts, how it is read, and what Jekyll's tags may put in."""


class Limits(NamedTuple):
    """Seconds that a text may take, and characters that it may have."""

    deadline: float
    largest: int


def render_texts(jobs: Sequence[TextJob], limits: Limits) -> list[Body]:
    """Return the body of each job's text."""
    return [_render(job, limits) for job in jobs]


def _render(job: TextJob, limits: Limits) -> Body:
    text, first_line, *_ = job
    if len(text) > limits.largest:
        message = f"this text has {len(text)} characters, and {limits.largest} are allowed"
        hint = "make several posts of it, or set markdown.largest higher"
        return md.unread(text, error("", first_line, 0, "too-large", message, hint))
    try:
        return deadline.within(limits.deadline, md.render, *job)
    except TimeoutError:
        message = f"reading this text takes more than {limits.deadline:g} seconds"
        hint = "look for what repeats thousands of times, or set markdown.deadline higher"
        return md.unread(text, error("", first_line, 0, "deadline", message, hint))._replace(lasting=False)
