"""Pixels: the same map as the figure, the same bytes whatever was painted before, and no ink cut off."""

from datetime import date, timedelta

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from syriamap.atlas import compose_map
from syriamap.draw import ink_map
from syriamap.draw import paint as painting
from syriamap.draw.board import PixelBoard, drawing_rules
from syriamap.draw.layers import list_layers
from syriamap.theme import get_theme

LAYOUTS = [
    ("advance", "web", {}),
    ("country", "x", {"mark_next": True, "ticks": True, "theme": "dark"}),
    ("country", "print-1col", {"theme": "print"}),
    ("advance", "square", {"style": "points"}),
]
ROUNDING, NEARLY = 4, 40  # levels of 255; pixels that may differ by more
FAINT = 2  # pixels of almost no ink that rounding takes or gives
every_layout = pytest.mark.parametrize(("view", "size", "more"), LAYOUTS)


def forget():
    painting._paint_sheet.cache_clear()
    painting._paint_ground.cache_clear()


def compose(day, view, size, more):
    return compose_map(date.fromisoformat(day), view=view, size=size, **more), get_theme(more.get("theme", "light"))


@every_layout
def test_pixels_show_what_the_figure_shows(view, size, more):
    """Text that stands at a fraction of a pixel, and layers laid over one another, may differ by rounding."""
    scene, theme = compose("2024-12-05", view, size, more)
    canvas = FigureCanvasAgg(ink_map(scene, theme).draw())
    with drawing_rules():
        canvas.draw()
    drawn, painted = np.asarray(canvas.buffer_rgba()).astype(int), ink_map(scene, theme).paint().astype(int)
    assert painted.shape == drawn.shape
    assert (painted[:, :, 3] == 255).all()
    apart = np.abs(painted - drawn).max(axis=2)
    assert (apart > ROUNDING).sum() <= NEARLY


@every_layout
def test_what_was_painted_before_changes_nothing(view, size, more):
    forget()
    scene, theme = compose("2024-12-05", view, size, more)
    alone = ink_map(scene, theme).paint()
    for number in range(0, 13, 4):
        day = (date(2024, 11, 26) + timedelta(days=number)).isoformat()
        ink_map(*compose(day, view, size, more)).paint()
    assert np.array_equal(ink_map(scene, theme).paint(), alone)


@every_layout
def test_no_ink_is_cut_off(view, size, more):
    """Painted on a whole picture, a layer touches no pixel beyond its reach."""
    scene, theme = compose("2024-12-05", view, size, more)
    width, height = scene.size.width_px, scene.size.height_px
    with drawing_rules():
        for layer in list(list_layers(scene, theme, theme.colours["page"]))[1:]:
            if layer.reach:
                board = PixelBoard(width, height)
                layer.add(board, *layer.parts)
                inked = np.flatnonzero(board.pixels[:, :, 3].ravel())
                kept = painting._paint_sheet(layer, width, height).at
                assert len(np.setxor1d(inked, kept)) <= FAINT, layer.name


def test_a_further_day_paints_only_what_it_changes():
    """Of the layers that stay put, most are kept from one day to the next."""
    forget()
    ink_map(*compose("2024-12-04", "advance", "web", {})).paint()
    first = painting._paint_sheet.cache_info().misses
    ink_map(*compose("2024-12-05", "advance", "web", {})).paint()
    assert painting._paint_sheet.cache_info().misses - first < first / 4
    assert painting._paint_ground.cache_info().misses == 1


def test_sheets_laid_over_pixels_round_as_division_does():
    products = np.arange(256 * 256, dtype=np.uint32).reshape(-1, 1)
    products = products[products[:, 0] <= 255 * 255]
    assert np.array_equal(painting._by_255(products.astype(np.uint16)), np.round(products / 255).astype(np.uint16))
