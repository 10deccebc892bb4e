"""Talk HTTP: the site's pages from memory, the preview's own pages, a socket to each tab. In a thread of its own."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import threading
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from tornado.httpserver import HTTPServer
from tornado.httputil import HTTPServerRequest
from tornado.netutil import bind_sockets
from tornado.web import Application, HTTPError, RequestHandler
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from bifolium.serve.requests import is_welcome, part_of, type_of

LARGEST = 1 << 16  # bytes of a request's headers, of its body, of a socket's message: a preview needs few
PIECE = 1 << 18  # bytes of a file that are sent at a time


class Reply(NamedTuple):
    """What a request is answered with; `name` tells the media type."""

    status: int
    name: str
    content: bytes | Path = b""
    location: str = ""


class Host(Protocol):
    """Who answers."""

    async def reply(self, target: str) -> Reply:
        """Return the answer to a request for `target`, as it stands in the request line."""

    async def heard(self, tab: Tab, message: Mapping[str, Any]) -> None:
        """Take what a tab says."""


@dataclass(frozen=True)
class Manners:
    """What the server insists on: `hosts` are names besides this machine's by which it may be called."""

    hosts: frozenset[str] = frozenset()


class Polite(RequestHandler):
    """What all answers have in common: nothing is stored, nobody else may read, only GET and HEAD."""

    SUPPORTED_METHODS = ("GET", "HEAD")

    def initialize(self, host: Host, manners: Manners) -> None:
        """Remember who answers."""
        self.host, self.manners = host, manners

    def set_default_headers(self) -> None:
        """Say what holds for every answer."""
        self.clear_header("Server")
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Cross-Origin-Resource-Policy", "same-origin")

    def prepare(self) -> None:
        """Refuse whoever comes under a foreign name or from a foreign page."""
        refuse_strangers(self.request, self.manners)

    def compute_etag(self) -> None:
        """Make no tag: nothing is stored."""

    def write_error(self, status_code: int, **_: object) -> None:
        """Say in a line what is wrong."""
        if status_code == 405:
            self.set_header("Allow", "GET, HEAD")
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(f"{status_code} {self._reason}\n")


class Pages(Polite):
    """Answers every address of the site, and the preview's own."""

    async def get(self, *_: str) -> None:
        """Answer."""
        reply = await self.host.reply(self.request.uri or "")
        self.set_status(reply.status)
        if reply.location:
            self.set_header("Location", reply.location)
            return
        self.set_header("Content-Type", type_of(reply.name))
        if isinstance(reply.content, bytes):
            self._send(reply.content)
        else:
            await self._send_file(reply.content)

    head = get

    def _send(self, content: bytes) -> None:
        part = self._part(len(content))
        self.finish(content[part[0] : part[1]])

    async def _send_file(self, path: Path) -> None:
        try:
            file = path.open("rb")
        except OSError as gone:
            raise HTTPError(404) from gone
        with file:
            start, end = self._part(path.stat().st_size)
            self.set_header("Content-Length", str(end - start))
            file.seek(start)
            while start < end and self.request.method == "GET":
                piece = file.read(min(PIECE, end - start))
                if not piece:
                    break
                start += len(piece)
                self.write(piece)
                await self.flush()

    def _part(self, size: int) -> tuple[int, int]:
        """Return which bytes are wanted, and say so in the headers."""
        self.set_header("Accept-Ranges", "bytes")
        wanted = self.request.headers.get("Range") if self.get_status() == 200 else None
        part = part_of(wanted, size)
        if part is None:
            self.set_status(416)
            self.set_header("Content-Range", f"bytes */{size}")
            return 0, 0
        if wanted and part != (0, size):
            self.set_status(206)
            self.set_header("Content-Range", f"bytes {part.start}-{part.end - 1}/{size}")
        return part


class Tab(WebSocketHandler):
    """A tab of a browser: `url` is the path it shows, `made` what of."""

    def initialize(self, host: Host, manners: Manners, tabs: set[Tab]) -> None:
        """Remember who answers."""
        self.host, self.manners, self.tabs = host, manners, tabs
        self.url = self.made = self.said = ""

    def prepare(self) -> None:
        """Refuse whoever comes under a foreign name or from a foreign page."""
        refuse_strangers(self.request, self.manners)

    def check_origin(self, origin: str) -> bool:
        """Accept: `prepare` looked at it."""
        return bool(origin)

    async def on_message(self, message: str | bytes) -> None:
        """Take what the tab says; nonsense is ignored."""
        try:
            told = json.loads(message)
        except ValueError:
            return
        if isinstance(told, dict):
            await self.host.heard(self, told)

    def on_close(self) -> None:
        """Forget the tab."""
        self.tabs.discard(self)

    def say(self, message: str) -> None:
        """Send a message, unless the tab is gone. Nobody waits until a slow one has read it."""
        try:
            sent = self.write_message(message)
        except WebSocketClosedError:
            self.tabs.discard(self)
        else:
            sent.add_done_callback(lambda it: it.cancelled() or it.exception())  # a tab that is gone meanwhile


def refuse_strangers(request: HTTPServerRequest, manners: Manners) -> None:
    """Raise HTTPError 403 if the request's Host or Origin is foreign."""
    origin = request.headers.get("Origin")
    if not is_welcome(request.headers.get("Host", ""), origin, manners.hosts):
        raise HTTPError(403)


class Server:
    """Listens on `sockets` in a thread of its own; `tabs` are the tabs that are open."""

    def __init__(self, host: Callable[[Server], Host], sockets: list[socket.socket], manners: Manners) -> None:
        for name in ("tornado.access", "tornado.application", "tornado.general"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self.tabs: set[Tab] = set()
        self.loop = asyncio.new_event_loop()
        who = {"host": host(self), "manners": manners}
        self._application = Application(
            [(r"/_bifolium/socket", Tab, {**who, "tabs": self.tabs}), (r"(?s).*", Pages, who)],
            log_function=lambda _: None,
            websocket_max_message_size=LARGEST,
            websocket_ping_interval=20,
        )
        self._sockets = sockets
        self._thread = threading.Thread(target=self._run, name="server", daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def soon(self, call: Callable[[], Awaitable[None]]) -> None:
        """Have `call` done in the server's thread."""
        self.loop.call_soon_threadsafe(lambda: asyncio.ensure_future(call(), loop=self.loop))

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        server = HTTPServer(
            self._application, max_header_size=LARGEST, max_body_size=LARGEST, idle_connection_timeout=60
        )
        server.add_sockets(self._sockets)
        self.loop.run_forever()


def listen(host: str, port: int, tries: int) -> tuple[list[socket.socket], int]:
    """Return sockets on `port` or one of the next ones, and that port; raise OSError if all are taken."""
    for number in range(port, port + tries):
        try:
            return bind_sockets(number, host), number
        except OSError as failed:
            if number == port + tries - 1:
                raise OSError(failed.errno, failed.strerror, f"{host}:{port}") from None
    raise ValueError(tries)
