"""Pictures of one size to the bytes of an animation, the same ones every time."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import GifImagePlugin, Image, PngImagePlugin

from ..errors import ProductError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

FORMATS = ("gif", "apng", "png", "webp", "mp4")
COLOURS, HOLE = 255, 255  # of a GIF; the number that leaves a pixel as it is
LEAST_S, MOST_S = 0.1, 60.0
HOLD = 3  # the last frame stands so many times as long as the others


@dataclass(frozen=True, slots=True)
class Reel:
    """The pictures of an animation, what it says of itself, and how long each day stands.

    `flat` are the colours that a picture of few colours keeps to the last bit, `packet` its XMP.
    """

    pictures: tuple[Image.Image, ...]
    seconds: float
    title: str
    description: str
    flat: tuple[str, ...]
    packet: bytes = b""

    @property
    def durations(self) -> list[int]:
        """Return the time of every picture in milliseconds, the last one held."""
        each = round(self.seconds * 1000)
        return [each] * (len(self.pictures) - 1) + [HOLD * each]


def check_seconds(seconds: float) -> float:
    """Return the time of a day. Raises ProductError for one that no reader could follow."""
    if not LEAST_S <= seconds <= MOST_S:
        raise ProductError(f"{seconds:g} seconds for a day; expected {LEAST_S:g} to {MOST_S:g}, such as 1")
    return seconds


def encode_gif(reel: Reel) -> bytes:
    """Return a GIF with one palette for all pictures, in which each picture stores only what changes."""
    frames, palette = share_palette([np.asarray(picture) for picture in reel.pictures], reel.flat)
    file = io.BytesIO()
    file.write(_gif_head(reel.pictures[0].size, palette, reel.description))
    shown = None
    for frame, milliseconds in zip(frames, reel.durations, strict=True):
        told, box = _changes(frame, shown)
        options = {"transparency": HOLE, "duration": milliseconds, "disposal": 1, "interlace": 0}
        for piece in GifImagePlugin.getdata(Image.fromarray(told), box, **options):
            file.write(piece)
        shown = frame
    return file.getvalue() + b";"


def _gif_head(size: tuple[int, int], palette: NDArray[np.uint8], comment: str) -> bytes:
    """Return what a GIF begins with: its size, its one palette, that it runs for ever, and what it says of itself."""
    table = palette.tobytes().ljust(3 * (COLOURS + 1), b"\0")
    forever = b"!\xff\x0bNETSCAPE2.0\x03\x01\0\0\0"
    text = comment.encode("utf-8")
    blocks = [text[at : at + 255] for at in range(0, len(text), 255)]
    said = b"!\xfe" + b"".join(bytes([len(block)]) + block for block in blocks) + b"\0"
    return b"GIF89a" + struct.pack("<HHBBB", *size, 0xF7, 0, 0) + table + forever + said


def _changes(frame: NDArray[np.uint8], shown: NDArray[np.uint8] | None) -> tuple[NDArray[np.uint8], tuple[int, int]]:
    """Return the part of a picture that differs from the one shown before, holes where it does not, and its corner."""
    if shown is None:
        return frame, (0, 0)
    changed = frame != shown
    rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
    if not len(rows):
        return np.full((1, 1), HOLE, dtype=np.uint8), (0, 0)
    part = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
    return np.where(changed, frame, HOLE)[part].astype(np.uint8), (int(columns[0]), int(rows[0]))


def share_palette(
    pictures: Sequence[NDArray[np.uint8]], flat: Sequence[str]
) -> tuple[list[NDArray[np.uint8]], NDArray[np.uint8]]:
    """Return pictures as numbers of colours of one palette, and the palette.

    The flat colours that occur are in it as they are; what lies between them along edges shares the rest.
    """
    packed = [_pack(picture) for picture in pictures]
    found = [np.unique(one, return_counts=True) for one in packed]
    met = np.unique(np.concatenate([colours for colours, _ in found]))
    counts = np.zeros(len(met), dtype=np.int64)
    for colours, number in found:
        counts[np.searchsorted(met, colours)] += number
    kept = _palette(met, counts, flat)
    nearest = _nearest(_unpack(met), _unpack(kept)).astype(np.uint8)
    frames = [nearest[np.searchsorted(met, one)] for one in packed]
    return frames, _unpack(kept)


def _palette(met: NDArray[np.int64], counts: NDArray[np.int64], flat: Sequence[str]) -> NDArray[np.int64]:
    """Return at most COLOURS of the colours met: the flat ones, the most common, and those that stand for the rest."""
    if len(met) <= COLOURS:
        return met
    wanted = np.array(sorted({int(colour[1:], 16) for colour in flat}), dtype=np.int64)
    first = np.intersect1d(wanted, met)[:COLOURS]
    others = np.setdiff1d(met, first)
    weights = counts[np.searchsorted(met, others)]
    common = others[np.argsort(-weights, kind="stable")][: max(COLOURS // 2 - len(first), 0)]
    kept = np.union1d(first, common)
    rest = np.setdiff1d(others, common)
    return np.union1d(kept, _median_cut(rest, counts[np.searchsorted(met, rest)], COLOURS - len(kept)))


def _median_cut(colours: NDArray[np.int64], counts: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """Return so many colours that stand for others: the box that holds most is halved again and again."""
    boxes = [np.arange(len(colours))]
    points = _unpack(colours).astype(np.int64)
    while len(boxes) < most:
        spans = [np.ptp(points[box], axis=0).max() * np.sqrt(float(counts[box].sum())) for box in boxes]
        at = int(np.argmax(spans))
        if spans[at] == 0:
            break
        box = boxes.pop(at)
        channel = int(np.argmax(np.ptp(points[box], axis=0)))
        ordered = box[np.argsort(points[box, channel], kind="stable")]
        half = int(np.searchsorted(np.cumsum(counts[ordered]), counts[ordered].sum() / 2)) + 1
        half = min(max(half, 1), len(ordered) - 1)
        boxes += [ordered[:half], ordered[half:]]
    means = [np.average(points[box], axis=0, weights=counts[box]).round().astype(np.uint8) for box in boxes]
    return np.unique(_pack(np.array(means, dtype=np.uint8)))


def _nearest(points: NDArray[np.uint8], palette: NDArray[np.uint8], step: int = 4096) -> NDArray[np.intp]:
    """Return the number of the nearest colour of a palette for every colour."""
    target = palette.astype(np.int32)
    found = []
    for start in range(0, len(points), step):
        apart = points[start : start + step, None, :].astype(np.int32) - target[None]
        found.append((apart**2 * (2, 4, 3)).sum(axis=2).argmin(axis=1))
    return np.concatenate(found)


def _pack(rgb: NDArray[np.uint8]) -> NDArray[np.int64]:
    wide = rgb.astype(np.int64)
    packed: NDArray[np.int64] = (wide[..., 0] << 16) | (wide[..., 1] << 8) | wide[..., 2]
    return packed


def _unpack(colours: NDArray[np.int64]) -> NDArray[np.uint8]:
    return np.stack([colours >> 16 & 255, colours >> 8 & 255, colours & 255], axis=-1).astype(np.uint8)


def encode_apng(reel: Reel) -> bytes:
    """Return an animated PNG, which shows every colour as it is."""
    words = PngImagePlugin.PngInfo()
    for key, text in (("Title", reel.title), ("Description", reel.description)):
        words.add_itxt(key, text)
    if reel.packet:
        words.add_itxt("XML:com.adobe.xmp", reel.packet.decode("utf-8"))
    first, *others = _with_holes(reel.pictures)
    file = io.BytesIO()
    first.save(
        file,
        "PNG",
        save_all=True,
        append_images=others,
        duration=reel.durations,
        loop=0,
        blend=[0, *[1] * len(others)],  # what is transparent shows the picture before
        pnginfo=words,
        compress_level=9,
    )
    return file.getvalue()


def _with_holes(pictures: Sequence[Image.Image]) -> list[Image.Image]:
    """Return pictures of which all but the first are transparent where nothing changes."""
    found, shown = [pictures[0].convert("RGBA")], np.asarray(pictures[0])
    for picture in pictures[1:]:
        now = np.asarray(picture)
        changed = (now != shown).any(axis=2)
        found.append(Image.fromarray(np.dstack([now * changed[..., None], changed * np.uint8(255)])))
        shown = now
    return found


def encode_webp(reel: Reel) -> bytes:
    """Return an animated WebP without loss."""
    file = io.BytesIO()
    reel.pictures[0].save(
        file,
        "WEBP",
        save_all=True,
        append_images=list(reel.pictures[1:]),
        duration=reel.durations,
        loop=0,
        lossless=True,
        quality=80,
        method=4,
        xmp=reel.packet,
    )
    return file.getvalue()
