"""Are the areas of a file sound? Every fault by its area, and what was mended where the user asked for that.

What every published file has, and what tiling removes without moving a border by more than `NOISE_M`, is no fault: it
goes without a word. Everything else is a fault, or a repair that is told.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from .coverage import (
    GAP_WIDTH_M,
    NOISE_M,
    find_gaps,
    find_overlaps,
    is_noise,
    keep_polygons,
    read_outline,
    tile,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from .coverage import Gap, Geometries, Overlap
    from .faults import Faults

_OFFSHORE_M = 25_000.0  # islands and generous borders may lie this far from our outline
_FAR_M = 100_000.0  # further beyond our outline no outline of the country goes
_FEW = 20  # areas named one by one that lie outside the country, and repairs
_SMALLEST_M2 = 1e4  # no administrative area is smaller than a hectare
_DEGREES = "EPSG:4326"
_HALF_TURN = 180.0


@dataclass(frozen=True)
class Country:
    """Where the areas must lie, in metres of `crs`; None where they are the country."""

    land: BaseGeometry | None
    crs: str


@dataclass(frozen=True)
class Survey:
    """The areas of one file while they are checked: their labels, where faults and repairs go.

    `mend` is whether the user asked for repairs, `way_out` what is said of them where nobody did.
    """

    file: str
    labels: Sequence[str]
    country: Country
    faults: Faults
    mend: bool
    repairs: list[str] = field(default_factory=list)
    numbers: Sequence[int] = ()

    def keep(self, rows: NDArray[np.bool_]) -> Survey:
        """Return the survey of some of the areas; each keeps its label and its number."""
        at = [int(row) for row in np.flatnonzero(rows)]
        return replace(self, labels=[self.labels[one] for one in at], numbers=[self.number(one) for one in at])

    def number(self, at: int) -> int:
        """Return the number of an area's feature in the file, from 1."""
        return self.numbers[at] if self.numbers else at + 1

    def fault(self, at: int | None, message: str, *, repair: str = "") -> None:
        """Note a fault of an area, or of the whole file; `repair` is what --repair would do about it."""
        label = "" if at is None or not self.labels[at] else f"{self.labels[at]}: "
        way_out = f"; --repair {repair}" if repair and self.country.land is not None else ""
        self.faults.add(self.file, None if at is None else self.number(at), f"{label}{message}{way_out}")

    def settle(self, at: int | None, found: str, expected: str, *, repair: str, done: str) -> bool:
        """Return whether something wrong is mended; note it as a repair, else as a fault."""
        if not self.mend:
            self.fault(at, f"{found}; {expected}", repair=repair)
            return False
        self.repairs.append(f"{'' if at is None else f'{self.spell(at)}: '}{found}; {done}")
        return True

    def spell(self, at: int) -> str:
        """Return an area as a fault of another names it: "SY05 (Hama, feature 3)"."""
        label, number = self.labels[at], f"feature {self.number(at)}"
        if not label:
            return number
        return f"{label[:-1]}, {number})" if label.endswith(")") else f"{label} ({number})"

    def where(self, point: BaseGeometry) -> str:
        """Return a point in metres of the country's CRS as "lon, lat"."""
        lon, lat = shapely.get_coordinates(project(np.array([point], dtype=object), self.country.crs, _DEGREES))[0]
        return f"{lon:.4f}, {lat:.4f}"


def project(shapes: Geometries, source: object, crs: object) -> Geometries:
    """Return shapes of one CRS in another, x before y."""
    from pyproj import Transformer

    transformer = Transformer.from_crs(source, crs, always_xy=True)
    moved: Geometries = shapely.transform(shapes, transformer.transform, interleaved=False)  # type: ignore[arg-type]
    return moved


# Each feature by itself


def check_presence(raw: Geometries, survey: Survey) -> Geometries:
    """Return polygons as they are in the file, flat, None for every feature that has none and is left out."""
    kinds = {shape.geom_type for shape in raw if shape is not None}
    if kinds and not any("Polygon" in kind or kind == "GeometryCollection" for kind in kinds):
        found = " and ".join(sorted(kinds))
        survey.fault(None, f"holds {len(raw)} features of {found}; expected polygons of administrative areas")
        return np.full(len(raw), None, dtype=object)
    found_shapes = np.empty(len(raw), dtype=object)
    found_shapes[:] = [_check_presence(shape, at, survey) for at, shape in enumerate(raw)]
    return found_shapes


def _check_presence(shape: BaseGeometry | None, at: int, survey: Survey) -> BaseGeometry | None:
    if shape is None or shape.is_empty:
        state = "missing" if shape is None else "empty"
        found = f"the geometry is {state}"
        survey.settle(at, found, "expected a polygon", repair="leaves the area out", done="the area was left out")
        return None
    shape = shapely.force_2d(shape)  # heights say nothing about whose land it is
    if "Polygon" not in shape.geom_type:
        return _take_polygons(shape, at, survey)
    if not np.isfinite(shapely.get_coordinates(shape)).all():
        survey.fault(at, "a coordinate is no number; expected finite coordinates")
        return None
    return shape


def _take_polygons(shape: BaseGeometry, at: int, survey: Survey) -> BaseGeometry | None:
    """Return the polygons of a mixed geometry when that may be mended; None for lines and points."""
    expected = "expected a Polygon or MultiPolygon"
    polygons = keep_polygons(shape)
    if polygons.is_empty:
        survey.fault(at, f"the geometry is a {shape.geom_type}; {expected}")
        return None
    kinds = sorted({part.geom_type for part in shapely.get_parts(shape)})
    found = f"the geometry mixes {' and '.join(kinds)}"
    done = "only the polygons were kept"
    return polygons if survey.settle(at, found, expected, repair="keeps the polygons", done=done) else None


def check_validity(shapes: Geometries, survey: Survey) -> Geometries:
    """Return valid polygons (metres), None for those that are no area and are left out, after noting every fault."""
    found = np.empty(len(shapes), dtype=object)
    found[:] = [
        None if shape is None else _check_size(_mend(shape, at, survey), at, survey) for at, shape in enumerate(shapes)
    ]
    return found


def _mend(shape: BaseGeometry, at: int, survey: Survey) -> BaseGeometry | None:
    """Return a valid polygon; None after noting a knot in its outline that nobody asked to mend, or that is none."""
    if shape.is_valid:
        return shape
    reading = read_outline(shape)
    if reading.doubt_m2 == 0:
        return reading.land
    found = f"the outline crosses itself at {survey.where(reading.spot)} ({reading.reason})"
    if reading.share is None:
        survey.fault(at, f"{found} and cannot be repaired without changing its land; draw it again")
        return None
    done = f"mended; {reading.doubt_m2 / 1e6:.3f} km2 are in doubt"
    settled = survey.settle(at, found, "expected an outline that never does", repair="mends it", done=done)
    return reading.land if settled else None


def _check_size(shape: BaseGeometry | None, at: int, survey: Survey) -> BaseGeometry | None:
    """Return an area that is one; None for a sliver."""
    if shape is None or (shape.area > _SMALLEST_M2 and not is_noise(shape)):
        return shape
    found = f"is a sliver of {shape.area:,.0f} m2 at {survey.where(shape.representative_point())}"
    expected = "expected an administrative area"
    survey.settle(at, found, expected, repair="leaves it out", done="it was left out")
    return None


# Where they lie


def check_place(shapes: Geometries, crs: Any, survey: Survey) -> Geometries | None:  # noqa: ANN401  # pyproj's
    """Return the shapes in metres of the country's CRS; None after noting that they lie elsewhere."""
    if crs is None:
        crs = _assume_crs(shapes, survey)
        if crs is None:
            return None
    moved = project(shapes, crs, survey.country.crs)
    if survey.country.land is None:
        return moved
    near = _near(moved, survey.country.land)
    if not near.any():
        return _check_misplaced(shapes, crs, survey)
    off = np.flatnonzero(~near)
    if len(off) > _FEW and not survey.mend:
        example = survey.spell(int(off[0]))
        said = f"{len(off)} of {len(shapes)} areas lie outside the country, such as {example}"
        survey.fault(None, f"{said}; expected areas of the country alone", repair="leaves them out")
        return None
    for at in off:
        expected = "expected areas of the country alone"
        survey.settle(
            int(at), "the area lies outside the country", expected, repair="leaves it out", done="it was left out"
        )
        moved[at] = None
    _check_reach(moved, survey)
    return moved


def _check_reach(shapes: Geometries, survey: Survey) -> None:
    """Note areas that reach so far beyond the country that they cannot be of it."""
    assert survey.country.land is not None
    bounds, land = shapely.bounds(shapes), np.array(survey.country.land.bounds)
    beyond = np.maximum(land[:2] - bounds[:, :2], bounds[:, 2:] - land[2:]).max(axis=1)
    for at in np.flatnonzero(~(beyond <= _FAR_M) & ~shapely.is_missing(shapes)):
        far = f"{beyond[at] / 1000:,.0f} km" if np.isfinite(beyond[at]) else "off the globe"
        survey.fault(int(at), f"the area reaches {far} beyond the country; expected an area of the country")


def _near(shapes: Geometries, land: BaseGeometry) -> Any:  # noqa: ANN401  # an array of truths
    """Return which shapes lie on a land or near it; None counts as near, what lies off the globe does not."""
    there = np.array([shape is not None for shape in shapes])
    near = ~there
    finite = there & np.isfinite(shapely.bounds(shapes)).all(axis=1)
    boxes = shapely.box(*shapely.bounds(shapes[finite]).T)  # of outlines that may cross themselves
    near[finite] = shapely.dwithin(boxes, land, _OFFSHORE_M)
    return near


def _assume_crs(shapes: Geometries, survey: Survey) -> str | None:
    west, south, east, north = shapely.total_bounds(shapes)
    degrees = west >= -_HALF_TURN and east <= _HALF_TURN and south >= -_HALF_TURN / 2 and north <= _HALF_TURN / 2
    hint = f"the coordinates look like {f'degrees: {_DEGREES}' if degrees else 'metres'}"
    where = "a .prj file beside the shapefile" if survey.file.casefold().endswith(".shp") else "a CRS in the file"
    expected = f"expected {where}; {hint}"
    if not degrees:
        survey.fault(None, f"the file has no CRS; {expected}")
        return None
    done = f"its coordinates were taken for degrees ({_DEGREES})"
    settled = survey.settle(None, "the file has no CRS", expected, repair="takes them for degrees", done=done)
    return _DEGREES if settled else None


def _check_misplaced(shapes: Geometries, crs: Any, survey: Survey) -> Geometries | None:  # noqa: ANN401
    """Return the shapes where they belong when the slip is plain and may be mended; None after noting the fault."""
    west, south, east, north = shapely.total_bounds(shapes)
    where = f"its coordinates run from {west:g}, {south:g} to {east:g}, {north:g}"
    found = f"lies nowhere over the country; {where} in {getattr(crs, 'name', crs)}"
    if getattr(crs, "is_geographic", True) and max(abs(west), abs(east), abs(south), abs(north)) > 3 * _HALF_TURN:
        survey.fault(None, f"{found}; they look like metres: the file states the wrong CRS")
        return None
    assert survey.country.land is not None
    for slip, change, source, repair in _slips(crs):
        moved = project(change(shapes), source, survey.country.crs)
        if _near(moved, survey.country.land).all():
            settled = survey.settle(None, found, slip, repair=repair, done=f"{slip}; mended")
            return moved if settled else None
    survey.fault(None, found)
    return None


def _slips(crs: Any) -> list[tuple[str, Callable[[Geometries], Geometries], Any, str]]:  # noqa: ANN401
    """Return the ways in which coordinates go wrong: what is said, how they are put right, their CRS."""

    return [
        (
            "longitude comes first, then latitude: the two are swapped",
            lambda shapes: shapely.transform(shapes, lambda xy: xy[:, ::-1]),
            crs,
            "swaps them",
        ),
        (
            f"the coordinates look like degrees, {_DEGREES}: the file states the wrong CRS",
            lambda shapes: shapes,
            _DEGREES,
            "takes them for degrees",
        ),
    ]


# All together


def join_parts(shapes: Geometries, codes: Iterable[str], survey: Survey) -> Geometries:
    """Return the shapes with those of one code joined at its first feature, None at the others."""
    first: dict[str, int] = {}
    joined = shapes.copy()
    for at, code in enumerate(codes):
        if joined[at] is None:
            continue
        home = first.setdefault(code, at)
        if home != at:
            joined[home], joined[at] = shapely.union(joined[home], joined[at]), None
            survey.repairs.append(f"{survey.spell(at)}: joined to feature {survey.number(home)} of the same code")
    return joined


def check_tiling(shapes: Geometries, survey: Survey) -> Geometries:
    """Return areas (metres, all valid) that tile exactly, after noting what more than noise keeps them from it.

    `survey.labels` are those of `shapes`.
    """
    gaps = find_gaps(shapes)
    for overlap in find_overlaps(shapes):
        _note_overlap(overlap, shapes, survey)
    for gap in gaps:
        if not gap.noise:
            _note_gap(gap, survey)
    return tile(shapes, gaps, width_m=GAP_WIDTH_M if survey.mend else NOISE_M)


def _note_overlap(pair: Overlap, shapes: Geometries, survey: Survey) -> None:
    other, spot = survey.spell(pair.first), survey.where(pair.spot)
    if pair.area_km2 * 1e6 > 0.99 * max(shapes[pair.first].area, shapes[pair.second].area):
        survey.fault(pair.second, f"its land is that of {other} again; expected every area once: take one out")
        return
    found = f"{_km2(pair.area_km2)} lie in {other} too, at {spot}"
    expected = "expected areas that do not overlap"
    if not pair.narrow:
        survey.fault(pair.second, f"{found}; {expected}; too much to be a slip: say whose it is")
        return
    done = "the strip went to one of them"
    survey.settle(pair.second, found, expected, repair="gives the strip to one of them", done=done)


def _note_gap(gap: Gap, survey: Survey) -> None:
    names = " and ".join(survey.spell(at) for at in gap.between[:3]) + " and others" * (len(gap.between) > 3)
    spot = survey.where(gap.land.point_on_surface())
    found = f"{_km2(gap.land.area / 1e6)} at {spot} between {names} belong to no area"
    if gap.narrow:
        done = "the strip went to one of them"
        expected, repair = "expected areas that meet", "gives the strip to one of them"
    else:
        done = "left open, as a lake or foreign land is"
        expected, repair = "expected areas that tile", "leaves it open, as is right for a lake or foreign land"
    survey.settle(gap.between[0] if gap.between else None, found, expected, repair=repair, done=done)


def _km2(area: float) -> str:
    return f"{area:,.1f} km2" if area >= 0.1 else f"{area:.4f} km2"
