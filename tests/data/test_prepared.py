"""What is prepared beforehand equals what is computed, bit by bit, and is never used for anything else."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pandas.testing import assert_frame_equal

from syriamap import boundaries as boundaries_module
from syriamap import cells as cells_module
from syriamap import control as control_module
from syriamap import ground as ground_module
from syriamap import prepared as prepared_module
from syriamap.boundaries import key_boundaries, read_boundaries, verify_boundaries
from syriamap.catalog import data_file, read_sources
from syriamap.cells import build_cells, compute_cells, key_cells, list_named
from syriamap.colour import key_colours
from syriamap.control import key_control, read_control, verify_control
from syriamap.ground import compute_ground, key_ground, read_ground
from syriamap.prepared import FOLDER, pack, read_prepared

NAMES = ("boundaries", "cells", "colours", "control", "ground")


@pytest.fixture(scope="module")
def computed():
    boundaries, _ = verify_boundaries()
    control, _ = verify_control(boundaries=boundaries)
    return boundaries, control


def assert_same(one, other):
    """Compare nouns field by field: tables with their types, geometry to the last bit."""
    assert type(one) is type(other)
    if is_dataclass(one):
        for field in fields(one):
            assert_same(getattr(one, field.name), getattr(other, field.name))
    elif isinstance(one, pd.DataFrame):
        assert list(one.columns) == list(other.columns)
        plain = [name for name in one.columns if name != "geometry"]
        assert_frame_equal(
            pd.DataFrame(one[plain]), pd.DataFrame(other[plain]), check_exact=True, check_column_type=False
        )
        if isinstance(one, gpd.GeoDataFrame):
            assert one.crs == other.crs
            assert_same(list(one.geometry), list(other.geometry))
    elif isinstance(one, shapely.Geometry):
        assert shapely.to_wkb(one) == shapely.to_wkb(other)
    elif isinstance(one, list | tuple):
        assert len(one) == len(other)
        for mine, theirs in zip(one, other, strict=True):
            assert_same(mine, theirs)
    else:
        assert one == other


def refuse(*_args, **_kwargs):
    raise AssertionError("computed although it is prepared")


def test_boundaries_are_as_computed(computed, monkeypatch):
    monkeypatch.setattr(boundaries_module, "verify_boundaries", refuse)
    assert_same(read_boundaries(), computed[0])


def test_control_is_as_computed(computed, monkeypatch):
    monkeypatch.setattr(control_module, "verify_control", refuse)
    assert_same(read_control(boundaries=computed[0]), computed[1])


def test_ground_is_as_computed(monkeypatch):
    expected = compute_ground()
    monkeypatch.setattr(ground_module, "compute_ground", refuse)
    ground_module._read_ours.cache_clear()
    assert_same(read_ground(), expected)


def test_cells_are_as_computed_on_every_day(computed, monkeypatch):
    boundaries, control = computed
    named, units = list_named(boundaries, control)
    expected = compute_cells(boundaries, named, units)
    monkeypatch.setattr(cells_module, "compute_cells", refuse)
    cells_module._build.cache_clear()
    cells_module._build_after.cache_clear()
    for on in control.statements["date"].dt.date.unique():
        assert_same(build_cells(boundaries, control, on), expected)


def test_keys_change_with_what_goes_in(computed):
    boundaries, control = computed
    named, units = list_named(boundaries, control)
    key = key_cells(boundaries, named, units)
    moved = boundaries.places.set_geometry(boundaries.places.geometry.translate(1e-6))
    others = [
        key_cells(boundaries, named[1:], units),
        key_cells(boundaries, named, tuple(boundaries.units.index[:1])),
        key_cells(replace(boundaries, places=moved), named, units),
        key_cells(replace(boundaries, barriers=()), named, units),
        key_cells(replace(boundaries, area_crs=""), named, units),
        key_cells(replace(boundaries, places=boundaries.places.assign(role="marker")), named, units),
    ]
    assert all(other != key for other in others)
    assert read_prepared("cells", key) is not None
    assert all(read_prepared("cells", other) is None for other in others)
    assert key_control(replace(boundaries, inputs=boundaries.inputs[1:])) != key_control(boundaries)


@pytest.mark.parametrize("name", NAMES)
def test_a_key_holds_every_file_with_its_hash(name, computed):
    keys = {"boundaries": key_boundaries(), "control": key_control(computed[0])}
    keys |= {"ground": key_ground(), "colours": key_colours()}
    for path, sha in keys.get(name, {"files": {}})["files"].items():
        assert {file.path: file.sha256 for file in read_sources()}[path] == sha
    if name in keys:
        stale = {**keys[name], "files": {**keys[name]["files"], "another.csv": "0"}}
        assert read_prepared(name, stale) is None


def test_changed_bytes_are_never_used(tmp_path, monkeypatch):
    key = key_ground()
    whole = data_file(f"{FOLDER}/ground.bin").read_bytes()
    (tmp_path / FOLDER).mkdir()
    monkeypatch.setattr(prepared_module, "data_file", lambda path: tmp_path / path)
    assert read_prepared("ground", key) is None
    (tmp_path / FOLDER / "ground.bin").write_bytes(whole)
    assert read_prepared("ground", key) is not None
    (tmp_path / FOLDER / "ground.bin").write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert read_prepared("ground", key) is None


@pytest.mark.checkout
def test_files_are_rebuilt_to_the_same_bytes():
    from tools.prepare import prepare

    for name, content in prepare():
        assert content == data_file(f"{FOLDER}/{name}.bin").read_bytes(), "run python -m tools.sources"


def test_a_table_comes_back_as_it_was(tmp_path, monkeypatch):
    frame = gpd.GeoDataFrame(
        {
            "word": ["", 'Ḥamāh, حماة\n"x"', "c"],
            "chain": [("a",), ("a", "b"), ("c",)],
            "number": np.array([1, -2, 2**40]),
            "part": [0.1, np.nan, -np.inf],
            "yes": [True, False, True],
            "day": np.array(["2024-12-05", "NaT", "1969-01-01"], dtype="datetime64[s]"),
        },
        geometry=[shapely.Point(0.1, 0.2), shapely.Polygon(), shapely.box(0, 0, 1e6, 1 / 3)],
        index=pd.Index(["x", "y", "z"], name="id"),
        crs="EPSG:4326",
    )
    data = pack({"a": 1}, {"one": frame, "none": pd.DataFrame({"word": []}, dtype=str)})
    head = json.loads(data.partition(b"\n")[0])
    found = prepared_module.Prepared(head["tables"], memoryview(data.partition(b"\n")[2]))
    assert_same(found.frame("one", "EPSG:4326"), frame)
    assert found.frame("none")["word"].tolist() == []


@pytest.mark.parametrize("values", [["a\x1fb"], [None], [("a\x1e",)], [{}]])
def test_what_would_not_come_back_is_refused(values):
    with pytest.raises(ValueError, match="expected"):
        pack({}, {"one": pd.DataFrame({"word": pd.Series(values, dtype=object)})})
