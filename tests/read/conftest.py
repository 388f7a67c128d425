"""A country of four squares, made in code, and the embedded one."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from syriamap.boundaries import read_boundaries
from syriamap.errors import DataError
from syriamap.model import Boundaries

CRS = "+proj=lcc +lat_1=33.2 +lat_2=36.4 +lat_0=35 +lon_0=37 +datum=WGS84 +units=m +no_defs"
KM = 1000.0


def make_squares() -> Boundaries:
    """Two by two provinces of 50 km; three places, one marker, one special area."""
    corners = {"A1": (0, 0, "North"), "A2": (50, 0, "East"), "A3": (0, 50, "South"), "A4": (50, 50, "West")}
    shapes = [shapely.box(x * KM, y * KM, (x + 50) * KM, (y + 50) * KM) for x, y, _ in corners.values()]
    names = [name for *_, name in corners.values()]
    units = gpd.GeoDataFrame(
        {"level": 1, "slug": [name.lower() for name in names], "name": names, "name_ar": ""},
        geometry=shapes,
        index=pd.Index(corners, name="code"),
        crs=CRS,
    )
    areas = gpd.GeoDataFrame(
        {"name": ["Park"], "name_ar": [""], "kind": ["occupied"]},
        geometry=[shapely.box(0, 0, 5 * KM, 5 * KM)],
        index=pd.Index(["park"], name="id"),
        crs=CRS,
    )
    return Boundaries(shapely.union_all(shapes), units, areas, make_places(), crs=CRS, area_crs=CRS)


def make_places() -> gpd.GeoDataFrame:
    rows = {
        "old-town": ("Old Town", "البلدة القديمة", "Altstadt; Vieille Ville", "place", "town"),
        "new-town": ("New Town", "", "", "place", "town"),
        "bridge": ("Bridge", "", "", "place", "bridge"),
        "harbour": ("Harbour", "", "", "marker", "port"),
    }
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=["name", "name_ar", "aliases", "role", "kind"])
    at = [(10, 10), (60, 60), (90, 20), (20, 80)]
    points = [shapely.Point(x * KM, y * KM) for x, y in at]
    return gpd.GeoDataFrame(frame.rename_axis("id"), geometry=points, crs=CRS)


@pytest.fixture(scope="session")
def squares() -> Boundaries:
    return make_squares()


@pytest.fixture(scope="session")
def embedded() -> Boundaries:
    return read_boundaries()


def faults_of(call, *args, **kwargs) -> list[str]:
    """Return what a call refuses, fault by fault, files by their bare names."""
    with pytest.raises(DataError) as caught:
        call(*args, **kwargs)
    folder = str(Path(caught.value.faults[0].file).parent)
    return [str(fault).replace(f"{folder}/", "") for fault in caught.value.faults]
