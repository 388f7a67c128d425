"""How maps share a page."""

import pytest

from syriamap.errors import ProductError
from syriamap.model import Box
from syriamap.scene.grid import PAGE, is_readable, lay_grid, page_size, page_steps
from syriamap.sizes import get_size

COUNTRY = 1.12  # width over height


def grid(number, width=1600, height=1200):
    page = page_size(get_size(f"{width}x{height}"), 1.0)
    return lay_grid(number, Box(40, 250, width - 40, height - 120), 60, COUNTRY, page)


@pytest.mark.parametrize(("number", "columns"), [(1, 1), (2, 2), (4, 2), (8, 4)])
def test_a_landscape_page_has_the_columns_that_show_most(number, columns):
    assert grid(number).columns == columns


def test_thirteen_stand_in_three_rows_of_five_on_a_large_landscape_page():
    page = page_size(PAGE, 1.25)
    box = Box(45, 240, page.width_px - 45, page.height_px - 110)
    assert lay_grid(13, box, 60, COUNTRY, page).columns == 5


def test_a_tall_page_has_fewer_columns_than_a_wide_one():
    assert grid(8, 1080, 1920).columns < grid(8, 1920, 1080).columns


@pytest.mark.parametrize("number", range(1, 17))
def test_panels_are_alike_apart_and_on_the_page(number):
    found = grid(number)
    assert len(found.panels) == len(found.maps) == number
    assert len({(round(box.width, 6), round(box.height, 6)) for box in found.maps}) == 1
    for turn, panel in enumerate(found.panels):
        assert Box(39.9, 249.9, 1560.1, 1080.1).holds(panel)
        assert panel.holds(found.maps[turn].grow(-0.01))
        assert not any(panel.overlaps(other.grow(5)) for other in found.panels[turn + 1 :])


def test_a_page_on_a_screen_grows_and_keeps_its_text():
    small, large = page_size(None, 1.0), page_size(None, 1.5)
    assert (large.width_px, large.height_px) == (1.5 * small.width_px, 1.5 * small.height_px)
    assert large.unit == pytest.approx(small.unit)
    assert large.min_px == pytest.approx(small.min_px)


def test_paper_does_not_grow():
    assert page_steps(get_size("print-1col")) == (1.0,)
    assert len(page_steps(get_size("web"))) > 1


def test_sixteen_maps_on_a_small_page_cannot_be_read():
    page = page_size(get_size("640x480"), 1.0)
    assert not is_readable(lay_grid(16, Box(10, 100, 630, 420), 40, COUNTRY, page), page)


def test_too_many_days_are_refused_with_the_way_out(series):
    from datetime import date, timedelta

    from syriamap.scene.multiples import compose_multiples

    made = series()
    days = [date(2024, 11, 26) + timedelta(days=turn) for turn in range(17)]
    with pytest.raises(ProductError, match="17 days on one sheet; expected at most 16"):
        compose_multiples(days, made.frame, None)
