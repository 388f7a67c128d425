"""The engine knows no country: names of places and parties stand in data/, never in the code.

Searched: names, string literals and comments of every module. Not searched: docstrings, where examples are welcome, and
the package's own name.
"""

from __future__ import annotations

import ast
import csv
import io
import json
import re
import tokenize
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from syriamap.catalog import PACKAGE, data_file
from syriamap.names import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

SECOND = Path(__file__).parents[1] / "examples" / "libya"
SHORTEST = 4  # letters: "Sur" or "Sus" would be found inside any text, "Homs" and "Hama" are meant to be found

# Names that are also plain words of code or cartography. Each is here because the word, not the place, is meant.
PLAIN_WORDS = {
    "unknown": "the party of land that no statement reaches: every table has one",
    "unclear": "its label",
}


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_names() -> set[str]:
    """Return every name of a place, an administrative or special area, a country and a party, folded: of both wars."""
    names: set[str] = set()
    for home in (None, SECOND):
        for row in read_rows(data_file("places/places.csv", home)):
            names |= {row["id"], row["name"], row["name_ar"], *row["aliases"].split(";")}
        for row in read_rows(data_file("control/actors.csv", home)):
            names |= {row[column] for column in ("id", "label", "short", "label_ar", "short_ar")}
        layers = [
            data_file(f"boundaries/{layer}.geojson", home) for layer in ("country", "units", "areas", "neighbours")
        ]
        for layer in filter(Path.is_file, layers):
            for feature in json.loads(layer.read_text("utf-8"))["features"]:
                names |= {str(feature["properties"][column]) for column in ("id", "name", "name_ar")}
    folded = {fold(name) for name in names}
    return {name for name in folded if len(name.replace(" ", "")) >= SHORTEST and name not in PLAIN_WORDS}


def read_docstrings(tree: ast.Module) -> set[int]:
    """Return the first lines of all docstrings."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body:
            first = node.body[0]
            if (
                isinstance(first, ast.Expr)
                and isinstance(first.value, ast.Constant)
                and isinstance(first.value.value, str)
            ):
                found.add(first.lineno)
    return found


def read_words(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the line and the folded text of every name, string and comment that is no docstring."""
    source = path.read_text("utf-8")
    docstrings = read_docstrings(ast.parse(source))
    spoken = (tokenize.NAME, tokenize.STRING, tokenize.COMMENT, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING))
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in spoken and not (token.type == tokenize.STRING and token.start[0] in docstrings):
            text = re.sub("syriamap", "", token.string, flags=re.IGNORECASE)
            yield token.start[0], fold(re.sub("(?<=[a-z])(?=[A-Z])", " ", text))


class Search:
    """A search for any of many names in a text; where none of their first words stands, there is none of them."""

    def __init__(self, names: set[str]) -> None:
        longest_first = sorted(names, key=len, reverse=True)
        self.pattern = re.compile(r"(?<!\w)(" + "|".join(map(re.escape, longest_first)) + r")(?!\w)")
        self.firsts = {word[0] for name in names if (word := re.search(r"\w+", name))}

    def find(self, text: str) -> list[str]:
        return [] if self.firsts.isdisjoint(re.findall(r"\w+", text)) else self.pattern.findall(text)


def find_names(path: Path, search: Search) -> list[str]:
    return [
        f"{path.relative_to(PACKAGE)}:{line}: {found}" for line, text in read_words(path) for found in search.find(text)
    ]


@pytest.fixture(scope="module")
def names() -> Search:
    return Search(read_names())


def test_no_place_and_no_party_is_named_in_the_code(names):
    modules = sorted(path for path in PACKAGE.rglob("*.py") if "data" not in path.relative_to(PACKAGE).parts)
    assert len(modules) > 10
    assert [found for path in modules for found in find_names(path, names)] == []


def test_the_search_finds_what_it_should(names, tmp_path):
    module = tmp_path / "m.py"
    module.write_text(
        "hama_front = 1\n"
        "road = 'on to Homs'\n"
        "# إدلب\n"
        "class DamascusView: ...\n"
        "class SyriaMapError: ...\n"
        "import syriamap\n"
        "homsick = 2\n"
        "gharyan = 3\n",
        "utf-8",
    )
    assert [line for line, text in read_words(module) if names.find(text)] == [1, 2, 3, 4, 8]


def test_docstrings_may_give_examples(names, tmp_path):
    module = tmp_path / "m.py"
    module.write_text('"""Maps of Homs."""\n\n\ndef run():\n    """Explain Hama."""\n    return "Hama"  # Homs\n')
    found = [line for line, text in read_words(module) if names.find(text)]
    assert found == [6, 6]
