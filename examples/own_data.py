"""Your own control table, and your own points: who held each of them, as a GeoDataFrame for other programs.

python examples/own_data.py FOLDER
"""

import sys
from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd

import syriamap

HERE = Path(__file__).parent
DAY = date(2024, 12, 5)


def main(folder: str) -> None:
    """Tag the points by our table and by the other one, write them as GeoJSON, and draw the other one's map."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    table = pd.read_csv(HERE / "hospitals.csv")
    points = gpd.GeoDataFrame(table, geometry=gpd.points_from_xy(table["lon"], table["lat"]), crs="EPSG:4326")
    boundaries = syriamap.read_boundaries()
    ours = syriamap.read_control(boundaries=boundaries)
    theirs = syriamap.read_control(HERE / "own_control.csv", boundaries=boundaries)

    tagged = syriamap.tag_points(points, DAY, boundaries=boundaries, control=ours)
    tagged["by_own_table"] = syriamap.tag_points(points, DAY, boundaries=boundaries, control=theirs)["controller"]
    tagged.to_file(Path(folder) / "hospitals.geojson", driver="GeoJSON")
    print(tagged[["name", "controller", "by_own_table", "since", "statement"]].to_string(index=False))

    zones = syriamap.layers_on(DAY, control=HERE / "own_control.csv")["zones"]
    print(zones[["party", "status", "area_km2"]].to_string(index=False))
    made = syriamap.render_map(DAY, view="hama", size="web-small", control=HERE / "own_control.csv")
    syriamap.save_map(made, Path(folder) / "own.png")


if __name__ == "__main__":
    main(*sys.argv[1:])
