"""Deploy the finished site: refuse what isn't fit, find out what changed at the target, and carry it there."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from msgspec import structs

from bifolium import corpus, finished, freight, ledger, outputs, publish, workshop
from bifolium.carriers import Carrier, Stuff
from bifolium.carriers.git import Branch
from bifolium.carriers.rsync import Rsync
from bifolium.carriers.store import Store
from bifolium.freight import NOTE, Note, Voyage
from bifolium.journal import DIGEST, locked
from bifolium.onlooker import Progress, unseen
from bifolium.pool import Crew
from bifolium.problems import Problem, SiteError, error
from bifolium.sections import Deploy
from bifolium.site import Site
from bifolium.store import read_state

STORES = ("s3://", "s3a://", "gs://", "az://", "azure://", "abfs://", "abfss://", "memory://")

_DOMAINS = ("CNAME", ".domains")
"""Where hosts look for a domain of one's own: GitHub Pages, and Codeberg Pages."""


class Deployed(NamedTuple):
    """What a deploy moved, or would move; `unchanged` counts the files that stayed."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]
    unchanged: int


class Load(NamedTuple):
    """The files of the finished site with their digests, and what the site says of itself."""

    files: dict[str, str]
    about: dict[str, str]


class Notes(NamedTuple):
    """What the target knows before a voyage, and after it."""

    before: Note
    after: Note


def deploy(
    site: Site, target: Deploy, *, dry: bool = False, force: bool = False, progress: Progress = unseen.progress
) -> Deployed:
    """Bring the target to what the finished site is; raises SiteError if that may not or can't be."""
    with locked(site.state):
        load = _load(site, target)
        if target.by == "git" and not target.to.startswith(STORES):
            return _as_branch(site, target, load, dry=dry, force=force)
        return _by_carrier(site, target, load, dry=dry, force=force, progress=progress)


def _load(site: Site, target: Deploy) -> Load:
    """Return what is to be deployed, if it is fit for that."""
    about = dict(publish.said(site.output))
    problem = freight.unfit(about, target.base_url or site.settings.base_url, str(site.output)) or _stale(site, about)
    if problem:
        raise SiteError([problem])
    paths = [*finished.files(site.output), *(it for it in freight.HIDDEN if (site.output / it).is_file())]
    return Load({path: _digest(site.output / path) for path in paths}, about)


def _stale(site: Site, about: Mapping[str, str]) -> Problem | None:
    """Return what is wrong if the last build isn't of the files as they are: it failed, or there was none since.

    If nothing is remembered of the build, as on another machine, nobody can tell.
    """
    settings = structs.replace(site.settings, base_url=about["base_url"])  # which the build may have been told
    site = replace(site, settings=settings)
    with workshop.opened(site.state, Crew(1), unseen) as shop:
        before = ledger.decode(read_state(site.state / "ledger"), shop.epoch + site.digest)
    intact = len(outputs.intact(site, before)) == len(before.outputs)
    if not before.taken or (intact and corpus.scan(site).tree == before.tree):
        return None
    message = "the finished site isn't that of the files as they are: something changed since, or the last build failed"
    return error(str(site.output), 0, 0, "stale", message, "`bifolium build` first")


def _by_carrier(site: Site, target: Deploy, load: Load, *, dry: bool, force: bool, progress: Progress) -> Deployed:
    """Send what changed, group after group; a note at the target tells what is ours, also after an interruption."""
    carrier = _carrier(site, target)
    before = freight.note(carrier.read(NOTE))
    stuff = {path: Stuff(path, *freight.headers(path), freight.mark(it, path)) for path, it in load.files.items()}
    same = carrier.compare(stuff.values(), before.files)
    if not force and (problem := freight.strangers(same, before, target.to)):
        raise SiteError([problem])
    after = Note(about=load.about, files={path: it.mark for path, it in stuff.items()})
    voyage = freight.voyage(load.files, same, before)
    if not dry and (voyage.moves or after != before):
        _sail(carrier, stuff, voyage, Notes(before, after), progress)
    return _told(voyage, load.files)


def _carrier(site: Site, target: Deploy) -> Carrier:
    if target.to.startswith(STORES):
        return Store(site.output, target.to, {"endpoint": target.endpoint, "region": target.region})
    return Rsync(site.output, target.to)


def _sail(carrier: Carrier, stuff: Mapping[str, Stuff], voyage: Voyage, notes: Notes, progress: Progress) -> None:
    total, done = len(voyage.new) + len(voyage.changed), 0
    carrier.write(NOTE, freight.encoded(freight.on_its_way(notes.before, voyage)))
    for group in freight.in_order(voyage):
        carrier.send([stuff[path] for path in group])
        done += len(group)
        progress("sent", done, total)
    if voyage.gone:
        carrier.delete(voyage.gone)
    carrier.write(NOTE, freight.encoded(notes.after))


def _as_branch(site: Site, target: Deploy, load: Load, *, dry: bool, force: bool) -> Deployed:
    """Make one commit of the site and push it, if anything differs from the branch as it is."""
    branch = Branch(site.folder, site.state, target.to, target.branch)
    tip = branch.tip()
    if tip.files and NOTE not in tip.files and not force:
        message = f"the branch `{target.branch}` holds files that no deploy has put there, such as `{min(tip.files)}`"
        hint = "name a branch that is for the finished site alone, or replace all that is in it with `--force`"
        raise SiteError([error(target.to, 0, 0, "strangers", message, hint)])
    files = branch.blobs(site.output, load.files) | _beside(branch, target, load, tip.files)
    ours = {path: name for path, name in tip.files.items() if path != NOTE}
    voyage = freight.voyage(
        files.keys() - {NOTE}, {path: files.get(path) == ours[path] for path in ours}, Note(files=ours)
    )
    if not dry and files != tip.files:
        branch.publish(files, tip, _words(load), history=target.history)
    return _told(voyage, load.files)


def _words(load: Load) -> str:
    """Return the message of a deploy's commit."""
    posts = load.about.get("posts", "0")
    return f"Publish {posts} post{'s' * (posts != '1')}"


def _beside(branch: Branch, target: Deploy, load: Load, old: Mapping[str, str]) -> dict[str, str]:
    """Return what a branch holds beside the site: our note, and what hosts need; domains that are there stay."""
    files = {
        NOTE: branch.blob(freight.encoded(Note(about=load.about, files=load.files))),
        ".nojekyll": branch.blob(b""),
    }
    for name in _DOMAINS:
        if target.domain:
            files[name] = branch.blob(f"{target.domain}\n".encode())
        elif name in old and name not in load.files:
            files[name] = old[name]
    return files


def _told(voyage: Voyage, files: Mapping[str, str]) -> Deployed:
    return Deployed(*voyage, unchanged=len([path for path in files if path not in {*voyage.new, *voyage.changed}]))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=DIGEST)).hexdigest()
