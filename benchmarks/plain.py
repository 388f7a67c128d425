"""The yardstick: one map of one day as most people would script it, with geopandas and matplotlib.

python benchmarks/plain.py DATE OUT      (benchmarks.speed writes the cells that it reads, once)
"""

import sys
from pathlib import Path

import geopandas as gpd
import matplotlib as mpl
import pandas as pd

mpl.use("Agg")
import matplotlib.pyplot as plt

ROOT = Path(__file__).parent.parent
CELLS = ROOT / "build" / "cells.geojson"
COLOURS = {"government": "#b5524c", "opposition_hts": "#4f8a5b", "opposition_sna": "#86b38f", "sdf": "#d9b44a"}
LABELS = {"Aleppo": (37.16, 36.2), "Hama": (36.75, 35.13), "Homs": (36.72, 34.73)}

Layers = tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, pd.DataFrame]


def read() -> Layers:
    """Return boundaries, cells and the control table."""
    borders = gpd.read_file(ROOT / "data" / "boundaries" / "units.geojson")
    return borders, gpd.read_file(CELLS), pd.read_csv(ROOT / "data" / "control" / "statements.csv")


def draw(layers: Layers, day: str, out: str) -> None:
    """Write the map of a day: the newest row of each place, dissolved by party."""
    borders, cells, table = layers
    newest = table[table["date"] <= day].sort_values("date", kind="stable").groupby("unit")["controller"].last()
    zones = cells.assign(party=cells["cell"].map(newest).fillna("unknown")).dissolve("party")
    figure, axes = plt.subplots(figsize=(12.8, 9), dpi=100)
    zones.plot(ax=axes, color=[COLOURS.get(party, "#cccccc") for party in zones.index], edgecolor="white")
    borders.boundary.plot(ax=axes, color="#666666", linewidth=0.5)
    for name, point in LABELS.items():
        axes.annotate(name, point, fontsize=11)
    axes.set_title(f"Who held what on {day}")
    axes.set_axis_off()
    figure.savefig(out, pil_kwargs={"compress_level": 1})
    plt.close(figure)


def main(day: str, out: str) -> None:
    """Read, dissolve, draw, save."""
    draw(read(), day, out)


if __name__ == "__main__":
    main(*sys.argv[1:])
