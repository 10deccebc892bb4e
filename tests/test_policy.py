"""A page's content security policy: what it holds openly may run, nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from lab import Lab

from bifolium.policy import needs, needs_of_template, policy

CASES = {
    '<img src="https://a.org/b.png" alt="">': [("img-src", "https://a.org")],
    "<img src='/b.png' alt=''>": [],
    '<img src="//a.org/b.png">': [("img-src", "https://a.org")],
    '<script src="https://cdn.org/x.js"></script>': [("script-src", "https://cdn.org")],
    '<script type="application/ld+json">{}</script>': [],
    '<iframe width="3" src="https://www.youtube-nocookie.com/embed/x"></iframe>': [
        ("frame-src", "https://www.youtube-nocookie.com")
    ],
    '<video poster="https://a.org/p.png"><source src="https://b.org/v.mp4"></video>': [
        ("img-src", "https://a.org"),
        ("img-src", "https://b.org"),
        ("media-src", "https://b.org"),
    ],
    '<span style="color: red">x</span>': [("style-src-attr", "'unsafe-inline'")],
    '<a href="https://a.org">no load</a>': [],
    '<img src="https://a.org; script-src *">': [],
    "<script>unclosed": [],
}


@pytest.mark.parametrize("html", CASES)
def test_a_page_is_allowed_what_it_holds(html: str) -> None:
    assert list(needs(html)) == CASES[html]


def test_inline_scripts_are_named_by_their_hash() -> None:
    # Computed with: printf 'alert(1)' | openssl dgst -sha256 -binary | base64
    expected = "'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"
    assert list(needs("<script>alert(1)</script>")) == [("script-src", expected)]
    handler = [("script-src", "'unsafe-hashes'"), ("script-src", expected)]
    assert list(needs('<p onclick="alert(1)">x</p>')) == handler


def test_a_script_that_a_template_computes_lets_any_run() -> None:
    found = policy(needs_of_template("<script>let x = {{ 1 }}</script><script>2</script>"))
    assert "script-src 'self' 'unsafe-inline';" in found


def test_hosts_of_the_settings_may_do_anything() -> None:
    found = policy((), ["https://stats.org"])
    assert "script-src 'self' https://stats.org;" in found
    assert "default-src 'none';" in found


def test_a_page_has_the_policy_of_its_text_and_its_template(tmp_path: Path) -> None:
    files = {
        "templates/post.html": "{{ page.policy }}<script src='https://t.org/x.js'></script>",
        "posts/2026-01-01-a.md": 'A formula $x$.\n\n<iframe src="https://a.org/x"></iframe>\n',
        "posts/2026-01-02-b.md": "![p](https://b.org/p.png)\n",
    }
    lab = Lab(tmp_path, files)
    lab.build()
    parts = {path: lab.page(path).partition("<script")[0].split("; ") for path in lab.output() if "2026/" in path}
    assert {path: [part for part in found if "http" in part or "attr" in part] for path, found in parts.items()} == {
        "2026/01/01/a.html": [
            "script-src 'self' https://t.org",
            "frame-src 'self' https://a.org",
            "style-src-attr 'unsafe-inline'",
        ],
        "2026/01/02/b.html": [
            "script-src 'self' https://t.org",
            "img-src 'self' data: https://b.org",
            "media-src 'self' https://b.org",
        ],
    }
