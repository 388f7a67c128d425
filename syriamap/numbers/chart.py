"""The chart: the share of land and, beside it, the share of places, day by day."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Unpack, cast

from ..atlas import build_day, make_order, read_materials
from ..draw import ink_chart, make_measure
from ..language import translate
from ..origins import list_used
from ..request import take_own
from ..save import (
    build_chart_sidecar,
    check_target,
    encode_picture,
    encode_sidecar,
    tell_chart,
    write_packet,
    write_together,
)
from ..scene.chart import compose_chart
from .stats import Given, control_stats, list_days

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from matplotlib.figure import Figure

    from ..atlas import Choices
    from ..diagram import Chart
    from ..theme import Theme


class Look(Given, total=False):
    """How a chart looks and what it is made from; everything has a default, as for `render_map`."""

    size: str
    theme: str | Path
    lang: str
    title: str | None
    subtitle: str | None
    credit: str | None


@dataclass(frozen=True, eq=False)
class Drawing:
    """A finished chart: every decision as data. A notebook shows it by itself."""

    chart: Chart
    theme: Theme

    @cached_property
    def figure(self) -> Figure:
        """Return the chart as a figure of matplotlib."""
        return ink_chart(self.chart, self.theme).draw()

    def encode(self, form: str, *, packet: bytes = b"") -> bytes:
        """Return the picture as a file of the form "png", "svg", "pdf", "webp" or "jpg"; it carries an XMP `packet`.

        Raises UnknownNameError for another form.
        """
        return encode_picture(ink_chart(self.chart, self.theme), self.chart, form, packet=packet)

    def _repr_png_(self) -> bytes:
        return self.encode("png")


def render_chart(first: date, last: date | None = None, **look: Unpack[Look]) -> Drawing:
    """Return the chart of the shares of land and of places at the end of every day from `first` to `last`.

    Raises what `control_stats` and `render_map` raise.
    """
    given = cast("Given", {key: value for key, value in look.items() if key in Given.__annotations__})
    frame = control_stats(first, last, **given)
    materials = read_materials(take_own(look))
    order = make_order(materials, cast("Choices", look))
    days = (build_day(materials, on, carry=look.get("carry", False)) for on in list_days(first, last))
    chart = compose_chart(
        frame,
        sorted(list_used(days)),
        translate(materials, order.language),
        order,
        phrases=order.language.phrases,
        measure=make_measure(order.theme),
    )
    return Drawing(chart, order.theme)


def save_chart(
    drawn: Drawing, path: Path, *, overwrite: bool = False, command: Sequence[str] = ()
) -> tuple[Path, Path]:
    """Write the chart and its sidecar NAME.json beside it, each whole or not at all; return both paths.

    The suffix of `path` chooses the format. Raises OutputError when either file exists and `overwrite` is not given.
    """
    path = Path(path)
    beside = path.with_suffix(".json")
    for target in (path, beside):
        check_target(target, overwrite=overwrite)
    packet = write_packet(tell_chart(drawn.chart, command))
    picture = drawn.encode(path.suffix.lstrip(".").lower(), packet=packet)
    sidecar = build_chart_sidecar(drawn.chart, drawn.theme, picture=picture, name=path.name, command=command)
    write_together({path: picture, beside: encode_sidecar(sidecar)})
    return path, beside
