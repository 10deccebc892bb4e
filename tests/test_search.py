"""Search: readers find what stands in the texts, by the keyboard, and nothing is loaded before they look for it."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path
from typing import Literal

import npm
import pytest
import shown
from lab import HERE, Lab
from playwright.sync_api import Browser, Page

from bifolium.problems import draw

CORPUS = HERE.parent.parent / "shared" / "corpora" / "d2l-zh"
BROWSER = [pytest.mark.browser, pytest.mark.skipif(not shown.CHROMIUM, reason="no Chromium on this machine")]
SETTINGS = 'language = "zh-CN"\n[search]\nenabled = true\n'
FILES: Mapping[str, str | bytes] = {
    "bifolium.toml": SETTINGS,
    "posts/2026-01-01-a.md": "---\ntitle: 潮汐\ncategory: Sea\n---\n月球引起**潮**汐，海面每天升降两次。\n",
    "posts/2026-01-02-b.md": "---\ntitle: Machines\ncategory: Land\n---\nA machine tells 潮汐 of harbours: `x_1 < 2`\n"
    "\n## Its wheels {#wheels}\n\nIt calls `d2l.load_data(x)` on cog-wheels, and RoBERTa.\n",
    "posts/2026-01-03-c.md": "---\ntitle: 汐潮\n---\n月 Other words: 汐与潮; <script>hidden</script>\n",
    "pages/about.md": "# About\nHarbours & <b>machines</b>.\n",
}
FOUND = {
    "潮汐": {"潮汐", "Machines"},
    "海面每天": {"潮汐"},
    "machine": {"Machines", "About"},
    "harbour 潮汐": {"Machines"},
    "潮汐of": {"Machines"},
    "汐潮": {"汐潮"},
    "潮月": set[str](),
    "x_1": {"Machines"},
    "load_data": {"Machines"},
    "load_dat": {"Machines"},
    "d2l.load_data(x)": {"Machines"},
    "wheels": {"Machines"},
    "cog": {"Machines"},
    "roberta": {"Machines"},
    "汐": {"潮汐", "Machines", "汐潮"},
    "hidden": set[str](),
    "，": set[str](),
}
WORDS = (
    "卷积 梯度下降 激活函数 反向传播 词嵌入 循环神经网络 注意力 过拟合 学习率 softmax attention LSTM dropout "
    "Transformer BERT ResNet ImageNet VGG SGD Adam GPU ReLU CUDA NLP BLEU GloVe encoder decoder embedding momentum "
    "normalization gradient tensor token epoch loss python Jupyter kaggle fit seq2seq word2vec "
    "load_data conv2d nn.Embedding minibatch train_ch3"
).split()


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path / "site", FILES, plain=False)


def test_the_index_is_made_once_a_change_of_a_text(lab: Lab) -> None:
    assert lab.build().done["index"] == 1
    lab.write({"templates/partials/toc.html": ""})
    assert lab.build().done.get("index", 0) == 0
    lab.write({"posts/2026-01-01-a.md": "---\ntitle: 潮汐\n---\n月亮\n"})
    assert lab.build().done["index"] == 1


def test_an_incremental_index_equals_a_clean_one(lab: Lab) -> None:
    lab.build()
    lab.write({"posts/2026-01-04-d.md": "---\ntitle: D\n---\nNew.\n", "pages/about.md": "# About\nLess.\n"})
    lab.remove("posts/2026-01-02-b.md")
    lab.build()
    output = lab.output()
    lab.remove("public", ".bifolium")
    lab.build()
    assert lab.output() == output


@pytest.mark.parametrize("damage", [b"", b"nonsense"])
def test_a_damaged_index_is_made_again(lab: Lab, damage: bytes) -> None:
    lab.build()
    output = lab.output()
    lab.write({".bifolium/search": damage, "templates/partials/toc.html": ""})
    (lab.folder / "public" / "pagefind" / "pagefind-entry.json").unlink()
    lab.build()
    lab.remove("templates/partials/toc.html")
    lab.build()
    assert lab.output() == output


def test_an_index_goes_when_nobody_wants_it(lab: Lab) -> None:
    lab.build()
    lab.write({"bifolium.toml": 'language = "zh-CN"\n'})
    lab.build()
    assert [path for path in lab.output() if "pagefind" in path or "search" in path] == []
    assert "wasm" not in lab.page("index.html")


def test_a_file_of_the_authors_where_the_index_goes_is_told(lab: Lab) -> None:
    lab.write({"static/pagefind/mine.js": "mine"})
    assert "".join(map(draw, lab.build().problems)) == (
        "static/pagefind/mine.js: error: this goes to `/pagefind/`, where the index for search is to be [search]\n"
        "      = give it another address, or set `enabled = false` under [search]"
    )


def test_a_site_without_texts_has_no_index(tmp_path: Path) -> None:
    lab = Lab(tmp_path, {"bifolium.toml": SETTINGS, "posts/.keep": ""})
    assert lab.build().published


def test_a_missing_pagefind_is_told(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    lab.build()  # all that a build imports is there
    monkeypatch.setattr("sys.path", [path for path in sys.path if not [*Path(path).glob("pagefind_bin*")]])
    assert "".join(map(draw, lab.build().problems)) == (
        "bifolium.toml: error: search is wanted, but Pagefind, which makes its index, is not here [search]\n"
        '      = install it with `pip install "bifolium[search]"`, or set `enabled = false` under [search]'
    )


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with shown.browser() as started:
        yield started


@pytest.fixture
def tab(browser: Browser, lab: Lab) -> Iterator[Page]:
    lab.build()
    with shown.served(lab.folder / "public") as address, browser.new_context() as context:
        yield opened(context.new_page(), address)


def opened(tab: Page, address: str) -> Page:
    """Return `tab` at `address`, from where all that it says and loads later is noted."""
    tab.goto(address + "/")
    tab.wait_for_load_state("networkidle")
    return tab


def found(tab: Page, words: str) -> list[tuple[str, str]]:
    """Return the addresses and titles of all that the open page's search finds, in its order."""
    script = """async (words) => {
        const { search, addressOf } = await import(document.querySelector("button.search").dataset.script);
        const found = await Promise.all((await search(words)).map((it) => it.data()));
        return found.map((it) => [addressOf(it.meta), it.meta.title]);
    }"""
    return [(address, title) for address, title in tab.evaluate(script, words)]


def titles(tab: Page, words: str) -> list[str]:
    """Return the titles of all that is found."""
    return [title for _, title in found(tab, words)]


def typed(tab: Page, words: str) -> list[str]:
    """Type `words` into the open search, and return the titles that come."""
    tab.locator("dialog.search input").fill(words)
    tab.locator("dialog.search li").first.wait_for()
    return tab.locator("dialog.search li a").all_text_contents()


class TestInABrowser:
    pytestmark = BROWSER

    def test_what_stands_in_a_text_is_found(self, tab: Page) -> None:
        tab.keyboard.press("/")
        tab.locator("dialog.search[open]").wait_for()
        assert {words: set(titles(tab, words)) for words in FOUND} == FOUND

    def test_the_keyboard_goes_all_the_way(self, tab: Page) -> None:
        said, asked = [], []
        tab.on("console", lambda it: said.append(it.text))
        tab.on("request", lambda it: asked.append(it.url))
        tab.wait_for_timeout(300)
        assert asked == []
        tab.keyboard.press("/")
        tab.locator("dialog.search input:focus").wait_for()
        assert typed(tab, "潮汐") == ["潮汐", "Machines"]
        assert tab.locator("dialog.search li mark").all_text_contents()[:2] == ["潮汐", "潮汐"]
        tab.keyboard.press("ArrowDown")
        tab.keyboard.press("ArrowDown")
        assert tab.evaluate("document.activeElement.textContent") == "Machines"
        tab.keyboard.press("ArrowUp")
        tab.keyboard.press("ArrowUp")
        assert tab.evaluate("document.activeElement.localName") == "input"
        tab.keyboard.press("Escape")
        tab.locator("dialog.search[open]").wait_for(state="detached")
        tab.locator("button.search").click()
        tab.locator("dialog.search input:focus").wait_for()
        tab.keyboard.press("Enter")
        tab.wait_for_url("**/a.html")
        assert said == []

    def test_categories_narrow_what_is_found(self, tab: Page) -> None:
        tab.keyboard.press("/")
        tab.locator("dialog.search[open]").wait_for()
        assert typed(tab, "潮汐") == ["潮汐", "Machines"]
        tab.locator("dialog.search select").select_option(label="Sea")
        tab.locator("dialog.search [role=status]", has_text="1").wait_for()
        assert tab.locator("dialog.search li a").all_text_contents() == ["潮汐"]

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_axe_finds_nothing(
        self, browser: Browser, lab: Lab, scheme: Literal["light", "dark"], pytestconfig: pytest.Config
    ) -> None:
        assert pytestconfig.cache
        folder = npm.packages(HERE / "axe", pytestconfig.cache.mkdir("axe"))
        axe = (folder / "axe-core" / "axe.min.js").read_text("utf-8")
        lab.build()
        with (
            shown.served(lab.folder / "public") as address,
            browser.new_context(
                bypass_csp=True, color_scheme=scheme, viewport={"width": 375, "height": 700}
            ) as context,
        ):
            tab = opened(context.new_page(), address)
            tab.keyboard.press("/")
            typed(tab, "潮汐")
            tab.evaluate(axe)
            told = tab.evaluate("async () => (await axe.run()).violations.map((it) => it.id + it.nodes[0].target)")
        assert told == []

    @pytest.mark.slow
    @pytest.mark.skipif(not CORPUS.is_dir(), reason="no corpora beside the repository")
    def test_search_finds_what_grep_finds(self, browser: Browser, tmp_path: Path) -> None:
        lab = Lab(
            tmp_path,
            {"bifolium.toml": SETTINGS + '[folders]\npages = "content"\n[math]\nenabled = false\n'},
            plain=False,
        )
        shutil.copytree(
            CORPUS,
            tmp_path / "content",
            ignore=lambda _, names: [it for it in names if "." in it and not it.endswith(".md")],
        )
        lab.build()
        with shown.served(tmp_path / "public") as address, browser.new_context() as context:
            tab = opened(context.new_page(), address)
            tab.keyboard.press("/")
            tab.locator("dialog.search[open]").wait_for()
            told = {word: {address for address, _ in found(tab, word)} for word in WORDS}
        texts = texts_of(lab)
        assert told == {word: grep(texts, word) for word in WORDS}

    def test_what_is_found_leads_to_its_heading(self, tab: Page) -> None:
        tab.keyboard.press("/")
        tab.locator("dialog.search input:focus").wait_for()
        typed(tab, "load_data")
        shown = tab.locator("dialog.search li > p").inner_text()
        assert shown.endswith("x_1 < 2. Its wheels. It calls d2l.load_data(x) on cog-wheels, and RoBERTa.")
        tab.locator("dialog.search ul a", has_text="Its wheels").click()
        tab.wait_for_url("**/b.html#wheels")


def texts_of(lab: Lab) -> dict[str, str]:
    """Return the titles and texts of a site as readers see them, by address."""
    pages = {path: data.decode() for path, data in lab.output().items() if path.endswith("index.html")}
    texts = {path: html.partition('<div class="content">') for path, html in pages.items()}
    seen = {
        f"/{path.removesuffix('index.html')}": f"<h1{head.partition('<h1')[2].partition('</h1>')[0]} {text}"
        for path, (head, mark, text) in texts.items()
        if mark
    }
    ends = {url: html.partition('<footer class="')[0].partition("</article>")[0] for url, html in seen.items()}
    return {url: unescape(re.sub(r"<[^>]*>", "", html)) for url, html in ends.items()}


def grep(texts: Mapping[str, str], word: str) -> set[str]:
    """Return the addresses of the texts in which `word` begins a word, or a part of one: net, my_net, LeNet."""
    part = rf"(?<![a-zA-Z0-9])(?i:{word})|(?<=[a-z]){word.capitalize()}"
    begins = re.compile(part if word.isascii() else word)
    return {url for url, text in texts.items() if begins.search(text)}
