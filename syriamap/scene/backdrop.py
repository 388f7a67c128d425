"""How a basemap lies under a map: it shades the country, whose colours keep their meaning, and shows around it, pale.

Over the country only the texture of the basemap is left: black where it is darker than its surroundings and white where
it is lighter, so faint and so even that the land of a party keeps its colour in the mean. What hardly differs stays as
it is, to the last bit. Around the country it is drawn in its own colours, paled so that names stand out; a basemap
without colours, such as a shaded relief, shades the land there too, and leaves out the sea.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import numpy as np
import shapely
from PIL import Image, ImageDraw, ImageFilter

from ..colour import luminance
from ..model import Box, Extent
from ..picture import Underlay

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from ..model import Materials
    from ..picture import Backdrop
    from ..sizes import Size
    from ..theme import Theme
    from .camera import Camera

    Pixels = NDArray[np.uint8]
    Plane = NDArray[np.float64]
    Mask = NDArray[np.bool_]

LUMA = (0.299, 0.587, 0.114)
DARK = 0.18  # luminance of the sea: a darker one is that of a dark theme
NEAR = 45.0  # units: the surroundings that a point is darker or lighter than
WORDS, MIDDLE = 4.5, 0.5  # units: the strokes of names; mean luma from which on these are dark
BLURS, BUDGET = (0, 1.2, 3, 8), 0.32  # pixels; of the weight that a picture may have, for the basemap
GAIN, STEP, STEPS = 0.9, 0.02, 7  # alpha for a difference of 1; alphas are multiples of a step, so many at most
AROUND = 1.3  # times as strong around the country
COLOURED = 6.0  # of 255: how far colours are from grey, in the mean, in a basemap that has any
PALEST, BOLDEST, APART = 0.18, 0.5, 0.09  # alpha around the country; how far it may lead from the ground, in the mean
MOST_COLOURS = 48
LIGHT = 0.6  # mean luma: so light a basemap is turned dark for a dark theme


def credit_below(backdrop: Backdrop | None) -> str:
    """Return who is credited for the basemap on a map, "" where there is none."""
    return backdrop.credit if backdrop and backdrop.ink else ""


def backdrop_grid(camera: Camera) -> tuple[Box, Extent]:
    """Return the whole pixels that hold a map, and their edges on the ground."""
    box, scale = camera.map_box, camera.px_per_m
    x0, y0, x1, y1 = np.floor(box.x0), np.floor(box.y0), np.ceil(box.x1), np.ceil(box.y1)
    west, north = camera.extent.west + (x0 - box.x0) / scale, camera.extent.north - (y0 - box.y0) / scale
    whole = Box(float(x0), float(y0), float(x1), float(y1))
    edges = west, north - whole.height / scale, west + whole.width / scale, north
    return whole, Extent(*map(float, edges))


def lay_under(pixels: Pixels, camera: Camera, materials: Materials, theme: Theme, size: Size) -> Underlay:
    """Return pixels (rows, columns, RGBA) on the grid of a camera as they lie under its map.

    What would make the picture too heavy for its size, such as an image from space, is blurred until it does not.
    """
    box, colours = backdrop_grid(camera)[0], theme.colours
    inside = _fill(box, [camera.to_px(materials.boundaries.country)])
    land = inside | _fill(box, map(camera.to_px, materials.ground.neighbours.geometry))
    ground = np.where(land, _luma_of(colours["paper"]), _luma_of(colours["sea"]))
    dark = luminance(colours["sea"]) < DARK
    for blur in BLURS:
        numbers, table = tone(_smooth(pixels, blur), inside, land, ground, unit=size.unit, dark=dark)
        if len(zlib.compress(numbers.tobytes())) <= (BUDGET * size.max_bytes or np.inf):
            break
    return Underlay(box, numbers, table)


def _smooth(pixels: Pixels, blur: float) -> Pixels:
    return np.asarray(Image.fromarray(pixels).filter(ImageFilter.GaussianBlur(blur))) if blur else pixels


def tone(pixels: Pixels, inside: Mask, land: Mask, ground: Plane, *, unit: float, dark: bool) -> tuple[Pixels, Pixels]:
    """Return numbered colours (rows, columns) and the colours (n x 4) of a basemap under a map.

    `inside` is the country, `land` that and its neighbours, `ground` the luma (0 to 1) of what it is laid on; `dark`
    says whether the theme is.
    """
    there = pixels[:, :, 3] > 127
    luma = pixels[:, :, :3].astype(np.float64) @ np.array(LUMA) / 255
    outside, near = there & ~inside, NEAR * unit
    if _is_grey(pixels[there]):
        shades = _shade(luma, there & inside, there & land, near)
        around = _shade(luma, outside & land, there & land, near, strength=AROUND)
        return _number(np.where(inside, shades, around)), _ink_table()
    numbers = _number(_shade(_without_words(luma, WORDS * unit), there & inside, there, near))
    table = _ink_table()
    own = _turn_dark(pixels[outside][:, :3], luma[outside]) if dark else pixels[outside][:, :3]
    if len(own):
        few, picked = _few_colours(own)
        apart = float(np.abs(few[picked] @ np.array(LUMA) / 255 - ground[outside]).mean())
        alpha = round(255 * float(np.clip(APART / max(apart, 0.01), PALEST, BOLDEST)))
        numbers[outside] = len(table) + picked
        table = np.concatenate([table, np.column_stack([few, np.full(len(few), alpha)])]).astype(np.uint8)
    return numbers, table


def _shade(luma: Plane, where: Mask, known: Mask, near: float, strength: float = 1.0) -> Plane:
    """Return how much lighter (or darker, below 0) than its surroundings each point is, as alpha; 0 on average."""
    if not where.any():
        return np.zeros_like(luma)
    weight = _blur(known.astype(np.float64), near)
    around = _blur(np.where(known, luma, 0.0), near) / np.maximum(weight, 1e-9)
    found = np.where(where, strength * GAIN * (luma - around), 0.0)
    most = STEP * STEPS
    return np.where(where, np.clip(found - found[where].mean(), -most, most), 0.0)


def _without_words(luma: Plane, stroke: float) -> Plane:
    """Return the luma without strokes so thin that are darker than what is around them, or lighter on a dark map.

    Names of a basemap would stand between ours.
    """
    reach = 2 * max(round(stroke / 2), 1) + 1
    filters = [ImageFilter.MaxFilter(reach), ImageFilter.MinFilter(reach)]
    image = Image.fromarray(np.rint(255 * luma).astype(np.uint8))
    for one in filters if luma.mean() > MIDDLE else filters[::-1]:
        image = image.filter(one)
    return np.asarray(image) / 255.0


def _blur(plane: Plane, reach: float) -> Plane:
    """Return means over squares, taken twice: those of sums along rows and columns."""
    radius = max(round(reach), 1)
    for axis in (0, 1, 0, 1):
        wide = np.moveaxis(plane, axis, 0)
        sums = np.cumsum(np.concatenate([np.zeros((1, wide.shape[1])), wide]), axis=0)
        at = np.arange(len(wide))
        low, top = np.maximum(at - radius, 0), np.minimum(at + radius + 1, len(wide))
        plane = np.moveaxis((sums[top] - sums[low]) / (top - low)[:, None], 0, axis)
    return plane


def _ink_table() -> Pixels:
    """Return nothing, then blacks and then whites of growing alpha."""
    alphas = [round(255 * STEP * step) for step in range(1, STEPS + 1)]
    inks = [(0, 0, 0, 0), *((0, 0, 0, alpha) for alpha in alphas), *((255, 255, 255, alpha) for alpha in alphas)]
    return np.array(inks, dtype=np.uint8)


def _number(shades: Plane) -> Pixels:
    """Return the numbers of shades in the table of inks."""
    steps = np.clip(np.rint(shades / STEP), -STEPS, STEPS).astype(int)
    numbers: Pixels = np.where(steps > 0, STEPS + steps, -steps).astype(np.uint8)
    return numbers


def _is_grey(colours: Pixels) -> bool:
    if not len(colours):
        return True
    rgb = colours[:, :3].astype(np.int16)
    return float((rgb.max(axis=1) - rgb.min(axis=1)).mean()) < COLOURED


def _turn_dark(rgb: Pixels, luma: Plane) -> Pixels:
    """Return the colours of a light basemap for a dark theme: light is dark, hues stay; others as they are."""
    if luma.mean() < LIGHT:
        return rgb
    wide = rgb.astype(np.int16)
    ends = wide.max(axis=1, keepdims=True) + wide.min(axis=1, keepdims=True)
    turned: Pixels = (wide + 255 - ends).astype(np.uint8)
    return turned


def _few_colours(rgb: Pixels) -> tuple[Pixels, NDArray[np.int64]]:
    """Return few colours that stand for many, and the number of that for each."""
    image = Image.fromarray(np.ascontiguousarray(rgb[None]))
    few = image.quantize(MOST_COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    table = np.array(few.getpalette(), dtype=np.uint8).reshape(-1, 3)
    return table, np.asarray(few)[0].astype(np.int64)


def _luma_of(colour: str) -> float:
    return float(np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) @ np.array(LUMA) / 255)


def _fill(box: Box, areas: Iterable[BaseGeometry]) -> Mask:
    """Return which whole pixels of a box lie in areas."""
    image = Image.new("1", (round(box.width), round(box.height)))
    pen = ImageDraw.Draw(image)
    for area in areas:
        for part in shapely.get_parts(area):
            for ring, inside in [(part.exterior, 1), *((hole, 0) for hole in part.interiors)]:
                points = shapely.get_coordinates(ring) - (box.x0 + 0.5, box.y0 + 0.5)
                if len(points) > 2:
                    pen.polygon([tuple(point) for point in points.tolist()], fill=inside)
    return np.asarray(image)
