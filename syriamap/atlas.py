"""The program on one page: a day in, a map out. Read this first."""

from __future__ import annotations

import hashlib
import warnings
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Unpack

from .basemap import Grid, find_source, read_basemap
from .boundaries import read_boundaries
from .cells import build_cells, list_borders, list_drawn_edges
from .control import list_control_files, read_control
from .draw import ink_map, make_measure
from .edition import settle_edition
from .errors import BasemapError, BasemapWarning
from .ground import check_known, fit_ground, read_ground
from .inputs import list_inputs
from .language import read_language, translate
from .merge import control_on
from .model import Day, Materials, Moment, Own
from .picture import Backdrop, Order
from .request import OwnData, take_own, write_command
from .save import (
    build_sidecar,
    check_target,
    encode_picture,
    encode_sidecar,
    tell_map,
    write_packet,
    write_together,
)
from .scene import (
    backdrop_grid,
    check_alt,
    check_printable,
    check_room,
    check_stale,
    check_style,
    compose,
    lay_out,
    lay_under,
)
from .sizes import get_size
from .softening import soften_zones
from .states import base_states, list_held, place_states
from .theatre import check_next, choose_worldview, default_view, read_origins, read_theatre
from .theme import get_theme
from .vector import list_parts
from .zones import build_fronts, build_gains, build_zones, list_meetings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from matplotlib.figure import Figure

    from .basemap import Source
    from .picture import Scene
    from .scene import Setting
    from .scene.camera import Camera
    from .sizes import Size
    from .theme import Theme

THEME = "light"
WORDS: tuple[Literal["title", "subtitle", "caption", "credit"], ...] = ("title", "subtitle", "caption", "credit")
SAID = (*WORDS, "alt", "description", "boundaries_credit", "basemap_credit")  # all that the user says in words
OURS = Own()


class Choices(OwnData, total=False):
    """What a map can be asked for; everything has a default. Data of your own are told by `OwnData`.

    view, size, lang, theme   by name; theme may be a TOML file, a house style that stands on one of ours. lang may be
                              two with a + between them: names on the map are given in both
    digits                    latin or arabic
    names                     a file of wordings that go before ours
    since                     the first day whose gains are shown (default: the offensive's first day)
    title, subtitle, credit   your words in place of ours
    caption, description      your words for what goes with the picture
    alt                       your alt text of 40 to 250 letters
    mark_next                 mark what an analysis names as next
    soften                    draw fronts softened (by 2 km at most) or cell by cell
    style                     zones, areas of control; or points, a dot for every place and nothing about land between
    stale                     mark land and places whose last report is older than so many days
    ticks                     draw ticks along the fronts, on the side that took the ground
    carry                     carry the last state on to days long after the table ends
    edition                   the number of this version (`--version`), 2 or more with what follows
    supersedes                the file that this version replaces, or the sidecar of that one
    correction                what this version mends, printed on the map
    transparent               leave the page out: the map and all that stands around it, on nothing
    outlines                  of an SVG, make shapes of letters: no font, no words that can be searched
    basemap                   what lies under the map: relief, a provider of tiles by name, the address of tiles with
                              {z}, {x} and {y}, or a .tif, .mbtiles or .pmtiles file
    basemap_credit            whose that is, in place of what it says itself; needed where it says nothing
    basemap_private           let its host have an address of a private network
    strict                    refuse to draw a map without its basemap
    """

    view: str
    size: str
    lang: str
    digits: str
    names: Path | None
    theme: str | Path
    since: date | None
    title: str | None
    subtitle: str | None
    credit: str | None
    caption: str | None
    alt: str | None
    description: str | None
    mark_next: bool
    soften: bool
    carry: bool
    style: str
    stale: int | None
    ticks: bool
    edition: int | None
    supersedes: str | Path | None
    correction: str | None
    transparent: bool
    outlines: bool
    basemap: str | Path | None
    basemap_credit: str | None
    basemap_private: bool
    strict: bool


@dataclass(frozen=True, eq=False)
class Map:
    """A finished map: its scene, every decision as data. A notebook shows it by itself.

    `choices` are those it was made by, when `render_map` made it.
    """

    scene: Scene
    theme: Theme
    choices: Choices | None = None

    @cached_property
    def figure(self) -> Figure:
        """Return the map as a figure of matplotlib; what is added to it is not in the files of `save_map`."""
        return ink_map(self.scene, self.theme).draw(transparent=self._asked("transparent"))

    def encode(
        self, form: str, *, packet: bytes = b"", transparent: bool | None = None, outlines: bool | None = None
    ) -> bytes:
        """Return the picture as a file of the form "png", "svg", "pdf", "webp" or "jpg"; it carries an XMP `packet`.

        `transparent` leaves the page out, `outlines` makes shapes of the letters of an SVG: as chosen when not given.
        Raises UnknownNameError for another form, OutputError for one that cannot be transparent.
        """
        clear = self._asked("transparent") if transparent is None else transparent
        shapes = self._asked("outlines") if outlines is None else outlines
        ink = ink_map(self.scene, self.theme)
        return encode_picture(ink, self.scene, form, packet=packet, transparent=clear, outlines=shapes)

    def _asked(self, choice: str) -> bool:
        return bool((self.choices or {}).get(choice))

    def _repr_png_(self) -> bytes:
        return self.encode("png")

    def _repr_svg_(self) -> str:
        return self.encode("svg").decode("utf-8")


def render_map(on: date, **choices: Unpack[Choices]) -> Map:
    """Return the map of the end of a day in Damascus; the choices are those of `compose_map`."""
    choices = settle_choices(choices)
    return Map(compose_map(on, **choices), choose_theme(choices), choices)


def settle_choices(choices: Choices) -> Choices:
    """Return choices that hold when files move: the one that is superseded by its name and hash."""
    if not choices.get("supersedes"):
        return choices
    return {**choices, "supersedes": settle_edition(choices).supersedes}


def compose_map(on: date, **choices: Unpack[Choices]) -> Scene:
    """Return the scene of the end of a day: the whole map as data, not yet drawn.

    Raises NoControlError for a day that the table says nothing about, UnknownNameError for a view, size, language or
    theme that does not exist, DataError for faults in the files given, WordsError for an alt text of the wrong length
    and for words that are not printable, BasemapError for a basemap that nobody is credited for or, when `strict`, that
    cannot be used: else the map is drawn without it, with a BasemapWarning.
    """
    materials = read_materials(take_own(choices))
    order = make_order(materials, choices)
    now = build_moment(materials, on, soften=order.soften, carry=order.carry)
    before = build_moment(materials, _eve(order.since, on, materials), soften=order.soften, carry=order.carry)
    gains = build_gains(now.cells, now.states, before=(before.cells, before.states), parties=materials.control.parties)
    setting = make_setting(materials, order)
    frame = setting.frame
    backdrop = find_backdrop(frame.camera, frame.materials, order.theme, order.size, choices)
    scene = compose(setting, now, before, gains, backdrop)
    repairs = materials.boundaries.repairs
    return replace(scene, neighbours=find_neighbours(materials), inputs=list_inputs(choices), repairs=repairs)


@lru_cache(maxsize=16)
def make_setting(materials: Materials, order: Order) -> Setting:
    """Return what all maps of an order share, whatever their day: solved once for a whole series."""
    told = translate(materials, order.language)
    bases = build_bases(materials, materials.control.last)
    names = told.ground.bases["name"][bases["status"] != "other"]
    lost = {str(place): str(name) for place, name in names.items()}
    return lay_out(build_days(materials), lost, told, order, measure=make_measure(order.theme))


def name_source(choices: Choices) -> Source | None:
    """Return the basemap that was asked for, its credit known, nothing contacted; None without one."""
    wanted = choices.get("basemap")
    if not wanted:
        return None
    credit, home = choices.get("basemap_credit") or "", take_own(choices).project
    return find_source(wanted, credit, private=choices.get("basemap_private", False), home=home)


def find_backdrop(camera: Camera, materials: Materials, theme: Theme, size: Size, choices: Choices) -> Backdrop | None:
    """Return the basemap under the map of a camera, or why there is none; None when none was asked for."""
    source = name_source(choices)
    if source is None:
        return None
    try:
        return make_backdrop(source, camera, materials, theme, size)
    except BasemapError as error:
        if choices.get("strict"):
            raise
        said = f"the map is drawn without its basemap: {error}"
        warnings.warn(said, BasemapWarning, stacklevel=2)
        return Backdrop(source.name, source.told, source.credit, reason=str(error))


@lru_cache(maxsize=8)  # one for each view, size and language of a series
def make_backdrop(source: Source, camera: Camera, materials: Materials, theme: Theme, size: Size) -> Backdrop:
    """Return a basemap under the map of a camera, fetched and toned. Raises BasemapError."""
    box, extent = backdrop_grid(camera)
    raster = read_basemap(source, Grid(camera.crs, extent, round(box.width), round(box.height)))
    ink = lay_under(raster.pixels, camera, materials, theme, size)
    sha256 = hashlib.sha256(raster.pixels.tobytes()).hexdigest()
    return Backdrop(source.name, source.told, source.credit, raster.zoom, raster.tiles, sha256, ink)


def make_order(materials: Materials, choices: Choices) -> Order:
    """Return what was asked for, our defaults filled in."""
    theme, source = choose_theme(choices), name_source(choices)
    check_printable({key: choices.get(key) for key in SAID})
    check_room(*(choices.get(key) for key in WORDS))
    if choices.get("mark_next"):
        check_next(materials.theatre)
    return Order(
        view=choices.get("view") or default_view(materials.home),
        size=get_size(choices.get("size", "web")),
        theme=theme,
        language=read_language(
            choices.get("lang", "en"),
            names=choices.get("names"),
            digits=choices.get("digits", "latin"),
            home=materials.home,
        ),
        since=choices.get("since") or materials.theatre["time"]["offensive_start"],
        soften=choices.get("soften", True),
        title=choices.get("title") or "",
        subtitle=choices.get("subtitle") or "",
        credit=choices.get("credit") or theme.credit,
        caption=choices.get("caption") or "",
        alt=check_alt(choices.get("alt") or "", choices.get("caption") or ""),
        description=choices.get("description") or "",
        mark_next=choices.get("mark_next", False),
        carry=choices.get("carry", False),
        style=check_style(choices.get("style", "zones")),
        ticks=choices.get("ticks", False),
        stale=check_stale(choices.get("stale")),
        edition=settle_edition(choices),
        basemap=source.credit if source else "",
    )


def save_map(made: Map, path: Path, *, overwrite: bool = False, command: Sequence[str] = ()) -> tuple[Path, Path]:
    """Write the picture and its sidecar NAME.json beside it, each whole or not at all; return both paths.

    The suffix of `path` chooses the format; `command` says how the map was made, by default the words that would make
    it again. Raises OutputError when either file exists and `overwrite` is not given.
    """
    path = Path(path)
    beside = path.with_suffix(".json")
    for target in (path, beside):
        check_target(target, overwrite=overwrite)
    picture, sidecar = pack_map(made, path.name, command=command)
    write_together({path: picture, beside: sidecar})
    return path, beside


def pack_map(made: Map, name: str, *, command: Sequence[str] = ()) -> tuple[bytes, bytes]:
    """Return what `save_map` writes into the file of a name and into its sidecar."""
    form = Path(name).suffix.lstrip(".").lower()
    if not command and made.choices is not None:
        command = write_command(made.scene.on, made.choices, form)
    picture = made.encode(form, packet=write_packet(tell_map(made.scene, command)))
    return picture, encode_sidecar(build_sidecar(made.scene, made.theme, picture=picture, name=name, command=command))


def choose_theme(choices: Mapping[str, Any]) -> Theme:
    """Return the theme that was asked for, with the colours of a project's parties."""
    return get_theme(choices.get("theme") or THEME, take_own(choices).project)


def read_materials(own: Own = OURS) -> Materials:
    """Return the verified data of a map: ours, or the user's own in their place.

    Read once; read again when a file has changed.
    """
    tables = list_control_files(own.control, own.project) if own.control else []
    areas = list_parts(own.areas.path) if own.areas else []
    paths = [*([own.project] if own.project else []), *tables, *areas]
    return _read_materials(own, tuple(map(_stamp, paths)))


def _stamp(path: Path) -> tuple[tuple[str, int, int], ...]:
    """Return name, time of change and size of a file, or of every file in a folder and below."""
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    return tuple((str(file), file.stat().st_mtime_ns, file.stat().st_size) for file in files if file.is_file())


@lru_cache(maxsize=4)
def _read_materials(own: Own, _: tuple[object, ...]) -> Materials:
    home = own.project
    boundaries, ground = read_boundaries(own.areas, project=home), read_ground(home)
    if home:
        check_known(ground, boundaries, home)
    if own.areas:
        ground = fit_ground(ground, boundaries.country, read_boundaries(project=home).country)
    return Materials(
        boundaries,
        read_control(own.control, boundaries=boundaries, project=home),
        ground,
        choose_worldview(read_theatre(home), own.worldview),
        read_origins(home, own.areas),
        embedded=own.control is None,
        home=home,
    )


@lru_cache(maxsize=16)  # the days of our table: a series in another size finds them again
def build_moment(materials: Materials, on: date, *, soften: bool = True, carry: bool = False) -> Moment:
    """Return who held what at the end of a day, with zones, fronts and air bases."""
    day = build_day(materials, on, carry=carry)
    drawn = exact = build_zones(day.cells, day.states), build_fronts(day.cells, day.states)
    if soften:
        boundaries = materials.boundaries
        fixed = [
            *boundaries.barriers,
            *boundaries.areas.geometry.boundary,
            *list_borders(boundaries, day.cells),
            *list_drawn_edges(materials.control, day.cells),
        ]
        drawn = soften_zones(*exact, places=boundaries.places.geometry.to_numpy(), fixed=fixed)
    return Moment(
        day.on, day.cells, day.states, day.places, *exact, *drawn, build_bases(materials, on), list_held(day.places)
    )


@lru_cache(maxsize=20)
def build_bases(materials: Materials, on: date) -> pd.DataFrame:
    """Return which air bases are held or lost at the end of a day, as `base_states` does."""
    return base_states(
        materials.ground.bases,
        build_cells(materials.boundaries, materials.control, on),
        materials.control,
        on,
        boundaries=materials.boundaries,
        base_day=materials.theatre["time"]["base_date"],
        losing_users=materials.theatre["bases"]["losing_users"],
    )


@lru_cache(maxsize=20)
def build_day(materials: Materials, on: date, *, carry: bool = False) -> Day:
    """Return who held what at the end of a day: cells, their states and the places'."""
    cells = build_cells(materials.boundaries, materials.control, on)
    states = control_on(cells, materials.control, on, carry=carry)
    return Day(on, cells, states, place_states(materials.boundaries, cells, states, materials.control))


def build_days(materials: Materials) -> list[Day]:
    """Return every day on which the table says something, for the layout that all days share."""
    days = materials.control.statements["date"].dt.date.unique()
    return [build_day(materials, on) for on in sorted(days)]


@lru_cache(maxsize=4)
def find_neighbours(materials: Materials) -> tuple[tuple[str, str], ...]:
    """Return the pairs of parties that share a front on any day of the table, in alphabetical order."""
    return tuple(sorted({pair for day in build_days(materials) for pair in list_meetings(day.cells, day.states)}))


def _eve(since: date, on: date, materials: Materials) -> date:
    """Return the evening that gains are counted from, never after the map's day nor before the table begins."""
    return max(min(since - timedelta(days=1), on), materials.control.first)
