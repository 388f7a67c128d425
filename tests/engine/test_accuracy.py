"""How true the cells of the embedded country are, as `make bench` measures it."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.accuracy import NOISE, count_agreement, measure_areas, pick, read_trial, share
from syriamap.boundaries import read_boundaries
from syriamap.control import read_control

from ..reference import COD_AB, needs_cod_ab

pytestmark = pytest.mark.checkout


@pytest.fixture(scope="module")
def trial():
    """Return the embedded places ready to be left out in turn."""
    return read_trial()


def test_the_rule_of_the_cells_is_never_less_true_than_the_nearest_place(trial):
    plain, ours = share(trial, trial.away.argmin(axis=1)), share(trial, pick(trial, trial.banked))
    assert (ours >= plain).all()
    assert ours.mean() > plain.mean() + 1.0
    governorates = trial.places["governorate"].to_numpy()
    right = (trial.holders[:, pick(trial, trial.banked)] == trial.holders).mean(axis=0)
    before = (trial.holders[:, trial.away.argmin(axis=1)] == trial.holders).mean(axis=0)
    assert all(
        right[governorates == name].mean() >= before[governorates == name].mean() for name in np.unique(governorates)
    )


def test_what_is_measured_is_what_is_mapped(trial):
    assert count_agreement(trial, read_control(boundaries=read_boundaries()), points=3000) > 0.999


@needs_cod_ab
def test_areas_that_a_user_brings_are_as_true_as_ours(trial):
    ours = share(trial, pick(trial, trial.banked)).mean()
    theirs = measure_areas(trial, COD_AB)
    assert len(theirs) == 4
    assert all(shares.mean() > ours - NOISE for shares in theirs.values())
    assert theirs["areas of level 0"].mean() == pytest.approx(ours, abs=0.1)
    assert theirs["areas of level 3"].mean() > ours + 1
