"""The reference of the library: the public names, in the order of a map being made; Sphinx reads their docstrings."""

from __future__ import annotations

import re
from inspect import cleandoc, isclass
from itertools import chain
from typing import TYPE_CHECKING

import syriamap
from syriamap import atlas, request

if TYPE_CHECKING:
    from collections.abc import Mapping

STEPS = {
    "Maps": ("render_map", "compose_map", "save_map", "render_series"),
    "Reading": ("read_boundaries", "read_control", "AreaFile"),
    "Who holds what": ("build_cells", "control_on", "build_zones", "build_fronts", "build_gains"),
    "Points": ("tag_points", "explain"),
    "Numbers": ("control_stats", "road_stats", "list_changes", "sum_changes", "render_chart", "save_chart"),
    "Two sources": ("compare_tables", "render_comparison"),
    "Layers for other programs": ("export_day", "layers_on"),
    "Checks and errors": ("verify_map", "SyriaMapError"),
}
CHOICES = (atlas.Choices, request.OwnData, atlas.Map)  # what the functions take and give

_TERM = re.compile(r" *(\S.*?) {2,}(\S.*)")  # a line of a table of terms


def tell_python() -> str:
    """Return the sections of the reference; ValueError when a public name is in none."""
    told = set(chain.from_iterable(STEPS.values()))
    if told != set(syriamap.__all__):
        odd = sorted(told ^ set(syriamap.__all__))
        raise ValueError(f"tools/site/python.py: {', '.join(odd)}; expected the public names in STEPS, and no others")
    public = {title: {f"syriamap.{name}": getattr(syriamap, name) for name in names} for title, names in STEPS.items()}
    nouns: dict[str, object] = {f"{one.__module__}.{one.__qualname__}": one for one in CHOICES}
    sections = {**public, "What a map can be asked for": nouns}
    return "\n\n".join(f"## {title}\n\n{_tell(things)}" for title, things in sections.items())


def _tell(things: Mapping[str, object]) -> str:
    """Return what Sphinx reads: a directive for each name."""
    kinds = {name: "autoclass" if isclass(thing) else "autofunction" for name, thing in things.items()}
    return "\n".join(["```{eval-rst}", *(f".. {kind}:: {name}\n" for name, kind in kinds.items()), "```"])


def to_restructured(lines: list[str]) -> list[str]:
    """Return a docstring as reStructuredText: words with what they mean beside them become a list of definitions."""
    paragraphs = "\n".join(lines).strip().split("\n\n")
    told = "\n\n".join(_tell_terms(one) if _TERM.match(one) else _escape(one) for one in paragraphs)
    return [*told.split("\n"), ""]


def _tell_terms(paragraph: str) -> str:
    """Return a table of two columns, blanks between them, as terms and definitions."""
    out: list[str] = []
    for line in cleandoc(paragraph).split("\n"):
        if found := _TERM.match(line):
            out += [f"`{found[1]}`", f"    {_escape(found[2])}"]
        else:
            out.append(f"    {_escape(line.strip())}")
    return "\n".join(out)


def _escape(text: str) -> str:
    """Return text whose signs mean themselves; what stands in backticks stays."""
    parts = re.split(r"(`[^`]*`)", text)
    parts[::2] = [re.sub(r"([*|\\]|_(?!\w))", r"\\\1", part) for part in parts[::2]]
    return "".join(parts)
