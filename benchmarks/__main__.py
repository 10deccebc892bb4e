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
from pathlib import Path

from benchmarks import cases, chart, saving, table, trials, yardsticks
from benchmarks.cases import Case
from benchmarks.checking import wanted
from benchmarks.counts import check
from benchmarks.peers import OURS, PEERS, Absent, Peer
from benchmarks.peers.bifolium import Bifolium
from benchmarks.results import Results
from benchmarks.trials import TRIALS, Task


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
    for number in map(int, filter(None, options.posts.split(","))):
        yield from cases.made_up(number)
    if options.folder:
        yield from cases.written(options.folder)


def _peers(names: list[str], work: Path, case: Case, results: Results) -> list[Peer]:
    """Return those generators that can be installed."""
    versions: dict[str, str] = {}
    peers: list[Peer] = []
    for name in names:
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
    names = [peer.name for peer in peers]
    left = [it for it in TRIALS if not case.trials or it.name in case.trials]
    left = [it for it in left if not results.has(case.name, it.name, names, rounds)]
    shown = [it for it in peers if it.preview(0) and not case.trials]
    is_shown = results.has(case.name, saving.NAME, [it.name for it in shown], rounds)
    if not left and is_shown:
        return
    _say(f"{case.name}: writing it for each generator")
    posts = list(case.posts())
    for peer in peers:
        peer.write(posts)
    task = Task(wanted(posts), posts[len(posts) // 2])
    ours = next(it for it in peers if isinstance(it, Bifolium))
    for trial in left:
        runs, wrong = trials.run(trial, peers, task, rounds, lambda text: _say(f"{case.name}, {text}"))
        if trial.name == "unchanged" and yardsticks.are_here():
            runs[yardsticks.NAMES[0]] = list(yardsticks.unchanged(ours, rounds))
        results.put(case.name, trial.name, runs, wrong)
        if trial.name == "cold" and yardsticks.are_here():
            results.put(case.name, yardsticks.WRITING, yardsticks.writing(ours, rounds, _say), [])
    if shown and not is_shown:
        results.put(case.name, saving.NAME, *saving.measured(shown, task, rounds, _say))


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
