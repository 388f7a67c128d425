"""A whole project in memory, as small as one can be that has every file: four square provinces, four places, a road."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

DAY = "2024-01-03"
THEATRE = """
[crs]
map = "+proj=lcc +lat_1=40.2 +lat_2=40.8 +lat_0=40.5 +lon_0=0.5 +datum=WGS84 +units=m +no_defs"
area = "+proj=laea +lat_0=40.5 +lon_0=0.5 +datum=WGS84 +units=m +no_defs"

[time]
offensive_start = 2024-01-02
base_date = 2024-01-01
mark_days = 3
carry_days = 7

[bases]
story = ["airfield"]
losing_users = ["blue"]

[control]
unknown = "unknown"

[country]
capital = "milltown"

[credits]
drawn = ["boundaries", "water", "roads", "places"]

[gains]
blocs = ["red"]

[views.country]
frame = { west = -0.1, south = 39.9, east = 1.1, north = 41.1 }
main_road = "main"
roads = ["main"]
places = ["milltown", "eastham"]
facilities = []
bases = ["airfield"]
sign_scale = 1.0
dated = true
priority = ["milltown"]
axis = true
sides = { milltown = "w" }

[free_view]
main_road = "main"
kinds = ["town"]
facilities = ["port"]
sign_scale = 0.9

[axis]
road = "main"
legs = [ { from = "milltown", to = "eastham" } ]
side = "e"
offset = 40

[next]
day = 2024-01-03
places = ["eastham"]
source = "an analysis"

[worldviews.one]
policy = "One."
disclaimer = "one"
names.park = { name = { en = "Green Park" }, lines = { en = ["Green", "Park"] } }
edges.park = { abroad = "solid", inside = "thin" }
plain = ["blue"]

[[names]]
kind = "occupied"
area = "park"
name = { en = "Park" }
lines = { en = ["The", "Park"] }
at = []

[[names]]
kind = "country"
name = { en = "ABROAD", fr = "ÉTRANGER" }
at = [[-0.05, 40.4], [-0.05, 40.6]]
"""
SOURCES = """
[[file]]
path = "boundaries/units.geojson"
title = "Provinces"
layer = "boundaries"
origin = "invented"
taken = 2024-01-02
licence = "public domain"
credit = "the surveyors"
note = "squares"

[[file]]
path = "places/places.csv"
sha256 = ""
layer = "places"
taken = 2024-01-02
credit = "the surveyors"
"""
STYLE = """
extends = "light"
credit = "the desk"
[party.red]
fill = "#4F8FC0"
before = "#CFE4F4"
sparse = "#A9CBE3"
text = "#0F3A5C"
name = "#04131F"
[party.blue]
fill = "#F2C46B"
text = "#6B4300"
pattern = "dots"
pattern_colour = "#6B4300"
[type]
headline = { size = 30, weight = 700, colour = "ink" }
"""
WORDINGS = """
title = "Who held what"
title_in = "Who held what in {name}"
title_at = "Who held what around {name}"
disclaimer = "Lines are no borders."
[disclaimers]
one = "Lines are as one sees them."
[telling]
map = "Map of the land, {day}."
map_part = "Map of the land ({places}), {day}."
[places]
milltown = "Milltown"
[bases]
airfield = "The Airfield"
[units]
A = "North-west"
[parties.red]
label = "Reds"
short = "Red"
gloss = "rebels"
"""
ACTORS = """id,label,short,label_ar,short_ar,bloc,pattern,gloss
red,Red Party,Red,الحمر,الحمر,red,,an example
blue,Blue Party,Blue,,,blue,dots,
unknown,Unclear,Unclear,,,unknown,,no statement
"""
OUTLETS = """id,name,kind,printable,parent
gazette,The Gazette,newspaper,yes,
herald,The Herald,agency,yes,gazette
"""
STATEMENTS = """id,date,unit,controller,rival,status,change,basis,source,url,note
s1,2024-01-01,A,red,,held,initial,background,background,,as ever
s2,2024-01-01,D,blue,,held,initial,background,background,,
s3,2024-01-01,airfield-town,blue,,held,initial,named,herald,https://herald.example/3,
s4,2024-01-03,milltown,red,,held,captured,named,gazette,https://gazette.example/4,a report
s5,2024-01-03,eastham,blue,red,contested,captured,named,gazette,https://gazette.example/5,fighting
"""
PLACES = """id,name,name_ar,aliases,kind,rank,lon,lat,population,role
milltown,Milltown,,Mill,town,1,0.25,40.25,5000,place
eastham,Eastham,,,town,2,0.75,40.3,,place
airfield-town,Fieldham,,,village,3,0.7,40.75,,place
airfield,Fieldham Airfield,,,airbase,3,0.72,40.8,,marker
"""
BASES = """place,name,name_ar,icao,user,stays
airfield,Fieldham,,XX01,blue,
"""
SQUARES = {"A": (0, 40, "North"), "B": (0.5, 40, "East"), "C": (0, 40.5, "South"), "D": (0.5, 40.5, "West")}


def draw_box(west: float, south: float, east: float, north: float) -> dict[str, object]:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def write_layer(*features: tuple[dict[str, object], dict[str, object]]) -> bytes:
    """Return features, each with its words and its shape, as GeoJSON, one a line."""
    rows = [json.dumps({"type": "Feature", "properties": words, "geometry": shape}) for words, shape in features]
    return ('{"type": "FeatureCollection", "features": [\n' + ",\n".join(rows) + "\n]}\n").encode()


def list_land() -> dict[str, bytes]:
    """Return every file of the project by its path, each sound."""
    units = [({"code": key, "name": name}, draw_box(x, y, x + 0.5, y + 0.5)) for key, (x, y, name) in SQUARES.items()]
    road = {"id": "main", "ref": "M1", "name": "Main Road", "class": "motorway", "accuracy_km": 1, "length_km": 55}
    line = {"type": "LineString", "coordinates": [[0.1, 40.2], [0.25, 40.26], [0.75, 40.31], [0.9, 40.4]]}
    stream = {"type": "LineString", "coordinates": [[0.0, 40.5], [0.5, 40.52], [1.0, 40.5]]}
    park = {"id": "park", "name": "Park", "name_ar": "", "kind": "occupied"}
    texts = {
        "theatre.toml": THEATRE,
        "sources.toml": SOURCES,
        "theme.toml": STYLE,
        "names/en.toml": WORDINGS,
        "control/actors.csv": ACTORS,
        "control/outlets.csv": OUTLETS,
        "control/statements.csv": STATEMENTS,
        "places/places.csv": PLACES,
        "places/bases.csv": BASES,
    }
    return {path: text.lstrip().encode() for path, text in texts.items()} | {
        "boundaries/units.geojson": write_layer(*units),
        "boundaries/areas.geojson": write_layer((park, draw_box(0, 40, 0.1, 40.1))),
        "boundaries/neighbours.geojson": write_layer(({"id": "abroad", "name": "Abroad"}, draw_box(-1, 40, 0, 41))),
        "boundaries/sparse.geojson": write_layer(({"id": "sparse"}, draw_box(0.6, 40.6, 0.9, 40.9))),
        "water/lakes.geojson": write_layer(({"id": "lake", "name": "Lake"}, draw_box(0.3, 40.7, 0.4, 40.8))),
        "water/rivers.geojson": write_layer(({"id": "stream", "name": "Stream", "rank": 1}, stream)),
        "water/barriers.geojson": write_layer(({"id": "stream", "name": "Stream"}, stream)),
        "roads/highways.geojson": write_layer((road, line)),
    }


def lay_out_land(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files of a project into a folder."""
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
