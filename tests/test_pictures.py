"""Pictures come in the right size and format, are worked on once, and no file can break a build."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import drawing
import pytest
from lab import Lab
from PIL import Image, ImageDraw

from bifolium import album, encoding, gallery, ledger, metadata, videos
from bifolium.checking import PICTURES, check, only
from bifolium.encoding import Job, encode
from bifolium.figures import widths
from bifolium.pictures import Encoded, Order, Picture
from bifolium.problems import draw
from bifolium.settings import Images

POST = "---\ntitle: Post\n---\n\n"
SITE = {
    "bifolium.toml": "images = { widths = [100, 200, 400] }\n",
    "posts/2026-01-01-a.md": POST + "![A](/images/a.jpg)",
}
PAGE = "2026/01/01/a.html"


def site(folder: Path, *files: tuple[str, bytes], text: str = "![A](/images/a.jpg)", settings: str = "") -> Lab:
    """Return a site of one post with pictures."""
    lab = Lab(folder, {**SITE, "posts/2026-01-01-a.md": POST + text, **dict(files)})
    if settings:
        lab.write({"bifolium.toml": settings})
    return lab


def encoded(folder: Path, data: bytes, *sizes: int) -> list[Image.Image]:
    """Return what a picture looks like after it has been encoded in some widths."""
    (folder / "picture").write_bytes(data)
    order = Order(b"", sizes, ("webp",), 80)
    [found] = encode([Job(order, str(folder / "picture"), str(folder / "album"))])
    assert found.problem == ""
    return [Image.open(folder / "album" / made.file) for made in found.encodings]


def album_size(image: Image.Image) -> int:
    """Return how many bytes the file of an encoded picture has."""
    return Path(image.filename).stat().st_size  # type: ignore[attr-defined]


def colours(image: Image.Image) -> list[str]:
    """Return what colour a picture's upper corners have."""
    names = {(True, False): "red", (False, True): "blue", (False, False): "dark", (True, True): "light"}
    rgb = image.convert("RGB")
    found = (rgb.getpixel((x, 5)) for x in (5, rgb.width - 5))
    return [names[pixel[0] > 128, pixel[2] > 128] for pixel in found]  # type: ignore[index]


# What comes out


def test_a_photograph_comes_in_several_widths_with_the_original_as_fallback(tmp_path: Path) -> None:
    lab = site(tmp_path, ("images/a.jpg", drawing.jpeg()))
    assert lab.build().problems == ()
    page = re.sub(r"\.[0-9a-f]{16}\.", ".HASH.", lab.page(PAGE))
    srcset = ", ".join(f"/assets/a-{width}.HASH.webp {width}w" for width in (100, 200, 400))
    assert page.splitlines()[1] == (
        '<figure><a class="zoom" href="/images/a.jpg"><picture>'
        f'<source type="image/webp" srcset="{srcset}" sizes="(min-width: 730px) 672px, 92vw">'
        '<img src="/images/a.jpg" alt="A" width="900" height="600" fetchpriority="high"></picture></a></figure>'
    )
    made = {path: Image.open(BytesIO(data)).size for path, data in lab.output().items() if path.endswith(".webp")}
    assert sorted(made.values()) == [(100, 67), (200, 133), (400, 267)]


def test_the_first_picture_is_loaded_at_once_and_others_when_they_are_near(tmp_path: Path) -> None:
    lab = site(
        tmp_path, ("images/a.svg", b'<svg viewBox="0 0 3 2"/>'), text="![A](/images/a.svg)\n\n![B](/images/a.svg)"
    )
    lab.build()
    assert re.findall(r'height="2"(.*?)>', lab.page(PAGE)) == [
        ' fetchpriority="high"',
        ' loading="lazy" decoding="async"',
    ]


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (90, (90,)),
        (110, (110,)),
        (130, (100, 130)),
        (400, (100, 200, 400)),
        (450, (100, 200, 450)),
        (470, (100, 200, 400)),
        (9000, (100, 200, 400)),
    ],
)
def test_no_width_is_beyond_the_original_nor_nearly_the_same(width: int, expected: tuple[int, ...]) -> None:
    assert widths(Picture(width, 9, kind="PNG", size=9999), Images(widths=(200, 100, 400))) == expected


@pytest.mark.parametrize(
    "made", [{"moving": True}, {"kind": "SVG"}, {"problem": "cut short"}, {"size": 100}, {"height": 0}]
)
def test_what_can_not_gain_is_left_as_it_is(made: dict[str, object]) -> None:
    assert widths(Picture(900, 600, kind="PNG", size=9999)._replace(**made), Images()) == ()  # type: ignore[arg-type]


def test_an_encoding_that_is_no_smaller_than_the_original_is_left_out(tmp_path: Path) -> None:
    tiny = drawing.saved(Image.new("RGB", (900, 600), "teal"), "PNG", optimize=True)
    noise = drawing.saved(Image.effect_noise((400, 300), 200), "WEBP", quality=5)
    assert encoded(tmp_path, noise, 400) == []
    assert len(encoded(tmp_path, tiny, 900)) == 1


def test_an_original_that_is_as_small_as_can_be_stays_the_widest_and_narrower_ones_are_made(tmp_path: Path) -> None:
    lab = site(tmp_path, ("images/a.webp", drawing.saved(drawing.photo(), "WEBP", quality=60)))
    lab.write({"bifolium.toml": "images = { widths = [300, 900] }\n"})
    lab.write({"posts/2026-01-01-a.md": POST + "![A](/images/a.webp)"})
    assert (lab.build().done["encode"], lab.build().done["encode"]) == (1, 0)
    found = re.search(r'srcset="(/assets/a-300\.\w+\.webp) 300w, /images/a\.webp 900w"', lab.page(PAGE))
    assert found
    assert [path for path in lab.output() if path.startswith("assets/a-")] == [found[1][1:]]


def test_a_photograph_that_webp_makes_larger_comes_in_a_quality_that_makes_it_smaller(tmp_path: Path) -> None:
    data = drawing.saved(drawing.photo(), "JPEG", quality=25)
    usual = drawing.saved(drawing.photo(), "WEBP", quality=80)
    assert len(usual) > len(data)
    found = encoded(tmp_path, data, 300, 900)
    assert [(it.width, album_size(it) < len(data)) for it in found] == [(300, True), (900, True)]


def test_a_drawing_that_is_smallest_whole_is_offered_narrower_only_where_that_saves_bytes(tmp_path: Path) -> None:
    image = Image.new("RGB", (900, 600), "white")
    for y in range(10, 590, 14):
        ImageDraw.Draw(image).text((10, y), "all letters of a kind are the same in a drawing " * 3, fill="black")
    found = encoded(tmp_path, drawing.saved(image, "PNG", optimize=True), 100, 150, 700, 900)
    assert [it.width for it in found] == [100, 900]


@pytest.mark.parametrize("kind", ["avif", "webp"])
def test_each_format_that_the_settings_name_is_offered(kind: str, tmp_path: Path) -> None:
    settings = f'images = {{ widths = [100], formats = ["{kind}"] }}\n'
    lab = site(tmp_path, ("images/a.jpg", drawing.jpeg(300, 200)), settings=settings)
    lab.build()
    assert f'<source type="image/{kind}" srcset="/assets/a-100.' in lab.page(PAGE)


def test_originals_alone_are_shown_if_somebody_asks_for_that(tmp_path: Path) -> None:
    lab = site(tmp_path, ("images/a.jpg", drawing.jpeg()))
    assert lab.build(images="original").done["encode"] == 0
    assert '<img src="/images/a.jpg" alt="A" width="900" height="600"' in lab.page(PAGE)
    assert "<source" not in lab.page(PAGE)


def test_a_width_of_the_author_keeps_the_shape(tmp_path: Path) -> None:
    text = "![A](/images/a.svg){width=150}\n\n![A](/images/a.svg){width=50%}\n\nin ![A](/images/a.svg){height=100} line"
    lab = site(tmp_path, ("images/a.svg", b'<svg viewBox="0 0 300 200"/>'), text=text)
    lab.build()
    assert re.findall(r'width="(\d+)" height="(\d+)"', lab.page(PAGE)) == [
        ("150", "100"),
        ("300", "200"),
        ("150", "100"),
    ]
    assert '<figure style="width: 50%">' in lab.page(PAGE)


def test_a_video_has_its_size_and_nothing_of_it_is_loaded(tmp_path: Path) -> None:
    files = ("images/a.mp4", drawing.mp4(640, 360)), ("images/p.svg", b'<svg viewBox="0 0 3 2"/>')
    lab = site(tmp_path, *files, text='![Tide](/images/a.mp4 "At noon"){poster=../images/p.svg}')
    assert lab.build().problems == ()
    assert lab.page(PAGE).splitlines()[1] == (
        '<figure><video src="/images/a.mp4" controls preload="none" playsinline width="640" height="360" '
        'aria-label="Tide" poster="/images/p.svg"></video><figcaption>At noon</figcaption></figure>'
    )


def test_a_video_without_a_poster_is_not_loaded_either_unless_its_author_says_so(tmp_path: Path) -> None:
    own = "<video src='/images/a.mp4' controls></video> <video src='/images/a.mp4' preload=\"metadata\"></video>"
    lab = site(tmp_path, ("images/a.mp4", drawing.mp4(640, 360)), text=f"![A](/images/a.mp4)\n\n{own}")
    lab.build()
    assert re.findall('<video[^>]*preload="(\\w+)"', lab.page(PAGE)) == ["none", "none", "metadata"]


@pytest.mark.parametrize(
    ("data", "kind", "size"),
    [
        (drawing.mp4(640, 360), "MP4", (640, 360)),
        (drawing.mp4(640, 360, turned=True), "MP4", (360, 640)),
        (drawing.webm(854, 480), "WebM", (854, 480)),
    ],
)
def test_a_video_is_measured_by_its_header_and_no_damage_is_raised(
    data: bytes, kind: str, size: tuple[int, int]
) -> None:
    assert videos.kind_of(data) == kind
    assert videos.size(BytesIO(data), kind) == size
    for end in range(len(data)):
        assert videos.size(BytesIO(data[:end]), kind) in {(0, 0), size}
        videos.size(BytesIO(data[:end] + b"\xff" + data[end + 1 :]), kind)


# Odd pictures


@pytest.mark.parametrize(
    "data",
    [
        drawing.saved(drawing.photo().convert("CMYK"), "JPEG"),
        drawing.saved(drawing.photo().quantize(200), "PNG"),
        drawing.saved(drawing.photo().convert("RGBA"), "PNG"),
        drawing.saved(drawing.photo(), "BMP"),
        drawing.saved(drawing.photo(), "AVIF", quality=95),
        drawing.saved(drawing.photo(), "WEBP", lossless=True),
        drawing.jpeg(progressive=True),
    ],
    ids=["CMYK", "palette", "RGBA", "BMP", "AVIF", "WebP", "progressive"],
)
def test_colours_stay_whatever_the_picture_is_made_of(data: bytes, tmp_path: Path) -> None:
    assert [colours(image) for image in encoded(tmp_path, data, 100, 300)] == [["red", "blue"]] * 2


def test_sixteen_bits_of_grey_become_eight(tmp_path: Path) -> None:
    grain = Image.effect_noise((300, 200), 60).convert("I").point(lambda value: value * 200)
    [image] = encoded(tmp_path, drawing.saved(grain.convert("I;16"), "PNG"), 300)
    mean = sum(image.convert("L").histogram()[value] * value for value in range(256)) / (300 * 200)
    assert 95 < mean < 105


def test_transparency_stays(tmp_path: Path) -> None:
    image = drawing.photo().convert("RGBA")
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    flat = drawing.photo().quantize(100)
    flat.info["transparency"] = flat.getpixel((5, 5))
    for data in (drawing.saved(image, "PNG"), drawing.saved(flat, "PNG", transparency=flat.getpixel((5, 5)))):
        [found] = encoded(tmp_path, data, 300)
        assert found.convert("RGBA").getpixel((5, 2))[3] < 20  # type: ignore[index]


@pytest.mark.parametrize("turn", range(1, 9))
def test_a_picture_is_turned_as_the_camera_says_and_forgets_where_it_was(turn: int, tmp_path: Path) -> None:
    upright = drawing.photo()
    turns = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # Pillow's names for the way back
    raw = upright.transpose(Image.Transpose(turns[turn])) if turn > 1 else upright
    [image] = encoded(tmp_path, drawing.saved(raw, "JPEG", quality=95, exif=drawing.exif(turn)), 300)
    assert (image.size, colours(image), "exif" in image.info) == ((300, 200), ["red", "blue"], False)


def test_a_profile_stays_unless_it_says_what_is_so_anyway(tmp_path: Path) -> None:
    from PIL import ImageCms

    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    own = encoded(tmp_path, drawing.jpeg(icc_profile=drawing.profile()), 300)[0].info.get("icc_profile")
    assert (own, "icc_profile" in encoded(tmp_path, drawing.jpeg(icc_profile=srgb), 300)[0].info) == (
        drawing.profile(),
        False,
    )


# What cameras write


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("turn", [1, 6])
def test_the_published_original_tells_nothing_but_its_turn_and_has_all_its_pixels(
    kind: str, turn: int, tmp_path: Path
) -> None:
    data = drawing.saved(drawing.photo(), kind, exif=drawing.exif(turn), icc_profile=drawing.profile())
    (tmp_path / "a").write_bytes(data)
    assert metadata.is_private(tmp_path / "a")
    clean = b"".join(metadata.cleaned(tmp_path / "a"))
    (tmp_path / "a").write_bytes(clean)
    before, after = Image.open(BytesIO(data)), Image.open(BytesIO(clean))
    assert b"Camera" not in clean
    assert after.getexif().get(0x0112, 1) == turn
    assert dict(after.getexif().get_ifd(0x8825)) == {}
    assert (after.info["icc_profile"], after.tobytes()) == (drawing.profile(), before.tobytes())
    assert not metadata.is_private(tmp_path / "a")
    assert b"".join(metadata.cleaned(tmp_path / "a")) == clean


def test_originals_are_published_clean_also_if_no_text_shows_them(tmp_path: Path) -> None:
    photo = drawing.jpeg(exif=drawing.exif())
    lab = site(tmp_path, ("images/a.jpg", photo), ("images/b.jpg", photo), ("static/c.jpg", photo))
    lab.build()
    assert [b"Camera" in lab.output()[path] for path in ("images/a.jpg", "images/b.jpg", "c.jpg")] == [
        False,
        False,
        True,
    ]
    lab.write({"bifolium.toml": 'images = { metadata = "keep" }\n'})
    lab.build()
    assert lab.output()["images/a.jpg"] == photo


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_damaged_file_is_copied_as_far_as_it_goes(kind: str, tmp_path: Path) -> None:
    data = drawing.saved(drawing.photo(90, 60), kind, exif=drawing.exif(6))
    for end in range(0, len(data), 7):
        (tmp_path / "a").write_bytes(data[:end])
        metadata.is_private(tmp_path / "a")
        assert len(b"".join(metadata.cleaned(tmp_path / "a"))) <= end + 100


# Hostile pictures


HOSTILE = {
    "empty.png": (b"", "this file is empty"),
    "cut.jpg": (drawing.jpeg()[:9000], "the end of this JPEG picture is missing"),
    "text.png": (b"Not found", "this is no picture that browsers show (PNG, JPEG, GIF, WebP, AVIF, BMP, SVG)"),
    "bomb.png": (drawing.bomb(20_000, 20_000), "this picture has 20000 × 20000 pixels, too many for a browser"),
    "large.png": (drawing.bomb(10_000, 9_000), "can't decode this picture: it has 10000 × 9000 pixels"),
    "wrong.png": (drawing.jpeg(), "this is a JPEG picture, so its name should end in `.jpg`"),
    "spoilt.png": (drawing.saved(drawing.photo(), "PNG")[:5000] + b"IEND\xaeB`\x82", "can't decode this picture: "),
    "film.mp4": (drawing.mp4(0, 0), "the header of this MP4 video doesn't tell its size"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_bad_picture_is_told_with_its_line_and_the_page_comes_out(name: str, tmp_path: Path) -> None:
    data, message = HOSTILE[name]
    lab = site(tmp_path, (f"images/{name}", data), text=f"Look:\n![A](/images/{name})")
    report = lab.build()
    assert [(it.path, it.line, it.column, it.rule) for it in report.problems] == [
        ("posts/2026-01-01-a.md", 6, 1, "picture")
    ]
    assert report.problems[0].message.startswith(message)
    assert report.published
    assert 'alt="A"' in lab.page(PAGE) or 'aria-label="A"' in lab.page(PAGE)
    assert [it.message for it in lab.build().problems] == [it.message for it in report.problems]


def test_a_picture_with_a_wrong_ending_is_served_as_what_it_is(tmp_path: Path) -> None:
    text = '![A](/images/a.png)\n\n<img src="/images/a.png" alt="A">'
    lab = site(tmp_path, ("images/a.png", drawing.jpeg()), text=text, settings='base_url = "https://example.org"\n')
    lab.remove("templates")
    lab.build()
    page = lab.page(PAGE)
    found = re.search(r'<img src="/(assets/[0-9a-f]{16}/a\.jpg)"', page)
    assert found
    assert lab.output()[found[1]] == lab.output()["images/a.png"]
    assert f'property="og:image" content="https://example.org/{found[1]}"' in page
    encodings = set(re.findall(r"/(assets/a-\d+\.\w+\.webp)", page + lab.page("index.html")))
    assert len(encodings) == 5
    assert encodings <= lab.output().keys()


def test_a_picture_that_ends_its_process_is_told() -> None:
    assert encoding.lost(Job(Order(b"", (1,), ("webp",), 80), "", "")) == Encoded(
        problem="decoding this picture ended the process", lasting=False
    )


# Once


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    lab = site(tmp_path, ("images/a.jpg", drawing.jpeg()))
    assert lab.build().done["encode"] == 1
    return lab


def test_a_second_build_encodes_nothing_also_when_all_else_is_forgotten(lab: Lab) -> None:
    before = lab.output()
    assert sum(lab.build().done.values()) == 0
    lab.remove(".bifolium/ledger")
    assert lab.build().done["encode"] == 0
    shutil.rmtree(lab.folder / "public")
    assert lab.build().done["encode"] == 0
    assert lab.output() == before


def test_a_renamed_picture_is_not_encoded_again(lab: Lab) -> None:
    (lab.folder / "images/a.jpg").rename(lab.folder / "images/b.jpg")
    lab.write({"posts/2026-01-01-a.md": POST + "![A](/images/b.jpg)\n\n![A](/images/b.jpg)"})
    assert lab.build().done["encode"] == 0
    assert "/assets/b-400." in lab.page(PAGE)
    assert not [path for path in lab.output() if path.startswith("assets/a-")]


@pytest.mark.parametrize("how", ["lost", "cut", "changed"])
def test_what_the_album_lost_is_encoded_again_when_it_is_needed(lab: Lab, how: str) -> None:
    before = lab.output()
    kept = min((lab.folder / ".bifolium/pictures").iterdir())
    data = kept.read_bytes()
    kept.unlink() if how == "lost" else kept.write_bytes(data[:-1] if how == "cut" else data[:-1] + b"!")
    lab.remove("public")
    assert lab.build().done["encode"] == 1
    assert lab.output() == before


def test_other_settings_encode_anew_and_leave_nothing_behind(lab: Lab) -> None:
    lab.write({"bifolium.toml": "images = { widths = [150] }\n"})
    assert lab.build().done["encode"] == 1
    assert [path[:13] for path in lab.output() if path.endswith(".webp")] == ["assets/a-150."]


def test_a_build_with_ready_pictures_waits_for_none_and_shows_what_there_is(tmp_path: Path) -> None:
    lab = site(tmp_path, ("images/a.jpg", drawing.jpeg()))
    assert lab.build(images="ready").done.get("encode", 0) == 0
    assert "<source" not in lab.page(PAGE)
    lab.build()
    whole = lab.page(PAGE)
    assert "<source" in whole
    lab.build(images="ready")
    assert lab.page(PAGE) == whole


def test_any_edit_of_pictures_gives_what_a_clean_build_gives(
    lab: Lab, tmp_path_factory: pytest.TempPathFactory
) -> None:
    edits: list[dict[str, str | bytes]] = [
        {"images/a.jpg": drawing.jpeg(500, 400)},
        {"images/b.png": drawing.jpeg(300, 200, exif=drawing.exif(6))},
        {"posts/2026-01-01-a.md": POST + "![A](/images/a.jpg) ![B](/images/b.png)"},
        {"images/a.jpg": b""},
        {"images/a.jpg": drawing.jpeg()},
        {"images/b.png": drawing.saved(drawing.photo(), "PNG")},
    ]
    for edit in edits:
        lab.write(edit)
        report = lab.build()
        clean = Lab(tmp_path_factory.mktemp("clean") / "site", plain=False)
        shutil.copytree(
            lab.folder, clean.folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".bifolium", "public")
        )
        assert list(map(draw, clean.build().problems)) == list(map(draw, report.problems))
        assert clean.output() == lab.output()


def built_where(mishap: str, lab: Lab) -> str:
    """Build in a process of its own in which something goes wrong, as in its forks; return what it says."""
    code = f"{mishap}\nfrom bifolium.__main__ import main\nmain()"
    command = [sys.executable, "-c", code, "-C", str(lab.folder), "build", "-j", "1"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stderr


KILLED = """
import os
from pathlib import Path
whole = Path.replace
def replace(path, target):
    return os._exit(9) if Path(target).suffix == ".webp" else whole(path, target)
Path.replace = replace
"""
NO_MEMORY = """
from PIL import Image
def resize(*_, **__):
    raise MemoryError
Image.Image.resize = resize
"""


def test_a_killed_worker_leaves_no_half_picture(tmp_path: Path) -> None:
    lab = site(tmp_path, ("images/a.jpg", drawing.jpeg()))
    assert "decoding this picture ended the process" in built_where(KILLED, lab)
    assert not list(gallery.place(lab.site()).glob("*.webp"))
    assert lab.build().done["encode"] == 1


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere, worker processes begin anew")
def test_a_picture_for_which_memory_did_not_suffice_is_tried_again_though_nothing_changed(tmp_path: Path) -> None:
    lab = site(tmp_path, ("images/a.jpg", drawing.jpeg()))
    assert "can't decode this picture: not enough memory" in built_where(NO_MEMORY, lab)
    assert "<source" not in lab.page(PAGE)
    assert lab.build().problems == ()
    assert "<source" in lab.page(PAGE)
    assert lab.build().done.get("encode", 0) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="file sizes have no limit there")
def test_a_full_disk_is_one_error_and_leaves_no_half_picture(tmp_path: Path) -> None:
    lab = site(tmp_path, ("images/a.jpg", drawing.jpeg(2000, 1500)), settings="images = { widths = [100, 2000] }")

    def limited() -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))

    command = [sys.executable, "-m", "bifolium", "-C", str(lab.folder), "build"]
    found = subprocess.run(command, preexec_fn=limited, capture_output=True, text=True, check=False)
    album = gallery.place(lab.site())
    assert (found.returncode, found.stderr) == (
        1,
        f"{album}: error: file too large [cannot-write]\n      = look at the disk, then build again\n1 error\n",
    )
    assert all(re.fullmatch(r"\w{16}\.webp", path.name) for path in album.iterdir())
    assert not lab.output()
    assert lab.build().published


def test_the_album_forgets_what_nobody_uses_once_that_is_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / name).write_bytes(bytes(100))
    album.clear(tmp_path, {"a"})
    assert len(list(tmp_path.iterdir())) == 3
    monkeypatch.setattr(album, "ROOM", 10)
    album.clear(tmp_path, {"a"})
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


# What an author hears of


def test_pictures_without_words_are_told_once_a_text_to_those_who_want_to_hear_all(tmp_path: Path) -> None:
    svg = ("images/a.svg", b'<svg viewBox="0 0 3 2"/>')
    lab = site(tmp_path, svg, text="![](/images/a.svg)\n\n![](/images/a.svg)\n\n![](/images/a.svg){role=presentation}")
    assert lab.build().problems == ()
    strict = lab.build(strict=True)
    assert [(it.line, it.rule, it.severity, it.message) for it in strict.problems] == [
        (5, "missing-alt", "warning", "2 pictures of this text have no words for those who can't see")
    ]
    assert not strict.published
    assert lab.build().problems == ()


def test_pictures_of_other_sites_are_left_alone_or_told(tmp_path: Path) -> None:
    lab = site(tmp_path, text="![A](https://example.com/a.png)")
    assert lab.build().problems == ()
    assert '<img src="https://example.com/a.png" alt="A"' in lab.page(PAGE)
    lab.write({"bifolium.toml": 'images = { external = "warn" }\n'})
    assert [it.message for it in lab.build().problems] == ["this picture comes from `example.com`"]


def test_unused_pictures_are_noted_and_left_out_if_the_settings_say_so(tmp_path: Path) -> None:
    svg = b'<svg viewBox="0 0 3 2"/>'
    names = ("shown", "linked", "raw", "themed", "named", "unused")
    text = '![A](/images/shown.svg) [a](/images/linked.svg) <img src="/images/raw.svg" alt="">'
    lab = site(tmp_path, *((f"images/{name}.svg", svg) for name in names), text=text)
    lab.write({"templates/base.html": '<img src="{{ site.home }}images/themed.svg">', "data/a.toml": 'a = "named.svg"'})
    lab.build()
    assert "images/unused.svg" in lab.output()
    assert [(it.path, it.severity) for it in only(check(lab.site()), PICTURES).problems] == [
        ("images/unused.svg", "note")
    ]
    lab.write({"bifolium.toml": 'images = { unused = "skip" }\n'})
    assert lab.build().deleted == ("images/unused.svg",)
    lab.write({"posts/2026-01-01-a.md": POST + "![A](/images/unused.svg)"})
    lab.build()
    kept = [path[7:-4] for path in lab.output() if path.startswith("images/")]
    assert kept == ["named", "themed", "unused"]


def test_a_list_shows_each_posts_picture_and_other_sites_its_first_photograph(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "images/a.jpg": drawing.jpeg(),
        "images/b.svg": '<svg viewBox="0 0 3 2"/>',
        "posts/2026-01-01-a.md": POST + "Text\n\n![](/images/b.svg)\n\n![](/images/a.jpg)",
    }
    lab = Lab(tmp_path, {**files, "bifolium.toml": 'base_url = "https://example.org"\n'}, plain=False)
    lab.build()
    assert '<img src="/images/b.svg" alt="" width="3" height="2" fetchpriority="high"></a>' in lab.page("index.html")
    assert '<meta property="og:image" content="https://example.org/images/a.jpg">' in lab.page(PAGE)
    lab.write(
        {
            "posts/2026-01-01-a.md": POST.replace("---\n\n", "image: /images/a.jpg\n---\n\n")
            + "Text\n\n![](/images/b.svg)"
        }
    )
    lab.build()
    assert (
        'sizes="(min-width: 609px) 168px, 28vw"><img src="/images/a.jpg" alt="" width="900" height="600"'
        in lab.page("index.html")
    )


def test_a_telephone_loads_hardly_more_than_it_shows_of_a_picture_in_a_list() -> None:
    pixels = 412 * 0.28 * 1.75  # of a usual telephone's window, what a list's `sizes` says, pixels in one of CSS
    assert min(it for it in widths(Picture(900, 600, kind="JPEG", size=99999), Images()) if it >= pixels) < 1.2 * pixels


def emblem(lab: Lab) -> Image.Image:
    """Return the picture by which other sites show the post."""
    [url] = re.findall('property="og:image" content="https://example.org/([^"]+)"', lab.page(PAGE))
    return Image.open(lab.site().output / url)


@pytest.mark.parametrize(
    ("name", "data", "kind", "size"),
    [
        ("large.jpg", drawing.jpeg(2400, 1500), "JPEG", (1200, 750)),
        ("tall.jpg", drawing.jpeg(600, 1500), "JPEG", (480, 1200)),
        ("turned.jpg", drawing.jpeg(1500, 600, exif=drawing.exif(6)), "JPEG", (480, 1200)),
        ("heavy.png", drawing.saved(drawing.photo(1000, 700), "PNG"), "JPEG", (1000, 700)),
        ("clear.png", drawing.saved(Image.new("RGBA", (1300, 13), (0, 0, 0, 0)), "PNG"), "JPEG", (1200, 12)),
        ("new.avif", drawing.saved(drawing.photo(), "AVIF"), "JPEG", (900, 600)),
        ("fit.webp", drawing.saved(drawing.photo(), "WEBP"), "WEBP", (900, 600)),
    ],
)
def test_other_sites_show_a_post_by_a_picture_that_they_take(
    name: str, data: bytes, kind: str, size: tuple[int, int], tmp_path: Path
) -> None:
    settings = 'base_url = "https://example.org"\nimages = { widths = [] }\n'
    lab = site(tmp_path, (f"images/{name}", data), text=f"![A](/images/{name})", settings=settings)
    lab.remove("templates")
    assert lab.build().problems == ()
    shown = emblem(lab)
    assert (shown.format, shown.size) == (kind, size)
    assert "GPS" not in str(dict(shown.getexif()))
    assert lab.build().done.get("encode", 0) == 0


def test_what_is_transparent_is_white_where_other_sites_show_it(tmp_path: Path) -> None:
    data = drawing.saved(Image.new("RGBA", (1300, 13), (0, 0, 0, 0)), "PNG")
    lab = site(tmp_path, ("images/a.jpg", data), settings='base_url = "https://example.org"\n')
    lab.remove("templates")
    lab.build()
    assert emblem(lab).getpixel((5, 5)) == (255, 255, 255)


def test_a_picture_that_no_post_shows_any_more_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "SETTLED", 0)  # a file is at rest once it is written
    settings = 'base_url = "https://example.org"\n'
    lab = site(tmp_path, ("images/a.jpg", drawing.jpeg(1500, 900)), settings=settings)
    lab.remove("templates")
    lab.build()
    assert len([path for path in lab.output() if path.endswith(".jpeg")]) == 1
    lab.write({"posts/2026-01-01-a.md": POST + "No picture"})
    lab.build()
    assert [path for path in lab.output() if path.endswith((".jpeg", ".webp"))] == []


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere, worker processes begin anew")
def test_an_icon_for_which_memory_did_not_suffice_is_tried_again_though_nothing_changed(tmp_path: Path) -> None:
    lab = site(tmp_path, ("images/a.png", drawing.saved(drawing.photo(64, 64), "PNG")), text="Text")
    lab.write({"bifolium.toml": 'theme = { icon = "images/a.png" }\n'})
    assert "can't make an icon of this picture: not enough memory" in built_where(NO_MEMORY, lab)
    assert lab.build().problems == ()
    assert lab.build().done.get("draw", 0) == 0


# Pictures that stand in a text as HTML


def test_pictures_written_as_html_get_what_they_lack_and_keep_what_they_say(tmp_path: Path) -> None:
    text = """![first](/images/a.jpg)

<div class="row"><img src="/images/a.jpg" alt="A"/><img SRC=/images/a.jpg alt="" width=450 loading="eager">
<img src="/images/a.jpg" alt="" style="width: 50%" sizes="50vw" srcset="/images/a.jpg 1x"></div>

<video src="/images/v.mp4" poster="/images/a.jpg" controls></video> <video src="/images/v.mp4" autoplay muted></video>

<img src="/images/a.jpg" alt="" width="50%"><img src="https://example.com/a.jpg" alt="">
"""
    lab = site(tmp_path, ("images/a.jpg", drawing.jpeg()), ("images/v.mp4", drawing.mp4(640, 360)), text=text)
    assert lab.build().problems == ()
    plain, sized, own, clip, moving, share, foreign = re.findall(
        "<(?:img|video)[^>]*>", re.sub(r"assets/a-(\d+)\.\w+", r"\1", lab.page(PAGE).partition("</figure>")[2])
    )
    srcset = 'srcset="/100.webp 100w, /200.webp 200w, /400.webp 400w"'
    lazy = 'loading="lazy" decoding="async"'
    column = 'sizes="(min-width: 730px) 672px, 92vw"'
    assert plain == f'<img src="/images/a.jpg" alt="A" width="900" height="600" {lazy} {srcset} {column}/>'
    assert sized == (
        '<img SRC="/images/a.jpg" alt="" width=450 loading="eager" height="300" decoding="async" '
        f'{srcset} sizes="(min-width: 489px) 450px, 92vw">'
    )
    assert own == (
        '<img src="/images/a.jpg" alt="" style="width: 50%" sizes="50vw" srcset="/images/a.jpg 1x" '
        f'width="900" height="600" {lazy}>'
    )
    assert clip == (
        '<video src="/images/v.mp4" poster="/images/a.jpg" controls width="640" height="360" preload="none">'
    )
    assert moving == '<video src="/images/v.mp4" autoplay muted width="640" height="360">'
    assert share.startswith(f'<img src="/images/a.jpg" alt="" width="50%" style="aspect-ratio: 900 / 600" {lazy}')
    assert foreign == '<img src="https://example.com/a.jpg" alt="">'


def test_a_video_written_with_sources_has_the_size_of_the_first_and_nothing_of_it_is_loaded(tmp_path: Path) -> None:
    text = """<video controls>
  <source src="/images/v.webm" type="video/webm"><source src="/images/v.mp4"></video>

A <video poster="/images/p.svg"><source src="/images/v.mp4"> none</video> in a line
and <video><source src=/images/v.mp4></video>

<video preload="metadata" width="320"><source src="/images/v.mp4"></video>

<video src="https://example.com/v.mp4"><source src="/images/v.mp4"></video>
<video><source src="https://example.com/v.mp4"><source src="/images/v.mp4"></video>
<video><source src="/images/v.m3u8"><source src="/images/v.mp4"></video>
"""
    files = ("images/v.mp4", drawing.mp4(640, 360)), ("images/v.webm", drawing.webm(854, 480))
    others = ("images/p.svg", b'<svg viewBox="0 0 3 2"/>'), ("images/v.m3u8", b"#EXTM3U")
    lab = site(tmp_path, *files, *others, text=text)
    assert lab.build().problems == ()
    assert re.findall("<video[^>]*>", lab.page(PAGE)) == [
        '<video controls width="854" height="480" preload="none">',
        '<video poster="/images/p.svg" width="640" height="360" preload="none">',
        '<video width="640" height="360" preload="none">',
        '<video preload="metadata" width="320" height="180">',
        '<video src="https://example.com/v.mp4">',
        "<video>",
        "<video>",
    ]


def test_a_missing_source_of_a_video_is_told_once(tmp_path: Path) -> None:
    lab = site(
        tmp_path, text='A <video><source src="/images/gone.mp4"></video>\n\n<video>\n<source src="/images/no.mp4">'
    )
    assert [(it.line, it.message) for it in lab.build().problems] == [
        (5, "there is no video `/images/gone.mp4`"),
        (8, "there is no video `/images/no.mp4`"),
    ]


def test_a_picture_of_html_that_takes_a_part_of_the_column_keeps_its_room(tmp_path: Path) -> None:
    lab = site(
        tmp_path, ("images/a.svg", b'<svg viewBox="0 0 3 2"/>'), text='<img src="/images/a.svg" width="50%" alt="A">'
    )
    lab.build()
    assert 'width="50%" alt="A" style="aspect-ratio: 3 / 2"' in lab.page(PAGE)


def test_a_missing_picture_in_html_is_told_once(tmp_path: Path) -> None:
    lab = site(tmp_path, text='<img src="/images/gone.jpg" alt="A">')
    assert [it.message for it in lab.build().problems] == ["there is no picture `/images/gone.jpg`"]
    assert '<img src="/images/gone.jpg" alt="A">' in lab.page(PAGE)


# Drawings with programs in them


@pytest.mark.parametrize(
    ("content", "is_told"),
    [
        ("<script>alert(1)</script>", True),
        ("<g:script xlink:href='a.js'/>", True),
        ("<rect onclick = 'alert(1)'/>", True),
        ("<foreignObject><body onload='x()'/></foreignObject>", True),
        ("<a href=' javascript:x()'/>", True),
        (f"<!-- {'a' * 70000} --><script/>", True),
        ("<foreignObject><p>on = '1'</p></foreignObject><path d='M0 0' data-on='a'/>", False),
        ("<text>a script onclick='no'</text>", False),
    ],
)
def test_a_drawing_that_holds_a_program_is_told_and_no_link_leads_to_it(
    content: str, is_told: bool, tmp_path: Path
) -> None:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 600">{content}</svg>'
    lab = site(tmp_path, ("images/a.svg", svg.encode()), text="![A](/images/a.svg)")
    told = [(it.line, it.message) for it in lab.build().problems]
    expected = (5, "this SVG holds a program, which runs if somebody opens it by its address")
    assert told == [expected] * is_told
    assert ('class="zoom"' in lab.page(PAGE)) is not is_told
