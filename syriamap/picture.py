"""The frozen nouns of the picture: what the scene decides and the drawing obeys. All geometry is in pixels, y down."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

from .edition import Edition

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import numpy as np
    from numpy.typing import NDArray
    from shapely import LineString, Polygon
    from shapely.geometry.base import BaseGeometry

    from .language import Language
    from .model import Box, Extent, Input
    from .sizes import Size
    from .theme import Theme, TypeStyle


STYLES = ("zones", "points")  # areas of control, or a dot for every place
HALO_REACH = 0.12  # of the size of a text: how far its halo reaches beyond the letters


class Measure(Protocol):
    """How wide and high a text comes out: passed in, so that deciding needs no drawing library."""

    def __call__(self, text: str, px: float, style: TypeStyle) -> TextSize:
        """Return the size of a text of one line."""
        ...


@dataclass(frozen=True, slots=True)
class TextSize:
    """Width of a line of text and its reach above and below the baseline, in pixels."""

    width: float
    above: float
    below: float


@dataclass(frozen=True, slots=True)
class Patch:
    """An area of one fill. `party` and `look` (held, before, gained, sparse, contested, claimed) name it.

    Of land, `area_px` is in the frame, and `seen_px` of that is not covered by what lies on it, in square pixels.
    """

    kind: str
    geometry: BaseGeometry
    fill: str
    party: str = ""
    look: str = ""
    rival: str = ""
    area_px: float = 0.0
    seen_px: float = 0.0


@dataclass(frozen=True, slots=True)
class Line:
    """A line or several of one look. `kind` chooses width and dash, `colour` is settled."""

    kind: str
    geometry: BaseGeometry
    colour: str
    width: float
    dash: tuple[float, ...] = ()
    casing: str = ""
    casing_width: float = 0.0


@dataclass(frozen=True, slots=True)
class Point:
    """The dot of a place: `fill` its holder's colour, `half` that of its right half where the place is contested.

    `look` is held, before, gained, contested or claimed; `lines` lie on the dot. It says nothing about land around it.
    """

    place: str
    at: tuple[float, float]
    radius: float
    fill: str
    edge: str
    party: str
    look: str
    rival: str = ""
    half: str = ""
    width: float = 1.0
    lines: tuple[Line, ...] = ()
    statement: str = ""


@dataclass(frozen=True, slots=True)
class TextRun:
    """One line of text: `x` is its left edge and `y` its baseline; `halo` is the colour beneath it, "" for none."""

    text: str
    role: str
    x: float
    y: float
    px: float
    colour: str
    box: Box
    halo: str = ""
    ground: str = ""


@dataclass(frozen=True, slots=True)
class Chip:
    """The white box with a date under a name."""

    box: Box
    edge: str


@dataclass(frozen=True, slots=True)
class Label:
    """A name on the map with its date: `box` holds all of it; `anchor` is the point it belongs to.

    `statement` is the one behind the date, "" without.
    """

    id: str
    kind: str
    text: str
    runs: tuple[TextRun, ...]
    box: Box
    anchor: tuple[float, float]
    chip: Chip | None = None
    leader: tuple[tuple[float, float], ...] = ()
    priority: int = 0
    statement: str = ""


@dataclass(frozen=True, slots=True)
class Marker:
    """A sign at a place. `kind` is its shape, `state` what it says (held, lost ...), `colour` of its ring or disc."""

    id: str
    kind: str
    at: tuple[float, float]
    box: Box
    radius: float
    state: str
    colour: str
    statement: str = ""


@dataclass(frozen=True, slots=True)
class Shield:
    """A road number, upright, on its road."""

    ref: str
    box: Box
    run: TextRun


@dataclass(frozen=True, slots=True)
class RoadPiece:
    """The stretch of a road that one party holds on the day."""

    party: str
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class Road:
    """A road of the story with its stretches by holder; lengths are those of the whole road, in km on the ellipsoid.

    `cuts` are strokes across the road where it passes from one bloc to another.
    """

    id: str
    ref: str
    name: str
    main: bool
    pieces: tuple[RoadPiece, ...]
    km_by_controller: Mapping[str, float]
    cut: bool
    cuts: tuple[LineString, ...] = ()


@dataclass(frozen=True, slots=True)
class Arrow:
    """A movement beside its road: `kind` is "advance" (it happened, by `statements`) or "possible" (it did not)."""

    kind: str
    id: str
    geometry: Polygon
    words: tuple[str, str]
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One row of the key: a swatch or a sign in one colour or several side by side, its label and a gloss."""

    id: str
    label: str
    kind: str
    colours: tuple[str, ...]
    pattern: str = ""
    gloss: str = ""

    @property
    def colour(self) -> str:
        """Return the first colour."""
        return self.colours[0]


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """A row of the key laid out: the box of its swatch, its texts, and the pattern on the swatch as on the land.

    Where lines run from right to left its colours stand `reversed`.
    """

    row: KeyRow
    swatch: Box
    runs: tuple[TextRun, ...]
    lines: tuple[Line, ...] = ()
    reversed: bool = False

    @property
    def colours(self) -> tuple[str, ...]:
        """Return the colours of the swatch from left to right."""
        return self.row.colours[::-1] if self.reversed else self.row.colours


def swatch_dots(box: Box, number: int) -> list[tuple[tuple[float, float], float]]:
    """Return middle and radius of the dots that stand side by side in a swatch, from its left."""
    radius, y = 0.42 * min(box.height, box.width / number), (box.y0 + box.y1) / 2
    return [((box.x0 + radius * (1.2 + 2.6 * turn), y), radius) for turn in range(number)]


@dataclass(frozen=True, slots=True)
class ScaleBar:
    """The bar: `px` for `km` on the ellipsoid at its latitude, `miles_px` for `miles`.

    (x, y) is its left end, which lies at (lon, lat).
    """

    x: float
    y: float
    km: float
    px: float
    miles: float
    miles_px: float
    lat: float
    lon: float
    runs: tuple[TextRun, ...]
    box: Box


@dataclass(frozen=True, slots=True)
class Inset:
    """The locator: the country, the frame of the map and the capital where the theatre names one."""

    box: Box
    country: BaseGeometry
    frame: Box
    runs: tuple[TextRun, ...]
    capital: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Furniture:
    """A piece of text or a panel off the map: title, subtitle, notes, sources, credit, legend, inset."""

    kind: str
    box: Box
    runs: tuple[TextRun, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Base:
    """An air base on the day: `status` is held, lost or other; `lost_on` and `lost_to` are set when it is lost."""

    place: str
    name: str
    status: str
    user: str
    holder: str
    lost_on: str
    lost_to: str
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What stands behind a statement that the picture uses: its ISO day, confidence and source."""

    statement: str
    date: str
    confidence: str
    source: str


@dataclass(frozen=True, slots=True)
class Event:
    """A capture dated on the picture: `text` of its chip and the ISO days that it names."""

    place: str
    text: str
    first: str
    last: str
    statement: str


@dataclass(frozen=True, slots=True)
class Controller:
    """What one party has on the day: km2 by the cells, places, and people of the places whose number is known."""

    id: str
    label: str
    area_km2: float
    places: int
    population: int


@dataclass(frozen=True, slots=True)
class Age:
    """How many days before the map's day the newest statement about the land in the frame is dated.

    `stale_days` is the age beyond which land is marked, 0 for none, `stale_share` what of the land in the frame is
    older; newest, median (half of the land told of is no older) and oldest are None where no statement reaches.
    `by_days` holds the share of each class of ages, `untold_share` is that of land no statement reaches.
    """

    stale_days: int
    stale_share: float
    newest_days: int | None
    median_days: int | None
    oldest_days: int | None
    by_days: Mapping[str, float]
    untold_share: float


class Edge(NamedTuple):
    """An edge of a special area: `towards` a neighbour or "inside" the country, drawn in a `style` or not ("none")."""

    area: str
    towards: str
    style: str


@dataclass(frozen=True, slots=True)
class Worldview:
    """Whose view of disputed lines a map draws, "" where the theatre knows none; `edges` are those in the frame."""

    id: str
    policy: str
    edges: tuple[Edge, ...]


class Contrasted(NamedTuple):
    """How much two sources make different things of: by kind, and by whom each names ("" for a sum of all)."""

    kind: str
    first: str
    second: str
    area_km2: float
    places: int


@dataclass(frozen=True, slots=True)
class SideOf:
    """One of two sources that are compared: its name, its last day, the statements of its that the map rests on."""

    name: str
    last_record: str
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """What a map of two sources compares: shares of the country on which they agree, sums by kind, and by pair."""

    first: SideOf
    second: SideOf
    agreed_area_share: float
    agreed_places_share: float
    totals: tuple[Contrasted, ...]
    pairs: tuple[Contrasted, ...]


def list_rows(look: str, party: str, rival: str) -> tuple[str, ...]:
    """Return the ids of the rows of the key that explain land of a look on a map that compares two sources."""
    if look == "differs":
        return (f"differs:{party}:{rival}",)
    if look == "other":
        return ("other", party, rival)
    return (party,) if look == "held" else (look, party)


@dataclass(frozen=True, slots=True)
class SourceCredit:
    """One credited source of the picture."""

    title: str
    url: str
    licence: str
    date: str


@dataclass(frozen=True, slots=True, eq=False)
class Underlay:
    """A picture on the land and the sea of a map, below its waters and lines: whole pixels in `box`.

    numbers  of a colour each (rows, columns)
    colours  red, green, blue, alpha (n x 4): over the country black and white that shade its colours, of no mean effect
    """

    box: Box
    numbers: NDArray[np.uint8]
    colours: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Backdrop:
    """The basemap that was asked for and what came of it: `ink` is None, and `reason` says why, when it is not used.

    `source` is where it comes from, without secrets, `sha256` that of its pixels in the map's CRS; `zoom` is None where
    it has no tiles.
    """

    name: str
    source: str
    credit: str
    zoom: int | None = None
    tiles: int = 0
    sha256: str = ""
    ink: Underlay | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for: the look and the words that the user set, "" for ours; `mark_next` what could follow.

    `stale` is the age in days beyond which the last report about land is marked as old, 0 for never.
    """

    view: str
    size: Size
    theme: Theme
    language: Language
    since: date
    soften: bool = True
    title: str = ""
    subtitle: str = ""
    credit: str = ""
    mark_next: bool = False
    carry: bool = False
    style: str = "zones"
    ticks: bool = False
    stale: int = 0
    caption: str = ""
    alt: str = ""
    description: str = ""
    edition: Edition = field(default_factory=Edition)
    basemap: str = ""  # its credit, which has its room whether it comes or not


@dataclass(frozen=True, slots=True)
class Words:
    """Every sentence of a map; `desert` is the one of its notes that says what control of sparse land means, if any."""

    title: str
    subtitle: str
    as_of: str
    notes: tuple[str, ...]
    sources: str
    data: str
    credit: str
    disclaimer: str
    alt: str
    description: str
    caption: str
    rights: str = ""
    desert: str = ""


class Page(Protocol):
    """What a map and a chart have in common: a size, words and the furniture around what is shown."""

    @property
    def size(self) -> Size:
        """Return the size."""
        ...

    @property
    def lang(self) -> str:
        """Return the language of the words."""
        ...

    @property
    def words(self) -> Words:
        """Return every sentence."""
        ...

    @property
    def furniture(self) -> tuple[Furniture, ...]:
        """Return what stands around."""
        ...


@dataclass(frozen=True, slots=True)
class Scene:
    """A whole map, decided: nothing is left for the drawing to choose.

    `key_order` holds the ids of all rows that the key can have on any day, `neighbours` the pairs of parties that share
    a front on any day, `repairs` what was mended in a user's areas, in words.
    """

    on: date
    since: date
    view: str
    size: Size
    lang: str
    theme: str
    crs: str
    canvas: Box
    map_box: Box
    extent: Extent
    degrees: Extent
    words: Words
    ground: tuple[Patch, ...]
    control: tuple[Patch, ...]
    patterns: tuple[Line, ...]
    lines: tuple[Line, ...]
    roads: tuple[Road, ...]
    road_lines: tuple[Line, ...]
    arrows: tuple[Arrow, ...]
    markers: tuple[Marker, ...]
    labels: tuple[Label, ...]
    shields: tuple[Shield, ...]
    key: tuple[KeyEntry, ...]
    furniture: tuple[Furniture, ...]
    scale_bar: ScaleBar
    inset: Inset | None
    controllers: tuple[Controller, ...]
    bases: tuple[Base, ...]
    classes: tuple[str, ...]
    sparse_share: float
    age: Age
    worldview: Worldview
    statements: tuple[str, ...]
    dropped: tuple[str, ...]
    priority: tuple[str, ...]
    softened: bool
    credits: tuple[SourceCredit, ...]
    inputs: tuple[Input, ...] = field(default=())
    evidence: tuple[Evidence, ...] = ()
    events: tuple[Event, ...] = ()
    key_order: tuple[str, ...] = ()
    neighbours: tuple[tuple[str, str], ...] = ()
    style: str = "zones"
    points: tuple[Point, ...] = ()
    edition: Edition = field(default_factory=Edition)
    repairs: tuple[str, ...] = ()
    backdrop: Backdrop | None = None
    compare: Compared | None = None


@dataclass(frozen=True, slots=True)
class MultiplesScene:
    """Small multiples, decided: a map for every day, at the same extent, on one page with one key.

    `panels` are the scenes of the days, each with its map in its place on the page; `page` holds what they share:
    words, key, furniture and the scale bar. `lines` say what happened on each day, `rules` lie over the panels.
    """

    page: Scene
    panels: tuple[Scene, ...]
    lines: tuple[str, ...]
    rules: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Face:
    """What a picture needs of a file of fonts: `letters`, set in `weights` from the lightest to the heaviest."""

    file: str
    family: str
    weights: tuple[int, int]
    italic: bool
    letters: str


@dataclass(frozen=True, slots=True)
class Vectors:
    """A picture drawn for SVG: `ink` are its groups, a layer each, `clips` what they are cut off by."""

    ink: str
    clips: str
    faces: tuple[Face, ...] = ()
