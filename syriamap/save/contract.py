"""The contract of the sidecar NAME.json, which lies beside every picture: its fields stand here and nowhere else.

Lengths and boxes are in pixels of the picture, y down, [x0, y0, x1, y1]; areas of land in km2, edges in degrees and in
metres of `crs`; days are ISO days; colours "#rrggbb", "" for none.
"""

from typing import TypedDict

Pixels = list[float]  # [x, y], [left, top, right, bottom] or a box [x0, y0, x1, y1]


class TextEntry(TypedDict):
    """A line of text as it is set: `halo` is the colour around its letters, `ground` what lies beneath."""

    text: str
    role: str
    font_px: float
    bold: bool
    colour: str
    ground: str
    halo: str
    box_px: Pixels


class LabelEntry(TypedDict):
    """A name on the map. `on` is the party whose land lies under its anchor; `leader_px` the points of its leader."""

    text: str
    kind: str
    place: str
    anchor_px: Pixels
    box_px: Pixels
    font_px: float
    colour: str
    ground: str
    leader: bool
    leader_px: list[Pixels]
    chip_px: Pixels
    on: str
    statement: str
    texts: list[TextEntry]


class MarkerEntry(TypedDict):
    """A sign at a place. `casing` is its light edge, `on` the colours around it."""

    kind: str
    place: str
    at_px: Pixels
    box_px: Pixels
    state: str
    colour: str
    casing: str
    on: list[str]
    statement: str


class ShieldEntry(TypedDict):
    """A road number on its road."""

    ref: str
    box_px: Pixels
    colour: str
    casing: str
    on: list[str]
    texts: list[TextEntry]


class FurnitureEntry(TypedDict):
    """A piece off the map, or a panel on it."""

    kind: str
    box_px: Pixels
    text: str
    colour: str
    ground: str
    texts: list[TextEntry]


class ScaleBarEntry(TypedDict):
    """The bar: its left end at (x, y), `px` long for `km` and `miles_px` for `miles`."""

    km: float
    px: float
    miles: float
    miles_px: float
    lat: float
    lon: float
    x: float
    y: float
    box_px: Pixels
    texts: list[TextEntry]


class LegendEntry(TypedDict):
    """A row of the key: its swatch shows `colours` side by side."""

    id: str
    kind: str
    label: str
    gloss: str
    colour: str
    colours: list[str]
    pattern: str
    swatch_px: Pixels
    texts: list[TextEntry]


class LineEntry(TypedDict):
    """All lines of one look in the frame. `on` are the colours on either side of them."""

    kind: str
    colour: str
    width_px: float
    dash: list[float]
    casing: str
    casing_px: float
    on: list[str]


class PatchEntry(TypedDict):
    """All land in the frame of one party, look and fill; `pattern` is what is drawn over the fill.

    `seen_px` is what of its area no other land covers.
    """

    party: str
    look: str
    fill: str
    rival: str
    pattern: str
    area_px: float
    seen_px: float


class PointEntry(TypedDict):
    """All dots in the frame of one party, look, rival and colours: `half` is that of the right half, `mark` the pattern
    whose stroke lies on them, `on` the colour of the land, `count` how many there are.
    """

    party: str
    look: str
    rival: str
    fill: str
    half: str
    edge: str
    mark: str
    on: list[str]
    count: int


class PartyEntry(TypedDict):
    """The colours of a party; `mark` is the pattern whose stroke is on its dots."""

    fill: str
    before: str
    sparse: str
    text: str
    pattern: str
    pattern_colour: str
    mark: str


class PaletteEntry(TypedDict):
    """The colours of the theme by token, and those of the parties in the frame."""

    colours: dict[str, str]
    parties: dict[str, PartyEntry]


class ControllerEntry(TypedDict):
    """What a party has on the day in the whole country."""

    id: str
    label: str
    area_km2: float
    places: int
    population: int


class RoadEntry(TypedDict):
    """A road of the story."""

    id: str
    ref: str
    name: str
    km_by_controller: dict[str, float]
    cut: bool


class BaseEntry(TypedDict):
    """An air base on the day; `confidence` and `source` are those of the statement that settles its fate."""

    place: str
    name: str
    status: str
    user: str
    holder: str
    lost_on: str | None
    lost_to: str | None
    statements: list[str]
    confidence: str
    source: str


class EventEntry(TypedDict):
    """A dated chip: `text` on the picture says the days from `first` to `last`, the days of a capture."""

    place: str
    text: str
    first: str
    last: str
    statement: str
    confidence: str
    source: str


class SourceEntry(TypedDict):
    """A credited source and the day of its newest word."""

    title: str
    url: str
    licence: str
    date: str


class FileEntry(TypedDict):
    """A file by its bare name or its path below data/."""

    path: str
    sha256: str


class EdgesEntry(TypedDict):
    """The edges of the map."""

    west: float
    south: float
    east: float
    north: float


class GeneratorEntry(TypedDict):
    """The program that drew the picture."""

    name: str
    version: str


class Sidecar(TypedDict):
    """All that a reader or a check needs to know of a picture.

    `style` is zones, areas of control in `patches`, or points, places in `points` and no word about the land between.
    `since` is the first day whose gains are shown; `min_px` the smallest text allowed, `safe_px` what may be cut off at
    the left, top, right and bottom; `key_order` the ids of all rows that the key can have, in the order of their slots;
    `neighbours` the pairs of parties that share a front on any day of the table; `newest_statement` the latest day of
    any statement used; `inputs` every file that the map was made from; `command` the words that make it again, options
    in a fixed order and files by bare names, "" when a program made it in a way that no command does.
    """

    as_of: str
    since: str
    view: str
    lang: str
    theme: str
    size: str
    size_px: list[int]
    dpi: int
    min_px: float
    safe_px: Pixels
    crs: str
    extent: EdgesEntry
    extent_m: EdgesEntry
    map_box_px: Pixels
    softened: bool
    style: str
    controllers: list[ControllerEntry]
    neighbours: list[list[str]]
    palette: PaletteEntry
    patches: list[PatchEntry]
    points: list[PointEntry]
    lines: list[LineEntry]
    labels: list[LabelEntry]
    priority: list[str]
    dropped_labels: list[str]
    markers: list[MarkerEntry]
    shields: list[ShieldEntry]
    furniture: list[FurnitureEntry]
    scale_bar: ScaleBarEntry
    sparse_share: float
    disclaimer: str
    classes: list[str]
    legend: list[LegendEntry]
    key_order: list[str]
    roads: list[RoadEntry]
    bases: list[BaseEntry]
    events: list[EventEntry]
    statements: list[str]
    newest_statement: str
    sources: list[SourceEntry]
    inputs: list[FileEntry]
    output: FileEntry
    alt: str
    description: str
    caption: str
    generator: GeneratorEntry
    command: str
