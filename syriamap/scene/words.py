"""Every sentence of a map, made from phrases and data; nothing later than the day leaks in."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from ..errors import WordsError
from ..limits import WORDS_LETTERS
from ..picture import SourceCredit
from ..scripts import describe_unprintable, isolated
from ..theatre import OWN_AREAS
from .evidence import read_backing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..edition import Edition
    from ..model import Box, Control, SourceFile
    from ..picture import Base, Words
    from ..sizes import Size
    from .text import Pen
    from .view import View

ALT_SHORTEST, ALT_LONGEST = 40, 250  # letters of an alt text
LEAST_MAP_PX = 40  # of the map itself: less shows nothing
SEVERAL_LINES = ("caption", "description")  # what may have several lines: it stands beside the picture
FACTS = "facts"  # the licence of what outlets report
PREPARED = "prepared"  # layers made from others, which have their credit already


def long_day(day: date, phrases: Mapping[str, Any]) -> str:
    """Return "5 December 2024"."""
    return _write_day("day_long", day, phrases)


def short_day(day: date, phrases: Mapping[str, Any]) -> str:
    """Return "5 Dec"."""
    return _write_day("day_short", day, phrases)


def plain_day(day: date, phrases: Mapping[str, Any]) -> str:
    """Return "5 December"."""
    return _write_day("day_plain", day, phrases)


def _write_day(pattern: str, day: date, phrases: Mapping[str, Any], **more: str) -> str:
    return _fill_day(str(phrases[pattern]), day, phrases, **more)


def _fill_day(pattern: str, day: date, phrases: Mapping[str, Any], **more: str) -> str:
    months, short = phrases["months"][day.month - 1], phrases["months_short"][day.month - 1]
    words = {"day": day_number(day, phrases), "n": day.month, "month": months, "mon": short, "year": day.year}
    return pattern.format(**words, **more)


def day_number(day: date, phrases: Mapping[str, Any]) -> str:
    """Return the day of the month as the language writes it."""
    return str(phrases.get("day_numbers", {}).get(str(day.day), day.day))


def chip_text(first: date, last: date, phrases: Mapping[str, Any]) -> str:
    """Return "5 Dec", "29–30 Nov" or "30 Nov–1 Dec"."""
    if first == last:
        return short_day(last, phrases)
    if first.month == last.month:
        return _write_day("days_short", last, phrases, first=day_number(first, phrases))
    return f"{short_day(first, phrases)}–{short_day(last, phrases)}"


def as_of_line(on: date, last: date, phrases: Mapping[str, Any], *, brief: bool = False) -> str:
    """Return the sentence that says which evening the map shows, and how old its knowledge is beyond the `last` day."""
    age = (on - last).days
    if age > 0:
        return str(phrases["as_of_carried"]).format(day=long_day(on, phrases), age=age, last=long_day(last, phrases))
    return str(phrases["as_of_brief" if brief else "as_of"]).format(day=long_day(on, phrases))


def bases_lines(bases: Sequence[Base], on: date, since: date, phrases: Mapping[str, Any]) -> list[str]:
    """Return how many air bases were lost since a day, first with their names and days, then without.

    Nothing when the map's day is before it, or the theatre knows no air bases.
    """
    if on < since or not bases:
        return []
    lost = [base for base in bases if base.status == "lost" and base.lost_on >= since.isoformat()]
    day = plain_day(since, phrases)
    if not lost:
        return [str(phrases["bases_none"]).format(since=day)]
    number = phrases["numbers"][len(lost)] if len(lost) < len(phrases["numbers"]) else str(len(lost))
    phrase = str(phrases["bases_lost" if len(lost) > 1 else "base_lost"])
    short = phrase.format(count=number.capitalize(), since=day)
    names = [
        str(phrases["on_day"]).format(
            what=join([base.name for base in lost if base.lost_on == iso], phrases),
            day=short_day(date.fromisoformat(iso), phrases),
        )
        for iso in sorted({base.lost_on for base in lost})
    ]
    return [str(phrases["listed"]).format(sentence=short.rstrip(".。"), names=phrases["comma"].join(names)), short]


def road_line(stretch: Sequence[str], ref: str, phrases: Mapping[str, Any]) -> str:
    """Return from where to where the advancing side holds the main road, by the names of the places along it."""
    if not stretch:
        return ""
    if len(stretch) == 1:
        return str(phrases["road_cut"]).format(ref=ref, place=stretch[0])
    return str(phrases["road_held"]).format(ref=ref, start=stretch[0], end=stretch[-1])


def headline(view: View, on: date, phrases: Mapping[str, Any], *, ours: bool) -> str:
    """Return the headline of the day. Ours belong to the embedded table alone; any other map gets the plain title."""
    lines = phrases["headlines"].get(view.name, {}) if ours else {}
    return str(lines.get(on.isoformat(), phrases[view.title])).format(name=view.about)


def headlines(view: View, phrases: Mapping[str, Any], *, ours: bool) -> list[str]:
    """Return every headline that a view can have."""
    lines = phrases["headlines"].get(view.name, {}) if ours else {}
    return [*map(str, lines.values()), str(phrases[view.title]).format(name=view.about)]


def credits_of(
    statements: Sequence[str], control: Control, files: Sequence[SourceFile]
) -> tuple[list[SourceCredit], list[str]]:
    """Return every credited source with its date, and the outlets' names, the most used first."""
    behind = read_backing(control)
    used = sorted((behind[one] for one in statements), key=lambda one: one.row)
    uses: Counter[str] = Counter()
    newest: dict[str, str] = {}
    urls: dict[str, str] = {}
    for which in (0, 1):
        for one in used:
            outlet, link = one.outlets[which]
            if outlet in control.outlets and control.outlets[outlet].printable:
                name = control.outlets[outlet].name
                uses[name] += 1
                urls.setdefault(name, link)
                newest[name] = max(newest.get(name, ""), one.said.date)
    names = sorted(uses, key=lambda name: (-uses[name], name))
    found = [SourceCredit(name, urls[name], FACTS, newest[name]) for name in names]
    found += [SourceCredit(file.credit, "", file.licence, file.taken) for file in _one_per_credit(files)]
    return found, names


def _one_per_credit(files: Sequence[SourceFile]) -> list[SourceFile]:
    return list({file.credit: file for file in files if file.credit and file.layer != PREPARED}.values())


def sources_line(
    names: Sequence[str], phrases: Mapping[str, Any], pen: Pen, room_px: float, *, brief: bool = False
) -> str:
    """Return the credit line of the outlets: as many names as find room, then how many more there are.

    Where there is none, that is said: general knowledge is no report.
    """
    if not names:
        return str(phrases["sources_none"])
    whole = str(phrases["sources"]).format(outlets=_listed(names, phrases))
    if len(names) < 20 and pen.width(whole, "note") <= room_px:
        return whole
    more = str(phrases["sources_more_brief" if brief else "sources_more"])
    room_px -= pen.width(more.format(outlets="", more=len(names)), "note")
    count = 0
    while count < len(names) - 1 and room_px > 0:
        room_px -= pen.width(names[count] + phrases["comma"], "note")
        count += room_px > 0
    count = max(count, 1)
    shown = _listed(names[:count], phrases)
    return more.format(outlets=shown, more=len(names) - count)


def _listed(names: Iterable[str], phrases: Mapping[str, Any]) -> str:
    """Return names with commas between them, each the way it runs itself."""
    rtl = phrases["direction"] == "rtl"
    return str(phrases["comma"]).join(isolated(name) if rtl else name for name in names)


def data_line(
    files: Sequence[SourceFile], drawn: Sequence[str], phrases: Mapping[str, Any], *, size: Size, basemap: str = ""
) -> str:
    """Return who made the layers that are drawn, each maker once, and the day the layers were taken.

    `basemap` is whose the basemap is, "" without one; it is named on the smallest pictures too.
    """
    used = [file for layer in drawn for file in files if file.layer == layer]
    own = [file for file in files if file.layer == OWN_AREAS]
    below = {basemap: None} if basemap else {}
    if not [*own, *used] and not basemap:
        return ""
    mine = [str(phrases["data_boundaries"]).format(maker=file.credit) for file in own]
    makers = dict.fromkeys([*mine, *(maker.strip() for file in used for maker in file.credit.split(";"))])
    taken = max((file.taken for file in used), default="")
    if not taken:  # of a file of the user's nobody knows the day
        return str(phrases["rights"]).format(holders=_listed({**makers, **below}, phrases))
    day = short_day_of(taken, phrases)
    if size.tiny:
        named = _listed({**dict.fromkeys([*makers][:1]), **below}, phrases)
        return str(phrases["data_tiny"]).format(layers=named, taken=day)
    named = _listed({**makers, **below}, phrases)
    return str(phrases["data_brief" if size.brief else "data"]).format(layers=named, taken=day)


def short_day_of(iso: str, phrases: Mapping[str, Any], *, first: date | None = None) -> str:
    """Return "22 Nov 2026" for an ISO day; "20–22 Nov 2026" from the `first` day of the same month."""
    pattern = str(phrases["day_year"])
    span = pattern.replace("{day}", "{first}–{day}") if first else pattern
    return _fill_day(span, date.fromisoformat(iso), phrases, first=day_number(first, phrases) if first else "")


def join(words: Sequence[str], phrases: Mapping[str, Any]) -> str:
    """Return "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    special = phrases.get("and_before", {}).items()
    joint = next((joint for start, joint in special if words[-1].lower().startswith(start)), phrases["and"])
    return str(phrases["comma"]).join(words[:-1]) + str(joint) + words[-1]


def check_room(*texts: str | None) -> None:
    """Raise WordsError for words around the map that would leave it no room."""
    letters = sum(len(text or "") for text in texts)
    if letters > WORDS_LETTERS:
        said = f"title, subtitle, caption and credit have {letters:,} letters together"
        raise WordsError(
            f"{said}; expected {WORDS_LETTERS:,} at most: say more in the description, which is read aloud"
        )


def check_map_room(box: Box) -> None:
    """Raise WordsError where the words around the map, those of data among them, have left it no room."""
    if min(box.width, box.height) < LEAST_MAP_PX:
        found = f"the words around the map leave it {max(box.width, 0):.0f} x {max(box.height, 0):.0f} px"
        way_out = "shorten the title or the credit, labels of parties, or the makers in sources.toml"
        raise WordsError(f"{found}; expected {LEAST_MAP_PX} px each way at least; {way_out}")


def check_printable(words: Mapping[str, Any]) -> None:
    """Raise WordsError for words of the user's, by what they are, with signs that no picture carries."""
    for what, text in words.items():
        if said := describe_unprintable(str(text or ""), lines=what in SEVERAL_LINES):
            raise WordsError(f"the {what.replace('_', ' ')} {said}")


def check_alt(alt: str, caption: str = "") -> str:
    """Return the user's alt text, "" for ours.

    Raises WordsError when it is too short, too long or the caption again.
    """
    if alt and not ALT_SHORTEST <= len(alt) <= ALT_LONGEST:
        wanted = f"expected {ALT_SHORTEST} to {ALT_LONGEST}"
        way_out = "say type, day and finding" if len(alt) < ALT_SHORTEST else "say more in the description"
        raise WordsError(f"the alt text has {len(alt)} letters; {wanted}: {way_out}")
    if alt and alt == caption:
        raise WordsError("the alt text is the caption again; expected what is seen, not what it means")
    return alt


def in_figures(words: Words, pen: Pen) -> Words:
    """Return every sentence with its numbers in the digits of the map."""
    told = {name: getattr(words, name) for name in ("title", "subtitle", "as_of", "sources", "data", "alt")}
    told |= {name: getattr(words, name) for name in ("credit", "disclaimer", "description", "caption", "rights")}
    return replace(
        words, notes=tuple(map(pen.figures, words.notes)), **{name: pen.figures(text) for name, text in told.items()}
    )


def credit_of(credit: str, phrases: Mapping[str, Any]) -> str:
    """Return the user's credit, if any, before ours."""
    return " · ".join(part for part in (credit, phrases["credit"]) if part)


def notes_of(
    phrases: Mapping[str, Any], base_day: str, follow: str, *, sparse: bool, size: Size, roads: bool, drawn: bool
) -> list[str]:
    """Return the notes: how control was mapped, when a base counts as lost, what control of a desert means.

    `base_day` is "" where the theatre knows no air bases, `follow` who named what could be next, "" for nothing marked;
    `roads` tells whether it has roads, `drawn` whether rows of the table have drawn land of their own.
    """
    desert = [desert_note(phrases, size)] if sparse else []
    named = [str(phrases["note_next"]).format(source=follow)] if follow else []
    if size.tiny:
        return [*named, *desert]
    if size.brief:
        return [str(phrases["note_drawn_brief" if drawn else "note_control_brief"]), *named, *desert]
    rough = [str(phrases["note_roads"])] if roads else []
    lost = [str(phrases["note_bases"]).format(base_day=base_day)] if base_day else []
    return [str(phrases["note_drawn" if drawn else "note_control"]), *rough, *lost, *named, *desert]


def desert_note(phrases: Mapping[str, Any], size: Size) -> str:
    """Return what control of land with few people means."""
    return str(phrases["desert_brief" if size.brief else "desert"])


def edition_notes(edition: Edition, phrases: Mapping[str, Any], size: Size) -> list[str]:
    """Return which version this is, what it corrects and what it replaces; nothing where nobody numbered it.

    On the smallest pictures there is room to say no more than that it corrects.
    """
    if size.tiny and edition.correction:
        return [str(phrases["edition_corrected"]).format(number=edition.number)]
    told = [str(phrases["edition"]).format(number=edition.number)] if edition.number else []
    told += [str(phrases["correction"]).format(text=edition.correction.rstrip("."))] if edition.correction else []
    return told + ([str(phrases["replaces"]).format(name=edition.replaces)] if edition.replaces else [])


def rights_of(files: Sequence[SourceFile], drawn: Sequence[str], phrases: Mapping[str, Any], basemap: str = "") -> str:
    """Return whose data the layers that are drawn are, and under which licences; facts are nobody's.

    `basemap` is whose the basemap is, "" without one.
    """
    used = [file for layer in drawn for file in files if file.layer == layer and file.licence != FACTS]
    licences = {file.credit: file.licence for file in used if file.credit}
    named = [str(phrases["licensed"]).format(holder=holder, licence=one) for holder, one in licences.items()]
    named += [basemap] if basemap and basemap not in licences else []
    return str(phrases["rights"]).format(holders=str(phrases["semicolon"]).join(named)) if named else ""


def caption_of(phrases: Mapping[str, Any], title: str, as_of: str, bases: str, sources: str) -> str:
    """Return the caption: the finding, the day, the bases, the sources."""
    sentences = {"title": title, "as_of": as_of.rstrip("."), "bases": bases, "sources": sources}
    return " ".join(str(phrases["caption"]).format(**sentences).split())
