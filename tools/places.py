"""Builds data/places/places.csv and bases.csv: every named place of the fact tables, GeoNames and the story.

python -m tools.places
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from tools.common import slugify
from tools.factbook import Row, cite, in_sentence, place_slug, read_facts, read_names, read_table, write_table
from tools.geonames import join_geonames
from tools.ground import settle
from tools.place import Place

COLUMNS = (
    "id", "name", "name_ar", "aliases", "kind", "rank", "lon", "lat", "governorate", "population",
    "role", "label", "reach_km", "source", "accuracy_km",
)  # fmt: skip
BASE_COLUMNS = ("place", "name", "name_ar", "icao", "user", "stays", "source", "url", "note")

ACCURACY_KM = {"GeoNames": "1", "OCHA": "0.5", "airport": "1", "approx": "3", "estimate": "2", "own": "2"}
RANK_OF_KIND = {"city": "3", "town": "4"}
SEATS = frozenset(
    ["idlib", "latakia", "tartus", "daraa", "suwayda", "deir-ez-zor", "raqqa", "hasakah"]
)  # the other seats have rank 1


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


def keep_names_apart(places: list[Place]) -> list[Place]:
    """Return the places with the fact tables' full name, "Nawa (Homs)", where the short one would mean two places.

    An alias that is another place's name is dropped, so that a spelling leads to one place.
    """
    short = Counter(place.name for place in places)
    full = [place.known[0] if short[place.name] > 1 and place.known else place.name for place in places]
    taken = {name.casefold() for name in full}
    return [
        replace(
            place, name=name, aliases=tuple(a for a in place.aliases if a.casefold() not in taken - {name.casefold()})
        )
        for place, name in zip(places, full, strict=True)
    ]


def build_places() -> list[Place]:
    """Return every place of the map, settled on the ground; raises ValueError with all faults at once."""
    problems: list[str] = []
    words = {row["slug"]: row for row in read_table("words")}
    ranks = {row["slug"]: row["rank"] for row in read_table("ranks")}
    found = merge_pairs(fact_places() + extra_places())
    joined = join_geonames(found)
    places = keep_names_apart([finish(settle(place, problems), words, ranks) for place in joined])
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
