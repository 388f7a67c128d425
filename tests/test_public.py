"""The public face: a sorted list of names, each of which is there and described."""

import subprocess
import sys

import pytest

import syriamap


def test_names_are_sorted_and_unique():
    assert syriamap.__all__ == sorted(set(syriamap.__all__))


@pytest.mark.parametrize("name", syriamap.__all__)
def test_every_name_is_there_and_described(name):
    assert getattr(syriamap, name).__doc__
    assert name in dir(syriamap)


def test_an_unknown_name_is_refused():
    with pytest.raises(AttributeError, match="no attribute 'render'"):
        _ = syriamap.render


def test_importing_the_package_imports_nothing_heavy():
    code = "import sys, syriamap; print({'pandas', 'matplotlib', 'shapely', 'geopandas'} & set(sys.modules))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "set()"
