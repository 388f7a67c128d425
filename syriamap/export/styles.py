"""Styles that desktop GIS reads (QML, and SLD for others), so that layers open in the colours of the map."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import geopandas as gpd

    from ..theme import Theme

HEAD = '<!DOCTYPE qgis PUBLIC "http://mrcc.com/qgis.dtd" "SYSTEM">\n'
STATE = ("party", "status", "rival")
HOLDER = '"party" || \':\' || "status" || \':\' || "rival"'  # the expression that tells zones apart
PLAIN = ("held", "unknown", "vacated")
SLD, OGC = "http://www.opengis.net/sld", "http://www.opengis.net/ogc"
VERSION = "3.34"
Category = tuple[str, str, ET.Element]  # value, label, symbol


def make_qml(layer: str, frame: gpd.GeoDataFrame, theme: Theme) -> str:
    """Return the QML of a layer: land by party, striped where contested and hatched where claimed; fronts; places."""
    root = ET.Element("qgis", version=VERSION, styleCategories="Symbology")
    if layer == "fronts":
        renderer = ET.SubElement(root, "renderer-v2", type="singleSymbol", symbollevels="0")
        ET.SubElement(renderer, "symbols").append(_symbol("0", "line", _front(theme)))
    else:
        attribute, found = (HOLDER, _zones(frame, theme)) if layer == "zones" else ("party", _places(frame, theme))
        renderer = ET.SubElement(root, "renderer-v2", type="categorizedSymbol", attr=attribute, symbollevels="0")
        categories, symbols = ET.SubElement(renderer, "categories"), ET.SubElement(renderer, "symbols")
        for number, (value, label, symbol) in enumerate(found):
            ET.SubElement(categories, "category", render="true", symbol=str(number), value=value, label=label)
            symbol.set("name", str(number))
            symbols.append(symbol)
    ET.indent(root, " ")
    return HEAD + ET.tostring(root, encoding="unicode") + "\n"


def _zones(frame: gpd.GeoDataFrame, theme: Theme) -> Iterator[Category]:
    """Yield a filled symbol for every party, status and rival; what is not plainly held is never a plain fill."""
    labels = dict(zip(frame["party"], frame["label"], strict=True))
    for party, status, rival in frame[[*STATE]].itertuples(index=False):
        style = theme.party(party)
        fills = [_layer("SimpleFill", color=_rgb(style.fill), style="solid", outline_style="no")]
        label = labels[party]
        if status not in PLAIN:
            stripe = theme.party(rival).fill if status == "contested" else style.text
            fills.append(_stripes(stripe, wide="1.2" if status == "contested" else "0.3"))
            label = f"{label}, {status}" + (f" by {labels.get(rival, rival)}" if rival else "")
        yield f"{party}:{status}:{rival}", label, _symbol("", "fill", *fills)


def _places(frame: gpd.GeoDataFrame, theme: Theme) -> Iterator[Category]:
    """Yield a dot for every party."""
    for party, label in frame[["party", "label"]].drop_duplicates().itertuples(index=False):
        dot = {"name": "circle", "size": "1.8", "outline_color": _rgb(theme.colours["front"]), "outline_width": "0.2"}
        yield party, label, _symbol("", "marker", _layer("SimpleMarker", color=_rgb(theme.party(party).fill), **dot))


def _front(theme: Theme) -> ET.Element:
    return _layer("SimpleLine", line_color=_rgb(theme.colours["front"]), line_width="0.5", joinstyle="round")


def _stripes(colour: str, wide: str) -> ET.Element:
    """Return a layer of slanted lines over land."""
    layer = _layer("LinePatternFill", angle="45", distance="3", line_width=wide)
    line = _layer("SimpleLine", line_color=_rgb(colour), line_width=wide)
    layer.append(_symbol("@0@1", "line", line))
    return layer


def _symbol(name: str, kind: str, *layers: ET.Element) -> ET.Element:
    symbol = ET.Element("symbol", name=name, type=kind, alpha="1", clip_to_extent="1", force_rhr="0")
    symbol.extend(layers)
    return symbol


def _layer(kind: str, **options: str) -> ET.Element:
    layer = ET.Element("layer", {"class": kind, "enabled": "1", "locked": "0", "pass": "0"})
    table = ET.SubElement(layer, "Option", type="Map")
    for name, value in options.items():
        ET.SubElement(table, "Option", name=name, type="QString", value=value)
    return layer


def _rgb(colour: str) -> str:
    """Return "#rrggbb" as "r,g,b,255"."""
    return ",".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5)) + ",255"


def make_sld(layer: str, frame: gpd.GeoDataFrame, theme: Theme) -> str:
    """Return a plain SLD of a layer: one rule a party, one line for fronts."""
    ET.register_namespace("sld", SLD)
    ET.register_namespace("ogc", OGC)
    root = ET.Element(f"{{{SLD}}}StyledLayerDescriptor", version="1.0.0")
    named = _sld(root, "NamedLayer")
    _sld(named, "Name").text = layer
    style = _sld(_sld(named, "UserStyle"), "FeatureTypeStyle")
    if layer == "fronts":
        line = _sld(_sld(_sld(style, "Rule"), "LineSymbolizer"), "Stroke")
        _parameters(line, [("stroke", theme.colours["front"]), ("stroke-width", "1.5")])
    else:
        for party, label in frame[["party", "label"]].drop_duplicates().itertuples(index=False):
            _add_rule(style, layer, party, label, theme.party(party).fill)
    ET.indent(root, " ")
    return ET.tostring(root, encoding="unicode") + "\n"


def _add_rule(style: ET.Element, layer: str, party: str, label: str, fill: str) -> None:
    rule = _sld(style, "Rule")
    _sld(rule, "Name").text = label
    equal = ET.SubElement(ET.SubElement(rule, f"{{{OGC}}}Filter"), f"{{{OGC}}}PropertyIsEqualTo")
    ET.SubElement(equal, f"{{{OGC}}}PropertyName").text = "party"
    ET.SubElement(equal, f"{{{OGC}}}Literal").text = party
    if layer == "zones":
        _parameters(_sld(_sld(rule, "PolygonSymbolizer"), "Fill"), [("fill", fill)])
        return
    graphic = _sld(_sld(rule, "PointSymbolizer"), "Graphic")
    mark = _sld(graphic, "Mark")
    _sld(mark, "WellKnownName").text = "circle"
    _parameters(_sld(mark, "Fill"), [("fill", fill)])
    _sld(graphic, "Size").text = "6"


def _sld(parent: ET.Element, tag: str) -> ET.Element:
    return ET.SubElement(parent, f"{{{SLD}}}{tag}")


def _parameters(parent: ET.Element, values: Sequence[tuple[str, str]]) -> None:
    for name, value in values:
        ET.SubElement(parent, f"{{{SLD}}}CssParameter", name=name).text = value
