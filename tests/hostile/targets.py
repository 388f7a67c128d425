"""Every reader of what strangers write, as one function of bytes: only our own errors, which name the file, may pass.

The tests and `make fuzz` read this one list. A target returns without a word whether the file was right or refused.
"""

from __future__ import annotations

import io
import json
import warnings
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pandas as pd
from click.testing import CliRunner
from PIL import Image

from syriamap.basemap.judge import Refused, judge_tile
from syriamap.boundaries import read_boundaries
from syriamap.cli import main
from syriamap.control import read_control
from syriamap.errors import SyriaMapError
from syriamap.faults import Faults
from syriamap.language import read_language
from syriamap.model import AreaFile
from syriamap.point_tables import read_point_table
from syriamap.tables import read_table
from syriamap.theme import get_theme
from syriamap.verify import verify_map

from ..read.conftest import make_squares

if TYPE_CHECKING:
    from collections.abc import Callable

    Target = Callable[[bytes, Path], None]

HEADER = "id,date,unit,controller,status,basis,confidence,source,url,note"
STATEMENT = "a-1,2024-11-27,A1,government,held,named,medium,sana,https://sana.sy/1,text"
SQUARES = make_squares()


class BrokenLawError(AssertionError):
    """A reader broke the law: its message does not name the file, or it left something behind."""


def _read(name: str, read: Callable[[Path], object]) -> Target:
    """Return the target that writes the bytes to a file of a name and reads it."""

    def target(data: bytes, folder: Path) -> None:
        path = folder / name
        path.write_bytes(data)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of pyogrio and openpyxl, about files that are odd
                read(path)
        except SyriaMapError as error:
            if name not in str(error):
                raise BrokenLawError(f"the message does not name {name}: {error}") from error
        if left := [one.name for one in folder.iterdir() if one != path]:
            raise BrokenLawError(f"left behind: {left}")

    return target


def _table(path: Path) -> None:
    faults = Faults()
    read_table(path, faults, known=HEADER.split(","))
    faults.raise_any()


def _tile(data: bytes, _: Path) -> None:
    try:
        judge_tile(data)
    except Refused:
        return


def _command(data: bytes, folder: Path) -> None:
    """Run a command that writes nothing with words that are one a line."""
    words = data.decode("utf-8", "replace").splitlines()[:8]
    result = CliRunner().invoke(main, ["stats", *words])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    if list(folder.iterdir()):
        raise BrokenLawError("a command wrote files")


TARGETS: dict[str, Target] = {
    "control": _read("mine.csv", lambda path: read_control(path, boundaries=SQUARES)),
    "csv": _read("mine.csv", _table),
    "points": _read("mine.csv", read_point_table),
    "xlsx": _read("mine.xlsx", _table),
    "parquet": _read("mine.parquet", _table),
    "geojson": _read("mine.geojson", lambda path: read_boundaries(AreaFile(path))),
    "features": _read("mine.geojson", _table),
    "zip": _read("mine.zip", _table),
    "theme": _read("mine.toml", get_theme),
    "names": _read("mine.toml", lambda path: read_language("en", names=path)),
    "sidecar": _read("mine.json", verify_map),
    "tile": _tile,
    "command": _command,
}


def list_good() -> dict[str, bytes]:
    """Return a sound file, or nearly one, for each target: what the hostile ones are made from."""
    table = f"{HEADER}\n{STATEMENT}\n".encode()
    frame = pd.DataFrame([STATEMENT.split(",")], columns=HEADER.split(","))
    sheet, arrow, image, archive = (io.BytesIO() for _ in range(4))
    frame.to_excel(sheet, index=False)
    frame.to_parquet(arrow)
    Image.new("RGB", (256, 256), "#336699").save(image, "PNG")
    ring = [[36.5, 34.5], [37, 34.5], [37, 35], [36.5, 35], [36.5, 34.5]]
    feature = {"type": "Feature", "properties": {"code": "X1", "name": "West"}}
    feature |= {"geometry": {"type": "Polygon", "coordinates": [ring]}}
    shapes = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    with ZipFile(archive, "w") as inside:
        inside.writestr("areas.geojson", shapes)
    sidecar = (Path(__file__).parent / "corpus" / "sidecar" / "whole").read_bytes()
    return {
        "control": table,
        "csv": table,
        "points": b"lon,lat,name\n36.5,34.5,West\n",
        "xlsx": sheet.getvalue(),
        "parquet": arrow.getvalue(),
        "geojson": shapes,
        "features": shapes,
        "zip": archive.getvalue(),
        "theme": b'extends = "light"\ncredit = "me"\n[colours]\nink = "#000000"\n[type]\nbody = 9\n',
        "names": b'[parties.government]\nlabel = "Damascus"\n[places]\ndamascus = "Damas"\n',
        "sidecar": sidecar,
        "tile": image.getvalue(),
        "command": b"2024-12-05\n--by\nbloc\n--json\n",
    }
