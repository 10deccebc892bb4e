"""`--cluster`: a real Dask scheduler and real workers on this machine give the same bytes, also if one of them dies."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from lab import Lab

from bifolium import build as building
from bifolium import cluster
from bifolium.onlooker import Onlooker
from bifolium.problems import SiteError

pytest.importorskip("distributed")
POST = "---\ntitle: P{n}\n---\nText *{n}* $x_{{{n}}}$\n\n```python\nx = {n}\n```\n"
POSTS = {f"posts/2026-01-{1 + n % 28:02}-p{n}.md": POST.format(n=n) for n in range(320)}
HERE = ("--host", "127.0.0.1")


@contextmanager
def running(module: str, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start a part of Dask meanwhile; give its process and the address that it tells."""
    command = [sys.executable, "-m", f"distributed.cli.{module}", *arguments]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stderr
            told = (re.search(r"(?:Scheduler|Registered to) ?(?:at)?: +(tcp://\S+)", line) for line in process.stderr)
            yield process, next(found[1] for found in told if found)
        finally:
            process.kill()


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    with running("dask_scheduler", *HERE, "--port", "0", "--no-dashboard") as (_, address):
        yield address


@contextmanager
def workers(address: str, number: int) -> Iterator[list[subprocess.Popen[str]]]:
    options = (address, *HERE, "--no-nanny", "--nthreads", "1", "--no-dashboard")
    with ExitStack() as stack:
        yield [stack.enter_context(running("dask_worker", *options))[0] for _ in range(number)]


def process_number() -> bytes:
    """Stand for what differs between programs."""
    return str(os.getpid()).encode()


class Killer(Onlooker):
    """Kills a worker as soon as a first ticket of each work is done."""

    def __init__(self, victims: list[subprocess.Popen[str]]) -> None:
        super().__init__(self.hear)
        self.victims = victims
        self.heard: list[str] = []

    def hear(self, work: str, done: int, total: int) -> None:
        if work not in self.heard and done < total:
            self.victims.pop().kill() if len(self.victims) > 1 else None
            self.heard.append(work)


def test_a_cluster_that_loses_a_worker_gives_the_same_bytes(
    tmp_path: Path, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone, many = Lab(tmp_path / "alone", POSTS), Lab(tmp_path / "many", POSTS)
    alone.build()
    monkeypatch.delattr("bifolium.markdown.render")  # nothing can be rendered at home any more
    with workers(scheduler, 2) as victims:
        killer = Killer(list(victims))
        report = building.build(many.site(cluster=scheduler), killer)
        assert [victim.poll() for victim in victims] == [None, -9]
    assert killer.heard == ["render texts", "typeset", "highlight"]
    assert (report.done["render_texts"], report.done["typeset"]) == (320, 320)
    assert many.output() == alone.output()


def test_a_worker_that_is_another_program_is_refused(scheduler: str) -> None:
    with workers(scheduler, 1), pytest.raises(SiteError) as told, cluster.workers(scheduler, process_number):
        pass
    assert [re.sub(r"`.*`", "`…`", it.message) for it in told.value.problems] == [
        "`…` would make other pages than this machine"
    ]


def test_a_cluster_without_workers_is_told(tmp_path: Path, scheduler: str) -> None:
    with pytest.raises(SiteError) as told:
        Lab(tmp_path, POSTS).build(cluster=scheduler)
    assert [(it.rule, it.message) for it in told.value.problems] == [
        ("cluster", f"the cluster at `{scheduler}` has no workers")
    ]


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense://there", "?"])
def test_a_cluster_that_is_not_there_is_told(tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bifolium.cluster.PATIENCE", 0.5)
    with pytest.raises(SiteError) as told:
        Lab(tmp_path, POSTS).build(cluster=address)
    assert [it.message for it in told.value.problems] == [f"no Dask scheduler answers at `{address}`"]


def test_few_texts_are_not_worth_a_cluster(tmp_path: Path) -> None:
    few = dict(list(POSTS.items())[:20])
    assert Lab(tmp_path, few).build(cluster="tcp://127.0.0.1:9").published


def test_pictures_are_encoded_at_home(tmp_path: Path) -> None:
    """Their files are on this machine's disk."""
    pictures = {f"posts/p{n}.md": f"---\ndate: 2026-01-01\n---\n![p](/images/p{n}.png)\n" for n in range(4)}
    assert Lab(tmp_path, pictures).build(cluster="tcp://127.0.0.1:9").published
