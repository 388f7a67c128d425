"""The sidecar of a chart: the numbers behind it, its words, its sources, the files it was made from."""

from __future__ import annotations

import hashlib
import shlex
from typing import TYPE_CHECKING, Any, TypedDict

from .. import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..diagram import BandLabel, Chart, Panel
    from ..theme import Theme
    from .contract import FileEntry, GeneratorEntry, Pixels, SourceEntry


class BandEntry(TypedDict):
    """What stands beside a band: the party's share on the last day, as it is written."""

    id: str
    label: str
    text: str
    share: float
    colour: str
    pattern: str
    font_px: float
    box_px: Pixels


class PanelEntry(TypedDict):
    """One measure: `id` is the column of `rows` that is drawn."""

    id: str
    title: str
    box_px: Pixels
    labels: list[BandEntry]


class ChartSidecar(TypedDict):
    """All that a reader needs to know of a chart. `rows` are the numbers behind it, one a day and party."""

    kind: str
    as_of: str
    since: str
    lang: str
    theme: str
    size: str
    size_px: list[int]
    dpi: int
    min_px: float
    smallest_px: float
    title: str
    subtitle: str
    panels: list[PanelEntry]
    rows: list[dict[str, Any]]
    disclaimer: str
    statements: list[str]
    sources: list[SourceEntry]
    inputs: list[FileEntry]
    output: FileEntry
    alt: str
    description: str
    caption: str
    generator: GeneratorEntry
    command: str


def build_chart_sidecar(
    chart: Chart, theme: Theme, *, picture: bytes, name: str, command: Sequence[str] = ()
) -> ChartSidecar:
    """Return the sidecar of a finished chart. Paths in it are relative to the data or bare names."""
    runs = [run for panel in chart.panels for run in (*panel.runs, *(label.run for label in panel.labels))]
    runs += [run for piece in chart.furniture for run in piece.runs]
    return ChartSidecar(
        kind="chart",
        as_of=chart.last.isoformat(),
        since=chart.first.isoformat(),
        lang=chart.lang,
        theme=chart.theme,
        size=chart.size.name,
        size_px=[chart.size.width_px, chart.size.height_px],
        dpi=chart.size.dpi,
        min_px=round(chart.size.min_px, 2),
        smallest_px=round(min(run.px for run in runs), 2),
        title=chart.words.title,
        subtitle=chart.words.subtitle,
        panels=[_panel(panel, chart, theme) for panel in chart.panels],
        rows=[dict(row) for row in chart.rows],
        disclaimer=chart.words.disclaimer,
        statements=list(chart.statements),
        sources=[{"title": c.title, "url": c.url, "licence": c.licence, "date": c.date} for c in chart.credits],
        inputs=[{"path": entry.path, "sha256": entry.sha256} for entry in chart.inputs],
        output={"path": name, "sha256": hashlib.sha256(picture).hexdigest()},
        alt=chart.words.alt,
        description=chart.words.description,
        caption=chart.words.caption,
        generator={"name": "syriamap", "version": __version__},
        command=shlex.join(command),
    )


def _panel(panel: Panel, chart: Chart, theme: Theme) -> PanelEntry:
    labels = [_band(label, chart, theme) for label in panel.labels]
    return PanelEntry(id=panel.id, title=panel.title, box_px=_rounded(panel.box), labels=labels)


def _band(label: BandLabel, chart: Chart, theme: Theme) -> BandEntry:
    style, run = theme.party(label.party), label.run
    return BandEntry(
        id=label.party,
        label=chart.parties[label.party],
        text=run.text,
        share=round(label.share, 4),
        colour=style.fill,
        pattern=style.pattern,
        font_px=round(run.px, 2),
        box_px=_rounded(run.box),
    )


def _rounded(values: Sequence[float]) -> list[float]:
    return [round(float(value), 2) for value in values]
