"""What authors set of the look: icon, logo, overview, licence, sharing, sources, comments, counters of readers."""

from __future__ import annotations

import json
import re
from io import BytesIO
from pathlib import Path

import pytest
from lab import Lab, made
from PIL import Image

from bifolium.comments import attributes
from bifolium.interface import direction, show_date, speaking
from bifolium.policy import needs_of_guests
from bifolium.present.around import licence, share, source
from bifolium.sections import Comments, Look, Source
from bifolium.settings import Settings

POST = "---\ntitle: One\ncategory: Sea\n---\nText.\n"


def picture(colour: str, size: tuple[int, int] = (600, 300)) -> bytes:
    file = BytesIO()
    Image.new("RGB", size, colour).save(file, "png")
    return file.getvalue()


def icons(lab: Lab) -> list[tuple[str, str]]:
    """Return the relation and the size of each icon of the front page; all are there."""
    links = re.findall(r'<link rel="([a-z-]*icon)"[^>]*sizes="([^"]*)" href="([^"]*)">', lab.page("index.html"))
    assert {url.lstrip("/") for *_, url in links} <= lab.output().keys()
    return [(rel, size) for rel, size, _ in links]


def test_an_icon_is_drawn_in_all_sizes_and_drawn_anew_when_it_changes(tmp_path: Path) -> None:
    settings = '[theme]\nicon = "images/i.png"\nlogo = "images/i.png"\n'
    lab = Lab(tmp_path / "a", {"bifolium.toml": settings, "images/i.png": picture("red")}, plain=False)
    lab.write({"posts/2026-01-01-one.md": POST})
    assert lab.build().problems == ()
    expected = [("icon", "48x48"), ("icon", "192x192"), ("icon", "512x512"), ("apple-touch-icon", "180x180")]
    assert icons(lab) == expected
    name = next(path for path in lab.output() if path.endswith(".webmanifest"))
    assert [it["sizes"] for it in json.loads(lab.page(name))["icons"]] == ["48x48", "192x192", "512x512"]
    assert '<img src="/images/i.png" alt="" width="600" height="300">' in lab.page("index.html")
    lab.write({"images/i.png": picture("blue", (64, 64))})
    assert "/" in made(lab.build())
    assert icons(lab) == [("icon", "48x48"), ("apple-touch-icon", "180x180")]
    clean = Lab(tmp_path / "b", {"bifolium.toml": settings, "images/i.png": picture("blue", (64, 64))}, plain=False)
    clean.write({"posts/2026-01-01-one.md": POST})
    clean.build()
    assert lab.output() == clean.output()


def test_a_site_without_an_icon_has_ours_or_the_one_that_stands_at_the_usual_place(tmp_path: Path) -> None:
    lab = Lab(tmp_path, {"posts/2026-01-01-one.md": POST}, plain=False)
    lab.build()
    assert re.search(r'<link rel="icon" type="image/svg\+xml" sizes="any" href="/assets/icon\.', lab.page("index.html"))
    lab.write({"static/favicon.ico": picture("red")})
    lab.build()
    assert '<link rel="icon" type="image/x-icon" href="/favicon.ico">' in lab.page("index.html")


def test_pictures_that_are_missing_or_broken_are_told(tmp_path: Path) -> None:
    settings = '[theme]\nicon = "images/broken.png"\nlogo = "images/none.svg"\n'
    lab = Lab(tmp_path, {"bifolium.toml": settings, "images/broken.png": b"no picture", "posts/a.md": POST})
    told = {(problem.path, problem.rule) for problem in lab.build().problems} - {("posts/a.md", "no-date")}
    assert told == {("images/broken.png", "picture"), ("images/none.svg", "missing-picture")}


def test_an_overview_has_every_post_under_its_category_and_no_second_page(tmp_path: Path) -> None:
    files = {f"posts/2026-01-0{day}-p{day}.md": POST.replace("One", f"Post {day}") for day in range(1, 4)}
    files["posts/2026-02-01-free.md"] = "---\ntitle: Free\n---\nText.\n"
    settings = '[theme]\nhome = "overview"\n[lists]\nper_page = 1\n'
    lab = Lab(tmp_path, {**files, "bifolium.toml": settings}, plain=False)
    lab.build()
    text = re.sub(r"<[^>]+>", " ", lab.page("index.html").partition("<main")[2].partition("</main")[0])
    words = " ".join(text.split())
    assert "Sea 3 Post 3" in re.sub(r"\d+ January 2026 ", "", words)
    assert "Other posts 1" in words
    assert "page/2/index.html" not in lab.output()
    lab.write({"posts/2026-01-01-p1.md": POST.replace("One", "Post 1").replace("Text", "Another text")})
    assert "/" not in made(lab.build())


def test_comments_and_counters_are_all_that_the_policy_allows_of_others(tmp_path: Path) -> None:
    settings = """
[theme]
analytics = '<script defer src="https://count.example/x.js"></script>'
[comments]
service = "utterances"
repository = "me/blog"
"""
    lab = Lab(tmp_path, {"bifolium.toml": settings, "posts/2026-01-01-one.md": POST}, plain=False)
    lab.write({"posts/2026-01-02-two.md": POST.replace("---\nText", "comments: false\n---\nText")})
    lab.build()
    policies = {
        path: set(re.findall(r"https://[\w.]+", policy(lab.page(path))))
        for path in lab.output()
        if path.endswith(".html")
    }
    assert policies["sea/2026/01/01/one.html"] == {"https://count.example", "https://utteranc.es"}
    assert policies["sea/2026/01/02/two.html"] == policies["index.html"] == {"https://count.example"}
    assert 'src="https://count.example/x.js"' in lab.page("index.html")


def policy(page: str) -> str:
    return str(re.findall(r'Content-Security-Policy" content="([^"]*)"', page)[0])


def test_a_counter_may_report_to_the_host_that_its_script_is_from() -> None:
    assert needs_of_guests('<script src="https://a.org/x.js"></script>') == (
        ("script-src", "https://a.org"),
        ("connect-src", "https://a.org"),
        ("img-src", "https://a.org"),
    )


def test_giscus_speaks_the_language_of_the_site() -> None:
    settings = Settings(language="zh-CN", comments=Comments(service="giscus", repository="me/blog"))
    assert attributes(settings)["data-lang"] == "zh-CN"


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
        ("cc-by-nc-sa 3.0", "https://creativecommons.org/licenses/by-nc-sa/3.0/"),
        ("CC0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("All rights reserved", ""),
    ],
)
def test_licences_of_creative_commons_are_known_by_name(name: str, url: str) -> None:
    assert licence(Settings(licence=name)) == (name, url, 0)


def test_posts_are_shared_by_plain_links() -> None:
    settings = Settings(theme=Look(share=("reddit", "email", "mastodon")))
    assert [link.url for link in share(settings, "https://a.org/b?c", "A & B")] == [
        "https://www.reddit.com/submit?url=https%3A%2F%2Fa.org%2Fb%3Fc&title=A+%26+B",
        "mailto:?subject=A%20%26%20B&body=https%3A%2F%2Fa.org%2Fb%3Fc",
        "https://share.joinmastodon.org/?text=A+%26+B+https%3A%2F%2Fa.org%2Fb%3Fc",
    ]
    assert share(settings, "", "A") == ()


def test_a_source_is_found_by_its_path() -> None:
    settings = Settings(source=Source(edit="https://a.org/edit/{path}"))
    assert source(settings, "posts/潮 汐.md").edit == "https://a.org/edit/posts/%E6%BD%AE%20%E6%B1%90.md"


def test_languages_run_as_their_script_does() -> None:
    found = {it: direction(it) for it in ("en", "ar", "he-IL", "zh-CN", "az-Arab", "ku", "fa", "ar-Latn")}
    assert [it for it in found if found[it] == "rtl"] == ["ar", "he-IL", "az-Arab", "fa"]
    assert speaking("en", "ar") == ' lang="en" dir="ltr"'
    assert speaking("zh-CN", "en") == ' lang="zh-CN"'
    assert speaking("", "en") == speaking("en", "en") == ""


def test_dates_are_written_as_the_language_does() -> None:
    from datetime import UTC, datetime

    words = {
        "months": "un deux trois quatre cinq six sept huit neuf dix onze douze",
        "short_months": "u d t q c s s h n d o d",
    }
    assert show_date(words, datetime(2026, 2, 5, tzinfo=UTC), "%-d %B %Y, %-m/%d, %b") == "5 deux 2026, 2/05, d"
    assert show_date(words, None) == ""
