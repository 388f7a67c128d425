"""The picture of the structure: the layers that the import contract of pyproject.toml holds the program to."""

from __future__ import annotations

import ast
import tomllib
from html import escape
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "syriamap"
WIDTH, LINE, ROW, GAP = 940, 22, 30, 6  # px
LETTER = 7.4  # px: a letter of the rooms' names, on average
PAD = 20  # px: around a name


def read_layers() -> list[list[str]]:
    """Return the rooms of every layer, the uppermost first."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    layers = next(one["layers"] for one in contracts if one["type"] == "layers")
    return [[room.strip() for room in layer.split("|")] for layer in layers]


def describe_room(room: str) -> str:
    """Return the first sentence of a room's docstring."""
    file = PACKAGE / f"{room}.py"
    text = (file if file.is_file() else PACKAGE / room / "__init__.py").read_text("utf-8")
    told = ast.get_docstring(ast.parse(text)) or ""
    return " ".join(told.split("\n\n")[0].split())


def tell_structure() -> str:
    """Return the picture and what every room is for."""
    rows = [
        f"| {level} | `{room}` | {describe_room(room)} |"
        for level, rooms in enumerate(read_layers(), start=1)
        for room in rooms
    ]
    return "\n".join([draw_layers(), "", "| layer | room | what it is for |", "|---|---|---|", *rows])


def draw_layers() -> str:
    """Return the layers as an SVG that takes the colours of the page; imports point down."""
    parts, y = [], GAP
    for rooms in read_layers():
        lines = _break(rooms)
        height = LINE * len(lines) + ROW - LINE
        parts.append(f'<rect x="1" y="{y}" width="{WIDTH - 2}" height="{height}" rx="5" class="layer"/>')
        for n, line in enumerate(lines):
            words = escape("     ".join(line))
            at = y + ROW / 2 + n * LINE
            parts.append(f'<text x="{WIDTH / 2}" y="{at:g}" xml:space="preserve">{words}</text>')
        y += height + GAP
    head = f'<svg class="structure" viewBox="0 0 {WIDTH} {y}" role="img" aria-label="Layers of the program">'
    return "\n".join([head, *parts, "</svg>"])


def _break(rooms: list[str]) -> list[list[str]]:
    """Return the rooms of a layer in lines that fit."""
    lines: list[list[str]] = [[]]
    for room in rooms:
        if sum(len(one) * LETTER + 2 * PAD for one in [*lines[-1], room]) > WIDTH:
            lines.append([])
        lines[-1].append(room)
    return lines
