"""The noun: a table whose cells are texts, with the line on which each row stands and what its rows have drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

Lines = npt.NDArray[np.int64]
Shapes = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Table:
    """A table: every cell as a text.

    lines   where each row begins, as its program counts: the line of a text (header: 1), the row of a sheet, the number
            of a feature or of a Parquet row (from 1)
    shapes  the geometry of each row in `crs`, None for a row without; None for a table without geometry
    crs     as pyproj takes it, None = the file has none
    """

    path: Path
    file: str
    frame: pd.DataFrame
    lines: Lines
    shapes: Shapes | None = None
    crs: Any = None
