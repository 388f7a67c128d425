"""The published schema is what the contract says, real sidecars keep it, and what breaks the contract breaks it."""

import json
from copy import deepcopy
from datetime import date

import jsonschema
import pytest

from syriamap import render_chart
from syriamap.atlas import compose_map
from syriamap.products import write_sheet
from syriamap.save import build_chart_sidecar, build_sidecar, encode_sidecar
from syriamap.theme import get_theme
from tools import schema

pytestmark = pytest.mark.checkout
DAY = date(2024, 12, 5)


@pytest.fixture(scope="module")
def published():
    return json.loads(schema.TARGET.read_text("utf-8"))


@pytest.fixture(scope="module")
def find_faults(published):
    """Return what validates a sidecar as its kind."""

    def validate(said, kind="Sidecar"):
        one = {**published, "$ref": f"#/$defs/{kind}"}
        del one["oneOf"]
        checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
        found = jsonschema.Draft202012Validator(one, format_checker=checker).iter_errors(said)
        return [f"{fault.json_path}: {fault.message}" for fault in found]

    return validate


@pytest.fixture(scope="module")
def said():
    made = compose_map(DAY)
    sidecar = build_sidecar(made, get_theme("light"), picture=b"", name="m.png", command=["syriamap", "render"])
    return json.loads(encode_sidecar(sidecar))


def test_the_published_schema_is_that_of_the_contract(published):
    assert schema.encode_schema(schema.build_schema()) == schema.TARGET.read_bytes(), "run python -m tools.schema"
    jsonschema.Draft202012Validator.check_schema(published)


def test_every_entry_is_described_and_closed(published):
    for name, entry in published["$defs"].items():
        assert entry["description"], name
        assert entry["additionalProperties"] is False
        assert entry["required"] == list(entry["properties"])


@pytest.mark.parametrize(
    "choices",
    [
        {},
        {"style": "points"},
        {"view": "country"},
        {"view": "country", "mark_next": True},
        {"size": "print-1col", "theme": "print"},
        {"edition": 2, "supersedes": "map.png", "correction": "Some"},
    ],
    ids=str,
)
def test_real_maps_keep_the_schema(choices, find_faults, published):
    made = compose_map(DAY, **choices)
    sidecar = build_sidecar(made, get_theme(made.theme), picture=b"", name="m.png", command=["syriamap", "render"])
    told = json.loads(encode_sidecar(sidecar))
    assert find_faults(told) == []
    jsonschema.validate(told, published)


def test_charts_and_products_keep_it_too(find_faults, published, tmp_path):
    drawn = render_chart(date(2024, 12, 4), DAY)
    chart = build_chart_sidecar(drawn.chart, drawn.theme, picture=b"", name="c.png", command=["syriamap"])
    _, beside = write_sheet([date(2024, 12, 4), DAY], tmp_path / "sheet.svg")
    for kind, told in (("ChartSidecar", chart), ("ProductSidecar", json.loads(beside.read_text("utf-8")))):
        assert find_faults(told, kind) == []
        jsonschema.validate(told, published)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda said: said.update(colour="red"), "'colour' was unexpected"),
        (lambda said: said.pop("alt"), "'alt' is a required property"),
        (lambda said: said.update(as_of="5 December"), "is not a 'date'"),
        (lambda said: said.update(edition=0), "less than the minimum"),
        (lambda said: said["output"].update(sha256="0" * 63), "does not match"),
        (lambda said: said["inputs"][0].update(sha256=None), "is not of type 'string'"),
        (lambda said: said["labels"][0].update(note=""), "'note' was unexpected"),
        (lambda said: said["patches"][0].update(fill="red"), "does not match"),
        (lambda said: said["bases"][0].update(lost_on="soon"), "is not valid under any"),
        (lambda said: said.update(supersedes={"path": "a"}), "is not valid under any"),
        (lambda said: said.update(softened="yes"), "is not of type 'boolean'"),
    ],
)
def test_a_wrong_field_is_refused(said, find_faults, change, told):
    wrong = deepcopy(said)
    change(wrong)
    assert told in " ".join(find_faults(wrong))
