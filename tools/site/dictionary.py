"""The data dictionary: every column of data/ and every field of a sidecar, with meaning, type and allowed values.

Meanings stand in docs/dictionary.toml. Which columns there are, the words they may hold and what an empty one means are
read from the program and from data/.
"""

from __future__ import annotations

import csv
import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from syriamap.catalog import data_file
from syriamap.statements import DEFAULTS, REQUIRED, WORDS

DOCS = Path(__file__).parents[2] / "docs"
SIDECAR = "sidecar"
MOST = 16  # different values of a column that are listed
LISTED = {  # columns whose values in our data are worth listing
    "places": ("kind", "rank", "role", "label"),
    "actors": ("id", "bloc", "pattern"),
    "outlets": ("kind", "printable"),
    "bases": ("user", "stays"),
    "areas": ("id", "kind"),
}
NUMBERS = {"level", "rank", "lon", "lat", "population", "reach_km", "accuracy_km"}
DAYS = {"date", "until"}
KINDS = {"Map": "Sidecar", "Chart": "ChartSidecar", "Sheet, animation, page": "ProductSidecar"}
NESTED = {"array": "list of {}", "object": "{} by name"}
SCALARS = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false", "null": "null"}
COUNTED = ("text", "whole number", "number", "day")  # said in the plural of several
DIGITS = r"\d{4}"  # in the pattern of a day that may be missing
Schema = dict[str, Any]


@cache
def read_dictionary() -> dict[str, Any]:
    """Return docs/dictionary.toml: tables by name, each with file, about and columns."""
    return tomllib.loads((DOCS / "dictionary.toml").read_text("utf-8"))


@cache
def read_schema() -> Schema:
    """Return the schema of all sidecars."""
    schema: Schema = json.loads((DOCS / "sidecar.schema.json").read_text("utf-8"))
    return schema


def read_rows(path: str) -> list[dict[str, str]]:
    """Return the rows of a table of data/, or what the features of a layer say."""
    if path.endswith(".csv"):
        with data_file(path).open(encoding="utf-8", newline="") as handle:
            return list(csv.DictReader(handle))
    return [one["properties"] for one in json.loads(data_file(path).read_text("utf-8"))["features"]]


def tell_dictionary() -> str:
    """Return a section for every table of data/."""
    tables = {name: table for name, table in read_dictionary().items() if name != SIDECAR}
    return "\n\n".join(_tell_table(name, table) for name, table in tables.items())


def _tell_table(name: str, table: dict[str, Any]) -> str:
    rows = read_rows(table["file"])
    lines = [_tell_column(name, column, meaning, rows) for column, meaning in table["columns"].items()]
    head = ["| column | meaning | type | values |", "|---|---|---|---|"]
    return "\n".join([f"### {name}: {table['file']}", "", table["about"], "", *head, *lines])


def _tell_column(name: str, column: str, meaning: str, rows: list[dict[str, str]]) -> str:
    values = _list_values(name, column, rows)
    if name == "statements" and column in REQUIRED:
        values = "needed"
    return f"| `{column}` | {meaning} | {_tell_type(column)} | {values} |"


def _tell_type(column: str) -> str:
    if column in DAYS:
        return "day"
    return "number" if column in NUMBERS else "text"


def _list_values(name: str, column: str, rows: list[dict[str, str]]) -> str:
    if name == "statements" and column in WORDS:
        words = ", ".join(f"`{word}`" for word in WORDS[column])
        return f"{words}; empty: `{DEFAULTS[column]}`" if column in DEFAULTS else words
    found = sorted({row[column] for row in rows if row.get(column)})
    if column not in LISTED.get(name, ()) or len(found) > MOST:
        return ""
    return "in ours " + ", ".join(f"`{value}`" for value in found)


def tell_schema() -> str:
    """Return the fields of every kind of sidecar, then the entries that they are made of."""
    schema, meanings = read_schema()["$defs"], read_dictionary()[SIDECAR]["columns"]
    kinds = [_tell_fields(title, schema[kind], meanings) for title, kind in KINDS.items()]
    entries = [_tell_entry(name, entry) for name, entry in schema.items() if name not in KINDS.values()]
    return "\n\n".join([*kinds, "### Entries", *entries])


def _tell_fields(title: str, kind: Schema, meanings: dict[str, str]) -> str:
    lines = [f"| `{name}` | {meanings[name]} | {_tell_kind(field)} |" for name, field in kind["properties"].items()]
    return "\n".join([f"### {title}", "", "| field | meaning | type |", "|---|---|---|", *lines])


def _tell_entry(name: str, entry: Schema) -> str:
    fields = ", ".join(f"`{key}` ({_tell_kind(field)})" for key, field in entry["properties"].items())
    return f"#### {name}\n\n{entry['description']}\n\nFields: {fields}."


def _tell_kind(field: Schema) -> str:
    """Return the type of a field in words."""
    if "$ref" in field:
        name = field["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.casefold()})"
    if choices := field.get("anyOf"):
        return " or ".join(map(_tell_kind, choices))
    if field.get("type") in NESTED:
        inner = _tell_kind(field.get("items") or field["additionalProperties"])
        return NESTED[field["type"]].format(f"{inner}s" if inner in COUNTED else inner)
    if words := field.get("enum"):
        return " or ".join(f"`{word}`" for word in words)
    day = field.get("format") == "date" or DIGITS in field.get("pattern", "")
    return "day" if day else SCALARS[field["type"]] if "type" in field else "anything"
