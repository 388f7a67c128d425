"""Days of little countries, and the numbers of the embedded data, counted once."""

from datetime import date
from functools import cache

import pandas as pd
import pytest

from syriamap import control_stats, list_changes
from syriamap.atlas import read_materials
from syriamap.cells import build_cells
from syriamap.merge import control_on
from syriamap.model import Day
from syriamap.states import place_states

FIRST, LAST = date(2024, 11, 26), date(2024, 12, 10)


def build(boundaries, control, on):
    """Return one day of a little country."""
    cells = build_cells(boundaries, control, on)
    states = control_on(cells, control, on, carry=True)
    return Day(on, cells, states, place_states(boundaries, cells, states, control))


@cache
def stats():
    return control_stats(FIRST, LAST)


@cache
def changes():
    return list_changes(FIRST, LAST)


@cache
def materials():
    return read_materials()


def row(key, unit, controller, status="held", rival="", day="2024-12-05"):
    """Return a row of a control table."""
    told = {"id": key, "date": day, "precision": "day", "unit": unit, "controller": controller, "rival": rival}
    return told | {
        "status": status,
        "change": "captured",
        "basis": "named",
        "source": "reuters",
        "url": "https://a.org/1",
    }


@pytest.fixture(scope="session")
def tables(tmp_path_factory):
    """Return a folder with two tables: ours with four towns told otherwise, and one of provinces."""
    folder, control = tmp_path_factory.mktemp("tables"), read_materials().control.statements
    ours = control.drop(columns=["confidence", "file", "line"]).assign(
        date=control["date"].dt.strftime("%Y-%m-%d"), until=control["until"].dt.strftime("%Y-%m-%d").fillna("")
    )
    told = [
        row("d1", "homs", "opposition_hts"),
        row("d2", "qamishli", "sdf", "contested", "government"),
        row("d3", "palmyra", "unknown", "vacated"),
        row("d4", "hama", "government"),
    ]
    pd.concat([ours, pd.DataFrame(told)]).fillna("").to_csv(folder / "desk.csv", index=False)
    holders = {"idlib": "opposition_hts", "hasakah": "sdf", "raqqa": "sdf", "aleppo": "opposition_sna"}
    units = read_materials().boundaries.units["slug"]
    provinces = [row(f"p-{slug}", code, holders.get(slug, "government")) for code, slug in units.items()]
    pd.DataFrame(provinces).to_csv(folder / "provinces.csv", index=False)
    return folder
