"""The contract of the sidecar beside every sheet, animation and page: its fields stand here and nowhere else.

Boxes and lengths are in pixels of the picture; days are ISO days; colours "#rrggbb".
"""

from typing import Annotated, TypedDict

from ..save.contract import BasemapEntry, Colour, Day, Signed, SomeDay


class FrameEntry(TypedDict):
    """One day of a series: what its map says, in short."""

    as_of: Day
    title: str
    alt: str


class RowEntry(TypedDict):
    """A row of the one key of a series: its swatch shows `colours` side by side."""

    id: str
    kind: str
    label: str
    gloss: str
    colours: list[Colour]
    pattern: str


class ProductSidecar(Signed):
    """All that a reader or a check needs to know of a sheet, an animation or a page.

    `kind` is sheet, animation or page; `as_of` the last of the `days`; `seconds` the time of a day in an animation, 0
    elsewhere; `legend` the one key of all frames; `newest_statement` the latest day of any statement used.
    """

    kind: Annotated[str, ("enum", ("sheet", "animation", "page"))]
    as_of: Day
    days: list[Day]
    since: Day
    view: str
    lang: str
    theme: str
    style: str
    size: str
    size_px: list[int]
    seconds: float
    title: str
    frames: list[FrameEntry]
    legend: list[RowEntry]
    statements: list[str]
    newest_statement: SomeDay
    basemap: BasemapEntry | None
