"""A site adds a language with one small file, or says some words otherwise; mistakes in it are told."""

from __future__ import annotations

from pathlib import Path

import pytest
from lab import Lab

from bifolium.problems import draw

POST = "---\ntitle: Marées\n---\n> [!NOTE]\n> Deux fois par jour.\n"
FRENCH = 'archive = "Archives"\nminutes = "%d min de lecture"\nadmonition_note = "Remarque"\nmine = "À moi"\n'
FILES: dict[str, str | bytes] = {
    "bifolium.toml": 'language = "fr-CA"\n',
    "posts/2026-02-05-marees.md": POST,
    "posts/2026-02-06-tides.md": POST.replace("---\n>", "lang: de\n---\n>"),
    "templates/words/fr.toml": FRENCH,
    "templates/partials/toc.html": "",
    "templates/partials/tags.html": "",
    "templates/partials/footer.html": "{% if words.mine is defined %}{{ words.mine }}{% endif %}",
}

WRONG = """\
templates/words/de.toml:1:11: error: `Archiv` is no TOML value [toml]
    1 | archive = Archiv
      |           ^^^^^^
      = a text needs quotes: `archive = "Archiv"`
templates/words/fr.toml: error: `%d, %s` has other places to be filled than the theme fills [words]
      = `%d` and `%s` stand as in English: `%d words`
templates/words/fr.toml: error: `min` has other places to be filled than the theme fills [words]
      = `%d` and `%s` stand as in English: `%d min read`
templates/words/fr.toml: error: `months` has 1 names [words]
      = write twelve, with blanks between
templates/words/fr.toml: error: `tags` is no text [words]
      = write it as `tags = "…"`
templates/words/fr.toml: warning: the theme has no word `archives` [words]
      = did you mean `archive`?"""


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path, FILES, plain=False)


def test_a_site_speaks_a_language_that_it_brings_along(lab: Lab) -> None:
    assert lab.build().problems == ()
    page = lab.page("2026/02/05/marees.html")
    assert [it in page for it in ("1 min de lecture", ">Remarque<", "À moi", "5 February 2026")] == [True] * 4
    assert ">Note<" in lab.page("2026/02/06/tides.html")
    assert "<h1>Archives</h1>" in lab.page("archive/index.html")
    assert not [path for path in lab.output() if "words" in path]


def test_other_words_give_what_a_clean_build_gives(lab: Lab) -> None:
    lab.build()
    changes = ({"fr.toml": FRENCH.replace("Rem", "R")}, {"de.toml": 'admonition_note = "Hinweis"\n'}, {"fr.toml": ""})
    for files in changes:
        lab.write({f"templates/words/{name}": text for name, text in files.items()})
        lab.build()
        output = lab.output()
        lab.remove("public", ".bifolium")
        lab.build()
        assert lab.output() == output
    assert ">Hinweis<" in lab.page("2026/02/06/tides.html")
    lab.remove("templates/words/de.toml", "templates/words/fr.toml")
    lab.build()
    assert ">Note<" in lab.page("2026/02/06/tides.html")


def test_mistakes_in_words_are_told(lab: Lab) -> None:
    french = 'archives = "A"\nminutes = "min"\nmonths = "janvier"\ntags = 3\nlength = "%d, %s"\n'
    lab.write({"templates/words/fr.toml": french, "templates/words/de.toml": "archive = Archiv\n"})
    assert "\n".join(map(draw, lab.build().problems)) == WRONG
