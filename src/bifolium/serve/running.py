"""Start the preview, keep it up to date, end it."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
import traceback
import webbrowser
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, Protocol

from bifolium import workshop
from bifolium.onlooker import unseen
from bifolium.problems import Problem, SiteError
from bifolium.serve.bell import Bell
from bifolium.serve.bench import Bench, Urgency
from bifolium.serve.preview import Options, Preview
from bifolium.serve.resident import Resident
from bifolium.serve.server import Manners, Server, listen
from bifolium.serve.writing import written
from bifolium.site import Site
from bifolium.urls import base_path

if TYPE_CHECKING:
    from bifolium.paint import Style

PORT = 8000
TRIES = 100  # ports after the first one that are tried


class Address(NamedTuple):
    """Where to listen: `port` None is the first free one; `hosts` are names by which the server may be called."""

    host: str = "127.0.0.1"
    port: int | None = None
    hosts: frozenset[str] = frozenset()
    opened: bool = False


class Voice(Protocol):
    """Says things to the author."""

    def say(self, text: str, style: Style = "") -> None:
        """Print a line."""

    def problems(self, problems: tuple[Problem, ...]) -> None:
        """Print problems."""


def run(site_of: Callable[[], Site], address: Address, options: Options, voice: Voice) -> None:
    """Serve until interrupted; raise SiteError if the settings are wrong from the start, OSError if no port is free."""
    sys.warnoptions.append("ignore:resource_tracker")  # what an interrupt leaves behind is its business
    site = site_of()
    sockets, port = listen(address.host, address.port or PORT, 1 if address.port else TRIES)
    with workshop.opened(site.state, site.crew, unseen) as shop:
        bench = Bench()
        resident = Resident(site_of, shop)
        preview = Preview(bench, resident, options)
        resident.told = preview.announce
        preview.server = Server(lambda _: preview, sockets, Manners(address.hosts | {address.host}))
        preview.server.start()
        renew = partial(_renew, resident, bench, voice, options)
        bench.submit(Urgency.ASKED, partial(renew, None))
        url = f"http://{_shown(address.host)}:{port}{base_path(site.settings.base_url)}/"
        voice.say(
            f"serving {site.settings.title} at {url}"
            + ("" if port == (address.port or PORT) else f" (port {PORT} is taken)")
        )
        if options.watch:
            bell = Bell(site.folder, lambda paths: _rung(bench, voice, renew, paths))
            if bell.polling:
                voice.say("this folder can't be watched for changes; it is looked at every 2 seconds instead")
        if address.opened:
            webbrowser.open(url)
        bench.run()


def _rung(bench: Bench, voice: Voice, renew: Callable[[frozenset[str] | None], bool], paths: frozenset[str]) -> bool:
    """Have the changed `paths` looked at; tell whether some must be looked at once more."""
    done = bench.submit(Urgency.SAVED if paths else Urgency.IDLE, partial(renew, paths))
    if mistake := done.exception():  # a bug of ours ends no preview
        voice.say("".join(traceback.format_exception(mistake)))
        return False
    return done.result()


def _renew(resident: Resident, bench: Bench, voice: Voice, options: Options, paths: frozenset[str] | None) -> bool:
    """Renew the site and say so; tell whether some of its files must be looked at once more."""
    began = datetime.now().astimezone()
    gc.disable()  # at 10,000 posts looking for garbage among all that stays takes longer than a build
    try:
        news = resident.renew(paths)
    finally:
        gc.freeze()
        gc.enable()
    if news:
        resident.told()
        bench.follow_up(_rest(resident, voice, options))
        took = (datetime.now().astimezone() - began).total_seconds()
        voice.say(f"{began:%H:%M:%S}  ready ({took:.3f} s)")
    return bool(resident.unsure)


def _rest(resident: Resident, voice: Voice, options: Options) -> Iterator[object]:
    """Do what nobody waits for; whatever goes wrong in it ends no preview."""
    try:
        yield from resident.rest()
    except SiteError as failed:
        voice.problems(failed.problems)
    except Exception:  # noqa: BLE001
        voice.say(traceback.format_exc())
    voice.problems(resident.every_problem())
    if options.write and resident.showing and not resident.broken:
        yield from _write(resident, voice)


def _write(resident: Resident, voice: Voice) -> Iterator[None]:
    """Put what is shown into the output folder, or say why not."""
    assert resident.showing
    try:
        done = yield from written(resident.showing.site, resident.shop, resident.showing.proof)
    except SiteError as failed:
        voice.problems(failed.problems)
        return
    voice.say(f"files written: {len(done.written)}" if done.published else "nothing is written: there are errors")


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def end() -> None:
    """End this process and its workers at once: nothing of the preview needs to be tidied up."""
    for child in multiprocessing.active_children():
        child.kill()
    os._exit(0)


__all__ = ["Address", "Options", "SiteError", "end", "run"]
