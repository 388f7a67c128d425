"""The layers of one day in every form, written once."""

from datetime import date
from functools import cache

import pytest

from syriamap import export_day
from syriamap.atlas import build_day, read_materials
from syriamap.export import FORMATS, build_layers

DAY = date(2024, 12, 5)


@pytest.fixture(scope="session")
def files(tmp_path_factory):
    """Return the files of every form by its name."""
    folder = tmp_path_factory.mktemp("export")
    return {form: export_day(DAY, folder / f"day.{form}") for form in FORMATS}


@cache
def built():
    materials = read_materials()
    return build_layers(build_day(materials, DAY), materials)


@pytest.fixture(scope="session")
def layers():
    """Return the layers as they are before they are written."""
    return built()
