"""What a second run leaves alone, draws again and keeps."""

import json
from datetime import date

import pytest
from PIL import Image

import syriamap
from syriamap.errors import DataError, DateError, NoControlError, OutputError, SizeError, UnknownNameError
from syriamap.series import list_days, render_series

from .conftest import FIRST, LAST, ORDER, hashes, stamps

NAME = "syriamap_advance_2024-12-05_400x300_en"


@pytest.fixture
def nothing_is_drawn(monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("a map was composed")

    monkeypatch.setattr("syriamap.tasks.render_map", refuse)


def what_happened(frames):
    return [frame.what for frame in frames]


def test_a_series_is_its_days(drawn):
    days = [f"syriamap_advance_2024-12-0{day}_400x300_en" for day in (4, 5, 6)]
    assert [path.name for path in sorted(drawn.iterdir())] == [
        f"{day}.{end}" for day in days for end in ("json", "png")
    ]
    with Image.open(drawn / f"{NAME}.png") as image:
        assert image.size == (400, 300)


def test_a_frame_is_the_map_drawn_alone(drawn, tmp_path):
    made = syriamap.render_map(date(2024, 12, 5), size="400x300")
    for path in syriamap.save_map(made, tmp_path / f"{NAME}.png"):
        assert path.read_bytes() == (drawn / path.name).read_bytes()


@pytest.mark.usefixtures("nothing_is_drawn")
def test_the_second_run_touches_nothing(copied):
    before = stamps(copied)
    told = []
    frames = render_series(
        FIRST, LAST, folder=copied, progress=lambda frame, now, whole: told.append((frame.what, now, whole)), **ORDER
    )
    assert what_happened(frames) == ["fresh"] * 3
    assert stamps(copied) == before
    assert told == [("fresh", 1, 3), ("fresh", 2, 3), ("fresh", 3, 3)]
    assert frames[1].path == copied / f"{NAME}.png"
    assert frames[1].sidecar == copied / f"{NAME}.json"
    assert (frames[1].date, frames[1].view, frames[1].size, frames[1].lang) == (
        date(2024, 12, 5),
        "advance",
        "400x300",
        "en",
    )


def spoil(path, **fields):
    said = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(said | fields), "utf-8")


@pytest.mark.parametrize(
    "lose",
    [
        lambda folder: (folder / f"{NAME}.png").unlink(),
        lambda folder: (folder / f"{NAME}.json").unlink(),
        lambda folder: spoil(folder / f"{NAME}.json", command="syriamap render 2024-12-05"),
        lambda folder: spoil(folder / f"{NAME}.json", generator={"name": "syriamap", "version": "0.0.1"}),
        lambda folder: spoil(folder / f"{NAME}.json", inputs=[]),
        lambda folder: spoil(folder / f"{NAME}.json", inputs=[{"path": "theatre.toml", "sha256": "0" * 64}]),
    ],
    ids=["no picture", "no sidecar", "another command", "another version", "no inputs", "another input"],
)
def test_what_is_missing_or_stale_is_drawn_again(copied, drawn, lose):
    lose(copied)
    before = stamps(copied)
    frames = render_series(FIRST, LAST, folder=copied, **ORDER)
    assert what_happened(frames) == ["fresh", "drawn", "fresh"]
    assert hashes(copied) == hashes(drawn)
    touched = {name for name, stamp in stamps(copied).items() if before.get(name) != stamp}
    assert touched <= {f"{NAME}.png", f"{NAME}.json"}


def test_a_sidecar_alone_is_written_again_beside_the_same_picture(copied):
    (copied / f"{NAME}.json").unlink()
    before = stamps(copied)
    render_series(FIRST, LAST, folder=copied, **ORDER)
    assert stamps(copied)[f"{NAME}.png"] == before[f"{NAME}.png"]


@pytest.mark.parametrize("foreign", [f"{NAME}.png", f"{NAME}.json"])
def test_what_is_not_ours_is_kept_and_named(copied, drawn, foreign):
    (copied / f"{NAME}.json").unlink()
    (copied / f"{NAME}.png").unlink()
    (copied / foreign).write_bytes(b'{"mine": 1}')
    (copied / "syriamap_advance_2024-12-06_400x300_en.png").unlink()
    with pytest.raises(OutputError, match=r"2 of 3 frames are as they should be; add --overwrite") as refused:
        render_series(FIRST, LAST, folder=copied, **ORDER)
    assert str(copied / foreign) in str(refused.value)
    assert (copied / foreign).read_bytes() == b'{"mine": 1}'
    done = hashes(copied)
    assert all(done[name] == known for name, known in hashes(drawn).items() if "12-05" not in name), "others go on"
    frames = render_series(FIRST, LAST, folder=copied, overwrite=True, **ORDER)
    assert what_happened(frames) == ["fresh", "drawn", "fresh"]
    assert hashes(copied) == hashes(drawn)


def test_an_edited_picture_is_kept(copied):
    picture = copied / f"{NAME}.png"
    picture.write_bytes(picture.read_bytes() + b"retouched")
    before = stamps(copied)
    with pytest.raises(OutputError, match="edited"):
        render_series(FIRST, LAST, folder=copied, **ORDER)
    assert stamps(copied) == before


def test_a_changed_table_makes_its_frames_stale(tmp_path):
    table, folder = tmp_path / "mine.csv", tmp_path / "out"
    row = "2024-12-04,hama,government,Reuters\n"
    table.write_text("date,unit,controller,source\n" + row, "utf-8")
    order = {"folder": folder, "control": table, **ORDER}
    assert what_happened(render_series(FIRST, FIRST, **order)) == ["drawn"]
    assert what_happened(render_series(FIRST, FIRST, **order)) == ["fresh"]
    first = hashes(folder)
    table.write_text("date,unit,controller,source\n" + row.replace("government", "sdf"), "utf-8")
    assert what_happened(render_series(FIRST, FIRST, **order)) == ["drawn"]
    assert not first.items() & hashes(folder).items()
    said = json.loads(next(folder.glob("*.json")).read_text("utf-8"))
    assert said["command"] == "syriamap render 2024-12-04 --size 400x300 --control mine.csv"
    assert "mine.csv" in {entry["path"] for entry in said["inputs"]}


def test_two_formats_have_two_sidecars(copied, drawn):
    frames = render_series(date(2024, 12, 5), folder=copied, formats=["svg", "png"], **ORDER)
    assert [(frame.path.name, frame.what) for frame in frames] == [
        (f"{NAME}_svg.svg", "drawn"),
        (f"{NAME}.png", "fresh"),
    ]
    said = json.loads(frames[0].sidecar.read_text("utf-8"))
    assert frames[0].sidecar.name == f"{NAME}_svg.json"
    assert said["command"] == "syriamap render 2024-12-05 --size 400x300 --format svg"
    assert said["output"]["path"] == frames[0].path.name
    assert hashes(drawn).items() <= hashes(copied).items()


# Wrong words


@pytest.mark.parametrize(
    ("words", "error", "told"),
    [
        ({"first": LAST, "last": FIRST}, DateError, "did you mean 2024-12-04 to 2024-12-06"),
        ({"first": None}, DateError, "not named"),
        ({"dates": []}, DateError, "not at all"),
        ({"dates": [FIRST]}, DateError, "named twice"),
        ({"every": 0}, DateError, "every 0 days"),
        ({"views": ["advance", "nowhere"]}, UnknownNameError, "unknown view 'nowhere'"),
        ({"sizes": ["web", "wbe"]}, UnknownNameError, "web"),
        ({"sizes": ["10x10"]}, SizeError, "out of bounds"),
        ({"langs": ["en", "xx"]}, UnknownNameError, "unknown language 'xx'"),
        ({"formats": ["gif"]}, UnknownNameError, "unknown format 'gif'"),
        ({"theme": "drak"}, UnknownNameError, "did you mean dark"),
        ({"style": "dots"}, UnknownNameError, "points"),
        ({"first": date(2024, 11, 1)}, NoControlError, "no statement on or before 2024-11-01"),
        ({"views": ["36.1,35,37,36", "36.1-35-37-36"]}, OutputError, "two maps of the series would be"),
    ],
)
@pytest.mark.usefixtures("nothing_is_drawn")
def test_wrong_words_are_answered_before_anything_is_drawn(tmp_path, words, error, told):
    days = {"first": FIRST, "last": LAST} if "last" not in words and words.get("first", True) else {}
    with pytest.raises(error, match=told):
        render_series(**{**days, "folder": tmp_path / "out", **ORDER, **words})
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("nothing_is_drawn")
def test_a_table_that_is_not_there_is_named(tmp_path):
    with pytest.raises(DataError, match=r"nope\.csv"):
        render_series(FIRST, control=tmp_path / "nope.csv", folder=tmp_path)


def test_a_single_view_is_misuse(tmp_path):
    with pytest.raises(TypeError, match="views, sizes and langs, not view"):
        render_series(FIRST, folder=tmp_path, view="country")


def test_days_of_a_series():
    assert list_days(FIRST, LAST, every=2) == [FIRST, LAST]
    assert list_days(FIRST) == [FIRST]
    assert list_days(None, dates=[LAST, FIRST, LAST]) == [FIRST, LAST]
