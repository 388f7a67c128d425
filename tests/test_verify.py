"""Verify finds every tampering: with the picture, the packet, the sidecar, the inputs; and what has been superseded."""

import json
import re
import shutil
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from syriamap import render_map, save_map, verify_map
from syriamap.products import write_animation, write_page, write_sheet
from syriamap.save.embedded import find_packet

DAY = date(2024, 12, 5)
TABLE = "date,unit,controller,source\n2024-12-05,hama,sdf,Reuters\n"


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    folder = tmp_path_factory.mktemp("drawn")
    made = render_map(DAY)
    for form in ("png", "svg"):
        save_map(made, folder / form / f"map.{form}")
    return folder


@pytest.fixture
def picture(drawn, tmp_path):
    return copy(drawn, tmp_path / "map.png")


def copy(drawn, target):
    form = target.suffix[1:]
    for suffix in (form, "json"):
        shutil.copy(drawn / form / f"map.{suffix}", target.with_suffix(f".{suffix}"))
    return target


def doctor(picture, **fields):
    beside = picture.with_suffix(".json")
    beside.write_text(json.dumps(json.loads(beside.read_text("utf-8")) | fields), "utf-8")


@pytest.mark.parametrize("form", ["png", "svg"])
def test_a_fresh_map_is_sound(drawn, tmp_path, form):
    path = copy(drawn, tmp_path / f"map.{form}")
    found = verify_map(path)
    assert found.sound
    assert (found.as_of, found.edition, found.picture.state, found.packet.state) == ("2024-12-05", 1, "same", "same")
    assert {one.state for one in found.inputs} == {"same"}
    assert "control/statements.csv" in {one.what for one in found.inputs}
    assert verify_map(path.with_suffix(".json")).sound


@settings(max_examples=25)
@given(st.data())
def test_any_changed_byte_is_noticed(drawn, tmp_path_factory, data):
    picture = copy(drawn, tmp_path_factory.mktemp("changed") / "map.png")
    content = bytearray(picture.read_bytes())
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= data.draw(st.integers(1, 255))
    picture.write_bytes(content)
    found = verify_map(picture)
    assert found.picture.state == "changed"
    assert not found.sound


@pytest.mark.parametrize("share", [0, 0.001, 0.3, 0.999])
def test_a_picture_that_is_cut_short_is_said(picture, share):
    content = picture.read_bytes()
    picture.write_bytes(content[: int(share * len(content))])
    found = verify_map(picture)
    assert (found.picture.state, found.packet.state) == ("changed", "changed")
    assert "cut short" in found.packet.note or "it is empty" in found.packet.note


def test_a_picture_saved_by_another_program_has_lost_its_packet(picture):
    with Image.open(picture) as image:
        image.convert("RGB").save(picture)
    found = verify_map(picture)
    assert (found.picture.state, found.packet.state) == ("changed", "missing")


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("as_of", "2024-12-04", "as_of is '2024-12-05' in the picture and '2024-12-04' beside it"),
        ("command", "syriamap render 2024-12-04", "command is"),
        ("correction", "None", "correction is ''"),
        ("alt", "Another text", "alt is"),
        ("rights", "", "rights is"),
    ],
)
def test_an_edited_sidecar_is_noticed(picture, field, value, told):
    doctor(picture, **{field: value})
    found = verify_map(picture)
    assert found.picture.state == "same"
    assert found.packet.state == "changed"
    assert told in found.packet.note


def test_a_packet_of_another_picture_is_noticed(picture):
    packet = find_packet(picture).replace(b"2024-12-05", b"2024-12-06")
    words = PngImagePlugin.PngInfo()
    words.add_itxt("XML:com.adobe.xmp", packet.decode("utf-8"))
    with Image.open(picture) as image:
        image.convert("RGB").save(picture, pnginfo=words)
    found = verify_map(picture)
    assert found.packet.state == "changed"
    assert "as_of is '2024-12-06' in the picture" in found.packet.note


def test_changed_and_strange_inputs_are_told_apart(picture):
    inputs = json.loads(picture.with_suffix(".json").read_text("utf-8"))["inputs"]
    doctored = [{**inputs[0], "sha256": "0" * 64}, {"path": "nowhere.csv", "sha256": "0" * 64}, *inputs[1:]]
    doctor(picture, inputs=[*doctored, {"path": "../../etc/hosts", "sha256": "0" * 64}])
    found = verify_map(picture)
    assert [one.state for one in found.inputs[:3]] == ["changed", "not found", "same"]
    assert found.inputs[-1].state == "not found"
    assert not found.sound


@pytest.mark.parametrize("folder", [False, True])
def test_a_users_table_is_looked_for_beside_the_picture_and_here(tmp_path, monkeypatch, folder):
    home = tmp_path / "home"
    table = home / ("tables/mine.csv" if folder else "mine.csv")
    table.parent.mkdir(parents=True)
    table.write_text(TABLE, "utf-8")
    made = render_map(DAY, control=table.parent if folder else table)
    picture, _ = save_map(made, home / "map.png")
    assert verify_map(picture).sound
    sent = tmp_path / "sent" / picture.name
    sent.parent.mkdir()
    for path in (picture, picture.with_suffix(".json")):
        shutil.copy(path, sent.with_suffix(path.suffix))
    states = {one.what: one.state for one in verify_map(sent).inputs}
    assert states["mine.csv"] == "not found"
    monkeypatch.chdir(home)
    assert verify_map(sent).sound
    table.write_text(TABLE.replace("sdf", "government"), "utf-8")
    states = {one.what: one.state for one in verify_map(sent).inputs}
    assert states["mine.csv"] == "changed"


def test_a_house_style_is_followed_to_its_fonts_and_logo(tmp_path):
    (tmp_path / "fonts").mkdir()
    Image.new("RGBA", (8, 4)).save(tmp_path / "fonts/sign.png")
    (tmp_path / "house.toml").write_text('extends = "light"\nlogo = "fonts/sign.png"\n', "utf-8")
    picture, _ = save_map(render_map(DAY, theme=tmp_path / "house.toml"), tmp_path / "map.png")
    states = {one.what: one.state for one in verify_map(picture).inputs}
    assert (states["house.toml"], states["sign.png"]) == ("same", "same")
    (tmp_path / "house.toml").write_text("extends = 5", "utf-8")
    states = {one.what: one.state for one in verify_map(picture).inputs}
    assert (states["house.toml"], states["sign.png"]) == ("changed", "not found")


@pytest.mark.parametrize("named", ["map.png", "map.json"])
def test_what_replaces_a_picture_is_named(picture, tmp_path, named):
    made = render_map(DAY, edition=2, supersedes=tmp_path / named, correction="Some.")
    save_map(made, tmp_path / "map2.png")
    found = verify_map(picture)
    assert found.superseded_by == ("map2.png",)
    assert not found.sound
    assert verify_map(tmp_path / "map2.png").sound
    assert verify_map(tmp_path / "map2.png").edition == 2


def test_a_map_drawn_over_the_one_it_replaces_is_not_its_own_successor(picture):
    made = render_map(DAY, edition=2, supersedes=picture)
    save_map(made, picture, overwrite=True)
    assert verify_map(picture).sound


def test_another_picture_of_the_same_name_is_not_superseded(picture, tmp_path):
    made = render_map(DAY, edition=2, supersedes=f"map.png@{'0' * 64}")
    save_map(made, tmp_path / "map2.png")
    assert verify_map(picture).sound


@pytest.mark.parametrize(
    ("write", "name", "note"),
    [
        (write_sheet, "sheet.png", ""),
        (write_animation, "days.webp", ""),
        (write_animation, "days.apng", ""),
        (write_animation, "days.gif", "none: this kind of file carries none"),
        (write_page, "days.html", "none: this kind of file carries none"),
    ],
)
def test_products_are_verified_too(tmp_path, write, name, note):
    path, _ = write([date(2024, 12, 4), DAY], tmp_path / name, size="640x450")
    found = verify_map(path)
    assert found.sound
    assert found.packet.note == note
    path.write_bytes(path.read_bytes() + b" ")
    assert verify_map(path).picture.state == "changed"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, r"has no sidecar map\.json beside it"),
        ("{", "is no JSON"),
        ("[]", "it holds no fields"),
        ("{}", "it has no 'sources'"),
        ('{"supersedes": 5}', "it has no"),
    ],
)
def test_a_foreign_picture_is_said(tmp_path, content, told):
    Image.new("RGB", (2, 2)).save(tmp_path / "map.png")
    if content is not None:
        (tmp_path / "map.json").write_text(content)
    found = verify_map(tmp_path / "map.png")
    assert not found.sound
    assert re.search(told, found.error), found.error


@pytest.mark.parametrize("wrong", [{"inputs": [5]}, {"supersedes": "a"}, {"output": {"path": "map.png"}}, {"alt": 5}])
def test_a_sidecar_with_fields_of_another_kind_is_said(picture, wrong):
    doctor(picture, **wrong)
    assert "a field is of another kind" in verify_map(picture).error


@pytest.mark.parametrize("name", ["", "../map.png", "/map.png"])
def test_a_sidecar_cannot_speak_of_pictures_elsewhere(picture, name):
    doctor(picture, output={"path": name, "sha256": "0" * 64})
    assert f"its picture has no bare name, but {name!r}" in verify_map(picture.with_suffix(".json")).error


def test_a_picture_beside_the_sidecar_of_another_is_said(picture, tmp_path):
    picture.rename(tmp_path / "map.svg")
    found = verify_map(tmp_path / "map.svg")
    assert "speaks of map.png, not of map.svg" in found.error
    assert verify_map(tmp_path / "map.json").picture.state == "missing"


def test_what_is_not_there_is_said(tmp_path):
    assert "is not there" in verify_map(tmp_path / "none.png").error
    assert "is a folder" in verify_map(tmp_path).error
