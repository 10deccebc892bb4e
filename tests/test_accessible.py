"""Everybody can use the theme's pages: axe finds nothing on any of them, light or dark, on large and small screens."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import npm
import pytest
import shown
from playwright.sync_api import Browser, Page, Route

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not shown.CHROMIUM and not os.environ.get("CI"), reason="no Chromium on this machine"),
]

FRONTS = {"english": {}, "chinese": {'language = "en"': 'language = "zh-CN"', "[theme]": '[theme]\nhome = "overview"'}}
"""The showcase as it is, and in Chinese with the overview as its front page."""


@pytest.fixture(scope="module")
def axe(pytestconfig: pytest.Config) -> str:
    """Return axe's script."""
    assert pytestconfig.cache
    folder = npm.packages(Path(__file__).parent / "axe", pytestconfig.cache.mkdir("axe"))
    return (folder / "axe-core" / "axe.min.js").read_text("utf-8")


@pytest.fixture(scope="module", params=FRONTS)
def address(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with shown.showcase(tmp_path_factory.mktemp("accessible"), FRONTS[request.param]) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with shown.browser() as started:
        yield started


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 375])
def test_axe_finds_nothing(
    browser: Browser, address: str, axe: str, width: int, scheme: Literal["light", "dark"]
) -> None:
    with browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True, reduced_motion="reduce"
    ) as context:
        tab = context.new_page()
        wanted = shown.PAGES if is_english(tab, address) else ("home", "chinese", "archive")
        found = {name: violations(tab, address + shown.PAGES[name], axe) for name in wanted}
    assert found == {name: [] for name in wanted}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_while_a_picture_is_enlarged(
    browser: Browser, address: str, axe: str, scheme: Literal["light", "dark"]
) -> None:
    with browser.new_context(viewport={"width": 375, "height": 700}, color_scheme=scheme, bypass_csp=True) as context:
        tab = context.new_page()
        tab.goto(address + shown.PAGES["post"])
        tab.locator("a.zoom").first.click()
        tab.locator("dialog[open] img").wait_for()
        assert found_by(axe, tab) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_page_that_leads_on(
    browser: Browser, address: str, axe: str, scheme: Literal["light", "dark"]
) -> None:
    def stay(route: Route) -> None:
        html = route.fetch().text()
        waiting = '<meta http-equiv="refresh"'
        assert waiting in html
        route.fulfill(body=html.replace(waiting, "<meta"), content_type="text/html")

    with browser.new_context(color_scheme=scheme, bypass_csp=True) as context:
        tab = context.new_page()
        tab.route(address + "/who/", stay)
        assert violations(tab, address + "/who/", axe) == []


def is_english(tab: Page, address: str) -> bool:
    """Tell which of the two showcases this is: of the Chinese one, a few pages are enough."""
    tab.goto(address)
    return tab.locator("html").get_attribute("lang") == "en"


def violations(tab: Page, url: str, axe: str) -> list[str]:
    """Return what is wrong with the page at `url`, each with the elements that have it."""
    tab.goto(url)
    return found_by(axe, tab)


def found_by(axe: str, tab: Page) -> list[str]:
    """Return what axe finds wrong with the page as it is shown now."""
    tab.evaluate(axe)
    told: list[dict[str, Any]] = tab.evaluate("async () => (await axe.run()).violations")
    return [f"{it['id']}: {' '.join(str(node['target']) for node in it['nodes'][:5])}" for it in told]


@pytest.mark.parametrize("width", [1280, 320])
def test_pages_fit_and_keep_their_policy(browser: Browser, address: str, width: int) -> None:
    wrong: list[str] = []
    with browser.new_context(viewport={"width": width, "height": 700}) as context:
        tab = context.new_page()
        tab.on("console", lambda said: wrong.append(said.text) if said.type in {"error", "warning"} else None)
        tab.on("request", lambda asked: None if asked.url.startswith(address) else wrong.append(asked.url))
        for path in shown.PAGES.values():
            tab.goto(address + path)
            if tab.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wrong.append(f"{path} scrolls sideways")
    assert wrong == []


@pytest.fixture
def tab(browser: Browser, address: str) -> Iterator[Page]:
    """A tab with the showcase's post of formulas."""
    with browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light") as context:
        tab = context.new_page()
        tab.goto(address + shown.PAGES["post"])
        yield tab


def test_colours_go_from_the_system_to_both_and_back_and_are_kept(tab: Page) -> None:
    button = tab.locator("button.theme")
    states = []
    for _ in range(4):
        states.append(
            tab.evaluate(
                "[document.documentElement.dataset.theme ?? 'auto', getComputedStyle(document.body).backgroundColor]"
            )
        )
        tab.reload()
        button.click()
    assert states == [
        ["auto", "rgb(255, 255, 255)"],
        ["dark", "rgb(21, 23, 26)"],
        ["light", "rgb(255, 255, 255)"],
        ["auto", "rgb(255, 255, 255)"],
    ]


def test_a_note_is_shown_over_the_text_and_gives_the_focus_back(tab: Page) -> None:
    number = tab.locator("a.footnote").first
    number.focus()
    tab.keyboard.press("Enter")
    note = tab.locator(".preview:popover-open")
    assert note.inner_text().startswith("Or one is told")
    assert note.locator("[id], .footnote-back").count() == 0
    tab.keyboard.press("Escape")
    assert note.count() == 0
    assert number.evaluate("it => it === document.activeElement")


def test_a_reference_is_shown_beside_the_pointer(tab: Page) -> None:
    tab.locator(".content a.ref").first.hover()
    assert tab.locator("aside.preview .katex").count() == 1


def test_headings_have_links_for_the_pointer_alone(tab: Page) -> None:
    found = tab.locator(".content h2 > a.anchor")
    assert found.first.get_attribute("href") == "#the-potential-of-a-far-body"
    assert tab.get_by_role("heading", name="How high it is", exact=True).count() == 1


def test_comments_are_loaded_when_a_reader_asks_for_them(tab: Page) -> None:
    asked: list[str] = []
    tab.on("request", lambda it: asked.append(it.url) if "giscus" in it.url else None)
    tab.route("https://giscus.app/**", lambda route: route.abort())
    assert tab.locator("script[src*=giscus]").count() == 0
    tab.locator(".comments .load").click()
    tab.wait_for_timeout(200)
    script = tab.locator("script[src*=giscus]")
    assert asked == ["https://giscus.app/client.js"]
    assert refused(tab, "https://giscus.app/en/widget") == []
    assert refused(tab, "https://elsewhere.example/") == ["frame-src"]
    assert {name: script.get_attribute(f"data-{name}") for name in ("repo", "category-id", "theme")} == {
        "repo": "ann/tides",
        "category-id": "DIC_kwDOexample",
        "theme": "preferred_color_scheme",
    }


def refused(tab: Page, address: str) -> list[str]:
    """Put a frame into the page, as the script of comments does, and return the directives that forbid it."""
    script = """async (address) => {
        const refused = [];
        document.addEventListener("securitypolicyviolation", (it) => refused.push(it.effectiveDirective));
        document.querySelector(".comments").append(Object.assign(document.createElement("iframe"), { src: address }));
        await new Promise((done) => setTimeout(done, 300));
        return refused;
    }"""
    found: list[str] = tab.evaluate(script, address)
    return found


def test_what_is_marked_is_read_in_colours_that_the_system_forces(browser: Browser, address: str) -> None:
    seen = "it => { const { color, backgroundColor } = getComputedStyle(it); return [color, backgroundColor] }"
    with browser.new_context(color_scheme="dark", forced_colors="active") as context:
        tab = context.new_page()
        tab.goto(address + shown.PAGES["post"])
        marked = tab.locator(".code mark.line").first
        colours = [marked.evaluate(seen), marked.locator("span").first.evaluate(seen)[0]]
    assert colours == [["rgb(0, 0, 0)", "rgb(255, 255, 0)"], "rgb(0, 0, 0)"]


def test_the_contents_follow_the_reader(tab: Page) -> None:
    tab.evaluate("document.documentElement.style.scrollBehavior = 'auto'")
    tab.locator("#in-the-computer").evaluate("it => it.scrollIntoView()")
    tab.locator(".side a[aria-current][href='#in-the-computer']").wait_for(state="attached")


def test_a_text_from_right_to_left_keeps_formulas_and_code_from_left_to_right(tab: Page, address: str) -> None:
    tab.goto(address + shown.PAGES["arabic"])
    directions = {
        name: tab.locator(name).first.evaluate("it => getComputedStyle(it).direction")
        for name in ("html", ".content p", ".katex", ".content pre", "header.site")
    }
    assert directions == {
        "html": "rtl",
        ".content p": "rtl",
        ".katex": "ltr",
        ".content pre": "ltr",
        "header.site": "ltr",
    }


def test_a_page_with_formulas_is_light(tab: Page) -> None:
    weights: dict[str, int] = {}
    tab.on("response", lambda got: weights.update({got.url: got.request.sizes()["responseBodySize"]}))
    tab.reload(wait_until="networkidle")
    pictures = (".jpg", ".png", ".webp", ".svg")
    assert sum(size for url, size in weights.items() if url.endswith(".js")) < 6_000
    assert sum(size for url, size in weights.items() if not url.endswith(pictures)) < 60_000
