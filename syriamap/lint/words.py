"""Every text, box and land of a sidecar, gathered for the checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..model import Box
from ..picture import HALO_REACH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..save.contract import LabelEntry, Sidecar, TextEntry

ROUNDING_PX = 0.03  # the sidecar rounds to a hundredth of a pixel
LAND = ("held", "before")  # looks that cover all of a party's land; the others lie upon them


def list_texts(said: Sidecar) -> Iterator[tuple[str, TextEntry]]:
    """Yield every line of text of the picture with what it belongs to."""
    for label in said["labels"]:
        yield from ((f"label {label['text']!r}", text) for text in label["texts"])
    for row in said["legend"]:
        yield from ((f"key row {row['id']!r}", text) for text in row["texts"])
    for piece in said["furniture"]:
        yield from ((piece["kind"], text) for text in piece["texts"])
    for shield in said["shields"]:
        yield from ((f"shield {shield['ref']!r}", text) for text in shield["texts"])
    yield from (("scale bar", text) for text in said["scale_bar"]["texts"])


def covered_boxes(label: LabelEntry) -> list[Box]:
    """Return what a label covers: each of its lines with its halo, and its chip."""
    found = [
        Box(*text["box_px"]).grow((HALO_REACH * text["font_px"] if text["halo"] else 0.0) - ROUNDING_PX)
        for text in label["texts"]
    ]
    return found + ([Box(*label["chip_px"]).grow(-ROUNDING_PX)] if label["chip_px"] else [])


def map_area(said: Sidecar) -> float:
    """Return the area of the map in square pixels."""
    box = Box(*said["map_box_px"])
    return box.width * box.height


def land_of(said: Sidecar, party: str) -> float:
    """Return how much of the map a party's land covers, in square pixels."""
    return sum(patch["area_px"] for patch in said["patches"] if patch["party"] == party and patch["look"] in LAND)


def furniture_text(said: Sidecar, kind: str) -> str:
    """Return the text of a piece of furniture, "" when there is none."""
    return " ".join(piece["text"] for piece in said["furniture"] if piece["kind"] == kind)


def share(part: float, whole: float) -> str:
    """Return a part as "12.3 %"."""
    return f"{100 * part / whole:.1f} %"
