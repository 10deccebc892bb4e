"""What `check` finds: every fault that is planted in a site, each once, and nothing else; in sources, too."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from lab import Lab

from bifolium.annotations import annotation
from bifolium.audit import place
from bifolium.audit.reader import read
from bifolium.checking import Checked, check, check_finished
from bifolium.cli import run
from bifolium.forgiving import baseline, ignored, unknown
from bifolium.outside import AGENT, ask
from bifolium.problems import Problem, SiteError

HEAD = """<!doctype html>
<html lang="en">
<head>
<title>{title}</title>
<link rel="canonical" href="https://example.org/blog{url}">
<meta property="og:url" content="https://example.org/blog{url}">
<meta property="og:title" content="{title}">
<meta property="og:type" content="website">
</head>
<body>
<h1 id="top-of-it">{title}</h1>
"""
HOME = (
    '<a href="posts/tides/">Tides</a> <a href="/blog/about.html#me">Me</a> '
    '<a href="https://example.org/blog/old/">Old</a>'
)
ATOM = """<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<id>urn:x</id><title>Blog</title><updated>2026-01-01T00:00:00Z</updated>
<entry><id>urn:1</id><title>Tides</title><updated>2026-01-01T00:00:00Z</updated>
<link href="https://example.org/blog/posts/tides/"/></entry>
</feed>
"""


def entry(text: str) -> str:
    """Return the feed with a text in its entry, in line 6."""
    return ATOM.replace("</entry>", f'\n<content type="html">{text}</content></entry>')


SITEMAP = (
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    "<url><loc>https://example.org/blog/about.html</loc></url>\n</urlset>\n"
)


def about(body: str) -> dict[str, str]:
    """Return the page about me, of which the body begins in line 12."""
    return {"about.html": page("/about.html", body)}


def page(url: str, body: str = "", title: str = "A page") -> str:
    """Return a page without a fault, of which the body begins in line 12."""
    return HEAD.format(url=url, title=title) + body + "\n</body>\n</html>\n"


SITE = {
    "index.html": page("/", HOME, "Home"),
    "posts/tides/index.html": page(
        "/posts/tides/",
        '<h2 id="ebb">Ebb</h2><p>It costs $5, or $6_000. <code>$$x$$</code></p><a href="#ebb">up</a>'
        '<a href="#top">top</a>'
        '<img src="../../tide.png" alt=""><a href="mailto:me@example.org">me</a>'
        '<a href="https://elsewhere.example/">out</a>'
        '<span class="katex">$$x$$</span><a href="?page=2">2</a><svg><title>Drawn</title><use href="#ebb"/></svg>',
    ),
    "about.html": page(
        "/about.html", '<p id="me">Me</p><img src="tide.png?v=1" srcset="/blog/tide.png 2x" alt="tide">'
    ),
    "old/index.html": '<title>Moved</title><meta http-equiv="refresh" content="0; url=/blog/about.html">',
    "404.html": "<!doctype html><title>Lost</title><h1>Lost</h1>",
    "style.css": "/* url(nothing.png) */ @font-face { src: url('tide.png') }",
    "feed.xml": ATOM,
    "sitemap.xml": SITEMAP,
    "tide.png": "",
}

PLANTED: dict[str, tuple[dict[str, str], str]] = {
    "a link that leads nowhere": (
        about('<p id="me">\n<a href="posts/tide/">no</a>'),
        "about.html:13:1: broken-link: nothing of this site is at `posts/tide/` (did you mean `/posts/tides`?)",
    ),
    "a link to a place that a redirect loses": (
        about('<p id="me"><a href="/blog/old/#me">no</a>'),
        (
            "about.html:12:12: broken-anchor: `old/index.html` leads on to another page, so nobody arrives at `#me` "
            "(link to `/blog/about.html#me`)"
        ),
    ),
    "a link to a place that isn't there": (
        about('<p id="me"><a href="/blog/posts/tides/#eb">no</a>'),
        "about.html:12:12: broken-anchor: `posts/tides/index.html` has no id `eb` (did you mean `#ebb`?)",
    ),
    "a whole address that leads nowhere": (
        about('<p id="me"><a href="https://example.org/blog/x">no</a>'),
        "about.html:12:12: broken-link: nothing of this site is at `https://example.org/blog/x` ()",
    ),
    "a picture that isn't there": (
        about('<p id="me"><img alt="" src="waves-at-noon.png">'),
        "about.html:12:12: missing-file: nothing of this site is at `waves-at-noon.png` ()",
    ),
    "a picture for larger screens that isn't there": (
        about('<p id="me"><img alt="" src="tide.png" srcset="/blog/tide.png, waves-at-noon.png 2x">'),
        "about.html:12:12: missing-file: nothing of this site is at `waves-at-noon.png` ()",
    ),
    "a font that isn't there": (
        {"style.css": "\n@font-face { src: url('x.woff2') }"},
        "style.css:2:19: missing-file: nothing of this site is at `x.woff2` ()",
    ),
    "an id twice": (
        about('<p id="me"><b id="me">'),
        "about.html:12:12: duplicate-id: the id `me` is taken: line 12 has it, too, and links lead there ()",
    ),
    "a picture without words": (
        about('<p id="me"><img src="tide.png">'),
        (
            "about.html:12:12: missing-alt: the picture `tide.png` has no words for those who can't see "
            "(say what it shows in `alt`, or nothing if it adorns)"
        ),
    ),
    "a page to which nothing links": (
        {"lone.html": page("/lone.html", '<a href="about.html">about</a>')},
        "lone.html: orphan: no page links to this page ()",
    ),
    "a page to which only lost pages link": (
        {
            "lone.html": page("/lone.html", '<a href="lost.html">lost</a>'),
            "lost.html": page("/lost.html", '<a href="lone.html">lone</a>'),
        },
        (
            "lone.html: unreachable: no way leads from the home page to this page ()\n"
            "lost.html: unreachable: no way leads from the home page to this page ()"
        ),
    ),
    "redirects in a circle": (
        {
            "old/index.html": '<title>M</title><meta http-equiv="refresh" content="0;url=/blog/new/">',
            "new/index.html": '<title>M</title><meta http-equiv="refresh" content="0;url=/blog/old/">',
        },
        (
            "new/index.html:1:17: redirect-loop: this leads round: "
            "`/new/index.html` → `/old/index.html` → `/new/index.html` ()"
        ),
    ),
    "a formula in dollars": (
        about('<p id="me">See\n $$a<em>b</em> + 1$$.'),
        "about.html:13:2: raw-tex: readers see `$$ab + 1$$`, which no formula was made of ()",
    ),
    "a formula between single dollars": (
        about('<p id="me">See $x_1$.'),
        "about.html:12:16: raw-tex: readers see `$x_1$`, which no formula was made of ()",
    ),
    "an environment of TeX": (
        about('<p id="me">\\begin{align}x\\end{align}'),
        "about.html:12:12: raw-tex: readers see `\\begin{align}x\\end{align}`, which no formula was made of ()",
    ),
    "a formula that failed": (
        about('<p id="me"><span class="math-error"><code>\\foo</code></span>'),
        "about.html:12:43: raw-tex: readers see `\\foo`, which no formula was made of ()",
    ),
    "a heading that skips a level": (
        about('<p id="me"><h3>Deep <i>down</i></h3>'),
        (
            "about.html:12:12: heading-order: the heading `Deep down` of level 3 follows one of level 1 "
            "(make it one of level 2)"
        ),
    ),
    "no heading of the first level": (
        {"about.html": page("/about.html", '<p id="me">').replace("h1", "p")},
        "about.html: no-heading: this page has no heading of level 1 ()",
    ),
    "no title": (
        {"about.html": page("/about.html", '<p id="me">').replace("<title>A page</title>", "")},
        "about.html: title: this page has no title (say it in a `<title>`)",
    ),
    "a title that is too long": (
        {"about.html": page("/about.html", '<p id="me">').replace("<title>A page", f"<title>{'长' * 36}")},
        "about.html:4:1: long-title: the title is 72 letters wide, and search engines show about 60 ()",
    ),
    "an unencrypted picture": (
        about('<p id="me"><img alt="" src="http://elsewhere.example/a.png">'),
        (
            "about.html:12:12: mixed-content: `http://elsewhere.example/a.png` comes unencrypted, "
            "which browsers refuse or warn of in an encrypted page (write `https:`)"
        ),
    ),
    "no canonical address": (
        {"about.html": page("/about.html", '<p id="me">').replace('rel="canonical"', 'rel="x"')},
        (
            "about.html: canonical: this page doesn't say its address "
            '(<link rel="canonical" href="https://example.org/blog/about.html">)'
        ),
    ),
    "a canonical address of a page that isn't there": (
        {"about.html": page("/elsewhere/", '<p id="me">')},
        "about.html:5:1: missing-file: nothing of this site is at `https://example.org/blog/elsewhere/` ()",
    ),
    "something that programs miss": (
        {"about.html": page("/about.html", '<p id="me">').replace("og:type", "x")},
        "about.html: opengraph: programs that show links don't find `og:type` in this page ()",
    ),
    "a feed that is no XML": (
        {"feed.xml": ATOM.replace("</entry>", "")},
        "feed.xml:6:3: feed: this is no XML: mismatched tag ()",
    ),
    "a feed that lacks something": (
        {"feed.xml": ATOM.replace("<id>urn:1</id>", "")},
        "feed.xml: feed: there is no `<id>` in the entry `Tides`, which readers of feeds need ()",
    ),
    "a feed that leads nowhere": (
        {"feed.xml": ATOM.replace("posts/tides", "posts/x")},
        "feed.xml:5:13: broken-link: nothing of this site is at `https://example.org/blog/posts/x/` ()",
    ),
    "a feed that says no host": (
        {"feed.xml": ATOM.replace("https://example.org", "")},
        "feed.xml:5:13: feed: the address `/blog/posts/tides/` says no host ()",
    ),
    "a text in a feed that leads nowhere from there": (
        {"feed.xml": entry("&lt;a href=&quot;/blog/about.html&quot;&gt;x&lt;/a&gt;")},
        "feed.xml:6:39: feed: `/blog/about.html` in an entry's text says no host, so it leads nowhere from a feed ()",
    ),
    "a text in a feed that shows what isn't there": (
        {"feed.xml": entry('<![CDATA[<img src="https://example.org/blog/x.png" alt="">]]>')},
        "feed.xml:6:41: broken-link: nothing of this site is at `https://example.org/blog/x.png` ()",
    ),
    "a formula that nobody typesets in a feed": (
        {"feed.xml": entry("&lt;p&gt;so $$x^2$$&lt;code&gt;$$y$$&lt;/code&gt;")},
        "feed.xml:6:34: raw-tex: readers of the feed see `$$x^2$$`, which no formula was made of ()",
    ),
    "a feed with a bomb": (
        {"feed.xml": ATOM.replace("<feed", '<!DOCTYPE x [<!ENTITY a "b">]><feed')},
        "feed.xml: feed: this is no feed: it declares a type or entities ()",
    ),
    "a JSON feed with an entry twice": (
        {
            "feed.json": '{"version": "https://jsonfeed.org/version/1.1",\n"title": "B",'
            ' "items": [{"id": "p"}, {"id": "p"}]}'
        },
        "feed.json:2:33: feed: 2 entries have the id `p`, so that programs show one of them ()",
    ),
    "a sitemap that leads nowhere": (
        {"sitemap.xml": SITEMAP.replace("about", "abuot")},
        "sitemap.xml:2:11: broken-link: nothing of this site is at `https://example.org/blog/abuot.html` ()",
    ),
    "a picture that nobody shows": (
        {"images/lone.png": "", "favicon.png": ""},
        "images/lone.png: unused-picture: nothing of the site shows this picture ()",
    ),
}


def written(folder: Path, files: Mapping[str, str]) -> Path:
    """Return the folder, with those files in it."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


def told(checked: Checked, folder: Path) -> str:
    """Return each problem on a line, with its path within the folder."""
    lines = []
    for it in checked.problems:
        path = it.path.removeprefix(f"{folder.as_posix()}/")
        place = ":".join([path, *(str(number) for number in (it.line, it.column) if number)])
        lines.append(f"{place}: {it.rule}: {it.message} ({it.hint})")
    return "\n".join(lines)


def test_a_site_without_a_fault_has_none(tmp_path: Path) -> None:
    checked = check_finished(written(tmp_path, SITE))
    assert told(checked, tmp_path) == ""
    assert checked.looked == ("5 pages", "16 addresses")


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_found_once_and_nothing_else(fault: str, tmp_path: Path) -> None:
    files, expected = PLANTED[fault]
    assert told(check_finished(written(tmp_path, SITE | files)), tmp_path) == expected


def test_all_faults_are_told_at_once_with_their_lines(tmp_path: Path) -> None:
    body = '<p id="me"><img src="waves.png">\n<a href="nowhere.html">no</a>'
    checked = check_finished(written(tmp_path, SITE | {"about.html": page("/about.html", body)}))
    assert [(it.rule, it.source) for it in checked.problems] == [
        ("missing-alt", '<p id="me"><img src="waves.png">'),
        ("missing-file", '<p id="me"><img src="waves.png">'),
        ("broken-link", '<a href="nowhere.html">no</a>'),
    ]


def test_any_number_of_processes_finds_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bifolium.checking.BATCH", 1)
    folder = written(tmp_path, SITE | PLANTED["an id twice"][0] | PLANTED["a feed that leads nowhere"][0])
    assert check_finished(folder, jobs=2) == check_finished(folder, jobs=1)


def test_a_page_with_a_script_that_typesets_may_hold_tex() -> None:
    text = "<p>$$x$$</p>"
    assert [mark.text for mark in read("a.html", text).tex] == ["$$x$$"]
    assert read("a.html", f'{text}<script src="https://cdn.example/mathjax/tex.js"></script>').tex == ()


@pytest.mark.parametrize(
    ("url", "means"),
    [
        ("/blog/", ("here", "index.html", "")),
        ("/blog", ("here", "index.html", "")),
        ("", ("here", "a/b.html", "")),
        ("#x", ("here", "a/b.html", "x")),
        ("c.html?q#y", ("here", "a/c.html", "y")),
        ("../d", ("here", "d/index.html", "")),
        ("c", ("here", "a/c.html", "")),
        ("/blog/%E6%BD%AE/", ("here", "潮/index.html", "")),
        ("//example.org/blog/d/", ("here", "d/index.html", "")),
        ("http://example.org/blog/d/", ("elsewhere", "http://example.org/blog/d/", "")),
        ("/other/", ("elsewhere", "https://example.org/other/", "")),
        ("javascript:x()", ("elsewhere", "javascript:x()", "")),
        ("C.html", ("nowhere", "a/C.html", "")),
        ("http://[", ("nowhere", "http://[", "")),
    ],
)
def test_an_address_means_the_file_that_a_host_would_serve(url: str, means: tuple[str, str, str]) -> None:
    files = {"index.html", "a/b.html", "a/c.html", "d/index.html", "潮/index.html"}
    assert tuple(place.find(url, "a/b.html", place.base("https://example.org/blog"), files)) == means


def test_a_folder_that_holds_no_page_is_told(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(SiteError) as failed:
            check_finished(folder)
        assert [problem.rule for problem in failed.value.problems] == ["no-site"]


# Sources

TEXT = """---
title: {title}
date: 2026-01-01
colour: red
---
### Deep

![a boat](http://elsewhere.example/boat.png)

```
# no heading
```

Flat
----

<h2>In HTML</h2>

#### Deeper
"""


def rules(lab: Lab) -> list[tuple[str, int, int, str, str]]:
    return [(it.path, it.line, it.column, it.rule, it.severity) for it in check(lab.site()).problems]


def test_sources_are_checked_for_what_breaks_no_build(tmp_path: Path) -> None:
    lab = Lab(tmp_path, {"bifolium.toml": "", "posts/a.md": TEXT.format(title="A" * 71), "images/x.png": b""})
    assert rules(lab) == [
        ("images/x.png", 0, 0, "unused-picture", "note"),
        ("posts/a.md", 2, 8, "long-title", "note"),
        ("posts/a.md", 4, 1, "unread-key", "note"),
        ("posts/a.md", 6, 0, "heading-order", "warning"),
        ("posts/a.md", 8, 1, "mixed-content", "warning"),
        ("posts/a.md", 19, 0, "heading-order", "warning"),
    ]
    assert not (tmp_path / "public").exists()


def test_a_key_that_a_template_reads_is_no_fault(tmp_path: Path) -> None:
    lab = Lab(tmp_path, {"bifolium.toml": "", "posts/2026-01-01-a.md": "---\ncolour: red\n---\nText.\n"})
    assert [it[3] for it in rules(lab)] == ["unread-key"]
    lab.write({"templates/partials/colour.html": "{{ page.extra.colour }}"})
    assert rules(lab) == []


def test_a_post_can_ignore_rules_in_builds_and_checks_alike(tmp_path: Path) -> None:
    text = "---\ntitle: A\ndate: 2026-01-01\n{}---\n[no](nowhere.md) ![](gone.png)\n"
    lab = Lab(tmp_path, {"bifolium.toml": "", "posts/a.md": text.format("")})
    assert {it.rule for it in lab.build().problems} == {"broken-link", "missing-picture"}
    lab.write({"posts/a.md": text.format("# bifolium: ignore=broken-link, missing-alt\n")})
    assert {it.rule for it in lab.build().problems} == {"missing-picture"}
    assert {it[3] for it in rules(lab)} == {"missing-picture"}
    assert {it.rule for it in lab.build().problems} == {"missing-picture"}
    more = "catagory: x\nlayout: nowhere\n# bifolium: ignore=broken-link, unknown-key, layout, missing-picture\n"
    lab.write({"posts/a.md": text.format(more)})
    assert lab.build().problems == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("---\n# bifolium: ignore=a,b-c\n# bifolium: ignore = d \n---\n# bifolium: ignore=e", {"a", "b-c", "d"}),
        ("+++\n# bifolium: ignore=a\n+++", {"a"}),
        ("---\n# bifolium: ignores=a\ntitle: '# bifolium: ignore=b'\n---", set()),
        ("# bifolium: ignore=a", set()),
        ("", set()),
    ],
)
def test_only_comments_of_the_front_matter_ignore_rules(text: str, expected: set[str]) -> None:
    assert ignored(text.split("\n")) == expected


def test_a_baseline_knows_each_problem_as_often_as_it_was_there_wherever_it_moved() -> None:
    one, other = Problem("a.md", 1, 2, "rule", "this"), Problem("a.md", 3, 4, "rule", "that")
    known = baseline([one, other])
    assert unknown([one._replace(line=9), other], known) == ()
    assert unknown([one, one._replace(line=9)], known) == (one._replace(line=9),)
    assert unknown([one._replace(message="new")], known) == (one._replace(message="new"),)


def test_annotations_are_as_github_reads_them() -> None:
    problem = Problem("posts/a,b.md", 3, 7, "broken-link", "50% of\nit", "write: this")
    said = "::warning file=blog/posts/a%2Cb.md,line=3,col=7,title=broken-link::50%25 of␊it%0Awrite: this"
    assert annotation(problem, "blog") == said
    assert annotation(Problem("x", 0, 0, "r", "m", severity="note"), ".") == "::notice file=x,line=1,title=r::m"


def test_the_command_tells_people_programs_and_github(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = written(tmp_path / "built", SITE | PLANTED["an id twice"][0])
    at = ["-C", str(tmp_path), "check", str(folder)]
    assert run([*at, "--json"]) == 1
    said = capsys.readouterr()
    assert [it["rule"] for it in json.loads(said.out)] == ["duplicate-id"]
    assert "5 pages, 14 addresses: 1 problem" in said.err
    assert run([*at, "--github"]) == 1
    assert capsys.readouterr().out.startswith(
        f"::warning file={folder.as_posix()}/about.html,line=12,col=12,title=dupl"
    )
    assert run([*at, "--accept"]) == 0
    assert run(at) == 0
    assert "all is well, 1 known" in capsys.readouterr().err


# Other hosts


@contextmanager
def host(answer: Callable[[str, str], tuple[int, dict[str, str]]]) -> Iterator[tuple[str, list[str]]]:
    """Serve what `answer` says on this machine; yield the address and the list of requests."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(f"{self.command} {self.path}")
            assert self.headers["User-Agent"] == AGENT
            status, headers = answer(self.command, self.path)
            self.send_response(status)
            for name, value in ({"Content-Length": "0"} | headers).items():
                self.send_header(name, value)
            self.end_headers()

        do_HEAD = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


def test_other_hosts_are_asked_politely_and_once(tmp_path: Path) -> None:
    def answer(method: str, path: str) -> tuple[int, dict[str, str]]:
        if path == "/moved":
            return 301, {"Location": "/there"}
        if path == "/get" and method == "GET":
            return 200, {}
        return {"/there": 200, "/get": 405, "/busy": 503, "/shy": 403, "/later": 429}.get(path, 404), {
            "Retry-After": "600" if path == "/later" else "0"
        }

    memory = tmp_path / "state" / "outside.json"
    with host(answer) as (at, asked):
        urls = [f"{at}/{name}" for name in ("there#x", "moved", "get", "busy", "shy", "later", "gone")]
        found = ask(urls, memory, pause=0)
        assert {url.rpartition("/")[2]: (it.state, it.why) for url, it in found.items()} == {
            "there#x": ("there", ""),
            "moved": ("there", ""),
            "get": ("there", ""),
            "busy": ("unclear", "says 503 Service Unavailable"),
            "shy": ("unclear", "says 403 Forbidden"),
            "later": ("unclear", "says 429 Too Many Requests"),
            "gone": ("gone", "says 404 Not Found"),
        }
        assert sorted(asked) == sorted([
            "HEAD /there", "HEAD /moved", "GET /there", "HEAD /get", "GET /get", "HEAD /busy", "GET /busy",
            "GET /busy", "HEAD /shy", "GET /shy", "HEAD /later", "HEAD /gone", "GET /gone",
        ])  # fmt: skip
        asked.clear()
        assert ask(urls, memory, pause=0) == found
        assert asked == []
    assert [it.state for it in ask([f"{at}/other"], memory, pause=0).values()] == ["gone"]


def test_hosts_are_asked_side_by_side_but_each_one_thing_at_a_time(tmp_path: Path) -> None:
    together = threading.Barrier(2, timeout=20)
    busy: dict[str, int] = {"one": 0, "other": 0}
    most = dict(busy)

    def answered(name: str, method: str, path: str) -> tuple[int, dict[str, str]]:
        busy[name] += 1
        most[name] = max(most[name], busy[name])
        if path == "/first":  # answered only if the other host is asked meanwhile
            together.wait()
        busy[name] -= 1
        return 200, {"X-Asked-By": method}

    with host(partial(answered, "one")) as (one, _), host(partial(answered, "other")) as (other, _):
        urls = [f"{at}/{name}" for at in (one, other) for name in ("first", "second", "third")]
        found = ask(urls, tmp_path / "outside.json", pause=0)
    assert {it.state for it in found.values()} == {"there"}
    assert most == {"one": 1, "other": 1}


class Impatient(threading.Event):
    """An event that nobody waits for: it notes how long one would have."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float | None] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout)
        return self.is_set()


def test_a_second_passes_between_two_questions_to_one_host_and_longer_ones_before_a_new_try(tmp_path: Path) -> None:
    def answer(_: str, path: str) -> tuple[int, dict[str, str]]:
        return (503, {"Retry-After": "7"}) if path == "/busy" else (200, {})

    with host(answer) as (at, asked):
        plain, tried = Impatient(), Impatient()
        ask([f"{at}/{name}" for name in "abc"], tmp_path / "plain.json", stop=plain)
        assert (plain.waits, asked) == ([1.0, 1.0], ["HEAD /a", "HEAD /b", "HEAD /c"])
        ask([f"{at}/busy"], tmp_path / "tried.json", stop=tried)
        assert tried.waits == [7.0, 7.0, 7.0]


def test_links_to_other_hosts_are_checked_on_demand_in_sources_and_sites(tmp_path: Path) -> None:
    with host(lambda _, path: (200 if path == "/there" else 410, {})) as (at, asked):
        text = f"---\ndate: 2026-01-01\n---\n[there]({at}/there), [gone]({at}/gone)\n"
        lab = Lab(tmp_path, {"bifolium.toml": "", "posts/a.md": text})
        assert rules(lab) == []
        asking = partial(ask, memory=tmp_path / "asked.json", pause=0)
        found = check(lab.site(), ask=asking).problems
        assert [(it.path, it.line, it.rule, it.message) for it in found] == [
            ("posts/a.md", 4, "gone-link", f"`{at}/gone` says 410 Gone")
        ]
        lab.build()
        found = check_finished(tmp_path / "public", ask=asking).problems
        assert [it.rule for it in found if "link" in it.rule] == ["gone-link"] * 2  # in the post, and in the list
        assert sorted(asked) == ["GET /gone", "HEAD /gone", "HEAD /there"]
