"""The outermost door: whatever streams, signals and environment a command is given, it ends as programs do, without a
traceback. Processes are real, as are the pipes between them.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from lab import Lab

from bifolium.problems import Problem, draw

POST = "---\ntitle: 群论\ndate: 2026-01-01\n---\nNo [link](nowhere.md).\n"
BARE = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "SOURCE_DATE", "HOME"))}
ENVIRONMENT = BARE | {"PYTHONPATH": os.pathsep.join(sys.path), "NO_COLOR": "1"}
POSIX = pytest.mark.skipif(os.name == "nt", reason="needs signals, pipes and users as POSIX has them")


def run_as_somebody(site: Path, command: str, home: str = "-u HOME") -> subprocess.CompletedProcess[str]:
    """Run a command as a user that nobody has made."""
    shell = f"env {home} setpriv --reuid=54321 --clear-groups {sys.executable} -m bifolium {command}"
    return subprocess.run(shell.split(), cwd=site, env=ENVIRONMENT, capture_output=True, text=True, check=False)


def can_be_somebody() -> bool:
    """Tell whether commands can be run as a user that nobody has made; Python may lie where only its owner looks."""
    if shutil.which("setpriv") is None or os.geteuid() != 0:
        return False
    return run_as_somebody(Path("/"), "--version").returncode == 0


AS_SOMEBODY = pytest.mark.skipif(not can_be_somebody(), reason="needs root, and a Python that others can run")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return Lab(tmp_path / "site", {"bifolium.toml": "", "posts/groups.md": POST}).folder


def run(site: Path, command: str, redirected: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a shell does, whose exit code is that of bifolium."""
    shell = f"set -o pipefail; {sys.executable} -m bifolium {command} {redirected}"
    return subprocess.run(
        ["bash", "-c", shell],
        cwd=site,
        env={**ENVIRONMENT, "HOME": str(site), **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@POSIX
@pytest.mark.parametrize("command", ["list", "--help", "schema", "list --json"])
def test_a_reader_that_goes_away_ends_a_command_silently_as_a_broken_pipe_does(site: Path, command: str) -> None:
    done = run(site, command, "| true")
    assert (done.returncode, done.stderr) == (141, "")


@POSIX
@pytest.mark.parametrize("streams", ["2>&-", ">&-", "<&- >&- 2>&-"])
def test_closed_streams_are_no_mistake(site: Path, streams: str) -> None:
    done = run(site, "build", streams)
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    assert (site / "public/index.html").is_file()


@POSIX
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_output_that_can_not_be_written_is_told(site: Path) -> None:
    done = run(site, "list", "> /dev/full")
    assert (done.returncode, done.stderr) == (1, "bifolium: error: no space left on device [system]\n1 error\n")


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_a_narrow_encoding_takes_every_character(site: Path, encoding: str) -> None:
    done = run(site, "list --json", PYTHONIOENCODING=encoding)
    assert json.loads(done.stdout)["posts"][0]["title"] == "群论"
    assert run(site, "new 群", PYTHONIOENCODING=encoding).returncode == 0
    listed = run(site, "list", PYTHONIOENCODING=encoding)
    assert (listed.returncode, listed.stdout.count("\n")) == (0, 2)


@pytest.mark.parametrize("moment", ["1e9", "-5", "²", "٣", "99999999999999999999", "253402300800"])
def test_an_odd_source_date_epoch_is_wrong_usage(site: Path, moment: str) -> None:
    done = run(site, "list", SOURCE_DATE_EPOCH=moment)
    expected = "expected a number of seconds since 1970, such as `1795435200`"
    assert (done.returncode, done.stderr.splitlines()[-1]) == (2, f"Error: SOURCE_DATE_EPOCH is `{moment}`, {expected}")


@POSIX
@AS_SOMEBODY
def test_a_user_without_a_home_can_list() -> None:
    with TemporaryDirectory() as folder:  # pytest's own folders are for their owner alone
        Path(folder).chmod(0o755)
        Lab(Path(folder), {"posts/groups.md": POST})
        done = run_as_somebody(Path(folder), "list")
    assert (done.returncode, done.stdout) == (0, "2026-01-01  posts/groups.md  /2026/01/01/groups.html\n")


@POSIX
@AS_SOMEBODY
def test_a_read_only_site_is_built_elsewhere_and_remembered() -> None:
    with TemporaryDirectory() as folder, TemporaryDirectory() as elsewhere:
        Path(folder).chmod(0o755)
        Path(elsewhere).chmod(0o777)
        Lab(Path(folder), {"posts/groups.md": "---\ntitle: Groups\ndate: 2026-01-01\n---\nText.\n"})
        done = [run_as_somebody(Path(folder), f"build -o {elsewhere}/out", f"HOME={elsewhere}") for _ in range(2)]
        assert [it.returncode for it in done] == [0, 0]
        assert [": nothing to do (" in it.stderr for it in done] == [False, True]
        assert Path(elsewhere, "out/index.html").is_file()


@POSIX
@AS_SOMEBODY
def test_a_file_that_may_not_be_read_is_not_told_as_one_that_may_not_be_written() -> None:
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        lab = Lab(Path(folder), {"posts/groups.md": "---\ndate: 2026-01-01\n---\nText.\n", "static/x.txt": "x"})
        (lab.folder / "static/x.txt").chmod(0)
        done = run_as_somebody(lab.folder, "build")
    assert (done.returncode, done.stderr.splitlines()[0]) == (
        1,
        f"{folder}/static/x.txt: error: can't read this file: permission denied [unreadable]",
    )


def test_a_port_that_is_taken_is_named(site: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run(site, f"serve --port {port}")
    assert done.returncode == 1
    assert done.stderr.startswith(f"127.0.0.1:{port}: error: ")


@POSIX
def test_what_is_to_be_typed_next_can_be_typed(tmp_path: Path) -> None:
    done = run(tmp_path, "init 'my \"own\" blog'")
    assert done.stderr.splitlines()[-1] == """a new blog; now: cd 'my "own" blog' && bifolium build"""


@POSIX
def test_a_folder_that_can_not_be_is_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "gone").mkdir()
    done = run(tmp_path, "init file")
    assert (done.returncode, done.stderr.splitlines()[-1]) == (
        2,
        "Error: file is no folder; name a new one, such as `bifolium init my-blog`",
    )
    done = run(tmp_path / "gone", "list", "; rmdir ../gone; " + f"{sys.executable} -m bifolium list")
    assert (done.returncode, done.stderr.splitlines()[-1]) == (
        2,
        "Error: the folder in which you are isn't there any more",
    )


@POSIX
def test_a_new_post_can_be_read_whatever_its_title(site: Path) -> None:
    titles = {
        "a\nb": "a b",
        "null": "null",
        " 010 ": "010",
        'say "x": y # z': 'say "x": y # z',
        "🎉": "🎉",
        "- x]": "- x]",
    }
    written = [run(site, f"new --tag {shlex.quote(title)} -- {shlex.quote(title)}") for title in titles]
    assert [done.returncode for done in written] == [0] * len(titles)
    listed = json.loads(run(site, "list --json --future").stdout)
    assert listed["problems"] == []
    found = {card["title"]: card["tags"] for card in listed["posts"] if card["path"] != "posts/groups.md"}
    assert found == {it: [it] for it in titles.values()}


@POSIX
@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("", "this name is empty: expected a text, such as `Tides of February`"),
        (" ", "this name is empty: expected a text, such as `Tides of February`"),
        ("a\x1bb", "`a␛b` is no name: expected a text without control characters"),
    ],
)
def test_a_title_that_can_not_be_written_is_wrong_usage(site: Path, title: str, said: str) -> None:
    done = run(site, f"new {shlex.quote(title)}")
    assert (done.returncode, done.stderr.splitlines()[-1]) == (2, f"Error: {said}")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("blog.org", "expected an address such as `https://example.org/blog`; write `https://blog.org`"),
        ("https://a b", "expected an address such as `https://example.org/blog`"),
        ("https://me@blog.org/", "expected an address without name, query and fragment; write `https://blog.org/`"),
    ],
)
def test_the_address_on_the_command_line_is_checked_as_that_in_the_settings(site: Path, given: str, said: str) -> None:
    done = run(site, f"build --base-url '{given}'")
    assert (done.returncode, done.stderr.splitlines()[-1]) == (2, f"Error: `--base-url` is `{given}`, {said}")


@pytest.mark.parametrize("command", ["build --json", "list --json", "check --json"])
def test_machine_output_holds_the_problems_that_end_a_command(site: Path, command: str) -> None:
    (site / "bifolium.toml").write_text("titel = 1\n")
    done = run(site, command)
    answer = json.loads(done.stdout)
    problems = answer if isinstance(answer, list) else answer["problems"]
    assert [(found["path"], found["line"], found["message"]) for found in problems] == [
        ("bifolium.toml", 1, "unknown option `titel`")
    ]
    assert done.returncode == 1


def test_control_characters_are_seen_and_change_no_terminal() -> None:
    problem = Problem("a\x1b[2J.md", 1, 7, "x", "no \x9b31m, \u202ereversed", "del\x7f", source="a\x1b[31m b", width=1)
    assert draw(problem) == (
        "a␛[2J.md:1:7: warning: no \ufffd31m, \ufffdreversed [x]\n    1 | a␛[31m b\n      |       ^\n      = del␡"
    )


@POSIX
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)])
def test_a_signal_ends_the_workers_too(tmp_path: Path, number: signal.Signals, code: int) -> None:
    process, workers = busy(tmp_path)
    process.send_signal(number)
    assert process.wait(10) == code
    assert "Traceback" not in (process.stderr.read() if process.stderr else "")
    assert_gone(workers)
    assert not (tmp_path / "public").exists()


@POSIX
def test_workers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    process, workers = busy(tmp_path)
    process.kill()
    process.wait()
    assert_gone(workers)


@POSIX
def test_an_interrupt_while_it_starts_ends_it_without_a_word(site: Path) -> None:
    program = "import os, signal, bifolium.__main__; os.kill(os.getpid(), signal.SIGINT)"
    done = subprocess.run([sys.executable, "-c", program], cwd=site, env=ENVIRONMENT, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (-signal.SIGINT, b"")  # which a shell tells as 130


def busy(folder: Path) -> tuple[subprocess.Popen[str], list[int]]:
    """Return a build that is at work for a while, and its workers' process numbers."""
    formulas = "\n\n".join(f"$x_{{{number}}}^{{N}}$ and *more*" for number in range(400))
    lab = Lab(folder, {"bifolium.toml": ""})
    lab.write({f"posts/2026-01-01-p{number}.md": formulas.replace("N", str(number)) for number in range(150)})
    command = [sys.executable, "-m", "bifolium", "build", "-j", "2"]
    process = subprocess.Popen(command, cwd=folder, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True)
    for _ in range(2000):
        if len(workers := children(process.pid)) == 2 or process.poll() is not None:
            break
        time.sleep(0.01)
    time.sleep(0.1)
    return process, workers


def children(process: int) -> list[int]:
    said = subprocess.run(["ps", "-A", "-o", "ppid=,pid="], capture_output=True, text=True, check=True).stdout
    return [int(pid) for parent, pid in map(str.split, said.splitlines()) if int(parent) == process]


def assert_gone(processes: list[int]) -> None:
    """Assert that processes end soon; a zombie, which waits for nobody to bury it, has ended."""
    assert len(processes) == 2
    for _ in range(1000):
        said = subprocess.run(
            ["ps", "-o", "stat=", "-p", ",".join(map(str, processes))], capture_output=True, text=True, check=False
        ).stdout.split()
        if all(state.startswith("Z") for state in said):
            return
        time.sleep(0.01)
    raise AssertionError(f"still running: {processes}")
