"""Deploys: to git repositories, folders and an S3 server that are real and on this machine; killed and resumed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from lab import Lab

from bifolium import freight
from bifolium.deploying import Deployed, deploy
from bifolium.freight import Note, Voyage
from bifolium.problems import SiteError
from bifolium.sections import Deploy

URL = "https://example.org/blog"
POST = "---\ntitle: {0}\ndate: 2026-01-0{0}\n---\nText {0}.\n"
GIT = shutil.which("git")
RSYNC = shutil.which("rsync")
NEEDS_GIT = pytest.mark.skipif(not GIT, reason="needs git")
NEEDS_RSYNC = pytest.mark.skipif(not RSYNC, reason="needs rsync")


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    """Return a site of two posts and a file whose name is hard to carry, built."""
    posts = {f"posts/{number}.md": POST.format(number) for number in (1, 2)}
    odd = {"static/图 a&b[1]%20#c.txt": "odd", "images/a.svg": '<svg viewBox="0 0 1 1"/>'}
    lab = Lab(tmp_path / "site", {"bifolium.toml": f'base_url = "{URL}"\n', **posts, **odd})
    lab.build()
    return lab


def edited(lab: Lab) -> None:
    """Change one post, take one away, add one; build."""
    lab.write({"posts/1.md": POST.format(1) + "More.\n", "posts/3.md": POST.format(3)})
    lab.remove("posts/2.md")
    assert lab.build().published


def ours(lab: Lab) -> dict[str, bytes]:
    """Return the finished site, without the manifest."""
    return {path: data for path, data in lab.output().items() if path != freight.NOTE}


def refusal(lab: Lab, target: Deploy, **wishes: Any) -> list[tuple[str, str]]:
    """Return the rules and hints by which a deploy is refused."""
    with pytest.raises(SiteError) as failed:
        deploy(lab.site(), target, **wishes)
    return [(problem.rule, problem.hint) for problem in failed.value.problems]


CHANGED = ("2026/01/01/1.html", "archive/index.html", "feed.xml", "index.html", "sitemap.xml")


def assert_only_what_changed_moves(lab: Lab, target: Deploy, there: Callable[[], dict[str, bytes]]) -> None:
    """Deploy, edit, look, deploy, deploy again; the target is as the site each time."""
    first = deploy(lab.site(), target)
    assert (set(first.new) >= ours(lab).keys(), first.changed, first.gone) == (True, (), ())
    assert there() == ours(lab)
    count = len(ours(lab))
    assert deploy(lab.site(), target) == Deployed((), (), (), count)
    edited(lab)
    expected = Deployed(("2026/01/03/3.html",), CHANGED, ("2026/01/02/2.html",), count - 6)
    assert deploy(lab.site(), target, dry=True) == expected
    assert "2026/01/02/2.html" in there()
    assert deploy(lab.site(), target) == expected
    assert there() == ours(lab)
    assert deploy(lab.site(), target) == Deployed((), (), (), count)


# Whether it may go up


def test_a_site_that_is_not_fit_is_refused_with_what_to_do(lab: Lab, tmp_path: Path) -> None:
    target = Deploy(name="live", to=str(tmp_path / "www"), by="rsync")
    lab.build(drafts=True)
    assert refusal(lab, target) == [("drafts", "`bifolium build` without `--drafts` and `--future`")]
    lab.build()
    other = Deploy(name="live", to=str(tmp_path / "www"), by="rsync", base_url="https://other.example")
    assert refusal(lab, other) == [("other-address", "`bifolium build --base-url https://other.example`")]
    lab.write({"posts/1.md": "---\ntitle: [\n---\n"})
    assert not lab.build().published
    assert refusal(lab, target) == [("stale", "`bifolium build` first")]
    shutil.rmtree(lab.folder / "public")
    assert refusal(lab, target) == [("not-built", "`bifolium build` first")]
    assert not (tmp_path / "www").exists()


@NEEDS_RSYNC
def test_a_site_that_was_touched_since_it_was_built_is_refused(lab: Lab, tmp_path: Path) -> None:
    target = Deploy(name="live", to=str(tmp_path / "www"), by="rsync")
    (lab.folder / "public" / "index.html").write_text("gone")
    assert refusal(lab, target) == [("stale", "`bifolium build` first")]


@NEEDS_RSYNC
def test_a_site_of_another_machine_needs_no_memory(lab: Lab, tmp_path: Path) -> None:
    shutil.rmtree(lab.folder / ".bifolium")
    assert deploy(lab.site(), Deploy(name="live", to=str(tmp_path / "www"), by="rsync")).new


# Order and headers


def test_pages_go_up_after_what_they_refer_to() -> None:
    voyage = Voyage(("a.html", "a.png", "x/index.html"), ("b.html", "feed.xml", "index.html", "style.css"), ("c.html",))
    assert freight.in_order(voyage) == (
        ("a.png", "style.css"),
        ("a.html", "x/index.html"),
        ("b.html",),
        ("index.html",),
        ("feed.xml",),
    )


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("index.html", ("text/html; charset=utf-8", "public, max-age=60")),
        ("assets/style.d41b3ab8c3.css", ("text/css; charset=utf-8", "public, max-age=31536000, immutable")),
        ("assets/a-360.0026d6b0c3931684.webp", ("image/webp", "public, max-age=31536000, immutable")),
        ("images/a.png", ("image/png", "public, max-age=3600")),
        ("feed.xml", ("application/xml; charset=utf-8", "public, max-age=60")),
        ("a.woff2", ("font/woff2", "public, max-age=3600")),
        ("a.PDF", ("application/pdf", "public, max-age=3600")),
        ("CNAME", ("application/octet-stream", "public, max-age=3600")),
    ],
)
def test_files_have_their_types_and_times(path: str, expected: tuple[str, str]) -> None:
    assert freight.headers(path) == expected


def test_what_is_on_its_way_is_ours_and_nothing_is_known_of_it() -> None:
    before = Note(files={"a": "1", "b": "2", "c": "3"})
    voyage = freight.voyage({"b": "2", "c": "4", "d": "5"}, {"b": True, "c": False, "x": False}, before)
    assert voyage == Voyage(("d",), ("c",), ("a",))
    assert freight.on_its_way(before, voyage).files == {"a": "1", "b": "2", "c": "", "d": ""}


# git


def git(folder: Path, *arguments: str) -> str:
    """Return what git prints."""
    done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=True)
    return done.stdout.decode().strip()


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    folder = tmp_path / "remote.git"
    subprocess.run(["git", "init", "-q", "--bare", str(folder)], check=True)
    return folder


def branch(remote: Path, name: str = "gh-pages") -> dict[str, bytes]:
    """Return the files of a branch."""
    listed = git(remote, "-c", "core.quotePath=false", "ls-tree", "-r", "--name-only", "-z", name).split("\0")
    show = ["git", "-C", str(remote), "show"]
    return {path: subprocess.run([*show, f"{name}:{path}"], capture_output=True).stdout for path in listed if path}


@NEEDS_GIT
def test_a_branch_gets_only_what_changed_and_no_commit_without_a_change(lab: Lab, remote: Path) -> None:
    def there() -> dict[str, bytes]:
        return {path: data for path, data in branch(remote).items() if path not in {freight.NOTE, ".nojekyll"}}

    assert_only_what_changed_moves(lab, Deploy(name="git", to=str(remote)), there)
    assert git(remote, "log", "--format=%s", "gh-pages").splitlines() == ["Publish 2 posts"] * 2
    assert branch(remote)[".nojekyll"] == b""


@NEEDS_GIT
def test_a_branch_without_history_has_one_commit(lab: Lab, remote: Path) -> None:
    target = Deploy(name="git", to=str(remote), history=False, domain="example.org", branch="pages")
    deploy(lab.site(), target)
    edited(lab)
    deploy(lab.site(), target)
    assert git(remote, "log", "--format=%s", "pages") == "Publish 2 posts"
    assert [branch(remote, "pages")[name] for name in ("CNAME", ".domains")] == [b"example.org\n"] * 2


@NEEDS_GIT
def test_a_remote_is_named_as_in_the_sites_own_repository_which_is_left_alone(lab: Lab, remote: Path) -> None:
    subprocess.run(["git", "init", "-q", "-b", "main", str(lab.folder)], check=True)
    git(lab.folder, "remote", "add", "origin", str(remote))
    before = sorted(path for path in (lab.folder / ".git").rglob("*") if path.is_file())
    deploy(lab.site(), Deploy(name="git", to="origin"))
    assert {path: data for path, data in branch(remote).items() if path in ours(lab)} == ours(lab)
    shutil.rmtree(lab.folder / ".bifolium")
    lab.build()
    assert deploy(lab.site(), Deploy(name="git", to="origin")).new == ()
    assert sorted(path for path in (lab.folder / ".git").rglob("*") if path.is_file()) == before


@NEEDS_GIT
def test_a_branch_that_holds_something_else_is_refused_and_a_cname_of_others_stays(
    lab: Lab, remote: Path, tmp_path: Path
) -> None:
    subprocess.run(["git", "clone", "-q", str(remote), str(tmp_path / "clone")], check=True, capture_output=True)
    (tmp_path / "clone" / "CNAME").write_text("mine.example")
    me = ["-c", "user.name=me", "-c", "user.email=me@example.org"]
    git(tmp_path / "clone", "add", ".")
    git(tmp_path / "clone", *me, "commit", "-q", "-m", "mine")
    git(tmp_path / "clone", "push", "-q", "origin", "HEAD:gh-pages")
    target = Deploy(name="git", to=str(remote))
    assert [rule for rule, _ in refusal(lab, target)] == ["strangers"]
    deploy(lab.site(), target, force=True)
    assert branch(remote)["CNAME"] == b"mine.example"
    assert len(git(remote, "log", "--format=%s", "gh-pages").splitlines()) == 2


@NEEDS_GIT
def test_what_git_refuses_is_told_in_its_words(lab: Lab, tmp_path: Path) -> None:
    with pytest.raises(SiteError) as failed:
        deploy(lab.site(), Deploy(name="git", to=str(tmp_path / "nowhere.git")))
    assert "does not appear to be a git repository" in failed.value.problems[0].message


# rsync


def folder(at: Path) -> dict[str, bytes]:
    """Return the files of a folder, but for our note."""
    files = {path.relative_to(at).as_posix(): path for path in sorted(at.rglob("*")) if path.is_file()}
    return {name: path.read_bytes() for name, path in files.items() if name != freight.NOTE}


@NEEDS_RSYNC
def test_a_folder_gets_only_what_changed(lab: Lab, tmp_path: Path) -> None:
    www = tmp_path / "www"
    assert_only_what_changed_moves(lab, Deploy(name="www", to=str(www), by="rsync"), lambda: folder(www))
    assert not (www / "2026/01/02").exists()


@NEEDS_RSYNC
def test_other_files_in_the_folder_stay_and_are_not_written_over(lab: Lab, tmp_path: Path) -> None:
    www, target = tmp_path / "www", Deploy(name="www", to=str(tmp_path / "www"), by="rsync")
    (www / "stats").mkdir(parents=True)
    (www / "stats" / "index.html").write_text("theirs")
    (www / "index.html").write_text("theirs")
    assert [rule for rule, _ in refusal(lab, target)] == ["strangers"]
    deploy(lab.site(), target, force=True)
    edited(lab)
    deploy(lab.site(), target)
    assert folder(www) == ours(lab) | {"stats/index.html": b"theirs"}


def started(lab: Lab, target: str, **environment: str) -> subprocess.Popen[bytes]:
    """Start a deploy of the site as a program of its own."""
    command = [sys.executable, "-m", "bifolium", "-C", str(lab.folder), "deploy", target]
    more = {"PYTHONPATH": os.pathsep.join(sys.path), "SOURCE_DATE_EPOCH": "1795435200", **environment}
    return subprocess.Popen(command, env={**os.environ, **more}, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


@NEEDS_RSYNC
@pytest.mark.parametrize("calls", [3, 5, 8])
def test_a_deploy_by_rsync_that_is_killed_after_any_call_goes_on(calls: int, lab: Lab, tmp_path: Path) -> None:
    www = tmp_path / "www"
    lab.write({"bifolium.toml": f'base_url = "{URL}"\n[[deploy]]\nname = "www"\nto = "{www}"\nby = "rsync"\n'})
    lab.build()
    deploy(lab.site(), lab.site().settings.deploy[0])
    edited(lab)
    script = tmp_path / "bin" / "rsync"
    script.parent.mkdir()
    count = tmp_path / "count"
    script.write_text(
        f'#!/bin/sh\n{RSYNC} "$@"\ncode=$?\necho >> {count}\n'
        f"[ $(wc -l < {count}) -ge {calls} ] && kill -9 $PPID\nexit $code\n"
    )
    script.chmod(0o755)
    killed = started(lab, "www", PATH=f"{script.parent}{os.pathsep}{os.environ['PATH']}")
    killed.communicate()
    assert killed.returncode == -signal.SIGKILL
    assert_nothing_is_broken(folder(www))
    deploy(lab.site(), lab.site().settings.deploy[0])
    assert folder(www) == ours(lab)


def assert_nothing_is_broken(files: dict[str, bytes]) -> None:
    """Assert that the home page leads to pages that are there, as long as the deploy lasts."""
    for number in (1, 2, 3):
        if f"/0{number}/{number}.html".encode() in files["index.html"]:
            assert f"2026/01/0{number}/{number}.html" in files


# S3


class S3:
    """moto's S3 server on this machine, with a bucket; `quota` is how many files it takes before `full` is called."""

    def __init__(self) -> None:
        from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
        from werkzeug.serving import make_server

        self.application: Any = DomainDispatcherApplication(create_backend_app)
        self.quota = -1
        self.full: Callable[[], None] = lambda: None
        self.requests: list[str] = []
        self.server = make_server("127.0.0.1", 0, self.answer, threaded=False)
        self.endpoint = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, environ: Any, start: Any) -> Iterable[bytes]:
        self.requests.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
        if environ["REQUEST_METHOD"] == "PUT":
            self.quota -= 1
            if self.quota == 0:
                self.full()
        return self.application(environ, start)  # type: ignore[no-any-return]

    def client(self) -> Any:
        import boto3  # type: ignore[import-untyped]

        return boto3.client("s3", endpoint_url=self.endpoint, region_name="us-east-1")


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[S3]:
    pytest.importorskip("moto")
    pytest.importorskip("obstore")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "somebody")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "some secret")
    server = S3()
    server.client().create_bucket(Bucket="blog")
    yield server
    server.server.shutdown()
    server.server.server_close()
    from moto.backends import get_backend

    get_backend("s3").reset()


def bucket(s3: S3, prefix: str = "") -> dict[str, bytes]:
    """Return what is in the bucket, but for our note."""
    client = s3.client()
    listed = client.list_objects_v2(Bucket="blog", Prefix=prefix).get("Contents", [])
    keys = [it["Key"] for it in listed if not it["Key"].endswith(freight.NOTE)]
    return {key.removeprefix(prefix): client.get_object(Bucket="blog", Key=key)["Body"].read() for key in keys}


def to_s3(s3: S3, to: str = "s3://blog") -> Deploy:
    return Deploy(name="s3", to=to, endpoint=s3.endpoint, region="us-east-1")


def test_a_bucket_gets_only_what_changed(lab: Lab, s3: S3) -> None:
    assert_only_what_changed_moves(lab, to_s3(s3, "s3://blog/deep/er"), lambda: bucket(s3, "deep/er/"))


def test_files_in_a_bucket_have_their_headers(lab: Lab, s3: S3) -> None:
    deploy(lab.site(), to_s3(s3))
    client = s3.client()
    for path in ours(lab):
        found = client.head_object(Bucket="blog", Key=path)
        assert (found["ContentType"], found["CacheControl"]) == freight.headers(path)


def test_a_file_whose_headers_alone_change_is_sent_again(lab: Lab, s3: S3, monkeypatch: pytest.MonkeyPatch) -> None:
    deploy(lab.site(), to_s3(s3))
    short = tuple(path for path in sorted(ours(lab)) if freight.headers(path)[1] == "public, max-age=60")
    monkeypatch.setattr(freight, "_SHORT", "public, max-age=61")
    assert deploy(lab.site(), to_s3(s3), dry=True).changed == short
    interrupted = freight.on_its_way(Note(), Voyage((), short, ()))
    s3.client().put_object(Bucket="blog", Key=freight.NOTE, Body=freight.encoded(interrupted))
    assert deploy(lab.site(), to_s3(s3)).changed == short
    assert s3.client().head_object(Bucket="blog", Key="index.html")["CacheControl"] == "public, max-age=61"
    assert deploy(lab.site(), to_s3(s3)).changed == ()


def test_a_bucket_is_changed_in_an_order_that_breaks_no_page(lab: Lab, s3: S3) -> None:
    deploy(lab.site(), to_s3(s3))
    edited(lab)
    s3.requests.clear()
    deploy(lab.site(), to_s3(s3))
    sent = [it.removeprefix("PUT /blog/") for it in s3.requests if it.startswith(("PUT", "POST"))]
    assert sent[0] == sent[-1] == freight.NOTE
    assert sent[1] == "2026/01/03/3.html"
    assert sorted(sent[2:4]) == ["2026/01/01/1.html", "archive/index.html"]
    assert (sent[4], sorted(sent[5:7])) == ("index.html", ["feed.xml", "sitemap.xml"])
    assert sent[7:-1] == ["POST /blog"]


@pytest.mark.parametrize("files", [2, 5, 8])
def test_a_deploy_to_s3_that_is_killed_after_any_file_goes_on(files: int, lab: Lab, s3: S3) -> None:
    section = f'[[deploy]]\nname = "s3"\nto = "s3://blog"\nendpoint = "{s3.endpoint}"\nregion = "us-east-1"\n'
    lab.write({"bifolium.toml": f'base_url = "{URL}"\n{section}'})
    lab.build()
    deploy(lab.site(), to_s3(s3))
    edited(lab)
    killed = started(lab, "s3")
    s3.quota, s3.full = files, killed.kill
    killed.communicate()
    assert killed.returncode == -signal.SIGKILL
    assert_nothing_is_broken(bucket(s3))
    s3.requests.clear()
    deploy(lab.site(), to_s3(s3))
    assert bucket(s3) == ours(lab)
    assert sum(it.startswith("PUT") for it in s3.requests) <= 8 - files + 2


def test_other_files_in_a_bucket_stay(lab: Lab, s3: S3) -> None:
    s3.client().put_object(Bucket="blog", Key="index.html", Body=b"theirs")
    s3.client().put_object(Bucket="blog", Key="theirs.html", Body=b"theirs")
    assert [rule for rule, _ in refusal(lab, to_s3(s3))] == ["strangers"]
    deploy(lab.site(), to_s3(s3), force=True)
    assert bucket(s3) == ours(lab) | {"theirs.html": b"theirs"}


def test_what_a_store_refuses_is_told_in_its_words(lab: Lab, s3: S3) -> None:
    with pytest.raises(SiteError) as failed:
        deploy(lab.site(), to_s3(s3, "s3://nobodys"))
    assert "NoSuchBucket" in failed.value.problems[0].message


def test_a_store_needs_the_extra(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "obstore", None)
    assert refusal(lab, Deploy(name="s3", to="s3://blog")) == [("deploy", '`pip install "bifolium[deploy]"`')]


# The command


def test_the_command_names_targets_and_tells_what_it_did(lab: Lab, tmp_path: Path) -> None:
    www = tmp_path / "www"
    lab.write({"bifolium.toml": f'base_url = "{URL}"\n[[deploy]]\nname = "www"\nto = "{www}"\nby = "rsync"\n'})
    lab.build()
    wrong = started(lab, "ww")
    assert "there is no target `ww`; did you mean `www`?" in wrong.communicate()[1].decode()
    assert wrong.returncode == 2
    done = started(lab, "www")
    assert f"{www}: {len(ours(lab))} new, 0 as they were" in done.communicate()[1].decode()
    assert json.loads((www / freight.NOTE).read_text())["about"]["base_url"] == URL
