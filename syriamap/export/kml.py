"""KML: a folder a layer, in the colours of the map."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import shapely

from .layers import list_properties, round_degrees

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from ..theme import Theme

NAMESPACE = "http://www.opengis.net/kml/2.2"
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # signs that XML cannot hold
LAND_ALPHA = "b2"  # so that what lies beneath can be seen


def encode_kml(layers: Mapping[str, gpd.GeoDataFrame], about: Mapping[str, Any], theme: Theme) -> bytes:
    """Return the layers as KML: styles by party, attributes as extended data, credits in the description."""
    root = ET.Element("kml", xmlns=NAMESPACE)
    document = ET.SubElement(root, "Document")
    _add(document, "name", f"syriamap {about['as_of']}")
    _add(document, "description", describe(about))
    _add_styles(document, layers, theme)
    for name, frame in layers.items():
        folder = ET.SubElement(document, "Folder", id=name)
        _add(folder, "name", name)
        for told, geometry in zip(list_properties(frame), round_degrees(frame).geometry, strict=True):
            _add_placemark(folder, name, told, geometry)
    ET.indent(root, " ")
    text: str = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def describe(about: Mapping[str, Any]) -> str:
    """Return day, maker, sources and licences in sentences, as HTML: programs take a description for it."""
    sources = "; ".join(f"{one['title']} ({one['licence']})" for one in about["sources"])
    maker = f"{about['generator']['name']} {about['generator']['version']}"
    said = f"Control at the end of {about['as_of']}. {maker}. {about['disclaimer']} Sources: {sources}."
    return escape(said, quote=False)


def _add_styles(document: ET.Element, layers: Mapping[str, gpd.GeoDataFrame], theme: Theme) -> None:
    """Add a style for the land and the places of every party, and one for fronts."""
    parties = sorted({str(party) for frame in layers.values() if "party" in frame for party in frame["party"]})
    for party in parties:
        fill = theme.party(party).fill
        land = ET.SubElement(document, "Style", id=f"zones-{party}")
        _add(ET.SubElement(land, "LineStyle"), "width", "0")
        _add(ET.SubElement(land, "PolyStyle"), "color", to_kml(fill, LAND_ALPHA))
        place = ET.SubElement(document, "Style", id=f"places-{party}")
        icon = ET.SubElement(place, "IconStyle")
        _add(icon, "color", to_kml(fill))
        _add(icon, "scale", "0.5")
        _add(ET.SubElement(place, "LabelStyle"), "scale", "0.7")
    front = ET.SubElement(ET.SubElement(document, "Style", id="fronts"), "LineStyle")
    _add(front, "color", to_kml(theme.colours["front"]))
    _add(front, "width", "2")


def to_kml(colour: str, alpha: str = "ff") -> str:
    """Return "#rrggbb" as KML writes colours: opacity, blue, green, red."""
    red, green, blue = (colour[at : at + 2] for at in (1, 3, 5))
    return f"{alpha}{blue}{green}{red}".lower()


def _add_placemark(folder: ET.Element, layer: str, told: Mapping[str, object], geometry: BaseGeometry) -> None:
    mark = ET.SubElement(folder, "Placemark")
    names = {"zones": told.get("label"), "places": told.get("name")}
    _add(mark, "name", str(names.get(layer) or f"{told.get('left_label')} | {told.get('right_label')}"))
    _add(mark, "styleUrl", f"#{layer}-{told['party']}" if "party" in told else f"#{layer}")
    data = ET.SubElement(mark, "ExtendedData")
    for key, value in told.items():
        if key != "name" and value is not None:
            _add(ET.SubElement(data, "Data", name=key), "value", str(value))
    _add_geometry(mark, geometry)


def _add_geometry(mark: ET.Element, geometry: BaseGeometry) -> None:
    parts = list(shapely.get_parts(geometry))
    holder = ET.SubElement(mark, "MultiGeometry") if len(parts) > 1 else mark
    for part in parts:
        if part.geom_type == "Polygon":
            polygon = ET.SubElement(holder, "Polygon")
            for tag, rings in (("outerBoundaryIs", [part.exterior]), ("innerBoundaryIs", part.interiors)):
                for ring in rings:
                    _add_line(ET.SubElement(polygon, tag), "LinearRing", ring)
        else:
            _add_line(holder, part.geom_type, part)


def _add_line(holder: ET.Element, tag: str, line: BaseGeometry) -> None:
    spots = (f"{x:.7f},{y:.7f}" for x, y in shapely.get_coordinates(line))
    _add(ET.SubElement(holder, tag), "coordinates", " ".join(spots))


def _add(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = NOT_XML.sub(" ", text)
