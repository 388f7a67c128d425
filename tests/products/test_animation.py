"""Animations read back from the disk: frames, times, colours, words, and the same bytes twice."""

import json
import re
import shutil
import subprocess
from datetime import date

import numpy as np
import pytest
from PIL import Image, ImageSequence

from syriamap.errors import OutputError, ProductError, UnknownNameError
from syriamap.products import film, write_animation
from syriamap.products.animation import take_picture
from syriamap.products.contract import ProductSidecar
from syriamap.products.moving import COLOURS, Reel, encode_apng, encode_gif, encode_webp, share_palette
from syriamap.save.embedded import find_packet

from .conftest import DAYS

ENCODERS = {"gif": encode_gif, "apng": encode_apng, "webp": encode_webp}


def needs(tool):
    return pytest.mark.skipif(shutil.which(tool) is None, reason=f"{tool} is not installed")


@pytest.fixture(scope="module")
def pictures(series):

    made = series()
    return tuple(take_picture(scene, made.theme) for scene in made.scenes)


@pytest.fixture(scope="module")
def reel(pictures, series):
    from syriamap.products.animation import flat_colours

    packet = "<x>A title, وصف &amp; &lt;more&gt;</x>".encode()
    return Reel(pictures, 0.8, "A title", "Words, وصف & <more>", flat_colours(series()), packet)


@pytest.fixture(scope="module")
def encoded(reel, tmp_path_factory):
    folder = tmp_path_factory.mktemp("animations")
    for form, encode in ENCODERS.items():
        (folder / f"a.{form}").write_bytes(encode(reel))
    return folder


def read_frames(path):
    with Image.open(path) as image:
        return [np.asarray(frame.convert("RGB")) for frame in ImageSequence.Iterator(image)]


@pytest.mark.parametrize("form", ["apng", "webp"])
def test_nothing_is_lost_where_the_format_has_all_colours(encoded, pictures, form):
    frames = read_frames(encoded / f"a.{form}")
    assert len(frames) == len(pictures)
    assert all(np.array_equal(frame, np.asarray(one)) for frame, one in zip(frames, pictures, strict=True))


def test_a_gif_keeps_every_flat_fill_and_hardly_changes_the_rest(encoded, pictures, reel):
    frames = read_frames(encoded / "a.gif")
    assert len(frames) == len(pictures)
    flat = {tuple(bytes.fromhex(colour[1:])) for colour in reel.flat}
    for frame, picture in zip(frames, pictures, strict=True):
        wanted = np.asarray(picture)
        for colour in flat:
            here = (wanted == colour).all(axis=2)
            assert (frame[here] == colour).all()
        apart = np.abs(frame.astype(int) - wanted)
        assert apart.mean() < 0.5
        assert apart.max() < 64


def test_a_gif_has_one_palette_and_stores_what_changes(encoded, pictures, reel):
    content = (encoded / "a.gif").read_bytes()
    descriptors = re.findall(rb"\x21\xf9\x04.{4}\x00\x2c.{8}(.)", content, re.DOTALL)
    assert len(descriptors) == len(pictures)
    assert all(flags[0] & 0x80 == 0 for flags in descriptors)  # no palette of its own
    alone = [len(encode_gif(Reel((one,), 1.0, "", "", reel.flat))) for one in pictures]
    assert len(content) < 0.75 * sum(alone)


@pytest.mark.parametrize("form", ["gif", "apng", "webp"])
def test_days_stand_as_long_as_asked_the_last_three_times_as_long_for_ever(encoded, form):
    with Image.open(encoded / f"a.{form}") as image:
        assert image.info["loop"] == 0
        times = []
        for turn in range(image.n_frames):
            image.seek(turn)
            image.load()
            times.append(image.info["duration"])
    if form == "webp":  # the reader gives the times of the frames it has loaded
        assert times[-1] == 2400
    else:
        assert times == [800, 800, 800, 2400]


def test_the_words_are_in_the_file(encoded, reel):
    with Image.open(encoded / "a.gif") as image:
        assert image.info["comment"].decode("utf-8") == reel.description
    with Image.open(encoded / "a.apng") as image:
        assert (image.info["Title"], image.info["Description"]) == (reel.title, reel.description)
    for form in ("apng", "webp"):
        assert find_packet(encoded / f"a.{form}") == reel.packet


def test_a_long_comment_is_kept_whole(pictures):
    words = "ü" * 700
    import io

    with Image.open(io.BytesIO(encode_gif(Reel(pictures[:1], 1.0, "", words, ())))) as image:
        assert image.info["comment"].decode("utf-8") == words


def test_equal_pictures_stay_frames_of_their_own_in_a_gif(pictures, tmp_path):
    (tmp_path / "a.gif").write_bytes(encode_gif(Reel((pictures[0], pictures[0]), 0.5, "", "", ())))
    frames = read_frames(tmp_path / "a.gif")
    assert len(frames) == 2
    assert np.array_equal(frames[0], frames[1])


def test_a_palette_is_shared_and_exact_when_all_colours_fit():
    rng = np.random.default_rng(1)
    few = rng.integers(0, 256, (COLOURS, 3), dtype=np.uint8)
    pictures = [few[rng.integers(0, COLOURS, (20, 20))] for _ in range(3)]
    frames, palette = share_palette(pictures, ["#000000"])
    assert all(np.array_equal(palette[frame], one) for frame, one in zip(frames, pictures, strict=True))


def test_flat_colours_survive_among_many_others():
    rng = np.random.default_rng(2)
    picture = rng.integers(0, 256, (200, 200, 3), dtype=np.uint8)
    picture[0, 0] = (12, 34, 56)
    (frame,), palette = share_palette([picture], ["#0C2238"])
    assert len(palette) <= COLOURS
    assert tuple(palette[frame[0, 0]]) == (12, 34, 56)


def test_the_same_bytes_and_a_whole_sidecar(tmp_path):
    days = [date(2024, 12, 4), date(2024, 12, 5)]
    first = write_animation(days, tmp_path / "one/a.gif", view="country")
    again = write_animation(days, tmp_path / "two/a.gif", view="country")
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in again]
    told = json.loads(first[1].read_text("utf-8"))
    assert set(told) == set(ProductSidecar.__annotations__)
    assert (told["kind"], told["seconds"], told["days"]) == ("animation", 1.0, ["2024-12-04", "2024-12-05"])
    with Image.open(first[0]) as image:
        assert list(image.size) == told["size_px"]
        assert image.n_frames == 2


def test_what_cannot_be_is_refused(tmp_path, monkeypatch):
    with pytest.raises(UnknownNameError, match="unknown format of an animation 'mov'"):
        write_animation(DAYS, tmp_path / "a.mov")
    with pytest.raises(ProductError, match=r"expected 0\.1 to 60"):
        write_animation(DAYS, tmp_path / "a.gif", seconds=0)
    (tmp_path / "a.gif").write_bytes(b"mine")
    with pytest.raises(OutputError, match="exists and is kept"):
        write_animation(DAYS, tmp_path / "a.gif")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(OutputError, match=r"none is on the PATH; install it .* or ask for \.gif"):
        write_animation(DAYS, tmp_path / "a.mp4")
    assert [path.name for path in tmp_path.iterdir()] == ["a.gif"]


def test_a_failing_ffmpeg_is_quoted(tmp_path, monkeypatch, pictures):
    fake = tmp_path / "ffmpeg"
    fake.write_text("#!/bin/sh\ncat >/dev/null\necho 'Unknown encoder libx264' >&2\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setattr(film.shutil, "which", lambda name: str(fake))
    with pytest.raises(OutputError, match=r"Unknown encoder libx264; install it"):
        film.encode_mp4(Reel(pictures[:1], 1.0, "", "", ()))


def test_odd_sides_become_even_in_the_colour_of_the_corner():
    made = film.make_even(Image.new("RGB", (5, 4), (1, 2, 3)))
    assert made.size == (6, 4)
    assert made.getpixel((5, 3)) == (1, 2, 3)


@needs("ffmpeg")
@needs("ffprobe")
def test_a_film_has_all_days_and_is_the_same_twice(pictures, tmp_path):
    small = tuple(one.resize((321, 225)) for one in pictures)
    reel = Reel(small, 0.4, "A title", "Words", ())
    one, two = film.encode_mp4(reel), film.encode_mp4(reel)
    assert one == two
    (tmp_path / "a.mp4").write_bytes(one)
    words = ["ffprobe", "-v", "error", "-of", "json", "-show_streams", "-show_format", str(tmp_path / "a.mp4")]
    told = json.loads(subprocess.run(words, check=True, capture_output=True).stdout)
    stream = told["streams"][0]
    assert (stream["codec_name"], stream["pix_fmt"]) == ("h264", "yuv420p")
    assert (stream["width"], stream["height"]) == (322, 226)
    assert float(told["format"]["duration"]) == pytest.approx(0.4 * (3 + 3), abs=0.05)
    assert told["format"]["tags"]["title"] == "A title"
    shots = ["-vf", "select='eq(n,5)+eq(n,15)+eq(n,25)+eq(n,55)'", "-vsync", "0", str(tmp_path / "%d.png")]
    subprocess.run(["ffmpeg", "-v", "error", "-i", str(tmp_path / "a.mp4"), *shots], check=True)
    for turn, picture in enumerate(small):
        with Image.open(tmp_path / f"{turn + 1}.png") as image:
            shown = np.asarray(image.convert("RGB"), dtype=int)[:225, :321]
        assert np.abs(shown - np.asarray(picture, dtype=int)).mean() < 4.0
