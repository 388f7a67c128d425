"""The publication check: 26 rules that a finished map must keep, read from its sidecar, its picture and its inputs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import DataError, PictureError
from ..save.embedded import check_size
from .colours import (
    check_line_contrast,
    check_parties_apart,
    check_redundancy,
    check_swatches,
    check_text_contrast,
)
from .content import (
    check_as_of,
    check_credits,
    check_desert,
    check_disputed,
    check_doubts,
    check_evidence,
    check_key,
)
from .files import check_again, check_not_asked
from .geometry import check_projection, check_scale_bar, check_zones
from .layout import (
    check_inside,
    check_labels_apart,
    check_labels_on_signs,
    check_nearest_sign,
    check_priority,
    check_text_size,
)
from .letters import check_letters
from .metadata import check_metadata
from .reading import is_map, read_sidecar
from .series import ALONE, check_series
from .verdicts import Answer, Check, Finding, Report, Verdict, not_applicable
from .weights import check_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ..save.contract import Sidecar

SERIES = 22
PICTURES = (".png", ".svg", ".pdf", ".webp", ".jpg", ".jpeg")


def _quick(number: int, name: str, rule: Callable[[Sidecar], Answer]) -> Check:
    return Check(number, name, lambda said, _: rule(said), quick=True)


CHECKS = (
    _quick(1, "labels apart", check_labels_apart),
    _quick(2, "labels off signs and furniture", check_labels_on_signs),
    _quick(3, "inside the frame", check_inside),
    _quick(4, "nearest sign is its own", check_nearest_sign),
    _quick(5, "priority places and label density", check_priority),
    _quick(6, "smallest text", check_text_size),
    _quick(7, "text contrast", check_text_contrast),
    _quick(8, "line and sign contrast", check_line_contrast),
    _quick(9, "colour vision", check_parties_apart),
    _quick(10, "never colour alone", check_redundancy),
    _quick(11, "key = frame", check_key),
    Check(12, "swatch = fill", check_swatches, quick=False),
    _quick(13, "as-of day", check_as_of),
    _quick(14, "sources and credit", check_credits),
    _quick(15, "evidence of dates and bases", check_evidence),
    _quick(16, "contested and claimed land", check_doubts),
    _quick(17, "desert note", check_desert),
    _quick(18, "disputed lines", check_disputed),
    _quick(19, "scale bar", check_scale_bar),
    _quick(20, "projection", check_projection),
    Check(21, "zones", check_zones, quick=False),
    Check(SERIES, "series", lambda *_: not_applicable(ALONE), quick=False),
    Check(23, "same bytes again", check_not_asked, quick=False),
    Check(24, "pixels, dpi, weight", check_file, quick=False),
    Check(25, "alt text and metadata", check_metadata, quick=False),
    Check(26, "scripts and glyphs", check_letters, quick=False),
)


def lint_sidecar(said: Sidecar) -> tuple[Finding, ...]:
    """Return the findings of the checks that need the sidecar alone: no picture is read and no data."""
    return tuple(check.find(said, None) for check in CHECKS if check.quick)


def lint_map(path: Path, *, again: bool = False) -> Report:
    """Return all findings on a map, given as its picture or its sidecar; with `again` it is drawn anew and compared."""
    beside = path.with_suffix(".json")
    try:
        said = read_sidecar(beside)
    except DataError as error:
        return Report(str(path), error=str(error))
    picture = path.with_name(said["output"]["path"]) if path == beside else path
    shown = picture if picture.is_file() else None
    try:
        if shown:
            check_size(shown)
    except PictureError as error:
        return Report(str(path), error=str(error))
    checks = (check._replace(ask=check_again) if again and check.number == 23 else check for check in CHECKS)
    return Report(str(path), tuple(check.find(said, shown) for check in checks))


def lint_maps(paths: Iterable[Path], *, again: bool = False) -> list[Report]:
    """Return the reports of several maps, those of one series compared with one another."""
    reports = [lint_map(path, again=again) for path in paths]
    told = [place for place, report in enumerate(reports) if any(one.number == SERIES for one in report.findings)]
    sidecars = [read_sidecar(Path(reports[place].path).with_suffix(".json")) for place in told]
    for place, finding in zip(told, lint_series(sidecars), strict=True):
        findings = tuple(finding if one.number == SERIES else one for one in reports[place].findings)
        reports[place] = replace(reports[place], findings=findings)
    return reports


def lint_series(sidecars: Sequence[Sidecar]) -> tuple[Finding, ...]:
    """Return what check 22 finds on each of several maps, in their order."""
    answers = check_series(sidecars)
    return tuple(Finding(SERIES, "series", one.verdict, one.figure, one.faults) for one in answers)


def find_maps(paths: Iterable[Path]) -> list[Path]:
    """Return the maps that paths name, once each: a folder stands for all in it but charts and tables.

    Those say their kind.
    """
    found: dict[Path, Path] = {}
    for path in paths:
        inside = sorted(path.iterdir(), key=lambda one: (one.stem, one.suffix != ".json")) if path.is_dir() else [path]
        for one in inside:
            if one == path or (one.suffix.casefold() in (*PICTURES, ".json") and is_map(one.with_suffix(".json"))):
                found.setdefault(one.with_suffix(""), one)
    return list(found.values())


__all__ = [
    "CHECKS",
    "Answer",
    "Check",
    "Finding",
    "Report",
    "Verdict",
    "find_maps",
    "lint_map",
    "lint_maps",
    "lint_series",
    "lint_sidecar",
    "read_sidecar",
]
