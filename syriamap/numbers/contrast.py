"""The map of where two control tables disagree."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Unpack, cast

from ..atlas import Map, build_moment, choose_theme, find_neighbours, make_order
from ..draw import make_measure
from ..inputs import list_inputs
from ..language import translate
from ..picture import Contrasted
from ..scene.compare import Contrast, agree_on, compose_contrast
from .compare import table_path
from .stats import Given

if TYPE_CHECKING:
    from pathlib import Path

    from ..atlas import Choices
    from ..model import Input
    from .compare import Comparison


KEYS = ("kind", "first_party", "second_party")


class ContrastLook(Given, total=False):
    """How the map of two sources looks and what it is made from; everything has a default, as for `render_map`.

    view   by default the first of the theatre's that shows all the land about which they disagree, else its last
    """

    view: str | None
    size: str
    lang: str
    digits: str
    names: Path | None
    theme: str | Path
    title: str | None
    subtitle: str | None
    credit: str | None


def render_comparison(found: Comparison, **look: Unpack[ContrastLook]) -> Map:
    """Return the map of what `compare_tables` found; `look` has the data of the user's that were given there."""
    choices = cast("Choices", {**look, "view": look.get("view") or _choose_view(found), "soften": False})
    first = found.materials[0]
    order = make_order(first, choices)
    moment = build_moment(first, found.on, soften=False, carry=look.get("carry", False))
    told = [translate(one, order.language) for one in found.materials]
    contrast = Contrast(
        names=found.names,
        differences=found.differences,
        pairs=tuple(
            Contrasted(*row) for row in found.pairs[[*KEYS, "area_km2", "places"]].itertuples(index=False, name=None)
        ),
        totals=tuple(
            Contrasted(kind, "", "", km2, places)
            for kind, km2, places in found.totals[["kind", "area_km2", "places"]].itertuples(index=False, name=None)
        ),
        agreed=agree_on(moment.zones, found.differences),
        parties={**told[1].control.parties, **told[0].control.parties},
        moment=moment,
        days=found.days,
        materials=(told[0], told[1]),
    )
    scene = compose_contrast(contrast, order, measure=make_measure(order.theme))
    scene = replace(scene, neighbours=find_neighbours(first), inputs=_list_both(found, choices))
    return Map(scene, choose_theme(choices))


def _list_both(found: Comparison, choices: Choices) -> tuple[Input, ...]:
    """Return every file that the map is made from, those of both tables."""
    sides = (list_inputs({**choices, "control": table_path(table)}) for table in found.tables)
    return tuple(dict.fromkeys(one for side in sides for one in side))


def _choose_view(found: Comparison) -> str:
    """Return the first view that shows every difference, else the last."""
    views: dict[str, Any] = found.materials[0].theatre["views"]
    land = found.differences.geometry[~found.differences.geometry.is_empty]
    if land.empty:
        return str(next(iter(views)))
    west, south, east, north = land.to_crs("EPSG:4326").total_bounds
    for name, view in views.items():
        frame = view["frame"]
        if frame["west"] <= west and frame["south"] <= south and east <= frame["east"] and north <= frame["north"]:
            return str(name)
    return str([*views][-1])
