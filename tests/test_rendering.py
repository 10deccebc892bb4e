"""A text that is too large, or that takes too long, is told and shown as it is."""

from __future__ import annotations

from bifolium.markdown import Liquid, MarkdownOptions, render
from bifolium.model import Body, Fragment
from bifolium.problems import error
from bifolium.rendering import Limits, render_texts

OPTIONS = MarkdownOptions()
WIDE = Limits(deadline=60, largest=1_000_000)


def test_bodies_come_in_the_texts_order() -> None:
    assert render_texts([("*a*", 3, OPTIONS, Liquid()), ("$$", 7, OPTIONS, Liquid())], WIDE) == [
        render("*a*", 3, OPTIONS),
        render("$$", 7, OPTIONS),
    ]


def test_a_text_that_is_too_large_is_an_error_and_stays_as_it_is() -> None:
    message = "this text has 5 characters, and 4 are allowed"
    problem = error("", 3, 0, "too-large", message, "make several posts of it, or set markdown.largest higher")
    assert render_texts([("*a<b*", 3, OPTIONS, Liquid())], WIDE._replace(largest=4)) == [
        Body(Fragment("<pre>*a&lt;b*</pre>\n"), Fragment(), problems=(problem,))
    ]


def test_a_text_that_takes_too_long_is_an_error_that_nobody_remembers() -> None:
    (body,) = render_texts([("*a* " * 50_000, 3, OPTIONS, Liquid())], WIDE._replace(deadline=0.001))
    message = "reading this text takes more than 0.001 seconds"
    hint = "look for what repeats thousands of times, or set markdown.deadline higher"
    html = "<pre>" + "*a* " * 50_000 + "</pre>\n"
    assert body == Body(
        Fragment(html), Fragment(), problems=(error("", 3, 0, "deadline", message, hint),), lasting=False
    )
