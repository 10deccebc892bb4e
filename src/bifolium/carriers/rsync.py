"""Send a site by rsync: over SSH, or to a folder of this machine."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from bifolium.carriers import Stuff
from bifolium.carriers.programs import run
from bifolium.problems import SiteError

_NOWHERE = "No such file or directory"  # how rsync says that there is no such folder yet
_ALL = ("rsync", "-r", "-8", "--from0", "--chmod=D755,F644", "--perms", "--partial-dir=.rsync-partial")


class Rsync:
    """A folder `to`, here or at a host, and the folder of the finished site."""

    def __init__(self, output: Path, to: str) -> None:
        self.here = f"{output}/"
        self.there = to.rstrip("/") + "/"

    def read(self, path: str) -> bytes | None:
        """Return a file at the target, or None if there is none."""
        with TemporaryDirectory() as folder:
            try:
                run(["rsync", "--ignore-missing-args", self.there + path, f"{folder}/"])
            except SiteError as failed:
                if _NOWHERE not in str(failed):
                    raise
            found = Path(folder) / path
            return found.read_bytes() if found.exists() else None

    def compare(self, files: Iterable[Stuff], known: Mapping[str, str]) -> dict[str, bool]:
        """Return which files are at the target, by their bytes: nothing is moved, and times don't count."""
        del known
        paths = [it.path for it in files]
        said = run([*_ALL, "-c", "-n", "--out-format=%i %n", "--files-from=-", self.here, self.there], _listed(paths))
        told = dict(line.split(" ", 1)[::-1] for line in said.decode(errors="surrogateescape").splitlines())
        moved = {path: how for path, how in told.items() if how[0] in "<>"}
        return {path: path not in moved for path in paths if "+++" not in moved.get(path, "")}

    def send(self, files: Iterable[Stuff]) -> None:
        """Send files of the site."""
        run([*_ALL, "-c", "--files-from=-", self.here, self.there], _listed(it.path for it in files))

    def write(self, path: str, data: bytes) -> None:
        """Write a file that is none of the site's."""
        with TemporaryDirectory() as folder:
            (Path(folder) / path).write_bytes(data)
            run([*_ALL, f"{folder}/{path}", self.there])

    def delete(self, paths: Iterable[str]) -> None:
        """Delete files at the target, with folders that are empty then; what the rules don't name is protected."""
        rules = {f"/{part}": None for path in paths for part in (*_folders(path), path)}
        with TemporaryDirectory() as nothing:
            only = ["--delete", "--include-from=-", "--exclude=*"]
            run(["rsync", "-r", "-8", "--from0", *only, f"{nothing}/", self.there], _listed(map(_literal, rules)))


def _folders(path: str) -> list[str]:
    """Return the folders above a path, the outermost first."""
    parts = path.split("/")
    return ["/".join(parts[:number]) + "/" for number in range(1, len(parts))]


def _literal(path: str) -> str:
    """Return a rule for that path alone: what would be wildcards stands for itself."""
    return re.sub(r"([*?[])", r"\\\1", path)


def _listed(paths: Iterable[str]) -> bytes:
    return "".join(f"{path}\0" for path in sorted(paths)).encode(errors="surrogateescape")
