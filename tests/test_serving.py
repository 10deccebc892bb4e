"""The preview's server, byte by byte: what it answers, whom it refuses, what it survives."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from lab import Lab

from bifolium.serve.lookup import Elsewhere, Found, Malformed, Nothing, look_up
from bifolium.serve.requests import Part, is_welcome, part_of, type_of

SITE: dict[str, str | bytes] = {
    "bifolium.toml": 'title = "Tides"\n',
    "posts/2026-01-01-潮汐.md": "---\ntitle: 潮汐\naliases: [/old/]\n---\n\nEbb.\n",
    "static/data.bin": bytes(range(256)),
    "static/a b/é.txt": "x",
    "static/.htaccess": "x",
}


class Running(NamedTuple):
    """A preview that runs."""

    process: subprocess.Popen[str]
    port: int
    lab: Lab


def begin(lab: Lab, *options: str) -> Running:
    """Start `bifolium serve` and wait until it says where it is."""
    command = [sys.executable, "-m", "bifolium", "-C", str(lab.folder), "serve", *options]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, encoding="utf-8")
    assert process.stderr
    line = process.stderr.readline()
    assert "http://127.0.0.1:" in line, line + process.stderr.read()
    assert "ready" in process.stderr.readline()
    return Running(process, int(line.split("http://127.0.0.1:")[1].split("/")[0]), lab)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    lab = Lab(tmp_path_factory.mktemp("serve") / "site", SITE)
    found = begin(lab)
    yield found
    found.process.kill()
    found.process.communicate()


def send(running: Running, request: bytes) -> bytes:
    """Return all that the server says to `request` before it closes, or for two seconds."""
    with socket.create_connection(("127.0.0.1", running.port), timeout=2) as connection:
        connection.sendall(request)
        answer = b""
        try:
            while piece := connection.recv(65536):
                answer += piece
        except TimeoutError:
            pass
        return answer


def get(running: Running, target: str, *headers: str, method: str = "GET") -> bytes:
    """Return the server's answer to a request in good order."""
    lines = [f"{method} {target} HTTP/1.1", f"Host: 127.0.0.1:{running.port}", "Connection: close", *headers, "", ""]
    return send(running, "\r\n".join(lines).encode())


def status(answer: bytes) -> int:
    return int(answer.split(b" ")[1])


def header(answer: bytes, name: str) -> str:
    lines = answer.split(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")[1:]
    return next((line.partition(": ")[2] for line in lines if line.lower().startswith(f"{name.lower()}:")), "")


def body(answer: bytes) -> bytes:
    return answer.partition(b"\r\n\r\n")[2]


@pytest.mark.parametrize(
    ("target", "wanted"),
    [
        ("/", 200),
        ("/2026/01/01/%E6%BD%AE%E6%B1%90.html", 200),
        ("/2026/01/01/潮汐.html", 200),
        ("/2026/01/01/潮汐", 200),
        ("/old", 301),
        ("/old/", 200),
        ("/a%20b/%C3%A9.txt", 200),
        ("/nothing", 404),
        ("/../bifolium.toml", 404),
        ("/%2e%2e/bifolium.toml", 404),
        ("/..%2fbifolium.toml", 404),
        ("/static/data.bin", 404),
        ("/.bifolium/memo.sqlite", 404),
        ("/bifolium.toml", 404),
        ("//etc/passwd", 404),
        ("/%00", 400),
        ("/%ff", 400),
        ("*", 400),
        ("/_bifolium/", 200),
        ("/_bifolium/../preview.js", 404),
        ("http://127.0.0.1/", 200),
    ],
)
def test_an_address_is_found_in_the_site_and_nowhere_else(running: Running, target: str, wanted: int) -> None:
    assert status(get(running, target)) == wanted


def test_a_page_is_html_in_utf_8_that_nobody_stores(running: Running) -> None:
    answer = get(running, "/")
    assert [header(answer, name) for name in ("Content-Type", "Cache-Control", "Server")] == [
        "text/html; charset=utf-8",
        "no-store",
        "",
    ]
    assert b"_bifolium" not in answer


@pytest.mark.parametrize(
    ("wanted", "answered", "content", "shown"),
    [
        ("bytes=0-3", 206, bytes(range(4)), "bytes 0-3/256"),
        ("bytes=254-", 206, bytes([254, 255]), "bytes 254-255/256"),
        ("bytes=-2", 206, bytes([254, 255]), "bytes 254-255/256"),
        ("bytes=0-999", 200, bytes(range(256)), ""),
        ("bytes=256-", 416, None, "bytes */256"),
        ("bytes=-0", 416, None, "bytes */256"),
        ("bytes=3-1", 200, bytes(range(256)), ""),
        ("bytes=0-1,4-5", 200, bytes(range(256)), ""),
        ("lines=1-2", 200, bytes(range(256)), ""),
        ("bytes=" + "9" * 400 + "-", 200, bytes(range(256)), ""),
    ],
)
def test_a_part_of_a_file_can_be_asked_for(
    running: Running, wanted: str, answered: int, content: bytes | None, shown: str
) -> None:
    answer = get(running, "/data.bin", f"Range: {wanted}")
    assert (status(answer), header(answer, "Content-Range")) == (answered, shown)
    assert content is None or body(answer) == content


def test_head_says_what_get_would_without_a_body(running: Running) -> None:
    for target in ("/", "/data.bin", "/nothing"):
        whole, head = get(running, target), get(running, target, method="HEAD")
        assert (status(head), header(head, "Content-Length"), body(head)) == (
            status(whole),
            header(whole, "Content-Length"),
            b"",
        )


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "NONSENSE"])
def test_only_get_and_head_are_answered(running: Running, method: str) -> None:
    answer = get(running, "/", "Content-Length: 0", method=method)
    assert (status(answer), header(answer, "Access-Control-Allow-Origin")) == (405, "")


@pytest.mark.parametrize(
    "lines",
    [
        ["Host: evil.example"],
        ["Host: evil.example:{port}"],
        ["Host: 127.0.0.1.evil.example"],
        ["Host: localhost@evil.example"],
        ["Host: localhost:x"],
        ["Host: 127.0.0.1:{port}", "Origin: http://evil.example"],
        ["Host: 127.0.0.1:{port}", "Origin: null"],
        ["Host: 127.0.0.1:{port}", "Origin: http://127.0.0.1:1"],
    ],
)
@pytest.mark.parametrize("target", ["/", "/_bifolium/", "/_bifolium/socket"])
def test_strangers_are_refused(running: Running, lines: list[str], target: str) -> None:
    upgrade = ["Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="]
    more = ["Connection: Upgrade", *upgrade] if target.endswith("socket") else ["Connection: close"]
    request = [f"GET {target} HTTP/1.1", *(line.format(port=running.port) for line in lines), *more, "", ""]
    assert status(send(running, "\r\n".join(request).encode())) in {400, 403}


@pytest.mark.parametrize(
    "request_",
    [
        b"\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n broken\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nabc",
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)),
        bytes(range(256)) * 10,
    ],
    ids=range(13),
)
def test_nonsense_is_refused_and_survived(running: Running, request_: bytes) -> None:
    answer = send(running, request_)
    assert answer == b"" or status(answer) in {400, 403, 405, 413, 431}
    assert status(get(running, "/")) == 200


def test_many_clients_are_answered(running: Running) -> None:
    open_ = [socket.create_connection(("127.0.0.1", running.port), timeout=10) for _ in range(200)]
    request = f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{running.port}\r\nConnection: close\r\n\r\n".encode()
    for connection in open_:
        connection.sendall(request)
    assert {status(connection.recv(200)) for connection in open_} == {200}
    for connection in open_:
        connection.close()


def test_the_next_free_port_is_taken_and_an_asked_for_one_is_not_replaced(tmp_path: Path) -> None:
    lab = Lab(tmp_path / "site", SITE)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "bifolium", "-C", str(lab.folder), "serve", "--port", str(port)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "in use" in done.stderr


def test_with_write_the_output_folder_holds_what_is_shown(tmp_path: Path) -> None:
    lab = Lab(tmp_path / "site", SITE)
    running = begin(lab, "--watch", "--write")
    assert running.process.stderr
    first = running.process.stderr.readline()
    lab.write({"posts/2026-01-01-潮汐.md": "---\ntitle: 潮汐\naliases: [/old/]\n---\n\nFlood.\n"})
    while not (line := running.process.stderr.readline()).startswith("files"):
        pass
    running.process.kill()
    written = lab.output()
    lab.build(drafts=True)
    assert first.startswith("files written: ")
    assert line == "files written: 2\n"  # the page and the list that shows its beginning
    assert written == lab.output()


@pytest.mark.skipif(os.name == "nt", reason="signals are another thing there")
def test_an_interrupt_ends_it_quietly_and_soon(tmp_path: Path) -> None:
    running = begin(Lab(tmp_path / "site", SITE), "--watch")
    assert status(get(running, "/")) == 200
    running.process.send_signal(signal.SIGINT)
    began = time.monotonic()
    assert running.process.wait(5) == 0
    assert time.monotonic() - began < 2  # half a second on a machine that has nothing else to do
    assert running.process.stderr
    assert "Traceback" not in running.process.stderr.read()


def test_a_site_below_a_path_is_shown_there(tmp_path: Path) -> None:
    running = begin(Lab(tmp_path / "site", SITE | {"bifolium.toml": 'base_url = "https://e.example/blog"\n'}))
    try:
        answers = [get(running, target) for target in ("/", "/blog", "/blog/", "/data.bin", "/blog/data.bin")]
        assert [(status(it), header(it, "Location")) for it in answers] == [
            (301, "/blog/"),
            (301, "/blog/"),
            (200, ""),
            (404, ""),
            (200, ""),
        ]
    finally:
        running.process.kill()
        running.process.communicate()


# The decisions, without a socket


@pytest.mark.parametrize(
    ("target", "wanted"),
    [
        ("/", Found("index.html")),
        ("/a", Elsewhere("/a/")),
        ("/a/", Found("a/index.html")),
        ("/b", Found("b.html")),
        ("/b?x=/../", Found("b.html")),
        ("/b/", Nothing()),
        ("b", Malformed()),
        ("", Malformed()),
        ("/%E6%BD", Malformed()),
        ("HTTP://h/b", Found("b.html")),
        ("https://h", Found("index.html")),
    ],
)
def test_addresses_are_found_as_static_hosts_find_them(target: str, wanted: object) -> None:
    assert look_up(target, {"index.html", "a/index.html", "b.html"}, "") == wanted


def test_numbers_localhost_and_allowed_names_are_welcome() -> None:
    hosts = ["localhost", "LOCALHOST:8000", "127.0.0.1", "[::1]:8000", "192.168.1.5:80", "blog.localhost", "my.box:1"]
    assert [is_welcome(host, None, {"my.box"}) for host in hosts] == [True] * 7
    assert [is_welcome(host, None, set()) for host in ("", "a.b", "/", "x:y", "[::1", "a@localhost")] == [False] * 6


def test_parts_are_within_the_file() -> None:
    assert [part_of(it, 10) for it in (None, "", "bytes=-", "bytes=9-", "bytes=-99", "bytes=10-")] == [
        *[Part(0, 10)] * 3,
        Part(9, 10),
        Part(0, 10),
        None,
    ]
    assert part_of("bytes=0-", 0) is None


def test_types_are_those_of_the_web() -> None:
    kinds = {"a.html": "text/html; charset=utf-8", "a.svg": "image/svg+xml; charset=utf-8", "a.woff2": "font/woff2"}
    assert {name: type_of(name) for name in kinds} == kinds
    assert type_of("CNAME") == "application/octet-stream"
