"""The sidecar NAME.json beside every picture. Its fields are a contract and stand here alone."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, TypedDict

from .. import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..model import Box
    from ..picture import Label, Marker, Scene
    from ..theme import Theme


class Sidecar(TypedDict):
    """All that a reader or a check needs to know of a picture. Lengths in px, areas in km2, edges in degrees."""

    as_of: str
    since: str
    view: str
    lang: str
    theme: str
    size: str
    size_px: list[int]
    dpi: int
    crs: str
    extent: dict[str, float]
    map_box_px: list[float]
    softened: bool
    controllers: list[dict[str, object]]
    labels: list[dict[str, object]]
    markers: list[dict[str, object]]
    shields: list[dict[str, object]]
    furniture: list[dict[str, object]]
    scale_bar: dict[str, object]
    sparse_share: float
    disclaimer: str
    classes: list[str]
    legend: list[dict[str, object]]
    roads: list[dict[str, object]]
    bases: list[dict[str, object]]
    statements: list[str]
    dropped_labels: list[str]
    sources: list[dict[str, str]]
    inputs: list[dict[str, str]]
    output: dict[str, str]
    alt: str
    description: str
    caption: str
    generator: dict[str, str]
    command: str


def build_sidecar(scene: Scene, theme: Theme, *, picture: bytes, name: str, command: Sequence[str] = ()) -> Sidecar:
    """Return the sidecar of a finished picture. Paths in it are relative to the data or bare names."""
    return Sidecar(
        as_of=scene.on.isoformat(),
        since=scene.since.isoformat(),
        view=scene.view,
        lang=scene.lang,
        theme=theme.name,
        size=scene.size.name,
        size_px=[scene.size.width_px, scene.size.height_px],
        dpi=scene.size.dpi,
        crs=scene.crs,
        extent={key: round(value, 5) for key, value in scene.degrees._asdict().items()},
        map_box_px=_box(scene.map_box),
        softened=scene.softened,
        controllers=[
            {
                "id": c.id,
                "label": c.label,
                "area_km2": round(c.area_km2, 1),
                "places": c.places,
                "population": c.population,
            }
            for c in scene.controllers
        ],
        labels=[_label(label) for label in scene.labels],
        markers=[_marker(marker) for marker in scene.markers],
        shields=[{"ref": shield.ref, "box_px": _box(shield.box)} for shield in scene.shields],
        furniture=_furniture(scene),
        scale_bar={
            "km": scene.scale_bar.km,
            "px": round(scene.scale_bar.px, 2),
            "miles": scene.scale_bar.miles,
            "miles_px": round(scene.scale_bar.miles_px, 2),
            "lat": round(scene.scale_bar.lat, 4),
        },
        sparse_share=round(scene.sparse_share, 4),
        disclaimer=scene.words.disclaimer,
        classes=list(scene.classes),
        legend=[
            {
                "id": e.row.id,
                "label": e.row.label,
                "colour": e.row.colour,
                "colours": list(e.row.colours),
                "pattern": e.row.pattern,
            }
            for e in scene.key
        ],
        roads=[
            {
                "id": road.id,
                "ref": road.ref,
                "name": road.name,
                "km_by_controller": {party: round(km, 1) for party, km in road.km_by_controller.items()},
                "cut": road.cut,
            }
            for road in scene.roads
        ],
        bases=[
            {
                "place": base.place,
                "name": base.name,
                "status": base.status,
                "user": base.user,
                "holder": base.holder,
                "lost_on": base.lost_on or None,
                "lost_to": base.lost_to or None,
                "statements": list(base.statements),
            }
            for base in scene.bases
        ],
        statements=list(scene.statements),
        dropped_labels=list(scene.dropped),
        sources=[{"title": c.title, "url": c.url, "licence": c.licence, "date": c.date} for c in scene.credits],
        inputs=[{"path": entry.path, "sha256": entry.sha256} for entry in scene.inputs],
        output={"path": name, "sha256": hashlib.sha256(picture).hexdigest()},
        alt=scene.words.alt,
        description=scene.words.description,
        caption=scene.words.caption,
        generator={"name": "syriamap", "version": __version__},
        command=" ".join(command),
    )


def encode_sidecar(sidecar: Sidecar) -> bytes:
    """Return the sidecar as UTF-8 JSON, its fields in the order of the contract."""
    return (json.dumps(sidecar, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _box(box: Box) -> list[float]:
    return [round(value, 2) for value in box]


def _label(label: Label) -> dict[str, object]:
    return {
        "text": label.text,
        "kind": label.kind,
        "place": label.id,
        "anchor_px": [round(value, 2) for value in label.anchor],
        "box_px": _box(label.box),
        "font_px": round(min(run.px for run in label.runs), 2),
        "colour": label.runs[0].colour,
        "ground": label.runs[0].ground,
        "leader": bool(label.leader),
    }


def _marker(marker: Marker) -> dict[str, object]:
    return {
        "kind": marker.kind,
        "place": marker.id,
        "at_px": [round(value, 2) for value in marker.at],
        "box_px": _box(marker.box),
        "state": marker.state,
        "statement": marker.statement,
    }


def _furniture(scene: Scene) -> list[dict[str, object]]:
    return [
        {
            "kind": piece.kind,
            "box_px": _box(piece.box),
            "text": piece.text,
            "colour": piece.runs[0].colour if piece.runs else "",
            "ground": piece.runs[0].ground if piece.runs else "",
        }
        for piece in scene.furniture
    ]
