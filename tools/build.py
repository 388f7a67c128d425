"""Build data/ again from its sources, in the order in which the files need one another.

python -m tools.build            (with --offline, from the packages in build/sources/ as they are)
"""

from __future__ import annotations

import sys

from tools import control, fetch, places, prepare, quality, report, sources
from tools.layers import boundaries, fonts, relief, roads, sparse, water

STEPS = (
    fetch.fetch,
    boundaries.build,
    water.build,
    roads.build,
    relief.build,
    fonts.build,
    places.main,  # needs the country
    control.main,  # needs the places
    report.main,
    sparse.build,  # needs places and roads
    prepare.build,  # needs everything
    quality.main,  # measures the maps
    sources.build,  # last: it hashes everything
)


def main() -> None:
    """Run every step; the bytes are the same every time."""
    for step in STEPS[1:] if "--offline" in sys.argv[1:] else STEPS:
        print(f"{step.__module__}", file=sys.stderr)
        step()


if __name__ == "__main__":
    main()
