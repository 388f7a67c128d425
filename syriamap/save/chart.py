"""The sidecar of a chart: the numbers behind it, its words, its sources, the files it was made from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..edition import Edition
from .contract import BandEntry, ChartSidecar, PanelEntry
from .telling import sign, tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..diagram import BandLabel, Chart, Panel
    from ..theme import Theme
    from .contract import Told


def build_chart_sidecar(
    chart: Chart, theme: Theme, *, picture: bytes, name: str, command: Sequence[str] = ()
) -> ChartSidecar:
    """Return the sidecar of a finished chart. Paths in it are relative to the data or bare names."""
    told = tell_chart(chart, command)
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
        **sign(told, name, picture),
    )


def tell_chart(chart: Chart, command: Sequence[str] = ()) -> Told:
    """Return what a chart says of itself, in its sidecar and in its packet."""
    return tell(
        chart.words,
        on=chart.last,
        lang=chart.lang,
        credits=chart.credits,
        inputs=chart.inputs,
        edition=Edition(),
        command=command,
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
