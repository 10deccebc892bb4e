"""Many tabs: what is new is made once, however many show it."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import pytest
from lab import Lab
from tornado.websocket import WebSocketClientConnection, websocket_connect

from bifolium import workshop
from bifolium.onlooker import unseen
from bifolium.pool import Crew
from bifolium.serve.bench import Bench, Urgency
from bifolium.serve.preview import Options, Preview
from bifolium.serve.resident import Resident
from bifolium.serve.server import Manners, Server, listen

T = TypeVar("T")
FILE, URL, CLIENTS = "posts/2026-01-01-tides.md", "/2026/01/01/tides.html", 200


class Place(NamedTuple):
    """A preview, its bench, and where it is."""

    lab: Lab
    preview: Preview
    bench: Counting
    port: int


class Counting(Bench):
    """A bench that counts what it is asked for."""

    asked = 0

    def submit(self, urgency: Urgency, call: Callable[[], T]) -> Future[T]:
        """Have `call` done, and count it."""
        self.asked += 1
        return super().submit(urgency, call)


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Place]:
    lab = Lab(tmp_path / "site", {FILE: "---\ntitle: Tides\n---\n\nEbb.\n"}, plain=False)
    sockets, port = listen("127.0.0.1", 8700, 100)
    ready: Future[Preview] = Future()
    bench = Counting()
    worker = threading.Thread(target=lambda: work(lab, bench, sockets, ready))
    worker.start()
    yield Place(lab, ready.result(timeout=20), bench, port)
    bench.submit(Urgency.ASKED, interrupt)
    worker.join(timeout=10)


def work(lab: Lab, bench: Bench, sockets: list[Any], ready: Future[Preview]) -> None:
    """Run a preview in this thread."""
    site = lab.site()
    with workshop.opened(site.state, Crew(1), unseen) as shop:
        resident = Resident(lab.site, shop)
        preview = Preview(bench, resident, Options())
        preview.server = Server(lambda _: preview, sockets, Manners())
        resident.renew()
        preview.server.start()
        ready.set_result(preview)
        with suppress(KeyboardInterrupt):
            bench.run()


def interrupt() -> None:
    raise KeyboardInterrupt


async def heard(tab: WebSocketClientConnection, word: str) -> None:
    """Read messages until one holds `word`."""
    while word not in str(await tab.read_message()):
        pass


def test_what_two_hundred_tabs_show_is_made_once(preview: Place) -> None:
    lab, found, bench, port = preview

    def saved() -> None:
        found.resident.renew(frozenset({FILE}))
        found.announce()

    async def meet() -> int:
        tabs = [await websocket_connect(f"ws://127.0.0.1:{port}/_bifolium/socket") for _ in range(CLIENTS)]
        for tab in tabs:
            await tab.write_message(json.dumps({"view": URL, "made": ""}))
            await heard(tab, "Ebb.")
        lab.write({FILE: "---\ntitle: Tides\n---\n\nFlood.\n"})
        before = bench.asked
        bench.submit(Urgency.SAVED, saved)
        await asyncio.wait_for(asyncio.gather(*(heard(tab, "Flood.") for tab in tabs)), timeout=20)
        return bench.asked - before

    assert asyncio.run(meet()) == 2  # the site is renewed, the news are written
