"""The preview in a real browser: what is saved is there, what the reader did stays, what is wrong is told."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from lab import Lab
from playwright.sync_api import Browser, Page, sync_playwright
from test_browser import CHROMIUM, FLAGS
from test_serving import Running, begin

IDIOMORPH = Path(__file__).parent.parent / "src/bifolium/assets/idiomorph/idiomorph.esm.js"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM and not os.environ.get("CI"), reason="no Chromium on this machine"),
    pytest.mark.skipif(not IDIOMORPH.exists() and not os.environ.get("CI"), reason="idiomorph is new: install again"),
]
LONG = "\n\n".join(f"Paragraph {number} of the tides." for number in range(80))
POST = f"""---
title: Tides
---

{LONG}

<details><summary>More</summary><p>Hidden words.</p></details>

<dialog id="search"><input id="query"></dialog>

```python
print("copied")
```
"""
EDITOR = "editor = \"sh -c 'printf %s:%s:%s $1 $2 $3 > {edited}' - {{path}} {{line}} {{column}}\"\n"
SITE = {
    "posts/2026-01-01-tides.md": POST,
    "posts/2026-01-02-other.md": "---\ntitle: Other\n---\n\nOther.\n",
    "templates/assets/extra.css": "body { color: black }",
    "drafts/later.md": "---\ntitle: Later\n---\n\nLater.\n",
}
URL = "/2026/01/01/tides.html"
FILE = "posts/2026-01-01-tides.md"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def running(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Running]:
    settings = EDITOR.format(edited=tmp_path / "edited")
    lab = Lab(tmp_path / "site", {**SITE, "bifolium.toml": settings}, plain=False)
    found = begin(lab, "--watch", *getattr(request, "param", ()))
    yield found
    found.process.kill()
    found.process.wait()


@pytest.fixture
def tab(browser: Browser, running: Running) -> Iterator[Page]:
    tab = opened(browser, running, URL)
    yield tab
    tab.close()


def opened(browser: Browser, running: Running, url: str) -> Page:
    """Return a new tab that shows `url` and listens."""
    tab = browser.new_page()
    with tab.expect_websocket() as socket:
        tab.goto(f"http://127.0.0.1:{running.port}{url}")
    socket.value.wait_for_event("framereceived")
    return tab


def save(running: Running, path: str, content: str) -> None:
    """Save a file as editors do."""
    target = running.lab.folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.name}.tmp")
    fresh.write_text(content, encoding="utf-8")
    fresh.replace(target)


def test_an_edit_is_put_in_and_the_reader_stays_where_he_was(running: Running, tab: Page) -> None:
    tab.evaluate("window.mark = 1; document.querySelector('details').open = true; scrollTo(0, 1500)")
    tab.evaluate("document.querySelector('#search').showModal(); document.querySelector('#query').value = 'ebb'")
    seen = "[...document.querySelectorAll('.content p')].find((p) => p.textContent.startsWith('Paragraph 40 '))"
    before = tab.evaluate(f"{seen}.getBoundingClientRect().top")
    buttons = tab.locator("button.copy").count()
    save(running, FILE, POST.replace("Paragraph 2 ", "Two more lines.\n\nHere they are.\n\nParagraph $2$ "))
    tab.get_by_text("Two more lines.").wait_for(state="attached")
    tab.wait_for_function(f"Math.abs({seen}.getBoundingClientRect().top - {before}) < 2")
    state = "[window.mark, document.querySelector('details').open, document.querySelector('#search').open, "
    assert tab.evaluate(state + "document.querySelector('#query').value, document.activeElement.id]") == [
        1,
        True,
        True,
        "ebb",
        "query",
    ]
    assert tab.locator("button.copy").count() == buttons == 1
    assert tab.locator(".content .katex").count() == 1


def test_what_is_new_has_the_comforts_of_what_was_there(running: Running, tab: Page) -> None:
    code = "```python\nprint('new')\n```\n\n```mermaid\ngraph TD\n  Ebb --> {}\n```"
    more = f"## Slack\n\nA note[^1].\n\n{code}\n\n[^1]: Here.\n\n"
    save(running, FILE, POST.replace("Paragraph 2 ", more.format("Flow") + "Paragraph 2 "))
    tab.locator(".mermaid svg").wait_for(state="attached")
    assert (tab.locator("button.copy").count(), tab.locator("h2 > a.anchor").count()) == (2, 1)
    tab.locator("a.footnote").click()
    assert tab.locator("aside.preview").inner_text() == "Here."
    save(running, FILE, POST.replace("Paragraph 2 ", more.format("Flood") + "Paragraph 2 "))
    tab.locator(".mermaid svg", has_text="Flood").wait_for(state="attached")
    assert tab.locator(".mermaid > *").count() == 1


def test_a_tab_follows_a_post_that_is_renamed_and_whose_date_is_another(running: Running, tab: Page) -> None:
    folder = running.lab.folder / "posts"
    (folder / "2026-01-01-tides.md").rename(folder / "2026-01-01-ebb.md")
    tab.wait_for_url("**/2026/01/01/ebb.html")
    save(running, "posts/2026-01-01-ebb.md", POST.replace("title:", "date: 2026-02-03\ntitle:"))
    tab.wait_for_url("**/2026/02/03/ebb.html")
    tab.get_by_text("Paragraph 40 of").wait_for(state="attached")


def test_a_tab_of_a_post_that_is_gone_says_so_and_comes_back_with_it(running: Running, tab: Page) -> None:
    (running.lab.folder / FILE).rename(running.lab.folder / "away.md")
    tab.wait_for_function("!document.body.textContent.includes('Paragraph 40 of')")
    (running.lab.folder / "away.md").rename(running.lab.folder / FILE)
    tab.get_by_text("Paragraph 40 of").wait_for(state="attached")


def test_a_mistake_is_told_in_the_terminals_words_and_goes_when_mended(running: Running, tab: Page) -> None:
    save(running, FILE, POST.replace("Paragraph 2 ", "$\\alhpa$ "))
    shown = tab.locator("bifolium-preview section pre")
    shown.wait_for()
    text = shown.inner_text()
    assert text.startswith(f"{FILE}:9:2: warning: unknown command `\\alhpa` [tex]\n    9 | $\\alhpa$ of the tides.\n")
    running.process.kill()
    assert running.process.stderr
    assert text.rstrip() in running.process.stderr.read()


def test_front_matter_that_is_broken_leaves_the_last_good_page(running: Running, tab: Page) -> None:
    save(running, FILE, POST.replace("title: Tides", "title: [Tides"))
    shown = tab.locator("bifolium-preview section pre.error")
    shown.wait_for()
    assert tab.get_by_text("Paragraph 40 of").count() == 1
    save(running, FILE, POST.replace("Paragraph 2 ", "Mended "))
    tab.get_by_text("Mended of").wait_for(state="attached")
    shown.wait_for(state="detached")


def test_a_broken_template_leaves_the_last_good_page(running: Running, tab: Page) -> None:
    save(running, "templates/post.html", "{{ page.nonsense }}")
    tab.locator("bifolium-preview section pre.error").wait_for()
    assert tab.get_by_text("Paragraph 40 of").count() == 1
    save(running, "templates/post.html", "<p>All new: {{ page.title }}</p>")
    tab.get_by_text("All new: Tides").wait_for()


def test_a_problem_elsewhere_is_a_badge(running: Running, tab: Page) -> None:
    save(running, "posts/2026-01-03-third.md", "---\ntitle: Third\n---\n\n![x](/none.png)\n")
    tab.goto(f"http://127.0.0.1:{running.port}/")
    badge = tab.locator("bifolium-preview .badge")
    badge.wait_for()
    assert (badge.inner_text(), tab.locator("bifolium-preview section").is_visible()) == ("1 problem", False)
    badge.click()
    assert "there is no picture" in tab.locator("bifolium-preview section pre").inner_text()


def test_a_stylesheet_is_swapped_without_a_morph(running: Running, tab: Page) -> None:
    tab.locator("button.copy").wait_for(state="attached")
    tab.evaluate(
        "new MutationObserver(() => (window.morphed = 1)).observe(document.body, {subtree: true, childList: true})"
    )
    save(running, "templates/assets/style.css", "body { color: rgb(1, 2, 3) }")
    tab.wait_for_function("getComputedStyle(document.body).color === 'rgb(1, 2, 3)'")
    assert tab.evaluate("window.morphed ?? 0") == 0


def test_twelve_tabs_are_all_told(browser: Browser, running: Running) -> None:
    tabs = [opened(browser, running, URL) for _ in range(12)]
    save(running, FILE, POST.replace("Paragraph 2 ", "For all twelve "))
    for each in tabs:
        each.get_by_text("For all twelve of").wait_for(state="attached")
        each.close()


@pytest.mark.parametrize("running", [["--follow"]], indirect=True)
def test_the_browser_follows_the_file_that_is_saved(running: Running, tab: Page) -> None:
    save(running, "posts/2026-01-02-other.md", "---\ntitle: Other\n---\n\nAnother.\n")
    tab.wait_for_url("**/2026/01/02/other.html")


@pytest.mark.parametrize("running", [["--follow"]], indirect=True)
def test_the_browser_follows_to_the_block_that_changed(running: Running, tab: Page) -> None:
    save(running, FILE, POST.replace("Paragraph 70 ", "Down here "))
    tab.wait_for_function("scrollY > 1000")


def test_a_click_with_alt_opens_the_editor_at_the_line(running: Running, tab: Page, tmp_path: Path) -> None:
    tab.get_by_text("Paragraph 3 of").click(modifiers=["Alt"])
    edited = tmp_path / "edited"
    tab.wait_for_timeout(100)
    for _ in range(50):
        if edited.exists() and edited.read_text():
            break
        tab.wait_for_timeout(100)
    assert (
        edited.read_text() == f"{running.lab.folder / FILE}:{POST[: POST.index('Paragraph 3 ')].count(chr(10)) + 1}:1"
    )


def test_the_home_page_names_what_is_not_published(running: Running, tab: Page) -> None:
    tab.goto(f"http://127.0.0.1:{running.port}/")
    note = tab.locator("bifolium-preview aside")
    note.wait_for()
    assert note.inner_text() == "draft: Later"


def test_the_previews_own_page_tells_all(running: Running, tab: Page) -> None:
    tab.goto(f"http://127.0.0.1:{running.port}/_bifolium/")
    assert tab.locator("h2").all_inner_texts() == [
        "Problems",
        "Drafts and posts of the future",
        "Labels",
        "Slowest pages",
        "Made in the last build, and why",
    ]
