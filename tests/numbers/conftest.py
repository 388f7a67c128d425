"""Days of little countries, and the numbers of the embedded data, counted once."""

from datetime import date
from functools import cache

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
