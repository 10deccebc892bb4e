import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_frontmatter import cases

from bifolium.cards import Parsed, ReadingOptions, read, reading_options
from bifolium.folders import Kind
from bifolium.model import Card
from bifolium.problems import draw
from bifolium.settings import Folders, Settings, Urls

KINDS: dict[str, Kind] = {"posts": "post", "drafts": "draft", "pages": "page"}
BLANK = Card(order=(0, 0.0, 0, ""), path="", kind="post", url="", title="")


def reading(given: str) -> Parsed:
    """Return what is read from a case: its first line is the path, the rest the file. The site is in Shanghai."""
    path, _, text = given.partition("\n")
    folder = path.partition("/")[0]
    pattern = "/:path/" if folder == "pages" else "date"
    return read(path, text.encode(), ReadingOptions(KINDS[folder], folder, pattern, "Asia/Shanghai", "zh"))


def shown(found: Parsed) -> str:
    """Return the problems as people see them, then what the card says beyond the defaults, a line a field."""
    drawn = "".join(draw(problem) + "\n" for problem in found.problems)
    card = found.post.card._asdict() if found.post else {}
    fields = {name: value for name, value in card.items() if name not in {"order", "path"}}
    said = {name: value for name, value in fields.items() if value != BLANK._asdict()[name]}
    return drawn + "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in said.items())


@pytest.mark.parametrize(("given", "expected"), cases("cards.txt"))
def test_a_card_says_what_its_author_meant(given: str, expected: str) -> None:
    assert shown(reading(given)) == expected


@pytest.mark.parametrize(("given", "expected"), cases("doubtful-cards.txt"))
def test_what_is_doubtful_is_a_warning(given: str, expected: str) -> None:
    assert shown(reading(given)) == expected


@pytest.mark.parametrize(("given", "expected"), cases("refused-cards.txt"))
def test_a_wrong_value_is_drawn_at_its_place(given: str, expected: str) -> None:
    assert shown(reading(given)) == expected


def test_a_post_keeps_its_text_and_knows_where_that_starts() -> None:
    post = reading("posts/2026-01-02-x.md\n---\ntitle: x\n---\n\n# x\n").post
    assert post is not None
    assert (post.text, post.first_line) == ("\n# x\n", 4)


def test_cards_sort_newest_first_and_undated_last() -> None:
    files = ["2026-01-02-a.md", "2026-01-03-b.md", "d.md", "2026-01-02-c.md\n---\nweight: -1\n---", "1960-01-01-e.md"]
    posts = [reading(f"posts/{file}\n").post for file in files]
    assert [card.path[6:].partition("\n")[0] for card in sorted(post.card for post in posts if post)] == [
        "2026-01-03-b.md",
        "2026-01-02-c.md",
        "2026-01-02-a.md",
        "1960-01-01-e.md",
        "d.md",
    ]


def test_options_come_from_the_settings_of_a_kind() -> None:
    settings = Settings(
        timezone="+08:00", language="zh", folders=Folders(posts="./_posts/", pages="."), urls=Urls(permalink="pretty")
    )
    assert reading_options("post", settings) == ReadingOptions("post", "_posts", "pretty", "+08:00", "zh")
    assert reading_options("page", settings) == ReadingOptions("page", "", "/:path/", "+08:00", "zh")


@pytest.mark.parametrize(
    "name",
    (
        "subtitle tagline keywords team team_url release index_title images resources menu outputs type theme_color "
        "typora-root-url mathjax_version toc_sticky sidebar permalinks_old header hero sitemap robots featured pin "
        "sort_by paginate_by in_search_index generate_feeds render linktitle publishdate expirydate ispage showtoc "
        "headless markup audio videos locale id uuid guid password sticky top abbrlink copyright license"
    ).split(),
)
def test_keys_of_other_programs_are_no_slips(name: str) -> None:
    assert reading(f"posts/2026-01-02-x.md\n---\n{name}: x\n---\n").problems == ()


@pytest.mark.parametrize(
    ("slip", "key"),
    [
        ("titel", "title"),
        ("dtae", "date"),
        ("Title", "title"),
        ("catagory", "category"),
        ("categorie", "categories"),
        ("permlink", "permalink"),
        ("discription", "description"),
        ("layuot", "layout"),
        ("langauge", "language"),
        ("alias", "aliases"),
        ("last-modified-at", "last_modified_at"),
    ],
)
def test_a_slip_in_a_key_is_noticed(slip: str, key: str) -> None:
    problems = reading(f"posts/2026-01-02-x.md\n---\n{slip}: x\n---\n").problems
    assert [problem.hint for problem in problems] == [f"did you mean `{key}`?"]


MOMENTS = st.datetimes(datetime(1970, 1, 2), datetime(9998, 1, 1))


@given(MOMENTS, st.sampled_from(["UTC", "Asia/Shanghai", "+05:30", "America/New_York"]))
def test_a_date_means_the_same_moment_however_it_is_zoned(moment: datetime, zone: str) -> None:
    written = moment.replace(microsecond=0).isoformat(sep=" ")
    found = read("posts/x.md", f"---\ndate: {written} +0000\n---\n".encode(), ReadingOptions(timezone=zone))
    assert found.post is not None
    assert datetime.fromisoformat(found.post.card.date) == moment.replace(microsecond=0, tzinfo=UTC)


KEYS = "title date updated category tags series slug permalink path aliases draft image lang weight".split()
VALUES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"])) | st.sampled_from(
    ["2026-01-02", "yes", "http://["]
)
FRONT_MATTER = st.dictionaries(st.sampled_from(KEYS), VALUES)


@given(FRONT_MATTER)
def test_any_front_matter_gives_a_card_or_problems(values: dict[str, str]) -> None:
    block = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items())
    found = read("posts/x.md", f"---\n{block}---\n".encode(), ReadingOptions())
    assert found.post is not None or found.problems


@given(st.binary())
def test_any_bytes_give_a_card_or_problems(data: bytes) -> None:
    found = read("posts/x.md", data, ReadingOptions())
    assert found.post is not None or found.problems
