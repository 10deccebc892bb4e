"""The showcase in tests/showcase, built and served, and a browser to look at it."""

from __future__ import annotations

import gzip
import shutil
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from lab import HERE, Lab
from playwright.sync_api import Browser, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chromium-browser")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-sync".split()
)
TEXTS = frozenset((".html", ".css", ".js", ".svg", ".xml", ".txt", ".webmanifest"))
BASE = "/blog"
PAGES: Mapping[str, str] = {
    "home": "/",
    "post": "/tides/2026/02/11/two-bumps.html",
    "chinese": "/潮汐/2026/03/20/chaoxi.html",
    "arabic": "/tides/2026/03/25/madd.html",
    "page": "/about/",
    "category": "/categories/tides/",
    "categories": "/categories/",
    "tags": "/tags/",
    "tag": "/tags/moon/",
    "all series": "/series/",
    "series": "/series/the-machine-of-thomson/",
    "archive": "/archive/",
    "equations": "/equations/",
    "missing": "/404.html",
}
"""A page of every template; those of one template that show other things, too."""


class Quiet(SimpleHTTPRequestHandler):
    """Serves files as hosts do, text compressed, and says nothing."""

    def send_head(self) -> BytesIO | BinaryIO | None:
        """Send the headers, and return what is to follow."""
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not (path.is_file() and path.suffix in TEXTS and "gzip" in self.headers.get("Accept-Encoding", "")):
            return super().send_head()
        data = gzip.compress(path.read_bytes(), mtime=0)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        return BytesIO(data)

    def log_message(self, *_: object) -> None:
        """Stay silent."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve the files in `folder` on a free port, and give the address of its top."""
    handler = partial(Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@contextmanager
def showcase(folder: Path, changed: Mapping[str, str] | None = None) -> Iterator[str]:
    """Build the showcase in `folder` with some settings otherwise, serve it below a path, and give its address."""
    shutil.copytree(HERE / "showcase", folder / "site", dirs_exist_ok=True)
    lab = Lab(folder / "site", plain=False)
    text = (HERE / "showcase" / "bifolium.toml").read_text("utf-8")
    for old, new in (changed or {}).items():
        assert old in text
        text = text.replace(old, new)
    with served(folder / "served") as top:
        lab.write({"bifolium.toml": text.replace("https://tides.example", top)})
        report = lab.build()
        assert report.problems == ()
        shutil.copytree(lab.folder / "public", folder / "served" / BASE.strip("/"))
        yield top + BASE


@contextmanager
def browser() -> Iterator[Browser]:
    """Start the browser that is on this machine."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()
