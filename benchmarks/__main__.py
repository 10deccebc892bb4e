"""bifolium beside other generators, on the same blogs: cold, unchanged, one post edited, template edited, previewed.

    python -m benchmarks --json FILE [--posts 1000,10000] [--folder TEXTS] [--rounds 5] [--peers hugo,eleventy]
    python -m benchmarks --publish       the same, and the manual's chart and figures are made of it
    python -m benchmarks --counts        what CI runs: small, times nothing, fails if more is done than needs be

Every generator gets the same posts and a plain theme, and must have made each page, formula and link. What it needs is
installed below `--work`. Broken off and run again with the same FILE, or to be published, it goes on where it was.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from benchmarks import cases, chart, saving, table, trials, yardsticks
from benchmarks.cases import Case
from benchmarks.checking import wanted
from benchmarks.counts import check
from benchmarks.peers import OURS, PEERS, Absent, Peer
from benchmarks.peers.bifolium import Bifolium, Fast
from benchmarks.results import Results
from benchmarks.trials import TRIALS, Runs, Task


def main(arguments: list[str]) -> int:
    """Run the benchmark; return 1 if a generator did not do what it was timed for."""
    options = _options(arguments)
    if options.counts:
        return check()
    work, names = Path(options.work).absolute(), [*OURS, *filter(None, options.peers.split(","))]
    kept = work / "unfinished.json" if options.publish else options.json and Path(options.json)
    results = Results(kept or None, anew=options.anew)
    results.all |= {"rounds": options.rounds, "busy": options.busy}
    for case in _cases(options):
        _measure(case, results, _peers(names, work, case, results), options.rounds)
    print(*table.rows(results.all), sep="\n")
    if options.publish:
        results.move(chart.FIGURES)
        chart.main()
    return int(any(found["wrong"] for case in results.all["cases"].values() for found in case.values()))


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m benchmarks", description=__doc__.partition("\n")[0])
    parser.add_argument("--posts", default="1000", help="how many posts are made up; several numbers, several blogs")
    parser.add_argument("--folder", action="append", default=[], type=Path, help="texts of which one more blog is made")
    parser.add_argument("--rounds", type=int, default=5, help="builds that count, of each kind")
    parser.add_argument("--peers", default=",".join(name for name in PEERS if name not in OURS))
    parser.add_argument("--trials", default=",".join(cases.EVERY), help="what is timed")
    parser.add_argument("--json", help="keep all figures in this file, and go on from what is in it")
    parser.add_argument("--anew", action="store_true", help="measure again what is in the file")
    parser.add_argument("--publish", action="store_true", help="keep the figures here, and show them in the manual")
    parser.add_argument(
        "--busy", action="store_true", help="show work of processors: the machine does other things, too"
    )
    parser.add_argument("--work", default=str(Path(tempfile.gettempdir()) / "bifolium-benchmarks"))
    parser.add_argument("--counts", action="store_true", help="count work instead of timing it")
    return parser.parse_args(arguments)


def _cases(options: argparse.Namespace) -> Iterator[Case]:
    """Yield the blogs that are wanted, each with those of its trials that are."""
    numbers = map(int, filter(None, options.posts.split(",")))
    made_up = (case for number in numbers for case in cases.made_up(number))
    for case in (*made_up, *(cases.written(options.folder) if options.folder else ())):
        yield case._replace(trials=tuple(it for it in case.trials if it in options.trials.split(",")))


def _peers(names: list[str], work: Path, case: Case, results: Results) -> list[Peer]:
    """Return those generators that can be installed."""
    versions: dict[str, str] = {}
    peers: list[Peer] = []
    for name in names if case.math else [it for it in names if it != Fast.name]:
        peer = PEERS[name](work / "tools", work / case.folder / name, math=case.math)
        try:
            versions[name] = peer.install()
            peers.append(peer)
        except Absent as reason:
            _say(f"without {name}: {reason}")
    results.note(versions)
    return peers


def _measure(case: Case, results: Results, peers: list[Peer], rounds: int) -> None:
    """Run those trials of a blog that are not in the results yet."""
    names = {trial: [it.name for it in peers if trial != saving.NAME or it.preview(0)] for trial in case.trials}
    left = [trial for trial in case.trials if not results.has(case.name, trial, names[trial], rounds)]
    if not left:
        return
    _say(f"{case.name}: writing it for each generator")
    for peer in peers:
        peer.write(case.posts())  # anew for each: what this process holds would count as theirs
    expected = wanted(case.posts())
    task = Task(expected, next(islice(case.posts(), expected.pages // 2, None)))
    for name in left:
        for kept, (runs, wrong) in _tried(name, peers, task, rounds):
            results.put(case.name, kept, runs, wrong)


def _tried(name: str, peers: list[Peer], task: Task, rounds: int) -> Iterator[tuple[str, tuple[Runs, list[str]]]]:
    """Yield what a trial gives, and what nobody can do without, each by its name."""
    if name == saving.NAME:
        yield name, saving.measured(peers, task, rounds, _say)
        return
    runs, wrong = trials.run(next(it for it in TRIALS if it.name == name), peers, task, rounds, _say)
    ours = next(it for it in peers if isinstance(it, Bifolium))
    if name == "unchanged" and yardsticks.are_here():
        runs[yardsticks.NAMES[0]] = list(yardsticks.unchanged(ours, rounds))
    yield name, (runs, wrong)
    if name == "cold" and yardsticks.are_here():
        yield yardsticks.WRITING, (yardsticks.writing(ours, rounds, _say), [])


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
