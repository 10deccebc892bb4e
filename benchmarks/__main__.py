"""bifolium beside other generators, on the same made-up blog: cold, unchanged, one post edited, template edited.

    python -m benchmarks [--posts 1000] [--no-math] [--rounds 5] [--peers hugo,eleventy,pelican] [--json FILE]
    python -m benchmarks --counts        what CI runs: small, times nothing, fails if more is done than needs be

Every generator gets the same posts and a plain theme, and must have made each page, formula and link. In brackets
stands which part of its time bifolium takes: 0.25 is a quarter. What a generator needs is installed below `--work`.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from benchmarks import blog, table
from benchmarks.checking import wanted
from benchmarks.counts import check
from benchmarks.peers import PEERS, Absent, Peer
from benchmarks.timing import Run
from benchmarks.trials import mistakes, runs


def main(arguments: list[str]) -> int:
    """Run the benchmark; return 1 if a generator did not do what it was timed for."""
    options = _options(arguments)
    if options.counts:
        return check()
    work = Path(options.work).absolute()
    versions, peers = _installed(["bifolium", *options.peers.split(",")], work, math=options.math)
    for peer in peers:
        peer.write(blog.posts(options.posts, math=options.math))
    expected = wanted(blog.posts(options.posts, math=options.math))
    edited = blog.post(options.posts // 2, math=options.math)
    results: dict[str, dict[str, list[Run]]] = {}
    for trial, name, run in runs(peers, edited, options.rounds, _say):
        results.setdefault(trial, {}).setdefault(name, []).append(run)
        _say(f"{options.posts} posts, {trial}: {name} {run.wall:.2f} s")
    wrong = [it for peer in peers for it in mistakes(peer, expected, options.rounds)]
    print(f"{options.posts} posts, formulas {'typeset' if options.math else 'none'}; {', '.join(versions.values())}")
    print(f"{table.machine()}\n", *table.rows(results), *wrong, sep="\n")
    if options.json:
        found = table.document(results, versions, options.posts, math=options.math)
        Path(options.json).write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return int(bool(wrong))


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m benchmarks", description=__doc__.partition("\n")[0])
    parser.add_argument("--posts", type=int, default=1000)
    parser.add_argument("--no-math", dest="math", action="store_false", help="posts without formulas")
    parser.add_argument("--rounds", type=int, default=5, help="builds that count, of each kind")
    parser.add_argument("--peers", default=",".join(name for name in PEERS if name != "bifolium"))
    parser.add_argument("--json", help="write all figures to this file")
    parser.add_argument("--work", default=str(Path(tempfile.gettempdir()) / "bifolium-benchmarks"))
    parser.add_argument("--counts", action="store_true", help="count work instead of timing it")
    return parser.parse_args(arguments)


def _installed(names: list[str], work: Path, *, math: bool) -> tuple[dict[str, str], list[Peer]]:
    """Return the versions of those generators that can be installed, and the generators."""
    versions: dict[str, str] = {}
    peers: list[Peer] = []
    for name in names:
        peer = PEERS[name](work / "tools", work / "blogs" / name, math=math)
        try:
            versions[name] = peer.install()
            peers.append(peer)
        except Absent as reason:
            _say(f"without {name}: {reason}")
    return versions, peers


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
