"""Draw the invented island of data/template/, which a new project shows until it has a country of its own.

Run with `python -m tools.template`. A wavy coast in the open Atlantic, six provinces nearest to six points, towns.
"""

from __future__ import annotations

import json

import numpy as np
import shapely

from tools.common import DATA, write_text

MIDDLE = (-38.0, 45.0)  # degrees
RADIUS = (1.7, 1.15)
WAVES = ((2, 0.13, 0.4), (3, 0.11, 1.9), (5, 0.06, 0.2), (9, 0.03, 2.6), (17, 0.015, 1.1))  # number, height, phase
STEPS = 720
DECIMALS = 5
PROVINCES = {
    "XA-01": ("Northshore", (-38.2, 45.75)),
    "XA-02": ("Eastmarch", (-36.9, 45.3)),
    "XA-03": ("Capital District", (-38.0, 45.05)),
    "XA-04": ("Westreach", (-39.2, 45.2)),
    "XA-05": ("Southlands", (-38.5, 44.35)),
    "XA-06": ("Lower Coast", (-37.2, 44.5)),
}
TOWNS = {
    "harbour-city": ("Harbour City", "city", 1, (-38.05, 45.05)),
    "northport": ("Northport", "town", 2, (-38.3, 45.72)),
    "eastgate": ("Eastgate", "town", 2, (-36.95, 45.25)),
    "westbridge": ("Westbridge", "town", 2, (-39.15, 45.1)),
    "southfield": ("Southfield", "town", 2, (-38.45, 44.4)),
    "lowmere": ("Lowmere", "town", 3, (-37.25, 44.6)),
    "midway": ("Midway", "village", 4, (-37.55, 45.1)),
    "crossroads": ("Crossroads", "village", 4, (-38.6, 44.8)),
}


def main() -> None:
    """Write island.geojson and island_places.csv; the bytes are the same every time."""
    names = list(PROVINCES)
    points = shapely.MultiPoint([at for _, at in PROVINCES.values()])
    cells = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=_coast().envelope))
    land = shapely.set_precision(shapely.intersection(cells, _coast()), 10**-DECIMALS)
    seats = [shapely.Point(at) for _, at in PROVINCES.values()]
    home = [next(at for at, cell in enumerate(cells) if cell.contains(seat)) for seat in seats]
    features = [
        {
            "type": "Feature",
            "properties": {"id": name, "name": PROVINCES[name][0], "name_ar": ""},
            "geometry": json.loads(shapely.to_geojson(land[at])),
        }
        for name, at in zip(names, home, strict=True)
    ]
    lines = ",\n".join(json.dumps(one, separators=(",", ":")) for one in features)
    write_text(DATA / "template/island.geojson", f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n')
    rows = [f"{key},{name},,{kind},{rank},{lon},{lat},place" for key, (name, kind, rank, (lon, lat)) in TOWNS.items()]
    write_text(DATA / "template/island_places.csv", "\n".join(["id,name,name_ar,kind,rank,lon,lat,role", *rows]) + "\n")


def _coast() -> shapely.Polygon:
    angle = np.linspace(0, 2 * np.pi, STEPS, endpoint=False)
    reach = 1 + sum(height * np.sin(number * angle + phase) for number, height, phase in WAVES)
    x = MIDDLE[0] + RADIUS[0] * reach * np.cos(angle)
    y = MIDDLE[1] + RADIUS[1] * reach * np.sin(angle)
    return shapely.Polygon(np.column_stack([x, y]))


if __name__ == "__main__":
    main()
