"""Addresses: Jekyll's rules, and nothing ever outside the output folder."""

from datetime import datetime
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bifolium import urls

DAY = datetime.fromisoformat("2015-01-01T09:05:00+08:00")


@pytest.mark.parametrize(
    ("pattern", "slug", "categories", "expected"),
    [
        ("date", "pc_history", ["Theory"], "/theory/2015/01/01/pc_history.html"),
        (
            "date",
            "a b",
            ["AI & ML", "机器 学习"],
            "/ai%20&%20ml/%E6%9C%BA%E5%99%A8%20%E5%AD%A6%E4%B9%A0/2015/01/01/a-b.html",
        ),
        ("pretty", "Attention_7", [], "/2015/01/01/Attention_7/"),
        ("ordinal", "x", [], "/2015/001/x.html"),
        ("none", "x", ["A"], "/a/x.html"),
        ("/:short_year/:i_month/:i_day/:slug/", "Big_Bang", [], "/15/1/1/big-bang/"),
        ("/blog/:title", "x", [], "/blog/x"),
        ("/:year/:hour:minute/:title.html", "x", [], "/2015/0905/x.html"),
    ],
)
def test_permalinks_are_those_of_jekyll(pattern: str, slug: str, categories: list[str], expected: str) -> None:
    assert urls.permalink(pattern, date=DAY, slug=slug, categories=categories, path="p") == expected


def test_an_undated_post_leaves_no_gap_in_its_permalink() -> None:
    assert urls.permalink("date", date=None, slug="tides", categories=["Sea"], path="tides") == "/sea/tides.html"
    assert urls.permalink("pretty", date=None, slug="tides", categories=[], path="tides") == "/tides/"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/", "index.html"),
        ("/a/", "a/index.html"),
        ("/a", "a.html"),
        ("/a.html", "a.html"),
        ("/feed.xml", "feed.xml"),
        ("/v1.2.0", "v1.2.0.html"),
        ("/ai%20&%20ml/x.html", "ai & ml/x.html"),
        ("/../../etc/passwd", "etc/passwd.html"),
        ("/a/%2e%2e/%2e%2e/b", "a/b.html"),
        ("/a%2f..%2fb", "a/b.html"),
        ("/..\\..\\b/", "..-..-b/index.html"),
        ("/nul\x00/", "nul-/index.html"),
    ],
)
def test_an_address_has_one_file(url: str, expected: str) -> None:
    assert urls.output_path(url) == expected


@given(st.text())
def test_any_string_as_an_address_stays_inside_the_output(text: str) -> None:
    for path in (
        urls.output_path(text),
        urls.output_path(urls.explicit(text)),
        urls.file_path(text),
        urls.output_path(urls.alias(text)),
    ):
        parts = PurePosixPath(path).parts
        assert parts
        assert not path.startswith("/")
        assert ".." not in parts
        assert all(len(part.encode()) <= 255 and "\x00" not in part and "\\" not in part for part in parts)


@given(st.text())
def test_any_string_as_a_slug_is_one_safe_name(text: str) -> None:
    for slug in (urls.slugify(text), urls.pretty_slug(text), urls.term_slug(text)):
        assert slug
        assert "/" not in slug
        assert slug.strip(".")
        assert slug == urls.output_path(f"/{slug}/").removesuffix("/index.html")


@given(st.text(min_size=1))
def test_an_explicit_address_is_its_own_address(text: str) -> None:
    assert urls.explicit(urls.explicit(text)) == urls.explicit(text)


def test_terms_that_differ_have_different_pages_and_letter_case_makes_no_difference() -> None:
    assert [urls.term_slug(name) for name in ("C", "C#", "C++", "c++", "机器学习")] == [
        "c",
        "c-sharp",
        "c++",
        "c++",
        "机器学习",
    ]


def test_a_list_is_numbered_from_its_second_page() -> None:
    assert [urls.numbered("/tags/x/", number, "page/:number/") for number in (1, 2)] == ["/tags/x/", "/tags/x/page/2/"]
    assert urls.numbered("/", 3, "page:number/") == "/page3/"


def test_a_bundles_files_lie_beside_its_page() -> None:
    assert urls.beside("/a/tides/", "x y.png") == "/a/tides/x%20y.png"
    assert urls.beside("/a/tides.html", "x.png") == "/a/tides/x.png"


def test_a_site_below_a_path_has_a_base() -> None:
    assert [urls.base_path(url) for url in ("https://a.org", "https://a.org/", "https://a.org/blog/")] == [
        "",
        "",
        "/blog",
    ]
