"""A picture in at most 256 colours: flat fills stay exactly what they are, the edges between them get near ones.

Colours are counted in bins of 8 levels of red, green and blue, so that a picture takes a few hundredths of a second.
Colours of what is transparent are times their alpha, as they look on black.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]
    Words = NDArray[np.uint32]  # red, green, blue and alpha in a number, alpha on top

MOST = 256
MOST_FIXED = 128
OPAQUE = 255
SAMPLE, COMMON = 4, 0.001  # every so many pixels each way is looked at; the share of those that a flat colour has
MEAN_APART, FAR_APART, FAR_SHARE = 1.0, 32, 0.001  # of 255: in the mean; what is far; the share that may be so far


class Paletted(NamedTuple):
    """A picture (rows, columns) as numbers of colours, and those colours: red, green, blue and alpha, n x 4."""

    numbers: NDArray[np.uint8]
    colours: NDArray[np.uint8]


def reduce_colours(pixels: NDArray[np.uint8], flat: Iterable[str]) -> Paletted | None:
    """Return pixels (rows, columns, RGBA) in few colours, None when few would show: photographs, washes.

    `flat` are colours that are kept to the last bit, as are those that many pixels have.
    """
    words = _words_of(pixels)
    bins = _bin(words)
    counts = np.bincount(bins.ravel(), minlength=1 << 15)
    fixed = _find_flat(words, flat, counts)
    homes = _bin(fixed)
    met = np.setdiff1d(np.flatnonzero(counts), homes)
    shown, weights = _unbin(met), counts[met]
    kept = np.concatenate([_split(fixed), _stand_in(shown, weights, MOST - len(fixed))])
    nearest, apart = _find_nearest(shown, kept)
    if _is_poor(apart, weights, words.size):
        return None
    table = np.zeros(len(counts), dtype=np.uint8)
    table[met] = nearest
    table[homes] = np.arange(len(fixed))
    numbers = table[bins]
    for number in np.flatnonzero(table[homes] != np.arange(len(fixed))):  # another flat colour is at home there too
        numbers[words == fixed[number]] = number
    return Paletted(numbers, _divide(kept))


def _words_of(pixels: NDArray[np.uint8]) -> Words:
    """Return pixels as numbers, colours times their alpha."""
    whole = np.ascontiguousarray(pixels)
    if not (whole[:, :, 3] == OPAQUE).all():
        alpha = whole[:, :, 3:].astype(np.uint16)
        whole = np.dstack([(whole[:, :, :3] * alpha + 127) // OPAQUE, alpha]).astype(np.uint8)
    words: Words = whole.view("<u4")[:, :, 0]
    return words


def _bin(words: Words) -> Words:
    """Return the bins of colours; those of opaque ones come first, and nothing else is in them."""
    found = ((words >> 3) & 0x1F) | ((words >> 6) & 0x3E0) | ((words >> 9) & 0x7C00)
    alpha = words >> 24
    if (alpha != OPAQUE).any():
        found |= (15 - alpha * 15 // OPAQUE) << 15
    return found.astype(np.uint32, copy=False)


def _unbin(bins: Numbers) -> Numbers:
    """Return the colours in the middle of bins, n x 4."""
    channels = [((bins >> shift) & 0x1F) * 8 + 4 for shift in (0, 5, 10)]
    return np.stack([*channels, (15 - (bins >> 15)) * 17], axis=1)


def _split(words: Words) -> Numbers:
    return np.stack([(words >> shift) & 0xFF for shift in (0, 8, 16, 24)], axis=1).astype(np.int64)


def _find_flat(words: Words, flat: Iterable[str], counts: Numbers) -> Words:
    """Return the flat colours that may be in a picture: those named, then those that are met most."""
    named = np.array([_word(colour) for colour in flat], dtype=np.uint32)
    known = named[counts[_bin(named)] > 0]
    met, often = np.unique(words[::SAMPLE, ::SAMPLE], return_counts=True)
    common = met[np.argsort(-often, kind="stable")][: np.count_nonzero(often > COMMON * often.sum())]
    found: Words = np.array(list(dict.fromkeys([*known.tolist(), *common.tolist()])), dtype=np.uint32)
    return found[:MOST_FIXED]


def _word(colour: str) -> int:
    """Return "#rrggbb" as a number."""
    return int.from_bytes(bytes([*bytes.fromhex(colour[1:]), OPAQUE]), "little")


def _stand_in(colours: Numbers, weights: Numbers, most: int) -> Numbers:
    """Return so many colours that stand for others: the boxes that hold most are halved again and again.

    A box holds opaque colours or others, never both (median cut, Heckbert 1982).
    """
    if len(colours) <= most:
        return colours
    boxes = np.unique(colours[:, 3] != OPAQUE, return_inverse=True)[1]
    number = int(boxes.max()) + 1
    while number < most:
        order = np.argsort(boxes, kind="stable")
        starts = np.searchsorted(boxes[order], np.arange(number))
        spans = np.maximum.reduceat(colours[order], starts) - np.minimum.reduceat(colours[order], starts)
        sums = np.bincount(boxes, weights=weights)
        scores = spans.max(axis=1) * np.sqrt(sums)
        chosen = np.argsort(-scores, kind="stable")[: min(max(number // 2, 1), most - number)]
        chosen = chosen[spans[chosen].max(axis=1) > 0]
        if not len(chosen):
            break
        number = _halve(boxes, chosen, spans.argmax(axis=1), colours, weights)
    sums = np.bincount(boxes, weights=weights)
    means = [np.bincount(boxes, weights=weights * channel) / sums for channel in colours.T]
    return np.rint(np.stack(means, axis=1)).astype(np.int64)


def _halve(boxes: Numbers, chosen: Numbers, widest: Numbers, colours: Numbers, weights: Numbers) -> int:
    """Cut boxes in two at the middle of what they hold, along their widest side, in place; return their number."""
    number = int(boxes.max()) + 1
    values = colours[np.arange(len(colours)), widest[boxes]]
    order = np.lexsort((values, boxes))
    sorted_boxes = boxes[order]
    before = np.cumsum(weights[order]) - weights[order]
    starts = np.searchsorted(sorted_boxes, np.arange(number))
    sums = np.bincount(boxes, weights=weights)
    upper = before - before[starts][sorted_boxes] >= sums[sorted_boxes] / 2
    upper[starts] = False  # neither half is empty
    upper[np.append(starts[1:], len(boxes)) - 1] = True
    names = np.full(number, -1)
    names[chosen] = number + np.arange(len(chosen))
    moved = order[upper & (names[sorted_boxes] >= 0)]
    boxes[moved] = names[boxes[moved]]
    return number + len(chosen)


def _find_nearest(colours: Numbers, kept: Numbers) -> tuple[Numbers, NDArray[np.float64]]:
    """Return the number of the nearest colour that is kept for every colour, and how far it is."""
    one, other = colours.astype(np.float32), kept.astype(np.float32)  # whole numbers: exact in whatever order they add
    squares = (one**2).sum(axis=1)[:, None] + (other**2).sum(axis=1)[None] - 2 * one @ other.T
    squares[(colours[:, 3:] == OPAQUE) & (kept[:, 3] != OPAQUE)[None]] = np.inf
    nearest = squares.argmin(axis=1)
    return nearest, np.sqrt(squares[np.arange(len(nearest)), nearest].astype(np.float64))


def _is_poor(apart: NDArray[np.float64], weights: Numbers, whole: int) -> bool:
    mean, far = (apart * weights).sum() / whole, weights[apart > FAR_APART].sum() / whole
    return bool(mean > MEAN_APART or far > FAR_SHARE)


def _divide(kept: Numbers) -> NDArray[np.uint8]:
    """Return colours as a file stores them, no longer times their alpha."""
    alpha = np.maximum(kept[:, 3:], 1)
    colours = np.minimum((kept[:, :3] * OPAQUE + alpha // 2) // alpha, OPAQUE)
    return np.column_stack([np.where(kept[:, 3:] > 0, colours, 0), kept[:, 3]]).astype(np.uint8)
