"""Decide a chart: the share of land and, beside it, the share of places of every party, day by day; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely
from shapely import LineString

from ..diagram import BandLabel, Chart, Panel
from ..model import Box
from ..picture import Line, Patch, Words
from .layout import MARGIN, Needs, plain_layout, sources_room
from .page import choose_subtitle, footer, header, panels
from .patterns import pattern
from .text import Pen, script_of
from .words import (
    ALT_LONGEST,
    caption_of,
    credit_of,
    credits_of,
    data_line,
    long_day,
    plain_day,
    rights_of,
    short_day,
    sources_line,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    import pandas as pd

    from ..model import Materials, Party
    from ..picture import Measure, Order, TextRun
    from .layout import Layout

MEASURES = {"area_share": "area_km2", "places_share": "places"}  # the two panels: share and what it is of
LAYERS = ("boundaries", "places")  # whose makers are named: no other layer is drawn
GAP, PAD, SWATCH = 30, 14, 18  # units: between the panels, around them, side of a swatch
LEADER = 16  # units from the last day to its labels
LINE = 1.25  # of the text's size: from one label to the next
SMALL = 0.005  # a share below this rounds to nothing and is written as less than one per cent
TICKS = (0.0, 0.5, 1.0)


class Look(NamedTuple):
    """What every part of a chart needs: pen, phrases and the parties with a band."""

    pen: Pen
    phrases: Mapping[str, Any]
    parties: tuple[Party, ...]


def compose_chart(
    frame: pd.DataFrame,
    statements: Sequence[str],
    materials: Materials,
    order: Order,
    *,
    phrases: Mapping[str, Any],
    measure: Measure,
) -> Chart:
    """Return the chart of a table of shares by party and day, as `control_stats` returns it.

    `statements` are the ids of all that the numbers rest on.
    """
    control = materials.control
    days = [day.date() for day in sorted(set(frame["date"]))]
    held = frame[(frame["area_km2"] > 0) | (frame["places"] > 0)]
    parties = tuple(party for party in control.parties.values() if (held["party"] == party.id).any())
    look = Look(Pen(order.theme, order.size, measure, script_of(order.language)), phrases, parties)
    outlets = credits_of(statements, control, materials.sources)
    draft = _write_words(frame, days, outlets[1], materials, order, look, 0.0)
    layout = plain_layout(look.pen, _needs(draft, look))
    words = _write_words(frame, days, outlets[1], materials, order, look, layout.notes.width)
    subtitle = order.subtitle or choose_subtitle(layout, look.pen, words.as_of, [str(phrases["chart"]["subtitle"]), ""])
    paragraphs = [
        ("notes", " ".join(words.notes)),
        ("sources", words.sources),
        ("data", f"{words.data} {words.disclaimer}"),
    ]
    return Chart(
        first=days[0],
        last=days[-1],
        size=order.size,
        lang=order.language.code,
        theme=order.theme.name,
        canvas=layout.canvas,
        words=words,
        panels=tuple(_build_panels(frame, days, layout, look)),
        furniture=(
            *panels(layout, look.pen, None, None, []),
            *header(layout, look.pen, words.title, words.as_of, subtitle),
            *footer(layout, look.pen, paragraphs, words.credit),
        ),
        parties={party.id: party.label for party in parties},
        rows=tuple(_list_rows(frame)),
        statements=tuple(statements),
        credits=tuple(outlets[0]),
        inputs=(*materials.boundaries.inputs, *control.inputs),
    )


# Words


def _write_words(
    frame: pd.DataFrame,
    days: Sequence[date],
    outlets: Sequence[str],
    materials: Materials,
    order: Order,
    look: Look,
    width: float,
) -> Words:
    """Return every sentence of a chart; the line of sources fits into lines of a width."""
    phrases, told = look.phrases, look.phrases["chart"]
    title = order.title or str(told["title"])
    span = {"first": _first_day(days, phrases), "last": long_day(days[-1], phrases)}
    as_of = str(told["as_of" if len(days) > 1 else "as_of_day"]).format(**span)
    brief = order.size.brief
    room = sources_room(look.pen, width) if width else 0.0
    end = materials.control.last
    carried = [str(told["note_carried"]).format(last=long_day(end, phrases))] if days[-1] > end else []
    sources = sources_line(outlets, phrases, look.pen, room, brief=brief)
    return Words(
        title=title,
        subtitle=order.subtitle or str(told["subtitle"]),
        as_of=as_of,
        notes=(str(told["note_brief" if brief else "note"]), *carried),
        sources=sources,
        data=data_line(materials.sources, LAYERS, phrases, size=order.size),
        credit=credit_of(order.credit, phrases),
        disclaimer=phrases["disclaimer"],
        alt=_alt_text(frame, as_of, look),
        description=_describe(frame, look),
        caption=caption_of(phrases, title, as_of, "", sources),
        rights=rights_of(materials.sources, LAYERS, phrases),
    )


def _first_day(days: Sequence[date], phrases: Mapping[str, Any]) -> str:
    """Return the first day, its year left out where it is the last day's too."""
    day = days[0]
    ahead = str(phrases["day_long"]).startswith("{year}")  # a year ahead of its day would be read with this one alone
    return plain_day(day, phrases) if day.year == days[-1].year and not ahead else long_day(day, phrases)


def _needs(words: Words, look: Look) -> Needs:
    """Return what is to be printed around the panels."""
    data = f"{words.data} {words.disclaimer}"
    nobody: frozenset[str] = frozenset()
    notes = [*words.notes, data]
    pen, page = look.pen, look.pen.size.width_px - sum(look.pen.size.safe[::2])
    room = page - 2 * MARGIN["stack"] * pen.size.unit
    beside = pen.width(f"{words.as_of}  ", "as_of") + pen.width(words.subtitle, "subtitle") < room
    lines = 0 if beside and pen.size.layout == "column" else len(pen.wrap(words.subtitle, "subtitle", room))
    return Needs([words.title], words.as_of, lines, {}, nobody, nobody, {}, nobody, notes, words.credit, "")


def _say_share(share: float, phrases: Mapping[str, Any]) -> str:
    """Return "55 %", or "<1 %" of what is there and rounds to nothing."""
    if 0 < share < SMALL:
        return str(phrases["chart"]["small"])
    return str(phrases["chart"]["percent"]).format(n=round(100 * share))


def _shares(frame: pd.DataFrame, party: str, column: str) -> list[float]:
    return [float(share) for share in frame.loc[frame["party"] == party, column]]


def _ends(frame: pd.DataFrame, party: str, column: str) -> tuple[float, float]:
    """Return a party's share on the first day and on the last."""
    shares = _shares(frame, party, column)
    return shares[0], shares[-1]


def _alt_text(frame: pd.DataFrame, as_of: str, look: Look) -> str:
    """Return what the chart shows: days, and of as many parties as find room land and places, first and last day."""
    told, telling = look.phrases["chart"], look.phrases["telling"]
    order = sorted(look.parties, key=lambda party: -max(_ends(frame, party.id, "places_share")))
    facts = [_say_change(frame, party, look) for party in order]
    text = ""
    for most in range(1, len(facts) + 1):
        listed = str(telling["as_of"]).format(sentence=str(telling["also"]).join(facts[:most]))
        longer = str(told["alt"]).format(as_of=as_of.rstrip("."), facts=listed)
        if text and len(longer) > ALT_LONGEST:
            break
        text = longer
    return text


def _say_change(frame: pd.DataFrame, party: Party, look: Look) -> str:
    """Return a party's share of land and of places, from the first day to the last."""
    ends = {}
    for column, name in (("area_share", "land"), ("places_share", "places")):
        said = [_say_share(share, look.phrases) for share in _ends(frame, party.id, column)]
        one = said[0] == said[1]
        ends[name] = said[1] if one else str(look.phrases["chart"]["from_to"]).format(first=said[0], last=said[1])
    return str(look.phrases["chart"]["fact"]).format(party=party.label, **ends)


def _describe(frame: pd.DataFrame, look: Look) -> str:
    return "; ".join(_say_change(frame, party, look) for party in look.parties) + "."


def _list_rows(frame: pd.DataFrame) -> list[Mapping[str, Any]]:
    """Return the numbers that are drawn, land and places side by side."""
    columns = ["party", "area_km2", "area_share", "places", "places_share"]
    rows = frame[columns].round({"area_km2": 1, "area_share": 4, "places_share": 4}).to_dict("records")
    return [{"date": day.date().isoformat(), **row} for day, row in zip(frame["date"], rows, strict=True)]  # type: ignore[dict-item]


# Panels


def _build_panels(frame: pd.DataFrame, days: Sequence[date], layout: Layout, look: Look) -> list[Panel]:
    """Return the panels side by side, equally wide."""
    unit = look.pen.size.unit
    room = layout.map_box
    width = (room.width - GAP * unit) / len(MEASURES)
    found = []
    for number, column in enumerate(MEASURES):
        x0 = room.x0 + number * (width + GAP * unit)
        found.append(_build_panel(frame, days, column, Box(x0, room.y0, x0 + width, room.y1), look))
    return found


def _build_panel(frame: pd.DataFrame, days: Sequence[date], column: str, room: Box, look: Look) -> Panel:
    pen, unit, told = look.pen, look.pen.size.unit, look.phrases["chart"]
    shares = np.array([_shares(frame, party.id, column) for party in look.parties])
    whole = float(frame.loc[frame["date"] == frame["date"].max(), MEASURES[column]].sum())
    texts = [
        str(told["label"]).format(party=party.short, share=_say_share(row[-1], look.phrases))
        for party, row in zip(look.parties, shares, strict=True)
    ]
    aside = max(pen.width(text, "key") for text in texts) + (LEADER + SWATCH + 8) * unit
    axis = pen.width(_say_share(1.0, look.phrases), "key") + 10 * unit
    title, px = str(told[column]), pen.px("key")
    number = f"{whole:,.0f}".replace(",", str(look.phrases["page"]["thousands"]))
    gloss = str(told[f"{column}_of"]).format(n=number)
    brief = pen.size.brief  # then the two stand on one line
    top = room.y0 + PAD * unit + (1.9 if brief else 3.0) * px
    beside = room.x0 + (pen.width(f"{title} ", "key_title") + 0.2 * px if brief else 0.0)
    box = Box(room.x0 + axis, top, room.x1 - aside, room.y1 - PAD * unit - 1.5 * px)
    bands, patterns = _stack_bands(shares, box, look)
    return Panel(
        id=column,
        title=title,
        box=box,
        bands=tuple(bands),
        patterns=tuple(patterns),
        lines=tuple(_draw_axes(bands, box, len(days), look)),
        runs=(
            _run(look, title, "key_title", room.x0, room.y0 + PAD * unit + 0.85 * px),
            _run(look, gloss, "key_gloss", beside, room.y0 + PAD * unit + (0.85 if brief else 2.0) * px),
            *_name_ticks(days, box, look),
        ),
        labels=tuple(_label_bands(shares, texts, box, look)),
    )


def _run(look: Look, text: str, role: str, x: float, y: float) -> TextRun:
    return look.pen.run(text, role, x, y, ground=look.pen.theme.colours["page"])


def _stack_bands(shares: np.ndarray, box: Box, look: Look) -> tuple[list[Patch], list[Line]]:
    """Return a stepped band for every party, the first on top, and the patterns on them."""
    edges = np.vstack([np.zeros(shares.shape[1]), np.cumsum(shares, axis=0)])
    xs = box.x0 + np.arange(shares.shape[1] + 1) * box.width / shares.shape[1]
    bands, patterns = [], []
    for number, party in enumerate(look.parties):
        tops, lows = (box.y0 + row * box.height for row in edges[number : number + 2])
        steps = [shapely.box(xs[at], tops[at], xs[at + 1], lows[at]) for at in range(len(tops)) if lows[at] > tops[at]]
        style, area = look.pen.theme.party(party.id), shapely.union_all(steps)
        bands.append(Patch("band", area, style.fill, party.id, "held"))
        patterns += pattern(style, area, look.pen.size.unit)
    return bands, patterns


def _draw_axes(bands: Sequence[Patch], box: Box, days: int, look: Look) -> list[Line]:
    """Return the line between each two bands, the ticks of shares at the left and of days below."""
    unit, colours = look.pen.size.unit, look.pen.theme.colours
    edges = [Line("band-edge", band.geometry.boundary, colours["front"], 1.2 * unit) for band in bands]
    levels = [box.y0 + (1 - tick) * box.height for tick in TICKS]
    ticks = [LineString([(box.x0 - 6 * unit, y), (box.x0, y)]) for y in levels]
    middles = box.x0 + (np.arange(days) + 0.5) * box.width / days
    ticks += (
        [LineString([(x, box.y1), (x, box.y1 + 5 * unit)]) for x in middles] if days <= box.width / (4 * unit) else []
    )
    half = LineString([(box.x0, levels[1]), (box.x1, levels[1])])
    marks = [Line("tick", tick, colours["ink3"], 1.2 * unit) for tick in ticks]
    return [*edges, *marks, Line("half", half, colours["front"], 1.2 * unit, (4.0, 3.0))]


def _name_ticks(days: Sequence[date], box: Box, look: Look) -> list[TextRun]:
    """Return the words at the ticks: shares at the left, and as many days below as find room, the last among them."""
    pen, px = look.pen, look.pen.px("key")
    found = []
    for tick in TICKS:
        text = _say_share(tick, look.phrases)
        y = box.y0 + (1 - tick) * box.height + 0.35 * px
        found.append(_run(look, text, "key", box.x0 - 9 * pen.size.unit - pen.width(text, "key"), y))
    texts = [short_day(day, look.phrases) for day in days]
    wide = max(pen.width(text, "key") for text in texts) + 0.6 * px
    every = max(int(np.ceil(wide * len(days) / box.width)), 1)
    for at in range(len(days) - 1, -1, -every):
        x = box.x0 + (at + 0.5) * box.width / len(days) - pen.width(texts[at], "key") / 2
        found.append(_run(look, texts[at], "key", x, box.y1 + 6 * pen.size.unit + 0.95 * px))
    return found


def _label_bands(shares: np.ndarray, texts: Sequence[str], box: Box, look: Look) -> list[BandLabel]:
    """Return name and share of every party at the right of the last day, as near to its band as the others allow."""
    pen, unit, px = look.pen, look.pen.size.unit, look.pen.px("key")
    edges = np.append(0.0, np.cumsum(shares[:, -1]))
    wanted = box.y0 + (edges[:-1] + edges[1:]) / 2 * box.height
    found = []
    for party, text, share, level, y in zip(
        look.parties, texts, shares[:, -1], wanted, spread(wanted, LINE * px, box.y0, box.y1), strict=True
    ):
        x, half = box.x1 + LEADER * unit, SWATCH * unit / 2
        swatch = Box(x, y - half, x + 2 * half, y + half)
        line = LineString([(box.x1, level), (box.x1 + 0.35 * LEADER * unit, level), (x, y)])
        leader = Line("leader", line, pen.theme.colours["ink3"], 1.1 * unit)
        style = pen.theme.party(party.id)
        strokes = tuple(pattern(style, shapely.box(*swatch), unit))
        run = _run(look, text, "key", swatch.x1 + 7 * unit, y + 0.33 * px)
        found.append(BandLabel(party.id, float(share), swatch, leader, run, strokes))
    return found


def spread(wanted: Sequence[float], apart: float, low: float, high: float) -> list[float]:
    """Return rising positions at least `apart` from one another, as near to the wanted ones as that allows.

    They lie between `low` and `high` where there is room for all; else they are closer than asked for.
    """
    number = len(wanted)
    apart = min(apart, (high - low) / max(number - 1, 1))
    blocks: list[list[float]] = []  # neighbours that push one another: their wished starts, how many
    for at, wish in enumerate(wanted):
        blocks.append([min(max(wish, low), high) - at * apart, 1.0])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            start, count = blocks.pop()
            blocks[-1] = [
                (blocks[-1][0] * blocks[-1][1] + start * count) / (blocks[-1][1] + count),
                blocks[-1][1] + count,
            ]
    starts = [min(max(start, low), high - (number - 1) * apart) for start, count in blocks for _ in range(int(count))]
    return [start + at * apart for at, start in enumerate(starts)]
