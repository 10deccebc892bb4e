"""Take the README's pictures of the showcase anew: `python tests/screenshots.py`, then look at images/look-*.webp."""

from __future__ import annotations

import tempfile
from io import BytesIO
from pathlib import Path
from typing import Literal, NamedTuple

import shown
from PIL import Image

IMAGES = Path(__file__).parent.parent / "images"


class View(NamedTuple):
    """A page as some reader sees it; `down` is how far that reader has scrolled."""

    page: str
    width: int
    height: int
    scheme: Literal["light", "dark"]
    down: int = 0


VIEWS = {
    "light": View("post", 1280, 1150, "light"),
    "dark": View("post", 1280, 1150, "dark", 960),
    "chinese": View("chinese", 1280, 1150, "light"),
    "phone": View("home", 390, 1150, "dark"),
}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, shown.showcase(Path(folder)) as address, shown.browser() as browser:
        for name, view in VIEWS.items():
            size = {"width": view.width, "height": view.height}
            with browser.new_context(viewport=size, color_scheme=view.scheme, reduced_motion="reduce") as context:  # type: ignore[arg-type]
                tab = context.new_page()
                tab.goto(address + shown.PAGES[view.page], wait_until="networkidle")
                tab.evaluate(f"scrollTo(0, {view.down})")
                tab.wait_for_timeout(300)
                picture = Image.open(BytesIO(tab.screenshot()))
            picture.save(IMAGES / f"look-{name}.webp", "webp", quality=82, method=6)


if __name__ == "__main__":
    main()
