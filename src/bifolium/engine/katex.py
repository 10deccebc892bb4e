"""KaTeX as it lies in this package: its code, its commands, its stylesheet and fonts. Nothing here starts an engine."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path

from bifolium.problems import SiteError, error

ASSETS = Path(__file__).parent.parent / "assets"
KATEX = ASSETS / "katex"
DIALECT = ASSETS / "dialect.js"  # the commands that we add
SCRIPTS = (
    KATEX / "katex.min.js",
    KATEX / "contrib" / "mhchem.min.js",
    ASSETS / "markup.js",
    DIALECT,
    ASSETS / "mistakes.js",
    ASSETS / "typeset.js",
)
# Names in KaTeX's code that an author can't use, or hardly anywhere.
INTERNAL = re.compile("Relbar|arraystretch|ca|cd(?:left|right)arrow|cdlongequal|cr|d|greek|hbox|of|relbar|t|x")


@cache
def scripts() -> tuple[str, ...]:
    """Return the JavaScript that an engine runs; raise SiteError if KaTeX isn't where the build puts it."""
    try:
        return tuple(path.read_text(encoding="utf-8") for path in SCRIPTS)
    except FileNotFoundError as reason:
        message = "KaTeX is missing from this installation of bifolium"
        hint = "install bifolium with pip, which fetches KaTeX: `pip install .`, or `pip install -e .` to work on it"
        raise SiteError([error("bifolium", 0, 0, "no-katex", message, hint)]) from reason


@cache
def identity() -> str:
    """Return a digest of everything that decides what a formula becomes."""
    digest = hashlib.blake2b(digest_size=16)
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    for script in scripts():
        digest.update(script.encode())
    return digest.hexdigest()


@cache
def vocabulary() -> frozenset[str]:
    r"""Return the commands (`\frac`) and environments (`matrix`) that a formula may use, for hints."""
    environments = re.findall(r'"([A-Za-z]+\*?)"', "".join(re.findall(r'"array",names:\[([^]]+)\]', scripts()[0])))
    return built_in() | commands_in(scripts()[SCRIPTS.index(DIALECT)]) | frozenset(environments)


@cache
def built_in() -> frozenset[str]:
    """Return the commands that KaTeX and mhchem have of their own."""
    return frozenset[str]().union(*map(commands_in, scripts()[: SCRIPTS.index(DIALECT)]))


def commands_in(script: str) -> frozenset[str]:
    """Return the commands that a script defines."""
    names = re.findall(r"""["']\\\\([A-Za-z]+)["']""", script)
    return frozenset(f"\\{name}" for name in names if not INTERNAL.fullmatch(name))


def stylesheet_files() -> dict[str, Path]:
    """Return what a site with formulas publishes: KaTeX's stylesheet, and the fonts by the names it calls them."""
    fonts = sorted((KATEX / "fonts").glob("*.woff2"))
    return {"katex.min.css": KATEX / "katex.min.css", **{f"fonts/{font.name}": font for font in fonts}}
