"""Where two sources disagree, decided: what both say pale, what they dispute striped in the colours of both."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import shapely

from ..model import Box
from ..picture import Compared, Contrasted, KeyRow, Line, Patch, Point, Scene, SideOf, Words, list_rows
from .age import measure_age
from .camera import aim
from .composition import lay_furniture, lay_inset
from .corners import settle
from .disputed import disclaimer_of, tell_worldview
from .evidence import list_evidence
from .frame import Frame, is_disputed, is_part, label_room, list_panels, list_wanted, seen_box, seen_cells
from .furniture import build_scale_bar
from .key import lay_row, slot_of
from .labels import Sheet, name_map, plan_names
from .layers import build_still, clean_patches, measure_patches
from .layout import Layout, Needs, make_layout, sources_room
from .page import choose_subtitle
from .patterns import HATCHES, differing, hatched, pattern
from .points import TOWN_SIGNS
from .text import Pen, script_of
from .view import get_view
from .words import check_map_room, credit_of, credits_of, data_line, in_figures, long_day, rights_of, sources_line

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from ..model import Day, Materials, Moment, Party
    from ..picture import KeyEntry, Marker, Measure, Order, SourceCredit
    from ..theme import Theme
    from .camera import Camera
    from .labels import Names
    from .view import View

PARTY, SILENT, STATUS = "party", "silent", "status"  # kinds of difference
DIFFERS, OTHER, ONLY = "differs", "other", ("only-first", "only-second")  # looks of land
WIDEST = 1.8  # of a map's width over its height: a key that leaves it lower explains fewer pairs on their own,
MOST_HIDDEN = 0.12  # and so does one on a card that hides more of the map
MOST_PAIRS = 6
DOT, DOT_EDGE = 1.5, 1.1  # radii of the town's sign; units
EDGE_WIDTH = 1.2  # units: the line around land that is disputed
SUBTITLE_LINES = {"column": 1, "left": 4, "stack": 2}


@dataclass(frozen=True, slots=True, eq=False)
class Contrast:
    """Two sources at the end of a day, in the language of the map: what they are called and what each says.

    `differences` are those of `compare_tables`, `pairs` and `totals` their sums, the first total what is agreed;
    `agreed` is the land of each party that neither table gives to another, in metres; `parties` are those of both
    tables. `moment` is the day as the first tells it.
    """

    names: tuple[str, str]
    differences: gpd.GeoDataFrame
    pairs: tuple[Contrasted, ...]
    totals: tuple[Contrasted, ...]
    agreed: Mapping[str, BaseGeometry]
    parties: Mapping[str, Party]
    moment: Moment
    days: tuple[Day, Day]
    materials: tuple[Materials, Materials]


def compose_contrast(contrast: Contrast, order: Order, *, measure: Measure) -> Scene:
    """Return the scene of where two sources disagree."""
    frame, own = _make_frame(contrast, order, measure)
    still, bar = build_still(frame), build_scale_bar(frame)
    patches = _patches(contrast, frame, own)
    edges = shapely.union_all([patch.geometry.boundary for patch in patches if patch.look != "held"])
    outline = [] if edges.is_empty else [Line("front", edges, frame.theme.colours["front"], EDGE_WIDTH * frame.unit)]
    sheet = Sheet(
        zones={patch.party: patch.geometry for patch in patches if patch.look == "held"},
        ground=still.ground,
        control=patches,
        lines=(*still.under, *outline, *still.over),
        roads=(),
        road_lines=(),
        arrows=(),
    )
    standing = [box.grow(6 * frame.unit) for box in (bar.box, frame.card, frame.inset) if box]
    names = name_map(frame, plan_names(frame, still, (), {}, standing), sheet, contrast.moment, (), {})
    points = _halved(contrast, frame, names)
    names = replace(names, markers=tuple(_dotted(sign, {point.place for point in points}) for sign in names.markers))
    sheet = replace(sheet, points=points)
    key = [lay_row(row, slot_of(frame, row.id), frame.pen, "") for row in _rows(contrast, frame, patches, own)]
    used = tuple(_used(day, frame) for day in contrast.days)
    words = _words(contrast, frame, used)
    return _scene(contrast, frame, sheet, names, key, words, used)


# Land


def _pale(theme: Theme, party: str) -> str:
    style = theme.party(party)
    return style.sparse or style.before or style.fill


def _patches(contrast: Contrast, frame: Frame, own: frozenset[tuple[str, str]]) -> tuple[Patch, ...]:
    """Return the land both give to one party, then what they dispute; `own` pairs have a row of the key."""
    theme, to_px = frame.theme, frame.camera.to_px
    found = [Patch("zone", to_px(land), _pale(theme, party), party, "held") for party, land in contrast.agreed.items()]
    for (kind, first, second), disputed in _join_by_pair(contrast).items():
        land = to_px(disputed)
        if kind == PARTY:
            look = DIFFERS if (first, second) in own else OTHER
            found.append(Patch("zone", land, theme.party(first).fill, first, look, second))
        elif kind == SILENT:
            unknown = contrast.materials[0].control.unknown
            says, look = (first, ONLY[0]) if second == unknown else (second, ONLY[1])
            found.append(Patch("zone", land, _pale(theme, says), says, look))
        else:
            found.append(Patch("zone", land, _pale(theme, first), first, STATUS))
    return tuple(measure_patches(clean_patches(found), frame.camera.map_box))


@lru_cache(maxsize=2)
def _join_by_pair(contrast: Contrast) -> dict[tuple[str, str, str], BaseGeometry]:
    """Return the land of every kind of difference and pair of holders, in metres."""
    groups = contrast.differences.groupby(["kind", "first_party", "second_party"], sort=True)
    return {(str(a), str(b), str(c)): shapely.union_all(rows.geometry.to_numpy()) for (a, b, c), rows in groups}


def agree_on(zones: gpd.GeoDataFrame, differences: gpd.GeoDataFrame) -> dict[str, BaseGeometry]:
    """Return the land of each party without what is disputed."""
    disputed = shapely.union_all(differences.geometry.to_numpy())
    left = {str(party): land.difference(disputed, grid_size=0.01) for party, land in zones.geometry.items()}
    return {party: land for party, land in left.items() if not land.is_empty}


def _halved(contrast: Contrast, frame: Frame, names: Names) -> tuple[Point, ...]:
    """Return dots in place of the signs of the named towns that the sources give to two holders: the left half is A's.

    Land around a town can be too small to be seen on the map of a country.
    """
    rows = contrast.differences[(contrast.differences["kind"] == PARTY).to_numpy()]
    pairs = zip(rows["place_ids"], rows["first_party"], rows["second_party"], strict=True)
    sides = {place: (first, second) for ids, first, second in pairs for place in ids.split("; ")}
    theme, front, found = frame.theme, frame.theme.colours["front"], []
    for sign in names.markers:
        if sign.id in sides and sign.kind in TOWN_SIGNS:
            (first, second), (x, y), reach = sides[sign.id], sign.at, DOT * sign.radius
            middle = Line("dot-half", shapely.LineString([(x, y - reach), (x, y + reach)]), front, frame.unit)
            fills = theme.party(first).fill, front, first, DIFFERS, second, theme.party(second).fill
            found.append(Point(sign.id, sign.at, reach, *fills, DOT_EDGE * frame.unit, (middle,)))
    return tuple(found)


def _dotted(sign: Marker, places: Collection[str]) -> Marker:
    return replace(sign, kind="point", state=DIFFERS) if sign.id in places else sign


# Layout


def _make_frame(contrast: Contrast, order: Order, measure: Measure) -> tuple[Frame, frozenset[tuple[str, str]]]:
    """Return the frame, and the pairs of holders that have a row of the key of their own: as many as find room."""
    materials = _both(contrast)
    view, pen = _view(contrast, order, materials), Pen(order.theme, order.size, measure, script_of(order.language))
    ranked = [(pair.first, pair.second) for pair in contrast.pairs if pair.kind == PARTY]
    for number in range(min(len(ranked), MOST_PAIRS), -1, -1):
        own = frozenset(ranked[:number])
        frame = _try_frame(contrast, order, (materials, view, pen), own)
        if not number or _has_room(frame):
            break
    return frame, own


def _has_room(frame: Frame) -> bool:
    """Return whether every row has its place and the map enough of the picture."""
    layout = frame.layout
    beside = [slot for row, slot in layout.slots.items() if row not in layout.on_card]
    low, (width, height) = max((slot.y1 for slot in beside), default=0.0), layout.card or (0.0, 0.0)
    hidden = width * height / (layout.map_box.width * layout.map_box.height)
    shape = layout.map_box.width / layout.map_box.height
    return low <= layout.notes.y0 and shape <= WIDEST and hidden <= MOST_HIDDEN and not layout.dropped


def _both(contrast: Contrast) -> Materials:
    """Return the materials of the first table with the parties of both."""
    first = contrast.materials[0]
    return replace(first, control=replace(first.control, parties=contrast.parties))


def _view(contrast: Contrast, order: Order, materials: Materials) -> View:
    """Return the view without roads, signs and dates: the places about which the sources differ are named first."""
    view, places = get_view(order.view, materials), materials.boundaries.places
    differ = {name for row in contrast.differences["place_ids"] for name in row.split("; ") if name}
    odd = places[places.index.isin(differ) & places["label"]].sort_values("rank", kind="stable")
    names = tuple(dict.fromkeys([*view.priority, *map(str, odd.index), *view.places]))
    bare: dict[str, Any] = {"main_road": "", "roads": (), "facilities": (), "bases": (), "dated": False, "axis": False}
    return replace(view, places=names, **bare)


def _try_frame(
    contrast: Contrast, order: Order, made: tuple[Materials, View, Pen], own: frozenset[tuple[str, str]]
) -> Frame:
    (materials, view, pen), phrases, land = made, order.language.phrases, made[0].boundaries.country
    crs = str(materials.theatre["crs"]["map"])
    layout = make_layout(pen, _needs(contrast, order, made, own))
    check_map_room(layout.map_box)
    for _ in range(2):
        camera = aim(view.frame, pen.turn(layout.map_box), crs)
        panels, room = list_panels(camera, layout, pen, phrases, land), label_room(camera.map_box, pen)
        wanted, seen = list_wanted(view, materials), seen_box(view, camera)
        settled = settle(camera, list(panels.values()), land, wanted, room, pen.size.unit, seen)
    boxes = dict(zip(panels, settled.boxes, strict=True))
    beside = layout.inset if is_part(settled.camera, land) else None
    places = boxes.get("card"), boxes.get("inset", beside and pen.turn(beside)), boxes["bar"]
    return Frame(order, materials, phrases, view, pen, layout, settled.camera, (), (), {}, {}, *places)


def _needs(
    contrast: Contrast, order: Order, made: tuple[Materials, View, Pen], own: frozenset[tuple[str, str]]
) -> Needs:
    (materials, view, _), phrases = made, order.language.phrases
    camera = aim(view.frame, Box(0, 0, order.size.width_px, order.size.height_px), str(materials.theatre["crs"]["map"]))
    patches = _patches(contrast, _bare_frame(order, made, camera), own)
    rows = {row.id: (row.label, row.gloss) for row in _list_rows(contrast, order, patches)}
    data = data_line(materials.sources, materials.theatre["credits"]["drawn"], phrases, size=order.size)
    data += " " + disclaimer_of(materials, phrases) if is_disputed(camera, materials) else ""
    return Needs(
        titles=[order.title or phrases["compare"]["title"]],
        as_of=_as_of(contrast, phrases),
        subtitle=1 if order.size.tiny else SUBTITLE_LINES[order.size.layout],
        parties=rows,
        lasting=frozenset(rows),
        late=frozenset(),
        signs={},
        moved=frozenset(),
        notes=[" ".join(_notes(phrases, order)), data],
        credit=credit_of(order.credit, phrases),
        chip="",
    )


def _bare_frame(order: Order, made: tuple[Materials, View, Pen], camera: Camera) -> Frame:
    """Return a frame of the whole canvas, to find out what will be in sight before there is a layout."""
    (materials, view, pen), box = made, Box(0, 0, 0, 0)
    layout = Layout(box, camera.map_box, box, box, 0.0, box, box, {}, frozenset())
    return Frame(order, materials, order.language.phrases, view, pen, layout, camera, (), (), {}, {}, None, None, box)


# The key


def _rows(contrast: Contrast, frame: Frame, patches: Sequence[Patch], own: frozenset[tuple[str, str]]) -> list[KeyRow]:
    seen = [patch for patch in patches if patch.area_px]
    rows = [row for row in _list_rows(contrast, frame.order, seen) if row.id in frame.layout.slots]
    return [replace(row, gloss="") if row.id in frame.layout.on_card else row for row in rows]


def _list_rows(contrast: Contrast, order: Order, patches: Sequence[Patch]) -> list[KeyRow]:
    """Return the rows that explain what is in sight: pairs by their land, other differences, then the parties."""
    seen = [patch for patch in patches if patch.area_px]
    ids = dict.fromkeys(row for patch in seen for row in list_rows(patch.look, patch.party, patch.rival))
    rank = {f"{DIFFERS}:{pair.first}:{pair.second}": at for at, pair in enumerate(contrast.pairs)}
    pairs = sorted((row for row in ids if row.startswith(f"{DIFFERS}:")), key=lambda row: rank[row])
    kinds = [row for row in (OTHER, *ONLY, STATUS) if row in ids]
    parties = [party for party in contrast.parties if party in ids]
    found = [_difference_row(contrast, order, row, seen) for row in (*pairs, *kinds)]
    if not pairs and OTHER in ids:  # then these are no others
        found[0] = replace(found[0], label=str(order.language.phrases["compare"]["any"]))
    return found + [_party_row(contrast, order, party, seen) for party in parties]


def _difference_row(contrast: Contrast, order: Order, row: str, seen: Sequence[Patch]) -> KeyRow:
    words, theme = order.language.phrases["compare"], order.theme
    mine = [patch for patch in seen if list_rows(patch.look, patch.party, patch.rival)[0] == row]
    largest = max(mine, key=lambda patch: patch.area_px)
    if row.startswith(DIFFERS) or row == OTHER:
        label, pattern = words["other"], f"differs:{theme.party(largest.rival).fill}"
        if row != OTHER:
            first, second = (contrast.parties[party].label for party in (largest.party, largest.rival))
            label = words["pair"].format(first=first, second=second)
    else:
        label, pattern = words[row.replace("-", "_")], f"{row}:{theme.colours['front']}"
    return KeyRow(row, label, "fill", (largest.fill,), pattern, _size_of(contrast, order, mine))


def _size_of(contrast: Contrast, order: Order, mine: Sequence[Patch]) -> str:
    """Return how much in the whole country a row stands for: km2, and the number of places."""
    keys = {_key_of(contrast, patch) for patch in mine}
    found = [pair for pair in contrast.pairs if pair[:3] in keys]
    return _say_size(sum(pair.area_km2 for pair in found), sum(pair.places for pair in found), order.language.phrases)


def _say_size(km2: float, places: int, phrases: Mapping[str, Any]) -> str:
    return str(phrases["compare"]["size"]).format(km2=write_number(km2, phrases), n=write_number(places, phrases))


def _key_of(contrast: Contrast, patch: Patch) -> tuple[str, str, str]:
    """Return kind and holders of the difference that a patch shows."""
    unknown = contrast.materials[0].control.unknown
    if patch.look in ONLY:
        return (SILENT, patch.party, unknown) if patch.look == ONLY[0] else (SILENT, unknown, patch.party)
    return (STATUS, patch.party, patch.party) if patch.look == STATUS else (PARTY, patch.party, patch.rival)


def write_number(number: float, phrases: Mapping[str, Any]) -> str:
    """Return a whole number as the language groups its digits."""
    return f"{number:,.0f}".replace(",", str(phrases["page"]["thousands"]))


def _party_row(contrast: Contrast, order: Order, party: str, seen: Sequence[Patch]) -> KeyRow:
    theme, label = order.theme, contrast.parties[party].label
    fills = dict.fromkeys(patch.fill for patch in seen if patch.party == party and patch.look != DIFFERS)
    strong = [theme.party(party).fill] if any(patch.look == OTHER and party == patch.rival for patch in seen) else []
    style = theme.party(party)
    pattern = f"{style.pattern}:{style.pattern_colour}" if style.pattern else ""
    return KeyRow(party, label, "fill", tuple(dict.fromkeys([*fills, *strong])), pattern)


# Words


def _as_of(contrast: Contrast, phrases: Mapping[str, Any]) -> str:
    return str(phrases["compare"]["as_of"]).format(day=long_day(contrast.moment.on, phrases))


def _notes(phrases: Mapping[str, Any], order: Order) -> list[str]:
    """Return how to read the map, and what its land is; the first alone on the smallest pictures."""
    reading = str(phrases["compare"]["note_brief" if order.size.brief else "note"])
    return [reading] if order.size.tiny else [reading, str(phrases["note_control_brief"])]


def _shares(contrast: Contrast) -> tuple[float, float]:
    agreed, totals = contrast.totals[0], contrast.totals
    places = sum(one.places for one in totals)
    return agreed.area_km2 / sum(one.area_km2 for one in totals), agreed.places / places if places else 1.0


def _percent(share: float, phrases: Mapping[str, Any]) -> str:
    """Return a share in percent, never "100" for what is less."""
    number = 100 * round(share, 4)
    told = f"{number:.0f}" if share == 1 or number < 99 else f"{min(number, 99.9):.1f}"
    return str(phrases["chart"]["percent"]).format(n=told.replace(".", str(phrases["compare"]["decimal"])))


def _words(contrast: Contrast, frame: Frame, used: Sequence[tuple[str, ...]]) -> Words:
    order, materials, phrases = frame.order, frame.materials, frame.phrases
    told, drawn = phrases["compare"], materials.theatre["credits"]["drawn"]
    title, as_of = order.title or str(told["title"]), _as_of(contrast, phrases)
    both = str(told["subtitle"]).format(first=contrast.names[0], second=contrast.names[1])
    land, places = (_percent(share, phrases) for share in _shares(contrast))
    agreed = str(told["agreed"]).format(land=land, places=places)
    variants = [f"{both} {agreed}", both]
    outlets = _credits(contrast, used)[1]
    brief, room = order.size.brief, sources_room(frame.pen, frame.layout.notes.width)
    sources = sources_line(outlets, phrases, frame.pen, room, brief=brief)
    facts = _facts(contrast, phrases)
    alt = str(told["alt"]).format(first=contrast.names[0], second=contrast.names[1], as_of=as_of, agreed=agreed)
    words = Words(
        title=title,
        subtitle=order.subtitle or choose_subtitle(frame.layout, frame.pen, as_of, variants) or both,
        as_of=as_of,
        notes=tuple(_notes(phrases, order)),
        sources=sources,
        data=data_line(materials.sources, drawn, phrases, size=order.size),
        credit=credit_of(order.credit, phrases),
        disclaimer=disclaimer_of(materials, phrases) if is_disputed(frame.camera, materials) else "",
        alt=order.alt or alt,
        description=order.description or " ".join([alt, *facts, str(told["note"])]),
        caption=order.caption or " ".join([f"{title}. {as_of}.", both, agreed, sources]).strip(),
        rights=rights_of(materials.sources, drawn, phrases),
    )
    return in_figures(words, frame.pen)


def _facts(contrast: Contrast, phrases: Mapping[str, Any]) -> list[str]:
    """Return a sentence for every pair of holders, and one for each kind of lesser difference."""
    told, found = phrases["compare"], []
    for one in contrast.pairs:
        first, second = (contrast.parties[party].label for party in (one.first, one.second))
        pair = str(told["status"]) if one.kind == STATUS else str(told["pair"]).format(first=first, second=second)
        found.append(str(told["fact"]).format(pair=pair, size=_say_size(one.area_km2, one.places, phrases)))
    return found


# The scene


def _used(day: Day, frame: Frame) -> tuple[str, ...]:
    """Return the statements of a side behind the land in the frame."""
    inside = seen_cells(day.cells, frame.camera)
    return tuple(sorted(set(day.states["statement"].to_numpy(dtype=object)[inside].tolist()) - {""}))


def _credits(contrast: Contrast, used: Sequence[tuple[str, ...]]) -> tuple[tuple[SourceCredit, ...], list[str]]:
    """Return every credited source of both sides, each once with its newest day, and the names of the outlets."""
    found: dict[tuple[str, str], SourceCredit] = {}
    names: dict[str, None] = {}
    for ids, materials in zip(used, contrast.materials, strict=True):
        credits, outlets = credits_of(ids, materials.control, materials.sources)
        names |= dict.fromkeys(outlets)
        for one in credits:
            known = found.setdefault((one.title, one.licence), one)
            found[one.title, one.licence] = max(known, one, key=lambda credit: credit.date)
    return tuple(found.values()), list(names)


def _compared(contrast: Contrast, used: Sequence[tuple[str, ...]]) -> Compared:
    first, second = (
        SideOf(name, materials.control.last.isoformat(), ids)
        for name, materials, ids in zip(contrast.names, contrast.materials, used, strict=True)
    )
    return Compared(first, second, *_shares(contrast), contrast.totals, contrast.pairs)


def _scene(
    contrast: Contrast,
    frame: Frame,
    sheet: Sheet,
    names: Names,
    key: Sequence[KeyEntry],
    words: Words,
    used: Sequence[tuple[str, ...]],
) -> Scene:
    order, camera, unit = frame.order, frame.camera, frame.unit
    evidence = [list_evidence(ids, one.control) for ids, one in zip(used, contrast.materials, strict=True)]
    return Scene(
        on=contrast.moment.on,
        since=order.since,
        view=frame.view.name,
        size=order.size,
        lang=order.language.code,
        theme=order.theme.name,
        crs=camera.crs,
        canvas=frame.layout.canvas,
        map_box=camera.map_box,
        extent=camera.extent,
        degrees=camera.degrees(),
        words=words,
        ground=sheet.ground,
        control=sheet.control,
        patterns=tuple(_patterns(sheet.control, order.theme, unit)),
        lines=sheet.lines,
        roads=(),
        road_lines=(),
        arrows=(),
        markers=names.markers,
        labels=names.labels,
        shields=(),
        key=tuple(key),
        furniture=tuple(lay_furniture(frame, words, key)),
        scale_bar=build_scale_bar(frame),
        inset=lay_inset(frame),
        controllers=(),
        bases=(),
        classes=tuple(sorted({f"{patch.party}:{patch.look}" for patch in sheet.control})),
        sparse_share=0.0,
        age=measure_age(frame, contrast.moment),
        worldview=tell_worldview(frame),
        statements=tuple(sorted({*used[0], *used[1]})),
        dropped=names.dropped,
        priority=frame.view.priority,
        softened=False,
        credits=_credits(contrast, used)[0],
        evidence=(*evidence[0], *evidence[1]),
        key_order=tuple(frame.layout.slots),
        style="compare",
        points=sheet.points,
        compare=_compared(contrast, used),
    )


def _patterns(patches: Sequence[Patch], theme: Theme, unit: float) -> list[Line]:
    """Return the stripes and hatches on what is disputed, and the patterns of parties where all agree."""
    found, front = [], theme.colours["front"]
    for patch in patches:
        if patch.look in (DIFFERS, OTHER):
            found += differing(patch.geometry, theme.party(patch.rival).fill, front, unit)
        elif patch.look in HATCHES:
            found += hatched(patch.geometry, patch.look, front, unit)
        else:
            found += pattern(theme.party(patch.party), patch.geometry, unit)
    return found
