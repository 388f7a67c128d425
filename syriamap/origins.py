"""What numbers and exported layers say about themselves: who made them, from which sources and files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import __version__
from .language import read_phrases
from .scene.words import credits_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .model import Control, Day, Materials


def describe_origins(materials: Materials, statements: Iterable[str]) -> dict[str, Any]:
    """Return generator, sources with their licences, disclaimer and files behind what rests on some statements.

    `last_record` is the last day of the table: what is said of later days is as last recorded.
    """
    credits = credits_of(sorted(statements), materials.control, materials.sources)[0]
    inputs = (*materials.boundaries.inputs, *materials.control.inputs)
    return {
        "generator": {"name": "syriamap", "version": __version__},
        "last_record": materials.control.last.isoformat(),
        "disclaimer": str(read_phrases("en", home=materials.home)["disclaimer"]),
        "sources": [{"title": c.title, "url": c.url, "licence": c.licence, "date": c.date} for c in credits],
        "inputs": [{"path": one.path, "sha256": one.sha256} for one in inputs],
    }


def list_used(days: Iterable[Day]) -> set[str]:
    """Return the ids of the statements that decide some cell on some of the days."""
    return {str(one) for day in days for one in day.states["statement"]} - {""}


def name_outlets(ids: Iterable[str], control: Control) -> str:
    """Return the names of outlets joined by "; ", once each: those that are credited, and the background."""
    outlets = control.outlets
    found = [
        outlets[one].name if one in outlets else one
        for one in ids
        if one and (one not in outlets or outlets[one].printable or one == "background")
    ]
    return "; ".join(dict.fromkeys(found))
