import re
from collections import Counter

import geopandas as gpd
import pytest
from shapely import Point

from tests.data.tables import DATA, columns, distance_km, read

PLACES = read("places/places.csv")
BY_ID = {place["id"]: place for place in PLACES}
BASES = read("places/bases.csv")
KINDS = {
    "city", "town", "village", "district", "hill", "base", "airbase", "crossing", "port", "dam", "refinery",
    "oil-field", "gas-field",
}  # fmt: skip
METRIC = "+proj=lcc +lat_1=33.2 +lat_2=36.4 +lat_0=35 +lon_0=37 +datum=WGS84"


def layer(name: str) -> gpd.GeoDataFrame:
    return gpd.read_file(DATA / "boundaries" / f"{name}.geojson").set_index("id").to_crs(METRIC)


@pytest.fixture(scope="module")
def points() -> gpd.GeoDataFrame:
    spots = [Point(float(p["lon"]), float(p["lat"])) for p in PLACES]
    return gpd.GeoDataFrame(PLACES, geometry=spots, crs="EPSG:4326").set_index("id").to_crs(METRIC)


def test_the_columns_are_the_contract() -> None:
    wanted = "id name name_ar aliases kind rank lon lat governorate population role label reach_km source accuracy_km"
    assert columns("places/places.csv") == wanted.split()
    assert columns("places/bases.csv") == ["place", "name", "name_ar", "icao", "user", "stays", "source", "url", "note"]


def test_there_are_1300_places_and_every_id_is_a_slug_of_its_own() -> None:
    assert len(PLACES) >= 1300
    assert [key for key, n in Counter(p["id"] for p in PLACES).items() if n > 1] == []
    assert [p["id"] for p in PLACES if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", p["id"])] == []


def test_the_words_of_every_column_are_known() -> None:
    assert {p["kind"] for p in PLACES} <= KINDS
    assert {p["role"] for p in PLACES} == {"place", "marker"}
    assert {p["label"] for p in PLACES} == {"yes", "no"}
    assert {p["rank"] for p in PLACES} == set("12345")
    assert {b["user"] for b in BASES} == {"government", "russia", "both", "none"}


def test_the_four_cities_have_rank_one_and_no_others() -> None:
    assert {p["id"] for p in PLACES if p["rank"] == "1"} == {"damascus", "aleppo", "homs", "hama"}


def test_every_point_lies_inside_the_country(points: gpd.GeoDataFrame) -> None:
    country = layer("country").geometry.iloc[0]
    assert points.index[~points.within(country)].tolist() == []


def test_no_point_is_farther_than_two_kilometres_from_its_governorate(points: gpd.GeoDataFrame) -> None:
    shapes = layer("units").geometry
    assert set(points.governorate) == set(shapes.index)
    away = points.geometry.distance(gpd.GeoSeries(points.governorate.map(shapes), crs=METRIC))
    assert away[away > 2_000].index.tolist() == []


def test_places_in_special_areas_are_signs_only(points: gpd.GeoDataFrame) -> None:
    areas = layer("areas").union_all()
    assert points.index[points.within(areas) & (points.role == "place")].tolist() == []


def test_units_stand_apart_unless_a_decision_keeps_them() -> None:
    units = {row["unit"] for row in read("control/statements.csv")}
    named = sorted((p for p in PLACES if p["id"] in units), key=lambda p: float(p["lat"]))
    close = [
        {one["id"], other["id"]}
        for at, one in enumerate(named)
        for other in named[at + 1 : at + 40]
        if distance_km(one, other) < 0.5
    ]
    assert close == [{"bakdina", "hayr-darkal"}], "kept on purpose in tools/tables/pairs.csv"


def test_enclaves_are_small_and_leave_their_city_free() -> None:
    small = {p["id"]: float(p["reach_km"]) for p in PLACES if p["reach_km"]}
    assert set(small) == {"sheikh-maqsoud", "hasakah-security-square", "qamishli-security-square"}
    assert max(small.values()) <= 2
    for city in ("aleppo", "hasakah", "qamishli"):
        for enclave, reach in small.items():
            assert distance_km(BY_ID[city], BY_ID[enclave]) > reach


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("Deir el-Zour", "deir-ez-zor"), ("Sweida", "suwayda"), ("Deraa", "daraa"), ("Al-Bukamal", "abu-kamal"),
        ("Kweiris", "kuweires-air-base"), ("Ayn al-Arab", "kobani"), ("Khan Sheikhoun", "khan-shaykhun"),
        ("Maaret al-Numan", "maarat-al-numan"), ("Saraqeb", "saraqib"), ("Tel Rifaat", "tell-rifaat"),
        ("Kshesh air base", "jirah-air-base"), ("Salamiyeh", "salamiyah"), ("Al-Safirah", "al-safira"),
    ],
)  # fmt: skip
def test_other_spellings_lead_to_the_place(name: str, place: str) -> None:
    assert name in BY_ID[place]["aliases"].split(";")


def test_arabic_names_are_arabic_and_known_for_what_matters() -> None:
    foreign = re.compile("[پچگژکیہەێۆA-Za-z]")
    assert [p["id"] for p in PLACES if foreign.search(p["name_ar"])] == []
    assert [p["id"] for p in PLACES if p["rank"] in "123" and not p["name_ar"]] == []
    assert sum(p["name_ar"] != "" for p in PLACES) > 1300
    arabic = {key: BY_ID[key]["name_ar"] for key in ("aleppo", "hama", "homs", "qamishli", "raqqa", "tabqa", "atarib")}
    assert list(arabic.values()) == ["حلب", "حماة", "حمص", "القامشلي", "الرقة", "الطبقة", "الأتارب"]


def test_facilities_that_the_country_view_wants_are_there() -> None:
    wanted = {
        "tartus-port": "port", "latakia-port": "port", "baniyas-port": "port", "hmeimim-air-base": "airbase",
        "tabqa-dam": "dam", "tishrin-dam": "dam", "baath-dam": "dam", "homs-refinery": "refinery",
        "baniyas-refinery": "refinery", "al-omar-oil-field": "oil-field", "thawra-oil-field": "oil-field",
        "conoco-gas-field": "gas-field", "shaer-gas-field": "gas-field", "jazal-oil-field": "oil-field",
        "rmeilan-oil-field": "oil-field", "nasib-jaber-crossing": "crossing", "bab-al-hawa-crossing": "crossing",
    }  # fmt: skip
    assert {key: BY_ID[key]["kind"] for key in wanted} == wanted


def test_estimated_points_say_how_far_off_they_may_be() -> None:
    assert [p["id"] for p in PLACES if p["source"] == "estimate" and float(p["accuracy_km"]) < 0.5] == []
    assert [p["id"] for p in PLACES if not p["source"] or not float(p["accuracy_km"]) > 0] == []


def test_every_base_is_a_place_and_only_hmeimim_stays() -> None:
    assert [b["place"] for b in BASES if b["place"] not in BY_ID] == []
    assert len(BASES) == 23
    assert [b["place"] for b in BASES if b["stays"] == "yes"] == ["hmeimim-air-base"]


def test_a_name_without_a_printable_spelling_is_never_printed() -> None:
    raw = {"sijer-bqesemtoh", "shekh-bahr", "tall-hmmar", "khweitleh-eljawaleh"}
    assert {BY_ID[key]["label"] for key in raw} == {"no"}
    assert not any(BY_ID[key]["label"] == "no" for key in ("idlib", "afrin", "khattab", "bala"))
