"""Sidecars of real maps, composed and never drawn."""

from copy import deepcopy

import pytest

from syriamap.save import build_sidecar
from syriamap.theme import get_theme

COMMAND = ["syriamap", "render", "2024-12-05"]


@pytest.fixture(scope="session")
def sidecars():
    return {}


@pytest.fixture
def sidecar(scene, sidecars):
    """Return a sidecar of one's own by day, view and size."""

    def build(day="2024-12-05", view="advance", size="web"):
        if (day, view, size) not in sidecars:
            made = scene(day, view, size)
            sidecars[day, view, size] = build_sidecar(
                made, get_theme(made.theme), picture=b"", name="map.png", command=COMMAND
            )
        return deepcopy(sidecars[day, view, size])

    return build
