"""Measure the theme with others' tools: `python tests/measure.py`; a built site: `python tests/measure.py public`.

The Nu HTML Checker (needs Java) reads every page of the showcase, or of the built sites that are named; Lighthouse
(needs Chromium) looks at the showcase's front page, its post with formulas, and one with pictures, as on a phone.
Both are fetched by npm from the lock in tests/measure.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import npm
import shown

HERE = Path(__file__).parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "bifolium-measure"
CHECKER = ("--skip-non-html", "--format", "gnu", "--filterpattern", ".*Content Security Policy.*")
"""The policy allows what is the site's own, but files on a disk have no site."""
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
SEEN = ("home", "post", "page", "chinese")


def check(tools: Path, folder: Path) -> int:
    """Print what the checker says of the pages in `folder`, and return how much that is."""
    jar = tools / "vnu-jar" / "build" / "dist" / "vnu.jar"
    said = subprocess.run(
        ["java", "-Xss4m", "-jar", str(jar), *CHECKER, str(folder)],
        check=False, capture_output=True, encoding="utf-8",
    ).stderr.splitlines()  # fmt: skip
    print(*said, sep="\n")
    print(f"{folder}: {len(said)} remarks of the HTML checker")
    return len(said)


def scores(tools: Path, url: str) -> Iterator[tuple[str, int]]:
    """Yield Lighthouse's scores of a page, and print what they lack."""
    flags = " ".join(("--headless=new", *shown.FLAGS))
    command = ["node", str(tools / "lighthouse" / "cli" / "index.js"), url, "--quiet", "--output=json"]
    done = subprocess.run(
        [*command, f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={flags}"],
        check=True, capture_output=True, env={**os.environ, "CHROME_PATH": str(shown.CHROMIUM)},
    )  # fmt: skip
    found = json.loads(done.stdout)
    for name in CATEGORIES:
        category = found["categories"][name]
        yield name, round(category["score"] * 100)
        for it in category["auditRefs"]:
            audit = found["audits"][it["id"]]
            if it["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                where = [
                    node["node"]["selector"] for node in audit.get("details", {}).get("items", []) if "node" in node
                ]
                print(f"  {it['id']}: {audit['title']} {audit.get('displayValue', '')} {' '.join(where)}")


def main(sites: list[Path]) -> int:
    tools = npm.packages(HERE / "measure", CACHE)
    if sites:
        return sum(check(tools, site) for site in sites)
    with tempfile.TemporaryDirectory() as folder, shown.showcase(Path(folder)) as address:
        wrong = check(tools, Path(folder) / "served")
        for name in SEEN:
            told = dict(scores(tools, address + shown.PAGES[name]))
            print(f"{name}: {told}")
            wrong += sum(score < 100 for score in told.values())
    return wrong


if __name__ == "__main__":
    sys.exit(bool(main([Path(name) for name in sys.argv[1:]])))
