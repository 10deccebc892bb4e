"""Transcripts. Each ```console block in tests/cli/*.md is played in a folder of its own; what is printed must be what
the transcript shows, so it can be read as documentation. `$ command`, then its output; `[exit N]` if N isn't 0.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from lab import HERE

ACCEPT = bool(os.environ.get("BIFOLIUM_ACCEPT"))
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
ENVIRONMENT = {
    **os.environ,
    "SOURCE_DATE_EPOCH": "1795435200",  # 2026-11-23 12:00 UTC
    "TZ": "UTC",
    "NO_COLOR": "1",
    "COLUMNS": "100",
    "PYTHONPATH": os.pathsep.join(sys.path),
    "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
}


@pytest.mark.parametrize("transcript", sorted((HERE / "cli").glob("*.md")), ids=lambda path: path.stem)
def test_transcript(transcript: Path, tmp_path: Path) -> None:
    text = transcript.read_text(encoding="utf-8")
    played = BLOCK.sub(lambda block: f"```console\n{play(block[1], tmp_path)}```", text)
    if ACCEPT:
        transcript.write_text(played, encoding="utf-8")
    assert played == text


def play(block: str, folder: Path) -> str:
    """Return the block with what its commands print now."""
    commands = [line[2:] for line in block.splitlines() if line.startswith("$ ")]
    return "".join(f"$ {command}\n{output(command, folder)}" for command in commands)


def output(command: str, folder: Path) -> str:
    """Return what a command prints, on both streams, with times and paths that differ from run to run made equal."""
    shell = (
        command.replace("bifolium", f"{sys.executable} -m bifolium", 1) if command.startswith("bifolium") else command
    )
    done = subprocess.run(shell, shell=True, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    said = (done.stdout + done.stderr).replace(str(folder), "…")
    said = re.sub(r"\(\d+\.\d\d s\)", "(… s)", said)
    return said + (f"[exit {done.returncode}]\n" if done.returncode else "")
