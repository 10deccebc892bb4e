"""Ask other hosts whether an address is still there: politely, in parallel, and rarely.

One request at a time to a host, a pause between two, HEAD before GET, `Retry-After` heeded. Answers are kept in a file.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from pathlib import Path
from typing import NamedTuple
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urldefrag, urlsplit
from urllib.request import Request, urlopen

import msgspec

from bifolium import __version__

AGENT = f"Mozilla/5.0 (compatible; bifolium/{__version__}; checks links)"
PATIENCE = 15.0  # seconds for one answer
PAUSE = 1.0  # seconds between two requests to one host
TRIES = 3
LONGEST_WAIT = 30.0  # seconds; who asks for more isn't asked again in this run
HOSTS = 16  # asked at the same time
FRESH = {"there": 14 * 86400, "gone": 86400, "unclear": 3600}  # seconds for which an answer holds
_GONE = frozenset((404, 410))
_BUSY = frozenset((429, 500, 502, 503, 504))


class Answer(NamedTuple):
    """What a host said: `state` is a key of FRESH, `why` says it in words; `taken` is when (s since 1970)."""

    state: str
    why: str = ""
    taken: float = 0.0


def ask(
    urls: Iterable[str], memory: Path, pause: float = PAUSE, stop: threading.Event | None = None
) -> dict[str, Answer]:
    """Return the answer for each address; what `memory` holds is not asked again while it is fresh.

    All pauses are waits for `stop`, which ends them.
    """
    now, wanted = time.time(), {*urls}
    known = {url: it for url, it in _recalled(memory).items() if now - it.taken < FRESH.get(it.state, 0)}
    queues: dict[str, list[str]] = {}
    for url in sorted(wanted - known.keys()):
        queues.setdefault(urlsplit(url).netloc, []).append(url)
    hosts = _Hosts(pause, stop or threading.Event())
    with ThreadPoolExecutor(HOSTS) as threads:
        try:
            for found in threads.map(hosts.all_of, queues.values()):
                known |= found
        finally:
            hosts.stop.set()
            threads.shutdown(cancel_futures=True)
            _remember(memory, known)
    return {url: known[url] for url in wanted}


class _Hosts:
    """Asks one host after the other about its addresses; `stop` ends the waiting."""

    def __init__(self, pause: float, stop: threading.Event) -> None:
        self.pause = pause
        self.stop = stop

    def all_of(self, urls: list[str]) -> dict[str, Answer]:
        """Return the answers of one host, asked in turn."""
        found: dict[str, Answer] = {}
        for url in urls:
            if found:
                self.stop.wait(self.pause)
            if self.stop.is_set():
                break
            found[url] = self._asked(url)._replace(taken=time.time())
        return found

    def _asked(self, url: str) -> Answer:
        """Return the answer for one address, after as many tries as it takes."""
        method, answer = "HEAD", Answer("unclear")
        for number in range(TRIES):
            wait = self.pause * 2**number
            try:
                with urlopen(_request(url, method), timeout=PATIENCE):  # noqa: S310 (http and https alone come here)
                    return Answer("there")
            except HTTPError as refused:
                answer = Answer("gone" if refused.code in _GONE else "unclear", f"says {refused.code} {refused.reason}")
                wait = max(wait, _seconds(refused.headers.get("Retry-After")))
                if method == "GET" and refused.code not in _BUSY:
                    return answer
            except (URLError, HTTPException, OSError, ValueError) as failed:
                answer = Answer("gone", f"can't be reached: {getattr(failed, 'reason', failed)}")
            if wait > LONGEST_WAIT:
                return answer
            method = "GET"
            self.stop.wait(wait)
        return answer


def _request(url: str, method: str) -> Request:
    plain = quote(urldefrag(url).url, safe="%/:=&?~#+!$,;'@()*[]")
    return Request(plain, method=method, headers={"User-Agent": AGENT, "Accept": "*/*"})  # noqa: S310


def _seconds(header: str | None) -> float:
    """Return the wait for which a host asks, in seconds; 0 if it asks for none or names a date."""
    return float(header) if header and header.strip().isdecimal() else 0.0


def _recalled(memory: Path) -> Mapping[str, Answer]:
    try:
        return msgspec.json.decode(memory.read_bytes(), type=dict[str, Answer])
    except (OSError, msgspec.MsgspecError):
        return {}


def _remember(memory: Path, answers: Mapping[str, Answer]) -> None:
    memory.parent.mkdir(parents=True, exist_ok=True)
    memory.write_bytes(msgspec.json.encode(dict(answers), order="sorted"))
