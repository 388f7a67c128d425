"""A sheet of a series: the maps of the days side by side on one page."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from ..atlas import build_moment, find_backdrop
from ..draw import ink_multiples
from ..errors import UnknownNameError
from ..save import FORMATS, check_form, encode_picture, write_packet
from ..scene.multiples import PanelDay, compose_multiples
from ..sizes import get_size
from ..zones import build_gains
from .series import compose_series, happenings_of
from .sidecar import build_product_sidecar, check_targets, tell_product, write_both

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ..atlas import Choices
    from ..picture import Backdrop, MultiplesScene, Scene
    from ..scene.camera import Camera
    from ..sizes import Size
    from .series import Series


def write_sheet(
    days: Sequence[date],
    path: Path,
    *,
    overwrite: bool = False,
    command: Sequence[str] = (),
    **choices: Unpack[Choices],
) -> list[Path]:
    """Write the maps of the days on one page, and its sidecar beside it; return both paths.

    The suffix of `path` chooses the format: .png, .svg, .pdf, .webp or .jpg. Without a size the page is 1600 x 1200; a
    page for a screen grows until its maps can be read. Raises ProductError for more than sixteen days, or more than the
    page can hold; OutputError when a file exists and is to be kept.
    """
    path, form = Path(path), Path(path).suffix.removeprefix(".").casefold()
    if form not in FORMATS:
        raise UnknownNameError("format of a sheet", form, FORMATS)
    transparent = choices.get("transparent", False)
    check_form(form, transparent=transparent)
    beside = check_targets(path, "sheet", overwrite=overwrite)
    series = compose_series(days, choices)
    scene = compose_sheet(series, sized="size" in choices)
    page = scene.page
    words = (page.words.title, page.words.alt, page.words.description)
    packet = write_packet(tell_product(scene.panels, words, command))
    ink = ink_multiples(scene, series.theme)
    content = encode_picture(ink, page, form, packet=packet, transparent=transparent)
    sidecar = build_product_sidecar(
        "sheet",
        scene.panels,
        [entry.row for entry in page.key],
        content=content,
        name=path.name,
        words=words,
        command=command,
    )
    return write_both(path, content, beside, sidecar)


def compose_sheet(series: Series, *, sized: bool) -> MultiplesScene:
    """Return the sheet of a series, decided; `sized` tells whether its size was asked for."""
    days = [panel_day(series, scene) for scene in series.scenes]
    size = get_size(series.order.size.name) if sized else None

    def lay(camera: Camera, size: Size) -> Backdrop | None:
        return find_backdrop(camera, series.told, series.theme, size, series.choices)

    return compose_multiples(days, series.frame, size, lay)


def panel_day(series: Series, scene: Scene) -> PanelDay:
    """Return a day with all that its small map is made from."""
    materials, order = series.materials, series.order
    eve = max(min(order.since - timedelta(days=1), scene.on), materials.control.first)
    now = build_moment(materials, scene.on, soften=order.soften, carry=order.carry)
    before = build_moment(materials, eve, soften=order.soften, carry=order.carry)
    gains = build_gains(now.cells, now.states, before=(before.cells, before.states), parties=materials.control.parties)
    return PanelDay(scene, now, before, gains, happenings_of(series, scene))
