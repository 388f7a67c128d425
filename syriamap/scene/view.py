"""What a map shows: a named view of the theatre."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..errors import UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class View:
    """A view: the frame that must be seen (west, south, east, north in degrees), its roads, and who is named first.

    `facilities` are the ids of the ports and fields shown, `bases` of the air bases shown besides those lost in the
    offensive (empty = all in the frame); `sign_scale` shrinks signs where the map is crowded; a `dated` view prints the
    days of capture and adds the places that were taken to those it lists; no map goes out without the names of those
    in `priority`.
    """

    name: str
    frame: tuple[float, float, float, float]
    main_road: str
    roads: tuple[str, ...]
    places: tuple[str, ...]
    facilities: tuple[str, ...]
    bases: tuple[str, ...]
    sign_scale: float
    dated: bool
    priority: tuple[str, ...] = ()
    sides: Mapping[str, str] = field(default_factory=dict)


def get_view(name: str, theatre: Mapping[str, Any]) -> View:
    """Return a view by name. Raises UnknownNameError with the nearest right ones."""
    views = theatre["views"]
    if name not in views:
        raise UnknownNameError("view", name, list(views))
    entry = views[name]
    frame = entry["frame"]
    return View(
        name=name,
        frame=(frame["west"], frame["south"], frame["east"], frame["north"]),
        main_road=entry["main_road"],
        roads=tuple(entry["roads"]),
        places=tuple(entry["places"]),
        facilities=tuple(entry["facilities"]),
        bases=tuple(entry["bases"]),
        sign_scale=float(entry["sign_scale"]),
        dated=bool(entry["dated"]),
        priority=tuple(entry["priority"]),
        sides=entry["sides"],
    )
