"""A series: a map for each day, km2 by party and day as a table, and a chart of it.

python examples/series.py FOLDER
"""

import sys
from datetime import date
from pathlib import Path

import syriamap

FIRST, LAST = date(2024, 12, 3), date(2024, 12, 5)


def main(folder: str) -> None:
    """Draw the maps and the chart, write the table and print it."""
    frames = syriamap.render_series(FIRST, LAST, sizes=["web-small"], folder=folder)
    print(f"{len(frames)} maps of one frame in {Path(folder).name}/")

    stats = syriamap.control_stats(FIRST, LAST)
    areas = stats.pivot_table(index="date", columns="party", values="area_km2", sort=False).round(1)
    areas.to_csv(Path(folder) / "areas.csv")
    print(areas.to_string())

    syriamap.save_chart(syriamap.render_chart(FIRST, LAST), Path(folder) / "areas.png")


if __name__ == "__main__":
    main(*sys.argv[1:])
