"""Settings: what is read, and every mistake at its place. The folders in config/ are sites with mistakes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bifolium.config import examine, find, load, schema
from bifolium.config.checks import check
from bifolium.config.convert import Fault
from bifolium.placeholders import PRESETS
from bifolium.problems import Problem, SiteError, draw
from bifolium.sections import MenuItem
from bifolium.settings import Folders, Lists, Settings
from bifolium.toml_places import Keys, places

CASES = sorted(path for path in (Path(__file__).parent / "config").iterdir() if path.is_dir())


def wrong(text: str, folder: Path) -> list[str]:
    """Return the messages for settings of this text."""
    (folder / "bifolium.toml").write_text(text, encoding="utf-8")
    return [problem.message for problem in examine(folder).problems]


@pytest.mark.parametrize("site", CASES, ids=lambda path: path.name)
def test_mistakes_are_drawn_at_their_places(site: Path) -> None:
    drawn = "".join(draw(problem) + "\n" for problem in examine(site).problems)
    assert drawn == (site / "problems.txt").read_text(encoding="utf-8")


def test_an_empty_file_gives_the_defaults(tmp_path: Path) -> None:
    (tmp_path / "bifolium.toml").touch()
    assert load(tmp_path) == Settings()


def test_a_byte_order_mark_and_windows_line_ends_are_fine(tmp_path: Path) -> None:
    (tmp_path / "bifolium.toml").write_bytes(b'\xef\xbb\xbftitle = "A"\r\n[lists]\r\nper_page = 3\r\n')
    assert load(tmp_path) == Settings(title="A", lists=Lists(per_page=3))


def test_every_option_that_is_set_is_read(tmp_path: Path) -> None:
    (tmp_path / "bifolium.toml").write_text(
        'title = "Tides"\nmenu = [{ title = "Home", url = "/" }]\nfolders.posts = "_posts"\n[lists]\nrelated = 0\n'
    )
    menu = (MenuItem(title="Home", url="/"),)
    assert load(tmp_path) == Settings(title="Tides", menu=menu, folders=Folders(posts="_posts"), lists=Lists(related=0))


def test_pyproject_is_read_if_it_has_our_table(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.bifolium]\ntitle = "Tides"\n[tool.bifolium.lists]\nfeed = 5\n')
    assert load(tmp_path) == Settings(title="Tides", lists=Lists(feed=5))


def test_another_projects_pyproject_is_no_settings_file(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "bifolium"\n')
    with pytest.raises(SiteError) as caught:
        load(tmp_path)
    hint = "run `bifolium init` to make a site, or add an empty file of this name"
    message = "there are no settings in this folder"
    assert caught.value.problems == (Problem("bifolium.toml", 0, 0, "no-settings", message, hint, "error"),)


def test_missing_settings_are_the_defaults_if_asked(tmp_path: Path) -> None:
    assert load(tmp_path, missing_ok=True) == Settings()


def test_a_warning_does_not_stop_the_settings_from_being_loaded() -> None:
    site = Path(__file__).parent / "config" / "only-one-of-two-files-counts"
    assert load(site) == Settings(title="Read")


def test_good_options_are_kept_beside_bad_ones(tmp_path: Path) -> None:
    (tmp_path / "bifolium.toml").write_text('title = "Tides"\n[lists]\nper_page = "x"\nfeed = 7\n')
    assert examine(tmp_path).settings == Settings(title="Tides", lists=Lists(feed=7))


def test_settings_are_found_from_below(tmp_path: Path) -> None:
    (tmp_path / "bifolium.toml").touch()
    below = tmp_path / "posts" / "tides"
    below.mkdir(parents=True)
    assert find(below) == tmp_path.resolve()


def test_the_nearest_settings_are_found_and_broken_ones_count(tmp_path: Path) -> None:
    (tmp_path / "bifolium.toml").touch()
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "pyproject.toml").write_text("[tool.bifolium\n")
    assert find(inner) == inner.resolve()
    (inner / "pyproject.toml").write_text("[project]\n")
    assert find(inner) == tmp_path.resolve()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs FIFOs")
def test_a_fifo_is_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "bifolium.toml")
    assert [draw(problem) for problem in examine(tmp_path).problems] == [
        "bifolium.toml: error: this is no regular file [unreadable]"
    ]


def test_deep_nesting_is_a_mistake_and_no_crash(tmp_path: Path) -> None:
    assert wrong("a = " + "[" * 100_000 + "]" * 100_000, tmp_path) == ["this file is nested too deeply"]


@pytest.mark.parametrize("name", ["UTC", "Asia/Shanghai", "+08:00", "-03:30"])
def test_zones_and_offsets_are_time_zones(name: str, tmp_path: Path) -> None:
    assert wrong(f'timezone = "{name}"', tmp_path) == []


@pytest.mark.parametrize("name", ["en", "zh-CN", "zh-Hant-TW", "de-1996", "x-klingon"])
def test_language_tags_are_languages(name: str, tmp_path: Path) -> None:
    assert wrong(f'language = "{name}"', tmp_path) == []


@pytest.mark.parametrize("url", ["https://example.org", "http://localhost:8000/blog/", "https://例え.jp/b%20c"])
def test_whole_addresses_are_base_urls(url: str, tmp_path: Path) -> None:
    assert wrong(f'base_url = "{url}"', tmp_path) == []


@pytest.mark.parametrize(
    "url", ["https://", "https://a b", "ftp://a.org", "//a.org", "http://[", "http://a:x", "/blog"]
)
def test_other_texts_are_no_base_urls(url: str, tmp_path: Path) -> None:
    expected = f"`base_url` is `{url}`, expected an address such as `https://example.org/blog`"
    assert wrong(f'base_url = "{url}"', tmp_path) == [expected]


@pytest.mark.parametrize("pattern", [*PRESETS, "/:year_:month/:title-x/", "/:categories/:slug.html"])
def test_presets_and_patterns_are_permalinks(pattern: str, tmp_path: Path) -> None:
    assert wrong(f'urls.permalink = "{pattern}"', tmp_path) == []


def test_source_folders_may_lie_inside_one_another(tmp_path: Path) -> None:
    text = '[folders]\npages = "."\nposts = "_posts"\nimages = "static/images"\noutput = "static/out"\n'
    assert wrong(text, tmp_path) == []


def test_default_settings_pass_their_own_checks() -> None:
    assert list(check(Settings())) == []


def test_the_schema_has_every_option_with_its_meaning_and_default() -> None:
    made = json.loads(schema())
    tables = [made, *made["$defs"].values()]
    options = [option for table in tables for option in table["properties"].values()]
    assert made["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert made["title"] == "bifolium settings"
    assert made["properties"]["title"] == {"description": "The blog's name.", "type": "string", "default": "Blog"}
    assert [option for option in options if not {"description", "$ref"} & option.keys()] == []
    assert list(made["properties"]) == list(Settings.__struct_fields__)
    assert schema() == schema()


def test_loading_settings_imports_nothing_heavy() -> None:
    code = (
        "import sys; from bifolium.config import load; from pathlib import Path; load(Path('.'), missing_ok=True); "
        "print(sorted({'pygments', 'zoneinfo', 'PIL', 'yaml', 'jinja2'} & set(sys.modules)))"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    here = Path(__file__).parent / "config"
    done = subprocess.run([sys.executable, "-c", code], env=environment, cwd=here, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("[]\n", "")


KEY = st.sampled_from(["a", "b-c", '"d.e"', "'f g'", "1"])
LEAF = st.sampled_from(["1", "1.5", "true", '"#]"', "'}'", '"""x\n"="""', "1979-05-27 07:32:00", "'''a''b'''", '"\\""'])
VALUE = st.recursive(
    LEAF,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: "[ " + ",\n # ]\n".join(items) + " ]")
        | st.lists(st.tuples(KEY, inner), max_size=3, unique_by=lambda pair: pair[0]).map(
            lambda pairs: "{" + ", ".join(f"{key}= {value}" for key, value in pairs) + "}"
        )
    ),
    max_leaves=6,
)
PAIR = st.builds("{} = {} # {{\n".format, st.lists(KEY, min_size=1, max_size=3).map(" . ".join), VALUE)
HEADER = st.builds(
    "{0}{1}{2}\n".format, st.just("["), st.lists(KEY, min_size=1, max_size=3).map(".".join), st.just("]")
)
ITEM = HEADER.map(lambda header: f"[{header.strip()}]\n")


@given(st.lists(PAIR | HEADER | ITEM, max_size=6).map("".join))
def test_every_key_of_a_toml_text_has_its_place(text: str) -> None:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    found = places(text)
    assert set(found) == set(every_key(table, ()))
    lines = text.split("\n")
    for keys, spot in found.items():
        if isinstance(keys[-1], str):
            written = lines[spot.key.line - 1][spot.key.column - 1 :][: spot.key.width]
            assert written.strip("\"'") == keys[-1]


def every_key(value: Any, keys: Keys) -> Iterator[Keys]:
    if keys:
        yield keys
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in inside:
        yield from every_key(inner, (*keys, key))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["title", "url", "x"]), inner, max_size=2)
    ),
    max_leaves=5,
)
OPTIONS = st.sampled_from([*Settings.__struct_fields__, "x"])


@given(st.dictionaries(OPTIONS, JSON, max_size=4))
def test_whatever_msgspec_refuses_is_a_mistake_with_a_place(table: dict[str, Any]) -> None:
    from bifolium.config.convert import convert

    settings, faults = convert(table)
    try:
        assert (settings, faults) == (msgspec.convert(table, Settings), ())
    except msgspec.ValidationError:
        assert all(isinstance(fault, Fault) for fault in faults)
        assert faults
