"""Small multiples: the maps of several days on one page, at the same extent, with one key."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.affinity import translate

from ..errors import ProductError
from ..model import Box
from ..picture import Furniture, KeyRow, MultiplesScene
from .age import stale_land
from .camera import aim, to_map
from .evidence import list_evidence
from .frame import seen_cells
from .furniture import bar_size, build_scale_bar
from .grid import MOST_PANELS, is_readable, lay_grid, page_size, page_steps, refuse
from .happenings import tell_happenings
from .key import GLOSSES, LOOKS, doubt_rows, doubtful_dots, lay_row, stale_rows, visible_looks
from .labels import Sheet
from .layers import build_still, control_patches, front_lines, land_in_frame, pattern_lines
from .layout import Layout, Needs, canvas_box, flow_parties, lay_header, notes_height, page_box
from .multiples_names import name_panels
from .multiples_words import sheet_words
from .page import footer, header, turn_piece
from .points import dot_sheet
from .text import Pen
from .union import order_colours
from .words import credits_of, short_day

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import geopandas as gpd

    from ..model import Moment
    from ..picture import Backdrop, KeyEntry, Line, Patch, Point, Scene, Words
    from ..sizes import Size
    from .camera import Camera
    from .frame import Frame
    from .grid import Grid
    from .happenings import Happenings
    from .layers import Still
    from .union import Shown

    Lay = Callable[[Camera, Size], Backdrop | None]

MARGIN = 40  # units
LINES = 0.62  # lines and signs on a small map are so much thinner than on a large one
DATE, LINE = 25.0, 18.5  # units: the words over a panel
RULE, RULE_GAP = 1.7, 2.0  # units: the line over a panel
CORNERS = ((1, 1), (0, 1), (1, 0), (0, 0))  # of a panel, for the scale bar: right or left, below or above
MOST_TURNS = 3  # the rows of the key depend on what the panels show, and the panels on the room that the rows leave


@dataclass(frozen=True, slots=True, eq=False)
class PanelDay:
    """One day of a sheet: the scene of its map, what it is made from, and what happened on it."""

    scene: Scene
    now: Moment
    before: Moment
    gains: gpd.GeoDataFrame
    happened: Happenings


@dataclass(frozen=True, slots=True)
class SheetPage:
    """The page of a sheet laid out: where words, key and panels stand. `head` is the height of the words of a panel."""

    pen: Pen
    layout: Layout
    grid: Grid
    words: Words
    key: tuple[KeyEntry, ...]


def compose_multiples(
    days: Sequence[PanelDay], frame: Frame, size: Size | None, lay: Lay = lambda *_: None
) -> MultiplesScene:
    """Return the sheet of the days. `frame` is that of their maps, `size` the one asked for, None for ours.

    `lay` returns the basemap under the small map of a camera, on a page of a size.

    The page grows in steps until its maps can be read. Raises ProductError for more maps than a page can hold.
    """
    if len(days) > MOST_PANELS:
        raise ProductError(f"{len(days)} days on one sheet; expected at most {MOST_PANELS}: every other day, or fewer")
    guess = _guess_rows(days, frame)
    for factor in page_steps(size):
        pen = Pen(frame.theme, page_size(size, factor), frame.pen.measure, frame.pen.script)
        laid = _lay_page(days, frame, pen, guess)
        if is_readable(laid.grid, pen.size):
            return _fill_page(days, frame, laid, guess, lay)
    raise refuse(len(days), size)


def _fill_page(
    days: Sequence[PanelDay], frame: Frame, laid: SheetPage, rows: Sequence[KeyRow], lay: Lay
) -> MultiplesScene:
    """Return the sheet with its maps, laid out anew while they show other rows than the key has."""
    for _ in range(MOST_TURNS):
        maps = [laid.pen.turn(box) for box in laid.grid.maps]
        small = _panel_frame(frame, laid.pen, maps[0])
        still = build_still(small)
        panels = [_shift(_panel(day, small, still), box) for day, box in zip(days, maps, strict=True)]
        found = _rows(panels, frame)
        if found == list(rows):
            break
        rows = found
        laid = _lay_page(days, frame, laid.pen, rows)
    below = lay(small.camera, small.order.size)
    return _finish(days, small, laid, [_lay_under(panel, below) for panel in panels])


def _panel_frame(frame: Frame, pen: Pen, box: Box) -> Frame:
    """Return the frame of a small map: its camera, thinner lines, nothing on the map but what is named."""
    size = pen.size
    lesser = replace(
        size, width_px=round(LINES * size.width_px), height_px=round(LINES * size.height_px), safe=(0,) * 4
    )
    camera = aim(frame.view.frame, box, str(frame.materials.theatre["crs"]["map"]))
    return replace(
        frame, order=replace(frame.order, size=lesser), pen=pen, camera=camera, signs=(), card=None, inset=None
    )


def _panel(day: PanelDay, frame: Frame, still: Still) -> Scene:
    """Return the scene of a day with the small map in place of the large one, not yet named."""
    zones = land_in_frame(frame, day.now)
    sheet = Sheet(
        zones=zones,
        ground=still.ground,
        control=tuple(control_patches(frame, still, day.now, day.before, day.gains, zones)),
        lines=(*still.under, *front_lines(frame, still, day.now, day.before), *still.over),
        roads=(),
        road_lines=(),
        arrows=(),
        marks=tuple(stale_land(frame, day.now)),
    )
    if frame.order.style == "points":
        sheet = dot_sheet(frame, sheet, day.now, day.before, ())
    camera, materials = frame.camera, frame.materials
    inside = seen_cells(day.now.cells, camera)
    used = tuple(sorted(set(day.now.states["statement"].to_numpy(dtype=object)[inside]) - {""}))
    return replace(
        day.scene,
        size=frame.pen.size,
        crs=camera.crs,
        map_box=camera.map_box,
        extent=camera.extent,
        degrees=camera.degrees(),
        ground=sheet.ground,
        control=sheet.control,
        patterns=(*pattern_lines(sheet.control, frame.theme, frame.unit), *sheet.marks),
        lines=sheet.lines,
        points=sheet.points,
        roads=(),
        road_lines=(),
        arrows=(),
        markers=(),
        labels=(),
        shields=(),
        key=(),
        furniture=(),
        inset=None,
        backdrop=None,
        statements=used,
        evidence=list_evidence(used, materials.control),
        credits=tuple(credits_of(used, materials.control, materials.sources)[0]),
    )


def _shift(panel: Scene, box: Box) -> Scene:
    """Return a panel drawn elsewhere on the page: every day has the same map, moved."""
    dx, dy = box.x0 - panel.map_box.x0, box.y0 - panel.map_box.y0

    def patches(found: Iterable[Patch]) -> tuple[Patch, ...]:
        return tuple(replace(one, geometry=translate(one.geometry, dx, dy)) for one in found)

    def lines(found: Iterable[Line]) -> tuple[Line, ...]:
        return tuple(replace(one, geometry=translate(one.geometry, dx, dy)) for one in found)

    points = [
        replace(point, at=(point.at[0] + dx, point.at[1] + dy), lines=lines(point.lines)) for point in panel.points
    ]
    return replace(
        panel,
        map_box=box,
        ground=patches(panel.ground),
        control=patches(panel.control),
        patterns=lines(panel.patterns),
        lines=lines(panel.lines),
        points=tuple(points),
    )


def _lay_under(panel: Scene, below: Backdrop | None) -> Scene:
    """Return a panel with the basemap that was made for the first one, moved by whole pixels."""
    if below is None or below.ink is None:
        return replace(panel, backdrop=below)
    box, to = below.ink.box, panel.map_box
    moved = Box(float(round(to.x0)), float(round(to.y0)), 0, 0)
    moved = moved._replace(x1=moved.x0 + box.width, y1=moved.y0 + box.height)
    return replace(panel, backdrop=replace(below, ink=replace(below.ink, box=moved)))


# The one key


def _guess_rows(days: Sequence[PanelDay], frame: Frame) -> list[KeyRow]:
    return _rows([day.scene for day in days], frame)


def _rows(panels: Sequence[Scene], frame: Frame) -> list[KeyRow]:
    """Return a row for every party that any of the maps shows, with every colour it has, then those of doubts."""
    dots = frame.order.style == "points"
    shown: dict[str, set[Shown]] = {}
    doubtful: list[Patch] = []
    for panel in panels:
        seen = [patch for patch in panel.control if patch.area_px]
        doubtful += [patch for patch in seen if patch.look not in LOOKS]
        parties_here = [patch.party for patch in seen] + [point.party for point in panel.points]
        for party in dict.fromkeys(parties_here):
            shown.setdefault(party, set()).update(_shown(party, seen, panel.points))
    order = dict.fromkeys((*frame.parties, *frame.materials.control.parties))  # as on the map of a day
    parties = [_row(party, shown[party], frame, dots=dots) for party in order if party in shown]
    points = [point for panel in panels for point in panel.points]
    old = [line for panel in panels for line in panel.patterns if line.kind == "stale"]
    doubts = doubtful_dots(frame, points) if dots else doubt_rows(frame, doubtful)
    return [*parties, *doubts, *stale_rows(frame, old)]


def _shown(party: str, patches: Sequence[Patch], points: Iterable[Point]) -> set[Shown]:
    mine = [patch for patch in patches if patch.party == party]
    if mine and any(patch.look in LOOKS for patch in mine):
        return set(visible_looks(mine))
    return {(point.look, point.fill) for point in points if point.party == party and point.look in LOOKS}


def _row(party: str, shown: Iterable[Shown], frame: Frame, *, dots: bool) -> KeyRow:
    style, noun = frame.theme.party(party), frame.materials.control.parties[party]
    mark, ink = (style.dot_mark, style.text) if dots else (style.pattern, style.pattern_colour)
    looks = frozenset(look for look, _ in shown)
    since = short_day(frame.order.since, frame.phrases)
    gloss = str(frame.phrases[GLOSSES[looks]]).format(since=since) if looks in GLOSSES else ""
    colours = order_colours(shown) or (style.fill,)
    return KeyRow(party, noun.label, "point" if dots else "fill", colours, f"{mark}:{ink}" if mark else "", gloss)


# The page


def _lay_page(days: Sequence[PanelDay], frame: Frame, pen: Pen, rows: Sequence[KeyRow]) -> SheetPage:
    """Return the page with so many panels under a header and a key of these rows."""
    unit, page = pen.size.unit, page_box(pen)
    left, right = page.x0 + MARGIN * unit, page.x1 - MARGIN * unit
    words = sheet_words([day.scene for day in days], frame, pen, right - left)
    needs = Needs(
        titles=[words.title],
        as_of=words.as_of,
        subtitle=len(pen.wrap(words.subtitle, "subtitle", right - left)) if words.subtitle else 0,
        parties={row.id: (row.label, row.gloss) for row in rows},
        lasting=frozenset(row.id for row in rows),
        late=frozenset(),
        signs={},
        moved=frozenset(),
        notes=[" ".join(words.notes), " ".join(part for part in (words.data, words.disclaimer) if part)],
        credit=words.credit,
        chip="",
    )
    accent, title, title_px, subtitle = lay_header(pen, needs, left, right, page.y0 + 0.6 * MARGIN * unit)
    slots, _, below = flow_parties(pen, needs, Box(left, subtitle.y1 + 12 * unit, right, page.y1))
    notes_top = page.y1 - notes_height(pen, needs, right - left) - 0.55 * MARGIN * unit
    box = Box(left, below + 4 * unit, right, notes_top - 18 * unit)
    grid = lay_grid(len(days), box, _head(pen), _aspect(frame), pen.size)
    half = 0.6 * unit
    layout = Layout(
        canvas=canvas_box(pen),
        map_box=box,
        accent=accent,
        title=title,
        title_px=title_px,
        subtitle=subtitle,
        notes=Box(left, notes_top, right, page.y1),
        slots=slots,
        glosses=frozenset(slots),
        rules=(Box(left, notes_top - 8 * unit - half, right, notes_top - 8 * unit + half),),
    )
    key = tuple(lay_row(row, slots[row.id], pen, "") for row in rows)
    return SheetPage(pen, layout, grid, words, key)


def _sizes(pen: Pen) -> tuple[float, float]:
    """Return the sizes of the date and of the line over a panel."""
    unit, least = pen.size.unit, pen.size.min_px
    return max(DATE * unit, 1.2 * least), max(LINE * unit, least)


def _head(pen: Pen) -> float:
    date_px, line_px = _sizes(pen)
    return (RULE + RULE_GAP) * pen.size.unit + 1.12 * date_px + 1.38 * line_px


def _aspect(frame: Frame) -> float:
    """Return the width of what a view must show over its height."""
    west, south, east, north = frame.view.frame
    lons, lats = np.meshgrid(np.linspace(west, east, 9), np.linspace(south, north, 9))
    xs, ys = to_map(aim(frame.view.frame, Box(0, 0, 1, 1), frame.camera.crs).crs).transform(lons, lats)
    return float((xs.max() - xs.min()) / (ys.max() - ys.min()))


def _finish(days: Sequence[PanelDay], frame: Frame, laid: SheetPage, panels: Sequence[Scene]) -> MultiplesScene:
    """Return the sheet with its words: over the panels, on them and around them."""
    pen = laid.pen
    _, line_px = _sizes(pen)
    told = [
        tell_happenings(
            day.happened,
            day.now.on,
            frame.order.since,
            frame.materials.boundaries.places,
            frame.phrases,
            lambda text: pen.width(text, "subtitle", line_px) <= laid.grid.panels[0].width,
        )
        for day in days
    ]
    barred = replace(frame, bar=_bar_box(frame))
    bar = build_scale_bar(barred)
    named = name_panels(panels, [day.now for day in days], frame, [places for _, places in told], barred.bar)
    rule = RULE * pen.size.unit
    head = [
        piece
        for day, box, (line, _) in zip(days, laid.grid.panels, told, strict=True)
        for piece in _panel_words(pen, box, short_day(day.now.on, frame.phrases), line)
    ]
    paragraphs = [("notes", " ".join(laid.words.notes)), ("sources", laid.words.sources)]
    paragraphs.append(("data", " ".join(part for part in (laid.words.data, laid.words.disclaimer) if part)))
    furniture = [
        *(Furniture("rule", pen.turn(box)) for box in laid.layout.rules),
        *header(laid.layout, pen, laid.words.title, laid.words.as_of, laid.words.subtitle),
        *head,
        *footer(laid.layout, pen, [one for one in paragraphs if one[1]], laid.words.credit),
    ]
    page = replace(
        panels[-1],
        canvas=laid.layout.canvas,
        words=laid.words,
        ground=(),
        control=(),
        patterns=(),
        lines=(),
        points=(),
        key=laid.key,
        key_order=tuple(laid.layout.slots),
        furniture=tuple(furniture),
        scale_bar=bar,
    )
    rules = tuple(pen.turn(Box(box.x0, box.y0, box.x1, box.y0 + rule)) for box in laid.grid.panels)
    return MultiplesScene(page, tuple(named), tuple(line for line, _ in told), rules)


def _panel_words(pen: Pen, box: Box, day: str, line: str) -> list[Furniture]:
    """Return the date and the line over a panel."""
    date_px, line_px = _sizes(pen)
    page, y = pen.theme.colours["page"], box.y0 + (RULE + RULE_GAP) * pen.size.unit + 0.92 * date_px
    date = pen.run(day, "headline", box.x0, y, ground=page, px=date_px)
    told = pen.run(line, "subtitle", box.x0, y + 0.2 * date_px + line_px, ground=page, px=line_px)
    pieces = Furniture("panel-date", date.box, (date,), day), Furniture("panel-line", told.box, (told,), line)
    return [turn_piece(piece, pen) for piece in pieces]


def _bar_box(frame: Frame) -> Box:
    """Return the box of the scale bar: the corner of a panel where it hides least of the country."""
    box, land = frame.camera.map_box, frame.camera.to_px(frame.materials.boundaries.country)
    width, height = bar_size(frame.camera, frame.pen, frame.phrases)
    boxes = []
    for right, low in CORNERS:
        x = box.x1 - width if right else box.x0
        y = box.y1 - height if low else box.y0
        boxes.append(Box(x, y, x + width, y + height))
    return min(boxes, key=lambda one: round(float(shapely.clip_by_rect(land, *one).area), 1))
