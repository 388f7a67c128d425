"""What may stand in the theatre.toml of a project: tables, their keys, what stands for those left out, and rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from .errors import DataError, suggest
from .tomls import TomlFile, join_keys, load_toml

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    Table = dict[str, Any]
    At = tuple[str | int, ...]

INSIDE = "inside"  # what lies across an edge of a special area where it is no neighbour
DASHED, SOLID, THIN = "dashed", "solid", "thin"
STYLES = (SOLID, DASHED, THIN, "none")  # how such an edge is drawn
EDGES = ("west", "south", "east", "north")
KINDS = ("country", "water", "occupied")  # of names in the second place of a map: each has a type of its own
SIDES = ("n", "ne", "e", "se", "s", "sw", "w", "nw")  # of a sign, where its name can stand
VIEW_LETTERS = 60
MOST_DAYS = 36_525  # a century
FIRST_YEAR = 1000
MUST = object()  # stands for a value that nothing can stand for


@dataclass(frozen=True, slots=True)
class Rule:
    """What stands for a key that is left out, which values fit, and what to say of others."""

    usual: object
    fits: Callable[[object], bool]
    expected: str


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_named(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_named, value))


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _is_day(value: object) -> bool:
    return type(value) is date and value.year >= FIRST_YEAR


def _is_number(low: float, high: float, value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high


def _is_count(value: object) -> bool:
    return isinstance(value, int) and _is_number(0, MOST_DAYS, value)


def _is_side(value: object) -> bool:
    return value in ("e", "w")


def _is_style(value: object) -> bool:
    return value in STYLES


def _are_sides(value: object) -> bool:
    return isinstance(value, dict) and all(
        isinstance(one, str) and one.removesuffix("+") in SIDES for one in value.values()
    )


def _are_points(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_point, value))


def _is_point(value: object) -> bool:
    pair = value if isinstance(value, list) and len(value) == 2 else [None, None]
    return _is_number(-180, 180, pair[0]) and _is_number(-90, 90, pair[1])


def _is_frame(value: object) -> bool:
    """Return whether a value is a box of degrees."""
    if not isinstance(value, dict) or set(value) != set(EDGES):
        return False
    corners = [[value["west"], value["south"]], [value["east"], value["north"]]]
    return all(map(_is_point, corners)) and value["west"] < value["east"] and value["south"] < value["north"]


def _are_legs(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_is_leg, value))


def _is_leg(value: object) -> bool:
    ends = value if isinstance(value, dict) else {}
    return set(ends) == {"from", "to"} and all(map(_is_named, ends.values())) and ends["from"] != ends["to"]


def _are_names(value: object) -> bool:
    return isinstance(value, dict) and "en" in value and all(map(_is_named, value.values()))


def _are_lines(value: object) -> bool:
    return isinstance(value, dict) and all(one and _are_texts(one) for one in value.values())


@lru_cache(maxsize=16)
def _find_crs(value: str) -> Any:  # noqa: ANN401  # a Transformer of pyproj
    """Return the way from degrees to a CRS in metres, None for a text that names none."""
    from pyproj import CRS, Transformer
    from pyproj.exceptions import ProjError

    try:
        crs = CRS.from_user_input(value)
        metres = crs.is_projected and all(axis.unit_name == "metre" for axis in crs.axis_info)
        return Transformer.from_crs("EPSG:4326", crs, always_xy=True) if metres else None
    except (ProjError, ValueError):
        return None


def _is_crs(value: object) -> bool:
    return isinstance(value, str) and _find_crs(value) is not None


def _may_be_crs(value: object) -> bool:
    return value == "" or _is_crs(value)


TEXT, TEXTS = (
    partial(Rule, fits=_is_text, expected="a text"),
    partial(Rule, fits=_are_texts, expected="a list of texts"),
)
COUNT = partial(Rule, fits=_is_count, expected=f"a whole number of days from 0 to {MOST_DAYS}")
SCALE = Rule(1.0, partial(_is_number, 0.1, 10), "a number from 0.1 to 10")
FLAG, NAMED = partial(Rule, fits=_is_flag, expected="true or false"), Rule(MUST, _is_named, "a text")
DAY = partial(Rule, fits=_is_day, expected=f"a day such as 2024-12-05, without quotes, from the year {FIRST_YEAR} on")
DEGREES = "in degrees, west before east"
FRAME = Rule(MUST, _is_frame, f"{{ west = ..., south = ..., east = ..., north = ... }} {DEGREES}")
A_CRS = "a CRS in metres that can be drawn in, such as +proj=lcc +lat_1=33 +lat_2=36 +lat_0=35 +lon_0=37 +datum=WGS84"
NAMES = Rule(MUST, _are_names, 'names by language, as { en = "...", ar = "..." }')
IN_LINES = Rule({}, _are_lines, 'the same in lines, as { en = ["...", "..."] }')

TABLES: dict[str, dict[str, Rule]] = {  # those that a project may leave out, or any key of them that is no MUST
    "crs": {"map": Rule(MUST, _is_crs, A_CRS), "area": Rule("", _may_be_crs, f"{A_CRS}, or nothing")},
    "time": {"offensive_start": DAY(MUST), "base_date": DAY(None), "mark_days": COUNT(3), "carry_days": COUNT(7)},
    "bases": {"story": TEXTS([]), "losing_users": TEXTS([])},
    "control": {"unknown": Rule("unknown", _is_named, "a text")},
    "country": {"capital": TEXT("")},
    "credits": {"drawn": TEXTS(["boundaries", "water", "roads", "places"])},
    "gains": {"blocs": TEXTS([])},
    "free_view": {
        "main_road": TEXT(""),
        "kinds": TEXTS(["city", "town", "district", "village"]),
        "facilities": TEXTS(["port", "oil-field", "gas-field", "refinery", "dam", "crossing"]),
        "sign_scale": Rule(0.9, SCALE.fits, SCALE.expected),
    },
}
VIEW = {
    "frame": FRAME,
    "main_road": TEXT(""),
    "roads": TEXTS([]),
    "places": TEXTS([]),
    "facilities": TEXTS([]),
    "bases": TEXTS([]),
    "sign_scale": SCALE,
    "dated": FLAG(True),
    "priority": TEXTS([]),
    "axis": FLAG(False),
    "sides": Rule({}, _are_sides, f"a table of places, each with one of {', '.join(SIDES)}, with + for a date beside"),
}
OPTIONAL: dict[str, dict[str, Rule]] = {  # tables that are there whole or not at all
    "axis": {
        "road": NAMED,
        "legs": Rule(MUST, _are_legs, "a list of { from = PLACE, to = another PLACE }"),
        "side": Rule(MUST, _is_side, '"e" or "w"'),
        "offset": Rule(MUST, partial(_is_number, -1000, 1000), "a number from -1000 to 1000"),
    },
    "next": {"day": DAY(MUST), "places": TEXTS(MUST), "source": NAMED},
    "relief": {edge: Rule(MUST, partial(_is_number, -180, 180), "a number of degrees") for edge in EDGES},
}
NAME = {
    "kind": Rule(MUST, lambda value: value in KINDS, f"one of {', '.join(KINDS)}"),
    "area": Rule(None, _is_named, "the id of a special area"),
    "name": NAMES,
    "lines": IN_LINES,
    "at": Rule([], _are_points, "a list of points [LON, LAT] in degrees"),
}
WORLDVIEW = {
    "policy": TEXT(""),
    "disclaimer": TEXT(""),
    "edges": Rule({}, lambda value: isinstance(value, dict), "a table of special areas"),
    "names": Rule({}, lambda value: isinstance(value, dict), "a table of special areas"),
    "plain": TEXTS([]),
}
LISTS = ("views", "names", "worldviews")


def fill_in(rules: dict[str, Rule]) -> Table:
    """Return what stands for the keys of a table that are left out."""
    return {key: rule.usual for key, rule in rules.items() if rule.usual is not MUST and rule.usual is not None}


def read_theatre_file(path: Path) -> Table:
    """Return what a project's theatre.toml says, what it leaves out filled in. Raises DataError with every fault."""
    text, told = load_toml(path, "a theatre")
    file = TomlFile(str(path), text)
    file.names((), told, (*TABLES, *OPTIONAL, *LISTS))
    filled: Table = {name: _fill(file, (name,), told.get(name, {}), rules) for name, rules in TABLES.items()}
    filled |= {name: _fill(file, (name,), told[name], rules) for name, rules in OPTIONAL.items() if name in told}
    filled["views"] = _fill_each(file, "views", told, VIEW)
    for name in filled["views"]:
        if not name.strip() or len(name) > VIEW_LETTERS:
            said = f"the name of a view has {len(name)} letters; expected 1 to {VIEW_LETTERS}: files are named by it"
            file.fault(("views", name), None, said)
    if not filled["views"]:
        file.fault(("views",), None, f"no view; expected at least one [views.NAME] with frame = {FRAME.expected}")
    filled["names"] = _fill_names(file, told.get("names", []))
    if "relief" in told and not _is_frame(filled["relief"]):
        file.fault(("relief",), None, f"expected west, south, east and north {DEGREES}")
    if "worldviews" in told:
        filled["worldviews"] = _fill_each(file, "worldviews", told, WORLDVIEW)
        _check_worldviews(file, filled["worldviews"])
    if not file.faults:
        _check_frames(file, filled)
    if file.faults:
        raise DataError(sorted(file.faults, key=lambda fault: fault.line or 0))
    time = filled["time"]
    time.setdefault("base_date", time["offensive_start"] - timedelta(days=1))
    return filled


def _table(file: TomlFile, at: At, value: object) -> Table:
    if isinstance(value, dict):
        return value
    file.fault(at, value, f"expected a table [{join_keys(at)}]")
    return {}


def _fill(file: TomlFile, at: At, value: object, rules: dict[str, Rule]) -> Table:
    """Return a table with what it leaves out; keys that nobody knows, values that do not fit and gaps are noted."""
    if not isinstance(value, dict):
        _table(file, at, value)
        return fill_in(rules)
    file.names(at, value, list(rules))
    for key, rule in rules.items():
        if key in value and not rule.fits(value[key]):
            file.fault((*at, key), value[key], f"expected {rule.expected}")
        elif key not in value and rule.usual is MUST:
            file.fault((*at, key), None, f"is missing; expected {rule.expected}")
    return {**fill_in(rules), **{key: one for key, one in value.items() if key in rules}}


def _fill_each(file: TomlFile, name: str, told: Table, rules: dict[str, Rule]) -> Table:
    """Return every table of a table of tables, filled in."""
    entries = _table(file, (name,), told.get(name, {}))
    return {key: _fill(file, (name, key), entry, rules) for key, entry in entries.items()}


def _fill_names(file: TomlFile, value: object) -> list[Table]:
    if not isinstance(value, list):
        file.fault(("names",), value, "expected tables [[names]]")
        return []
    return [_fill(file, ("names", number), entry, NAME) for number, entry in enumerate(value)]


def _check_worldviews(file: TomlFile, views: Table) -> None:
    """Note edges of areas that no line can be, and names of areas that are none."""
    for name, view in views.items():
        at = ("worldviews", name)
        for area, edges in view["edges"].items() if isinstance(view["edges"], dict) else ():
            for towards, style in _table(file, (*at, "edges", area), edges).items():
                if not _is_style(style):
                    file.fault((*at, "edges", area, towards), style, f"expected one of {', '.join(STYLES)}")
        for area, entry in view["names"].items() if isinstance(view["names"], dict) else ():
            _fill(file, (*at, "names", area), entry, {"name": NAMES, "lines": IN_LINES})


def _check_frames(file: TomlFile, filled: Table) -> None:
    """Note views that lie, in part, where the CRS of the map has no points."""
    way = _find_crs(filled["crs"]["map"])
    for name, view in filled["views"].items():
        frame = view["frame"]
        xs = [frame["west"], frame["east"]] * 2
        ys = [frame["south"], frame["south"], frame["north"], frame["north"]]
        corners = [abs(value) for pair in way.transform(xs, ys) for value in pair]
        if not max(corners) < float("inf"):
            file.fault(("views", name, "frame"), frame, "expected a frame that crs.map can show")


# What the ids in it stand for

IDS = {  # of what an id is, by where it stands: "*" is any name, or every entry of a list; of a table the keys are ids
    ("bases", "story"): "air base",
    ("country", "capital"): "place",
    ("free_view", "main_road"): "road",
    ("views", "*", "main_road"): "road",
    ("views", "*", "roads"): "road",
    ("views", "*", "places"): "place",
    ("views", "*", "facilities"): "place",
    ("views", "*", "bases"): "air base",
    ("views", "*", "priority"): "place",
    ("views", "*", "sides"): "place",
    ("axis", "road"): "road",
    ("axis", "legs", "*", "from"): "place",
    ("axis", "legs", "*", "to"): "place",
    ("next", "places"): "place",
    ("names", "*", "area"): "special area",
    ("worldviews", "*", "edges"): "special area",
    ("worldviews", "*", "names"): "special area",
}


def check_ids(path: Path, theatre: Mapping[str, Any], known: Mapping[str, Collection[str]]) -> None:
    """Raise DataError for ids of a theatre that stand for nothing; `known` are the ids there are, by what they are."""
    file = TomlFile(str(path), load_toml(path, "a theatre")[0])
    for where, kind in IDS.items():
        for at, ids in _find(theatre, where):
            odd = [one for one in ([ids] if isinstance(ids, str) else ids) if one and one not in known[kind]]
            for one in dict.fromkeys(odd):
                near = suggest(one, sorted(known[kind])) if len(known[kind]) else "the project has none"
                file.fault((*at, one) if isinstance(ids, dict) else at, None, f"no {kind} has the id {one!r}; {near}")
    if file.faults:
        raise DataError(sorted(file.faults, key=lambda fault: fault.line or 0))


def _find(value: Any, where: Sequence[str], at: At = ()) -> Iterator[tuple[At, Any]]:  # noqa: ANN401  # of TOML
    """Yield what stands in a table where a path leads, with its keys; what is not there is left out."""
    if not where:
        yield at, value
        return
    key, *rest = where
    if key != "*":
        if value.get(key) is not None:
            yield from _find(value[key], rest, (*at, key))
        return
    for one, entry in value.items() if isinstance(value, dict) else enumerate(value):
        yield from _find(entry, rest, (*at, one))
