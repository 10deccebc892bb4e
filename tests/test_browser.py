"""A built site in a real browser: all loads, nothing asks another host, formulas have a size, nothing overflows."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator, Sequence
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from lab import Lab
from playwright.sync_api import Browser, Page, Response, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chromium-browser")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-sync".split()
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM and not os.environ.get("CI"), reason="no Chromium on this machine"),
]

POST = """---
title: 潮汐与月亮
lang: zh-CN
category: Sea
---

* toc
{:toc}

# 行内与独立

因此$$x_1$$至$$x_{t-1}$$是已知的，\\(\\frac12\\)也是。

$$p(x)=\\prod_{t=1}^T p(x_t|x_{<t})$$

$$\\sum_{k=0}^{n} a_{k} x^{k} = a_0 + a_1 x + a_2 x^2 + a_3 x^3 + a_4 x^4 + a_5 x^5 + a_6 x^6 + a_7 x^7 + a_8 x^8$$

## 图与代码

![一张图](/images/wide.svg)

```python
print("a line of code that is far too long for the small screen of a telephone, so it must scroll in its own box")
```

| a | b |
|---|---|
| 1 | 2 |
"""


SHAPES = """---
title: Shapes
category: Sea
---

![A](/images/wide.svg)

![B](/images/wide.svg){width=50%}

![C](/images/wide.svg){.wide}

![D](/images/wide.svg) ![E](/images/wide.svg)

<img src="/images/wide.svg" width="40%" alt="F">
"""


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, *_: object) -> None:
        """Stay silent."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    files = {
        "bifolium.toml": 'title = "Tides"\n',
        "posts/2026-01-01-tides.md": POST,
        "posts/2026-01-02-shapes.md": SHAPES,
        "posts/2026-01-02-other.md": "Other $a$.\n",
        "posts/2026-01-03-cycle.md": "```mermaid\ngraph TD\n  Ebb --> Flow\n```\n",
        "images/wide.svg": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1600 400"/>',
    }
    lab = Lab(tmp_path_factory.mktemp("browser"), files, plain=False)
    assert lab.build(strict=True).problems == ()
    handler = partial(Quiet, directory=str(lab.folder / "public"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    tab = browser.new_page()
    yield tab
    tab.close()


def opened(tab: Page, url: str, width: int) -> list[str]:
    """Open `url` and return what went wrong."""
    wrong: list[str] = []
    host = url.split("/")[2]
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on("request", lambda request: None if f"//{host}/" in request.url else wrong.append(request.url))
    tab.on("response", lambda answer: wrong.append(answer.url) if is_missing(answer) else None)
    tab.set_viewport_size({"width": width, "height": 900})
    tab.goto(url, wait_until="networkidle")
    if tab.evaluate("document.documentElement.scrollWidth > innerWidth"):
        wrong.append("the page scrolls sideways")
    return wrong


def is_missing(answer: Response) -> bool:
    """Tell whether the server hasn't what the page asked for; browsers ask for an icon by themselves."""
    return answer.status >= 400 and not answer.url.endswith("/favicon.ico")


@pytest.mark.parametrize("width", [1280, 375, 320])
@pytest.mark.parametrize("path", ["/", "/sea/2026/01/01/tides.html", "/categories/", "/archive/", "/404.html"])
def test_page_loads_whole_and_fits(tab: Page, address: str, path: str, width: int) -> None:
    assert opened(tab, address + path, width) == []


def test_formulas_pictures_and_contents_are_there(tab: Page, address: str) -> None:
    opened(tab, f"{address}/sea/2026/01/01/tides.html", 1280)
    assert tab.locator("article .katex-html").count() == 5
    assert tab.locator("article .math").count() == 2
    boxes = [box.bounding_box() for box in tab.locator("article .katex-html .base").all()]
    assert all(box and box["width"] > 3 and box["height"] > 8 for box in boxes)
    assert tab.evaluate("document.fonts.check('16px KaTeX_Main')")
    picture = tab.locator("article figure img")
    assert (picture.get_attribute("width"), picture.get_attribute("height")) == ("1600", "400")
    assert picture.evaluate("img => img.complete && img.naturalWidth > 0")
    links = tab.locator("aside a, details a, nav.toc a").all_inner_texts()
    assert {"行内与独立", "图与代码"} <= {text.strip() for text in links}
    ids = tab.locator("article :is(h1, h2)[id]").evaluate_all("all => all.map(it => it.id)")
    assert ids == ["行内与独立", "图与代码"]


def test_a_picture_is_enlarged_by_the_keyboard_and_by_touch_and_closed_again(browser: Browser, address: str) -> None:
    with browser.new_context(has_touch=True) as context:
        tab = context.new_page()
        opened(tab, f"{address}/sea/2026/01/01/tides.html", 800)
        tab.locator("a.zoom").focus()
        tab.keyboard.press("Enter")
        assert tab.locator("dialog.zoomed[open] img").get_attribute("alt") == "一张图"
        tab.keyboard.press("Escape")
        tab.locator("dialog").wait_for(state="detached")
        tab.locator("a.zoom:focus").wait_for(state="attached")
        tab.locator("a.zoom").tap()
        tab.locator("dialog.zoomed button").tap()
        tab.locator("dialog").wait_for(state="detached")


def test_an_enlarged_picture_is_pinched_and_moved_by_touch(browser: Browser, address: str) -> None:
    with browser.new_context(has_touch=True, is_mobile=True, viewport={"width": 375, "height": 700}) as context:
        tab = context.new_page()
        opened(tab, f"{address}/sea/2026/01/01/tides.html", 375)
        tab.locator("a.zoom").tap()
        tab.locator("dialog[open] img").wait_for()
        slide(tab, [(150, 350), (220, 350)], [(100, 350), (270, 350)])
        tab.wait_for_function("visualViewport.scale > 1.5")
        slide(tab, [(300, 500)], [(100, 400)])
        tab.wait_for_function("visualViewport.offsetLeft > 20")
        assert tab.locator("dialog[open]").count() == 1


def slide(tab: Page, start: Sequence[tuple[int, int]], end: Sequence[tuple[int, int]], steps: int = 10) -> None:
    """Lay fingers on the page, move them and lift them."""
    session = tab.context.new_cdp_session(tab)

    def touch(kind: str, share: float) -> None:
        points = [
            {"x": a + share * (c - a), "y": b + share * (d - b), "id": number}
            for number, ((a, b), (c, d)) in enumerate(zip(start, end, strict=True))
        ]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [] if kind == "touchEnd" else points})

    touch("touchStart", 0)
    for step in range(1, steps + 1):
        touch("touchMove", step / steps)
    touch("touchEnd", 1)


@pytest.mark.parametrize("width", [1280, 375])
def test_nothing_moves_when_pictures_come(browser: Browser, address: str, width: int) -> None:
    heights = []
    for is_late in (True, False):
        with browser.new_context(viewport={"width": width, "height": 3000}) as context:
            tab = context.new_page()
            if is_late:
                tab.route("**/wide.svg", lambda _: None)
            tab.goto(f"{address}/sea/2026/01/02/shapes.html", wait_until="commit" if is_late else "networkidle")
            tab.locator("footer.site").wait_for()
            heights.append(tab.locator(".content img").evaluate_all("all => all.map(it => it.offsetHeight)"))
    assert heights[0] == heights[1]
    assert len(heights[0]) == 6
    assert min(heights[0]) > 20


def test_a_printed_picture_is_no_taller_than_its_paper(tab: Page, address: str) -> None:
    tab.set_viewport_size({"width": 700, "height": 60})
    tab.goto(f"{address}/sea/2026/01/02/shapes.html")
    tab.emulate_media(media="print")
    heights = tab.evaluate("[...document.querySelectorAll('.content img')].map(it => it.clientHeight)")
    assert heights
    assert all(0 < height <= 0.92 * 60 for height in heights)


def test_a_picture_leads_to_its_original_without_scripts(browser: Browser, address: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        tab = context.new_page()
        tab.goto(f"{address}/sea/2026/01/01/tides.html")
        tab.locator("a.zoom").click()
        tab.wait_for_url("**/images/wide.svg")


def test_pages_work_without_scripts(browser: Browser, address: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        tab = context.new_page()
        tab.goto(f"{address}/sea/2026/01/01/tides.html")
        assert tab.locator("article .katex-html").first.is_visible()


def test_this_is_not_skipped_where_a_browser_must_be() -> None:
    assert CHROMIUM, "no Chromium found"


def test_a_diagram_is_drawn_by_our_own_script(tab: Page, address: str) -> None:
    assert opened(tab, f"{address}/2026/01/03/cycle.html", 1280) == []
    drawing = tab.locator("pre.mermaid svg")
    drawing.wait_for()
    box = drawing.bounding_box()
    assert box
    assert min(box["width"], box["height"]) > 50
    assert [label for label in ("Ebb", "Flow") if label in (drawing.text_content() or "")] == ["Ebb", "Flow"]


def test_a_diagram_without_scripts_is_its_source(browser: Browser, address: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        tab = context.new_page()
        assert opened_plainly(tab, f"{address}/2026/01/03/cycle.html") == "graph TD\n  Ebb --> Flow"


def test_pages_without_a_diagram_load_no_script_for_them(tab: Page, address: str) -> None:
    opened(tab, f"{address}/2026/01/02/other.html", 1280)
    assert tab.evaluate("[...document.scripts].filter(script => /mermaid|diagrams/.test(script.src)).length") == 0


def opened_plainly(tab: Page, url: str) -> str:
    """Return the text of a page's diagram."""
    tab.goto(url)
    return tab.locator("pre.mermaid").inner_text().strip()
