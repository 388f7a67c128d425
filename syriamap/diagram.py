"""The frozen nouns of a chart: what is decided before it is drawn. All geometry is in pixels, y down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from .model import Box, Input
    from .picture import Furniture, Line, Patch, SourceCredit, TextRun, Words
    from .sizes import Size


@dataclass(frozen=True, slots=True)
class BandLabel:
    """What is said of a party beside its band: `share` is that of the last day, `swatch` shows the band's look."""

    party: str
    share: float
    swatch: Box
    leader: Line
    run: TextRun
    patterns: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Panel:
    """One measure day by day: a band for every party, one upon the other, the first party on top.

    `id` is the column of the table that is drawn; `box` the room of the bands.
    """

    id: str
    title: str
    box: Box
    bands: tuple[Patch, ...]
    patterns: tuple[Line, ...]
    lines: tuple[Line, ...]
    runs: tuple[TextRun, ...]
    labels: tuple[BandLabel, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A whole chart, decided. `rows` are the numbers behind it, `parties` those with a band, id to label."""

    first: date
    last: date
    size: Size
    lang: str
    theme: str
    canvas: Box
    words: Words
    panels: tuple[Panel, ...]
    furniture: tuple[Furniture, ...]
    parties: Mapping[str, str]
    rows: tuple[Mapping[str, Any], ...]
    statements: tuple[str, ...]
    credits: tuple[SourceCredit, ...]
    inputs: tuple[Input, ...]
