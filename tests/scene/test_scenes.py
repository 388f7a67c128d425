"""Every view and size on its days: what each scene must keep to, whatever it shows."""

from contextlib import contextmanager
from datetime import date, timedelta

import pytest
import shapely

from syriamap.lint import CHECKS, Verdict, lint_sidecar
from syriamap.save import build_sidecar
from syriamap.scene.frame import SIGN_ORDER
from syriamap.theme import get_theme

DAYS = [(date(2024, 11, 26) + timedelta(days=number)).isoformat() for number in range(13)]
SIZES = ("web", "x", "og", "square", "portrait", "story", "wire", "print-1col", "print-2col", "print-page")
LAYOUTS = [(view, size) for view in ("advance", "country") for size in SIZES]

NO_ROOM = {("country", "print-1col")}  # a column of print: the line to the Golan runs through another name

every_layout = pytest.mark.parametrize(("view", "size"), LAYOUTS)


def boxes_of(scene):
    """Return all that stands on the map with its owner's name: labels, signs, shields, scale bar."""
    yield from ((label.id, label.box) for label in scene.labels)
    yield from ((shield.ref, shield.box) for shield in scene.shields)
    yield from ((marker.id, marker.box) for marker in scene.markers)
    yield "scale bar", scene.scale_bar.box
    yield from ((piece.kind, piece.box) for piece in scene.furniture if piece.kind == "card")


@every_layout
def test_layout(scene, view, size):
    """A layout on its days, in one test, as a scene is composed once.

    The size that most maps have is drawn every day, the others every third, not all on the same ones. `make matrix`
    draws all.
    """
    days = DAYS if (view, size) == ("advance", "web") else DAYS[LAYOUTS.index((view, size)) % 3 :: 3]
    made = [scene(day, view, size) for day in days]
    for one in made:
        with naming(one.on):
            check_nothing_overlaps(one)
            if (view, size) not in NO_ROOM:
                check_no_leader_strikes_a_name(one)
            check_names_that_stand_off_keep_clear_of_signs(one)
            check_all_is_inside(one)
            check_key(one)
            check_text_sizes(one)
            check_nothing_later(one)
            check_words(one)
            check_colours(one)
            check_publication(one)
    check_all_stays_put(made)


@contextmanager
def naming(day):
    """Say of which day an assertion speaks."""
    try:
        yield
    except AssertionError as error:
        raise AssertionError(f"{day}: {error}") from error


def check_publication(made):
    """Every quick check of the publication check passes or says why it does not apply."""
    said = build_sidecar(made, get_theme(made.theme), picture=b"", name="map.png", command=["syriamap"])
    found = lint_sidecar(said)
    assert {one.number: one.faults for one in found if one.verdict is Verdict.FAULT} == {}
    assert [one.number for one in found] == [check.number for check in CHECKS if check.quick]


def check_nothing_overlaps(made):
    standing = list(boxes_of(made))
    for label in made.labels:
        for owner, box in standing:
            assert owner == label.id or not label.box.overlaps(box), f"{label.id} stands on {owner}"
    for number, (owner, box) in enumerate(standing):
        for other, second in standing[number + 1 :]:
            assert owner == other or not box.overlaps(second), f"{owner} stands on {other}"


def check_no_leader_strikes_a_name(made):
    for label in (label for label in made.labels if label.leader):
        line = shapely.LineString(label.leader)
        for other in made.labels:
            for run in other.runs if other is not label else ():
                assert not line.intersects(shapely.box(*run.box)), f"the line of {label.id} runs through {run.text}"


def check_names_that_stand_off_keep_clear_of_signs(made):
    """A name that stood off beside the sign of an air base was read as that one's."""
    for label in made.labels:
        if label.leader and not label.id.startswith(("party:", "name:")):
            others = [marker for marker in made.markers if marker.id != label.id and marker.kind != "next"]
            near = [one.id for one in others if one.box.overlaps(label.box.grow(8 * made.size.unit))]
            assert not near, f"{label.id} seems to name {near}"


def check_all_is_inside(made):
    margin = 0.01 * made.size.width_px
    safe = made.canvas.grow(-margin)
    texts = [run for piece in made.furniture for run in piece.runs] + [run for entry in made.key for run in entry.runs]
    texts += made.scale_bar.runs
    for run in texts:
        assert safe.holds(run.box), f"{run.text!r} leaves the picture: {run.box}"
    for label in made.labels:
        assert made.map_box.grow(-0.009 * made.size.width_px).holds(label.box), f"{label.id} leaves the map"
    for entry in made.key:
        for other in made.key:
            assert entry is other or not any(a.box.overlaps(b.box) for a in entry.runs for b in other.runs), entry.row
    for piece in made.furniture:
        for other in made.furniture:
            clash = piece.kind != other.kind and any(a.box.overlaps(b.box) for a in piece.runs for b in other.runs)
            assert not clash, f"{piece.kind} stands on {other.kind}"


def check_key(made):
    window = shapely.box(*made.map_box)
    seen = {patch.party for patch in made.control if patch.geometry.intersects(window)}
    rows = {entry.row.id: entry.row for entry in made.key}
    assert set(rows) - set(SIGN_ORDER) == seen
    fills = {}
    for patch in made.control:
        fills.setdefault(patch.party, set()).add(patch.fill)
    for party in seen:
        assert set(rows[party].colours) <= fills[party], f"the key shows a colour of {party} that is not on the map"
    looks = {patch.look for patch in made.control if patch.geometry.intersects(window)}
    assert ("contested" in rows) == ("contested" in looks)
    assert ("claimed" in rows) == ("claimed" in looks)
    assert ("date" in rows) == any(label.chip for label in made.labels)


def check_text_sizes(made):
    runs = [run for label in made.labels for run in label.runs]
    runs += [run for piece in made.furniture for run in piece.runs if piece.kind != "title"]
    runs += [run for entry in made.key for run in entry.runs]
    assert min(run.px for run in runs) >= made.size.min_px - 1e-6


def check_nothing_later(made):
    assert all(base.lost_on <= made.on.isoformat() for base in made.bases)
    for name in made.statements:
        assert name.rsplit("-", 3)[-3:] <= made.on.isoformat().split("-"), name


def check_words(made):
    words = made.words
    assert str(made.on.day) in words.as_of
    assert str(made.on.year) in words.as_of
    assert 40 <= len(words.alt) <= 250
    assert words.alt != words.caption
    for piece in ("title", "as-of", "sources", "data", "credit", *(() if made.size.tiny else ("notes",))):
        assert any(part.kind == piece and part.text for part in made.furniture), piece


def check_all_stays_put(made):
    """Labels, signs, shields and rows of the key may come and go; only names of parties move."""
    for kind in ("labels", "markers", "shields"):
        places: dict[str, set[tuple[float, float]]] = {}
        for one in made:
            for thing in getattr(one, kind):
                name = f"{getattr(thing, 'id', '') or thing.ref + str(thing.box)} {getattr(thing, 'kind', '')}"
                first = thing.runs[0].box[:2] if kind == "labels" else thing.box[:2]
                if getattr(thing, "kind", "") != "party":
                    places.setdefault(name, set()).add(tuple(round(value, 6) for value in first))
        assert not [name for name, found in places.items() if len(found) > 1]
    slots = {(entry.row.id, entry.swatch[:2]) for one in made for entry in one.key if entry.row.id != "date"}
    assert len({row for row, _ in slots}) == len(slots), "a row of the key moved"
    assert len({(one.extent, one.map_box) for one in made}) == 1


def check_colours(made):
    theme = get_theme(made.theme)
    for patch in made.control:
        style = theme.party(patch.party)
        assert patch.fill in {style.fill, style.before, style.sparse}
        assert patch.geometry.is_valid
