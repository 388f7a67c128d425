"""The contract of the sidecar NAME.json, which lies beside every picture: its fields stand here and nowhere else.

Lengths and boxes are in pixels of the picture, y down, [x0, y0, x1, y1]; areas of land in km2, edges in degrees and in
metres of `crs`; days are ISO days; colours "#rrggbb", "" for none.
"""

from typing import Annotated, Any, TypedDict

Pixels = list[float]  # [x, y], [left, top, right, bottom] or a box [x0, y0, x1, y1]
# What a schema can say of a text beyond that it is one:
Day = Annotated[str, ("format", "date")]
SomeDay = Annotated[str, ("pattern", r"^(\d{4}-\d{2}-\d{2})?$")]  # "" where there is none
Hash = Annotated[str, ("pattern", "^[0-9a-f]{64}$")]
SomeHash = Annotated[str, ("pattern", "^([0-9a-f]{64})?$")]  # "" where there is none
Colour = Annotated[str, ("pattern", "^(#[0-9A-Fa-f]{6})?$")]  # "" where there is none
Uri = Annotated[str, ("format", "uri")]
Count = Annotated[int, ("minimum", 0)]
Number = Annotated[int, ("minimum", 1)]


class TextEntry(TypedDict):
    """A line of text as it is set: `halo` is the colour around its letters, `ground` what lies beneath."""

    text: str
    role: str
    font_px: float
    bold: bool
    colour: Colour
    ground: Colour
    halo: Colour
    box_px: Pixels


class LabelEntry(TypedDict):
    """A name on the map. `on` is the party whose land lies under its anchor; `leader_px` the points of its leader."""

    text: str
    kind: str
    place: str
    anchor_px: Pixels
    box_px: Pixels
    font_px: float
    colour: Colour
    ground: Colour
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
    colour: Colour
    casing: Colour
    on: list[Colour]
    statement: str


class ShieldEntry(TypedDict):
    """A road number on its road."""

    ref: str
    box_px: Pixels
    colour: Colour
    casing: Colour
    on: list[Colour]
    texts: list[TextEntry]


class FurnitureEntry(TypedDict):
    """A piece off the map, or a panel on it."""

    kind: str
    box_px: Pixels
    text: str
    colour: Colour
    ground: Colour
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
    colour: Colour
    colours: list[Colour]
    pattern: str
    swatch_px: Pixels
    texts: list[TextEntry]


class LineEntry(TypedDict):
    """All lines of one look in the frame. `on` are the colours on either side of them."""

    kind: str
    colour: Colour
    width_px: float
    dash: list[float]
    casing: Colour
    casing_px: float
    on: list[Colour]


class PatchEntry(TypedDict):
    """All land in the frame of one party, look and fill; `pattern` is what is drawn over the fill.

    `seen_px` is what of its area no other land covers.
    """

    party: str
    look: str
    fill: Colour
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
    fill: Colour
    half: Colour
    edge: Colour
    mark: str
    on: list[Colour]
    count: Number


class PartyEntry(TypedDict):
    """The colours of a party; `mark` is the pattern whose stroke is on its dots."""

    fill: Colour
    before: Colour
    sparse: Colour
    text: Colour
    pattern: str
    pattern_colour: Colour
    mark: str


class PaletteEntry(TypedDict):
    """The colours of the theme by token, and those of the parties in the frame."""

    colours: dict[str, Colour]
    parties: dict[str, PartyEntry]


class ControllerEntry(TypedDict):
    """What a party has on the day in the whole country."""

    id: str
    label: str
    area_km2: float
    places: Count
    population: Count


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
    lost_on: Day | None
    lost_to: str | None
    statements: list[str]
    confidence: str
    source: str


class EventEntry(TypedDict):
    """A dated chip: `text` on the picture says the days from `first` to `last`, the days of a capture."""

    place: str
    text: str
    first: Day
    last: Day
    statement: str
    confidence: str
    source: str


class EdgeEntry(TypedDict):
    """An edge of a special area: `towards` a neighbour or "inside" the country; solid, dashed, thin or none."""

    area: str
    towards: str
    style: str


class WorldviewEntry(TypedDict):
    """Whose view of disputed lines is drawn, and what that means; "" where the theatre knows none.

    `edges` are those of special areas in the frame.
    """

    id: str
    policy: str
    edges: list[EdgeEntry]


class AgeEntry(TypedDict):
    """How old what is said of the land in the frame is, in days since the newest statement about it.

    `stale_days` is the age beyond which it is marked on the map, null where that was not asked for, `stale_share` what
    of the land is older. `newest`, `median_days` (half of the land that is told of is no older) and `oldest` are null
    where no statement reaches. `by_days` holds the share of each class of ages, "0-1", "2-7", "8-30" and "31-";
    `untold_share` is that of land no statement reaches. All shares are of the area of all land in the frame.
    """

    stale_days: Number | None
    stale_share: float
    newest: Day | None
    oldest: Day | None
    median_days: Count | None
    by_days: dict[str, float]
    untold_share: float


class SourceEntry(TypedDict):
    """A credited source and the day of its newest word."""

    title: str
    url: str
    licence: str
    date: SomeDay


class FileEntry(TypedDict):
    """A file by its bare name or its path below data/."""

    path: str
    sha256: Hash


class ReplacedEntry(TypedDict):
    """The picture that a later version replaces: its bare name and its hash, "" where no such file was there."""

    path: str
    sha256: SomeHash


class BasemapEntry(TypedDict):
    """What lies under the map. `source` is where it comes from, without secrets: a file by its bare name or its path
    below data/, the address of tiles; `zoom` is that of the tiles, null without any; `sha256` is that of the pixels
    (rows, columns, RGBA) in the map's CRS. When it is not `used` the map is drawn without it, and `reason` says why.
    """

    name: str
    source: str
    credit: str
    zoom: Count | None
    tiles: Count
    sha256: SomeHash
    used: bool
    reason: str


class ContrastEntry(TypedDict):
    """How much two sources make different things of, in the whole country.

    `kind` is party (two holders), silent (one knows of none), status (one holder, held or in dispute) or agreed.
    """

    kind: str
    first: str
    second: str
    area_km2: float
    places: Count


class SideEntry(TypedDict):
    """One of two sources: its name, its last day, and those of its statements that the map rests on."""

    name: str
    last_record: Day
    statements: list[str]


class CompareEntry(TypedDict):
    """Two sources that a map compares: shares of the country on which they agree, sums by kind, and by pair."""

    first: SideEntry
    second: SideEntry
    agreed_area_share: float
    agreed_places_share: float
    totals: list[ContrastEntry]
    pairs: list[ContrastEntry]


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


class Said(TypedDict):
    """What every sidecar and the XMP packet inside its picture both say.

    `headline` stands over the picture, `caption` is for print below it, `alt` for those who cannot see it, with
    `description` as the long text behind; `credit` and `rights` say who made the picture and whose data it shows;
    `digital_source_type` is IPTC's word for how. `edition` counts the versions from 1; `supersedes` is what this one
    replaces, `correction` what it mends, "" for nothing.
    """

    sources: list[SourceEntry]
    inputs: list[FileEntry]
    headline: str
    credit: str
    rights: str
    digital_source_type: Uri
    edition: Number
    supersedes: ReplacedEntry | None
    correction: str
    alt: str
    description: str
    caption: str
    generator: GeneratorEntry
    command: str


class Told(Said):
    """The same with the day and the language of the picture."""

    as_of: Day
    lang: str


class Signed(Said):
    """The same with the file that a sidecar stands beside."""

    output: FileEntry


class Sidecar(Signed):
    """All that a reader or a check needs to know of a picture.

    `style` is zones, areas of control in `patches`; points, places in `points` and no word about the land between; or
    compare, where two sources disagree: `compare` tells of both, and patches that look held are what they agree on.
    `since` is the first day whose gains are shown; `min_px` the smallest text allowed, `safe_px` what may be cut off at
    the left, top, right and bottom; `key_order` the ids of all rows that the key can have, in the order of their slots;
    `neighbours` the pairs of parties that share a front on any day of the table; `newest_statement` the latest day of
    any statement used; `repairs` what was mended in the user's areas, by their leave; `inputs` every file that the map
    was made from; `command` the words that make it again, options in a fixed order and files by bare names, "" when a
    program made it in a way that no command does.

    What is in `Told` too stands also in the XMP packet inside the picture.
    """

    as_of: Day
    since: Day
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
    desert_note: str
    age: AgeEntry
    worldview: WorldviewEntry
    disclaimer: str
    classes: list[str]
    legend: list[LegendEntry]
    key_order: list[str]
    basemap: BasemapEntry | None
    compare: CompareEntry | None
    roads: list[RoadEntry]
    bases: list[BaseEntry]
    events: list[EventEntry]
    statements: list[str]
    newest_statement: SomeDay
    repairs: list[str]


class BandEntry(TypedDict):
    """What stands beside a band: the party's share on the last day, as it is written."""

    id: str
    label: str
    text: str
    share: float
    colour: Colour
    pattern: str
    font_px: float
    box_px: Pixels


class PanelEntry(TypedDict):
    """One measure: `id` is the column of `rows` that is drawn."""

    id: str
    title: str
    box_px: Pixels
    labels: list[BandEntry]


class ChartSidecar(Signed):
    """All that a reader needs to know of a chart. `rows` are the numbers behind it, one a day and party."""

    kind: Annotated[str, ("const", "chart")]
    as_of: Day
    since: Day
    lang: str
    theme: str
    size: str
    size_px: list[int]
    dpi: int
    min_px: float
    smallest_px: float
    title: str
    subtitle: str
    panels: list[PanelEntry]
    rows: list[dict[str, Any]]
    disclaimer: str
    statements: list[str]
