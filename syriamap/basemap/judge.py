"""Whether what came is a tile of a map: the rules that docs/basemaps.md tells.

- A tile is a whole PNG, JPEG or WebP of 256 x 256 or 512 x 512 pixels, all tiles of a map of one size.
- A tile of a single colour is blank. Some are: sea, desert. Where more than half are blank nothing is shown.
- A picture that is not blank shows one place. The same one for two places is a notice, not a map.
- One tile that is refused refuses the basemap: a map is not patched together from what came.
"""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING

import numpy as np
from PIL import JpegImagePlugin, PngImagePlugin, WebPImagePlugin

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

SIDES = (256, 512)  # pixels of a tile
MOST_BLANK = 0.5  # of the tiles
EXPECTED = "a PNG, JPEG or WebP of 256 or 512 px"
KINDS = (
    (b"\x89PNG\r\n\x1a\n", PngImagePlugin.PngImageFile),
    (b"\xff\xd8\xff", JpegImagePlugin.JpegImageFile),
    (b"RIFF", WebPImagePlugin.WebPImageFile),
)
SHOWN = 60  # characters of what came instead


class Refused(Exception):  # noqa: N818  # an answer, told to people as a BasemapError
    """What came is no tile; `again` says whether to ask once more, after `wait_s` seconds at least."""

    def __init__(self, said: str, *, again: bool = False, wait_s: float = 0.0) -> None:
        super().__init__(said)
        self.again, self.wait_s = again, wait_s


def judge_tile(body: bytes, said: str = "") -> Pixels:
    """Return the pixels (rows, columns, RGBA) of a tile; `said` is the type that its server names.

    Its size is looked at before any pixel is unpacked. Raises Refused.
    """
    make = next((kind for start, kind in KINDS if body.startswith(start)), None)
    if make is None:
        raise Refused(f"no image but {_describe(body, said)}; expected {EXPECTED}")
    try:
        image = make(io.BytesIO(body))
        wide, high = image.size
        if wide == high and wide in SIDES:
            return np.asarray(image.convert("RGBA"))
    except Exception as error:  # Pillow has many ways to say that a file is broken
        raise Refused(f"a broken image of {len(body)} bytes; expected {EXPECTED}", again=True) from error
    raise Refused(f"an image of {wide} x {high} px; expected {EXPECTED}")


def _describe(body: bytes, said: str) -> str:
    """Return what came instead of an image, in a few words."""
    if not body:
        return "nothing"
    start = " ".join(body[:400].decode("utf-8", "replace").split())[:SHOWN]
    plain = "".join(letter for letter in start if letter.isprintable())
    return f"{said.partition(';')[0] or 'something'} that begins {plain!r}"


def judge_tiles(tiles: Mapping[str, Pixels]) -> None:
    """Raise Refused where tiles, by their names, are not those of a map when they are looked at together."""
    sizes = {pixels.shape[0] for pixels in tiles.values()}
    if len(sizes) > 1:
        raise Refused(f"tiles of {' and '.join(f'{size} px' for size in sorted(sizes))}; expected one size")
    blank = [name for name, pixels in tiles.items() if is_blank(pixels)]
    if len(blank) > MOST_BLANK * len(tiles):
        raise Refused(f"{len(blank)} of {len(tiles)} tiles are blank; expected half of them at most")
    met: dict[bytes, str] = {}
    for name, pixels in tiles.items():
        if name in blank:
            continue
        other = met.setdefault(hashlib.sha256(pixels.tobytes()).digest(), name)
        if other != name:
            raise Refused(
                f"tiles {other} and {name} are the same picture, as of a notice; expected a map of each place"
            )


def is_blank(pixels: Pixels) -> bool:
    """Return whether a tile has a single colour, or nothing to see."""
    return bool((pixels == pixels[0, 0]).all() or not pixels[:, :, 3].any())
