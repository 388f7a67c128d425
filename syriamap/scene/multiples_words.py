"""The sentences of a sheet: title, as-of days, notes, sources, alt text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..picture import Words
from ..scripts import run_on
from .backdrop import credit_below
from .disputed import disclaimer_of
from .layout import sources_room
from .words import (
    caption_of,
    credit_of,
    credits_of,
    data_line,
    edition_notes,
    long_day,
    rights_of,
    short_day,
    short_day_of,
    sources_line,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from ..picture import Scene
    from .frame import Frame
    from .text import Pen

SPARSE_NOTE_SHARE = 0.1
BEYOND = 0.3  # of the width of a map


def span_words(days: Sequence[date], phrases: Mapping[str, Any]) -> str:
    """Return "26 Nov–8 Dec 2024", "1–5 Dec 2024" or, for one day, "5 December 2024"."""
    first, last = days[0], days[-1]
    if first == last:
        return long_day(first, phrases)
    if (first.year, first.month) == (last.year, last.month):
        return short_day_of(last.isoformat(), phrases, first=first)
    whole = [short_day_of(day.isoformat(), phrases) for day in (first, last)]
    if first.year == last.year:
        ahead = str(phrases["day_year"]).startswith("{year}")
        whole = [whole[0], short_day(last, phrases)] if ahead else [short_day(first, phrases), whole[1]]
    return "–".join(whole)


def count_words(number: int, phrases: Mapping[str, Any]) -> str:
    """Return "thirteen": a number in words, in figures where the language has none for it."""
    words = phrases["numbers"]
    return str(words[number]) if number < len(words) else str(number)


def series_title(days: Sequence[date], frame: Frame) -> str:
    """Return the user's title, or ours: how many days in a row, who held what, and where."""
    if frame.order.title:
        return frame.order.title
    words, view = frame.phrases["products"], frame.view
    where = str(words["where"][view.title]).format(name=view.about)
    row = len(days) == (days[-1] - days[0]).days + 1
    kind = "title_day" if len(days) == 1 else "title_row" if row else "title_days"
    return _begin(str(words[kind]).format(count=count_words(len(days), frame.phrases), where=where))


def _begin(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def sheet_words(scenes: Sequence[Scene], frame: Frame, pen: Pen, width: float) -> Words:
    """Return every sentence of a sheet whose notes have so much room, from the statements of all its days."""
    phrases, order, materials = frame.phrases, frame.order, frame.materials
    words, days, size = phrases["products"], [scene.on for scene in scenes], pen.size
    span = span_words(days, phrases)
    used = sorted({statement for scene in scenes for statement in scene.statements})
    outlets = credits_of(used, materials.control, materials.sources)[1]
    dots = order.style == "points"
    as_of = str(words["as_of_points" if dots else "as_of"]).format(days=span)
    thin = size.tiny if dots else any(scene.sparse_share > SPARSE_NOTE_SHARE for scene in scenes)
    notes = edition_notes(order.edition, phrases, size)
    notes += [phrases["note_control_brief"]] if not size.tiny else []
    notes += [phrases["desert_brief" if size.brief else "desert"]] if thin else []
    title, drawn = series_title(days, frame), materials.theatre["credits"]["drawn"]
    basemap = max(credit_below(scene.backdrop) for scene in scenes)
    sources = sources_line(outlets, phrases, pen, sources_room(pen, width), brief=size.brief)
    told = {"count": count_words(len(days), phrases), "days": span}
    return Words(
        title=title,
        subtitle=order.subtitle,
        as_of=as_of,
        notes=tuple(map(str, notes)),
        sources=sources,
        data=data_line(materials.sources, drawn, phrases, size=size, basemap=basemap),
        credit=credit_of(order.credit, phrases),
        disclaimer=disclaimer_of(frame.materials, phrases) if _is_disputed(frame) else "",
        alt=_begin(str(words["alt_sheet"]).format(**told)),
        description=run_on(dict.fromkeys((scenes[0].words.alt, scenes[-1].words.alt))),
        caption=caption_of(phrases, title, as_of, "", sources),
        rights=rights_of(materials.sources, drawn, phrases, basemap),
    )


def _is_disputed(frame: Frame) -> bool:
    """Return whether a disputed line can show: the small maps may see a little more than the large one."""
    window = frame.camera.window.buffer(BEYOND * frame.camera.extent.width)
    return bool(frame.materials.boundaries.areas.geometry.intersects(window).any())
