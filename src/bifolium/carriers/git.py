"""Publish a site as a branch of any git repository, without touching the site's own repository.

What git makes is kept in a store of objects of our own; the site's repository only lends its remotes and credentials.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from bifolium.carriers.programs import run
from bifolium.problems import SiteError

_NOBODY = {
    "GIT_AUTHOR_NAME": "bifolium",
    "GIT_AUTHOR_EMAIL": "bifolium@localhost",
    "GIT_COMMITTER_NAME": "bifolium",
    "GIT_COMMITTER_EMAIL": "bifolium@localhost",
}


class Tip(NamedTuple):
    """The last commit of a branch and the files in it with their objects' names, if there is such a branch."""

    commit: str = ""
    files: dict[str, str] = {}  # noqa: RUF012 (never assigned to: values are immutable by agreement)


class Branch:
    """A branch of the repository `to`, which is an address or the name of a remote of the site's repository."""

    def __init__(self, site: Path, state: Path, to: str, branch: str) -> None:
        self.name = f"refs/heads/{branch}"
        own = state / "deploy.git"
        if not (own / "HEAD").exists():
            run(["git", "init", "-q", "--bare", str(own)])
        self.repository = _repository(site) or own
        self.space = {"GIT_OBJECT_DIRECTORY": str(own / "objects"), "GIT_TERMINAL_PROMPT": "0"}
        if self.repository != own:
            objects = self._git("rev-parse", "--path-format=absolute", "--git-path", "objects").decode().strip()
            self.space["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = objects
        self.to = self._address(to)

    def tip(self) -> Tip:
        """Return the branch as it is now; its last commit is fetched, if it isn't here."""
        found = self._git("ls-remote", "--", self.to, self.name).decode().split()
        if not found:
            return Tip()
        commit = found[0]
        try:
            self._own("cat-file", "-e", f"{commit}^{{tree}}")
        except SiteError:
            self._own("fetch", "-q", "--no-tags", "--no-write-fetch-head", "--refmap=", "--", self.to, self.name)
        entries = (it.split("\t", 1) for it in _split(self._own("ls-tree", "-r", "-z", commit)))
        return Tip(commit, {path: about.split()[2] for about, path in entries})

    def blobs(self, output: Path, paths: Iterable[str]) -> dict[str, str]:
        """Keep files as git's objects; return their names by path."""
        every = list(paths)
        listed = "".join(f"{output.resolve() / path}\n" for path in every).encode(errors="surrogateescape")
        names = self._own("hash-object", "-w", "--no-filters", "--stdin-paths", stdin=listed).decode().split()
        return dict(zip(every, names, strict=True))

    def blob(self, data: bytes) -> str:
        """Keep bytes as an object of git's; return its name."""
        return self._own("hash-object", "-w", "--stdin", stdin=data).decode().strip()

    def read(self, name: str) -> bytes:
        """Return an object's bytes."""
        return self._own("cat-file", "blob", name)

    def publish(self, files: Mapping[str, str], tip: Tip, message: str, *, history: bool) -> str:
        """Make a commit of `files` and push it; without `history` it is the branch's only one. Return its name."""
        tree = self._tree(files)
        parents = ["-p", tip.commit] if history and tip.commit else []
        commit = self._own("commit-tree", tree, *parents, "-m", message, more=self._author()).decode().strip()
        lease = f"--force-with-lease={self.name}:{tip.commit}"  # nobody else's push in between is lost
        forced = [] if history else ["--force"]
        self._own("push", "-q", *(forced and [lease]), "--", self.to, f"{commit}:{self.name}")
        return commit

    def _address(self, to: str) -> str:
        """Return a remote's address: a push by its name would leave a ref to objects that its repository hasn't."""
        try:
            return self._git("remote", "get-url", "--push", "--", to).decode().strip()
        except SiteError:
            return to

    def _tree(self, files: Mapping[str, str]) -> str:
        index = self.space["GIT_OBJECT_DIRECTORY"] + ".index"
        lines = "".join(f"100644 {name}\t{path}\0" for path, name in sorted(files.items()))
        more = {"GIT_INDEX_FILE": index}
        Path(index).unlink(missing_ok=True)
        self._own("update-index", "-z", "--index-info", stdin=lines.encode(errors="surrogateescape"), more=more)
        return self._own("write-tree", more=more).decode().strip()

    def _author(self) -> dict[str, str]:
        """Return who commits: whom git knows, or else nobody in particular."""
        try:
            self._own("var", "GIT_COMMITTER_IDENT")
        except SiteError:
            return _NOBODY
        return {}

    def _git(self, *arguments: str) -> bytes:
        return run(["git", *arguments], folder=self.repository, more={"GIT_TERMINAL_PROMPT": "0"})

    def _own(self, *arguments: str, stdin: bytes = b"", more: Mapping[str, str] | None = None) -> bytes:
        return run(["git", *arguments], stdin, {**self.space, **(more or {})}, self.repository)


def _repository(site: Path) -> Path | None:
    """Return the site's folder if it is in a repository."""
    try:
        run(["git", "rev-parse", "--git-dir"], folder=site)
    except SiteError:
        return None
    return site


def _split(data: bytes) -> list[str]:
    return [os.fsdecode(line) for line in data.split(b"\0") if line]
