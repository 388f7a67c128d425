"""Reads the embedded data plainly, without the engine: rows of text, a replay of the statements, the nearest place."""

from __future__ import annotations

import csv
import math

from syriamap.catalog import data_dir

DATA = data_dir()

Row = dict[str, str]


def read(path: str) -> list[Row]:
    with (DATA / path).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def columns(path: str) -> list[str]:
    with (DATA / path).open(encoding="utf-8", newline="") as handle:
        return next(csv.reader(handle))


def replay(statements: list[Row], day: str) -> dict[str, Row]:
    """Return the newest statement on every unit by the end of a day, in file order within a day."""
    newest: dict[str, Row] = {}
    for row in sorted(statements, key=lambda row: row["date"]):
        if row["date"] <= day:
            newest[row["unit"]] = row
    return newest


def distance_km(one: Row, other: Row) -> float:
    """Return the distance of two places on a plane that is true to 1 % over Syria."""
    lat = (float(one["lat"]) + float(other["lat"])) / 2
    north = (float(one["lat"]) - float(other["lat"])) * 110.95
    east = (float(one["lon"]) - float(other["lon"])) * 111.32 * math.cos(math.radians(lat))
    return math.hypot(north, east)


def nearest_holder(places: list[Row], states: dict[str, Row], where: Row) -> str:
    """Return who holds the nearest place that a statement names: a cell's state without cells."""
    reaching = (p for p in places if not p["reach_km"] or distance_km(p, where) <= float(p["reach_km"]))
    nearest = min((p for p in reaching if p["id"] in states), key=lambda place: distance_km(place, where))
    return states[nearest["id"]]["controller"]
