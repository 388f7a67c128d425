"""Checks 7 to 10 and 12: whether everybody can tell the colours apart, and none of them needs to."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, product
from typing import TYPE_CHECKING

from PIL import Image

from ..colour import contrast, distance, least_distance, lightness
from ..faults import count
from ..model import Box
from ..picture import list_rows, swatch_dots
from .verdicts import Answer, not_applicable, weigh
from .words import land_of, list_texts, map_area

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ..save.contract import LegendEntry, LineEntry, PatchEntry, Sidecar, TextEntry

SMALL_TEXT, LARGE_TEXT, GRAPHICS = 4.5, 3.0, 3.0  # contrast
LARGE_CSS_PX, LARGE_BOLD_CSS_PX = 24.0, 18.7
CSS_MIN_PX = 12.0  # what `min_px` is in css px
PLAIN_LINES = ("governorate", "river", "shore", "coast", "road", "pattern")  # they carry no news
STRIPES = ("line contested", "line differs")
APART, FRONT_APART = 10.0, 15.0  # CIEDE2000
NAMED_SHARE = 0.005  # of the map: a party with less land is told by its row of the key
PRINT_THEME, PLAIN_IN_PRINT = "print", 2
SWATCH_APART = 1.0  # CIEDE2000
WEBP_HEAD = 34  # bytes: what is before the pixels, and the name of how they are stored
COMMON_SHARE = 0.1  # of the pixels of a swatch
EDGE_PX = 3.0  # of a swatch: its frame and what is blurred
DOT_INSIDE = 0.65  # of its radius: a square that lies in a dot
MARKLESS, MARKLESS_APART = 2, 15.0  # parties whose dots have no mark, and the lightness (CIE L*) that tells them apart
SEEN_PX = 500.0  # a patch this large is seen between labels, lines and patterns


def check_text_contrast(said: Sidecar) -> Answer:
    """Text has a contrast of 4.5 to its halo or, without one, to what lies beneath; 3 when large (WCAG 2.2, 1.4.3).

    Large is 24 px, or 18.7 px when bold, in css px at the width at which the size is shown.
    """
    texts = list(list_texts(said))
    ratios = [(_ratio(text), _needed(text, said), owner, text) for owner, text in texts]
    faults = [
        f"{owner}: {text['text'][:40]!r}, {text['colour']} on {text['halo'] or text['ground']}, has a contrast of "
        f"{ratio:.2f}; expected {need} at least; darken the text or lighten what lies beneath"
        for ratio, need, owner, text in ratios
        if ratio < need
    ]
    worst = min((ratio / need, ratio, need) for ratio, need, *_ in ratios)
    return weigh(f"{len(faults)} too faint, of {len(texts)}; the least is {worst[1]:.2f} for {worst[2]}", faults)


def _ratio(text: TextEntry) -> float:
    return contrast(text["colour"], text["halo"] or text["ground"])


def _needed(text: TextEntry, said: Sidecar) -> float:
    css_px = text["font_px"] * CSS_MIN_PX / said["min_px"]
    return LARGE_TEXT if css_px >= (LARGE_BOLD_CSS_PX if text["bold"] else LARGE_CSS_PX) else SMALL_TEXT


def check_line_contrast(said: Sidecar) -> Answer:
    """Fronts, borders, the main road, signs and shields, or their casings, have a contrast of 3 to every neighbour.

    WCAG 2.2, 1.4.11. Stripes of contested land have it by a line of their kind between them. Governorates, waters,
    minor roads and a party's own pattern carry no news and are exempt.
    """
    ratios = [
        (max(contrast(one, under) for one in (colour, casing) if one), *pair)
        for pair in _graphics(said)
        for _, under, colour, casing in [pair]
    ]
    faults = [
        f"{what}: {colour}" + (f" with casing {casing}" if casing else "") + f" on {under} has a contrast of "
        f"{ratio:.2f}; expected {GRAPHICS:g} at least; darken the line or give it a casing"
        for ratio, what, under, colour, casing in ratios
        if ratio < GRAPHICS
    ]
    least = min((ratio for ratio, *_ in ratios), default=0.0)
    return weigh(f"{len(faults)} too faint, of {count(len(ratios), 'neighbour')}; the least is {least:.2f}", faults)


def _graphics(said: Sidecar) -> Iterator[tuple[str, str, str, str]]:
    """Yield what is drawn, a colour beside it, its own colour and its casing; each pair of looks once."""
    drawn = [(f"line {line['kind']}", line["on"], line["colour"], line["casing"]) for line in _telling_lines(said)]
    drawn += [
        (f"sign {one['kind']} {one['state']}".strip(), one["on"], one["colour"], one["casing"])
        for one in said["markers"]
    ]
    drawn += [(f"dot {one['look']}", one["on"], one["fill"], one["edge"]) for one in said["points"]]
    drawn += [(f"shield {one['ref']}", one["on"], one["colour"], one["casing"]) for one in said["shields"]]
    pairs = [
        (what, under, colour, casing)
        for what, on, colour, casing in drawn
        for under in on
        if what not in STRIPES or under != colour  # stripes end where land of their own colour begins
    ]
    yield from dict.fromkeys(pairs)


def _telling_lines(said: Sidecar) -> list[LineEntry]:
    """Return the lines that carry news; of each kind of doubt the look that is easiest to see."""
    found = [line for line in said["lines"] if line["kind"] not in PLAIN_LINES]
    doubts = [line for line in found if line["kind"].startswith(("contested", "differs"))]
    best = max(doubts, key=_least_contrast, default=None)
    return [line for line in found if line not in doubts or line is best]


def _least_contrast(line: LineEntry) -> float:
    own = [colour for colour in (line["colour"], line["casing"]) if colour]
    return min((max(contrast(one, under) for one in own) for under in line["on"]), default=0.0)


def check_parties_apart(said: Sidecar) -> Answer:
    """Parties differ by CIEDE2000 10, by 15 when they share a front on any day, or in their pattern, for every eye.

    Normal, protan, deutan and tritan vision by Machado, Oliveira and Fernandes (2009). In the print theme all parties
    but two, by use the government and the largest other, have a pattern.
    """
    parties, fronts = said["palette"]["parties"], {tuple(pair) for pair in said["neighbours"]}
    faults, least = [], (100.0, "normal", "")
    for (one, style), (other, second) in combinations(sorted(parties.items()), 2):
        if style["pattern"] != second["pattern"]:
            continue
        need = FRONT_APART if (one, other) in fronts else APART
        found, vision = least_distance(style["fill"], second["fill"])
        least = min(least, (found, vision, f"{one} and {other}"))
        if found < need:
            faults.append(
                f"{one} {style['fill']} and {other} {second['fill']} are {found:.1f} apart for {vision} vision; "
                f"expected {need:g} at least; change the lightness of one or give it a pattern"
            )
    faults += _plain_in_print(said)
    if len(parties) < 2:
        return not_applicable("fewer than two parties in the frame")
    figure = f"least distance {least[0]:.1f} ({least[2]}, {least[1]})" if least[2] else "every pair differs by pattern"
    return weigh(figure, faults)


def _plain_in_print(said: Sidecar) -> list[str]:
    plain = [party for party, style in said["palette"]["parties"].items() if not style["pattern"]]
    if said["theme"] != PRINT_THEME or len(plain) <= PLAIN_IN_PRINT:
        return []
    return [f"{', '.join(plain)} have no pattern; expected {PLAIN_IN_PRINT} without at most in print; give them one"]


def check_redundancy(said: Sidecar) -> Answer:
    """Every party in the frame is told by a name on its land or by a pattern too, never by colour alone (WCAG 1.4.1).

    A name is that of the party, of its special area, or of the land it occupies. A party with less than half a percent
    of the map has no room for either: the row of the key that names it must do.

    Where places are drawn instead of land no party has land to be named on. Then each needs its row of the key and a
    mark of its own on its dots. Two parties may do without a mark when the dots of one, those of every look, are
    lighter than those of the other by 15 of CIE L*, as grey print shows them.
    """
    if said["style"] == "points":
        return _check_dots_told(said)
    parties = said["palette"]["parties"]
    rows = {word for row in said["legend"] for word in row["id"].split(":")}  # of two sources, a row names two parties
    named = {label["on"] for label in said["labels"] if _tells_party(label["kind"], label["place"], label["on"])}
    faults = []
    for party, style in parties.items():
        large = land_of(said, party) >= NAMED_SHARE * map_area(said)
        if large and party not in named and not style["pattern"]:
            faults.append(f"{party} is told by colour alone; expected its name on its land or a pattern; add one")
        elif not large and party not in named | rows and not style["pattern"]:
            faults.append(f"{party} has neither name, pattern nor row of the key; expected one; add its row")
    return weigh(f"{len(parties) - len(faults)} of {len(parties)} parties told by name or pattern too", faults)


def _check_dots_told(said: Sidecar) -> Answer:
    parties, rows = said["palette"]["parties"], {row["id"]: row for row in said["legend"]}
    faults = [f"{party} has no row of the key; expected one; add it" for party in parties if party not in rows]
    marks = {party: style["mark"] for party, style in parties.items() if style["mark"]}
    plain = [party for party in parties if party not in marks]
    faults += [
        f"{one} and {other} have the same mark {mark!r} on their dots; expected two; change one"
        for (one, mark), (other, second) in combinations(sorted(marks.items()), 2)
        if mark == second
    ]
    faults += [
        f"{party} has a mark on its dots and none in the key; expected the same; render the map again"
        for party, mark in marks.items()
        if party in rows and rows[party]["pattern"].partition(":")[0] != mark
    ]
    if len(plain) > MARKLESS:
        faults.append(f"{', '.join(plain)} have no mark on their dots; expected {MARKLESS} at most; give them one")
    for one, other in combinations(sorted(plain), 2):
        apart = min(
            (abs(lightness(a) - lightness(b)) for a, b in product(_dots(said, one), _dots(said, other))), default=100.0
        )
        if apart < MARKLESS_APART:
            faults.append(
                f"the dots of {one} and {other} differ by {apart:.1f} in lightness; expected {MARKLESS_APART:g} "
                "at least without marks; give one a mark"
            )
    return weigh(
        f"{len(marks)} of {len(parties)} parties told by a mark on their dots, the others by lightness", faults
    )


def _dots(said: Sidecar, party: str) -> set[str]:
    """Return the colours of a party's dots, those of doubtful places left out."""
    return {
        dot["fill"] for dot in said["points"] if dot["party"] == party and dot["look"] not in ("contested", "claimed")
    }


def _tells_party(kind: str, place: str, on: str) -> bool:
    return place == f"party:{on}" or (bool(on) and (kind == "occupied" or place.startswith("area:")))


def check_swatches(said: Sidecar, picture: Path | None) -> Answer:
    """A swatch of the key has the colour of the land it explains: CIEDE2000 1 at most (our judgement).

    Pixels are compared when the picture is there and is made of pixels.
    """
    rows = [row for row in said["legend"] if row["kind"] in ("fill", "point")]
    if not rows:
        return not_applicable("the key has no swatches")
    faults = [fault for row in rows for fault in _foreign_colours(said, row)]
    if picture is None or (why := _is_inexact(picture)):
        why = "the picture is not there" if picture is None else why
        return weigh(f"{len(rows)} swatches compared by the sidecar alone: {why}", faults)
    with Image.open(picture) as file:
        image = file.convert("RGBA").convert("RGB")
    apart = [(found, row["id"], colour, drawn) for row in rows for found, colour, drawn in _drawn(image, row)]
    faults += [
        f"swatch {row!r} is drawn {drawn}; expected {colour} (they are {found:.1f} apart); render the map again"
        for found, row, colour, drawn in apart
        if found > SWATCH_APART
    ]
    faults += _unseen(image, said)
    worst = max(found for found, *_ in apart)
    return weigh(f"{len(apart)} colours of {len(rows)} swatches, the farthest {worst:.2f} off", faults)


def _is_inexact(picture: Path) -> str:
    """Return why the pixels of a picture are not those that were drawn, "" when they are."""
    form = picture.suffix.removeprefix(".").casefold()
    if form in ("svg", "pdf"):
        return f"a {form.upper()} has no pixels"
    if form in ("jpg", "jpeg"):
        return "a JPEG only comes near its colours"
    if form == "webp":
        with picture.open("rb") as file:
            return "" if b"VP8L" in file.read(WEBP_HEAD) else "a WebP with loss only comes near its colours"
    return ""


def _foreign_colours(said: Sidecar, row: LegendEntry) -> Iterator[str]:
    """Yield the colours of a swatch that no land it explains has."""
    drawn = (*said["patches"], *said["points"])
    fills = {one["fill"] for one in drawn if row["id"] in (one["party"], one["look"])}
    if said["compare"] is not None:
        fills |= {one["fill"] for one in said["patches"] if row["id"] in list_rows(*_key(one))}
        fills |= {style["fill"] for party, style in said["palette"]["parties"].items() if party == row["id"]}
    for colour in row["colours"]:
        nearest = min((distance(colour, fill) for fill in fills), default=100.0)
        if nearest > SWATCH_APART:
            yield (
                f"swatch {row['id']!r} shows {colour}, {nearest:.1f} from any land of it on the map; "
                f"expected one of {', '.join(sorted(fills)) or 'none'}; mend the key"
            )


def _key(patch: PatchEntry) -> tuple[str, str, str]:
    return patch["look"], patch["party"], patch["rival"]


def _drawn(image: Image.Image, row: LegendEntry) -> Iterator[tuple[float, str, str]]:
    """Yield how far each colour of a swatch is from the commonest pixel of its part, the colour, and that pixel.

    Of a part with a pattern the nearest of the common ones counts: stripes may take more of it than the fill.
    """
    for inner, colour in zip(_insides(row), row["colours"], strict=True):
        counts = Counter(_pixels(image, inner))
        least = COMMON_SHARE * counts.total() if row["pattern"] else max(counts.values())
        common = [pixel for pixel, number in counts.most_common() if number >= least] or [counts.most_common(1)[0][0]]
        yield min((distance(colour, pixel), colour, pixel) for pixel in common)


def _insides(row: LegendEntry) -> list[Box]:
    """Return the part of a swatch inside each of its colours: in a dot the left half of a square."""
    box, parts = Box(*row["swatch_px"]), len(row["colours"])
    if row["kind"] == "point":
        dots = [(x, y, DOT_INSIDE * radius) for (x, y), radius in swatch_dots(box, parts)]
        return [Box(x - reach, y - reach, x - reach / 4, y + reach) for x, y, reach in dots]
    wide = box.width / parts
    lefts = [box.x0 + at * wide for at in range(parts)]
    edge = min(EDGE_PX, wide / 4, box.height / 4)
    return [Box(left + edge, box.y0 + edge, left + wide - edge, box.y1 - edge) for left in lefts]


def _pixels(image: Image.Image, box: Box) -> dict[str, int]:
    """Return how often each colour occurs in a box of the picture."""
    x0, y0 = round(box.x0), round(box.y0)
    part = image.crop((x0, y0, max(round(box.x1), x0 + 1), max(round(box.y1), y0 + 1)))
    counts = part.getcolors(part.width * part.height) or []
    return {"#{:02X}{:02X}{:02X}".format(*colour): number for number, colour in counts}  # type: ignore[misc]


def _unseen(image: Image.Image, said: Sidecar) -> list[str]:
    """Return the fills of larger patches that are nowhere in the picture."""
    seen = {colour.casefold() for colour in _pixels(image, Box(*said["map_box_px"]))}
    return [
        f"{patch['fill']} of {patch['party']} ({patch['look']}) is nowhere on the map; expected its land in it; "
        "render the map again"
        for patch in said["patches"]
        if patch["seen_px"] > SEEN_PX and patch["fill"].casefold() not in seen
    ]
