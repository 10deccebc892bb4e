import re
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet
from hypothesis import given
from hypothesis import strategies as st

from bifolium.frontmatter import Field, Source, split
from bifolium.problems import Problem, draw

FIXTURES = Path(__file__).with_name("frontmatter")
CASE = re.compile(r"^([^\n.][^\n]*)\n\.\n(.*?)^\.\n(.*?)^\.$", re.MULTILINE | re.DOTALL)


def fixture(name: str) -> list[tuple[str, str, str]]:
    """Return what a fixture file holds: title, input, expected output; each ends with a line of a single dot."""
    return CASE.findall((FIXTURES / name).read_text(encoding="utf-8"))


def cases(*names: str) -> list[ParameterSet]:
    """Return the input and expected output of the cases of fixture files, to be run under their titles."""
    return [pytest.param(given, expected, id=title) for name in names for title, given, expected in fixture(name)]


def shown(found: Source | tuple[Problem, ...]) -> str:
    """Return fields, line by line, each with the place of its value; or the problems as people see them."""
    if not isinstance(found, Source):
        return "".join(draw(problem) + "\n" for problem in found)
    lines = [
        f"{field.place.line}:{field.place.column} {name} = {literal(field)}" for name, field in found.fields.items()
    ]
    return "\n".join([*lines, f"text from line {found.first_line}: {found.text!r}", ""])


def literal(field: Field) -> str:
    """Return a value as the fixtures write it: quoted texts as they are, plain ones in angle brackets."""
    if isinstance(field.value, dict):
        return "{" + ", ".join(f"{name}: {literal(item)}" for name, item in field.value.items()) + "}"
    if isinstance(field.value, tuple):
        return "[" + ", ".join(map(literal, field.value)) + "]"
    return f"<{field.value}>" if field.plain else repr(field.value)


def problems(data: bytes) -> str:
    return shown(split("posts/tides.md", data))


@pytest.mark.parametrize(("given", "expected"), cases("yaml.txt", "toml.txt"))
def test_front_matter_stays_as_it_was_written(given: str, expected: str) -> None:
    assert problems(given.encode()) == expected


@pytest.mark.parametrize(("given", "expected"), cases("refused-yaml.txt", "refused-toml.txt"))
def test_what_cannot_be_read_is_drawn_at_its_place(given: str, expected: str) -> None:
    assert problems(given.encode()) == expected


@pytest.mark.parametrize("given", [given for _, given, _ in fixture("yaml.txt")])
def test_line_ends_and_a_byte_order_mark_change_nothing(given: str) -> None:
    expected = split("posts/tides.md", given.encode())
    assert split("posts/tides.md", b"\xef\xbb\xbf" + given.encode()) == expected
    assert split("posts/tides.md", given.replace("\n", "\r\n").encode()) == expected
    assert split("posts/tides.md", given.replace("\n", "\r").encode()) == expected


@pytest.mark.parametrize(
    ("data", "place", "byte", "source", "encoding"),
    [
        ("---\r\ntitle: 潮汐\r\n---\r\n".encode("gbk"), (2, 8), "B3", "title: ��ϫ\n      |        ^", "GBK"),
        ("潮汐 h".encode() + "été".encode("cp1252"), (1, 5), "E9", "潮汐 h�t�\n      |       ^", "WINDOWS-1252"),
        (
            "潮".encode("utf-16-le")[:1] + "\ud83d".encode("utf-8", "surrogatepass"),
            (1, 2),
            "ED",
            "n���\n      |  ^",
            "WINDOWS-1252",
        ),
        (b"\xff\xfex", (1, 1), "FF", "��x\n      | ^", "UTF-16"),
    ],
)
def test_bytes_that_are_not_utf_8_are_refused_with_the_likely_encoding(
    data: bytes, place: tuple[int, int], byte: str, source: str, encoding: str
) -> None:
    assert problems(data) == (
        f"posts/tides.md:{place[0]}:{place[1]}: error: the byte 0x{byte} is not UTF-8 [not-utf-8]\n"
        f"    {place[0]} | {source}\n"
        f"      = this looks like {encoding}; convert it: `iconv -f {encoding} -t UTF-8 tides.md > new.md`\n"
    )


def test_control_characters_are_refused_at_their_places() -> None:
    assert problems("---\ntitle: a\x08b\n---\n\t\x0cfine\n潮\x1b[31m\x85\n".encode()) == (
        "posts/tides.md:2:9: error: the character U+0008, which no text may hold [control-character]\n"
        "    2 | title: a�b\n"
        "      |         ^\n"
        "      = delete it and type the text anew\n"
        "posts/tides.md:5:2: error: the character U+001B, which no text may hold [control-character]\n"
        "    5 | 潮�[31m�\n"
        "      |   ^\n"
        "      = delete it and type the text anew\n"
        "posts/tides.md:5:7: error: the character U+0085, which no text may hold [control-character]\n"
        "    5 | 潮�[31m�\n"
        "      |        ^\n"
        "      = delete it and type the text anew\n"
    )


def test_of_many_control_characters_five_are_told() -> None:
    assert problems(b"\x02" * 100).count("control-character") == 5


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ("a: " + "[" * 50_000, "lists and mappings are nested more than 20 deep"),
        ("a: " + "{" * 50_000, "lists and mappings are nested more than 20 deep"),
        ("- " * 25_000, "lists and mappings are nested more than 20 deep"),
        (
            "a0: &a0 {x: 1}\n" + "".join(f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}]}}\n" for n in range(1, 27)),
            "more than 8 aliases",
        ),
        ("a: x\n" * 20_000, "the front matter has 100,001 characters, at most 65,536 are read"),
    ],
    ids=["lists", "mappings", "dashes", "merge keys", "size"],
)
def test_yaml_bombs_are_refused(block: str, message: str) -> None:
    assert [problem.message for problem in split("a.md", f"---\n{block}\n---\n".encode())] == [message]


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ("a = " + "[" * 60_000, "a number or a nesting is too large to be read"),
        ("a = " + "9" * 60_000, "a number or a nesting is too large to be read"),
        ("a." * 30_000 + "b = 1", "a name of more than 100 parts"),
    ],
    ids=["lists", "digits", "names"],
)
def test_toml_bombs_are_refused(block: str, message: str) -> None:
    assert [problem.message for problem in split("a.md", f"+++\n{block}\n+++\n".encode())] == [message]


YAML = st.lists(st.sampled_from([*"ab:-?[]{},&*!|>'\"%@`#<~ \t\n\\ux0é潮😀\u2028\ufeff", "---\n", "\n  ", ": "]))
TOML = st.lists(st.sampled_from([*"ab=.[]{},'\"#_-+:T0129 \t\n\\ué潮😀\u2028\ufeff", '"""', "'''", " = ", "1e9"]))


@given(st.binary())
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    assert isinstance(split("a.md", data), tuple)


@given(YAML.map("".join))
def test_any_yaml_is_read_or_refused(block: str) -> None:
    assert isinstance(split("a.md", f"---\n{block}\n---\n".encode()), tuple)


@given(TOML.map("".join))
def test_any_toml_is_read_or_refused(block: str) -> None:
    assert isinstance(split("a.md", f"+++\n{block}\n+++\n".encode()), tuple)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"])))
def test_head_and_text_are_the_whole_file(text: str) -> None:
    found = split("a.md", f"---\ntitle: x\n---\n{text}".encode())
    assert not isinstance(found, Source) or found.head + found.text == f"---\ntitle: x\n---\n{text}"
