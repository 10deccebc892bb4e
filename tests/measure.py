"""Measure the theme with others' tools: `python tests/measure.py`; a built site: `python tests/measure.py public`.

The Nu HTML Checker (needs Java) reads every page of the showcase, or of the built sites that are named; Lighthouse
(needs Chromium) looks at the showcase's front page and some of its posts, as on a phone; and at what becomes of many
pictures in a text and in a list, by the audits that are about pictures, as on a phone and on a desk.
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
from typing import Any

import drawing
import npm
import shown
from lab import Lab

HERE = Path(__file__).parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "bifolium-measure"
CHECKER = ("--skip-non-html", "--format", "gnu", "--filterpattern", ".*Content Security Policy.*")
"""The policy allows what is the site's own, but files on a disk have no site."""
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
SEEN = ("home", "post", "page", "chinese")
OF_PICTURES = (
    "uses-responsive-images", "modern-image-formats", "efficient-animated-content", "offscreen-images",
    "unsized-images", "image-aspect-ratio", "image-size-responsive",
)  # fmt: skip
"""Not `image-delivery-insight`, which takes a telephone's screen for one with a device pixel to each CSS pixel."""


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


def told(tools: Path, url: str, *options: str) -> dict[str, Any]:
    """Return what Lighthouse tells of a page."""
    flags = " ".join(("--headless=new", *shown.FLAGS))
    command = ["node", str(tools / "lighthouse" / "cli" / "index.js"), url, "--quiet", "--output=json"]
    done = subprocess.run(
        [*command, *options, f"--chrome-flags={flags}"],
        check=True, capture_output=True, env={**os.environ, "CHROME_PATH": str(shown.CHROMIUM)},
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def scores(tools: Path, url: str) -> Iterator[tuple[str, int]]:
    """Yield Lighthouse's scores of a page, and print what they lack."""
    found = told(tools, url, f"--only-categories={','.join(CATEGORIES)}")
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


def pictures(tools: Path, folder: Path) -> int:
    """Print what Lighthouse misses in a text of many pictures and in a list of posts with one; return how much."""
    lab = album(folder)
    assert lab.build().problems == ()
    missed = 0
    with shown.served(lab.folder / "public") as top:
        for path in ("/2026/02/01/all.html", "/"):
            for form in ((), ("--preset=desktop",)):
                audits = told(tools, top + path, f"--only-audits={','.join(OF_PICTURES)}", *form)["audits"]
                for it in audits.values():
                    if it["score"] is not None and it["score"] < 1:
                        missed += 1
                        urls = (item.get("url", "").rpartition("/")[2] for item in it["details"]["items"])
                        print(f"  {path} {' '.join(form)} {it['id']}: {', '.join(urls)}")
    print(f"pictures: {missed} audits missed")
    return missed


def album(folder: Path) -> Lab:
    """Return a site of a text with many pictures, those of this repository among them, and of a post for each."""
    photo = drawing.photo(1600, 1000)
    files = {path.name: path.read_bytes() for path in sorted((HERE.parent / "images").glob("look-*.webp"))}
    files |= {f"photo-{quality}.jpg": drawing.saved(photo, "JPEG", quality=quality) for quality in (30, 60, 92)}
    files |= {"scan.png": drawing.saved(photo, "PNG"), "flat.png": drawing.saved(photo.quantize(9), "PNG")}
    lines = [f"![{name}](/images/{name})" for name in files]
    many = "\n\nSome words.\n\n".join(lines)
    texts = {f"posts/2026-01-{day:02}-a.md": f"---\ntitle: {day}\n---\n{it}\n" for day, it in enumerate(lines, 1)}
    texts["posts/2026-02-01-all.md"] = f"---\ntitle: All\n---\n{many}\n"
    return Lab(folder, {**texts, **{f"images/{name}": data for name, data in files.items()}}, plain=False)


def main(sites: list[Path]) -> int:
    tools = npm.packages(HERE / "measure", CACHE)
    if sites:
        return sum(check(tools, site) for site in sites)
    with tempfile.TemporaryDirectory() as folder, shown.showcase(Path(folder)) as address:
        wrong = check(tools, Path(folder) / "served")
        for name in SEEN:
            found = dict(scores(tools, address + shown.PAGES[name]))
            print(f"{name}: {found}")
            wrong += sum(score < 100 for score in found.values())
    with tempfile.TemporaryDirectory() as folder:
        return wrong + pictures(tools, Path(folder))


if __name__ == "__main__":
    sys.exit(bool(main([Path(name) for name in sys.argv[1:]])))
