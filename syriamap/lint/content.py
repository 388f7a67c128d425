"""Checks 11 and 13 to 18: whether the picture tells all that it must, and nothing that it cannot know."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING

from ..faults import count
from ..language import list_wordings, read_phrases
from ..model import Box
from ..picture import list_rows
from ..scene.words import long_day
from ..scripts import plain_digits
from ..theatre_file import DASHED, THIN
from .verdicts import Answer, not_applicable, weigh
from .words import furniture_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..save.contract import LegendEntry, Sidecar

DOUBTS = ("contested", "claimed")
TOWN_SIGNS = ("square", "disc", "point")  # a name beside them is enough
TOLD_LINES = {
    "road-piece": "road",
    "cut": "cut",
    "front-before": "front-before",
    "front-guess": "front-guess",
    "stale": "stale",
}  # to rows
CREDITS = ("sources", "data", "credit")
CONFIDENCE = ("high", "medium", "low")
SPARSE_SHARE = 0.1
POINT_NOTES = ("note_control", "note_control_brief", "desert_brief")


def check_key(said: Sidecar) -> Answer:
    """The key explains what is in the frame and nothing else, in the order of its fixed slots (our judgement)."""
    expected = dict.fromkeys([*_parties_in_frame(said), *_signs_in_frame(said)])
    rows = [row["id"] for row in said["legend"]]
    faults = [
        f"{row!r} is in the frame and not in the key; expected a row; add it" for row in expected if row not in rows
    ]
    faults += [
        f"{row!r} is in the key and not in the frame; expected no row; take it out"
        for row in rows
        if row not in expected
    ]
    faults += [
        f"{row!r} stands in the key {rows.count(row)} times; expected once" for row in set(rows) if rows.count(row) > 1
    ]
    faults += list(_out_of_order(said))
    return weigh(f"{count(len(rows), 'row')} for {count(len(expected), 'thing')} in the frame", faults)


def _parties_in_frame(said: Sidecar) -> Iterator[str]:
    """Yield the ids of the rows that land in the frame needs: of a map of two sources those of its differences too."""
    if said["compare"] is None:
        yield from said["palette"]["parties"]
        return
    for patch in said["patches"]:
        yield from list_rows(patch["look"], patch["party"], patch["rival"])


def _signs_in_frame(said: Sidecar) -> Iterator[str]:
    """Yield the ids of the rows that signs, dates, lines and doubts in the frame need."""
    signs = {(marker["kind"], marker["state"]) for marker in said["markers"]}
    yield from (f"base-{state}" for kind, state in sorted(signs) if kind == "base")
    yield from sorted({kind for kind, _ in signs if kind not in (*TOWN_SIGNS, "base")})
    if any(label["chip_px"] for label in said["labels"]):
        yield "date"
    lines = {line["kind"] for line in said["lines"]}
    yield from (row for kind, row in TOLD_LINES.items() if kind in lines)
    looks = {one["look"] for one in (*said["patches"], *said["points"])}
    yield from (look for look in DOUBTS if look in looks)


def _out_of_order(said: Sidecar) -> Iterator[str]:
    """Yield what stands above or before something in the same column or line of the key that has an earlier slot."""
    order = said["key_order"]
    way = -1 if read_phrases(said["lang"])["direction"] == "rtl" else 1
    known = [row for row in said["legend"] if row["id"] in order]
    for one, other in combinations(sorted(known, key=lambda row: order.index(row["id"])), 2):
        (x0, y0), (x1, y1) = (_middle(row) for row in (one, other))
        if (abs(x0 - x1) < 1 and y1 < y0) or (abs(y0 - y1) < 1 and way * x1 < way * x0):
            yield f"{other['id']!r} stands before {one['id']!r} in the key; expected the order of its slots"


def _middle(row: LegendEntry) -> tuple[float, float]:
    box = Box(*row["swatch_px"])
    return box.x0, (box.y0 + box.y1) / 2


def check_as_of(said: Sidecar) -> Answer:
    """The picture says the day of the data, and nothing on it is later (NYT, CNN, Al Jazeera and ISW print the day)."""
    as_of = said["as_of"]
    days = [long_day(date.fromisoformat(as_of), phrases) for phrases in list_wordings(said["lang"])]
    shown = plain_digits(furniture_text(said, "as-of"))
    fault = f"the picture says {shown!r}; expected {days[0]!r} in it; render the map again"
    faults = [] if any(day in shown for day in days) else [fault]
    faults += [
        f"{what} is of {when}; expected nothing after {as_of}; render the map again"
        for what, when in _dated(said)
        if when > as_of
    ]
    return weigh(f"{shown!r}; newest statement of {said['newest_statement'] or 'none'}", faults)


def _dated(said: Sidecar) -> Iterator[tuple[str, str]]:
    """Yield all that has a day, with its ISO day."""
    yield "the newest statement", said["newest_statement"]
    yield from ((f"the chip {event['text']!r} of {event['place']}", event["last"]) for event in said["events"])
    yield from ((f"the loss of {base['name']}", base["lost_on"] or "") for base in said["bases"])


def check_credits(said: Sidecar) -> Answer:
    """Sources, data and credit are on the picture; every source has a title and a day (GOV.UK, Economist, BBC).

    Whose a basemap is, is said where it is used and nowhere else.
    """
    faults = [
        f"the picture has no line {kind!r}; expected one; render the map again"
        for kind in CREDITS
        if not furniture_text(said, kind).strip()
    ]
    faults += [
        f"source {source['title']!r} has the day {source['date']!r}; expected a title and an ISO day; mend its row"
        for source in said["sources"]
        if not source["title"] or not (_is_day(source["date"]) or not source["licence"])  # a file of the user's
    ]
    faults += list(_uncredited(said))
    if not said["sources"]:
        faults.append("no source is listed; expected one at least; name the sources in the control table")
    return weigh(f"{count(len(said['sources']), 'source')} with title and day; {len(CREDITS)} lines looked for", faults)


def _uncredited(said: Sidecar) -> Iterator[str]:
    """Yield what is wrong with the credit of a basemap."""
    basemap, data = said["basemap"], _plain(furniture_text(said, "data"))
    if basemap and basemap["used"] and _plain(basemap["credit"]) not in data:
        yield f"the basemap {basemap['name']} is on the map without its credit {basemap['credit']!r}; render it again"


def _plain(text: str) -> str:
    """Return a text without spaces and signs of direction, which change where it is set."""
    return "".join(letter for letter in plain_digits(text) if letter.isprintable() and not letter.isspace())


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def check_evidence(said: Sidecar) -> Answer:
    """Every date and air base drawn has a source and a confidence (ISW: what is claimed is not what is confirmed)."""
    drawn = {marker["place"] for marker in said["markers"] if marker["kind"] == "base"}
    shown = [
        (f"air base {base['name']}", base["confidence"], base["source"])
        for base in said["bases"]
        if base["place"] in drawn
    ]
    shown += [
        (f"date {event['text']!r} of {event['place']}", event["confidence"], event["source"])
        for event in said["events"]
    ]
    faults = [
        f"{what} has the source {source!r} and the confidence {confidence!r}; expected a source and one of "
        f"{', '.join(CONFIDENCE)}; mend its statement"
        for what, confidence, source in shown
        if not source or confidence not in CONFIDENCE
    ]
    told = {event["place"] for event in said["events"]}
    dated = {label["place"] for label in said["labels"] if label["chip_px"]}
    known = {base["place"] for base in said["bases"]}
    faults += [
        f"the date beside {place} is no event; expected its statement; render the map again"
        for place in sorted(dated - told)
    ]
    faults += [
        f"the air base {place} is drawn and not listed; expected its statement; render the map again"
        for place in sorted(drawn - known)
    ]
    if not shown and not faults:
        return not_applicable("no date and no air base is drawn")
    return weigh(f"{len(shown) - len(faults)} of {count(len(shown), 'date')} and air bases", faults)


def check_doubts(said: Sidecar) -> Answer:
    """Contested and claimed land is never solid, and the key explains the words (ISW and CNN draw such classes).

    Of places drawn as dots: a contested one shows both sides, a claimed one is hollow.
    """
    doubtful = [patch for patch in said["patches"] if patch["look"] in DOUBTS]
    dots = [point for point in said["points"] if point["look"] in DOUBTS]
    if not doubtful and not dots:
        return not_applicable("no contested or claimed land or place in the frame")
    rows = {row["id"]: row for row in said["legend"]}
    faults = [
        f"{patch['look']} land of {patch['party']} has a solid fill somewhere; expected stripes or a hatch; add them"
        for patch in doubtful
        if not patch["pattern"]
    ]
    faults += [
        f"the key does not explain {look!r}; expected a row with words and a pattern; add it"
        for look in sorted({one["look"] for one in (*doubtful, *dots)})
        if look not in rows or not rows[look]["label"] or not rows[look]["pattern"]
    ]
    faults += [
        f"{dot['look']} places of {dot['party']} have a solid dot; expected the rival's half or a hollow one; mend them"
        for dot in dots
        if (not dot["half"] if dot["look"] == "contested" else dot["fill"] not in dot["on"])
    ]
    return weigh(f"{count(len(doubtful) + len(dots), 'kind')} of contested or claimed land or places", faults)


def check_desert(said: Sidecar) -> Answer:
    """Where a tenth of the coloured land is sparse, the notes say what control of it means (our judgement).

    Where places are drawn instead of land, the notes always say that nothing is meant of the land between.
    """
    worded, notes = list_wordings(said["lang"]), furniture_text(said, "notes")
    if said["style"] == "points":
        wordings = [str(phrases["points"][note]) for phrases in worded for note in POINT_NOTES]
        fault = f"the notes do not say {wordings[0]!r}; expected it or its short form; render the map again"
        told = any(wording in notes for wording in wordings)
        drawn = sum(point["count"] for point in said["points"])
        return weigh(f"{count(drawn, 'place')} drawn, no land", [] if told else [fault])
    thin = f"{said['sparse_share']:.1%} of the coloured land is sparse"
    if said["sparse_share"] <= SPARSE_SHARE:
        return not_applicable(thin)
    said_so = said["desert_note"] and said["desert_note"] in notes
    wanted = said["desert_note"] or "what control of it means"
    fault = f"the notes do not say {wanted!r}; expected it; render the map again"
    return weigh(thin, [] if said_so else [fault])


def check_disputed(said: Sidecar) -> Answer:
    """Disputed lines are drawn as the worldview of the map says, and the picture tells that none is endorsed (UN, BBC).

    By most worldviews, that of the United Nations first, an edge of a special area is dashed; another may see a state
    border there, or none: then no dashes are asked for. The disclaimer always is.
    """
    view, lines = said["worldview"], [line for line in said["lines"] if line["kind"] == "disputed"]
    if not view["edges"] and not lines:
        return not_applicable("no disputed line in the frame")
    dashed = {edge["area"] for edge in view["edges"] if edge["style"] in (DASHED, THIN)}
    faults = ["a disputed line is solid; expected it dashed; mend its style" for line in lines if not line["dash"]]
    if bool(dashed) != bool(lines):
        wanted = f"dashes round {', '.join(sorted(dashed))}" if dashed else "no dashes"
        found = f"{count(len(lines), 'look')} of dashed lines by the worldview {view['id']!r}"
        faults.append(f"{found}; expected {wanted}; render the map again")
    if not said["disclaimer"] or said["disclaimer"] not in " ".join(piece["text"] for piece in said["furniture"]):
        faults.append("the picture has no disclaimer beside a disputed line; expected one; render the map again")
    drawn = f"{count(len(view['edges']), 'edge')} by the worldview {view['id']!r}" if view["id"] else "dashed"
    return weigh(f"{count(len(lines), 'look')} of disputed lines, {drawn}, with disclaimer", faults)
