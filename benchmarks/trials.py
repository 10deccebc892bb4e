"""The trials: what is timed, in turn for all generators, so that a machine's moods strike all alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from benchmarks import blog
from benchmarks.checking import Counts, complaint, shows
from benchmarks.peers import Peer
from benchmarks.timing import Failed, Run, timed

Say = Callable[[str], None]
Runs = dict[str, list[Run]]
"""What each generator's builds took."""


class Task(NamedTuple):
    """A blog to be built: its posts' number and counts, and the post that is edited."""

    expected: Counts
    edited: blog.Post


class Trial(NamedTuple):
    """What happens before each timed build, given the number of the round, and what must be true after the last."""

    name: str
    prepare: Callable[[Peer, Task, int], None]
    check: Callable[[Peer, Task, int], str]


TRIALS = (
    Trial("cold", lambda peer, _task, _times: peer.forget(), lambda peer, task, _: complaint(peer, task.expected)),
    Trial("unchanged", lambda _peer, _task, _times: None, lambda _peer, _task, _times: ""),
    Trial(
        "one post edited",
        lambda peer, task, times: peer.edit(task.edited, times),
        lambda peer, _, times: shows(peer, f"Edited {times}.", 1),
    ),
    Trial(
        "template edited",
        lambda peer, _, times: peer.edit_template(times),
        lambda peer, task, times: shows(peer, f"mark {times}<", task.expected.pages),
    ),
)


def run(trial: Trial, peers: Sequence[Peer], task: Task, rounds: int, say: Say) -> tuple[Runs, list[str]]:
    """Return what each generator's builds took, and what they have not done. The first build isn't counted."""
    found: Runs = {peer.name: [] for peer in peers}
    wrong: list[str] = []
    for times in range(rounds + 1):
        for peer in [it for it in peers if it.name in found]:
            trial.prepare(peer, task, times)
            try:
                took = timed(peer.command(), peer.folder)
            except Failed as failure:
                wrong.append(f"{peer.name} fails: {failure}")
                del found[peer.name]
                continue
            say(f"{trial.name} {times}/{rounds}: {peer.name} {took.wall:.2f} s, {took.cpu:.2f} s of work")
            if times:
                found[peer.name].append(took)
    wrong += [told for peer in peers if peer.name in found and (told := trial.check(peer, task, rounds))]
    return found, wrong
