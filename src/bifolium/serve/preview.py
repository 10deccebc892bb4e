"""The preview as a whole: answers requests, tells tabs what is new, opens editors."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from bifolium import memo, publish
from bifolium.problems import Problem, SiteError, draw, place
from bifolium.publish import Content
from bifolium.serve import editor
from bifolium.serve.bench import Bench, Urgency
from bifolium.serve.injection import injected
from bifolium.serve.lookup import Elsewhere, Found, Malformed, path_of
from bifolium.serve.report import report_page, unpublished
from bifolium.serve.resident import Resident
from bifolium.serve.server import Reply, Server, Tab
from bifolium.serve.showing import Page
from bifolium.urls import base_path, placed_at

OWN = "/_bifolium/"
PATIENCE = 0.3  # seconds after which a browser is shown that the site is being made
_EMPTY = b'<!doctype html><html lang="en"><head><title>bifolium</title></head><body>%s</body></html>'
_WAITING = _EMPTY % b"<p>The site is being made\xe2\x80\xa6</p>"
_FAILED = _EMPTY % b"<p>This page can't be made yet.</p>"


class Options(NamedTuple):
    """What the command line says of the preview: `watch` tells tabs what is new, `follow` has them follow the file.

    `write`: what is shown goes into the output folder, too.
    """

    watch: bool = True
    follow: bool = False
    write: bool = False


class Preview:
    """Answers the server. What touches the site is done at the bench."""

    def __init__(self, bench: Bench, resident: Resident, options: Options) -> None:
        self.bench, self.resident, self.options = bench, resident, options
        self.server: Server | None = None
        self.ready = False

    def announce(self) -> None:
        """Have every tab told what is new. Called at the bench."""
        self.ready = True
        if self.server:
            self.server.soon(self._tell_tabs)

    async def reply(self, target: str) -> Reply:
        """Return the answer to a request for `target`."""
        path = path_of(target)
        if path.startswith(OWN):
            return await self._own(path.removeprefix(OWN))
        asked = asyncio.wrap_future(self.bench.submit(Urgency.ASKED, partial(self._reply, target)))
        if self.ready:
            return await asked
        try:
            return await asyncio.wait_for(asyncio.shield(asked), PATIENCE)
        except TimeoutError:
            return Reply(503, "waiting.html", injected(_WAITING, ""))

    async def heard(self, tab: Tab, message: Mapping[str, Any]) -> None:
        """Take what a tab says: which page it shows, or what its reader wants to edit."""
        match message:
            case {"view": str(url), "made": str(made)}:
                tab.url, tab.made = url, made
                tab.tabs.add(tab)
                await self._tell(url, made, [tab])
            case {"edit": str(path), "line": int(line), "column": int(column)}:
                await self._at_bench(partial(self._edit, path, line, column))
            case {"block": str(words)}:
                await self._at_bench(partial(self._edit_block, tab.url, words))

    async def _tell_tabs(self) -> None:
        follow = await self._at_bench(self._followed) if self.options.follow else ""
        views: dict[tuple[str, str], list[Tab]] = {}
        for tab in self.server.tabs if self.server else ():
            views.setdefault((tab.url, tab.made), []).append(tab)
        await asyncio.gather(*(self._tell(*view, tabs, follow) for view, tabs in views.items()))

    async def _tell(self, url: str, made: str, tabs: Collection[Tab], follow: str = "") -> None:
        """Tell `tabs`, which all show `url` made of `made`, what is new there: made once, however many they are."""
        news = await self._at_bench(partial(self._news, url, made))
        news |= {"follow": follow} if follow else {}
        whole = _written(news)
        rest = _written({name: value for name, value in news.items() if name != "html"})
        for tab in tabs:  # another call may have told it meanwhile
            is_new = "html" in news and tab.made != news["made"]
            if is_new or tab.said != rest:
                tab.made, tab.said = news["made"], rest
                tab.say(whole if is_new else rest)

    def _at_bench(self, call: Callable[[], Any]) -> asyncio.Future[Any]:
        done: Future[Any] = self.bench.submit(Urgency.ASKED, call)
        return asyncio.wrap_future(done)

    def _reply(self, target: str) -> Reply:
        """Return the answer out of the site. Called at the bench."""
        showing, site = self.resident.showing, self.resident.showing and self.resident.showing.site
        if not showing or not site:
            return Reply(500, "failed.html", self._dressed(_FAILED, ""))
        match self.resident.look_up(target, base_path(site.settings.base_url)):
            case Found(output) if output in showing.pages:
                return self._page(showing.pages[output], output)
            case Found(output) if output in showing.files:
                return Reply(200, output, _content(showing.files[output]))
            case Found(output) if part := self.resident.part(output):
                return Reply(200, output, part)
            case Elsewhere(url):
                return Reply(301, "", location=url)
            case Malformed():
                return Reply(400, "bad.txt", b"400 this is no address\n")
        return self._page("/404.html", "404.html", 404) if "404.html" in showing else Reply(404, "a.txt", b"404\n")

    def _page(self, url: str, output: str, status: int = 200) -> Reply:
        try:
            page = self.resident.page(url)
        except SiteError:
            page = self.resident.kept.get(url) or Page(url, _FAILED, "")
        status = 500 if page.content is _FAILED else status
        content = self._dressed(page.content, page.made) if output.endswith(".html") else page.content
        return Reply(status, output, content)

    def _dressed(self, html: bytes, made: str) -> bytes:
        return injected(html, made) if self.options.watch else html

    def _news(self, target: str, made: str) -> dict[str, Any]:
        """Return what is new for a tab that shows `target`, made of `made`. Called at the bench."""
        if target.startswith(OWN):
            own = self._report()
            return {"made": own.made} | ({"html": own.content.decode()} if own.made != made else {})
        reply = self._reply(target)
        page = self._shown(reply)
        source = page.source if page else ""
        news: dict[str, Any] = {"made": page.made if page else "", **self._told(source), **self._help(page)}
        if page and page.made != made and isinstance(reply.content, bytes):
            news["html"] = reply.content.decode()
        if went := reply.location or (self._went(target) if reply.status == 404 else ""):
            news["moved"] = went
        return news

    def _went(self, target: str) -> str:
        """Return where the page is that stood at `target`; empty if nobody knows."""
        assert self.resident.showing
        at = placed_at(self.resident.showing.site.settings.base_url)
        return next((at(new) for old, new in self.resident.moves.to.items() if path_of(at(old)) == path_of(target)), "")

    def _help(self, page: Page | None) -> dict[str, Any]:
        """Return what helps an author: how long a text is; on the home page, what isn't published yet."""
        showing = self.resident.showing
        if page and showing and page.source:
            words, minutes = showing.length(page.source, self.resident.shop)
            return {"words": words, "minutes": minutes}
        if page and showing and page.url == showing.site.settings.urls.home:
            return {"waiting": [it._asdict() for it in unpublished(showing)]}
        return {}

    def _followed(self) -> str:
        """Return the address of the text that was saved last, and take note that browsers were sent there."""
        showing, url = self.resident.showing, self.resident.saved
        self.resident.saved = ""
        return placed_at(showing.site.settings.base_url)(url) if showing and url else ""

    def _shown(self, reply: Reply) -> Page | None:
        showing = self.resident.showing
        return self.resident.kept.get(showing.pages.get(reply.name, "")) if showing else None

    def _told(self, source: str) -> dict[str, Any]:
        """Return the problems that concern who looks at the page of `source`, and how many others there are."""
        every = self.resident.every_problem()
        showing = self.resident.showing
        texts = showing.proof.corpus.files.texts if showing else {}
        here = [it for it in every if it.path not in texts or _concerns(it, source)]
        others = [it for it in every if it not in here]
        return {"problems": [*map(_drawn, here)], "others": [*map(_drawn, others)]}

    async def _own(self, name: str) -> Reply:
        if name in {"preview.js", "preview.css", "overlay.js"}:
            return Reply(200, name, files("bifolium.serve").joinpath("client", name).read_bytes())
        if name == "idiomorph.js":
            return Reply(200, name, files("bifolium").joinpath("assets", "idiomorph", "idiomorph.esm.js").read_bytes())
        if name == "":
            page = await self._at_bench(self._report)
            return Reply(200, "report.html", page.content)
        return Reply(404, "missing.txt", b"404\n")

    def _report(self) -> Page:
        content = report_page(self.resident)
        made = memo.digest(content).hex()
        return Page(OWN, self._dressed(content, made), made)

    def _edit(self, path: str, line: int, column: int) -> None:
        showing = self.resident.showing
        if showing and path in showing.proof.corpus.found.tree:
            editor.open_at(showing.site, path, line, column)

    def _edit_block(self, target: str, words: str) -> None:
        page, showing = self._shown(self._reply(target)), self.resident.showing
        if page and showing and (found := showing.place_of(page.url, words)):
            self._edit(*found, 1)


def _content(content: Content) -> bytes | Path:
    """Return what a published file holds: the bytes, or where they are."""
    if isinstance(content, bytes):
        return content
    return b"".join(publish.chunks(content)) if content.cleaned else content.source


def _concerns(problem: Problem, source: str) -> bool:
    """Tell whether the text at `source` has the problem, or claims an address that is the problem's text's, too."""
    return problem.path == source or (problem.rule == "clash" and bool(source) and source in problem.message)


def _written(news: Mapping[str, Any]) -> str:
    return json.dumps(news, ensure_ascii=False)


def _drawn(problem: Problem) -> dict[str, Any]:
    return {
        "text": draw(problem),
        "place": place(problem),
        "path": problem.path,
        "line": problem.line,
        "column": problem.column,
        "severity": problem.severity,
    }
