"""The trials: what is timed, in turn for all generators, so that a machine's moods strike all alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from benchmarks import blog
from benchmarks.checking import Counts, complaint, shows
from benchmarks.peers import Peer
from benchmarks.timing import Failed, Run, timed

Say = Callable[[str], None]


class Trial(NamedTuple):
    """What happens before each timed build, given the number of the round."""

    name: str
    prepare: Callable[[Peer, blog.Post, int], None]


def _forget(peer: Peer, _post: blog.Post, _times: int) -> None:
    peer.forget()


def _nothing(_peer: Peer, _post: blog.Post, _times: int) -> None:
    pass


def _edit(peer: Peer, post: blog.Post, times: int) -> None:
    peer.edit(post, times)


def _edit_template(peer: Peer, _post: blog.Post, times: int) -> None:
    peer.edit_template(times)


TRIALS = (
    Trial("cold", _forget),
    Trial("unchanged", _nothing),
    Trial("one post edited", _edit),
    Trial("template edited", _edit_template),
)


def runs(peers: Sequence[Peer], edited: blog.Post, rounds: int, say: Say) -> Iterator[tuple[str, str, Run]]:
    """Yield trial, generator and what each of its builds took. Each trial begins with a build that isn't counted."""
    left = list(peers)
    for trial in TRIALS:
        for times in range(rounds + 1):
            for peer in tuple(left):
                trial.prepare(peer, edited, times)
                try:
                    run = timed(peer.command(), peer.folder)
                except Failed as failure:
                    say(f"{peer.name} fails: {failure}")
                    left.remove(peer)
                    continue
                if times:
                    yield trial.name, peer.name, run


def mistakes(peer: Peer, expected: Counts, rounds: int) -> list[str]:
    """Return what a generator has not done, after all trials."""
    told = (
        complaint(peer, expected),
        shows(peer, f"Edited {rounds}.", 1),
        shows(peer, f"mark {rounds}<", expected.pages),
    )
    return [it for it in told if it]
