"""The code keeps the rules of its tools: ruff's, and those of types."""

from __future__ import annotations

import subprocess
import sys

import pytest
from lab import HERE

TOOLS = {
    "ruff finds nothing": "ruff check",
    "ruff would format nothing anew": "ruff format --check",
    "every type is right": "mypy src tests benchmarks",  # hatch_build.py needs what only the build of a wheel installs
}


@pytest.mark.parametrize("command", TOOLS.values(), ids=TOOLS.keys())
def test_the_code_keeps_the_rules(command: str) -> None:
    run = [sys.executable, "-m", *command.split()]
    done = subprocess.run(run, cwd=HERE.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
