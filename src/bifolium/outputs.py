"""What the output folder is to hold: pages, published files, the theme's files; what of it is new, what stays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from bifolium import gallery, pages, publish, sources
from bifolium.journal import MANIFEST
from bifolium.ledger import Ledger, Standing
from bifolium.model import Stamp
from bifolium.pages import Leaf
from bifolium.plan import Plan
from bifolium.press import Press
from bifolium.problems import Problem, SiteError, error
from bifolium.publish import Content, Copy
from bifolium.site import Site
from bifolium.sources import Scanned


class Wanted(NamedTuple):
    """The output: new content by path, and what stays as its stamp says."""

    changes: dict[str, Content]
    keep: dict[str, Stamp]

    def also(self, files: Mapping[str, Content]) -> Wanted:
        """Return the output with these files, too."""
        return self._replace(changes={**self.changes, **files})


def intact(site: Site, before: Ledger) -> dict[str, Stamp]:
    """Return those files of the last build that are in the output as it left them."""
    now = publish.look(site.output, before.outputs)
    return {path: stamp for path, stamp in before.outputs.items() if now.get(path) == stamp}


def is_stale(leaf: Leaf, standing: Standing) -> bool:
    """Tell whether a page must be made: what it is made from changed, or its file did."""
    return standing.before.pages.get(leaf.url) != leaf.signature or leaf.output not in standing.intact


def gather(press: Press, leaves: Iterable[Leaf], made: Mapping[str, bytes], standing: Standing) -> Wanted:
    """Return everything that the output is to hold; `made` are the stale pages' bytes by URL."""
    found: list[tuple[str, Content | None]] = [(leaf.output, made.get(leaf.url)) for leaf in leaves]
    for path, output in pages.files(press):
        kept = path in standing.same and standing.before.copies.get(output) == path and output in standing.intact
        found.append((output, None if kept else _original(press, path)))
    for output, path, name in pages.pictures(press):
        new = Copy(gallery.place(press.site) / name) if name else _original(press, path)
        found.append((output, None if output in standing.intact else new))
    for output, content in pages.theme_files(press):
        whole = content if isinstance(content, bytes) else Copy(content)
        found.append((output, None if output in standing.intact else whole))
    keep = {output: standing.intact[output] for output, new in found if new is None}
    return Wanted({output: new for output, new in found if new is not None}, _with_manifest(keep, standing))


def _original(press: Press, path: str) -> Copy:
    picture = press.pictures.get(path)
    return Copy(press.site.folder / path, cleaned=bool(picture and picture.private))


def _with_manifest(keep: dict[str, Stamp], standing: Standing) -> dict[str, Stamp]:
    """Return `keep` with the manifest's stamp: while that is true, publish need not look at each file again."""
    manifest = standing.intact.get(MANIFEST)
    return keep | {MANIFEST: manifest} if manifest else keep


def refuse(site: Site) -> None:
    """Raise SiteError if the finished site can't go where it is to go."""
    inner = {site.state, *(site.folder / name for name, _ in site.settings.folders.sources())} - {site.folder / "."}
    if problem := publish.check_output(site.folder, site.output, sorted(inner), site.home):
        raise SiteError([problem])


def refuse_strangers(site: Site, standing: Standing) -> None:
    """Raise SiteError if the output holds somebody else's files: a mistaken `-o` would bury them in ours."""
    if site.wishes.force or standing.intact or not (found := publish.strangers(site.output)):
        return
    names = ", ".join(f"`{name}`" for name in found)
    message = f"the output folder holds files that no build has put there, such as {names}"
    hint = "empty it, name another one with `-o`, or build with `--force` to write among them and over them"
    raise SiteError([error(str(site.output), 0, 0, "strangers", message, hint)])


def guarded(site: Site, found: Scanned) -> Scanned:
    """Return `found` with an error if the folder of posts is gone, and the finished site has some."""
    gone = [problem for problem in found.problems if problem.rule == sources.NO_POSTS]
    if not gone:
        return found
    posts = publish.said(site.output).get("posts", "0")
    if posts == "0":
        return _without_needless(gone[0], found, site.settings.folders.pages)
    worse = gone[0]._replace(severity="error", message=f"{gone[0].message}, and the finished site has {posts} of them")
    return found._replace(problems=tuple(sorted({*found.problems, worse} - {*gone})))


def _without_needless(gone: Problem, found: Scanned, pages: str) -> Scanned:
    """Return `found` without the warning, if the site has pages and no folder whose name is nearly that of posts."""
    if gone.hint.startswith(sources.MISSPELT) or not any(path.startswith(f"{pages}/") for path in found.tree):
        return found
    return found._replace(problems=tuple(problem for problem in found.problems if problem != gone))


def about(site: Site, plan: Plan) -> dict[str, str]:
    """Return what a finished site says of itself, so that nobody publishes one with drafts or for another address."""
    wishes = site.wishes
    return {
        "base_url": site.settings.base_url,
        "drafts": str(wishes.drafts or wishes.future).lower(),
        "posts": str(len(plan.posts)),
    }
