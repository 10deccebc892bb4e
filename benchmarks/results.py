"""What was measured, in a file: written after each trial, so that a run that is broken off goes on from there."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.timing import Run


class Results:
    """All runs by case, trial and generator; kept in a file if there is one."""

    def __init__(self, path: Path | None, *, anew: bool = False) -> None:
        """Take over what is in the file at `path`."""
        self.path = path
        begun = path and path.exists() and not anew
        self.all: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path and begun else {}
        self.all.setdefault("cases", {})

    def note(self, versions: Mapping[str, str]) -> None:
        """Note the machine, and what of each generator."""
        self.all["machine"] = machine()
        self.all["versions"] = {**self.all.get("versions", {}), **versions}

    def has(self, case: str, trial: str, names: Sequence[str], rounds: int) -> bool:
        """Tell whether these were measured before, or have failed."""
        found = self.all["cases"].get(case, {}).get(trial, {})
        there = found.get("runs", {})
        failed = " ".join(found.get("wrong", ()))
        return bool(found) and all(len(there.get(name, ())) >= rounds or name in failed for name in names)

    def put(self, case: str, trial: str, runs: Mapping[str, Sequence[Run]], wrong: Sequence[str]) -> None:
        """Add a trial."""
        plain = {name: [it.plain() for it in some] for name, some in runs.items()}
        self.all["cases"].setdefault(case, {})[trial] = {"runs": plain, "wrong": list(wrong)}
        self.save()

    def move(self, path: Path) -> None:
        """Keep the file elsewhere, so that the next run begins anew."""
        self.save()
        if self.path:
            path.write_bytes(self.path.read_bytes())
            self.path.unlink()

    def save(self) -> None:
        """Write the file, if there is one."""
        if self.path:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.write_text(json.dumps(self.all, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def machine() -> dict[str, Any]:
    """Return what of the machine decides upon speed."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return {
        "system": platform.system(),
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load": round(load, 2),
    }
