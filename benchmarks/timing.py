"""Run a command and tell what it took, as the operating system accounts it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

_UNIT = 1 if sys.platform == "darwin" else 1024  # bytes that `ru_maxrss` counts in


class Run(NamedTuple):
    """Seconds by the clock and of all processors, and the bytes of the largest process."""

    wall: float
    cpu: float
    memory: int

    def plain(self) -> dict[str, float]:
        """Return it as it is kept."""
        return {"wall": round(self.wall, 4), "cpu": round(self.cpu, 4), "memory": self.memory}


class Failed(Exception):  # noqa: N818 (a generator did)
    """A command ended with an error; holds what it printed."""


def timed(command: Sequence[str], folder: Path) -> Run:
    """Run `command` in `folder`; raises Failed."""
    with tempfile.TemporaryFile() as said:
        began = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise Failed(said.read().decode(errors="replace")[-1500:])
    return Run(wall, used.ru_utime + used.ru_stime, used.ru_maxrss * _UNIT)
