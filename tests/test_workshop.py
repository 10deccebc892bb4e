import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from bifolium import memo, seal, workshop
from bifolium.model import Typeset
from bifolium.onlooker import unseen
from bifolium.pool import Crew
from bifolium.store import Store, write_state
from bifolium.workshop import Workshop


def shout(jobs: Sequence[str]) -> list[Typeset]:
    """Stand for an engine that some formula crashes."""
    if "crash" in jobs:
        os._exit(11)
    return [Typeset(job.upper()) for job in jobs]


def lost(job: str) -> Typeset:
    return Typeset("", f"{job}!", lasting=False)


def test_a_job_that_ends_its_process_fails_alone_and_is_not_remembered(tmp_path: Path) -> None:
    jobs = [f"job {n}" for n in range(20)]
    jobs[7] = "crash"
    with Store(tmp_path / "memo.sqlite") as store:
        shop = Workshop(store, b"", Crew(2), unseen)
        made = shop.remembered(shout, jobs, Typeset, (), 5, lost)
        assert made == [Typeset(job.upper()) if job != "crash" else lost(job) for job in jobs]
        shop.done.clear()
        assert shop.remembered(shout, [job for job in jobs if job != "crash"], Typeset, (), 5, lost)
        assert shop.done["shout"] == 0


@pytest.mark.parametrize("threads", [0, 1], ids=["alone", "beside other threads"])
def test_a_single_job_that_ends_its_process_ends_not_this_one(tmp_path: Path, threads: int) -> None:
    code = f"""
import threading
from pathlib import Path
from tests.test_workshop import Crew, Store, Typeset, Workshop, lost, shout, unseen
end = threading.Event()
for _ in range({threads}):
    threading.Thread(target=end.wait).start()
with Store(Path({str(tmp_path)!r}) / "memo.sqlite") as store:
    shop = Workshop(store, b"", Crew(1), unseen)
    print(shop.remembered(shout, ["a", "crash"], Typeset, (), 5, lost))
    print(shop.remembered(shout, ["b"], Typeset, (), 5, lost))
end.set()
"""
    folder = Path(__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True)
    assert done.stdout == f"{[Typeset('A'), lost('crash')]}\n{[Typeset('B')]}\n"


def test_what_is_remembered_of_the_program_is_believed_while_its_stamps_and_those_of_libraries_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_state(tmp_path / "program", memo.digest(seal.program()[0]) + b"remembered")
    assert epoch(tmp_path) == b"remembered"
    library = tmp_path / "library"
    library.mkdir()
    monkeypatch.syspath_prepend(str(library))
    assert epoch(tmp_path) == workshop.identity()
    monkeypatch.undo()
    write_state(tmp_path / "program", memo.digest(seal.program()[0]) + b"remembered")
    (tmp_path / "program").write_bytes(b"damaged")
    assert epoch(tmp_path) == workshop.identity()


def epoch(state: Path) -> bytes:
    with workshop.opened(state, Crew(1), unseen) as shop:
        return shop.epoch
