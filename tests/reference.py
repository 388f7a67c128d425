"""Real files that users bring, where this machine has them beside the repository."""

from __future__ import annotations

from pathlib import Path

import pytest

_FOLDER = Path("shared/reference/cod-ab")
COD_AB = next((up / _FOLDER for up in Path(__file__).parents if (up / _FOLDER).is_dir()), _FOLDER)
needs_cod_ab = pytest.mark.skipif(not COD_AB.is_dir(), reason=f"needs the reference files in {_FOLDER} above the tests")
