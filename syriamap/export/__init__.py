"""Zones, fronts and places of a day as files for other programs: cells as they are, never softened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from ..atlas import build_day, choose_theme, read_materials
from ..errors import UnknownNameError
from ..origins import describe_origins, list_used
from ..request import OwnData, take_own
from ..save import check_target, write_together
from .geojson import encode_geojson
from .geopackage import encode_geopackage
from .geoparquet import encode_geoparquet
from .kml import encode_kml
from .layers import LAYERS, build_layers
from .topojson import encode_topojson

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date
    from typing import Any

    import geopandas as gpd

    from ..model import Day, Materials
    from ..theme import Theme

    Encoder = Callable[[Mapping[str, gpd.GeoDataFrame], Mapping[str, Any], Theme], bytes]

ENCODERS: dict[str, Encoder] = {
    "geojson": encode_geojson,
    "gpkg": encode_geopackage,
    "parquet": encode_geoparquet,
    "topojson": encode_topojson,
    "kml": encode_kml,
}
FORMATS = tuple(ENCODERS)
ONE_LAYER = ("parquet",)  # formats whose files hold one layer each


class Given(OwnData, total=False):
    """What layers are made from; everything has a default. Data of your own are told by `OwnData`.

    carry                 carry the last state on to days long after the table ends
    theme                 the colours of the styles that some formats carry, by name or as a TOML file
    """

    carry: bool
    theme: str | Path


def export_day(
    on: date,
    path: Path,
    *,
    layers: Sequence[str] = LAYERS,
    form: str | None = None,
    overwrite: bool = False,
    **given: Unpack[Given],
) -> tuple[Path, ...]:
    """Write zones, fronts and places of the end of a day in WGS 84; return the files written.

    `form` is geojson, gpkg, parquet, topojson or kml (default: as the suffix of `path` says). All layers go into one
    file; GeoParquet holds one layer a file, so several become NAME_zones.parquet, NAME_fronts.parquet ...

    Raises UnknownNameError for another form or layer, OutputError when a file exists and `overwrite` is not given,
    MissingError when GeoParquet is asked for without pyarrow.
    """
    path = Path(path)
    form = check_form(path, form)
    for layer in layers:
        if layer not in LAYERS:
            raise UnknownNameError("layer", layer, LAYERS)
    files = dict(_name_files(path, form, [name for name in LAYERS if name in layers]))
    for target in files:
        check_target(target, overwrite=overwrite)
    theme = choose_theme(given)
    day, materials = _read_day(on, given)
    about = {"as_of": on.isoformat(), **describe_origins(materials, list_used([day]))}
    built = build_layers(day, materials)
    encoded = {
        target: ENCODERS[form]({name: built[name] for name in inside}, about, theme) for target, inside in files.items()
    }
    write_together(encoded)
    return tuple(encoded)


def layers_on(on: date, **given: Unpack[Given]) -> dict[str, gpd.GeoDataFrame]:
    """Return zones, fronts and places of the end of a day by name, each a GeoDataFrame in WGS 84.

    They are what `export_day` writes: the cells as they are, never softened. `build_layers` says what every column
    means. Raises what `read_control` and `control_on` raise.
    """
    return build_layers(*_read_day(on, given))


def _read_day(on: date, given: Given) -> tuple[Day, Materials]:
    materials = read_materials(take_own(given))
    return build_day(materials, on, carry=given.get("carry", False)), materials


def check_form(path: Path, form: str | None) -> str:
    """Return the form asked for, else that of the path's suffix. Raises UnknownNameError for one there is not."""
    asked = form or path.suffix.removeprefix(".").casefold()
    if asked not in FORMATS:
        raise UnknownNameError("format", asked, FORMATS)
    return asked


def _name_files(path: Path, form: str, layers: Sequence[str]) -> Iterator[tuple[Path, Sequence[str]]]:
    """Yield each file with the layers that go into it."""
    whole = path if path.suffix else path.with_name(f"{path.name}.{form}")
    if form not in ONE_LAYER or len(layers) == 1:
        yield whole, layers
        return
    for layer in layers:
        yield whole.with_name(f"{whole.stem}_{layer}{whole.suffix}"), [layer]


__all__ = ["FORMATS", "LAYERS", "ONE_LAYER", "build_layers", "check_form", "export_day", "layers_on"]
