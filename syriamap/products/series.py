"""The maps of several days with one key: what an animation and a page are made from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from ..atlas import build_day, choose_theme, compose_map, make_order, make_setting, read_materials
from ..errors import ProductError
from ..request import take_own
from ..scene.happenings import list_happenings
from ..scene.union import unite_keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from typing import Any

    from ..atlas import Choices
    from ..model import Materials
    from ..picture import Order, Scene
    from ..scene.frame import Frame
    from ..scene.happenings import Happenings
    from ..theme import Theme


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """The scenes of several days, the same key in all, with what was asked for and what they are made from."""

    days: tuple[date, ...]
    scenes: tuple[Scene, ...]
    frame: Frame
    theme: Theme
    materials: Materials
    order: Order
    phrases: Mapping[str, Any]
    choices: Choices

    @property
    def told(self) -> Materials:
        """Return the materials with their names in the language of the series."""
        return self.frame.materials


def compose_series(days: Iterable[date], choices: Choices) -> Series:
    """Return the scenes of the days in their order, each day once. Raises ProductError when there is none."""
    wanted = sort_days(days)
    materials = read_materials(take_own(choices))
    order, theme = make_order(materials, choices), choose_theme(choices)
    phrases = order.language.phrases
    scenes = [compose_map(day, **choices) for day in wanted]
    frame = make_setting(materials, order).frame
    if order.style == "points":
        frame = replace(frame, phrases={**phrases, **phrases["points"]})
    return Series(wanted, tuple(unite_keys(scenes, frame)), frame, theme, materials, order, phrases, choices)


def sort_days(days: Iterable[date]) -> tuple[date, ...]:
    """Return the days in their order, each once. Raises ProductError when there is none."""
    wanted = tuple(sorted(set(days)))
    if not wanted:
        raise ProductError("no day given; expected one or more, such as 2024-12-05")
    return wanted


def happenings_of(series: Series, scene: Scene) -> Happenings:
    """Return what happened on the day of a scene within its map."""
    materials, carry = series.materials, series.order.carry
    now = build_day(materials, scene.on, carry=carry)
    eve = None
    if scene.on > materials.control.first:
        eve = build_day(materials, scene.on - timedelta(days=1), carry=carry).places
    return list_happenings(scene.on, now.places, eve, materials.boundaries, series.frame.view, scene.degrees)
